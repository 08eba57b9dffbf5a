#include "study/train/dry_run.h"

#include <sys/sysinfo.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <limits>
#include <set>

#include "base/memory.h"
#include "base/text.h"
#include "nn/recipe.h"
#include "study/train/feature_data.h"
#include "study/train/outlook.h"
#include "study/train/recipe_for.h"

namespace lix::study {
namespace {
using Clock = std::chrono::steady_clock;

constexpr int kTimedSteps = 3;
constexpr double kLongGap = 1800.0;  // seconds that a kill may cost

/// Lets a run take its steps and calls it off before it would save anything.
class Stopwatch : public TrainObserver {
 public:
  explicit Stopwatch(const Progress& progress) : progress_(progress) {}

  TrainRequest request() override {
    goesOn_ = !progress_ || progress_("dry run", static_cast<long long>(ends_.size()), 1 + kTimedSteps);
    return goesOn_ && ends_.size() < 1 + kTimedSteps ? TrainRequest::None : TrainRequest::Cancel;
  }
  void stepped(int, const std::map<std::string, double>& series) override {
    ends_.push_back(Clock::now());
    if (ends_.size() == 1) {
      first_ = series;
    }
  }
  void saved(int, const std::filesystem::path&) override {}
  void notice(const std::string&) override {}  // the warnings say it with more detail

  bool wasCancelled() const { return !goesOn_; }
  const std::map<std::string, double>& first() const { return first_; }
  double median() const {
    std::vector<double> seconds;
    for (std::size_t i = 1; i < ends_.size(); ++i) {
      seconds.push_back(std::chrono::duration<double>(ends_[i] - ends_[i - 1]).count());
    }
    std::ranges::sort(seconds);
    return seconds.at(seconds.size() / 2);
  }

 private:
  const Progress& progress_;
  bool goesOn_ = true;
  std::vector<Clock::time_point> ends_;
  std::map<std::string, double> first_;
};

/// VmHWM of this process in bytes, 0 where the system does not tell.
long long peakMemory() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word == "VmHWM:") {
      long long kibibytes = 0;
      status >> kibibytes;
      return kibibytes * 1024;
    }
  }
  return 0;
}

/// The model that the steps will train, by its shapes.
Result<nn::ModelConfig> configOf(const TrainSettings& settings, const nn::Recipe& recipe, const TrainData& data,
                                 const std::optional<nn::Checkpoint>& init) {
  return init ? Result<nn::ModelConfig>(init->model.config)
              : configFor(settings, recipe, data);
}

void warnOfData(const TrainSettings& settings, const TrainData& data, std::vector<std::string>& warnings) {
  std::set<std::uint64_t> pictures;
  for (const PackedSample& sample : data.pack.samples()) {
    if (sample.split == 0 && !sample.captions.empty()) {
      pictures.insert(sample.hash);
    }
  }
  const double distinct = static_cast<double>(pictures.size());
  if (settings.batch > distinct / 2) {
    warnings.push_back(cat("A batch of ", settings.batch, " is more than half of the ", pictures.size(),
                           " distinct training pictures, so that every step sees nearly the same ones; more data or a "
                           "smaller batch helps."));
  }
  if (static_cast<double>(settings.batch) * settings.steps < distinct) {
    warnings.push_back(cat("The run sees only ", static_cast<long long>(settings.batch) * settings.steps, " of the ",
                           pictures.size(), " distinct training pictures."));
  }
  if (data.truncated > 0) {
    const double share =
        static_cast<double>(data.truncated) / static_cast<double>(std::max<std::size_t>(1, data.lengths.size()));
    warnings.push_back(cat(data.truncated, data.truncated == 1 ? " caption is" : " captions are", " longer than ",
                           data.contextLength, " tokens and cut off (",
                           share < 0.01 ? std::string("less than 1") : cat(static_cast<int>(100.0 * share)),
                           " % of all)."));
  }
}

void warnOfMachine(const TrainSettings& settings, const DryRun& found, std::vector<std::string>& warnings) {
  struct sysinfo machine {};
  if (::sysinfo(&machine) == 0 && machine.totalram > 0) {
    const double all = static_cast<double>(machine.totalram) * machine.mem_unit;
    if (static_cast<double>(found.peakMemory) > 0.8 * all) {
      warnings.push_back(cat("The run takes ", found.peakMemory >> 20, " MiB of this machine's ",
                             static_cast<long long>(all) >> 20,
                             " MiB; take a smaller batch before the system ends it."));
    }
  }
  if (const double gap = found.secondsPerStep * std::min(settings.checkpointEvery, settings.steps); gap > kLongGap) {
    warnings.push_back(
        cat("Checkpoints would lie ", static_cast<long long>(gap / 60.0),
            " minutes apart, which is what a power cut could cost; lower the steps between checkpoints."));
  }
}

}  // namespace

Result<DryRun> dryRun(const TrainSettings& settings, const TrainData& data, const std::optional<nn::Checkpoint>& init,
                      const Progress& progress) {
  LIX_CHECK(settings.validate());
  LIX_TRY(const nn::Recipe recipe, recipeFor(settings));
  DryRun found;
  LIX_TRY(const nn::ModelConfig config, configOf(settings, recipe, data, init));
  const auto free = lix::freeMemory();
  LIX_TRY(found.stated, needOf(settings, recipe, config, free ? std::optional(double(*free)) : std::nullopt));
  found.parameters = found.stated.cost.parameters;
  // No end and no checkpoint may come before it is called off: only those save.
  TrainSettings tried = settings;
  tried.steps = std::max(settings.steps, 2 + kTimedSteps);
  tried.checkpointEvery = std::numeric_limits<int>::max();
  tried.canary.clear();  // it takes no step, and its best would be a checkpoint
  tried.canaryBest.clear();
  Stopwatch watch(progress);
  LIX_CHECK(train(tried, data, init, {}, watch));
  if (watch.wasCancelled()) {
    return fail(ErrorCode::Cancelled, "The dry run was cancelled.");
  }
  found.peakMemory = peakMemory();
  found.secondsPerStep = watch.median();
  found.imagesPerSecond = settings.batch / found.secondsPerStep;
  found.totalSeconds = found.secondsPerStep * settings.steps;
  found.multiplier = settings.scalarMultiplier > 0.0 ? settings.scalarMultiplier : scalarMultiplierRule(settings);
  if (const auto neighbours = watch.first().find("effective_neighbours");
      neighbours != watch.first().end() && settings.batch > 1) {
    found.neighbours = neighbours->second / (settings.batch - 1);
  }
  found.warnings = settingsWarnings(settings, recipe, found.neighbours);
  warnOfData(settings, data, found.warnings);
  warnOfMachine(settings, found, found.warnings);
  return found;
}

}  // namespace lix::study
