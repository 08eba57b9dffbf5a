#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "nn/checkpoint/safetensors.h"

namespace lix::study {

/// One packed picture's texts. `split`: 0 train, 1 validation, 2 test.
struct PackedSample {
  std::string key;
  std::vector<std::string> captions;
  std::vector<std::string> labels;  ///< class name per label set, "" = none
  int split = 0;
  std::uint64_t hash = 0;  ///< of the packed pixels: equal pictures must not meet in a batch
};

/// A dataset made ready for training: square uint8 pictures of one size in memory-mapped safetensors shards, with their
/// captions. Packs travel: a GPU node without image libraries trains from one. A folder:
///   pack.json                     {"format": 1, "name", "picture_size", "label_sets", "samples": [...], "skipped":
///                                 [...]}
///   pictures-00000.safetensors    "pictures" U8 [n, S, S, 3]
///   tokens.safetensors, and the files of its tokenizer (nn/checkpoint/tokenizer_files.h): where packed for one
class Pack {
 public:
  static Result<Pack> open(const std::filesystem::path& folder);
  /// One whose pictures are known by features alone (study/train/feature_data.h): picture() has nothing to give.
  static Pack ofSamples(std::string name, std::filesystem::path source, std::vector<PackedSample> samples);

  const std::string& name() const { return name_; }
  int pictureSize() const { return pictureSize_; }
  const std::vector<PackedSample>& samples() const { return samples_; }
  const std::vector<std::string>& labelSets() const { return labelSets_; }
  /// How many pictures and rows were left out when it was made, and the first with its reason.
  std::size_t skipped() const { return skipped_; }
  const std::string& firstSkipped() const { return firstSkipped_; }
  /// RGB pixels [S, S, 3] of a sample.
  const std::uint8_t* picture(std::size_t sample) const { return pictures_[sample]; }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
  std::string name_;
  int pictureSize_ = 0;
  std::vector<std::string> labelSets_;
  std::vector<PackedSample> samples_;
  std::size_t skipped_ = 0;
  std::string firstSkipped_;
  std::vector<nn::SafetensorsFile> shards_;
  std::vector<const std::uint8_t*> pictures_;
};

}  // namespace lix::study
