#include "study/eval/cosines.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>

#include <algorithm>

#include "nn/ops/tensor.h"
#include "study/eval/pair_scores.h"

namespace lix::study {

at::Tensor cosines(const Evaluator& evaluator, const at::Tensor& images, const nn::TextFeatures& captions) {
  constexpr std::int64_t kImages = 128;  // pictures whose keys and values are held at once
  const at::NoGradGuard noGrad;
  PairScores pairs(evaluator, images, captions);
  const TileScores exact = pairs.exact();
  at::Tensor scores = at::empty({images.size(0), captions.embeds.size(0)}, at::kFloat);
  for (std::int64_t begin = 0; begin < images.size(0); begin += kImages) {
    at::Tensor rows = scores.narrow(0, begin, std::min(kImages, images.size(0) - begin));
    exact({std::size_t(begin), std::size_t(rows.size(0)), 0, pairs.captions()},
          {rows.mutable_data_ptr<float>(), std::size_t(rows.numel())});
  }
  return scores;
}

}  // namespace lix::study
