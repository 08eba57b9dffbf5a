#pragma once
#include <limits>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "data/dataset.h"
#include "imaging/hash.h"

namespace lix::data {

enum class DuplicateKind { Exact, Near };

/// The same picture in two splits, which makes scores on the later one too good.
struct Duplicate {
  std::size_t first = 0;   ///< index of the picture in the earlier split (train before validation before test)
  std::size_t second = 0;  ///< index of the picture in the later split
  DuplicateKind kind = DuplicateKind::Exact;
  int distance = 0;  ///< Hamming distance of the perceptual hashes
};

/// Near twins differ in at most so many bits of the perceptual hash ...
inline constexpr int kNearDistance = 3;
/// ... and in the mean by at most so many grey levels of the colour sketch.
inline constexpr double kNearColour = 8.0;

/// What is compared of one picture (imaging/hash.h).
struct PictureHash {
  std::uint64_t content = 0;
  std::uint64_t look = 0;
  imaging::ColourSketch colours{};
};

struct CheckedDataset {
  Dataset dataset;  ///< without the damaged pictures, which are in `skipped` with their reasons
  std::size_t damaged = 0;
  std::size_t looked = 0;  ///< pictures that were decoded, damaged ones too
  /// For each picture with twins in earlier splits the closest one; indices into `dataset`.
  std::vector<Duplicate> duplicates;
};

/// How many pictures are looked at.
inline constexpr std::size_t kEveryPicture = std::numeric_limits<std::size_t>::max();
/// A dataset of more than kLargestCheckedWhole pictures is a matter of minutes to hours; unless asked for more, only
/// kPicturesOfLarge of it, spread over it, are looked at.
inline constexpr std::size_t kLargestCheckedWhole = 50'000, kPicturesOfLarge = 2'000;
std::size_t picturesToCheck(std::size_t pictures);

/// Decodes `most` pictures, evenly spread, or every one, once on `threads` threads (0 = one a core). Fails where nothing of
/// them is left or `progress` asks to stop. Twins are looked for among them alone. Near twins are found through four tables of 16-bit pieces: of hashes at most 3 bits apart one piece must be
/// equal. A hash of zero (a flat picture) says nothing and is compared exactly only.
Result<CheckedDataset> checkPictures(Dataset dataset, const Progress& progress = {}, int threads = 0,
                                     std::size_t most = kEveryPicture);

/// The part of a dataset given by ascending indices; shares the pictures' source.
Dataset subset(const Dataset& dataset, const std::vector<std::size_t>& indices);
/// The same where the whole is no longer wanted: of millions no second copy is made.
Dataset subset(Dataset&& dataset, const std::vector<std::size_t>& indices);

/// What checkPictures finds in the hashes alone.
std::vector<Duplicate> findDuplicates(const std::vector<Split>& splits, const std::vector<PictureHash>& hashes);

}  // namespace lix::data
