#pragma once
#include <ATen/core/TensorBody.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "nn/features.h"
#include "nn/model.h"

namespace lix::study::doctor {

/// Captions [N, L] through a SigLIP's text tower with the padding masked in every block, as passing a tokenizer's
/// attention_mask does; SigLIP was trained without.
nn::TextFeatures maskedTexts(const nn::Model& model, const at::Tensor& ids, const std::vector<int>& lengths);

/// The ids padded with another usual id: 0, or the end token where it is 0 already.
struct PaddingMistake {
  std::string name;
  at::Tensor ids;
  std::string reason;  ///< why it cannot be made
};
PaddingMistake paddingMistake(const at::Tensor& ids, const std::vector<int>& lengths, const nn::ModelConfig& config);

/// Ids [N, L] of captions as they were typed, with capital letters; fails where the tokenizer's files have no such way.
Result<at::Tensor> uncleanedIds(const std::filesystem::path& folder, const std::vector<std::string>& captions, int contextLength);

}  // namespace lix::study::doctor
