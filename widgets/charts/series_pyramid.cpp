#include "charts/series_pyramid.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/contracts.h"

namespace lix::widgets {

bool SeriesPyramid::drawable(double y) const {
  return std::isfinite(y) && (scale_ == figures::Scale::Linear || y > 0.0);
}

void SeriesPyramid::merge(Extent& into, Extent other) const {
  if (other.lowest == kNone) {
    return;
  }
  if (into.lowest == kNone) {
    into = other;
    return;
  }
  into.lowest = ys_[other.lowest] < ys_[into.lowest] ? other.lowest : into.lowest;
  into.highest = ys_[other.highest] > ys_[into.highest] ? other.highest : into.highest;
}

void SeriesPyramid::addSample(Extent& into, std::size_t index) const {
  if (drawable(ys_[index])) {
    merge(into, {std::uint32_t(index), std::uint32_t(index)});
  }
}

void SeriesPyramid::append(double x, double y) {
  LIX_REQUIRE(xs_.empty() || x >= xs_.back());
  LIX_REQUIRE(xs_.size() < kNone);
  xs_.push_back(x);
  ys_.push_back(y);
  if (xs_.size() % kFan == 0) {
    complete(0);
  }
}

void SeriesPyramid::clear() { *this = SeriesPyramid(scale_); }

void SeriesPyramid::complete(std::size_t level) {
  if (levels_.size() == level) {
    levels_.emplace_back();
  }
  Extent block{kNone, kNone};
  if (level == 0) {
    for (std::size_t i = xs_.size() - kFan; i < xs_.size(); ++i) {
      addSample(block, i);
    }
  } else {
    const std::vector<Extent>& below = levels_[level - 1];
    for (std::size_t i = below.size() - kFan; i < below.size(); ++i) {
      merge(block, below[i]);
    }
  }
  levels_[level].push_back(block);
  if (levels_[level].size() % kFan == 0) {
    complete(level + 1);
  }
}

std::optional<SeriesPyramid::Extent> SeriesPyramid::extent(std::size_t first, std::size_t last) const {
  last = std::min(last, xs_.size());
  Extent result{kNone, kNone};
  while (first < last) {
    // The largest complete block that begins here and ends in time.
    std::size_t width = 1, level = 0;
    while (level < levels_.size() && first % (width * kFan) == 0 && first + width * kFan <= last &&
           first / (width * kFan) < levels_[level].size()) {
      width *= kFan;
      ++level;
    }
    if (level == 0) {
      addSample(result, first);
    } else {
      merge(result, levels_[level - 1][first / width]);
    }
    first += width;
  }
  return result.lowest == kNone ? std::nullopt : std::optional(result);
}

std::size_t SeriesPyramid::firstAfter(double x, std::size_t from) const {
  return std::size_t(std::upper_bound(xs_.begin() + std::ptrdiff_t(from), xs_.end(), x) - xs_.begin());
}

std::vector<QPointF> SeriesPyramid::columns(double low, double high, int columns) const {
  std::vector<QPointF> points;
  if (columns < 1 || !(low <= high)) {
    return points;
  }
  const auto at = [this](std::size_t i) { return QPointF(xs_[i], ys_[i]); };
  const auto gap = [&](double x) {
    if (!points.empty() && !std::isnan(points.back().y())) {
      points.emplace_back(x, std::numeric_limits<double>::quiet_NaN());
    }
  };
  const auto add = [&](std::size_t i) { drawable(ys_[i]) ? points.push_back(at(i)) : gap(xs_[i]); };
  const auto within = std::size_t(std::lower_bound(xs_.begin(), xs_.end(), low) - xs_.begin());
  const std::size_t first = within > 0 ? within - 1 : 0;
  const std::size_t last = std::min(firstAfter(high, within) + 1, xs_.size());
  if (last - std::min(first, last) <= 4 * std::size_t(columns)) {
    for (std::size_t i = first; i < last; ++i) {
      add(i);
    }
    return points;
  }
  points.reserve(4 * std::size_t(columns) + 2);
  if (first < within) {
    add(first);
  }
  std::size_t begin = within;
  for (int column = 0; column < columns && begin < last; ++column) {
    const double edge = low + (high - low) * (column + 1) / columns;
    const std::size_t end = column + 1 == columns ? last : std::min(firstAfter(edge, begin), last);
    const auto range = extent(begin, end);
    if (!range && begin < end) {
      gap(xs_[begin]);
    } else if (range) {
      std::size_t kept[] = {begin, range->lowest, range->highest, end - 1};
      std::sort(std::begin(kept), std::end(kept));
      const auto* const distinct = std::unique(std::begin(kept), std::end(kept));
      for (const auto* i = std::begin(kept); i != distinct; ++i) {
        if (drawable(ys_[*i])) {
          points.push_back(at(*i));
        }
      }
    }
    begin = end;
  }
  return points;
}

}  // namespace lix::widgets
