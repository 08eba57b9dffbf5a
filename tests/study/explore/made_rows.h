#pragma once
#include <cmath>
#include <vector>

#include "study/explore/half_rows.h"
#include "support/support.h"

namespace lix::study {

/// Unit rows around `centres` random directions, the same for a seed.
inline std::vector<float> madeRows(std::size_t rows, std::size_t width, std::size_t centres, std::uint64_t seed) {
  std::vector<float> values(rows * width);
  for (std::size_t i = 0; i < rows; ++i) {
    double square = 0.0;
    for (std::size_t d = 0; d < width; ++d) {
      const double centre = std::sin(double(seed + 1) * double((i % centres) * width + d + 1) * 12.9898);
      const double noise = std::sin(double(i * width + d + 1) * 78.233 + double(seed));
      values[i * width + d] = float(centre + 0.8 * noise);
      square += double(values[i * width + d]) * values[i * width + d];
    }
    for (std::size_t d = 0; d < width; ++d) {
      values[i * width + d] /= float(std::sqrt(square));
    }
  }
  return values;
}

inline HalfRows halves(const std::vector<float>& values, std::size_t width) {
  HalfRows rows(width);
  EXPECT_TRUE(rows.append({values, values.size() / width, width}));
  return rows;
}

inline std::vector<float> floats(const HalfRows& rows) {
  std::vector<float> values(rows.rows() * rows.width());
  rows.read(0, rows.rows(), values);
  return values;
}

}  // namespace lix::study
