#pragma once
#include <vector>

#include "nn/prompts.h"
#include "study/tuners/class_prompts.h"
#include "study/tuners/tuner.h"

namespace lix::study::tuners {

/// What both towers are prompted with.
struct Prompts {
  at::Tensor context;                ///< [n, W_t] for all classes or [C, n, W_t]
  std::vector<at::Tensor> textDeep;  ///< [n, W_t] each, in place of the learned tokens before the blocks 1, 2, ...
  nn::ImagePrompts images;           ///< none where the image tower stays as it is
};

/// A frozen model that learned tensors prompt.
struct PromptedModel {
  nn::Model model;  ///< see frozen()
  ClassPrompts classes;
  nn::Parameters learned;  ///< leaves with gradient, nothing else has one
  Prompts (*prompts)(const nn::Parameters& learned) = nullptr;
  Tuner::Reads reads = Tuner::Reads::Features;
};

/// CoOp: "context". MaPLe: also "deep.1" ... [n, W_t], and "couple.0" ..., whose linear maps make the image's prompts
/// of "context" and of each of those. Defined with their tuners.
Prompts coopPrompts(const nn::Parameters& learned);
Prompts maplePrompts(const nn::Parameters& learned);

/// The same weights, from which no gradient is asked.
nn::Model frozen(const nn::Model& model);

/// Learned tensors as they start: drawn from the seed, of the towers' type; "context" begins as the words, where there
/// are some.
nn::Parameters startOf(const std::vector<nn::ParameterSpec>& specs, const ClassPrompts& classes, std::uint64_t seed);

/// Class vectors [C, D], and a Llip's queries [C, M, D/M], of the prompted text tower.
nn::TextFeatures classFeatures(const PromptedModel& prompted, const Prompts& prompts);

/// Logits [b, C] of images as `reads` says: features of the frozen tower, or pixels that pass the prompted one.
at::Tensor logitsOf(const PromptedModel& prompted, const at::Tensor& images, const Prompts& prompts,
                    const nn::TextFeatures& classes);

/// These rows as `reads` says.
Result<at::Tensor> imagesOf(Tuner::Reads reads, const Pictures& pictures, const std::vector<std::uint32_t>& rows);

/// Logits [n, C] of all pictures, fp32, in blocks and without gradient; `what` is what progress says.
Result<at::Tensor> allLogits(const PromptedModel& prompted, const Pictures& pictures, const Prompts& prompts,
                             const nn::TextFeatures& classes, const Progress& progress, const std::string& what);

}  // namespace lix::study::tuners
