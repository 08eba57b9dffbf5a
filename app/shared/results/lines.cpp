// Figures of lines over an axis: the spectrum of features, and sweeps over anything that was asked for.
#include <algorithm>
#include <cmath>
#include <set>

#include "base/text.h"
#include "figures/plot_figure.h"
#include "shared/results/kinds.h"

namespace lix::app {

Result<MadeFigure> makeSpectrum(const FigureRows& rows, const FigureChoice& choice) {
  figures::PlotData data{
      .headings = {.title = "Spectrum",
                   .subtitle = "Singular values of the features' covariance, falling; right: divided by the largest.",
                   .notes = ""},
      .xLabel = "Number",
      .yLabel = "Singular value, logarithmic",
      .y = figures::Scale::Log,
      .panels = {{.title = "Raw", .series = {}}, {.title = "Divided by the largest", .series = {}}}};
  ResultTable numbers{
      .title = "", .head = {"checkpoint", "dataset", "from", "number", "divided", "singular_value"}, .rows = {}};
  const auto spectra = newestOf(rows, choice, "spectrum", "effective_rank");
  std::set<std::string> datasets, kinds;
  for (const store::EvaluationRow& row : spectra) {
    datasets.insert(row.dataset);
    kinds.insert(parsed(row.settings).value("from", ""));
  }
  for (const store::EvaluationRow& row : spectra) {
    const std::string from = parsed(row.settings).value("from", "");
    const nlohmann::json findings = parsed(row.findings);
    const auto values = findings.find("singular_values");
    if (values == findings.end() || !values->is_array() || values->empty() || !values->front().is_number()) {
      continue;
    }
    const double largest = values->front().get<double>();
    figures::PlotSeries raw, divided;
    raw.group = divided.group = kinds.size() > 1 || datasets.size() > 1 ? row.checkpointLabel : "";
    raw.label = divided.label = cat(row.checkpointLabel, kinds.size() > 1 ? cat(", ", from) : "",
                                    datasets.size() > 1 ? cat(", ", row.dataset) : "");
    for (std::size_t i = 0; i < values->size(); ++i) {
      const double value = (*values)[i].is_number() ? (*values)[i].get<double>() : NAN;
      raw.points.push_back({.x = double(i + 1), .y = value, .keys = {row.id}});
      divided.points.push_back({.x = double(i + 1), .y = value / largest, .keys = {row.id}});
      numbers.rows.push_back({TableCell::word(row.checkpointLabel), TableCell::word(row.dataset), TableCell::word(from),
                              TableCell::number(double(i + 1)), TableCell::number(value / largest),
                              TableCell::number(value, {row.id})});
    }
    data.headings.notes +=
        cat(data.headings.notes.empty() ? "Effective rank: " : ", ", raw.label, " ", std::round(10 * row.value) / 10);
    data.panels[0].series.push_back(std::move(raw));
    data.panels[1].series.push_back(std::move(divided));
  }
  if (numbers.rows.empty()) {
    return nothingToDraw();
  }
  data.headings.notes += ".";
  return MadeFigure{std::make_shared<figures::PlotFigure>(std::move(data)), std::move(numbers)};
}

namespace {

/// All that was asked for a result: of its training run, and of the evaluation.
std::map<std::string, nlohmann::json> fieldsOf(const Level& level, const FigureRows& rows) {
  std::map<std::string, nlohmann::json> fields;
  const auto checkpoint = std::ranges::find(rows.checkpoints, level.of.weightsHash, &store::CheckpointRow::weightsHash);
  const auto run = std::ranges::find_if(rows.runs, [&](const FigureRun& one) {
    return (checkpoint != rows.checkpoints.end() && checkpoint->run == one.row.id) ||
           one.row.out == level.of.checkpoint;
  });
  if (run != rows.runs.end()) {
    const nlohmann::json settings = parsed(run->row.settings);
    for (const auto& [name, value] : settings.items()) {
      fields[name] = value;
    }
    fields["recipe"] = run->row.recipe;
    fields["size"] = run->row.size;
    const double step = double(checkpoint == rows.checkpoints.end() ? run->row.step : checkpoint->step);
    if (const double samples = step * numberIn(settings, "batch"); samples > 0) {
      fields["samples"] = samples;
    }
  }
  const nlohmann::json settings = parsed(level.of.settings);
  for (const auto& [name, value] : settings.items()) {
    fields[name] = value;
  }
  fields["shots"] = level.of.shots;
  fields["dataset"] = level.of.dataset;
  fields["adapter"] = level.of.adapter;
  fields["templates"] = level.of.templates;
  return fields;
}

struct Swept {
  Level level;
  std::map<std::string, nlohmann::json> fields;
};

/// Fields that are no axes of themselves and tell no lines apart: those that runs never share, such as names and
/// seeds, what follows from others, what a line's name begins with, and what is watched or kept, which changes no weights.
bool isNoAxis(const std::string& name) {
  static const std::set<std::string> kNoAxes{"seed", "out", "name", "data", "init", "threads", "dataset", "label",
                                             "checkpointEvery", "keepEvery"};
  return kNoAxes.contains(name) || name.starts_with("canary");
}

/// Fields in which the results that have them differ.
std::vector<std::string> differing(const std::vector<Swept>& all) {
  std::map<std::string, std::set<std::string>> values;
  for (const Swept& one : all) {
    for (const auto& [name, value] : one.fields) {
      if (value.is_primitive() && !isNoAxis(name)) {
        values[name].insert(value.dump());
      }
    }
  }
  std::vector<std::string> names;
  for (const auto& [name, different] : values) {
    if (different.size() > 1) {
      names.push_back(name);
    }
  }
  return names;
}

bool isNumeric(const std::vector<Swept>& all, const std::string& name) {
  return std::ranges::all_of(all, [&](const Swept& one) {
    const auto found = one.fields.find(name);
    return found == one.fields.end() || found->second.is_number();
  });
}

std::string textOf(const Swept& one, const std::string& name) {
  const auto found = one.fields.find(name);
  const std::string text = found == one.fields.end()   ? "?"
                           : found->second.is_string() ? found->second.get<std::string>()
                                                       : found->second.dump();
  return text.empty() ? "none" : text;
}

/// Whether a number has one value at each place along x, such as the samples of runs that differ in their batch: then
/// it needs no line of its own.
bool followsFrom(const std::vector<Swept>& all, const std::string& name, const std::string& x) {
  std::map<std::string, std::set<std::string>> values;
  for (const Swept& one : all) {
    values[textOf(one, x)].insert(textOf(one, name));
  }
  return isNumeric(all, name) &&
         std::ranges::all_of(values, [](const auto& entry) { return entry.second.size() == 1; });
}

/// Whether a line has two results at one place along x.
bool overlap(const std::vector<Swept>& all, const std::vector<std::string>& names, const std::string& x) {
  std::set<std::pair<std::string, std::string>> seen;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].fields.contains(x) && !seen.emplace(names[i], textOf(all[i], x)).second) {
      return true;
    }
  }
  return false;
}

