#include "pages/curves/grouping.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <tuple>

#include "base/text.h"

namespace lix::app {
namespace {

constexpr std::array<std::string_view, 9> kDimensionIds{"automatic", "checkpoint", "adapter", "dataset", "label-set",
                                                        "split",     "templates",  "training-seed", "draw"};
constexpr std::array<std::string_view, 4> kBandIds{"interval", "deviation", "error", "none"};

bool isUsed(const Grouping& grouping, Dimension dimension) {
  return grouping.colour == dimension || grouping.dash == dimension || grouping.panel == dimension;
}

std::string seedText(const std::optional<long long>& seed, const char* what) {
  return seed ? cat(what, " ", *seed) : cat("no ", what);
}

std::string valueOf(const store::EvaluationRow& row, Dimension dimension) {
  switch (dimension) {
    case Dimension::Checkpoint:
      return row.checkpointLabel;
    case Dimension::Adapter:
      return adapterTitle(row.adapter);
    case Dimension::Dataset:
      return row.dataset;
    case Dimension::LabelSet:
      return row.labelSet;
    case Dimension::Split:
      return row.split;
    case Dimension::Templates:
      return row.templates;
    case Dimension::TrainingSeed:
      return seedText(row.modelSeed, "seed");
    case Dimension::Draw:
      return seedText(row.supportSeed, "draw");
    case Dimension::Automatic:
      break;
  }
  return {};
}

/// Everything that tells lines apart, in words: the dimensions, then settings and vectors.
using Words = std::array<std::string, 10>;

struct Line {
  Words words;
  std::map<int, const store::CurvePoint*> points;  ///< by shots, zero-shot left out
};

Words wordsOf(const store::CurvePoint& point, const Grouping& grouping) {
  Words words;
  for (std::size_t i = 1; i < kDimensionIds.size(); ++i) {
    const auto dimension = Dimension(i);
    const bool isSeed = dimension == Dimension::TrainingSeed || dimension == Dimension::Draw;
    words[i - 1] = isSeed && !isUsed(grouping, dimension) ? "" : valueOf(point.of, dimension);
  }
  words[8] = point.of.settings;
  words[9] = std::string(nameOf(point.of.vectors));
  return words;
}

const std::string& wordOf(const Words& words, Dimension dimension) { return words[std::size_t(dimension) - 1]; }

/// What zero-shot belongs to: adapter, draw and settings have no part in it, nor the vectors that adapters see of a Llip,
/// whose own procedure mixes the tokens anew for each class.
auto zeroKey(const Words& words) {
  return std::tuple(wordOf(words, Dimension::Checkpoint), wordOf(words, Dimension::Dataset),
                    wordOf(words, Dimension::LabelSet), wordOf(words, Dimension::Split),
                    wordOf(words, Dimension::Templates), wordOf(words, Dimension::TrainingSeed));
}

struct Lines {
  std::vector<Line> lines;
  std::map<decltype(zeroKey(Words())), const store::CurvePoint*> zero;
};

Lines linesOf(const std::vector<store::CurvePoint>& points, const Grouping& grouping) {
  Lines all;
  std::map<Words, std::size_t> places;
  for (const store::CurvePoint& point : points) {
    const Words words = wordsOf(point, grouping);
    if (point.of.shots == 0) {
      const store::CurvePoint*& kept = all.zero[zeroKey(words)];
      // A model's own procedure before the pooled one, then the newest.
      const auto rank = [](const store::CurvePoint* one) { return std::pair(one->of.kind == "zero-shot", one->of.id); };
      kept = kept == nullptr || rank(kept) < rank(&point) ? &point : kept;
      continue;
    }
    const auto [place, isNew] = places.try_emplace(words, all.lines.size());
    if (isNew) {
      all.lines.push_back({words, {}});
    }
    const store::CurvePoint*& kept = all.lines[place->second].points[point.of.shots];
    kept = kept == nullptr || kept->of.id < point.of.id ? &point : kept;
  }
  return all;
}

/// The places in Words in which the lines differ.
std::vector<std::size_t> differing(const std::vector<Line>& lines) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < Words().size(); ++i) {
    if (std::ranges::any_of(lines, [&](const Line& line) { return line.words[i] != lines[0].words[i]; })) {
      places.push_back(i);
    }
  }
  return places;
}

std::string joined(const Words& words, const std::vector<std::size_t>& places, const std::set<std::size_t>& without) {
  std::vector<std::string> parts;
  for (const std::size_t place : places) {
    if (!without.contains(place) && !words[place].empty()) {
      parts.push_back(words[place]);
    }
  }
  return join(parts, ", ");
}

figures::CurvePoint drawn(const store::CurvePoint& point) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  const auto end = [](std::optional<double> value) { return value ? std::clamp(*value, 0.0, 1.0) : kNone; };
  return {double(point.of.shots), point.mean, end(point.low), end(point.high), point.n};
}

/// What the three choices mean once Automatic is settled.
struct Settled {
  std::set<std::size_t> panel, colour, dash;  ///< places in Words
};

