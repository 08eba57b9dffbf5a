#include "study/explore/suspects.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "adapt/linear.h"
#include "adapt/packed_rows.h"
#include "base/contracts.h"
#include "base/text.h"

namespace lix::study {
namespace {

constexpr std::size_t kBlock = 8192;  // rows as floats at once

/// Sums of the labelled rows of each class [C, D], and how many those were.
struct ClassSums {
  std::vector<double> sums;
  std::vector<std::size_t> counts;
};

Result<ClassSums> sumsOf(const HalfRows& rows, std::span<const int> labels, std::size_t classes,
                         const Progress& progress) {
  const std::size_t width = rows.width();
  ClassSums found{std::vector<double>(classes * width, 0.0), std::vector<std::size_t>(classes, 0)};
  std::vector<float> block(std::min(kBlock, rows.rows()) * width);
  for (std::size_t first = 0; first < rows.rows(); first += kBlock) {
    if (!report(progress, "Averaging the classes", static_cast<long long>(first), static_cast<long long>(rows.rows()))) {
      return fail(ErrorCode::Cancelled, "Looking for wrong labels was cancelled.");
    }
    const std::size_t count = std::min(kBlock, rows.rows() - first);
    rows.read(first, count, block);
    for (std::size_t i = 0; i < count; ++i) {
      if (const int label = labels[first + i]; label >= 0) {
        LIX_REQUIRE(std::size_t(label) < classes);
        ++found.counts[std::size_t(label)];
        double* sum = found.sums.data() + std::size_t(label) * width;
        for (std::size_t d = 0; d < width; ++d) {
          sum[d] += block[i * width + d];
        }
      }
    }
  }
  return found;
}

/// The class means as unit rows; zeros where a class has none, or its rows cancel out.
std::vector<float> unitMeans(const ClassSums& classes, std::size_t width) {
  std::vector<float> means(classes.sums.size(), 0.f);
  for (std::size_t c = 0; c < classes.counts.size(); ++c) {
    const auto sum = std::span(classes.sums).subspan(c * width, width);
    const double length = std::sqrt(std::inner_product(sum.begin(), sum.end(), sum.begin(), 0.0));
    for (std::size_t d = 0; d < width && length > 0.0; ++d) {
      means[c * width + d] = static_cast<float>(sum[d] / length);
    }
  }
  return means;
}

/// The product of a row with the unit mean of the others of its class: as long as the row is in all products, which a row
/// of halves is not exactly one.
float withoutItself(std::span<const float> row, std::span<const double> sum) {
  double product = 0.0, square = 0.0;
  for (std::size_t d = 0; d < row.size(); ++d) {
    const double rest = sum[d] - row[d];
    product += rest * row[d];
    square += rest * rest;
  }
  return square > 0.0 ? static_cast<float>(product / std::sqrt(square)) : 0.f;
}

struct Other {
  float cosine = 0.f;
  int place = -1;  // of the class
};

/// Of every row the nearest class mean but its own.
std::vector<Other> nearestOthers(adapt::Matrix rows, std::span<const int> labels, const adapt::PackedRows& means,
                                 std::span<const std::size_t> counts) {
  std::vector<Other> best(rows.rows);
  const double aRow = double(means.rows()) * double(means.columns());
  adapt::overBlocks(rows.rows, aRow, adapt::TileProducts::kBlockRows, [&](std::size_t first, std::size_t count) {
    adapt::TileProducts(adapt::slice(rows, first, count), means)
        .each([&](std::size_t row, std::size_t key, std::span<const float> products) {
          Other& one = best[first + row];
          for (std::size_t i = 0; i < products.size(); ++i) {
            const bool other = int(key + i) != labels[first + row] && counts[key + i] > 0;
            if (other && (one.place < 0 || products[i] > one.cosine)) {
              one = {products[i], int(key + i)};
            }
          }
        });
  });
  return best;
}

}  // namespace

std::vector<Outlier> outliers(const NeighbourGraph& graph, std::size_t most) {
  std::vector<Outlier> all(graph.size());
  for (std::size_t row = 0; row < graph.size(); ++row) {
    const auto cosines = graph.cosinesOf(row);
    const double sum = std::accumulate(cosines.begin(), cosines.end(), 0.0);
    all[row] = {static_cast<std::uint32_t>(row), static_cast<float>(1.0 - sum / double(graph.k))};
  }
  const auto end = all.begin() + static_cast<std::ptrdiff_t>(std::min(most, all.size()));
  std::partial_sort(all.begin(), end, all.end(), [](const Outlier& a, const Outlier& b) {
    return a.distance != b.distance ? a.distance > b.distance : a.row < b.row;
  });
  all.erase(end, all.end());
  return all;
}

Result<std::vector<LabelDoubt>> labelDoubts(const HalfRows& rows, std::span<const int> labels, std::size_t classes,
                                            const Progress& progress) {
  LIX_REQUIRE(labels.size() == rows.rows());
  const std::size_t width = rows.width();
  LIX_TRY(const ClassSums sums, sumsOf(rows, labels, classes, progress));
  if (std::ranges::count_if(sums.counts, [](std::size_t count) { return count > 0; }) < 2) {
    return fail(ErrorCode::BadInput, "Wrong labels show only where at least two classes have pictures; choose a label "
                                     "set with classes, or add class folders.");
  }
  const std::vector<float> means = unitMeans(sums, width);
  const adapt::PackedRows keys(adapt::Matrix{means, classes, width});
  std::vector<LabelDoubt> doubts;
  std::vector<float> block(std::min(kBlock, rows.rows()) * width);
  for (std::size_t first = 0; first < rows.rows(); first += kBlock) {
    if (!report(progress, "Comparing labels with classes", static_cast<long long>(first),
                static_cast<long long>(rows.rows()))) {
      return fail(ErrorCode::Cancelled, "Looking for wrong labels was cancelled.");
    }
    const std::size_t count = std::min(kBlock, rows.rows() - first);
    rows.read(first, count, block);
    const std::vector<Other> best =
        nearestOthers({std::span<const float>(block).first(count * width), count, width}, labels.subspan(first, count), keys,
                      sums.counts);
    for (std::size_t i = 0; i < count; ++i) {
      const int label = labels[first + i];
      if (label < 0 || sums.counts[std::size_t(label)] < 2) {
        continue;
      }
      const float own = withoutItself(std::span<const float>(block).subspan(i * width, width),
                                      std::span(sums.sums).subspan(std::size_t(label) * width, width));
      if (best[i].cosine > own) {
        doubts.push_back({static_cast<std::uint32_t>(first + i), label, best[i].place, own, best[i].cosine});
      }
    }
  }
  std::ranges::stable_sort(doubts, std::greater(), &LabelDoubt::margin);
  return doubts;
}

}  // namespace lix::study