/// The line of each result: its task and all that results differ in besides x, so that a line joins what differs in x
/// alone; and the checkpoint where that leaves several at one place.
std::vector<std::string> linesOf(const std::vector<Swept>& all, const std::vector<std::string>& axes,
                                 const std::string& x, const FigureChoice& choice) {
  std::vector<std::string> fields;
  if (!choice.lines.empty()) {
    fields.push_back(choice.lines);
  }
  for (const std::string& name : axes) {
    if (name != x && name != choice.lines && name != "samples" && !followsFrom(all, name, x)) {
      fields.push_back(name);
    }
  }
  std::vector<Level> levels;
  std::ranges::transform(all, std::back_inserter(levels), &Swept::level);
  std::vector<std::string> names;
  for (const Swept& one : all) {
    std::vector<std::string> parts;
    for (const std::string& field : fields) {
      if (one.fields.contains(field)) {
        parts.push_back(cat(field, " ", textOf(one, field)));
      }
    }
    parts.push_back(taskName(one.level.of, levels));
    names.push_back(join(parts, ", "));
  }
  if (overlap(all, names, x)) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      names[i] += cat(", ", all[i].level.of.checkpointLabel);
    }
  }
  return names;
}

std::vector<Swept> sweptOf(const FigureRows& rows, const FigureChoice& choice) {
  const auto fewShot = levelsOf(rows, choice, "few-shot", "top1");
  std::vector<Level> levels;
  const auto setting = choice.shots == 0 ? std::nullopt : settingOf(fewShot, choice);
  if (setting && choice.x != "shots" && choice.lines != "shots") {
    levels = levelsAt(fewShot, *setting);
  } else if (setting) {
    std::ranges::copy_if(fewShot, std::back_inserter(levels),
                         [&](const Level& level) { return level.of.adapter == setting->adapter; });
  } else {
    levels = zeroShotLevels(rows, choice);
  }
  std::vector<Swept> all;
  for (Level& level : levels) {
    auto fields = fieldsOf(level, rows);
    all.push_back({std::move(level), std::move(fields)});
  }
  return all;
}

