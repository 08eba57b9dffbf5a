#pragma once
#include <ATen/core/TensorBody.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "nn/checkpoint/safetensors.h"
#include "nn/recipe.h"
#include "study/train/batches.h"
#include "study/train/settings.h"
#include "study/train/train_data.h"

namespace lix::study {

/// Frozen features that MLP heads (nn/heads.h) learn on: a safetensors file, mapped and not copied.
///   image_features [n, F], text_features [rows, F_t]   F32, F16 or BF16
///   caption_of [rows] I32 or I64: the picture of a caption; left out where caption i belongs to picture i
///   split [n] U8, I32 or I64: 0 train, 1 validation, 2 test; left out = all train
///   picture_hash [n] I64: equal ones never meet in a batch; left out = by the features' bytes
///   names [..], captions [..] U8: UTF-8 text, a line each; left out = numbers
/// metadata: "name"; "base" and "base_hash", folder and weights' hash of the checkpoint that made them.
struct FeatureData {
  nn::SafetensorsFile file;  ///< keeps the views alive
  nn::TensorView images, texts;
  std::vector<std::uint32_t> textRows;  ///< caption, counted as TrainData::firstRow does -> row of `texts`
  std::uint64_t fingerprint = 0;        ///< of all that decides a run
  std::string base, baseHash;

  int imageWidth() const { return static_cast<int>(images.shape[1]); }
  int textWidth() const { return static_cast<int>(texts.shape[1]); }
};

/// Reads and checks one. Rows that are not finite, widths and counts that do not add up are refused with their number.
Result<TrainData> openFeatureData(const std::filesystem::path& file);

/// Of a caption's features; captions are counted as TrainData::firstRow does.
std::uint64_t featureHash(const FeatureData& data, std::size_t caption);

/// Rows of features as floats: pictures [B, F] and captions [B, F_t] of a batch.
struct FeatureBatch {
  at::Tensor images, texts;
};
FeatureBatch featureBatch(const TrainData& data, const std::vector<BatchItem>& items);

/// The heads that a run from nothing trains: D = 256, 512 wide, 2 layers, K = 4 tokens and M = 8 heads of a Llip,
/// unless the settings say otherwise. `recipe` as findRecipe(settings) gives it.
Result<nn::ModelConfig> headsConfig(const TrainSettings& settings, const nn::Recipe& recipe, const FeatureData& data);

/// headsConfig where the data are features, freshConfig where they are pictures; refuses heads on pictures and towers
/// on features.
Result<nn::ModelConfig> configFor(const TrainSettings& settings, const nn::Recipe& recipe, const TrainData& data);
Result<void> checkKind(nn::Towers towers, const TrainData& data);

/// Refuses, for heads, widths that do not match and features of another base.
Result<void> fitsFeatures(const nn::ModelConfig& config, const TrainData& data, const std::string& init);

}  // namespace lix::study
