#include "lixp/eval/class_mixtures.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/tensor.h>

#include <algorithm>

#include "nn/model.h"
#include "nn/ops/tensor.h"
#include "nn/ops/unit.h"
#include "nn/scorers/scorer.h"

namespace lix::app {
namespace {

constexpr std::size_t kPictures = 512;  // mixed at once: bounds their keys and values

}  // namespace

ClassMixtures::ClassMixtures(const study::Evaluator& evaluator, at::Tensor tokens, at::Tensor queries)
    : evaluator_(evaluator), tokens_(std::move(tokens)), queries_(std::move(queries)) {}

void ClassMixtures::mix(std::span<const std::uint32_t> pictures, std::size_t classIndex, std::span<float> out) const {
  for (std::size_t begin = 0; begin < pictures.size(); begin += kPictures) {
    const std::size_t count = std::min(kPictures, pictures.size() - begin);
    mixBlock(pictures.subspan(begin, count), classIndex, out.subspan(begin * columns(), count * columns()));
  }
}

/// z = concat_m(sum_k w v) out_proj with the weights of the class' query (Llip eq. 1 and 2), of length 1.
void ClassMixtures::mixBlock(std::span<const std::uint32_t> pictures, std::size_t classIndex,
                             std::span<float> out) const {
  const at::NoGradGuard noGrad;
  const nn::Model& model = evaluator_.checkpoint.model;
  if (!std::ranges::equal(known_, pictures)) {
    known_.assign(pictures.begin(), pictures.end());
    const std::vector<std::int64_t> rows(pictures.begin(), pictures.end());
    projected_ = nn::projectTokens(model, tokens_.index_select(0, at::tensor(rows, at::kLong)));
  }
  const at::Tensor query = queries_.narrow(0, std::int64_t(classIndex), 1);
  const at::Tensor weights = nn::mixtureWeights(projected_.keys, query, model.config.mixture->tau);  // [B, M, K, 1]
  const at::Tensor mixed = at::matmul(weights.transpose(2, 3), projected_.values);                   // [B, M, 1, D/M]
  const at::Tensor z = at::matmul(mixed.transpose(1, 2).flatten(1), model.parameters.at("llip.out_proj"));  // [B, D]
  const at::Tensor unit = nn::unit(z).contiguous();
  std::copy_n(unit.data_ptr<float>(), out.size(), out.begin());
}

}  // namespace lix::app
