#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "adapt/adapter.h"
#include "adapt/packed_rows.h"

namespace lix::adapt {

/// A Tip-Adapter cache whose keys may weigh differently: the class sums of weight_s exp(-beta (1 - f k_s)). Keys are
/// stored rank by rank as in KeyCache, so that sums are sums of short rows.
class SoftCache {
 public:
  SoftCache(const Labelled& keys, std::size_t classes);

  const PackedRows& keys() const { return keys_; }  ///< [S, D] in cache order
  std::size_t classes() const { return position_.size(); }
  /// One value for each key as they were given, in cache order.
  std::vector<float> ordered(std::span<const float> perKey) const;
  /// Class sums [C] of values [S] in cache order.
  void sums(std::span<const float> values, std::span<float> out) const;

 private:
  std::vector<std::uint32_t> order_;    ///< the given row of each cached key
  std::vector<std::size_t> rankSizes_;  ///< how many classes have a key of this rank; falls
  std::vector<std::size_t> position_;   ///< of each class in the falling order
  PackedRows keys_;
};

/// Strengths to try, rising.
struct SoftGrid {
  std::vector<double> alphas, betas, gammas;
};

/// Pictures by their cosines with the keys [Q, S] in cache order, their zero-shot logits [Q, C] and labels.
struct SoftQueries {
  std::span<const float> cosines;
  std::span<const float> zeroShot;
  std::span<const int> labels;
};

struct SoftPoint {
  double alpha = 0.0;
  double beta = 0.0;
  double gamma = 0.0;
  std::size_t correct = 0;
};

/// Looks for the point of a grid at which Z + alpha sums(exp(gamma div_s) exp(-beta (1 - f k_s))) answers most queries
/// rightly (the first maximum); beta outside, then alpha, then gamma, and only strictly more wins. Queries may come in
/// blocks. `divergences` [S] in cache order; cache and grid must outlive it. Threads over beta.
class SoftSearch {
 public:
  SoftSearch(const SoftCache& cache, std::span<const float> divergences, const SoftGrid& grid);
  void add(const SoftQueries& queries);
  SoftPoint best() const;

 private:
  const SoftCache& cache_;
  const SoftGrid& grid_;
  std::vector<std::vector<float>> weights_;        ///< of each gamma
  std::vector<std::vector<std::size_t>> correct_;  ///< [B] of [A][G]
};

/// exp(gamma * divergence) of each key.
std::vector<float> softWeights(std::span<const float> divergences, double gamma);

/// out[i] = x[i] * y[i]
void multiply(std::span<const float> x, std::span<const float> y, std::span<float> out);

}  // namespace lix::adapt
