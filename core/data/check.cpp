#include "data/check.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <iterator>
#include <optional>
#include <thread>
#include <unordered_map>

#include "base/contracts.h"
#include "base/text.h"
#include "imaging/hash.h"

namespace lix::data {
namespace {

/// Some pictures of another source under new numbers.
class SomePictures : public PictureSource {
 public:
  SomePictures(std::shared_ptr<const PictureSource> all, std::vector<std::size_t> indices)
      : all_(std::move(all)), indices_(std::move(indices)) {}
  Result<imaging::Image> load(std::size_t index) const override { return all_->load(indices_.at(index)); }
  Result<imaging::Image> loadSmall(std::size_t index, int side) const override {
    return all_->loadSmall(indices_.at(index), side);
  }
  std::filesystem::path file(std::size_t index) const override { return all_->file(indices_.at(index)); }
  Result<std::optional<StoredPicture>> stored(std::size_t index) const override {
    return all_->stored(indices_.at(index));
  }
  std::optional<imaging::Mask> mask(std::size_t index, std::size_t caption) const override {
    return all_->mask(indices_.at(index), caption);
  }

 private:
  std::shared_ptr<const PictureSource> all_;
  std::vector<std::size_t> indices_;
};

struct Seen {
  PictureHash hash;
  std::string reason;  ///< why it could not be decoded, "" = it could
};

Seen see(const Dataset& dataset, std::size_t index) {
  const auto image = dataset.pictures->load(index);
  if (!image) {
    return {.hash = {}, .reason = image.error().message};
  }
  return {{imaging::contentHash(*image), imaging::perceptualHash(*image), imaging::colourSketch(*image)}, {}};
}

/// Looks at as many pictures as `seen` has room for, evenly spread.
std::size_t placeOf(std::size_t number, std::size_t looked, std::size_t pictures) {
  return std::size_t(std::uint64_t(number) * pictures / looked);
}

/// Fills `seen`; the calling thread works too and tells the progress. False where it was asked to stop.
bool seeAll(const Dataset& dataset, const Progress& progress, int threads, std::vector<Seen>& seen) {
  const std::size_t total = seen.size();
  std::atomic<std::size_t> next{0}, done{0};
  std::atomic<bool> stop{false};
  const auto work = [&](bool tells) {
    for (std::size_t i = next++; i < total && !stop; i = next++) {
      seen[i] = see(dataset, placeOf(i, total, dataset.samples.size()));
      const std::size_t now = ++done;
      if (tells && !report(progress, "checking pictures", (long long)now, (long long)total)) {
        stop = true;
      }
    }
  };
  {
    std::vector<std::jthread> others;
    for (int i = 1; i < threads; ++i) {
      others.emplace_back(work, false);
    }
    work(true);
  }
  return !stop && report(progress, "checking pictures", (long long)total, (long long)total);
}

/// Pictures of the earlier splits, found again by content or by look.
class EarlierPictures {
 public:
  explicit EarlierPictures(const std::vector<PictureHash>& hashes) : hashes_(hashes) {}

  void add(std::size_t index) {
    const PictureHash& hash = hashes_[index];
    if (!first_.emplace(hash.content, index).second || hash.look == 0) {
      return;
    }
    for (int piece = 0; piece < kPieces; ++piece) {
      tables_[piece][pieceOf(hash.look, piece)].push_back(index);
    }
  }

  /// The closest twin of a picture, if it has any.
  std::optional<Duplicate> twinOf(std::size_t index) const {
    const PictureHash& hash = hashes_[index];
    if (const auto same = first_.find(hash.content); same != first_.end()) {
      return Duplicate{same->second, index, DuplicateKind::Exact, 0};
    }
    Duplicate best{0, index, DuplicateKind::Near, kNearDistance + 1};
    for (int piece = 0; piece < kPieces && hash.look != 0 && best.distance > 0; ++piece) {
      const auto found = tables_[piece].find(pieceOf(hash.look, piece));
      if (found == tables_[piece].end()) {
        continue;
      }
      for (const std::size_t other : found->second) {
        const int bits = imaging::hammingDistance(hash.look, hashes_[other].look);
        if (bits < best.distance && imaging::colourDistance(hash.colours, hashes_[other].colours) <= kNearColour) {
          best.distance = bits;
          best.first = other;
        }
      }
    }
    return best.distance <= kNearDistance ? std::optional(best) : std::nullopt;
  }

