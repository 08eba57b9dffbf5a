#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace lix::study {

struct FeatureCacheLimits {
  std::uint64_t maxBytes = 4ULL << 30;     ///< of the whole folder, over all keys; the oldest shard goes first
  std::uint64_t shardBytes = 64ULL << 20;  ///< of one file
};

/// Feature vectors of images on disk, so that an image meets the same encoder once: fp16 shards per key (weights and
/// transform), found by the hash of the image's content. Any number of processes and threads may use one folder:
/// appending is locked (flock), reading is not. A record that a kill or a power cut left half-written counts as absent.
/// Values come back rounded to fp16 (relative error at most 2^-11); what fp16 cannot hold is not stored.
class FeatureCache {
 public:
  /// `key` tells everything that the features depend on besides the image; `dimension` numbers a vector. Fails where
  /// the key holds vectors of another dimension, or the limits cannot hold one vector.
  static Result<FeatureCache> open(const std::filesystem::path& folder, std::string_view key, std::size_t dimension,
                                   FeatureCacheLimits limits = {});
  FeatureCache(FeatureCache&&) noexcept;
  FeatureCache& operator=(FeatureCache&&) noexcept;
  ~FeatureCache();

  std::size_t dimension() const;
  /// How many images were known at the last refresh.
  std::size_t size() const;
  /// Looks for what others have appended meanwhile; `findMany` and `append` do so themselves.
  void refresh();
  std::optional<std::vector<float>> find(std::uint64_t image) const;
  /// Fills row i of `features` [images, dimension] where image i is known, and says for each whether it was.
  std::vector<bool> findMany(std::span<const std::uint64_t> images, std::span<float> features);
  /// Stores the rows of `features` [images, dimension] whose image is not known yet; returns how many those were.
  Result<std::size_t> append(std::span<const std::uint64_t> images, std::span<const float> features);

 private:
  class State;
  explicit FeatureCache(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace lix::study
