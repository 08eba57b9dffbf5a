#pragma once
#include <vector>

#include "adapt/adapter.h"

namespace lix::adapt {

/// Labelled rows with memory of their own.
struct OwnedLabelled {
  std::vector<float> features;  ///< [N, D]
  std::vector<int> labels;      ///< [N]
  std::size_t columns = 0;
  Labelled view() const { return {{features, labels.size(), columns}, labels}; }
};

/// The rows in an order that their values alone decide (equal rows by label), so that what is trained on them in
/// batches, or summed over them in floats, does not depend on how the support was listed.
OwnedLabelled inCanonicalOrder(const Labelled& data);

/// The transpose [columns, rows] of a matrix.
std::vector<float> transposed(Matrix m);

}  // namespace lix::adapt
