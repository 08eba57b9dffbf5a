#include "study/probes/spectrum.h"

#include <Eigen/Core>
#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/parallel.h"
#include "base/text.h"
#include "study/probes/check.h"

namespace lix::study {
namespace {

using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Square = Eigen::Map<Eigen::MatrixXd>;

constexpr std::size_t kBlock = 1024;  // rows in double at once
constexpr std::size_t kStrip = 64;    // columns of the covariance that one thread works on
constexpr double kRounding = 1e-24;   // of |mean|^2: floats cannot vary by less, so that a smaller variance is rounding

/// Adds the lower half of x'x, strip by strip of its columns: the same sums whatever the number of threads.
void addProducts(const Rows& x, Square scatter) {
  const auto width = std::size_t(x.cols());
  parallelFor((width + kStrip - 1) / kStrip, [&](std::size_t strip) {
    const auto begin = Eigen::Index(strip * kStrip);
    const auto count = std::min<Eigen::Index>(kStrip, Eigen::Index(width) - begin), below = Eigen::Index(width) - begin;
    scatter.block(begin, begin, below, count).noalias() += x.rightCols(below).transpose() * x.middleCols(begin, count);
  });
}

}  // namespace

double effectiveRank(std::span<const double> singularValues) {
  const double sum = std::accumulate(singularValues.begin(), singularValues.end(), 0.0);
  if (!(sum > 0.0)) {
    return 0.0;
  }
  double entropy = 0.0;
  for (const double value : singularValues) {
    const double share = value / sum;
    entropy -= share > 0.0 ? share * std::log(share) : 0.0;
  }
  return std::exp(entropy);
}

Covariance::Covariance(std::size_t width) : width_(width), mean_(width, 0.0), scatter_(width * width, 0.0) {}

Result<void> Covariance::add(adapt::Matrix rows) {
  LIX_CHECK(checkRows(rows, 0, "The features"));
  if (rows.columns != width_) {
    return fail(ErrorCode::BadInput, cat("The features are ", rows.columns, " wide, those before them ", width_, "."));
  }
  const auto width = Eigen::Index(width_);
  Eigen::Map<Eigen::VectorXd> mean(mean_.data(), width);
  const Square scatter(scatter_.data(), width, width);
  for (std::size_t begin = 0; begin < rows.rows; begin += kBlock) {
    const std::size_t count = std::min(kBlock, rows.rows - begin);
    using Floats = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    const Eigen::Map<const Floats> block(rows.values.data() + begin * width_, Eigen::Index(count), width);
    Rows x = block.cast<double>();
    const Eigen::RowVectorXd centre = x.colwise().mean();
    x.rowwise() -= centre;
    // Chan, Golub and LeVeque 1983: the two scatters, and that of their means about the common one.
    const double known = double(rows_), fresh = double(count), all = known + fresh;
    const Eigen::VectorXd apart = centre.transpose() - mean;
    Rows shift(1, width);
    shift.row(0) = apart.transpose() * std::sqrt(known * fresh / all);
    addProducts(x, scatter);
    addProducts(shift, scatter);
    mean += apart * (fresh / all);
    rows_ += count;
  }
  return {};
}

std::vector<double> Covariance::matrix() const {
  std::vector<double> full(scatter_.size());
  const double n = double(std::max<std::size_t>(1, rows_));
  for (std::size_t row = 0; row < width_; ++row) {
    for (std::size_t column = 0; column <= row; ++column) {
      full[row * width_ + column] = full[column * width_ + row] = scatter_[column * width_ + row] / n;
    }
  }
  return full;
}

Result<Spectrum> Covariance::spectrum() const {
  if (rows_ < 2) {
    return fail(ErrorCode::BadInput,
                cat("A covariance needs at least two feature vectors, but there are ", rows_, "; take more pictures."));
  }
  const std::vector<double> full = matrix();
  const Eigen::Map<const Eigen::MatrixXd> covariance(full.data(), Eigen::Index(width_), Eigen::Index(width_));
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(covariance, Eigen::EigenvaluesOnly);
  if (solver.info() != Eigen::Success) {
    return fail(ErrorCode::BadInput,
                "The eigenvalues of the features' covariance were not found; the features are "
                "too large or too small for double precision.");
  }
  // A covariance has no negative eigenvalues: those are rounding, and its singular values are their magnitudes.
  Spectrum found;
  for (Eigen::Index i = solver.eigenvalues().size(); i-- > 0;) {
    found.values.push_back(std::abs(solver.eigenvalues()[i]));
  }
  std::ranges::sort(found.values, std::greater());
  const Eigen::Map<const Eigen::VectorXd> mean(mean_.data(), Eigen::Index(width_));
  if (covariance.trace() <= kRounding * mean.squaredNorm()) {
    return fail(ErrorCode::BadInput, cat("All ", rows_,
                                         " feature vectors are the same, so that they have no spectrum; "
                                         "the model has collapsed, or the pictures are all one."));
  }
  found.effectiveRank = effectiveRank(found.values);
  return found;
}

}  // namespace lix::study