 private:
  static constexpr int kPieces = 4;
  static_assert(kNearDistance < kPieces, "two hashes that far apart must share a piece");
  static std::uint16_t pieceOf(std::uint64_t look, int piece) { return std::uint16_t(look >> (16 * piece)); }

  const std::vector<PictureHash>& hashes_;
  std::unordered_map<std::uint64_t, std::size_t> first_;  // content -> first picture
  std::array<std::unordered_map<std::uint16_t, std::vector<std::size_t>>, kPieces> tables_;
};

}  // namespace

Dataset subset(const Dataset& dataset, const std::vector<std::size_t>& indices) {
  Dataset result{.name = dataset.name,
                 .samples = {},
                 .labelSets = dataset.labelSets,
                 .skipped = dataset.skipped,
                 .pictures = std::make_shared<SomePictures>(dataset.pictures, indices)};
  result.samples.reserve(indices.size());
  for (const std::size_t index : indices) {
    LIX_REQUIRE(index < dataset.samples.size());
    result.samples.push_back(dataset.samples[index]);
  }
  return result;
}

Dataset subset(Dataset&& dataset, const std::vector<std::size_t>& indices) {
  Dataset result = std::move(dataset);
  for (std::size_t i = 0; i < indices.size(); ++i) {
    LIX_REQUIRE(indices[i] >= i && indices[i] < result.samples.size());
    if (indices[i] != i) {
      result.samples[i] = std::move(result.samples[indices[i]]);
    }
  }
  result.samples.resize(indices.size());
  result.pictures = std::make_shared<SomePictures>(std::move(result.pictures), indices);
  return result;
}

std::vector<Duplicate> findDuplicates(const std::vector<Split>& splits, const std::vector<PictureHash>& hashes) {
  LIX_REQUIRE(splits.size() == hashes.size());
  std::vector<Duplicate> result;
  EarlierPictures earlier(hashes);
  for (const Split split : {Split::Train, Split::Validation, Split::Test}) {
    // First all look-ups, then all insertions: twins inside one split are no leak.
    for (std::size_t i = 0; i < splits.size(); ++i) {
      if (splits[i] == split) {
        if (const auto twin = earlier.twinOf(i)) {
          result.push_back(*twin);
        }
      }
    }
    for (std::size_t i = 0; i < splits.size(); ++i) {
      if (splits[i] == split) {
        earlier.add(i);
      }
    }
  }
  return result;
}

std::size_t picturesToCheck(std::size_t pictures) {
  return pictures <= kLargestCheckedWhole ? kEveryPicture : kPicturesOfLarge;
}

Result<CheckedDataset> checkPictures(Dataset dataset, const Progress& progress, int threads, std::size_t most) {
  LIX_REQUIRE(most > 0);
  const std::size_t pictures = dataset.samples.size();
  std::vector<Seen> seen(std::min(pictures, most));
  const int count = threads > 0 ? threads : std::max(1, int(std::thread::hardware_concurrency()));
  if (!seeAll(dataset, progress, count, seen)) {
    return fail(ErrorCode::Cancelled, cat("Checking the pictures of '", dataset.name, "' was stopped."));
  }
  std::vector<std::size_t> good, places;  // `places`: of those that were looked at, among the good ones
  std::vector<Split> splits;
  std::vector<PictureHash> hashes;
  std::vector<Skipped> damaged;
  for (std::size_t i = 0, next = 0; i < pictures; ++i) {
    const bool isLooked = next < seen.size() && placeOf(next, seen.size(), pictures) == i;
    const Seen* one = isLooked ? &seen[next++] : nullptr;
    if (one != nullptr && !one->reason.empty()) {
      damaged.push_back({dataset.samples[i].key, one->reason});
      continue;
    }
    if (one != nullptr) {
      places.push_back(good.size());
      splits.push_back(dataset.samples[i].split);
      hashes.push_back(one->hash);
    }
    good.push_back(i);
  }
  if (hashes.empty()) {
    return fail(ErrorCode::BadInput, cat("No picture of the dataset '", dataset.name, "' can be decoded",
                                         damaged.empty() ? "." : cat("; the first says: ", damaged[0].reason)));
  }
  CheckedDataset checked{.damaged = damaged.size(), .looked = seen.size(), .duplicates = findDuplicates(splits, hashes)};
  for (Duplicate& twin : checked.duplicates) {
    twin.first = places[twin.first];
    twin.second = places[twin.second];
  }
  checked.dataset = damaged.empty() ? std::move(dataset) : subset(std::move(dataset), good);
  std::ranges::move(damaged, std::back_inserter(checked.dataset.skipped));
  return checked;
}

}  // namespace lix::data
