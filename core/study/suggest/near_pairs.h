#pragma once
#include <cstddef>
#include <stop_token>
#include <vector>

#include "adapt/adapter.h"
#include "base/result.h"

namespace lix::study {

struct NearPair {
  std::size_t first = 0, second = 0;  ///< rows, first < second; of rows and of others where there are two matrices
  float cosine = 0.f;
};

/// Pairs of unit rows whose cosine is above `least`, by rows; at most `most` of them (the first ones). Every pair is
/// looked at, but only as far as it can still reach `least` (what is left of two rows has at most the product of their
/// lengths), so that pairs which are far apart cost little. Asked to stop, it fails as cancelled.
Result<std::vector<NearPair>> nearPairs(adapt::Matrix rows, float least, std::size_t most,
                                        const std::stop_token& stop = {});
/// The same between the unit rows of two matrices of one width, by the rows of the first. No others: no pairs.
Result<std::vector<NearPair>> nearPairs(adapt::Matrix rows, adapt::Matrix others, float least, std::size_t most,
                                        const std::stop_token& stop = {});

}  // namespace lix::study
