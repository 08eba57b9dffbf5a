#include "study/eval/cosines.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/matmul.h>

#include "nn/ops/tensor.h"
#include "nn/ops/unit.h"
#include "nn/scorers/scorer.h"

namespace lix::study {
namespace {

constexpr std::int64_t kPairs = 1 << 16;  // pairs mixed at once: 65,536 x D floats

}  // namespace

at::Tensor cosines(const Evaluator& evaluator, const at::Tensor& images, const nn::TextFeatures& captions) {
  const at::NoGradGuard noGrad;
  const nn::Model& model = evaluator.checkpoint.model;
  if (!evaluator.isMixture()) {
    return at::matmul(nn::unit(images), nn::unit(captions.embeds).t());
  }
  const auto scorer = nn::findScorer("mixture");
  const std::int64_t block = std::max<std::int64_t>(1, kPairs / captions.embeds.size(0));
  std::vector<at::Tensor> rows;
  for (std::int64_t begin = 0; begin < images.size(0); begin += block) {
    const at::Tensor part = images.narrow(0, begin, std::min(block, images.size(0) - begin));
    const nn::Encoded batch{.mixture = nn::projectTokens(model, part),
                            .text = captions,
                            .outProj = model.parameters.at("llip.out_proj"),
                            .tau = model.config.mixture->tau};
    rows.push_back((*scorer)->score({batch, {}}).cosines);
  }
  return at::cat(rows);
}

}  // namespace lix::study
