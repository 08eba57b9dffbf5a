#include "study/explore/projection.h"

#include <Eigen/Core>
#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>

#include "base/parallel.h"
#include "base/text.h"
#include "study/probes/spectrum.h"

namespace lix::study {
namespace {

constexpr std::size_t kBlock = 4096;  // rows as floats at once
// Halves cannot vary by less: what is smaller, of the mean square of the rows, is rounding.
constexpr double kRounding = 1e-12;

bool told(const Progress& progress, const char* what, std::size_t done, std::size_t total) {
  return report(progress, what, static_cast<long long>(done), static_cast<long long>(total));
}

std::unexpected<Error> cancelled() { return fail(ErrorCode::Cancelled, "Making the map was cancelled."); }

/// Its entry of the largest magnitude is positive.
void fixSign(std::span<double> direction) {
  const auto largest = std::ranges::max_element(direction, {}, [](double value) { return std::abs(value); });
  if (*largest < 0.0) {
    std::ranges::transform(direction, direction.begin(), std::negate());
  }
}

/// Every row's product with both directions, less that of the mean.
Result<void> project(const HalfRows& rows, std::span<const double> mean, const Progress& progress, Projection& into) {
  const std::size_t width = rows.width();
  std::array<double, 2> middle{};
  for (std::size_t axis = 0; axis < 2; ++axis) {
    for (std::size_t d = 0; d < width; ++d) {
      middle[axis] += into.directions[axis * width + d] * mean[d];
    }
  }
  using Map = Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>;
  const Eigen::MatrixXf axes =
      Eigen::Map<const Eigen::MatrixXd>(into.directions.data(), Eigen::Index(width), 2).cast<float>();
  into.points.resize(rows.rows() * 2);
  const std::size_t blocks = (rows.rows() + kBlock - 1) / kBlock;
  constexpr std::size_t kBlocksAtOnce = 16;
  for (std::size_t begin = 0; begin < blocks; begin += kBlocksAtOnce) {
    if (!told(progress, "Projecting the pictures", begin, blocks)) {
      return cancelled();
    }
    parallelFor(std::min(kBlocksAtOnce, blocks - begin), [&](std::size_t i) {
      const std::size_t first = (begin + i) * kBlock, count = std::min(kBlock, rows.rows() - first);
      std::vector<float> block(count * width);
      rows.read(first, count, block);
      const Eigen::MatrixXf products = Map(block.data(), Eigen::Index(count), Eigen::Index(width)) * axes;
      for (std::size_t row = 0; row < count; ++row) {
        for (std::size_t axis = 0; axis < 2; ++axis) {
          into.points[2 * (first + row) + axis] =
              static_cast<float>(double(products(Eigen::Index(row), Eigen::Index(axis))) - middle[axis]);
        }
      }
    });
  }
  return {};
}

}  // namespace

Result<Projection> principalPlane(const HalfRows& rows, const Progress& progress) {
  const std::size_t count = rows.rows(), width = rows.width();
  if (count < 2 || width < 2) {
    return fail(ErrorCode::BadInput, cat("A map needs at least two pictures with vectors of two numbers, but there are ",
                                         count, " of ", width, "; choose a larger dataset."));
  }
  Covariance covariance(width);
  std::vector<double> mean(width, 0.0);
  std::vector<float> block(std::min(kBlock, count) * width);
  double square = 0.0;
  for (std::size_t first = 0; first < count; first += kBlock) {
    if (!told(progress, "Measuring how the pictures vary", first, count)) {
      return cancelled();
    }
    const std::size_t some = std::min(kBlock, count - first);
    rows.read(first, some, block);
    LIX_CHECK(covariance.add({std::span(block).first(some * width), some, width}));
    for (std::size_t i = 0; i < some * width; ++i) {
      mean[i % width] += block[i];
      square += double(block[i]) * block[i];
    }
  }
  for (double& value : mean) {
    value /= double(count);
  }
  const std::vector<double> matrix = covariance.matrix();
  const Eigen::Map<const Eigen::MatrixXd> map(matrix.data(), Eigen::Index(width), Eigen::Index(width));
  const double total = map.trace();
  if (!(total > kRounding * square / double(count))) {
    return fail(ErrorCode::BadInput, cat("All ", count, " pictures have the same vector, so that there is no map; the "
                                         "model has collapsed, or the pictures are all one."));
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(map);
  if (solver.info() != Eigen::Success) {
    return fail(ErrorCode::BadInput, "The directions of largest variance were not found; the vectors are too large or "
                                     "too small for double precision.");
  }
  Projection found;
  for (std::size_t axis = 0; axis < 2; ++axis) {
    const auto column = Eigen::Index(width - 1 - axis);  // eigenvalues rise
    found.share[axis] = std::max(0.0, solver.eigenvalues()[column]) / total;
    for (std::size_t d = 0; d < width; ++d) {
      found.directions.push_back(solver.eigenvectors()(Eigen::Index(d), column));
    }
    fixSign(std::span(found.directions).subspan(axis * width, width));
  }
  LIX_CHECK(project(rows, mean, progress, found));
  return found;
}

}  // namespace lix::study
