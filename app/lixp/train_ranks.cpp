#include "lixp/train_ranks.h"

#include <unistd.h>

#include "base/text.h"
#include "study/train/settings.h"

namespace lix::app {
namespace {

/// Rank 0 tells what there is to tell.
struct Quiet : study::TrainObserver {
  void stepped(int, const std::map<std::string, double>&) override {}
  void saved(int, const std::filesystem::path&) override {}
  void notice(const std::string&) override {}
};

Result<SharedRun> sharedRun(const std::string& text) {
  const auto told = nlohmann::json::parse(text);  // written by beginTogether
  SharedRun run{
      .out = told.at("out").get<std::string>(), .again = told.at("again"), .microBatch = told.at("micro_batch")};
  LIX_TRY(run.settings, study::settingsFromJson(told.at("settings").get<std::string>()));
  return run;
}

}  // namespace

Result<std::shared_ptr<Ranks>> joinRanks(const TrainOrder& order) {
  LIX_TRY(const auto place, rankPlace());
  if (!place) {
    return nullptr;
  }
  const bool ladder = !nn::recipesIn(order.settings.recipe).empty();
  if (ladder || order.dryRun || order.queue || !order.requeue.empty() || !order.queued.empty() ||
      !order.preview.empty()) {
    return fail(ErrorCode::BadInput,
                "A ladder, --dry-run, --preview and the queue are for one process; start them "
                "without torchrun or srun, or unset WORLD_SIZE and RANK.");
  }
  return Ranks::join(*place);
}

Result<void> beginTogether(Ranks* ranks, const SharedRun& run) {
  if (ranks == nullptr) {
    return {};
  }
  const nlohmann::json told{{"settings", study::toJson(run.settings)},
                            {"out", run.out.string()},
                            {"again", run.again},
                            {"micro_batch", run.microBatch}};
  LIX_TRY(const std::string same, ranks->leaders(told.dump()));
  return {};
}

Result<Output> followRun(const Session& session, Ranks& ranks) {
  LIX_TRY(const std::string text, ranks.leaders(""));
  LIX_TRY(const SharedRun run, sharedRun(text));
  std::optional<nn::Checkpoint> init;
  const std::filesystem::path from = run.again ? run.out : std::filesystem::path(run.settings.init);
  if (!from.empty()) {
    LIX_TRY(init, nn::loadCheckpoint(from));
  }
  LIX_TRY(const study::TrainData data, preparedData(session, run.settings, init, from));
  (void)!::nice(10);  // as rank 0
  Quiet quiet;
  LIX_TRY(const study::TrainEnd end, run.again
                                         ? study::resume(data, run.out, quiet, nullptr, run.microBatch, &ranks)
                                         : study::train(run.settings, data, init, run.out, quiet, nullptr, &ranks));
  (void)end;
  return Output{};
}

}  // namespace lix::app
