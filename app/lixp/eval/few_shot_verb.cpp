#include <algorithm>

#include "base/text.h"
#include "lixp/eval/subject.h"
#include "lixp/eval/verbs.h"
#include "study/few_shot/few_shot.h"

namespace lix::app {
namespace {
using nlohmann::json;

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
    json asked = adapter == settings.adapters.end() ? json::object() : toJson(adapter->params);
    asked["pool"] = pool;
    json found = toJson(point.settings);
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

Result<void> fewShot(const Session& session, const store::Workspace& workspace, const FewShotOrder& order,
                     std::size_t which, Output& output) {
  if (order.pool == order.split) {
    return fail(ErrorCode::BadInput, "Support and queries must come from different splits; change --pool or --split.");
  }
  study::FewShotSettings settings{.shots = order.shots, .draws = order.draws, .seed = order.seed};
  for (const std::string& text : order.adapters) {
    LIX_TRY(auto adapter, adapterFrom(text));
    settings.adapters.push_back(std::move(adapter));
  }
  LIX_TRY(Subject s, openSubject(workspace, order, which, "few-shot"));
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
  const study::FewShotData data{.pool = {matrixOf(poolUnit), poolLabels},
                                .query = {matrixOf(queryUnit), queryLabels},
                                .text = matrixOf(s.classes.text),
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
  text += linesOf(result.notes);
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

Result<void> evalFewShotInto(const Session& session, const store::Workspace& workspace, const FewShotOrder& order,
                             Output& output) {
  LIX_CHECK(checkLabels(order));
  for (std::size_t i = 0; i < order.checkpoints.size(); ++i) {
    LIX_CHECK(fewShot(session, workspace, order, i, output));
  }
  return {};
}

void addFewShotVerb(CLI::App& eval, Session& session) {
  auto order = std::make_shared<FewShotOrder>();
  CLI::App* verb =
      eval.add_subcommand("few-shot", "Training-free adapters over shots, nested draws, mean and 95 % interval");
  addCommonOptions(verb, *order);
  verb->add_option("--pool", order->pool, "Split that support and validation are drawn from");
  verb->add_option("--shots", order->shots, "Pictures per class")->delimiter(',');
  verb->add_option("--draws", order->draws, "Support draws");
  verb->add_option("--seed", order->seed, "Seed of the draws");
  verb->add_option("--adapters", order->adapters,
                   "prototype, tip-adapter, tip-adapter-x (searched on validation), knn, ...; key=value after a colon "
                   "sets a parameter, as knn:k=5")
      ->delimiter(',');
  verb->callback([&session, order] {
    session.action = [&session, order]() -> Result<Output> {
      LIX_TRY(const store::Workspace workspace, openWorkspace(session, store::OpenMode::ReadWrite));
      Output output{.json = json::array()};
      LIX_CHECK(evalFewShotInto(session, workspace, *order, output));
      return output;
    };
  });
}

}  // namespace lix::app
