#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "adapt/adapter.h"

namespace lix::adapt {

/// The key-value cache of Tip-Adapter without its one-hot matrix. Keys are stored rank by rank: first one key of every
/// class, then the second of every class that has one, and so on, classes with more keys first. Then exp(-beta (1 - F
/// S')) onehot is a sum of short rows, each added to the front of the one before it. A value of its own: copies the
/// support it is made from.
class KeyCache {
 public:
  KeyCache(const Labelled& support, std::size_t classes);

  Matrix keys() const;  ///< [S, D] in cache order
  std::size_t classes() const { return position_.size(); }

  /// The class sums [C] of exp(-beta (1 - cosine)) for one query's cosines [S] in cache order.
  void sums(std::span<const float> cosines, float beta, std::span<float> out) const;

 private:
  std::vector<float> keys_;
  std::size_t columns_ = 0;
  std::vector<std::size_t> rankSizes_;  ///< how many classes have a key of this rank; falls
  std::vector<std::size_t> position_;   ///< of each class in the falling order
};

}  // namespace lix::adapt
