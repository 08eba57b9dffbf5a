#include <algorithm>
#include <array>

#include "figures/series_figure.h"

namespace lix::figures {

std::vector<QPointF> decimated(const std::vector<QPointF>& points, double low, double high, int columns) {
  if (columns < 1 || !(low < high) || points.size() <= 4 * std::size_t(columns)) {
    return points;
  }
  const auto columnOf = [&](const QPointF& point) {
    return std::clamp(int((point.x() - low) / (high - low) * columns), 0, columns - 1);
  };
  std::vector<QPointF> result;
  for (std::size_t first = 0; first < points.size();) {
    std::size_t lowest = first;
    std::size_t highest = first;
    std::size_t end = first;
    for (const int column = columnOf(points[first]); end < points.size() && columnOf(points[end]) == column; ++end) {
      lowest = points[end].y() < points[lowest].y() ? end : lowest;
      highest = points[end].y() > points[highest].y() ? end : highest;
    }
    std::array<std::size_t, 4> kept{first, lowest, highest, end - 1};
    std::sort(kept.begin(), kept.end());
    const auto last = std::unique(kept.begin(), kept.end());
    for (auto i = kept.begin(); i != last; ++i) {
      result.push_back(points[*i]);
    }
    first = end;
  }
  return result;
}

}  // namespace lix::figures
