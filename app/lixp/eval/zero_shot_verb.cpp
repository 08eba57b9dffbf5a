#include <algorithm>

#include "base/text.h"
#include "lixp/eval/run.h"
#include "lixp/eval/subject.h"
#include "lixp/eval/vector_kind.h"
#include "lixp/eval/verbs.h"
#include "lixp/eval/zero_shot_frames.h"
#include "study/metrics/accuracy.h"
#include "study/metrics/bootstrap.h"
#include "study/metrics/group_accuracy.h"
#include "study/suite/suite.h"

namespace lix::app {
namespace {
using nlohmann::json;

/// What a model said of the samples of a split.
struct Verdicts {
  std::vector<Judged> judged;
  std::vector<int> labels, predicted;
  at::Tensor scores;  ///< [samples, classes]
  std::vector<std::string> notes;

  study::Scores view() const { return {valuesOf(scores), std::size_t(scores.size(1))}; }
};

struct Measured {
  std::string metric;
  double value = 0.0;
  json settings = json::object(), findings = json::object();
};

Result<Verdicts> judge(const Session& session, const store::Workspace& workspace, const ZeroShotOrder& order,
                       const Subject& s) {
  Verdicts out{.notes = s.notes};
  LIX_TRY(out.judged, order.frames.empty() ? picturesOf(s, order.split)
                                           : videosOf(s, order.split, order.frames, order.frameCount, out.notes));
  std::vector<std::size_t> samples;
  for (const Judged& one : out.judged) {
    samples.insert(samples.end(), one.frames.begin(), one.frames.end());
  }
  LIX_TRY(const auto images, imagesOf(session, workspace, s, samples));
  noteSkipped(images, order.split, out.notes);
  const study::FrameGroups rows = rowsOf(out.judged, images, out.notes);
  out.scores = order.frames.empty() ? study::zeroShotScores(s.evaluator, images, s.classes)
                                    : study::zeroShotScores(s.evaluator, images, s.classes, rows);
  for (const Judged& one : out.judged) {
    out.labels.push_back(one.label);
  }
  out.predicted = study::predictions(out.view());
  return out;
}

/// Score of the second class less that of the first, for the ROC curve of two classes.
std::optional<double> rocAucOf(const Verdicts& verdicts) {
  const study::Scores scores = verdicts.view();
  if (scores.classes != 2) {
    return std::nullopt;
  }
  std::vector<float> differences;
  for (std::size_t i = 0; i < scores.samples(); ++i) {
    differences.push_back(scores.row(i)[1] - scores.row(i)[0]);
  }
  return study::rocAuc(differences, verdicts.labels);
}

std::vector<Measured> plainMetrics(const Verdicts& verdicts) {
  const auto top1 = study::accuracy(verdicts.predicted, verdicts.labels);
  const auto top5 = study::topAccuracy(verdicts.view(), verdicts.labels, 5);
  const std::pair<const char*, std::optional<double>> metrics[] = {
      {"top1", top1},
      {"top5", top5},
      {"mean_per_class_recall",
       study::meanPerClassRecall(verdicts.predicted, verdicts.labels, verdicts.view().classes)},
      {"top1_top5_mean", top1 && top5 ? std::optional((*top1 + *top5) / 2.0) : std::nullopt},
      {"roc_auc", rocAucOf(verdicts)}};
  std::vector<Measured> out;
  for (const auto& [name, value] : metrics) {
    if (value) {
      out.push_back({.metric = name, .value = *value});
    }
  }
  return out;
}

/// The lowest accuracy of a group and the distance to the highest, of the classes of another label set.
Result<std::vector<Measured>> groupMetrics(const std::string& group, const Subject& s, Verdicts& verdicts) {
  LIX_TRY(const std::size_t set, s.dataset.labelSet(group));
  std::vector<int> groupOf;
  for (const Judged& one : verdicts.judged) {
    groupOf.push_back(s.dataset.samples[one.frames.front()].labels[set]);
  }
  const auto& names = s.dataset.labelSets[set].classes;
  const auto found = study::groupAccuracy(verdicts.predicted, verdicts.labels, groupOf, names.size());
  if (!found) {
    return fail(ErrorCode::BadInput, cat("No picture of the split has a group of '", group, "'."));
  }
  if (const auto without = std::ranges::count(groupOf, -1); without > 0) {
    verdicts.notes.push_back(cat(without, " of the samples have no '", group, "' and are in no group."));
  }
  json groups = json::object();
  for (std::size_t g = 0; g < names.size(); ++g) {
    if (found->accuracies[g]) {
      groups[names[g]] = *found->accuracies[g];
    }
  }
  const json settings{{"group", group}}, findings{{"groups", groups}, {"worst", names[found->worst]}};
  return std::vector<Measured>{{"worst_group", found->worstAccuracy, settings, findings},
                               {"group_gap", found->gap, settings, findings}};
}

/// Which metric tells of this dataset: the asked one, the catalogue's, or none in particular.
Result<std::string> chosenMetric(const ZeroShotOrder& order, const Subject& s, const std::vector<Measured>& measured) {
  std::string chosen = order.metric.empty() ? s.metric : order.metric;
  if (!chosen.empty() && std::ranges::find(measured, chosen, &Measured::metric) == measured.end()) {
    if (order.metric.empty()) {
      return std::string();
    }
    return fail(ErrorCode::BadInput,
                cat("The metric ", chosen, " needs ",
                    chosen == "roc_auc" ? "two classes, both with pictures" : "five classes or more", "; '", s.row.dataset,
                    "' has ", s.classNames().size(), " classes."));
  }
  return chosen;
}

/// The pairs of classes that are taken for one another most often.
json mostConfused(const Subject& s, const Verdicts& verdicts) {
  constexpr std::size_t kPairs = 10;
  const std::size_t classes = s.classNames().size();
  const auto counts = study::confusion(verdicts.predicted, verdicts.labels, classes);
  std::vector<std::size_t> cells;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > 0 && i / classes != i % classes) {
      cells.push_back(i);
    }
  }
  std::ranges::stable_sort(cells, [&](std::size_t a, std::size_t b) { return counts[a] > counts[b]; });
  json pairs = json::array();
  for (std::size_t i = 0; i < std::min(kPairs, cells.size()); ++i) {
    pairs.push_back({{"label", s.classNames()[cells[i] / classes]},
                     {"predicted", s.classNames()[cells[i] % classes]},
                     {"count", counts[cells[i]]}});
  }
  return pairs;
}

