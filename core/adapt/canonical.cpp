#include "adapt/canonical.h"

#include <algorithm>
#include <cstdint>
#include <numeric>

namespace lix::adapt {

OwnedLabelled inCanonicalOrder(const Labelled& data) {
  std::vector<std::uint32_t> order(data.labels.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::sort(order, [&](std::uint32_t a, std::uint32_t b) {
    const auto left = data.features.row(a);
    const auto right = data.features.row(b);
    const auto [l, r] = std::ranges::mismatch(left, right);
    return l != left.end() ? *l < *r : data.labels[a] < data.labels[b];
  });
  OwnedLabelled out{.columns = data.features.columns};
  out.features.reserve(data.features.values.size());
  for (const std::uint32_t i : order) {
    const auto row = data.features.row(i);
    out.features.insert(out.features.end(), row.begin(), row.end());
    out.labels.push_back(data.labels[i]);
  }
  return out;
}

std::vector<float> transposed(Matrix m) {
  constexpr std::size_t kBlock = 16;  // a block of rows stays in the first-level cache while its columns are written
  std::vector<float> out(m.rows * m.columns);
  for (std::size_t first = 0; first < m.rows; first += kBlock) {
    const std::size_t end = std::min(m.rows, first + kBlock);
    for (std::size_t k = 0; k < m.columns; ++k) {
      for (std::size_t i = first; i < end; ++i) {
        out[k * m.rows + i] = m.values[i * m.columns + k];
      }
    }
  }
  return out;
}

}  // namespace lix::adapt
