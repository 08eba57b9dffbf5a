#include "shared/results/rows.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

#include "base/text.h"

namespace lix::app {
namespace {

const std::vector<std::string> kUsualAdapters{"tip-adapter-x", "tip-adapter"};

bool contains(const std::vector<std::string>& list, const std::string& item) {
  return std::ranges::find(list, item) != list.end();
}

bool isChosen(const store::EvaluationRow& row, const CurvesChoice& choice) {
  return (choice.dataset.empty() || row.dataset.empty() || row.dataset == choice.dataset) &&
         (choice.labelSet.empty() || row.labelSet.empty() || row.labelSet == choice.labelSet) &&
         (choice.checkpoints.empty() || contains(choice.checkpoints, row.checkpointLabel)) &&
         (choice.adapters.empty() || row.adapter.empty() || row.adapter == "zero-shot" ||
          contains(choice.adapters, row.adapter));
}

/// Whether a metric is a share of pictures or captions (docs/results.md).
bool isShare(const std::string& metric) {
  return metric.starts_with("top") || metric.starts_with("image_to_text_r") || metric.starts_with("text_to_image_r") ||
         metric == "mean_per_class_recall" || metric == "worst_group" || metric == "group_gap";
}

}  // namespace

Level levelOf(const store::CurvePoint& point) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  const bool share = isShare(point.of.metric);  // Student's t over few draws knows no bounds, a share does
  const auto bounded = [&](std::optional<double> end) {
    return !end ? kNone : share ? std::clamp(*end, 0.0, 1.0) : *end;
  };
  Level level{.of = point.of,
              .mean = point.mean,
              .low = bounded(point.low),
              .high = bounded(point.high),
              .n = point.n,
              .keys = {}};
  for (const store::EvaluationRow& row : point.rows) {
    level.keys.push_back(row.id);
  }
  return level;
}

std::vector<Level> levelsOf(const FigureRows& rows, const FigureChoice& choice, const std::string& kind,
                            const std::string& metric) {
  std::vector<store::EvaluationRow> some;
  std::ranges::copy_if(rows.evaluations, std::back_inserter(some), [&](const store::EvaluationRow& row) {
    return row.kind == kind && row.metric == metric && isChosen(row, choice.rows);
  });
  std::vector<Level> levels;
  for (const store::CurvePoint& point : store::curvePoints(some, rows.outcomes)) {
    levels.push_back(levelOf(point));
  }
  return levels;
}

std::vector<store::EvaluationRow> newestOf(const FigureRows& rows, const FigureChoice& choice, const std::string& kind,
                                           const std::string& metric) {
  std::map<std::tuple<std::string, std::string, std::string, std::string>, store::EvaluationRow> newest;
  for (const store::EvaluationRow& row : rows.evaluations) {
    if (row.kind == kind && row.metric == metric && isChosen(row, choice.rows)) {
      newest[{row.checkpointLabel, row.dataset, row.labelSet, row.settings}] = row;
    }
  }
  std::vector<store::EvaluationRow> some;
  for (auto& [of, row] : newest) {
    some.push_back(std::move(row));
  }
  return some;
}

std::vector<std::string> labelsOf(const std::vector<Level>& levels, const FigureChoice& choice) {
  std::set<std::string> all;
  for (const Level& level : levels) {
    all.insert(level.of.checkpointLabel);
  }
  std::vector<std::string> labels;
  for (const std::string& label : choice.rows.checkpoints) {
    if (all.erase(label) > 0) {
      labels.push_back(label);
    }
  }
  labels.insert(labels.end(), all.begin(), all.end());
  return labels;
}

Task taskOf(const store::EvaluationRow& row) { return {row.dataset, row.split, row.labelSet}; }

std::string taskName(const store::EvaluationRow& row, const std::vector<Level>& among) {
  bool labelSets = false, splits = false;
  for (const Level& other : among) {
    if (other.of.dataset == row.dataset) {
      labelSets = labelSets || other.of.labelSet != row.labelSet;
      splits = splits || other.of.split != row.split;
    }
  }
  return cat(row.dataset, labelSets && !row.labelSet.empty() ? cat(", ", row.labelSet) : "",
             splits && !row.split.empty() ? cat(", ", row.split) : "");
}

std::vector<Level> newestLevels(const std::vector<Level>& levels) {
  std::map<std::pair<std::string, Task>, const Level*> newest;
  for (const Level& level : levels) {
    const Level*& kept = newest[{level.of.checkpointLabel, taskOf(level.of)}];
    kept = kept == nullptr || kept->of.id < level.of.id ? &level : kept;
  }
  std::vector<Level> some;
  for (const auto& [of, level] : newest) {
    some.push_back(*level);
  }
  return some;
}

