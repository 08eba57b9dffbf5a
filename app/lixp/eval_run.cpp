#include "lixp/eval_run.h"

#include <ATen/core/TensorBody.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "store/evaluation_store.h"
#include "study/eval/zero_shot.h"
#include "study/few_shot/few_shot.h"
#include "study/metrics/accuracy.h"

namespace lix::app {
namespace {
using nlohmann::json;
namespace fs = std::filesystem;

/// One checkpoint on one labelled dataset.
struct Subject {
  study::Evaluator evaluator;
  data::Dataset dataset;
  std::size_t labelSet = 0;
  study::Templates templates;
  study::ClassTexts classes;
  store::EvaluationRow row;  ///< what all its rows share

  const std::vector<std::string>& classNames() const { return dataset.labelSets[labelSet].classes; }
  int label(std::size_t sample) const { return dataset.samples[sample].labels[labelSet]; }
  float logitScale() const {
    return evaluator.checkpoint.model.parameters.contains("logit_scale")
               ? evaluator.checkpoint.model.parameters.at("logit_scale").exp().item<float>()
               : 100.f;
  }
};

/// A checkpoint's folder as results name it.
fs::path place(const fs::path& folder) {
  const fs::path normal = fs::absolute(folder).lexically_normal();
  return normal.has_filename() ? normal : normal.parent_path();
}

std::string curveLabel(const EvalOrder& order, std::size_t which) {
  return which < order.curveLabels.size() ? order.curveLabels[which]
                                          : place(order.checkpoints[which]).filename().string();
}

/// Two checkpoints of one call under one label would become one curve unseen.
Result<void> checkLabels(const EvalOrder& order) {
  std::map<std::string, fs::path> places;
  for (std::size_t i = 0; i < order.checkpoints.size(); ++i) {
    const std::string label = curveLabel(order, i);
    const fs::path here = place(order.checkpoints[i]);
    const fs::path& first = places.emplace(label, here).first->second;
    if (first != here) {
      return fail(ErrorCode::BadInput, cat(first.string(), " and ", here.string(), " would both be the curve '", label,
                                           "'; name each with --label, or, where they differ in their seed alone, "
                                           "evaluate them one call at a time."));
    }
  }
  return {};
}

Result<Subject> subject(const store::Workspace& workspace, const EvalOrder& order, std::size_t which,
                        const std::string& kind) {
  const fs::path folder = order.checkpoints[which];
  Subject s;
  LIX_TRY(s.evaluator, study::openEvaluator(folder));
  LIX_TRY(s.dataset, openDataset(&workspace, order.data));
  LIX_TRY(s.labelSet, s.dataset.labelSet(order.labels));
  LIX_TRY(s.templates, study::findTemplates(order.templates));
  if (s.classNames().size() < 2) {
    return fail(ErrorCode::BadInput, cat("The label set '", s.dataset.labelSets[s.labelSet].name, "' of '", order.data,
                                         "' has one class only; at least two are needed."));
  }
  s.classes = study::embedClasses(s.evaluator, s.classNames(), s.templates);
  s.row = {.kind = kind,
           .checkpoint = place(folder),
           .weightsHash = s.evaluator.checkpoint.weightsHash,
           .checkpointLabel = curveLabel(order, which),
           .dataset = order.data,
           .split = order.split,
           .labelSet = s.dataset.labelSets[s.labelSet].name,
           .templates = s.templates.name,
           .modelSeed = s.evaluator.checkpoint.seed};
  return s;
}

Result<study::ImageFeatures> imagesOf(const Session& session, const store::Workspace& workspace, const Subject& s,
                                      const std::string& splitName) {
  LIX_TRY(const data::Split split, splitNamed(splitName));
  const auto samples = samplesOf(s.dataset, split, s.labelSet);
  if (samples.empty()) {
    return fail(ErrorCode::BadInput,
                cat("'", s.dataset.name, "' has no labelled pictures in its ", splitName, " split."));
  }
  const std::optional<fs::path> cache =
      workspace.isReadOnly() ? std::nullopt : std::optional(workspace.cache() / "features");
  return study::embedPictures(s.evaluator, s.dataset, samples, cache, session.progress());
}

/// Says how many pictures could not be read and why, if any.
void noteSkipped(const study::ImageFeatures& images, const std::string& splitName, std::vector<std::string>& notes) {
  constexpr std::size_t kReasons = 3;
  const std::size_t count = images.skipped.size();
  if (count == 0) {
    return;
  }
  std::vector<std::string> reasons;
  for (std::size_t i = 0; i < std::min(kReasons, count); ++i) {
    reasons.push_back(cat(images.skipped[i].key, ": ", images.skipped[i].reason));
  }
  notes.push_back(cat(count, count == 1 ? " picture" : " pictures", " of the ", splitName,
                      " split could not be read and ", count == 1 ? "is" : "are", " left out: ", join(reasons, " "),
                      count > kReasons ? " And so on." : ""));
}

std::string textOf(const std::vector<std::string>& notes) {
  std::string text;
  for (const std::string& note : notes) {
    text += cat("  note: ", note, "\n");
  }
  return text;
}

std::vector<int> labelsOf(const Subject& s, const study::ImageFeatures& images) {
  std::vector<int> labels;
  for (const std::size_t sample : images.samples) {
    labels.push_back(s.label(sample));
  }
  return labels;
}

std::span<const float> values(const at::Tensor& matrix) {
  return {matrix.data_ptr<float>(), std::size_t(matrix.numel())};
}

Result<void> zeroShot(const Session& session, const store::Workspace& workspace, const EvalOrder& order,
                      std::size_t which, Output& output) {
  LIX_TRY(Subject s, subject(workspace, order, which, "zero-shot"));
  LIX_TRY(const auto images, imagesOf(session, workspace, s, order.split));
  std::vector<std::string> notes;
  noteSkipped(images, order.split, notes);
  const at::Tensor matrix = study::zeroShotScores(s.evaluator, images, s.classes);
  const study::Scores scores{values(matrix), s.classNames().size()};
  const auto labels = labelsOf(s, images);
  const auto predicted = study::predictions(scores);
  const auto margins = study::margins(scores);
  std::vector<store::PredictionRow> predictions;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    predictions.push_back({s.dataset.samples[images.samples[i]].key, s.classNames()[std::size_t(labels[i])],
                           s.classNames()[std::size_t(predicted[i])], margins[i]});
  }
  s.row.classes = static_cast<int>(s.classNames().size());
  s.row.querySize = static_cast<long long>(labels.size());
  const std::pair<const char*, std::optional<double>> metrics[] = {
      {"top1", study::accuracy(predicted, labels)},
      {"top5", study::topAccuracy(scores, labels, 5)},
      {"mean_per_class_recall", study::meanPerClassRecall(predicted, labels, s.classNames().size())}};
  json row{{"checkpoint", s.row.checkpointLabel}, {"dataset", order.data},
           {"label_set", s.row.labelSet},         {"classes", s.row.classes},
           {"pictures", labels.size()},           {"notes", notes}};
  LIX_TRY(auto transaction, store::Transaction::begin(workspace));
  for (const auto& [name, value] : metrics) {
    if (!value) {
      continue;
    }
    s.row.metric = name;
    s.row.value = *value;
    LIX_TRY(row["key"][name], store::EvaluationStore(workspace).add(
                                  s.row, std::string_view(name) == "top1" ? std::span(predictions)
                                                                          : std::span<const store::PredictionRow>()));
    row[name] = *value;
  }
  LIX_CHECK(transaction.commit());
  output.text +=
      cat(s.row.checkpointLabel, "  ", order.data, "/", s.row.labelSet, " (", s.row.classes, " classes, ",
          labels.size(), " pictures): top-1 ", fixed(100.0 * row.value("top1", 0.0), 1), " %\n", textOf(notes));
  output.json.push_back(row);
  return {};
}

json jsonOf(const ParamValues& params) {
  json object = json::object();
  for (const auto& [key, value] : params) {
    std::visit([&](const auto& held) { object[key] = held; }, value);
  }
  return object;
}

/// "knn:k=5:vote=softmax" -> id, parameters.
Result<study::FewShotAdapter> adapterFrom(const std::string& text) {
  const auto parts = split(text, ':');
  LIX_TRY(const adapt::Adapter* adapter, adapt::find(parts[0]));
  study::FewShotAdapter chosen{.id = adapter->id, .params = {}, .name = text};
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const auto at = parts[i].find('=');
    const std::string key = parts[i].substr(0, at), value = at == std::string::npos ? "" : parts[i].substr(at + 1);
    const auto param = std::ranges::find(adapter->params, key, &Param::key);
    if (param == adapter->params.end()) {
      return fail(ErrorCode::BadInput, cat("The adapter ", adapter->id, " has no parameter '", key, "'."));
    }
    if (std::holds_alternative<std::string>(param->value)) {
      chosen.params[key] = value;
    } else if (std::holds_alternative<long long>(param->value) && toInteger(value)) {
      chosen.params[key] = *toInteger(value);
    } else if (std::holds_alternative<double>(param->value) && toReal(value)) {
      chosen.params[key] = *toReal(value);
    } else {
      return fail(ErrorCode::BadInput, cat("'", value, "' is no value for ", adapter->id, ":", key, "."));
    }
  }
  return chosen;
}

