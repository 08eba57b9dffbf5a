#include <algorithm>

#include "figures/series_figure.h"

namespace lix::figures {

SeriesPanelView viewOf(const SeriesPanel& panel) {
  SeriesPanelView view{panel.title, panel.scale, {}, panel.marks, panel.levels, panel.smoothing};
  for (const SeriesLine& line : panel.lines) {
    SeriesLineView& one = view.lines.emplace_back(SeriesLineView{line.label, line.run, line.xs, line.ys});
    one.look = line.look;
    one.lows = line.lows;
    one.highs = line.highs;
  }
  return view;
}

SeriesPanel copyOf(const SeriesPanelView& view) {
  SeriesPanel panel{view.title, view.scale, {}, view.marks, view.levels, view.smoothing};
  for (const SeriesLineView& line : view.lines) {
    SeriesLine& copy = panel.lines.emplace_back(SeriesLine{line.label, line.run, {line.xs.begin(), line.xs.end()}, {}, line.look});
    for (const auto& [from, to] : {std::pair(line.ys, &copy.ys), {line.lows, &copy.lows}, {line.highs, &copy.highs}}) {
      std::ranges::transform(from, std::back_inserter(*to), [&](double value) { return line.drawn(value); });
    }
  }
  return panel;
}

}  // namespace lix::figures
