#include "study/probes/similarity.h"

#include <cmath>

#include "base/text.h"
#include "study/probes/check.h"
#include "study/probes/tiles.h"

namespace lix::study {
namespace {

constexpr int kBins = 40;

struct Sums {
  double total = 0.0;
  std::size_t pairs = 0;
  std::vector<std::size_t> counts = std::vector<std::size_t>(kBins, 0);

  void add(double cosine) {
    total += cosine;
    ++pairs;
    ++counts[std::size_t(std::clamp(int(std::floor((cosine + 1.0) * kBins / 2.0)), 0, kBins - 1))];
  }
  void add(const Sums& other) {
    total += other.total;
    pairs += other.pairs;
    for (std::size_t bin = 0; bin < counts.size(); ++bin) {
      counts[bin] += other.counts[bin];
    }
  }
  CosineHistogram histogram() const {
    CosineHistogram made{.pairs = pairs, .mean = {}, .shares = std::vector<double>(kBins, 0.0)};
    if (pairs > 0) {
      made.mean = total / double(pairs);
      for (std::size_t bin = 0; bin < counts.size(); ++bin) {
        made.shares[bin] = double(counts[bin]) / double(pairs);
      }
    }
    return made;
  }
};

struct Both {
  Sums within, between;
};

}  // namespace

const std::vector<double>& cosineEdges() {
  static const std::vector<double> kEdges = [] {
    std::vector<double> edges;
    for (int i = 0; i <= kBins; ++i) {
      edges.push_back(double(2 * i - kBins) / kBins);
    }
    return edges;
  }();
  return kEdges;
}

Result<ClassSimilarity> classSimilarity(adapt::Matrix rows, std::span<const int> labels) {
  LIX_CHECK(checkRows(rows, 2, "The image vectors"));
  if (labels.size() != rows.rows) {
    return fail(ErrorCode::BadInput, cat("There are ", labels.size(), " labels for ", rows.rows, " image vectors."));
  }
  const auto parts = visitTiles(rows, [&](std::size_t first, const CosineTile& tile) {
    Both sums;
    for (Eigen::Index i = 0; i < tile.rows(); ++i) {
      for (std::size_t j = first + std::size_t(i) + 1; j < rows.rows; ++j) {
        (labels[first + std::size_t(i)] == labels[j] ? sums.within : sums.between).add(tile(i, Eigen::Index(j)));
      }
    }
    return sums;
  });
  Both all;
  for (const Both& part : parts) {
    all.within.add(part.within);
    all.between.add(part.between);
  }
  return ClassSimilarity{all.within.histogram(), all.between.histogram()};
}

}  // namespace lix::study