Result<void> storePoints(const store::Workspace& workspace, const Subject& subject, const std::string& pool,
                         const study::FewShotSettings& settings, const study::FewShotResult& result) {
  LIX_TRY(auto transaction, store::Transaction::begin(workspace));
  for (const study::FewShotPoint& point : result.points) {
    store::EvaluationRow row = subject.row;
    const auto adapter = std::ranges::find_if(
        settings.adapters, [&](const auto& one) { return (one.name.empty() ? one.id : one.name) == point.adapter; });
    row.adapter = point.adapter;
    row.shots = static_cast<int>(point.shots);
    row.supportSeed =
        point.shots == 0 ? std::nullopt : std::optional(static_cast<long long>(point.seed * 1'000'000 + point.draw));
    row.classes = static_cast<int>(point.classes);
    row.supportSize = static_cast<long long>(point.supportSize);
    row.querySize = static_cast<long long>(point.querySize);
    json asked = adapter == settings.adapters.end() ? json::object() : jsonOf(adapter->params);
    asked["pool"] = pool;
    json found = jsonOf(point.settings);
    found["logit_scale"] = subject.logitScale();
    row.settings = asked.dump();
    row.findings = found.dump();
    for (const auto& [metric, value] :
         {std::pair("top1", point.accuracy), {"mean_per_class_recall", point.meanPerClassRecall}}) {
      row.metric = metric;
      row.value = value;
      LIX_CHECK(store::EvaluationStore(workspace).add(row));
    }
  }
  return transaction.commit();
}

