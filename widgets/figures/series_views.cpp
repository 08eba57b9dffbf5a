#include <algorithm>

#include "figures/series_figure.h"

namespace lix::figures {

SeriesPanelView viewOf(const SeriesPanel& panel) {
  SeriesPanelView view{panel.title, panel.scale, {}, panel.marks, panel.levels};
  for (const SeriesLine& line : panel.lines) {
    view.lines.push_back({line.label, line.run, line.xs, line.ys});
  }
  return view;
}

SeriesPanel copyOf(const SeriesPanelView& view) {
  SeriesPanel panel{view.title, view.scale, {}, view.marks, view.levels};
  for (const SeriesLineView& line : view.lines) {
    SeriesLine& copy = panel.lines.emplace_back(
        SeriesLine{line.label, line.run, {line.xs.begin(), line.xs.end()}, {line.ys.begin(), line.ys.end()}});
    if (line.values == SeriesLineView::Values::Reciprocal) {
      std::ranges::transform(copy.ys, copy.ys.begin(), [](double value) { return 1.0 / value; });
    }
  }
  return panel;
}

}  // namespace lix::figures
