#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "nn/checkpoint/safetensors.h"

namespace lix::study {

/// Row `row` of a matrix of F32, F16 or BF16 as floats. Files need not be aligned.
void copyRow(const nn::TensorView& view, std::size_t row, float* out);
std::string_view rowBytes(const nn::TensorView& view, std::size_t row);
std::string_view allBytes(const nn::TensorView& view);

/// What may stand in a safetensors file of features (study/train/feature_data.h names the tensors), checked as it is
/// read; every refusal names the file, the tensor and the row. The file must outlive it.
class FeatureFile {
 public:
  FeatureFile(const nn::SafetensorsFile& file, const std::filesystem::path& path) : file_(file), path_(path.string()) {}

  bool has(const char* name) const { return find(name) != nullptr; }
  /// A matrix of finite floats.
  Result<nn::TensorView> features(const char* name) const;
  /// Whole numbers, one for each of `count`; empty where the file has none of that name.
  Result<std::vector<std::int64_t>> integers(const char* name, std::size_t count) const;
  /// Text of `count` lines (0: any number); empty where the file has none of that name.
  Result<std::vector<std::string>> lines(const char* name, std::size_t count) const;
  std::string metadata(const char* key) const;
  const std::string& path() const { return path_; }

 private:
  const nn::TensorView* find(const char* name) const;

  const nn::SafetensorsFile& file_;
  const std::string path_;
};

/// The captions of every picture, as rows of text_features in their order, by "caption_of".
Result<std::vector<std::vector<std::uint32_t>>> captionRows(const FeatureFile& read, std::size_t pictures,
                                                            std::size_t rows);

}  // namespace lix::study
