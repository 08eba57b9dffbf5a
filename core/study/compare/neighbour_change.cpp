#include "study/compare/neighbour_change.h"

#include <Eigen/Core>

#include <algorithm>
#include <numeric>

#include "base/text.h"
#include "study/probes/check.h"
#include "study/probes/neighbours.h"
#include "study/retrieval/kendall.h"

namespace lix::study {
namespace {

Result<void> check(adapt::Matrix first, adapt::Matrix second, std::size_t k) {
  LIX_CHECK(checkRows(first, 2, "The image vectors of the first model"));
  LIX_CHECK(checkRows(second, 2, "The image vectors of the second model"));
  if (first.rows != second.rows) {
    return fail(ErrorCode::BadInput, cat("Neighbours are compared of the same pictures, but one model has ", first.rows,
                                         " of them and the other ", second.rows, "."));
  }
  if (k < 1 || k >= first.rows) {
    return fail(ErrorCode::BadInput, cat(first.rows, " pictures have no ", k, " nearest others each; choose k from 1 to ",
                                         first.rows - 1, "."));
  }
  return {};
}

/// Cosines of one row with the others, in their order.
std::vector<NearPicture> others(adapt::Matrix rows, std::size_t row) {
  using Floats = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Eigen::Map<const Floats> all(rows.values.data(), Eigen::Index(rows.rows), Eigen::Index(rows.columns));
  const Eigen::VectorXf products = all * all.row(Eigen::Index(row)).transpose();
  std::vector<NearPicture> found;
  for (std::size_t i = 0; i < rows.rows; ++i) {
    if (i != row) {
      found.push_back({i, products[Eigen::Index(i)]});
    }
  }
  return found;
}

std::vector<NearPicture> nearest(std::vector<NearPicture> all, std::size_t k) {
  std::ranges::partial_sort(all, all.begin() + std::ptrdiff_t(k), [](const NearPicture& a, const NearPicture& b) {
    return a.cosine != b.cosine ? a.cosine > b.cosine : a.row < b.row;
  });
  all.resize(k);
  return all;
}

std::vector<bool> missing(const std::vector<NearPicture>& list, const std::vector<NearPicture>& elsewhere) {
  std::vector<bool> gone;
  for (const NearPicture& one : list) {
    gone.push_back(std::ranges::find(elsewhere, one.row, &NearPicture::row) == elsewhere.end());
  }
  return gone;
}

}  // namespace

Result<PictureNeighbours> neighboursOf(adapt::Matrix first, adapt::Matrix second, std::size_t row, std::size_t k) {
  LIX_CHECK(check(first, second, k));
  if (row >= first.rows) {
    return fail(ErrorCode::BadInput, cat("There is no picture ", row, " among ", first.rows, "."));
  }
  const auto a = others(first, row), b = others(second, row);
  PictureNeighbours found;
  found.first = nearest(a, k);
  found.second = nearest(b, k);
  found.left = missing(found.first, found.second);
  found.entered = missing(found.second, found.first);
  found.overlap = double(std::ranges::count(found.left, false)) / double(k);
  std::vector<double> x, y;
  for (std::size_t i = 0; i < a.size(); ++i) {
    x.push_back(a[i].cosine);
    y.push_back(b[i].cosine);
  }
  if (x.size() >= 2) {
    found.rankCorrelation = kendallTauB(countPairs(x, y));
  }
  return found;
}

Result<NeighbourOverlap> neighbourOverlap(adapt::Matrix first, adapt::Matrix second, std::size_t k,
                                          std::stop_token stop) {
  LIX_CHECK(check(first, second, k));
  LIX_TRY(const NeighbourLists a, neighbours(first, k));
  if (stop.stop_requested()) {
    return fail(ErrorCode::Cancelled, "The comparison of neighbours was cancelled.");
  }
  LIX_TRY(const NeighbourLists b, neighbours(second, k));
  LIX_TRY(const auto changes, compareNeighbours(a, b));
  NeighbourOverlap found;
  found.chance = double(k) / double(first.rows - 1);
  for (const NeighbourChange& change : changes) {
    found.of.push_back(change.overlap);
  }
  found.mean = std::accumulate(found.of.begin(), found.of.end(), 0.0) / double(found.of.size());
  return found;
}

}  // namespace lix::study
