#include <chrono>
#include <fstream>

#include "base/text.h"
#include "lixp/train_ranks.h"
#include "nn/ops/tensor.h"
#include "study/train/process_memory.h"
#include "study/train/recipe_for.h"

namespace lix::app {
namespace {

/// Writes a run's series as JSON lines beside its checkpoint folder, for a workspace to import.
class JsonLines : public study::TrainObserver {
 public:
  JsonLines(const Session& session, const std::filesystem::path& path, int steps)
      : session_(session), progress_(session.progress()), path_(path), file_(path, std::ios::app), steps_(steps) {}

  Result<void> check() const {
    return file_ ? Result<void>() : fail(ErrorCode::Io, cat("Cannot write ", path_.string(), "; choose an --out that you may write to."));
  }

  void stepped(int step, const std::map<std::string, double>& series) override {
    last_ = series;
    if (const auto now = Clock::now(); step > 0 && now - measured_ >= std::chrono::seconds(1)) {
      last_.merge(study::memorySeries());
      measured_ = now;
    }
    write({{"step", step}, {"series", last_}});
    progress_(stepLine(step, series), step, steps_);
  }
  study::TrainRequest request() override { return interrupted() ? study::TrainRequest::Stop : study::TrainRequest::None; }
  void saved(int step, const std::filesystem::path& folder) override {
    write({{"step", step}, {"checkpoint", folder.string()}});
  }
  void notice(const std::string& sentence) override {
    notices_.push_back(sentence);
    session_.note(sentence);
  }
  const std::map<std::string, double>& last() const { return last_; }
  const std::vector<std::string>& notices() const { return notices_; }

 private:
  using Clock = std::chrono::steady_clock;

  /// A run goes on when a line cannot be written (disk full); that is said once, and later lines are tried again.
  void write(const nlohmann::json& line) {
    file_ << line.dump() << "\n" << std::flush;
    if (!file_ && !complained_) {
      complained_ = true;
      notice(cat(path_.string(), " could not be written; the run goes on, but its curve will have a gap."));
    }
    file_.clear();
  }

  const Session& session_;
  Progress progress_;
  std::filesystem::path path_;
  std::ofstream file_;
  int steps_;
  Clock::time_point measured_{};
  std::map<std::string, double> last_;
  std::vector<std::string> notices_;
  bool complained_ = false;
};

}  // namespace

Result<std::filesystem::path> ladderFolder(const Session&, const std::string& recipe) {
  return fail(ErrorCode::BadInput, cat("Without a workspace the rungs of ", recipe, " need a folder: --out DIR."));
}

RunNumbers numbersOf(const Session&, const std::filesystem::path& out) {
  std::ifstream file(out.string() + ".metrics.jsonl");
  std::vector<double> losses, rates;
  for (std::string line; std::getline(file, line);) {
    const auto point = nlohmann::json::parse(line, nullptr, false);
    const auto series = point.is_object() ? point.value("series", nlohmann::json::object()) : nlohmann::json::object();
    if (series.contains("loss") && series["loss"].is_number()) {
      losses.push_back(series["loss"]);
    }
    if (series.contains("images_per_second")) {
      rates.push_back(series["images_per_second"]);
    }
  }
  return summary(losses, rates);
}

Result<study::TrainData> preparedData(const Session&, const study::TrainSettings& settings, const std::optional<nn::Checkpoint>&,
                                      const std::filesystem::path&) {
  return study::openTrainData(settings.data);
}

Result<Output> trainRun(const Session& session, TrainOrder order) {
  LIX_CHECK(deviceFor(order.device));
  if (order.queue || !order.requeue.empty() || !order.queued.empty() || !order.preview.empty()) {
    return fail(ErrorCode::Unsupported, "This program has no workspace, so there is no queue, and no pictures to look at.");
  }
  completePaths(order.settings);
  const bool again = !order.resume.empty() && isCheckpoint(order.resume);
  if (again) {
    LIX_TRY(const study::TrainState state, study::readTrainState(order.resume));
    LIX_TRY(order.settings, agree(state.settings, order));
  }
  if ((order.out.empty() && order.resume.empty() && !order.dryRun) || order.settings.data.empty()) {
    return fail(ErrorCode::BadInput, "Without a workspace a run needs --data PACK and --out DIR.");
  }
  const std::filesystem::path out = order.dryRun ? std::filesystem::path() : placeOf(order.resume.empty() ? order.out : order.resume);
  if (!again) {
    LIX_CHECK(order.dryRun ? Result<void>() : checkOut(out));
    lowerRateForPostTraining(session, order);
  }
  LIX_TRY(const study::TrainData data, study::openTrainData(order.settings.data));
  noteSkipped(session, data.pack);
  std::optional<nn::Checkpoint> init;
  if (!order.settings.init.empty()) {
    LIX_TRY(init, nn::loadCheckpoint(order.settings.init));
  }
  if (!again) {
    LIX_TRY(const nn::Recipe recipe, study::recipeFor(order.settings));
    if (init || recipe.towers != nn::Towers::Heads) {  // the features decide the sizes of heads
      LIX_TRY(const nn::ModelConfig config, init ? Result<nn::ModelConfig>(init->model.config)
                                                 : study::freshConfig(order.settings, data.vocabulary, data.contextLength));
      LIX_CHECK(stateNeed(session, order.settings, recipe, config));
    }
  }
  if (order.dryRun) {
    return dryRunOutput(session, order.settings, data, init);
  }
  JsonLines observer(session, out.string() + ".metrics.jsonl", order.settings.steps);
  LIX_CHECK(observer.check());
  Ranks* const ranks = order.ranks.get();
  LIX_CHECK(beginTogether(ranks, {order.settings, out, again, askedMicroBatch(order)}));
  LIX_TRY(const study::TrainEnd end, again ? study::resume(data, out, observer, nullptr, askedMicroBatch(order), ranks)
                                           : study::train(order.settings, data, init, out, observer, nullptr, ranks));
  return trainOutput(order.settings, end, out, observer.last(), observer.notices());
}

}  // namespace lix::app
