#include <algorithm>
#include <map>

#include "base/text.h"
#include "lixp/eval/adapter_text.h"
#include "lixp/eval/class_mixtures.h"
#include "lixp/eval/run.h"
#include "lixp/eval/subject.h"
#include "lixp/eval/tuner_points.h"
#include "lixp/eval/vector_kind.h"
#include "lixp/eval/verbs.h"
#include "study/few_shot/draw.h"
#include "study/few_shot/few_shot.h"

namespace lix::app {
namespace {
using nlohmann::json;

/// The name of the query set of each point; points on the same pictures share one list of them.
class QuerySets {
 public:
  QuerySets(const Subject& subject, const study::ImageFeatures& query) : subject_(subject), query_(query) {}

  const std::string& nameOf(const study::FewShotPoint& point) {
    std::string& name = names_[point.queryRows.get()];
    if (name.empty()) {
      std::vector<std::string> keys, labels;
      for (const std::uint32_t row : *point.queryRows) {
        const std::size_t sample = query_.samples[row];
        keys.push_back(subject_.dataset.samples[sample].key);
        labels.push_back(subject_.classNames()[std::size_t(subject_.label(sample))]);
      }
      name = store::querySetOf(keys, labels);
    }
    return name;
  }

 private:
  const Subject& subject_;
  const study::ImageFeatures& query_;
  std::map<const void*, std::string> names_;
};

/// What was asked for of one adapter, without seeds.
json askedOf(const FewShotOrder& order, const study::FewShotSettings& settings, const std::string& adapter) {
  const auto entry = std::ranges::find_if(
      settings.adapters, [&](const auto& one) { return (one.name.empty() ? one.id : one.name) == adapter; });
  json asked = entry == settings.adapters.end() ? json::object() : toJson(entry->params);
  asked["pool"] = order.pool;
  if (order.replace) {
    asked["replace"] = true;
  }
  addTextFiles(order, asked);
  return asked;
}

Result<void> storePoints(const store::Workspace& workspace, const Subject& subject, const FewShotOrder& order,
                         const study::FewShotSettings& settings, const study::FewShotResult& result, QuerySets sets) {
  LIX_TRY(auto transaction, store::Transaction::begin(workspace));
  for (const study::FewShotPoint& point : result.points) {
    store::EvaluationRow row = subject.row;
    row.adapter = point.adapter;
    row.vectors = vectorsOf(subject, point.adapter);
    row.shots = static_cast<int>(point.shots);
    row.supportSeed = point.shots == 0 ? std::nullopt
                                       : std::optional<long long>(study::supportSeedOf(point.seed, point.draw));
    row.classes = static_cast<int>(point.classes);
    row.supportSize = static_cast<long long>(point.supportSize);
    row.querySize = static_cast<long long>(point.querySize);
    json found = toJson(point.settings);
    found["logit_scale"] = subject.logitScale();
    found["seconds_fit"] = point.secondsFit;
    found["seconds_query"] = point.secondsQuery;
    row.settings = askedOf(order, settings, point.adapter).dump();
    row.findings = found.dump();
    row.metric = "top1";
    row.value = point.accuracy;
    const store::Outcomes outcomes{sets.nameOf(point), point.querySize, point.outcomes};
    LIX_CHECK(store::EvaluationStore(workspace).add(row, {}, &outcomes));
    row.metric = "mean_per_class_recall";
    row.value = point.meanPerClassRecall;
    LIX_CHECK(store::EvaluationStore(workspace).add(row));
  }
  return transaction.commit();
}

Result<study::FewShotSettings> settingsOf(const FewShotOrder& order) {
  if (order.pool == order.split) {
    return fail(ErrorCode::BadInput, "Support and queries must come from different splits; change --pool or --split.");
  }
  if (order.vectors != "pooled" && order.vectors != "class-conditioned") {
    return fail(ErrorCode::BadInput,
                cat("--vectors is '", order.vectors, "', but must be pooled or class-conditioned."));
  }
  if (order.shots.empty() || std::ranges::count(order.shots, 0u) > 0 || order.draws == 0) {
    return fail(ErrorCode::BadInput,
                "--shots and --draws must be 1 or more; zero-shot is measured without being asked.");
  }
  if (order.firstDraw + order.draws > study::kDrawsOfASeed) {
    return fail(ErrorCode::BadInput, cat("A seed has ", study::kDrawsOfASeed, " draws, numbered from 0; --first-draw ",
                                         order.firstDraw, " and --draws ", order.draws, " go beyond them."));
  }
  study::FewShotSettings settings{.shots = order.shots,
                                  .draws = order.draws,
                                  .firstDraw = order.firstDraw,
                                  .seed = order.seed,
                                  .replace = order.replace ? study::Replace::WhereTooFew : study::Replace::Never};
  for (const std::string& text : order.adapters) {
    if (!isTuner(text)) {
      LIX_TRY(auto adapter, adapterFrom(text));
      settings.adapters.push_back(std::move(adapter));
    }
  }
  return settings;
}

/// The pictures of both splits, without what would make results too good.
struct Splits {
  study::ImageFeatures pool, query;
};
Result<Splits> splitsOf(const Session& session, const store::Workspace& workspace, const FewShotOrder& order,
                        const Subject& s, std::vector<std::string>& notes) {
  Splits out;
  LIX_TRY(out.pool, imagesOf(session, workspace, s, order.pool));
  LIX_TRY(out.query, imagesOf(session, workspace, s, order.split));
  noteSkipped(out.pool, order.pool, notes);
  noteSkipped(out.query, order.split, notes);
  if (const std::size_t repeated = study::dropRepeated(out.pool); repeated > 0) {
    notes.push_back(cat(repeated, " of the pictures in the pool ", repeated == 1 ? "repeats" : "repeat",
                        " an earlier one and ", repeated == 1 ? "is" : "are", " left out."));
  }
  if (const std::size_t shared = study::dropShared(out.query, out.pool); shared > 0) {
    notes.push_back(cat(shared, shared == 1 ? " query picture is" : " query pictures are",
                        " in the pool as well and left out; zero-shot evaluation keeps ",
                        shared == 1 ? "it." : "them."));
  }
  if (out.query.samples.empty()) {
    return fail(ErrorCode::BadInput, cat("All pictures of the ", order.split, " split are in the ", order.pool,
                                         " split as well; split the data anew."));
  }
  return out;
}

Result<study::FewShotResult> evaluate(const Session& session, const Subject& s, const Splits& splits,
                                      const study::FewShotSettings& settings) {
  const at::Tensor pool = study::unitVectors(s.evaluator, splits.pool);
  const at::Tensor query = study::unitVectors(s.evaluator, splits.query);
  const auto poolLabels = labelsOf(s, splits.pool), queryLabels = labelsOf(s, splits.query);
  study::FewShotData data{.pool = {matrixOf(pool), poolLabels},
                          .query = {matrixOf(query), queryLabels},
                          .text = matrixOf(s.classes.text),
                          .classNames = s.classNames(),
                          .logitScale = s.logitScale(),
                          .poolIds = splits.pool.hashes,
                          .queryIds = splits.query.hashes};
  if (s.row.vectors != store::VectorKind::ClassConditioned) {
    return study::evaluateFewShot(data, settings, session.progress());
  }
  const ClassMixtures poolMixed(s.evaluator, splits.pool.vectors, s.classes.query);
  const ClassMixtures queryMixed(s.evaluator, splits.query.vectors, s.classes.query);
  data.poolMixed = &poolMixed;
  data.queryMixed = &queryMixed;
  return study::evaluateFewShot(data, settings, session.progress());
}

/// Means with their intervals over draws and queries.
void addCurve(const Subject& s, const study::FewShotResult& result, Output& output) {
  json curve = json::array();
  output.text += cat(s.row.checkpointLabel, "  ", s.row.dataset, "/", s.row.labelSet,
                     s.evaluator.isMixture() ? cat(" (", nameOf(s.row.vectors), " vectors)") : "", "\n");
  for (const auto& point : study::curve(result)) {
    curve.push_back({{"adapter", point.adapter},
                     {"shots", point.shots},
                     {"classes", point.classes},
                     {"n", point.accuracy.count},
                     {"mean", point.accuracy.mean},
                     {"interval", "bootstrap"},
                     {"low", point.interval.low},
                     {"high", point.interval.high},
                     {"interval_95", 0.5 * (point.interval.high - point.interval.low)}});
    output.text += cat("  ", point.shots, point.shots == 1 ? " shot, " : " shots, ", point.classes, " classes, ",
                       point.adapter, ": ", fixed(100.0 * point.accuracy.mean, 1), " % (",
                       fixed(100.0 * point.interval.low, 1), " to ", fixed(100.0 * point.interval.high, 1), ")\n");
  }
  output.text += linesOf(result.notes);
  output.json.push_back({{"checkpoint", s.row.checkpointLabel},
                         {"dataset", s.row.dataset},
                         {"label_set", s.row.labelSet},
                         {"vectors", nameOf(s.row.vectors)},
                         {"curve", curve},
                         {"notes", result.notes}});
}

Result<void> fewShot(const Session& session, const store::Workspace& workspace, const FewShotOrder& order,
                     std::size_t which, Output& output) {
  LIX_TRY(study::FewShotSettings settings, settingsOf(order));
  LIX_TRY(const auto tuners, tunersOf(order.adapters));
  LIX_TRY(Subject s, openSubject(workspace, order, which, "few-shot"));
  const bool conditioned = order.vectors == "class-conditioned";
  if (conditioned && !s.evaluator.isMixture()) {
    return fail(ErrorCode::BadInput, cat(order.checkpoints[which], " is no Llip: its image vectors do not depend on a ",
                                         "class. Leave out --vectors class-conditioned."));
  }
  s.row.vectors = conditioned ? store::VectorKind::ClassConditioned : vectorKindOf(s.evaluator);
  std::vector<std::string> notes = s.notes;
  LIX_TRY(const Splits splits, splitsOf(session, workspace, order, s, notes));
  LIX_TRY(study::FewShotResult result, evaluate(session, s, splits, settings));
  LIX_CHECK(addTunerPoints(s, splits.pool, splits.query, settings, tuners, session.progress(), result));
  settings.adapters.insert(settings.adapters.end(), tuners.begin(), tuners.end());
  result.notes.insert(result.notes.begin(), notes.begin(), notes.end());
  LIX_CHECK(storePoints(workspace, s, order, settings, result, QuerySets(s, splits.query)));
  addCurve(s, result, output);
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
  CLI::App* verb = eval.add_subcommand(
      "few-shot", "Adapters over shots and nested draws, with 95 % intervals over draws and queries");
  addCommonOptions(verb, *order);
  verb->add_option("--pool", order->pool, "Split that support and validation are drawn from");
  verb->add_option("--shots", order->shots, "Pictures per class")->delimiter(',')->check(CLI::Range(0, 100'000));
  verb->add_option("--draws", order->draws, "Support draws")->check(CLI::Range(1, 1'000'000));
  verb->add_option("--seed", order->seed, "Seed of the draws")->check(CLI::Range(0LL, 9'000'000'000'000LL));
  verb->add_option("--first-draw", order->firstDraw, "Number of the first draw")->check(CLI::Range(0, 999'999));
  verb->add_flag("--replace", order->replace,
                 "Draw the support of a class with too few pictures with replacement, instead of leaving it out");
  verb->add_option("--vectors", order->vectors,
                   "Of a Llip: pooled (tokens mixed evenly) or class-conditioned (support and query mixed for the "
                   "support's class)");
  verb->add_option("--class-names", order->classNames,
                   "File of the classes' names in label order, or own, as in zero-shot");
  verb->add_option("--adapters", order->adapters,
                   "prototype, tip-adapter, tip-adapter-x (searched on validation), knn, ...; key=value after a colon "
                   "sets a parameter, as knn:k=5")
      ->delimiter(',');
  setEvaluation(verb, session, order, evalFewShotInto);
}

}  // namespace lix::app
