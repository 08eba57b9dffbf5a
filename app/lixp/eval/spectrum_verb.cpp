#include "base/text.h"
#include "lixp/eval/probe.h"
#include "lixp/eval/run.h"
#include "lixp/eval/subject.h"
#include "lixp/eval/vector_kind.h"
#include "lixp/eval/verbs.h"
#include "study/probes/spectrum.h"

namespace lix::app {
namespace {
using nlohmann::json;
using study::VectorsFrom;

bool hasCaption(const data::Sample& sample) { return !sample.captions.empty(); }

store::VectorKind kindOf(const study::Evaluator& evaluator, VectorsFrom from) {
  return from == VectorsFrom::Pooled ? vectorKindOf(evaluator) : store::VectorKind::Embedding;
}

Result<void> checkMixed(const Probe& probe, VectorsFrom from) {
  if (from == VectorsFrom::Mixed && probe.samples.empty()) {
    return fail(ErrorCode::BadInput, cat("No picture of the ", probe.row.split, " split of '", probe.dataset.name,
                                         "' has a caption to be mixed by; take --from encoder or pooled."));
  }
  if (probe.samples.size() < 2) {
    return fail(ErrorCode::BadInput, "A spectrum needs at least two pictures; raise --pictures or take another split.");
  }
  return {};
}

Result<void> spectrum(const Session& session, const store::Workspace& workspace, const SpectrumOrder& order,
                      std::size_t which, Output& output) {
  LIX_TRY(const VectorsFrom from, study::vectorsFromNamed(order.from));
  LIX_TRY(Probe probe,
          openProbe(workspace, order, which, "spectrum", from == VectorsFrom::Mixed ? hasCaption : nullptr));
  LIX_CHECK(checkMixed(probe, from));
  if (from != VectorsFrom::Pooled) {
    LIX_CHECK(study::needTowers(probe.evaluator,
                                cat("The spectrum of '", order.from, "' vectors (pooled are as given)")));
  }
  std::optional<study::Covariance> covariance;
  const auto add = [&](const at::Tensor& rows) {
    if (!covariance) {
      covariance.emplace(std::size_t(rows.size(1)));
    }
    return covariance->add(matrixOf(rows));
  };
  LIX_TRY(const study::Visited visited, study::visitVectors(probe.evaluator, probe.dataset, probe.samples, from,
                                                            featureCacheOf(workspace), session.progress(), add));
  noteUnread(visited.skipped, probe.notes);
  if (visited.samples.size() < 2) {
    return fail(ErrorCode::BadInput, "Only one picture could be read; a spectrum needs at least two.");
  }
  LIX_TRY(const study::Spectrum found, covariance->spectrum());
  probe.row.querySize = static_cast<long long>(visited.samples.size());
  probe.row.vectors = kindOf(probe.evaluator, from);
  const json findings{{"singular_values", found.values}};
  LIX_TRY(json said, storeNumbers(workspace, probe.row, {{"from", order.from}, {"pictures", order.pictures}},
                                  {{"effective_rank", found.effectiveRank, findings}}, probe.notes));
  said["vectors"] = covariance->rows();
  said["singular_values"] = found.values;
  output.json.push_back(said);
  output.text += cat(probe.row.checkpointLabel, "  ", probe.row.dataset, " (", order.from, ", ", visited.samples.size(),
                     " pictures, ", covariance->rows(), " vectors of ", found.values.size(), "): effective rank ",
                     fixed(found.effectiveRank, 2), "\n", linesOf(probe.notes));
  return {};
}

}  // namespace

Result<void> evalSpectrumInto(const Session& session, const store::Workspace& workspace, const SpectrumOrder& order,
                              Output& output) {
  LIX_CHECK(checkLabels(order));
  for (std::size_t i = 0; i < order.checkpoints.size(); ++i) {
    LIX_CHECK(spectrum(session, workspace, order, i, output));
  }
  return {};
}

void addSpectrumVerb(CLI::App& eval, Session& session) {
  auto order = std::make_shared<SpectrumOrder>();
  CLI::App* verb =
      eval.add_subcommand("spectrum", "Singular values of the covariance of a model's vectors, and the effective rank");
  addProbeOptions(verb, *order);
  verb->add_option(
      "--from", order->from,
      "encoder: the image tower's output, all tokens that its head reads one behind the other; pooled: the "
      "unit embeddings; mixed: a Llip's pictures mixed by their own captions");
  setEvaluation(verb, session, order, evalSpectrumInto);
}

}  // namespace lix::app