Result<void> fewShot(const Session& session, const store::Workspace& workspace, const EvalOrder& order,
                     std::size_t which, Output& output) {
  if (order.pool == order.split) {
    return fail(ErrorCode::BadInput, "Support and queries must come from different splits; change --pool or --split.");
  }
  study::FewShotSettings settings{.shots = order.shots, .draws = order.draws, .seed = order.seed};
  for (const std::string& text : order.adapters) {
    LIX_TRY(auto adapter, adapterFrom(text));
    settings.adapters.push_back(std::move(adapter));
  }
  LIX_TRY(Subject s, subject(workspace, order, which, "few-shot"));
  LIX_TRY(auto pool, imagesOf(session, workspace, s, order.pool));
  LIX_TRY(auto query, imagesOf(session, workspace, s, order.split));
  std::vector<std::string> notes;
  noteSkipped(pool, order.pool, notes);
  noteSkipped(query, order.split, notes);
  if (const std::size_t repeated = study::dropRepeated(pool); repeated > 0) {
    notes.push_back(cat(repeated, " of the pictures in the pool ", repeated == 1 ? "repeats" : "repeat",
                        " an earlier one and ", repeated == 1 ? "is" : "are", " left out."));
  }
  if (const std::size_t shared = study::dropShared(query, pool); shared > 0) {
    notes.push_back(cat(shared, shared == 1 ? " query picture is" : " query pictures are",
                        " in the pool as well and left out; zero-shot evaluation keeps ",
                        shared == 1 ? "it." : "them."));
  }
  if (query.samples.empty()) {
    return fail(ErrorCode::BadInput, cat("All pictures of the ", order.split, " split are in the ", order.pool,
                                         " split as well; split the data anew."));
  }
  const at::Tensor poolUnit = study::unitVectors(s.evaluator, pool), queryUnit = study::unitVectors(s.evaluator, query);
  const auto poolLabels = labelsOf(s, pool), queryLabels = labelsOf(s, query);
  const auto matrix = [](const at::Tensor& t) {
    return adapt::Matrix{values(t), std::size_t(t.size(0)), std::size_t(t.size(1))};
  };
  const study::FewShotData data{.pool = {matrix(poolUnit), poolLabels},
                                .query = {matrix(queryUnit), queryLabels},
                                .text = matrix(s.classes.text),
                                .classNames = s.classNames(),
                                .logitScale = s.logitScale(),
                                .poolIds = pool.hashes,
                                .queryIds = query.hashes};
  LIX_TRY(study::FewShotResult result, study::evaluateFewShot(data, settings, session.progress()));
  result.notes.insert(result.notes.begin(), notes.begin(), notes.end());
  s.row.vectors = s.evaluator.isMixture() ? store::VectorKind::Pooled : store::VectorKind::Embedding;
  LIX_CHECK(storePoints(workspace, s, order.pool, settings, result));

  json curve = json::array();
  std::string text = cat(s.row.checkpointLabel, "  ", order.data, "/", s.row.labelSet,
                         s.evaluator.isMixture() ? " (pooled vectors)" : "", "\n");
  for (const auto& point : study::curve(result)) {
    curve.push_back({{"adapter", point.adapter},
                     {"shots", point.shots},
                     {"classes", point.classes},
                     {"n", point.accuracy.count},
                     {"mean", point.accuracy.mean}});
    if (point.accuracy.interval) {
      curve.back()["interval_95"] = *point.accuracy.interval;
    }
    text += cat("  ", point.shots, " shots, ", point.classes, " classes, ", point.adapter, ": ",
                fixed(100.0 * point.accuracy.mean, 1),
                point.accuracy.interval ? cat(" +- ", fixed(100.0 * *point.accuracy.interval, 1)) : "", " %\n");
  }
  text += textOf(result.notes);
  output.json.push_back({{"checkpoint", s.row.checkpointLabel},
                         {"dataset", order.data},
                         {"label_set", s.row.labelSet},
                         {"vectors", nameOf(s.row.vectors)},
                         {"curve", curve},
                         {"notes", result.notes}});
  output.text += text;
  return {};
}

}  // namespace

