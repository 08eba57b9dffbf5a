#include "study/probes/clusters.h"

#include <algorithm>
#include <limits>

#include "base/text.h"
#include "study/probes/check.h"

namespace lix::study {
namespace {

constexpr int kMostSteps = 1000;
constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

using Points = std::vector<std::vector<double>>;

double squaredDistance(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0.0;
  for (std::size_t d = 0; d < a.size(); ++d) {
    sum += (a[d] - b[d]) * (a[d] - b[d]);
  }
  return sum;
}

std::vector<double> meanOf(const Points& points, const std::vector<std::size_t>& clusterOf, std::size_t which) {
  std::vector<double> mean(points.front().size(), 0.0);
  std::size_t count = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (clusterOf[i] == which) {
      ++count;
      for (std::size_t d = 0; d < mean.size(); ++d) {
        mean[d] += points[i][d];
      }
    }
  }
  for (double& value : mean) {
    value /= double(std::max<std::size_t>(1, count));
  }
  return mean;
}

/// Farthest-first traversal (Gonzalez 1985); stops where every row is a centre's equal.
Points firstCentres(const Points& points, std::size_t count) {
  const std::vector<double> middle = meanOf(points, std::vector<std::size_t>(points.size(), 0), 0);
  const auto nearest =
      std::ranges::min_element(points, {}, [&](const auto& point) { return squaredDistance(point, middle); });
  Points centres{*nearest};
  std::vector<double> apart(points.size(), std::numeric_limits<double>::max());
  while (centres.size() < count) {
    for (std::size_t i = 0; i < points.size(); ++i) {
      apart[i] = std::min(apart[i], squaredDistance(points[i], centres.back()));
    }
    const auto farthest = std::ranges::max_element(apart);
    if (*farthest == 0.0) {
      break;
    }
    centres.push_back(points[std::size_t(farthest - apart.begin())]);
  }
  return centres;
}

/// Gives every row its nearest centre; whether anything moved.
bool assign(const Points& points, const Points& centres, std::vector<std::size_t>& clusterOf) {
  bool moved = false;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto nearest =
        std::ranges::min_element(centres, {}, [&](const auto& centre) { return squaredDistance(points[i], centre); });
    const auto which = std::size_t(nearest - centres.begin());
    moved = moved || clusterOf[i] != which;
    clusterOf[i] = which;
  }
  return moved;
}

}  // namespace

Result<Clusters> cluster(adapt::Matrix rows, std::size_t count) {
  LIX_CHECK(checkRows(rows, 1, "The rows to be clustered"));
  if (count < 1 || count > rows.rows) {
    return fail(ErrorCode::BadInput,
                cat(rows.rows, " rows cannot make ", count, " clusters; ask for 1 to ", rows.rows, "."));
  }
  Points points;
  for (std::size_t i = 0; i < rows.rows; ++i) {
    points.emplace_back(rows.row(i).begin(), rows.row(i).end());
  }
  Points centres = firstCentres(points, count);
  Clusters found{.of = std::vector<std::size_t>(points.size(), kNone)};
  for (int step = 0; step < kMostSteps && assign(points, centres, found.of); ++step) {
    for (std::size_t which = 0; which < centres.size(); ++which) {
      // A cluster that lost its last row keeps its place.
      if (std::ranges::find(found.of, which) != found.of.end()) {
        centres[which] = meanOf(points, found.of, which);
      }
    }
  }
  std::vector<std::size_t> name(centres.size(), kNone);
  std::size_t named = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    found.within += squaredDistance(points[i], centres[found.of[i]]) / double(points.size());
    std::size_t& own = name[found.of[i]];
    own = own == kNone ? named++ : own;
    found.of[i] = own;
  }
  return found;
}

}  // namespace lix::study
