#include <fstream>

#include "base/text.h"
#include "lixp/train_run.h"
#include "nn/ops/tensor.h"

namespace lix::app {
namespace {

/// Writes a run's series as JSON lines beside its checkpoint folder, for a workspace to import.
class JsonLines : public study::TrainObserver {
 public:
  JsonLines(const Session& session, const std::filesystem::path& out, int steps)
      : session_(session), progress_(session.progress()), file_(out.string() + ".metrics.jsonl", std::ios::app), steps_(steps) {}

  void stepped(int step, const std::map<std::string, double>& series) override {
    last_ = series;
    file_ << nlohmann::json{{"step", step}, {"series", series}}.dump() << "\n" << std::flush;
    progress_(stepLine(step, series), step, steps_);
  }
  study::TrainRequest request() override { return interrupted() ? study::TrainRequest::Stop : study::TrainRequest::None; }
  void saved(int step, const std::filesystem::path& folder) override {
    file_ << nlohmann::json{{"step", step}, {"checkpoint", folder.string()}}.dump() << "\n" << std::flush;
  }
  void notice(const std::string& sentence) override {
    notices_.push_back(sentence);
    session_.note(sentence);
  }
  const std::map<std::string, double>& last() const { return last_; }
  const std::vector<std::string>& notices() const { return notices_; }

 private:
  const Session& session_;
  Progress progress_;
  std::ofstream file_;
  int steps_;
  std::map<std::string, double> last_;
  std::vector<std::string> notices_;
};

}  // namespace

Result<Output> trainRun(const Session& session, TrainOrder order) {
  LIX_CHECK(deviceFor(order.device));
  const bool again = !order.resume.empty() && std::filesystem::exists(order.resume / "config.json");
  const std::filesystem::path out = order.resume.empty() ? order.out : order.resume;
  if (again) {
    LIX_TRY(const study::TrainState state, study::readTrainState(out));
    LIX_TRY(order.settings, agree(state.settings, order));
  }
  if (out.empty() || order.settings.data.empty()) {
    return fail(ErrorCode::BadInput, "Without a workspace a run needs --data PACK and --out DIR.");
  }
  LIX_TRY(const study::TrainData data, study::openTrainData(order.settings.data));
  std::optional<nn::Checkpoint> init;
  if (!order.settings.init.empty()) {
    LIX_TRY(init, nn::loadCheckpoint(order.settings.init));
  }
  JsonLines observer(session, out, order.settings.steps);
  LIX_TRY(const study::TrainEnd end, again ? study::resume(data, out, observer) : study::train(order.settings, data, init, out, observer));
  return trainOutput(order.settings, end, out, observer.last(), observer.notices());
}

}  // namespace lix::app