Settled settled(const Grouping& grouping, const std::vector<std::size_t>& places) {
  const auto at = [](Dimension dimension) { return std::size_t(dimension) - 1; };
  Settled what;
  what.panel = grouping.panel == Dimension::Automatic
                   ? std::set{at(Dimension::Dataset), at(Dimension::LabelSet)}
                   : std::set{at(grouping.panel)};
  what.colour = {at(grouping.colour == Dimension::Automatic ? Dimension::Checkpoint : grouping.colour)};
  if (grouping.dash == Dimension::Automatic) {
    for (const std::size_t place : places) {
      if (!what.panel.contains(place) && !what.colour.contains(place)) {
        what.dash.insert(place);
      }
    }
  } else {
    what.dash = {at(grouping.dash)};
  }
  return what;
}

std::string valueAt(const Words& words, const std::set<std::size_t>& places) {
  return joined(words, {places.begin(), places.end()}, {});
}

}  // namespace

std::string_view idOf(Dimension dimension) { return kDimensionIds.at(std::size_t(dimension)); }

Dimension dimensionOf(std::string_view id) {
  const auto found = std::ranges::find(kDimensionIds, id);
  return found == kDimensionIds.end() ? Dimension::Automatic : Dimension(found - kDimensionIds.begin());
}

std::string_view idOf(Bands bands) { return kBandIds.at(std::size_t(bands)); }

Bands bandsOf(std::string_view id) {
  const auto found = std::ranges::find(kBandIds, id);
  return found == kBandIds.end() ? Bands::Interval : Bands(found - kBandIds.begin());
}

std::string bandName(Bands bands) {
  switch (bands) {
    case Bands::Deviation:
      return "standard deviation";
    case Bands::Error:
      return "standard error";
    case Bands::None:
      return "none";
    case Bands::Interval:
      break;
  }
  return "95 % interval";
}

std::vector<store::CurvePoint> withBands(std::vector<store::CurvePoint> points, Bands bands) {
  if (bands == Bands::Interval) {
    return points;
  }
  for (store::CurvePoint& point : points) {
    point.low = point.high = std::nullopt;
    if (bands != Bands::None && point.deviation) {
      const double half = bands == Bands::Deviation ? *point.deviation : *point.deviation / std::sqrt(double(point.n));
      point.low = point.mean - half;
      point.high = point.mean + half;
    }
  }
  return points;
}

std::vector<store::CurvePoint> partedBySeeds(const std::vector<store::CurvePoint>& points, const Grouping& grouping) {
  const bool byModel = isUsed(grouping, Dimension::TrainingSeed), byDraw = isUsed(grouping, Dimension::Draw);
  if (!byModel && !byDraw) {
    return points;
  }
  std::vector<store::CurvePoint> parted;
  for (const store::CurvePoint& point : points) {
    std::map<std::pair<std::optional<long long>, std::optional<long long>>, std::vector<store::EvaluationRow>> parts;
    for (const store::EvaluationRow& row : point.rows) {
      parts[{byModel ? row.modelSeed : std::nullopt, byDraw ? row.supportSeed : std::nullopt}].push_back(row);
    }
    for (const auto& [seeds, rows] : parts) {
      std::ranges::move(store::curvePoints(rows), std::back_inserter(parted));
    }
  }
  return parted;
}

figures::CurvesData groupedCurves(const std::vector<store::CurvePoint>& points, const Grouping& grouping) {
  const Lines all = linesOf(points, grouping);
  figures::CurvesData data;
  data.headings = {.title = "Few-shot accuracy", .subtitle = "", .notes = ""};
  if (all.lines.empty()) {
    return data;
  }
  const auto places = differing(all.lines);
  const Settled what = settled(grouping, places);
  std::map<std::string, std::size_t> panels;
  std::set<std::string> dashes;
  std::map<std::tuple<std::string, std::string, std::string>, int> looks;
  for (const Line& line : all.lines) {
    const std::string title = valueAt(line.words, what.panel);
    if (panels.try_emplace(title, panels.size()).second) {
      data.panels.push_back({.title = title, .series = {}, .references = {}});
    }
    dashes.insert(valueAt(line.words, what.dash));
    ++looks[{title, valueAt(line.words, what.colour), valueAt(line.words, what.dash)}];
  }
  std::set<std::pair<std::string, decltype(zeroKey(Words()))>> begun;
  for (const Line& line : all.lines) {
    const std::string title = valueAt(line.words, what.panel);
    const std::string rest = joined(line.words, places, what.panel);
    figures::CurveSeries series{.label = rest.empty() ? line.words[0] : rest,
                                .group = valueAt(line.words, what.colour),
                                .points = {},
                                .dash = cat(valueAt(line.words, what.dash), "\n")};
    const auto zero = all.zero.find(zeroKey(line.words));
    if (zero != all.zero.end() && begun.emplace(title, zero->first).second) {
      series.points.push_back(drawn(*zero->second));
    }
    for (const auto& [shots, point] : line.points) {
      series.points.push_back(drawn(*point));
    }
    data.panels[panels.at(title)].series.push_back(std::move(series));
  }
  if (grouping.colour == Dimension::Automatic) {
    colourAllWhereGroupsAreOne(data);
  }
  const bool alike = std::ranges::any_of(looks, [](const auto& entry) { return entry.second > 1; });
  data.headings.notes = vectorsNote(points) + (alike ? "Some lines of one colour and dash differ in what neither tells; their names say it." : "");
  return data;
}

}  // namespace lix::app