std::set<Task> sharedTasks(const std::vector<std::vector<Level>>& lists) {
  std::map<Task, std::size_t> haves;
  std::size_t wanted = 0;
  for (const std::vector<Level>& list : lists) {
    std::set<std::pair<std::string, Task>> cells;
    std::set<std::string> labels;
    for (const Level& level : list) {
      labels.insert(level.of.checkpointLabel);
      if (cells.emplace(level.of.checkpointLabel, taskOf(level.of)).second) {
        ++haves[taskOf(level.of)];
      }
    }
    wanted += labels.size();
  }
  std::set<Task> shared;
  for (const auto& [task, count] : haves) {
    if (count == wanted) {
      shared.insert(task);
    }
  }
  return shared;
}

std::string mixedNote(const std::vector<Level>& levels) {
  using Place = std::tuple<std::string, std::string, int, Task>;  // kind, adapter, shots, task
  std::map<Place, std::set<std::string>> templates, settings;
  for (const Level& level : levels) {
    const Place place{level.of.kind, level.of.adapter, level.of.shots, taskOf(level.of)};
    templates[place].insert(level.of.templates);
    settings[place].insert(level.of.settings);
  }
  const auto mixed = [](const auto& values) {
    return std::ranges::any_of(values, [](const auto& entry) { return entry.second.size() > 1; });
  };
  const bool byTemplates = mixed(templates), bySettings = mixed(settings);
  return byTemplates || bySettings
             ? cat("Not alike between models on a dataset: ", byTemplates ? "prompt templates" : "",
                   byTemplates && bySettings ? " and " : "", bySettings ? "settings of the evaluation" : "", ".")
             : "";
}

std::map<std::string, Mean> meansByLabel(const std::vector<Level>& levels, const std::set<Task>& tasks) {
  std::map<std::string, Mean> means;
  std::map<std::string, double> sums;
  for (const Level& level : newestLevels(levels)) {
    Mean& mean = means[level.of.checkpointLabel];
    if (tasks.contains(taskOf(level.of))) {
      sums[level.of.checkpointLabel] += level.mean;
      ++mean.tasks;
      mean.keys.insert(mean.keys.end(), level.keys.begin(), level.keys.end());
    }
  }
  for (auto& [label, mean] : means) {
    if (mean.tasks > 0 && std::size_t(mean.tasks) == tasks.size()) {
      mean.value = sums[label] / mean.tasks;
    }
  }
  return means;
}

std::map<std::string, Mean> meansByLabel(const std::vector<Level>& levels) {
  return meansByLabel(levels, sharedTasks({levels}));
}

std::optional<Setting> settingOf(const std::vector<Level>& fewShot, const FigureChoice& choice) {
  std::map<std::string, std::map<int, std::set<std::string>>> labels;  // adapter, shots
  for (const Level& level : fewShot) {
    if (level.of.shots > 0 && level.of.adapter != "zero-shot" && (!choice.shots || level.of.shots == *choice.shots)) {
      labels[level.of.adapter][level.of.shots].insert(level.of.checkpointLabel);
    }
  }
  if (labels.empty()) {
    return std::nullopt;
  }
  auto adapter = labels.begin();
  for (const std::string& wanted : choice.rows.adapters.empty() ? kUsualAdapters : choice.rows.adapters) {
    if (const auto found = labels.find(wanted); found != labels.end()) {
      adapter = found;
      break;
    }
  }
  const auto most = std::ranges::max_element(
      adapter->second, {}, [](const auto& entry) { return std::pair(entry.second.size(), entry.first); });
  return Setting{adapter->first, most->first};
}

std::vector<Level> levelsAt(const std::vector<Level>& levels, const Setting& setting) {
  std::vector<Level> some;
  std::ranges::copy_if(levels, std::back_inserter(some), [&](const Level& level) {
    return level.of.adapter == setting.adapter && level.of.shots == setting.shots;
  });
  return some;
}

std::map<std::string, std::vector<Level>> byAdapter(const std::vector<Level>& fewShot, int shots) {
  std::map<std::string, std::vector<Level>> sorted;
  for (const Level& level : fewShot) {
    if (level.of.adapter != "zero-shot" && level.of.shots == shots) {
      sorted[level.of.adapter].push_back(level);
    }
  }
  return sorted;
}

std::vector<Level> zeroShotLevels(const FigureRows& rows, const FigureChoice& choice) {
  std::vector<Level> levels = levelsOf(rows, choice, "zero-shot", "top1");
  for (Level& level : levelsOf(rows, choice, "few-shot", "top1")) {
    const bool known = std::ranges::any_of(levels, [&](const Level& other) {
      return other.of.checkpointLabel == level.of.checkpointLabel && taskOf(other.of) == taskOf(level.of);
    });
    if (level.of.adapter == "zero-shot" && level.of.shots == 0 && !known) {
      levels.push_back(std::move(level));
    }
  }
  return levels;
}

std::string shotsText(int shots) { return cat(shots, shots == 1 ? " shot" : " shots"); }

std::string datasetsText(std::size_t count) { return cat(count, count == 1 ? " dataset" : " datasets"); }

nlohmann::json parsed(const std::string& text) {
  nlohmann::json object = nlohmann::json::parse(text, nullptr, false);
  return object.is_object() ? object : nlohmann::json::object();
}

double numberIn(const nlohmann::json& object, const std::string& name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_number() ? found->get<double>() : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace lix::app
