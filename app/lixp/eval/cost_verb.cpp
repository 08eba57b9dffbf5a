#include "base/memory.h"
#include "base/text.h"
#include "lixp/eval/probe.h"
#include "lixp/eval/run.h"
#include "lixp/eval/subject.h"
#include "lixp/eval/training_spent.h"
#include "lixp/eval/verbs.h"
#include "nn/cost.h"
#include "study/eval/measure.h"

namespace lix::app {
namespace {
using nlohmann::json;

std::string duration(double seconds) {
  return seconds >= 1.0    ? cat(fixed(seconds, 2), " s")
         : seconds >= 1e-3 ? cat(fixed(1e3 * seconds, 2), " ms")
         : seconds >= 1e-6 ? cat(fixed(1e6 * seconds, 2), " us")
                           : cat(fixed(1e9 * seconds, 2), " ns");
}

std::string lines(const std::string& label, const study::StatedCost& stated, const study::MeasuredCost& found,
                  const CostOrder& order, const std::optional<TrainingSpent>& spent) {
  std::string text =
      cat(label, "  (", found.threads, found.threads == 1 ? " thread" : " threads", ", batches of ",
          order.batch, ", medians of ", order.repeats, ")\n  parameters: ", stated.parameters,
          "\n  an image: ", nn::flopsText(stated.imageFlops), ", ", duration(found.imageSeconds),
          "\n  a caption: ", nn::flopsText(stated.captionFlops), ", ", duration(found.captionSeconds),
          "\n  a pair: ", nn::flopsText(stated.pairFlops), ", ", duration(found.pairSeconds),
          "\n  memory beside the weights: ", bytesText(double(found.peakBytes)), "\n");
  for (const auto& [prompts, seconds] : found.promptSeconds) {
    text += cat("  an image among ", prompts, prompts == 1 ? " prompt: " : " prompts: ", duration(seconds), "\n");
  }
  return spent ? text + cat("  training: ", nn::flopsText(spent->flops), " for ", spent->samples, " samples in ",
                            spent->steps, " steps", spent->start.empty() ? "" : cat(", after those of ", spent->start),
                            "\n")
               : text;
}

Result<void> cost(const Session& session, const store::Workspace& workspace, const CostOrder& order, std::size_t which,
                  Output& output) {
  const std::filesystem::path place = checkpointPlace(order.checkpoints[which]);
  LIX_TRY(const study::Evaluator evaluator, study::openEvaluator(order.checkpoints[which]));
  const study::StatedCost stated = study::statedCost(evaluator);
  const study::MeasureSettings measure{.batch = order.batch, .repeats = order.repeats, .prompts = order.prompts};
  LIX_TRY(const study::MeasuredCost found, study::measureCost(evaluator, measure, session.progress()));
  const json measured{{"repeats", order.repeats}};
  std::vector<ProbeNumber> numbers{
      {"parameters", double(stated.parameters)},       {"image_flops", stated.imageFlops},
      {"caption_flops", stated.captionFlops},          {"pair_flops", stated.pairFlops},
      {"image_seconds", found.imageSeconds, measured}, {"caption_seconds", found.captionSeconds, measured},
      {"pair_seconds", found.pairSeconds, measured},   {"peak_bytes", double(found.peakBytes), measured}};
  std::vector<std::string> notes;
  const auto spent = trainingSpent(workspace, place, evaluator);
  if (spent) {
    numbers.push_back({"training_flops",
                       spent->flops,
                       {{"samples_seen", spent->samples}, {"steps", spent->steps}, {"start", spent->start}}});
  } else {
    notes.push_back(
        "Neither the workspace nor the checkpoint knows the run that trained it, so that its training's "
        "compute is left out.");
  }
  const store::EvaluationRow row{.kind = "cost",
                                 .checkpoint = place,
                                 .weightsHash = evaluator.checkpoint.weightsHash.text(),
                                 .checkpointLabel = curveLabel(order, which),
                                 .modelSeed = evaluator.checkpoint.seed};
  json settings{{"threads", found.threads}, {"batch", order.batch}};
  LIX_TRY(json said, storeNumbers(workspace, row, settings, numbers, notes));
  said["prompts"] = json::array();
  for (const auto& [prompts, seconds] : found.promptSeconds) {
    settings["prompts"] = prompts;
    LIX_TRY(json one, storeNumbers(workspace, row, settings, {{"image_seconds", seconds, measured}}, {}));
    said["prompts"].push_back({{"prompts", prompts}, {"image_seconds", seconds}, {"key", one["key"]["image_seconds"]}});
  }
  said["repeats"] = order.repeats;
  if (spent) {
    said["samples_seen"] = spent->samples;
    said["start"] = spent->start;
  }
  output.json.push_back(said);
  output.text += lines(row.checkpointLabel, stated, found, order, spent) + linesOf(notes);
  return {};
}

}  // namespace

Result<void> evalCostInto(const Session& session, const store::Workspace& workspace, const CostOrder& order,
                          Output& output) {
  LIX_CHECK(checkLabels(order));
  for (std::size_t i = 0; i < order.checkpoints.size(); ++i) {
    LIX_CHECK(cost(session, workspace, order, i, output));
  }
  return {};
}

void addCostVerb(CLI::App& eval, Session& session) {
  auto order = std::make_shared<CostOrder>();
  CLI::App* verb = eval.add_subcommand(
      "cost", "Parameters, operations, measured time and memory of an image, a caption and a pair; training compute");
  verb->add_option("checkpoints", order->checkpoints, "Checkpoint folders")->required();
  verb->add_option("--label", order->curveLabels, "Name of each checkpoint (default: its folder's name)");
  verb->add_option("--batch", order->batch, "Images, and captions, worked on at once")
      ->check(CLI::Range(1, 65536));
  verb->add_option("--repeats", order->repeats, "Measurements that the median is taken of")
      ->check(CLI::Range(1, 1000));
  verb->add_option("--prompts", order->prompts,
                   "Also the time of an image classified among so many class prompts, as 1,10,100,1000")
      ->delimiter(',')
      ->check(CLI::Range(1, 1'000'000));
  verb->fallthrough();
  setEvaluation(verb, session, order, evalCostInto);
}

}  // namespace lix::app