/// "Top-1, Tip-Adapter, searched at 4 shots."
std::string subtitleOf(const std::vector<Swept>& all) {
  std::set<int> shots;
  for (const Swept& one : all) {
    shots.insert(one.level.of.shots);
  }
  const store::EvaluationRow& of = all.front().level.of;
  return *shots.rbegin() == 0 ? "Top-1, zero-shot."
         : shots.size() > 1   ? cat("Top-1, ", adapterTitle(of.adapter), ".")
                              : cat("Top-1, ", adapterTitle(of.adapter), " at ", shotsText(of.shots), ".");
}

struct Drawn {
  std::map<std::string, figures::PlotSeries> lines;
  ResultTable numbers;
  double least = INFINITY, most = 0.0;  // along x
};

Drawn drawnOf(const std::vector<Swept>& all, const std::vector<std::string>& names, const std::string& x) {
  Drawn drawn;
  drawn.numbers.head = {"checkpoint", "dataset", x, "line", "n", "low", "high", "top1"};
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Swept& one = all[i];
    const auto at = one.fields.find(x);
    if (at == one.fields.end() || !at->second.is_number()) {
      continue;
    }
    const double value = at->second.get<double>();
    drawn.least = std::min(drawn.least, value);
    drawn.most = std::max(drawn.most, value);
    figures::PlotSeries& line = drawn.lines[names[i]];
    line.label = names[i];
    line.points.push_back({value, 100 * one.level.mean, 100 * one.level.low, 100 * one.level.high, {}, one.level.keys});
    drawn.numbers.rows.push_back({TableCell::word(one.level.of.checkpointLabel), TableCell::word(one.level.of.dataset),
                                  TableCell::number(value), TableCell::word(names[i]), TableCell::number(one.level.n),
                                  TableCell::number(one.level.low), TableCell::number(one.level.high),
                                  TableCell::number(one.level.mean, one.level.keys)});
  }
  return drawn;
}

}  // namespace

std::vector<std::string> sweepFields(const FigureRows& rows, const FigureChoice& choice) {
  return differing(sweptOf(rows, choice));
}

Result<MadeFigure> makeSweep(const FigureRows& rows, const FigureChoice& choice) {
  const std::vector<Swept> all = sweptOf(rows, choice);
  const auto axes = differing(all);
  std::string x = choice.x;
  for (const std::string& name : axes) {
    x = x.empty() && name != choice.lines && isNumeric(all, name) ? name : x;
  }
  if (x.empty() || all.empty()) {
    return nothingToDraw();
  }
  Drawn drawn = drawnOf(all, linesOf(all, axes, x, choice), x);
  if (drawn.lines.empty()) {
    return fail(ErrorCode::NotFound,
                cat("No result has a number for '", x, "'; results differ in ", join(axes, ", "), "."));
  }
  figures::PlotData data{
      .headings = {.title = cat("Sweep over ", x), .subtitle = subtitleOf(all), .notes = ""},
      .xLabel = x,
      .yLabel = "Accuracy, %",
      .x = drawn.least > 0 && drawn.most >= 10 * drawn.least ? figures::Scale::Log : figures::Scale::Linear,
      .panels = {}};
  data.panels.emplace_back();
  if (!choice.reference.empty()) {
    LIX_TRY(const auto references, paperValues(choice.reference));
    for (const PaperValue& value : references) {
      data.panels[0].levels.push_back({value.name(), value.value});
    }
  }
  for (auto& [name, line] : drawn.lines) {
    std::ranges::stable_sort(line.points, {}, &figures::PlotPoint::x);
    data.panels[0].series.push_back(std::move(line));
  }
  return MadeFigure{std::make_shared<figures::PlotFigure>(std::move(data)), std::move(drawn.numbers)};
}

}  // namespace lix::app
