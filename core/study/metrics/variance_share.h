#pragma once
#include <cstddef>
#include <optional>
#include <span>

namespace lix::study {

/// Where the variance of a matrix of scores s[i, j] of n pictures and k captions comes from: the two-way analysis of
/// variance without replication. With m the mean of all, r_i of row i and c_j of column j,
///   total = sum_ij (s_ij - m)^2, caption = n sum_j (c_j - m)^2, picture = k sum_i (r_i - m)^2,
/// and what is left, sum_ij (s_ij - r_i - c_j + m)^2, is of the pair. The three shares of the total add up to 1; a
/// scale and a bias of the scores change none of them. Scores that are pure noise give the caption (k - 1) / (n k - 1),
/// about 1 / n.
struct VarianceShares {
  double caption = 0.0, picture = 0.0, pair = 0.0;
};

/// Nothing for fewer than two rows or columns, or where all scores are equal. `scores` is row by row, one picture a
/// row.
std::optional<VarianceShares> varianceShares(std::span<const float> scores, std::size_t captions);

/// Above this the caption alone explains more than the picture and their match together: such scores tell less of
/// whether the two belong together than of how the caption is worded.
inline constexpr double kCaptionShortcut = 0.5;

}  // namespace lix::study
