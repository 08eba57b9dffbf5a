#include "data/check.h"

#include <algorithm>
#include <array>
#include <atomic>
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
  std::optional<imaging::Mask> mask(std::size_t index, std::size_t caption) const override {
    return all_->mask(indices_.at(index), caption);
  }

 private:
  std::shared_ptr<const PictureSource> all_;
  std::vector<std::size_t> indices_;
};

struct Seen {
  std::uint64_t content = 0;
  std::uint64_t look = 0;
  std::string reason;  ///< why it could not be decoded, "" = it could
};

Seen see(const Dataset& dataset, std::size_t index) {
  const auto image = dataset.pictures->load(index);
  if (!image) {
    return {.reason = image.error().message};
  }
  return {imaging::contentHash(*image), imaging::perceptualHash(*image), {}};
}

/// Fills `seen`; the calling thread works too and tells the progress. False where it was asked to stop.
bool seeAll(const Dataset& dataset, const Progress& progress, int threads, std::vector<Seen>& seen) {
  const std::size_t total = seen.size();
  std::atomic<std::size_t> next{0}, done{0};
  std::atomic<bool> stop{false};
  const auto work = [&](bool tells) {
    for (std::size_t i = next++; i < total && !stop; i = next++) {
      seen[i] = see(dataset, i);
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

/// Pictures of one split that share a value, by their first index.
using FirstSeen = std::unordered_map<std::uint64_t, std::size_t>;

/// Perceptual hashes of the earlier splits, found again within kNearDistance bits.
class NearIndex {
 public:
  void add(std::uint64_t look, std::size_t index) {
    if (look == 0 || !first_.emplace(look, index).second) {
      return;
    }
    for (int piece = 0; piece < kPieces; ++piece) {
      tables_[piece][pieceOf(look, piece)].push_back(look);
    }
  }

  /// The nearest earlier picture, its distance in `distance`.
  std::optional<std::size_t> nearest(std::uint64_t look, int& distance) const {
    if (look == 0) {
      return std::nullopt;
    }
    std::optional<std::size_t> best;
    distance = kNearDistance + 1;
    for (int piece = 0; piece < kPieces && distance > 0; ++piece) {
      const auto found = tables_[piece].find(pieceOf(look, piece));
      if (found == tables_[piece].end()) {
        continue;
      }
      for (const std::uint64_t other : found->second) {
        if (const int bits = imaging::hammingDistance(look, other); bits < distance) {
          distance = bits;
          best = first_.at(other);
        }
      }
    }
    return best;
  }

 private:
  static constexpr int kPieces = 4;
  static_assert(kNearDistance < kPieces, "two hashes that far apart must share a piece");
  static std::uint16_t pieceOf(std::uint64_t look, int piece) { return std::uint16_t(look >> (16 * piece)); }

  FirstSeen first_;
  std::array<std::unordered_map<std::uint16_t, std::vector<std::uint64_t>>, kPieces> tables_;
};

}  // namespace

Dataset subset(const Dataset& dataset, const std::vector<std::size_t>& indices) {
  Dataset result{.name = dataset.name, .samples = {}, .labelSets = dataset.labelSets, .skipped = dataset.skipped, .pictures = nullptr};
  result.samples.reserve(indices.size());
  for (const std::size_t index : indices) {
    LIX_REQUIRE(index < dataset.samples.size());
    result.samples.push_back(dataset.samples[index]);
  }
  result.pictures = std::make_shared<SomePictures>(dataset.pictures, indices);
  return result;
}

std::vector<Duplicate> findDuplicates(const std::vector<Split>& splits, const std::vector<std::uint64_t>& contents,
                                      const std::vector<std::uint64_t>& looks) {
  LIX_REQUIRE(splits.size() == contents.size() && splits.size() == looks.size());
  std::vector<Duplicate> result;
  FirstSeen exact;
  NearIndex near;
  for (const Split split : {Split::Train, Split::Validation, Split::Test}) {
    // First all look-ups, then all insertions: twins inside one split are no leak.
    for (std::size_t i = 0; i < splits.size(); ++i) {
      int distance = 0;
      if (splits[i] != split) {
        continue;
      }
      if (const auto same = exact.find(contents[i]); same != exact.end()) {
        result.push_back({same->second, i, DuplicateKind::Exact, 0});
      } else if (const auto like = near.nearest(looks[i], distance)) {
        result.push_back({*like, i, DuplicateKind::Near, distance});
      }
    }
    for (std::size_t i = 0; i < splits.size(); ++i) {
      if (splits[i] == split) {
        exact.emplace(contents[i], i);
        near.add(looks[i], i);
      }
    }
  }
  return result;
}

Result<CheckedDataset> checkPictures(const Dataset& dataset, const Progress& progress, int threads) {
  std::vector<Seen> seen(dataset.samples.size());
  const int count = threads > 0 ? threads : std::max(1, int(std::thread::hardware_concurrency()));
  if (!seeAll(dataset, progress, count, seen)) {
    return fail(ErrorCode::Cancelled, cat("Checking the pictures of '", dataset.name, "' was stopped."));
  }
  CheckedDataset checked;
  std::vector<std::size_t> good;
  std::vector<Split> splits;
  std::vector<std::uint64_t> contents, looks;
  std::vector<Skipped> damaged;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (!seen[i].reason.empty()) {
      damaged.push_back({dataset.samples[i].key, seen[i].reason});
      continue;
    }
    good.push_back(i);
    splits.push_back(dataset.samples[i].split);
    contents.push_back(seen[i].content);
    looks.push_back(seen[i].look);
  }
  if (good.empty()) {
    return fail(ErrorCode::BadInput, cat("No picture of the dataset '", dataset.name, "' can be decoded",
                                         damaged.empty() ? "." : cat("; the first says: ", damaged[0].reason)));
  }
  checked.damaged = damaged.size();
  checked.dataset = damaged.empty() ? dataset : subset(dataset, good);
  checked.dataset.skipped.insert(checked.dataset.skipped.end(), damaged.begin(), damaged.end());
  checked.duplicates = findDuplicates(splits, contents, looks);
  return checked;
}

}  // namespace lix::data
