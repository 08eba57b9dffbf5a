#include "shared/run_series.h"

#include <algorithm>
#include <cstdio>

#include "base/text.h"
#include "study/metrics/inflection.h"

namespace lix::app {
namespace {

using figures::Scale;
constexpr int kInkDashed = 7 + 1 * 8;  // a colour of its own, in dashes
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
  /// What a term of the loss is called by people: "SigLIP" for "dot" where there is a bias, "CLIP" where there is none.
  std::string termOf(std::string_view id) const {
    if (id == "dot") {
      return findSeries(series, "bias.dot") == nullptr ? "CLIP" : "SigLIP";
    }
    return id == "mixture" ? "Llip" : std::string(id);
  }
  /// The series of each term: "context loss" of "loss.context".
  void terms(Panel& panel, std::string_view prefix, const std::string& before, const std::string& behind,
             figures::SeriesLineView::Values values = figures::SeriesLineView::Values::AsMeasured) const {
    for (const Series& one : series) {
      if (one.name.starts_with(prefix)) {
        panel.lines.push_back({before + termOf(one.name.substr(prefix.size())) + behind, run, one.steps, one.values, values});
      }
    }
  }
  /// Those whose name begins so, named by what follows the dot: "process" of "memory.process".
  void all(Panel& panel, std::string_view prefix) const {
    for (const Series& one : series) {
      if (one.name.starts_with(prefix)) {
        panel.lines.push_back({one.name.substr(prefix.size()), run, one.steps, one.values});
      }
    }
  }
  std::string marked(const char* what) const { return run.empty() ? what : cat(run, ", ", what); }
  void inflection(Panel& panel) const {
    if (const auto step = inflectionOf(series)) {
      panel.marks.push_back({marked("inflection"), double(*step),
                             "here the effective neighbours fall below half their start, so the context begins to attend"});
    }
  }
  void resumptions(Panel& panel) const {
    if (const Series* resumed = findSeries(series, "resumed")) {
      for (const double step : resumed->steps) {
        panel.marks.push_back({marked("taken up again"), step, "here the run went on from a checkpoint after it had ended"});
      }
    }
  }
};

Panel panelOf(const char* title, Scale scale = Scale::Linear) {
  return {.title = title, .scale = scale, .lines = {}, .marks = {}, .levels = {}};
}

Panel lossPanel(const Adder& add) {
  Panel loss = panelOf("Loss");
  add.terms(loss, "loss.", "", " loss");
  if (loss.lines.size() != 1) {  // of one term the whole is the same
    add.named(loss, "loss", "whole");
    if (loss.lines.size() > 1 && loss.lines.back().label == "whole") {  // dashed over the others: it may lie on one of them
      loss.lines.back().look = kInkDashed;
    }
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
  add.terms(temperatures, "scale.", "", " temperature", figures::SeriesLineView::Values::Reciprocal);
  return temperatures;
}

Panel named(const Adder& add, const char* title, std::initializer_list<std::pair<const char*, const char*>> names) {
  Panel panel = panelOf(title);
  for (const auto& [name, label] : names) {
    add.named(panel, name, label);
  }
  return panel;
}

/// One line for each term of the loss.
Panel byTerm(const Adder& add, const char* title, const char* prefix) {
  Panel panel = panelOf(title);
  add.terms(panel, prefix, "", "");
  return panel;
}

Panel memoryPanel(const Adder& add) {
  Panel panel = panelOf("Memory, GB");
  add.all(panel, "memory.");
  return panel;
}

/// Accuracies at a few steps: a moving mean of them would show what nobody measured.
Panel canaryPanel(const Adder& add) {
  Panel panel = named(add, "Canary", {{"canary.zero_shot", "zero-shot"}, {"canary.prototype", "prototype"}, {"canary.tip_adapter", "Tip-Adapter"}});
  panel.smoothing = figures::Smoothing::Never;
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
      canaryPanel(add),
      temperaturesPanel(add),
      neighboursPanel(add, batch),
      named(add, "Mixture weights", {{"mixture_entropy", "entropy, share of ln K"}, {"dead_tokens", "dead tokens, share"}}),
      lossPanel(add),
      byTerm(add, "Scale", "scale."),
      byTerm(add, "Bias", "bias."),
      named(add, "Gradient norm", {{"gradient_norm", ""}}),
      named(add, "Learning rate", {{"learning_rate", ""}}),
      named(add, "Pictures a second", {{"images_per_second", ""}}),
      memoryPanel(add)};
  std::erase_if(panels, [](const Panel& panel) { return panel.lines.empty(); });
  return panels;
}

std::string paceText(std::span<const Series> series) {
  const Series* pace = findSeries(series, "images_per_second");
  if (pace == nullptr || pace->values.empty() || !(pace->values.back() > 0.0)) {
    return {};
  }
  char text[32];
  std::snprintf(text, sizeof text, pace->values.back() < 10.0 ? "%.1f" : "%.0f", pace->values.back());
  return cat(text, " pictures/s");
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
