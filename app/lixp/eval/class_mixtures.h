#pragma once
#include <ATen/core/TensorBody.h>

#include <vector>

#include "nn/features.h"
#include "study/eval/embed.h"
#include "study/few_shot/mixed_pictures.h"

namespace lix::app {

/// Pictures of a Llip mixed for the queries of classes. One thread may use it at a time: the keys and values of the
/// pictures that were asked for last are kept.
class ClassMixtures final : public study::MixedPictures {
 public:
  /// `tokens` [n, K, W] as the image tower gives them, `queries` [C, M, D/M] of the class texts.
  ClassMixtures(const study::Evaluator& evaluator, at::Tensor tokens, at::Tensor queries);

  std::size_t rows() const override { return std::size_t(tokens_.size(0)); }
  std::size_t columns() const override { return std::size_t(queries_.size(1) * queries_.size(2)); }
  void mix(std::span<const std::uint32_t> pictures, std::size_t classIndex, std::span<float> out) const override;

 private:
  void mixBlock(std::span<const std::uint32_t> pictures, std::size_t classIndex, std::span<float> out) const;

  const study::Evaluator& evaluator_;
  at::Tensor tokens_, queries_;
  mutable std::vector<std::uint32_t> known_;
  mutable nn::MixtureFeatures projected_;
};

}  // namespace lix::app
