// What each figure shows as a table of numbers.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <concepts>

#include "base/csv.h"
#include "base/text.h"
#include "figures/bars_figure.h"
#include "figures/context_figure.h"
#include "figures/curves_figure.h"
#include "figures/grid_figure.h"
#include "figures/heat_figure.h"
#include "figures/map_figure.h"
#include "figures/plot_figure.h"
#include "figures/series_figure.h"
#include "figures/table_figure.h"
#include "figures/weights_figure.h"

namespace lix::figures {
namespace {

/// Lines of CSV, one an add(): texts are quoted where they must be.
class Lines {
 public:
  Lines() = default;
  template <class... Names>
    requires(sizeof...(Names) > 0)
  explicit Lines(const Names&... names) {
    add(names...);
  }
  template <class... Fields>
  void add(const Fields&... fields) {
    (put(fields), ...);
    text_.back() = '\n';
  }
  void put(const std::string& field) { text_ += csvField(field) + ","; }
  void put(const char* field) { put(std::string(field)); }
  template <class Number>
    requires std::integral<Number> || std::floating_point<Number>
  void put(Number number) {
    char buffer[64];
    if (std::isfinite(double(number))) {
      const auto written = std::to_chars(buffer, buffer + sizeof buffer, number);
      text_.append(buffer, written.ptr);
    }
    text_ += ',';
  }
  void end() { text_.back() = '\n'; }
  std::string text() && { return std::move(text_); }

