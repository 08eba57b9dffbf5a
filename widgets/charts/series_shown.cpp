#include "charts/series_shown.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "charts/series_chart.h"
#include "figures/text_block.h"

namespace lix::widgets {
namespace {

/// A figure of smoothed lines whose table has what was measured.
class SmoothedFigure : public figures::SeriesFigure {
 public:
  SmoothedFigure(figures::SeriesData drawn, figures::SeriesData measured)
      : SeriesFigure(std::move(drawn)), measured_(std::move(measured)) {}
  std::string table() const override { return SeriesFigure(measured_).table(); }

 private:
  figures::SeriesData measured_;
};

/// The points of a line between two steps.
void cutTo(figures::SeriesLine& line, std::pair<double, double> steps) {
  std::vector<double> xs, ys;
  for (std::size_t i = 0; i < std::min(line.xs.size(), line.ys.size()); ++i) {
    if (line.xs[i] >= steps.first && line.xs[i] <= steps.second) {
      xs.push_back(line.xs[i]);
      ys.push_back(line.ys[i]);
    }
  }
  line.xs = std::move(xs);
  line.ys = std::move(ys);
}

}  // namespace

std::vector<double> smoothed(const std::vector<double>& values, double weight) {
  std::vector<double> result(values.size());
  double sum = 0.0, whole = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isfinite(values[i])) {
      sum = weight * sum + (1.0 - weight) * values[i];
      whole = weight * whole + (1.0 - weight);
    }
    result[i] = std::isfinite(values[i]) ? sum / whole : values[i];
  }
  return result;
}

QString textOf(const figures::SeriesLine& line) {
  return figures::cleaned(line.run.empty() ? line.label : line.run + ", " + line.label);
}

QString textOf(const figures::StepMark& mark) {
  return SeriesChart::tr("%1 (step %2)").arg(figures::cleaned(mark.label)).arg(mark.x, 0, 'f', 0);
}

QString textOf(const figures::LevelMark& level) {
  return SeriesChart::tr("%1 (%2)").arg(figures::cleaned(level.label), figures::shortText(level.y));
}

std::shared_ptr<const figures::Figure> shownFigure(const figures::SeriesPanel& panel, double smoothing,
                                                   std::pair<double, double> steps, const QStringList& hidden) {
  const auto isHidden = [&](const auto& one) { return hidden.contains(textOf(one)); };
  const auto isOutside = [&](const figures::StepMark& mark) { return mark.x < steps.first || mark.x > steps.second; };
  figures::SeriesPanel measured = panel;
  std::erase_if(measured.marks, [&](const auto& mark) { return isHidden(mark) || isOutside(mark); });
  std::erase_if(measured.levels, isHidden);
  figures::SeriesPanel drawn = measured;
  measured.lines.clear();
  drawn.lines.clear();
  for (std::size_t i = 0; i < panel.lines.size(); ++i) {
    figures::SeriesLine line = panel.lines[i];
    if (!isHidden(line)) {
      figures::SeriesLine smooth{textOf(line).toStdString(), "", line.xs, smoothed(line.ys, smoothing), int(i)};
      cutTo(line, steps);
      cutTo(smooth, steps);
      measured.lines.push_back(std::move(line));
      drawn.lines.push_back(std::move(smooth));
    }
  }
  if (drawn.lines.empty()) {
    return nullptr;
  }
  const std::string notes = smoothing > 0.0 ? SeriesChart::tr("Smoothed with weight %1.").arg(smoothing).toStdString() : "";
  const auto dataOf = [&](figures::SeriesPanel shown) {
    figures::SeriesData data{.headings = {"", "", notes}, .xLabel = SeriesChart::tr("Step").toStdString(), .panels = {}};
    data.panels.push_back(std::move(shown));
    return data;
  };
  return std::make_shared<SmoothedFigure>(dataOf(std::move(drawn)), dataOf(std::move(measured)));
}

}  // namespace lix::widgets
