#include "charts/chart_line.h"

#include <algorithm>
#include <cmath>

namespace lix::widgets {
namespace {

double valueOf(const figures::SeriesLineView& view, std::size_t i) { return view.drawn(view.ys[i]); }

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

/// Whether a line of `size` samples may be the beginning of the view; looks at both ends.
bool goesOn(const figures::SeriesLineView& view, std::size_t size, const SeriesPyramid& with) {
  const std::size_t before = with.size();
  const auto agrees = [&](std::size_t i) { return with.xs()[i] == view.xs[i] && same(with.ys()[i], valueOf(view, i)); };
  return before == 0 || (before <= size && agrees(0) && agrees(before - 1));
}

}  // namespace

void ChartLine::take(const figures::SeriesLineView& view) {
  const std::size_t size = std::min(view.xs.size(), view.ys.size());
  if (!goesOn(view, size, measured_)) {
    measured_.clear();
    smoothed_.clear();
    lowest_ = highest_ = sum_ = whole_ = 0.0;
  }
  for (std::size_t i = measured_.size(); i < size; ++i) {
    measured_.append(view.xs[i], valueOf(view, i));
    note(valueOf(view, i));
  }
  look_ = view.look;
  for (const auto& [from, to] : {std::pair(view.lows, &lows_), {view.highs, &highs_}}) {  // intervals are of rare readings
    to->clear();
    for (const double value : from.first(std::min(from.size(), size))) {
      to->push_back(view.drawn(value));
      note(to->back());
    }
  }
  catchUp();
}

void ChartLine::note(double value) {
  if (std::isfinite(value)) {
    lowest_ = std::min(lowest_, value);
    highest_ = std::max(highest_, value);
  }
}

void ChartLine::smooth(double weight) {
  if (weight == weight_) {
    return;
  }
  weight_ = weight;
  smoothed_.clear();
  sum_ = whole_ = 0.0;
  catchUp();
}

void ChartLine::setScale(figures::Scale scale) {
  SeriesPyramid again(scale);
  for (std::size_t i = 0; i < measured_.size(); ++i) {
    again.append(measured_.xs()[i], measured_.ys()[i]);
  }
  measured_ = std::move(again);
  smoothed_ = SeriesPyramid(scale);
  sum_ = whole_ = 0.0;
  catchUp();
}

void ChartLine::catchUp() {
  if (weight_ <= 0.0) {
    return;
  }
  for (std::size_t i = smoothed_.size(); i < measured_.size(); ++i) {
    const double value = measured_.ys()[i];
    if (std::isfinite(value)) {
      sum_ = weight_ * sum_ + (1.0 - weight_) * value;
      whole_ = weight_ * whole_ + (1.0 - weight_);
    }
    smoothed_.append(measured_.xs()[i], std::isfinite(value) ? sum_ / whole_ : value);
  }
}

}  // namespace lix::widgets
