#pragma once
#include <cstddef>
#include <optional>
#include <stop_token>
#include <vector>

#include "adapt/adapter.h"
#include "base/result.h"

namespace lix::study {

// Unit vectors of the same pictures by two models, [n, D1] and [n, D2].

struct NearPicture {
  std::size_t row = 0;
  float cosine = 0.0F;
};

/// The k nearest other pictures of one picture by either model, nearest first (among equals the lower row), and what
/// changed from the first model to the second.
struct PictureNeighbours {
  std::vector<NearPicture> first, second;  ///< [k]
  std::vector<bool> left;     ///< [k], of the first list: not in the second
  std::vector<bool> entered;  ///< [k], of the second list: not in the first
  double overlap = 0.0;       ///< share that both have
  /// Kendall's tau-b of the cosines with all other pictures; nothing for one other picture, or where all are equally near.
  std::optional<double> rankCorrelation;
};
/// Fails on sets of different sizes, on fewer than two pictures, on k not in 1..n-1 and on numbers that are not finite.
Result<PictureNeighbours> neighboursOf(adapt::Matrix first, adapt::Matrix second, std::size_t row, std::size_t k);

/// Over all pictures.
struct NeighbourOverlap {
  double mean = 0.0;            ///< of the overlaps of the k nearest
  double chance = 0.0;          ///< k / (n - 1), what lists drawn at random share
  std::vector<double> of;       ///< each picture's
};
/// n^2 (D1 + D2) operations. Fails as neighboursOf, and with Cancelled once `stop` is asked for, which is looked at
/// between the models.
Result<NeighbourOverlap> neighbourOverlap(adapt::Matrix first, adapt::Matrix second, std::size_t k,
                                          std::stop_token stop = {});

}  // namespace lix::study