 private:
  std::string text_;
};

/// A band or an interval, where there is one.
struct Interval {
  double low = NAN, high = NAN;
};

Interval intervalOf(double low, double high) { return low <= high ? Interval{low, high} : Interval{}; }

std::string nameAt(const std::vector<std::string>& names, std::size_t index) {
  return index < names.size() ? names[index] : cat(index);
}

}  // namespace

std::string WeightsFigure::table() const {
  Lines lines("caption", "minus", "head", "token", "weight");
  const auto add = [&](const std::string& caption, const std::string& minus, const std::vector<float>& weights) {
    for (std::size_t i = 0; i < weights.size(); ++i) {
      lines.add(caption, minus, int(i) / data_.tokens, int(i) % data_.tokens, weights[i]);
    }
  };
  for (const CaptionWeights& caption : data_.captions) {
    add(caption.caption, "", caption.weights);
  }
  for (const WeightsContrast& contrast : contrasts_) {
    add(contrast.first, contrast.second, contrast.values);
  }
  return std::move(lines).text();
}

std::string MapFigure::table() const {
  Lines lines("caption", "row", "column", "value");
  for (const CaptionMap& map : data_.captions) {
    for (std::size_t i = 0; i < map.values.size() && map.columns > 0; ++i) {
      lines.add(map.caption, int(i) / map.columns, int(i) % map.columns, map.values[i]);
    }
  }
  return std::move(lines).text();
}

std::string ContextFigure::table() const {
  Lines lines("label", "weight", "contribution", "masked");
  for (const ContextItem& item : data_.items) {
    lines.add(item.label, item.weight, item.contribution, item.masked ? "yes" : "no");
  }
  return std::move(lines).text();
}

std::string BarsFigure::table() const {
  Lines lines("row", "series", "value", "low", "high");
  for (const BarRow& row : data_.rows) {
    for (std::size_t i = 0; i < row.bars.size(); ++i) {
      const auto [low, high] = intervalOf(row.bars[i].low, row.bars[i].high);
      lines.add(row.label, i < data_.series.size() ? data_.series[i] : std::string(), row.bars[i].value, low, high);
    }
  }
  return std::move(lines).text();
}

std::string HeatFigure::table() const {
  Lines lines("panel", data_.rowLabel.empty() ? "row" : data_.rowLabel,
              data_.columnLabel.empty() ? "column" : data_.columnLabel,
              data_.valueLabel.empty() ? "value" : data_.valueLabel);
  for (const HeatPanel& panel : data_.panels) {
    const std::size_t columns = std::max<std::size_t>(1, panel.columns.size());
    for (std::size_t i = 0; i < panel.values.size(); ++i) {
      lines.add(panel.title, nameAt(panel.rows, i / columns), nameAt(panel.columns, i % columns), panel.values[i]);
    }
  }
  return std::move(lines).text();
}

std::string PlotFigure::table() const {
  Lines lines("panel", "series", "group", data_.xLabel.empty() ? "x" : data_.xLabel,
              data_.yLabel.empty() ? "y" : data_.yLabel, "low", "high", "label");
  for (const PlotPanel& panel : data_.panels) {
    for (const PlotSeries& series : panel.series) {
      for (const PlotPoint& point : series.points) {
        const auto [low, high] = intervalOf(point.low, point.high);
        lines.add(panel.title, series.label, series.group, point.x, point.y, low, high, point.label);
      }
    }
    for (const ReferenceLine& level : panel.levels) {
      lines.add(panel.title, level.label, "", NAN, level.y, NAN, NAN, "");
    }
  }
  return std::move(lines).text();
}

std::string CurvesFigure::table() const {
  Lines lines("panel", "series", "group", "shots", "accuracy", "low", "high", "n");
  for (const CurvesPanel& panel : data_.panels) {
    for (const CurveSeries& series : panel.series) {
      for (const CurvePoint& point : series.points) {
        const auto [low, high] = intervalOf(point.low, point.high);
        lines.add(panel.title, series.label, series.group, point.x, point.mean, low, high, point.n);
      }
    }
    for (const ReferenceLine& reference : panel.references) {
      lines.add(panel.title, reference.label, "", NAN, reference.y, NAN, NAN, "");
    }
  }
  return std::move(lines).text();
}

std::string SeriesFigure::table() const {
  const std::string x = data_.xLabel.empty() ? "step" : data_.xLabel;
  const auto hasBand = [](const SeriesPanel& panel) {
    return std::ranges::any_of(panel.lines, [](const SeriesLine& line) { return !line.lows.empty(); });
  };
  const bool banded = std::ranges::any_of(data_.panels, hasBand);
  Lines lines = banded ? Lines("panel", "run", "series", x, "value", "low", "high") : Lines("panel", "run", "series", x, "value");
  for (const SeriesPanel& panel : data_.panels) {
    for (const SeriesLine& line : panel.lines) {
      for (std::size_t i = 0; i < std::min(line.xs.size(), line.ys.size()); ++i) {
        if (banded) {
          lines.add(panel.title, line.run, line.label, line.xs[i], line.ys[i], i < line.lows.size() ? line.lows[i] : NAN,
                    i < line.highs.size() ? line.highs[i] : NAN);
        } else {
          lines.add(panel.title, line.run, line.label, line.xs[i], line.ys[i]);
        }
      }
    }
    const auto addMark = [&](const std::string& label, double at, double y) {
      banded ? lines.add(panel.title, "", label, at, y, NAN, NAN) : lines.add(panel.title, "", label, at, y);
    };
    for (const StepMark& mark : panel.marks) {
      addMark(mark.label, mark.x, NAN);
    }
    for (const LevelMark& level : panel.levels) {
      addMark(level.label, NAN, level.y);
    }
  }
  return std::move(lines).text();
}

std::string TableFigure::table() const {
  Lines lines;
  const auto add = [&](const std::string& name, const std::vector<std::string>& cells) {
    lines.put(name);
    for (const std::string& cell : cells) {
      lines.put(cell);
    }
    lines.end();
  };
  add(data_.corner, data_.columns);
  for (const TableRow& row : data_.rows) {
    add(row.name, row.cells);
  }
  return std::move(lines).text();
}

std::string GridFigure::table() const {
  Lines lines("picture", "caption", "label", "verdict");
  const auto verdict = [](Verdict one) { return one == Verdict::None ? "" : one == Verdict::Right ? "right" : "wrong"; };
  for (std::size_t i = 0; i < data_.items.size(); ++i) {
    lines.add(i + 1, data_.items[i].caption, data_.items[i].label, verdict(data_.items[i].verdict));
  }
  return std::move(lines).text();
}

}  // namespace lix::figures
