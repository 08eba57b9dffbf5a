#include "charts/series_shown.h"

#include <algorithm>

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

/// The samples between two steps as a figure's line, with the interval around them.
figures::SeriesLine lineOf(const ChartLine& line, const SeriesPyramid& samples, std::pair<double, double> steps) {
  const auto first = std::ranges::lower_bound(samples.xs(), steps.first) - samples.xs().begin();
  const auto last = std::ranges::upper_bound(samples.xs(), steps.second) - samples.xs().begin();
  const auto cut = [&](const std::vector<double>& all) {
    const auto end = std::min<std::ptrdiff_t>(std::max(first, last), std::ssize(all));
    return std::vector<double>(all.begin() + std::min<std::ptrdiff_t>(first, end), all.begin() + end);
  };
  figures::SeriesLine cutLine{"", "", cut(samples.xs()), cut(samples.ys())};
  cutLine.lows = cut(line.lows());
  cutLine.highs = cut(line.highs());
  return cutLine;
}

}  // namespace

QString textOf(const ChartLine& line) {
  const std::string between = line.run().empty() || line.label().empty() ? "" : ", ";
  return figures::cleaned(line.run() + between + line.label());
}

QString textOf(const figures::StepMark& mark) {
  return SeriesChart::tr("%1 (step %2)").arg(figures::cleaned(mark.label)).arg(mark.x, 0, 'f', 0);
}

QString textOf(const figures::LevelMark& level) {
  return SeriesChart::tr("%1 (%2)").arg(figures::cleaned(level.label), figures::shortText(level.y));
}

std::vector<LinePlace> placesOf(std::span<const ChartLine> lines) {
  std::vector<std::string> runs, labels;
  const auto indexIn = [](std::vector<std::string>& all, const std::string& one) {
    const auto found = std::ranges::find(all, one);
    const auto index = found - all.begin();
    if (found == all.end()) {
      all.push_back(one);
    }
    return int(index);
  };
  std::vector<LinePlace> places;
  for (const ChartLine& line : lines) {
    const int label = indexIn(labels, line.label());
    places.push_back({indexIn(runs, line.run()), line.look() >= 0 ? line.look() : label});
  }
  for (LinePlace& place : places) {
    place = runs.size() > 1 ? LinePlace{place.colour % figures::kCategoricalCount, place.dash}
                            : LinePlace{place.dash % figures::kCategoricalCount, place.dash / figures::kCategoricalCount};
    place.dash %= figures::kDashCount;
  }
  return places;
}

std::shared_ptr<const figures::Figure> shownFigure(const figures::SeriesPanelView& panel, std::span<const ChartLine> lines,
                                                   std::pair<double, double> steps, const QStringList& hidden) {
  const auto isHidden = [&](const auto& one) { return hidden.contains(textOf(one)); };
  const auto isOutside = [&](const figures::StepMark& mark) { return mark.x < steps.first || mark.x > steps.second; };
  figures::SeriesPanel measured{panel.title, panel.scale, {}, panel.marks, panel.levels};
  std::erase_if(measured.marks, [&](const auto& mark) { return isHidden(mark) || isOutside(mark); });
  std::erase_if(measured.levels, isHidden);
  figures::SeriesPanel drawn = measured;
  const std::vector<LinePlace> places = placesOf(lines);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const QString text = textOf(lines[i]);
    if (!hidden.contains(text)) {
      figures::SeriesLine line = lineOf(lines[i], lines[i].measured(), steps);
      line.label = lines[i].label();
      line.run = lines[i].run();
      measured.lines.push_back(std::move(line));
      figures::SeriesLine shown = lineOf(lines[i], lines[i].shown(), steps);
      shown.label = text.toStdString();
      shown.look = places[i].colour + figures::kCategoricalCount * places[i].dash;
      drawn.lines.push_back(std::move(shown));
    }
  }
  if (drawn.lines.empty()) {
    return nullptr;
  }
  const double smoothing = lines.front().smoothing();
  const std::string notes = smoothing > 0.0 ? SeriesChart::tr("Smoothed with weight %1.").arg(smoothing).toStdString() : "";
  const auto dataOf = [&](figures::SeriesPanel shown) {
    figures::SeriesData data{.headings = {"", "", notes}, .xLabel = SeriesChart::tr("Step").toStdString(), .panels = {}};
    data.panels.push_back(std::move(shown));
    return data;
  };
  return std::make_shared<SmoothedFigure>(dataOf(std::move(drawn)), dataOf(std::move(measured)));
}

}  // namespace lix::widgets