std::vector<store::PredictionRow> predictionRows(const Subject& s, const Verdicts& verdicts) {
  const auto margins = study::margins(verdicts.view());
  std::vector<store::PredictionRow> rows;
  for (std::size_t i = 0; i < verdicts.judged.size(); ++i) {
    rows.push_back({verdicts.judged[i].key, s.classNames()[std::size_t(verdicts.labels[i])],
                    s.classNames()[std::size_t(verdicts.predicted[i])], margins[i]});
  }
  return rows;
}

store::Outcomes outcomesOf(const std::vector<store::PredictionRow>& predictions, const Verdicts& verdicts) {
  std::vector<std::string> keys, labels;
  for (const store::PredictionRow& one : predictions) {
    keys.push_back(one.sample);
    labels.push_back(one.label);
  }
  return {.querySet = store::querySetOf(keys, labels),
          .queries = predictions.size(),
          .bits = study::packOutcomes(verdicts.predicted, verdicts.labels)};
}

/// One row a metric, in one transaction; adds value and key of each to `about`.
Result<void> storeRows(const store::Workspace& workspace, const ZeroShotOrder& order, const std::string& chosen,
                       const std::vector<Measured>& measured, const Verdicts& verdicts, Subject& s, json& about) {
  const auto predictions = predictionRows(s, verdicts);
  const store::Outcomes outcomes = outcomesOf(predictions, verdicts);
  s.row.vectors = procedureKindOf(s.evaluator);
  LIX_TRY(auto transaction, store::Transaction::begin(workspace));
  for (const Measured& one : measured) {
    json settings = one.settings;
    if (!order.frames.empty()) {
      settings["frames"] = {{"by", order.frames}, {"most", order.frameCount}};
    }
    addTextFiles(order, settings);
    json findings = one.findings;
    if (one.metric == chosen) {
      findings["chosen_metric"] = chosen;
    }
    s.row.metric = one.metric;
    s.row.value = one.value;
    s.row.settings = settings.dump();
    s.row.findings = findings.dump();
    const bool top1 = one.metric == "top1";
    LIX_TRY(about["key"][one.metric],
            store::EvaluationStore(workspace).add(
                s.row, top1 ? std::span(predictions) : std::span<const store::PredictionRow>(),
                top1 ? &outcomes : nullptr));
    about[one.metric] = one.value;
    about.update(one.findings);
  }
  return transaction.commit();
}

