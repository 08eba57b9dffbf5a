#include "figures/curves_parts.h"

#include <algorithm>
#include <cmath>

namespace lix::figures {
namespace {

bool onlyZero(const CurveSeries& series) {
  return std::none_of(series.points.begin(), series.points.end(), [](auto& p) { return usable(p) && p.x > 0; });
}

}  // namespace

bool usable(const CurvePoint& point) { return std::isfinite(point.x) && point.x >= 0 && std::isfinite(point.mean); }

bool hasBand(const CurvePoint& point) {
  return std::isfinite(point.low) && std::isfinite(point.high) && point.low < point.high;
}

Styles::Styles(const CurvesData& data) {
  for (const CurveSeries& series : data.looks) {
    add(series.group, series.label, series.dash);
  }
  std::set<std::pair<std::string, std::string>> shown;
  for (const CurvesPanel& panel : data.panels) {
    for (const CurveSeries& series : panel.series) {
      add(series.group, series.label, series.dash);
      if (shown.emplace(series.group, series.label).second) {
        order_.push_back(&series);
      }
    }
  }
}

bool Styles::add(const std::string& group, const std::string& label, const std::string& dash) {
  if (look_.contains({group, label})) {
    return false;
  }
  const std::string colourOf = group.empty() ? "\n" + label : group;
  const int colour = groups_.emplace(colourOf, int(groups_.size())).first->second;
  const int member = dash.empty() ? within_[colourOf]++ : dashes_.emplace(dash, int(dashes_.size())).first->second;
  const int variant = member + colour / kCategoricalCount;
  // Ungrouped series differ in marker too, so that the figure survives a black-and-white printer.
  const int marker = group.empty() ? colour : member;
  look_[{group, label}] = {colour, variant % kDashCount, marker % kMarkerCount};
  return true;
}

SeriesStyle Styles::of(const std::string& group, const std::string& label, Theme theme) const {
  const Look& look = look_.at({group, label});
  return {categorical(theme, look.colour), Dash(look.dash), Marker(look.marker)};
}

LegendEntry entryOf(const CurveSeries& series, const Styles& styles, Theme theme) {
  return {cleaned(series.label), styles.of(series, theme), onlyZero(series) ? Swatch::Hollow : Swatch::LineAndMarker};
}

LegendEntry entryOf(const ReferenceLine& line, Theme theme) {
  return {cleaned(line.label), {palette(theme).muted, Dash::Dashed}, Swatch::Line};
}

std::vector<LegendEntry> legendOf(const CurvesData& data, const Styles& styles, Theme theme) {
  std::vector<LegendEntry> entries;
  for (const CurveSeries* series : styles.order()) {
    entries.push_back(entryOf(*series, styles, theme));
  }
  std::set<std::string> seen;
  for (const CurvesPanel& panel : data.panels) {
    for (const ReferenceLine& line : panel.references) {
      if (seen.insert(line.label).second) {
        entries.push_back(entryOf(line, theme));
      }
    }
  }
  return entries;
}

Ranges rangesOf(const CurvesData& data) {
  Ranges ranges;
  std::vector<double> values;
  for (const CurvesPanel& panel : data.panels) {
    for (const CurveSeries& series : panel.series) {
      for (const CurvePoint& point : series.points) {
        if (!usable(point)) {
          continue;
        }
        point.x > 0 ? void(ranges.shots.insert(point.x)) : void(ranges.zero = true);
        values.push_back(point.mean);
        if (hasBand(point)) {
          values.insert(values.end(), {point.low, point.high});
        }
      }
    }
    for (const ReferenceLine& line : panel.references) {
      values.push_back(line.y);
    }
  }
  ranges.y = axisFor(values, Scale::Linear, 6);
  if (ranges.y.low >= -0.5 && ranges.y.high <= 1.5) {  // accuracies: no air beyond what an accuracy can be
    ranges.y.low = std::max(ranges.y.low, 0.0);
    ranges.y.high = std::min(ranges.y.high, 1.0);
  }
  // Where the data nearly reach the next round number, the axis does.
  const double step = niceStep(ranges.y.low, ranges.y.high, 6);
  const double up = std::ceil(ranges.y.high / step - 1e-9) * step;
  const double down = std::floor(ranges.y.low / step + 1e-9) * step;
  ranges.y.high = up - ranges.y.high < 0.6 * step ? up : ranges.y.high;
  ranges.y.low = ranges.y.low - down < 0.6 * step ? down : ranges.y.low;
  ranges.y.ticks = niceTicks(ranges.y.low, ranges.y.high, 7);
  ranges.y.texts.clear();
  for (const double tick : ranges.y.ticks) {
    ranges.y.texts.push_back(percentText(tick, niceStep(ranges.y.low, ranges.y.high, 7)));
  }
  return ranges;
}

std::vector<double> shotTicks(const std::set<double>& shots) {
  if (shots.size() <= 8) {
    return {shots.begin(), shots.end()};
  }
  std::vector<double> ticks;
  for (double tick = std::exp2(std::ceil(std::log2(*shots.begin()))); tick <= *shots.rbegin(); tick *= 2) {
    ticks.push_back(tick);
  }
  return ticks;
}

double gutterOf(const Axis& y) {
  double widest = 0.0;
  for (const QString& text : y.texts) {
    widest = std::max(widest, textWidth(text, font(TextRole::Tick)));
  }
  return std::ceil(widest) + 8;
}

}  // namespace lix::figures
