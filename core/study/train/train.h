#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "base/result.h"
#include "nn/checkpoint/checkpoint.h"
#include "nn/recipe.h"
#include "ranks/ranks.h"
#include "study/train/canary.h"
#include "study/train/settings.h"
#include "study/train/train_data.h"

namespace lix::study {

/// Keep makes a copy of the present step beside the checkpoint (keptFolder) and is followed by asking again.
enum class TrainRequest { None, Pause, Stop, Cancel, Keep };

/// Who watches a run: called between steps on the training thread.
class TrainObserver {
 public:
  virtual ~TrainObserver() = default;
  /// After every step: loss terms, scales, biases, temperatures, effective neighbours, learning rate, gradient norm,
  /// images/s, the share of draws put off for an equal caption; "skipped_steps" once there are any, and the canary's
  /// series at the steps where it was read (step 0: before the first step, those alone). A skipped step has no loss.
  virtual void stepped(int step, const std::map<std::string, double>& series) = 0;
  /// Asked before every step. Pause is asked again until it becomes something else.
  virtual TrainRequest request() { return TrainRequest::None; }
  /// A checkpoint of `step` is about to be written: what a resumed run will not tell again must be kept by now.
  virtual void saving(int) {}
  /// A complete checkpoint of `step` lies in the folder.
  virtual void saved(int step, const std::filesystem::path& folder) = 0;
  /// A complete checkpoint of `step` lies in a folder of its own, which later steps leave alone.
  virtual void kept(int, const std::filesystem::path&) {}
  /// One sentence that a person should read (a context that stays uniform, captions cut off).
  virtual void notice(const std::string& sentence) = 0;
};

enum class TrainEnd { Done, Stopped, Cancelled };

/// Trains by a recipe and keeps the newest complete checkpoint at `out` (config.json, model.safetensors,
/// training_state.safetensors, tokenizer and preprocessor), swapped in whole, so that a kill at any instruction leaves
/// the one before. Pause and Stop save first; Cancel does not. `init` gives the towers and scalars to start from; its
/// shapes hold, settings.size is then ignored.
///
/// A step whose loss or gradient is not finite is skipped: weights stay, the place in the data moves on, a notice names
/// the pictures and captions that cause it. With one more than settings.mostSkipped, or a weight that is not finite,
/// the run ends with an error and keeps its last checkpoint. `canary` is read before the first step, every
/// settings.canaryEvery steps and at the end; the checkpoint of the best step by settings.canaryBest lies at
/// "<out>-best", and with settings.keepEvery every so many steps one more at keptFolder. With settings.ema model.safetensors
/// holds the averaged weights.
///
/// With `ranks` all of them are called with the same settings and data; settings.batch is that of all together, of which
/// each embeds an equal part (refused where it does not divide). Only rank 0 has an observer and a canary and writes at
/// `out`. Loss and gradients are those of one process. Where a rank is lost the others fail; rank 0 keeps the last whole
/// step first.
Result<TrainEnd> train(const TrainSettings& settings, const TrainData& data, const std::optional<nn::Checkpoint>& init,
                       const std::filesystem::path& out, TrainObserver& observer,
                       Canary* canary = nullptr, Ranks* ranks = nullptr);

/// Continues the run whose newest checkpoint lies at `out`, bit for bit as if it had not been cut off (same threads and
/// CPU capability; the observer is told where they differ). The data must be what the run began with. `microBatch` > 0
/// takes the place of the one that the run began with, from now on and in later resumes, which changes the last bits.
Result<TrainEnd> resume(const TrainData& data, const std::filesystem::path& out, TrainObserver& observer,
                        Canary* canary = nullptr, int microBatch = 0, Ranks* ranks = nullptr);

/// Where the best step and a kept step of a run lie: beside its newest checkpoint, "<out>-best" and "<out>-step-000400".
std::filesystem::path bestFolder(const std::filesystem::path& out);
std::filesystem::path keptFolder(const std::filesystem::path& out, long long step);

/// What a training state says of itself, without its tensors.
struct TrainState {
  TrainSettings settings;
  int step = 0;     ///< steps done
  int threads = 0;  ///< that it was computed with
  std::string cpuCapability;
};
Result<TrainState> readTrainState(const std::filesystem::path& out);

/// How many CPU threads a run computes with that was asked for so many; 0 = all cores.
int threadsFor(int asked);

/// torch's name of the instruction set that its CPU kernels use here ("AVX2", "AVX512").
std::string cpuCapability();

/// What a run that starts from nothing asks of its size preset. `recipe` as findRecipe(settings) gives it.
nn::Architecture architecture(const TrainSettings& settings, const nn::Recipe& recipe);

/// Model configuration of a run that starts from nothing: recipe x size preset, with the data's vocabulary and context.
Result<nn::ModelConfig> freshConfig(const TrainSettings& settings, int vocabulary, int contextLength);

}  // namespace lix::study
