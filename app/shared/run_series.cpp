#include "shared/run_series.h"

#include <algorithm>

#include "base/text.h"
#include "study/metrics/inflection.h"

namespace lix::app {
namespace {

using figures::Scale;
using Panel = figures::SeriesPanelView;

/// What one run adds to its panels.
struct Adder {
  std::span<const Series> series;
  std::string run;

  void named(Panel& panel, std::string_view name, const std::string& label) const {
    if (const Series* one = findSeries(series, name)) {
      panel.lines.push_back({label, run, one->steps, one->values});
    }
  }
  /// Those whose name begins so, named by what follows the dot: "context" of "loss.context".
  void all(Panel& panel, std::string_view prefix, const std::string& before = "",
           figures::SeriesLineView::Values values = figures::SeriesLineView::Values::AsMeasured) const {
    for (const Series& one : series) {
      if (one.name.starts_with(prefix)) {
        panel.lines.push_back({before + one.name.substr(one.name.find('.') + 1), run, one.steps, one.values, values});
      }
    }
  }
  std::string marked(const char* what) const { return run.empty() ? what : cat(run, ", ", what); }
  void inflection(Panel& panel) const {
    if (const auto step = inflectionOf(series)) {
      panel.marks.push_back({marked("inflection"), double(*step)});
    }
  }
  void resumptions(Panel& panel) const {
    if (const Series* resumed = findSeries(series, "resumed")) {
      for (const double step : resumed->steps) {
        panel.marks.push_back({marked("taken up again"), step});
      }
    }
  }
};

Panel panelOf(const char* title, Scale scale = Scale::Linear) {
  return {.title = title, .scale = scale, .lines = {}, .marks = {}, .levels = {}};
}

Panel lossPanel(const Adder& add) {
  Panel loss = panelOf("Loss");
  add.all(loss, "loss.");
  if (loss.lines.size() != 1) {  // of one term the whole is the same
    Panel whole = panelOf("");
    add.named(whole, "loss", "whole");
    loss.lines.insert(loss.lines.begin(), whole.lines.begin(), whole.lines.end());
  }
  add.resumptions(loss);
  return loss;
}

Panel neighboursPanel(const Adder& add, int batch) {
  Panel neighbours = panelOf("Effective neighbours");
  add.named(neighbours, "effective_neighbours", "");  // the title says it
  if (batch > 1 && !neighbours.lines.empty()) {
    neighbours.levels.push_back({"uniform", double(batch - 1)});
  }
  add.inflection(neighbours);
  return neighbours;
}

Panel temperaturesPanel(const Adder& add) {
  Panel temperatures = panelOf("Temperatures", Scale::Log);
  add.named(temperatures, "tau_ctx", "tau_ctx");
  if (!temperatures.lines.empty()) {
    add.inflection(temperatures);
  }
  add.all(temperatures, "scale.", "1/scale ", figures::SeriesLineView::Values::Reciprocal);
  return temperatures;
}

Panel named(const Adder& add, const char* title, std::initializer_list<std::pair<const char*, const char*>> names) {
  Panel panel = panelOf(title);
  for (const auto& [name, label] : names) {
    add.named(panel, name, label);
  }
  return panel;
}

Panel prefixed(const Adder& add, const char* title, const char* prefix) {
  Panel panel = panelOf(title);
  add.all(panel, prefix);
  return panel;
}

}  // namespace

const Series* findSeries(std::span<const Series> series, std::string_view name) {
  const auto found = std::ranges::find(series, name, &Series::name);
  return found == series.end() ? nullptr : &*found;
}

std::optional<long long> inflectionOf(std::span<const Series> series) {
  const Series* neighbours = findSeries(series, "effective_neighbours");
  return neighbours == nullptr ? std::nullopt : study::inflection(neighbours->steps, neighbours->values);
}

std::vector<Panel> panelsOf(std::span<const Series> series, int batch, const std::string& run) {
  const Adder add{series, run};
  std::vector<Panel> panels{
      named(add, "Canary", {{"canary.zero_shot", "zero-shot"}, {"canary.prototype", "prototype"}, {"canary.tip_adapter", "Tip-Adapter"}}),
      temperaturesPanel(add),
      neighboursPanel(add, batch),
      named(add, "Mixture weights", {{"mixture_entropy", "entropy, share of ln K"}, {"dead_tokens", "dead tokens, share"}}),
      lossPanel(add),
      prefixed(add, "Scale", "scale."),
      prefixed(add, "Bias", "bias."),
      named(add, "Gradient norm", {{"gradient_norm", ""}}),
      named(add, "Learning rate", {{"learning_rate", ""}}),
      named(add, "Pictures a second", {{"images_per_second", ""}}),
      prefixed(add, "Memory, GB", "memory.")};
  std::erase_if(panels, [](const Panel& panel) { return panel.lines.empty(); });
  return panels;
}

figures::SeriesData seriesData(std::span<const Series> series, const std::string& title, const std::string& subtitle,
                               int batch) {
  figures::SeriesData data{.headings = {.title = title, .subtitle = subtitle, .notes = ""}};
  for (const Panel& panel : panelsOf(series, batch)) {
    if (panel.title == "Pictures a second" || panel.title == "Memory, GB") {
      continue;  // of the machine, not of the model
    }
    figures::SeriesPanel& copy = data.panels.emplace_back(figures::copyOf(panel));
    for (figures::StepMark& mark : copy.marks) {
      mark.label = cat(mark.label, ", step ", mark.x);
    }
  }
  return data;
}

}  // namespace lix::app
