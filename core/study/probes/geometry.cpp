#include "study/probes/geometry.h"

#include <cmath>
#include <numeric>
#include <vector>

#include "study/probes/check.h"
#include "study/probes/tiles.h"

namespace lix::study {
namespace {

constexpr double kSharpness = 2.0;  // Wang and Isola's t

std::vector<double> meanOf(adapt::Matrix rows) {
  std::vector<double> mean(rows.columns, 0.0);
  for (std::size_t i = 0; i < rows.rows; ++i) {
    for (std::size_t d = 0; d < rows.columns; ++d) {
      mean[d] += rows.row(i)[d];
    }
  }
  for (double& value : mean) {
    value /= double(rows.rows);
  }
  return mean;
}

}  // namespace

Result<double> alignment(adapt::Matrix images, adapt::Matrix captions) {
  LIX_CHECK(checkPairs(images, captions));
  double sum = 0.0;
  for (std::size_t i = 0; i < images.values.size(); ++i) {
    const double apart = double(images.values[i]) - captions.values[i];
    sum += apart * apart;
  }
  return sum / double(images.rows);
}

Result<double> uniformity(adapt::Matrix rows) {
  LIX_CHECK(checkRows(rows, 2, "The vectors"));
  std::vector<double> squares(rows.rows);
  for (std::size_t i = 0; i < rows.rows; ++i) {
    const auto row = rows.row(i);
    squares[i] = std::inner_product(row.begin(), row.end(), row.begin(), 0.0);
  }
  const auto sums = visitTiles(rows, [&](std::size_t first, const CosineTile& tile) {
    double sum = 0.0;
    for (Eigen::Index i = 0; i < tile.rows(); ++i) {
      const std::size_t row = first + std::size_t(i);
      for (std::size_t j = 0; j < rows.rows; ++j) {
        const double apart = squares[row] + squares[j] - 2.0 * tile(i, Eigen::Index(j));
        sum += j == row ? 0.0 : std::exp(-kSharpness * std::max(0.0, apart));
      }
    }
    return sum;
  });
  const double n = double(rows.rows);
  return std::log(std::accumulate(sums.begin(), sums.end(), 0.0) / (n * (n - 1.0)));
}

Result<double> modalityGap(adapt::Matrix images, adapt::Matrix captions) {
  LIX_CHECK(checkRows(images, 1, "The image vectors"));
  LIX_CHECK(checkRows(captions, 1, "The caption vectors"));
  if (images.columns != captions.columns) {
    return fail(ErrorCode::BadInput, "Images and captions have vectors of different widths.");
  }
  const std::vector<double> image = meanOf(images), caption = meanOf(captions);
  double sum = 0.0;
  for (std::size_t d = 0; d < image.size(); ++d) {
    sum += (image[d] - caption[d]) * (image[d] - caption[d]);
  }
  return std::sqrt(sum);
}

}  // namespace lix::study
