#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "adapt/adapter.h"
#include "adapt/packed_rows.h"

namespace lix::adapt {

/// The key-value cache of Tip-Adapter without its one-hot matrix. Keys are stored rank by rank: first one key of every
/// class, then the second of every class that has one, and so on, classes with more keys first. Then exp(-beta (1 - F
/// S')) onehot is a sum of short rows, each added to the front of the one before it. A value of its own: copies the
/// support it is made from.
class KeyCache {
 public:
  KeyCache(const Labelled& support, std::size_t classes);

  const PackedRows& keys() const { return keys_; }  ///< [S, D] in cache order
  std::size_t classes() const { return position_.size(); }

  /// The class sums [C] of exp(-beta (1 - cosine)) for one query's cosines [S] in cache order.
  void sums(std::span<const float> cosines, float beta, std::span<float> out) const;

  /// The same in pieces: adds what the keys first, first + 1, ... bring to sums [C] in cache order ...
  void addSums(std::size_t first, std::span<const float> cosines, float beta, std::span<float> sums) const;
  /// ... which this puts into the order of the classes.
  void inClassOrder(std::span<const float> sums, std::span<float> out) const;

 private:
  PackedRows keys_;
  std::vector<std::size_t> rankStarts_;  ///< the first key of each rank, and the end; ranks fall in size
  std::vector<std::size_t> position_;    ///< of each class in the falling order
};

}  // namespace lix::adapt
