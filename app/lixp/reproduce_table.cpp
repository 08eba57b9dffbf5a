#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>
#include "lixp/eval/verbs.h"
#include "lixp/reproduce.h"

namespace lix::app {
namespace {
using nlohmann::json;

json settingsOf(const store::EvaluationRow& row) {
  json settings = json::parse(row.settings, nullptr, false);
  return settings.is_object() ? settings : json::object();
}

/// What all rows of labelled pictures were asked; class names where a file was named.
template <class Order>
Order orderOf(const store::EvaluationRow& row, const json& settings) {
  Order order;
  order.checkpoints = {row.checkpoint.string()};
  order.curveLabels = {row.checkpointLabel};
  order.data = row.dataset;
  order.labels = row.labelSet;
  order.split = row.split;
  order.templates = row.templates;
  order.classNames = settings.value("class_names", "");
  return order;
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
  order.metric = settings.value("chosen_metric", "");
  return evalZeroShotInto(session, into, order, output);
}

Result<void> reproduceFewShot(const Session& session, const store::Workspace& into, const store::EvaluationRow& row,
                              Output& output) {
  constexpr long long kDrawsOfASeed = 1'000'000;  // as `lixp eval few-shot` numbers them
  const json settings = settingsOf(row);
  auto order = orderOf<FewShotOrder>(row, settings);
  order.pool = settings.value("pool", order.pool);
  order.replace = settings.value("replace", false);
  order.adapters = {row.adapter};
  order.vectors = row.vectors == store::VectorKind::ClassConditioned ? "class-conditioned" : "pooled";
  order.shots = {static_cast<std::size_t>(std::max(row.shots, 1))};  // zero-shot is measured whatever the shots
  order.draws = 1;
  const long long seed = row.supportSeed.value_or(0);
  order.seed = static_cast<std::uint64_t>(seed / kDrawsOfASeed);
  order.firstDraw = static_cast<std::size_t>(seed % kDrawsOfASeed);
  return evalFewShotInto(session, into, order, output);
}

std::span<const Reproduction> reproductions() {
  static constexpr std::array<Reproduction, 2> kTable{{
      {"zero-shot", reproduceZeroShot},
      {"few-shot", reproduceFewShot},
  }};
  return kTable;
}

}  // namespace lix::app