Result<void> evalZeroShotInto(const Session& session, const store::Workspace& workspace, const EvalOrder& order,
                              Output& output) {
  LIX_CHECK(checkLabels(order));
  for (std::size_t i = 0; i < order.checkpoints.size(); ++i) {
    LIX_CHECK(zeroShot(session, workspace, order, i, output));
  }
  return {};
}

Result<void> evalFewShotInto(const Session& session, const store::Workspace& workspace, const EvalOrder& order,
                             Output& output) {
  LIX_CHECK(checkLabels(order));
  for (std::size_t i = 0; i < order.checkpoints.size(); ++i) {
    LIX_CHECK(fewShot(session, workspace, order, i, output));
  }
  return {};
}

Result<Output> evalZeroShot(const Session& session, const EvalOrder& order) {
  LIX_TRY(const store::Workspace workspace, openWorkspace(session, store::OpenMode::ReadWrite));
  Output output{.json = json::array()};
  LIX_CHECK(evalZeroShotInto(session, workspace, order, output));
  return output;
}

Result<Output> evalFewShot(const Session& session, const EvalOrder& order) {
  LIX_TRY(const store::Workspace workspace, openWorkspace(session, store::OpenMode::ReadWrite));
  Output output{.json = json::array()};
  LIX_CHECK(evalFewShotInto(session, workspace, order, output));
  return output;
}

}  // namespace lix::app