std::string inWords(const Subject& s, const ZeroShotOrder& order, const std::string& chosen, const Verdicts& verdicts,
                    const json& about) {
  std::string text =
      cat(s.row.checkpointLabel, "  ", s.row.dataset, "/", s.row.labelSet, " (", s.row.classes, " classes, ",
          verdicts.labels.size(), order.frames.empty() ? " pictures" : " videos", ", templates ", s.row.templates,
          "): top-1 ", fixed(100.0 * about.value("top1", 0.0), 1), " %");
  if (!chosen.empty() && chosen != "top1") {
    text += cat(", ", chosen, " ", fixed(100.0 * about.value(chosen, 0.0), 1), " %");
  }
  if (!order.group.empty()) {
    text += cat(", worst ", order.group, " ", about.value("worst", ""), " ",
                fixed(100.0 * about.value("worst_group", 0.0), 1), " %, gap ",
                fixed(100.0 * about.value("group_gap", 0.0), 1));
  }
  return cat(text, "\n", linesOf(verdicts.notes));
}

Result<void> zeroShot(const Session& session, const store::Workspace& workspace, const ZeroShotOrder& order,
                      std::size_t which, Output& output) {
  if (!order.metric.empty()) {
    LIX_CHECK(study::checkMetric(order.metric, "--metric"));
  }
  LIX_TRY(Subject s, openSubject(workspace, order, which, "zero-shot"));
  if (s.classes.text.size(0) == 0) {
    return fail(ErrorCode::BadInput,
                cat(order.checkpoints[which], " has no text vectors of its classes (class_features), without which "
                                              "nothing is classified by name."));
  }
  if (!order.group.empty()) {
    LIX_CHECK(s.dataset.labelSet(order.group));  // before the pictures are encoded
  }
  LIX_TRY(Verdicts verdicts, judge(session, workspace, order, s));
  std::vector<Measured> measured = plainMetrics(verdicts);
  LIX_TRY(const std::string chosen, chosenMetric(order, s, measured));
  if (!order.group.empty()) {
    LIX_TRY(const auto ofGroups, groupMetrics(order.group, s, verdicts));
    measured.insert(measured.end(), ofGroups.begin(), ofGroups.end());
  }
  s.row.classes = static_cast<int>(s.classNames().size());
  s.row.querySize = static_cast<long long>(verdicts.labels.size());
  json about{{"checkpoint", s.row.checkpointLabel},   {"dataset", s.row.dataset},
             {"label_set", s.row.labelSet},           {"classes", s.row.classes},
             {"templates", s.row.templates},          {"pictures", verdicts.labels.size()},
             {"confused", mostConfused(s, verdicts)}, {"notes", verdicts.notes}};
  if (!chosen.empty()) {
    about["chosen_metric"] = chosen;
  }
  LIX_CHECK(storeRows(workspace, order, chosen, measured, verdicts, s, about));
  output.text += inWords(s, order, chosen, verdicts, about);
  output.json.push_back(about);
  return {};
}

}  // namespace

Result<void> evalZeroShotInto(const Session& session, const store::Workspace& workspace, const ZeroShotOrder& order,
                              Output& output) {
  LIX_CHECK(checkLabels(order));
  for (std::size_t i = 0; i < order.checkpoints.size(); ++i) {
    LIX_CHECK(zeroShot(session, workspace, order, i, output));
  }
  return {};
}

void addZeroShotVerb(CLI::App& eval, Session& session) {
  auto order = std::make_shared<ZeroShotOrder>();
  CLI::App* verb = eval.add_subcommand("zero-shot", "Classify by class names");
  addCommonOptions(verb, *order);
  verb->add_option(
      "--class-names", order->classNames,
      "File of the classes' names in label order, one a line or a JSON list, a|b for a class of two names; "
      "own keeps the label set's where the catalogue has others");
  verb->add_option("--group", order->group,
                   "Label set whose classes are groups: the worst group's accuracy and the gap");
  verb->add_option(
      "--frames", order->frames,
      "Label set that names the video of each picture: the frames of one are one sample, the normalised mean "
      "of their unit vectors (of a Llip the mean of their cosines); data added with "
      "--options '{\"frames\": true}' has the label set video");
  verb->add_option("--frame-count", order->frameCount, "Most frames of one video, evenly spaced (0: all)")
      ->check(CLI::Range(0, 1'000'000));
  verb->add_option("--metric", order->metric,
                   cat("The metric that tells of this dataset: ", join(study::suiteMetrics(), ", "),
                       " (default: the catalogue's, if any)"));
  setEvaluation(verb, session, order, evalZeroShotInto);
}

}  // namespace lix::app
