#include "lixp/reproduce.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>
#include "lixp/eval/verbs.h"
#include "study/few_shot/draw.h"

namespace lix::app {
namespace {
using nlohmann::json;

json settingsOf(const store::EvaluationRow& row) {
  json settings = json::parse(row.settings, nullptr, false);
  return settings.is_object() ? settings : json::object();
}

/// What all rows were asked; class names and templates where a file was named.
template <class Order>
Order orderOf(const store::EvaluationRow& row, const json& settings) {
  Order order;
  order.checkpoints = {row.checkpoint.string()};
  order.curveLabels = {row.checkpointLabel};
  order.data = row.dataset;
  order.labels = row.labelSet;
  order.split = row.split;
  order.templates = settings.value("template_file", row.templates);
  order.classNames = settings.value("class_names", "");
  return order;
}

template <class Order>
Order probeOf(const store::EvaluationRow& row, const json& settings) {
  auto order = orderOf<Order>(row, settings);
  order.pictures = settings.value("pictures", order.pictures);
  order.seed = static_cast<std::uint64_t>(row.supportSeed.value_or(0));
  return order;
}

Result<void> reproduceSurface(const Session& session, const store::Workspace& into, const store::EvaluationRow& row,
                              Output& output) {
  const json settings = settingsOf(row);
  auto order = orderOf<SurfaceOrder>(row, settings);
  order.pool = settings.value("pool", order.pool);
  order.shots = settings.value("shots", order.shots);
  const auto drawn = study::seedAndDrawOf(row.supportSeed.value_or(0));
  order.seed = drawn.seed;
  order.draw = drawn.draw;
  return evalSurfaceInto(session, into, order, output);
}

Result<void> reproduceRetrieval(const Session& session, const store::Workspace& into, const store::EvaluationRow& row,
                                Output& output) {
  const json settings = settingsOf(row);
  auto order = orderOf<RetrievalOrder>(row, settings);
  order.shortlist = settings.value("shortlist", order.shortlist);
  order.firstCaptions = settings.value("first_captions", order.firstCaptions);
  return evalRetrievalInto(session, into, order, output);
}

Result<void> reproduceCaptionScores(const Session& session, const store::Workspace& into,
                                    const store::EvaluationRow& row, Output& output) {
  const json settings = settingsOf(row);
  auto order = orderOf<CaptionScoresOrder>(row, settings);
  order.scores = settings.value("scores", "");
  return evalCaptionScoresInto(session, into, order, output);
}

Result<void> reproduceShortcut(const Session& session, const store::Workspace& into, const store::EvaluationRow& row,
                               Output& output) {
  const json settings = settingsOf(row);
  auto order = probeOf<ShortcutOrder>(row, settings);
  order.captions = settings.value("captions", order.captions);
  return evalShortcutInto(session, into, order, output);
}

Result<void> reproduceRobustness(const Session& session, const store::Workspace& into, const store::EvaluationRow& row,
                                 Output& output) {
  const json settings = settingsOf(row);
  auto order = orderOf<RobustnessOrder>(row, settings);
  order.severities.clear();  // clean pictures are measured in any case
  if (const int severity = settings.value("severity", 0); severity > 0) {
    order.corruptions = {settings.value("corruption", "")};
    order.severities = {severity};
  }
  return evalRobustnessInto(session, into, order, output);
}

Result<void> reproduceDomain(const Session& session, const store::Workspace& into, const store::EvaluationRow& row,
                             Output& output) {
  const json settings = settingsOf(row);
  auto order = orderOf<DomainOrder>(row, settings);
  order.source = settings.value("source", "");
  order.sourceLabels = settings.value("source_labels", "");
  if (!row.adapter.empty()) {
    const auto drawn = study::seedAndDrawOf(row.supportSeed.value_or(0));
    order.pool = settings.value("pool", order.pool);
    order.shots = {static_cast<std::size_t>(std::max(row.shots, 1))};
    order.draws = 1;
    order.seed = drawn.seed;
    order.firstDraw = drawn.draw;
  }
  return evalDomainInto(session, into, order, output);
}

Result<void> reproduceSpectrum(const Session& session, const store::Workspace& into, const store::EvaluationRow& row,
                               Output& output) {
  const json settings = settingsOf(row);
  auto order = probeOf<SpectrumOrder>(row, settings);
  order.from = settings.value("from", order.from);
  return evalSpectrumInto(session, into, order, output);
}

Result<void> reproduceGeometry(const Session& session, const store::Workspace& into, const store::EvaluationRow& row,
                               Output& output) {
  const json settings = settingsOf(row);
  auto order = probeOf<GeometryOrder>(row, settings);
  order.k = settings.value("k", order.k);
  return evalGeometryInto(session, into, order, output);
}

Result<void> reproduceMixture(const Session& session, const store::Workspace& into, const store::EvaluationRow& row,
                              Output& output) {
  const json settings = settingsOf(row);
  auto order = probeOf<MixtureOrder>(row, settings);
  order.captions = settings.value("captions", order.captions);
  return evalMixtureInto(session, into, order, output);
}

Result<void> reproducePointing(const Session& session, const store::Workspace& into, const store::EvaluationRow& row,
                               Output& output) {
  return evalPointingInto(session, into, probeOf<PointingOrder>(row, settingsOf(row)), output);
}

/// With as many threads as the program has now: of times only the order of magnitude can come again.
Result<void> reproduceCost(const Session& session, const store::Workspace& into, const store::EvaluationRow& row,
                           Output& output) {
  const json settings = settingsOf(row), findings = json::parse(row.findings, nullptr, false);
  auto order = orderOf<CostOrder>(row, settings);
  order.batch = settings.value("batch", order.batch);
  order.repeats = findings.is_object() ? findings.value("repeats", order.repeats) : order.repeats;
  if (settings.contains("prompts")) {
    order.prompts = {settings["prompts"].get<int>()};
  }
  return evalCostInto(session, into, order, output);
}

}  // namespace

Result<void> reproduceZeroShot(const Session& session, const store::Workspace& into, const store::EvaluationRow& row,
                               Output& output) {
  const json settings = settingsOf(row);
  auto order = orderOf<ZeroShotOrder>(row, settings);
  order.group = settings.value("group", "");
  if (settings.contains("frames") && settings["frames"].is_object()) {
    order.frames = settings["frames"].value("by", "");
    order.frameCount = settings["frames"].value("most", std::size_t{0});
  }
  const json findings = json::parse(row.findings, nullptr, false);
  order.metric = findings.is_object() ? findings.value("chosen_metric", "") : "";
  return evalZeroShotInto(session, into, order, output);
}

Result<void> reproduceFewShot(const Session& session, const store::Workspace& into, const store::EvaluationRow& row,
                              Output& output) {
  const json settings = settingsOf(row);
  auto order = orderOf<FewShotOrder>(row, settings);
  order.pool = settings.value("pool", order.pool);
  order.replace = settings.value("replace", false);
  order.adapters = {row.adapter};
  order.vectors = row.vectors == store::VectorKind::ClassConditioned ? "class-conditioned" : "pooled";
  order.shots = {static_cast<std::size_t>(std::max(row.shots, 1))};  // zero-shot is measured whatever the shots
  order.draws = 1;
  const auto drawn = study::seedAndDrawOf(row.supportSeed.value_or(0));
  order.seed = drawn.seed;
  order.firstDraw = drawn.draw;
  return evalFewShotInto(session, into, order, output);
}

std::span<const Reproduction> reproductions() {
  static constexpr std::array<Reproduction, 13> kTable{{
      {"zero-shot", reproduceZeroShot},
      {"few-shot", reproduceFewShot},
      {"surface", reproduceSurface},
      {"retrieval", reproduceRetrieval},
      {"caption-scores", reproduceCaptionScores},
      {"caption-shortcut", reproduceShortcut},
      {"robustness", reproduceRobustness},
      {"domain", reproduceDomain},
      {"spectrum", reproduceSpectrum},
      {"geometry", reproduceGeometry},
      {"mixture", reproduceMixture},
      {"pointing", reproducePointing},
      {"cost", reproduceCost},
  }};
  return kTable;
}

}  // namespace lix::app
