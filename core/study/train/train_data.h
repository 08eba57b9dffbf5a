#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "nn/checkpoint/preprocess.h"
#include "nn/checkpoint/tokenizer_files.h"
#include "study/pack/pack.h"

namespace lix::study {

struct FeatureData;

/// What a run trains on: packed pictures and their captions as token rows, or for heads the features of both.
struct TrainData {
  Pack pack;
  int contextLength = 0;
  int vocabulary = 0;
  std::vector<std::size_t> firstRow;                  ///< sample -> row of its first caption; one more at the end
  std::vector<std::int32_t> ids;                      ///< [rows, contextLength], padded
  std::vector<int> lengths;                           ///< tokens before padding, the end token included
  std::size_t truncated = 0;                          ///< captions longer than the context
  nn::TokenizerFiles tokenizerFiles;                  ///< kept in every checkpoint
  std::shared_ptr<const FeatureData> features;        ///< instead of pixels and token rows (feature_data.h)

  /// Hash per sample and caption of its token row or features: equal rows must not meet in a batch.
  std::vector<std::vector<std::uint64_t>> captionHashes() const;
  /// Equal for equal pictures and token rows or features: a resumed run must see the same data.
  std::uint64_t fingerprint() const;
};

/// Whether --data names a file of features.
bool isFeatureFile(const std::filesystem::path& path);

/// Reads a pack that was made for a tokenizer (tokens.safetensors beside it), or a file of features.
Result<TrainData> openTrainData(const std::filesystem::path& packFolder);

}  // namespace lix::study
