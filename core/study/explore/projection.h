#pragma once
#include <array>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "study/explore/half_rows.h"

namespace lix::study {

/// Rows seen in the plane of their largest variance.
struct Projection {
  std::vector<float> points;       ///< [N, 2], about the mean
  std::array<double, 2> share{};   ///< of the total variance along each axis
  std::vector<double> directions;  ///< [2, D], unit
};

/// Principal component analysis (Pearson 1901): the two eigenvectors of the covariance of all rows, summed in double
/// over blocks, with the largest eigenvalues. Of a direction and its opposite that one is taken whose entry of the
/// largest magnitude (the first of equals) is positive. Fails for fewer than two rows, for rows that are all the same,
/// and as cancelled where `progress` says so.
Result<Projection> principalPlane(const HalfRows& rows, const Progress& progress = {});

}  // namespace lix::study
