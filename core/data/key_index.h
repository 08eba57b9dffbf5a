#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "data/dataset.h"

namespace lix::data {

/// Which sample has a key: an open hash table of sample numbers, 8 to 16 bytes a sample (uint32), since the keys
/// themselves stay in the samples. Those are handed in at each call: the same ones in the same order, or more of them.
class KeyTable {
 public:
  /// Number of the sample with that key, or kNone.
  std::size_t find(std::string_view key, std::span<const Sample> samples) const;
  /// Takes in samples[index]; false, and nothing is changed, where another one has its key.
  bool add(std::size_t index, std::span<const Sample> samples);
  void reserve(std::size_t samples);
  static constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

 private:
  std::size_t slotOf(std::string_view key, std::span<const Sample> samples) const;
  void resize(std::size_t slots, std::span<const Sample> samples);
  std::vector<std::uint32_t> slots_;  // number + 1, 0 where free; a power of two of them
  std::size_t count_ = 0;
};

/// The samples of a dataset by key, for as long as they stay where they are. Read like a map from key to number.
class KeyIndex {
 public:
  /// What find() gives: `place->second` is the sample's number.
  struct Place {
    std::size_t second = KeyTable::kNone;
    const Place* operator->() const { return this; }
    bool operator==(const Place&) const = default;
  };
  KeyIndex() = default;
  /// Of two samples with one key the first counts.
  explicit KeyIndex(std::span<const Sample> samples);
  Place find(std::string_view key) const { return {table_.find(key, samples_)}; }
  Place end() const { return {}; }
  bool contains(std::string_view key) const { return find(key) != end(); }
  /// The key must be there.
  std::size_t at(std::string_view key) const;

 private:
  std::span<const Sample> samples_;
  KeyTable table_;
};

}  // namespace lix::data
