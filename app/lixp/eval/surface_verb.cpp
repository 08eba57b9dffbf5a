#include <cmath>

#include "base/text.h"
#include "lixp/eval/run.h"
#include "lixp/eval/subject.h"
#include "lixp/eval/vector_kind.h"
#include "lixp/eval/verbs.h"
#include "study/few_shot/draw.h"
#include "study/few_shot/surface.h"

namespace lix::app {
namespace {
using nlohmann::json;

/// The pictures of both splits as unit vectors.
struct Pictures {
  study::ImageFeatures pool, query;
  at::Tensor poolUnit, queryUnit;
  std::vector<int> poolLabels, queryLabels;
};

Result<Pictures> picturesOf(const Session& session, const store::Workspace& workspace, const Subject& s,
                            const SurfaceOrder& order, std::vector<std::string>& notes) {
  Pictures out;
  LIX_TRY(out.pool, imagesOf(session, workspace, s, order.pool));
  LIX_TRY(out.query, imagesOf(session, workspace, s, order.split));
  noteSkipped(out.pool, order.pool, notes);
  noteSkipped(out.query, order.split, notes);
  if (const std::size_t repeated = study::dropRepeated(out.pool); repeated > 0) {
    notes.push_back(cat("Left out of the pool, as they repeat an earlier picture: ", repeated, "."));
  }
  if (const std::size_t shared = study::dropShared(out.query, out.pool); shared > 0) {
    notes.push_back(cat("Left out of the queries, as they stand in the pool as well: ", shared, "."));
  }
  if (out.query.samples.empty()) {
    return fail(ErrorCode::BadInput, cat("All pictures of the ", order.split, " split are in the ", order.pool,
                                         " split as well; split the data anew."));
  }
  out.poolUnit = study::unitVectors(s.evaluator, out.pool);
  out.queryUnit = study::unitVectors(s.evaluator, out.query);
  out.poolLabels = labelsOf(s, out.pool);
  out.queryLabels = labelsOf(s, out.query);
  return out;
}

/// Shares [B][A] as rows, to the sixth decimal.
json rowsOf(const std::vector<double>& shares, std::size_t alphas) {
  json out = json::array();
  for (std::size_t first = 0; first < shares.size(); first += alphas) {
    json row = json::array();
    for (std::size_t a = 0; a < alphas; ++a) {
      row.push_back(std::round(1e6 * shares[first + a]) / 1e6);
    }
    out.push_back(std::move(row));
  }
  return out;
}

store::EvaluationRow rowOf(const Subject& s, const SurfaceOrder& order, const study::FewShotSurface& drawn) {
  const adapt::TipSurface& surface = drawn.surface;
  store::EvaluationRow row = s.row;
  row.vectors = vectorKindOf(s.evaluator);
  row.adapter = "tip-adapter-x";
  row.shots = static_cast<int>(order.shots);
  row.supportSeed = study::supportSeedOf(order.seed, order.draw);
  row.classes = static_cast<int>(drawn.classes);
  row.supportSize = static_cast<long long>(drawn.supportSize);
  row.querySize = static_cast<long long>(drawn.querySize);
  row.metric = "top1";
  row.value = surface.query[surface.best];
  json settings{{"shots", order.shots}, {"pool", order.pool}};
  addTextFiles(order, settings);
  row.settings = settings.dump();
  row.findings = json{{"alpha", surface.grid.alphas},
                      {"beta", surface.grid.betas},
                      {"validation", rowsOf(surface.validation, surface.grid.alphas.size())},
                      {"query", rowsOf(surface.query, surface.grid.alphas.size())},
                      {"best", {surface.bestBeta(), surface.bestAlpha()}}}
                     .dump();
  return row;
}

Result<void> surface(const Session& session, const store::Workspace& workspace, const SurfaceOrder& order,
                     std::size_t which, Output& output) {
  LIX_TRY(const Subject s, openSubject(workspace, order, which, "surface"));
  std::vector<std::string> notes = s.notes;
  LIX_TRY(const Pictures pictures, picturesOf(session, workspace, s, order, notes));
  const study::FewShotData data{.pool = {matrixOf(pictures.poolUnit), pictures.poolLabels},
                                .query = {matrixOf(pictures.queryUnit), pictures.queryLabels},
                                .text = matrixOf(s.classes.text),
                                .classNames = s.classNames(),
                                .logitScale = s.logitScale(),
                                .poolIds = pictures.pool.hashes,
                                .queryIds = pictures.query.hashes};
  LIX_TRY(const study::FewShotSurface drawn, study::fewShotSurface(data, order.shots, order.seed, order.draw, notes));
  const adapt::TipSurface& found = drawn.surface;
  const store::EvaluationRow row = rowOf(s, order, drawn);
  LIX_TRY(const long long key, store::EvaluationStore(workspace).add(row));
  output.json.push_back({{"checkpoint", row.checkpointLabel},
                         {"dataset", row.dataset},
                         {"key", key},
                         {"shots", order.shots},
                         {"classes", row.classes},
                         {"alpha", found.bestAlpha()},
                         {"beta", found.bestBeta()},
                         {"validation", found.validation[found.best]},
                         {"top1", row.value},
                         {"notes", notes}});
  output.text += cat(row.checkpointLabel, "  ", row.dataset, "/", row.labelSet, "\n  ", order.shots, " shots, ",
                     row.classes, " classes: validation chooses alpha ", fixed(found.bestAlpha(), 3), " and beta ",
                     fixed(found.bestBeta(), 3), " (", fixed(100.0 * found.validation[found.best], 1), " %); ",
                     order.split, " there ", fixed(100.0 * row.value, 1), " %\n", linesOf(notes));
  return {};
}

}  // namespace

Result<void> evalSurfaceInto(const Session& session, const store::Workspace& workspace, const SurfaceOrder& order,
                             Output& output) {
  if (order.pool == order.split) {
    return fail(ErrorCode::BadInput, "Support and queries must come from different splits; change --pool or --split.");
  }
  LIX_CHECK(checkLabels(order));
  for (std::size_t i = 0; i < order.checkpoints.size(); ++i) {
    LIX_CHECK(surface(session, workspace, order, i, output));
  }
  return {};
}

void addSurfaceVerb(CLI::App& eval, Session& session) {
  auto order = std::make_shared<SurfaceOrder>();
  CLI::App* verb = eval.add_subcommand(
      "surface", "Accuracy of Tip-Adapter over alpha and beta, validation and queries apart, for one support draw");
  addCommonOptions(verb, *order);
  verb->add_option("--pool", order->pool, "Split that support and validation are drawn from");
  verb->add_option("--shots", order->shots, "Pictures per class")->check(CLI::Range(1, 100'000));
  verb->add_option("--seed", order->seed, "Seed of the draw")->check(CLI::Range(0LL, 9'000'000'000'000LL));
  verb->add_option("--draw", order->draw, "Number of the draw, from 0")->check(CLI::Range(0, 999'999));
  setEvaluation(verb, session, order, evalSurfaceInto);
}

}  // namespace lix::app
