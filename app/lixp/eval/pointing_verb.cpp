#include "study/inspect/pointing_set.h"

#include "base/text.h"
#include "lixp/eval/probe.h"
#include "lixp/eval/run.h"
#include "lixp/eval/subject.h"
#include "lixp/eval/verbs.h"

namespace lix::app {
namespace {
using nlohmann::json;

json bounds(const study::Interval& interval) { return json::array({interval.low, interval.high}); }

json kindsOf(const study::PointingSet& found) {
  json kinds = json::object();
  for (const study::PointingKind& kind : found.kinds) {
    kinds[kind.kind] = {{"captions", kind.captions},
                        {"pictures", kind.pictures},
                        {"hit", kind.hit.value},
                        {"hit_interval", bounds(kind.hit.interval)},
                        {"share", kind.share.value},
                        {"share_interval", bounds(kind.share.interval)},
                        {"chance", kind.chance}};
  }
  return kinds;
}

std::string percent(const study::Estimate& estimate) {
  return cat(fixed(100.0 * estimate.value, 1), " (", fixed(100.0 * estimate.interval.low, 1), " to ",
             fixed(100.0 * estimate.interval.high, 1), ")");
}

std::string lines(const Probe& probe, const study::PointingSet& found) {
  std::string text = cat(probe.row.checkpointLabel, "  ", probe.row.dataset, " (", found.pictures,
                         " pictures), in percent with 95 % intervals\n");
  for (const study::PointingKind& kind : found.kinds) {
    text += cat("  ", kind.kind, ", ", kind.captions, kind.captions == 1 ? " caption" : " captions", ": hit ",
                percent(kind.hit), ", share of the map ", percent(kind.share), "; chance ", fixed(100.0 * kind.chance, 1),
                "\n");
  }
  return text + linesOf(probe.notes);
}

bool hasCaptions(const data::Sample& sample) { return !sample.captions.empty(); }

}  // namespace

Result<void> evalPointingInto(const Session& session, const store::Workspace& workspace, const PointingOrder& order,
                              Output& output) {
  LIX_CHECK(checkLabels(order));
  for (std::size_t which = 0; which < order.checkpoints.size(); ++which) {
    LIX_TRY(Probe probe, openProbe(workspace, order, which, "pointing", hasCaptions));
    LIX_CHECK(study::needTowers(probe.evaluator, "Pointing"));
    LIX_TRY(const auto found,
            study::pointingOver(probe.evaluator, probe.dataset, probe.samples, {}, session.progress()));
    noteUnread(found.skipped, probe.notes);
    probe.notes.push_back(found.explanation);
    probe.row.querySize = static_cast<long long>(found.pictures);
    const study::PointingKind& all = found.kinds.front();
    const json kinds = kindsOf(found);
    const auto findings = [&](const study::Estimate& estimate) {
      return json{{"interval", bounds(estimate.interval)},
                  {"chance", all.chance},
                  {"map", found.perCaption ? "of each caption" : "one for all captions"},
                  {"kinds", kinds}};
    };
    LIX_TRY(json said, storeNumbers(workspace, probe.row, {{"pictures", order.pictures}},
                                    {{"pointing_hit", all.hit.value, findings(all.hit)},
                                     {"pointing_share", all.share.value, findings(all.share)}},
                                    probe.notes));
    said["chance"] = all.chance;
    said["kinds"] = kinds;
    said["map"] = found.perCaption ? "of each caption" : "one for all captions";
    output.json.push_back(said);
    output.text += lines(probe, found);
  }
  return {};
}

void addPointingVerb(CLI::App& eval, Session& session) {
  auto order = std::make_shared<PointingOrder>();
  CLI::App* verb = eval.add_subcommand(
      "pointing", "Whether captions' maps point at what the captions speak of, where the dataset knows it (scenes)");
  addProbeOptions(verb, *order);
  setEvaluation(verb, session, order, evalPointingInto);
}

}  // namespace lix::app
