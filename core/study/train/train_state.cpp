#include "study/train/train_state.h"

#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/ops/empty.h>

#include <algorithm>
#include <iomanip>

#include "base/file.h"
#include "base/text.h"
#include "nn/ops/tensor.h"
#include "study/train/weights_average.h"

namespace lix::study {
namespace {
namespace fs = std::filesystem;

constexpr const char* kStateFile = "training_state.safetensors";
constexpr const char* kFresh = "fresh";
constexpr const char* kHits = "canary.hits";

std::string field(const nn::SafetensorsFile& file, const std::string& key) {
  const auto found = file.metadata().find(key);
  return found == file.metadata().end() ? "" : found->second;
}

Result<long long> number(const nn::SafetensorsFile& file, const std::string& key, const fs::path& path) {
  const auto value = toInteger(field(file, key));
  if (!value || *value < 0) {
    return fail(ErrorCode::BadInput,
                cat(path.string(), " does not say its ", key, "; it is not the training state of a run."));
  }
  return *value;
}

/// What a state may leave out (one written before there was such a thing): `missing` then.
int numberOr(const nn::SafetensorsFile& file, const std::string& key, int missing) {
  const auto value = toInteger(field(file, key));
  return value && *value >= 0 && *value <= 1'000'000'000 ? static_cast<int>(*value) : missing;
}

void keepCanary(const CanaryMemory& canary, std::map<std::string, at::Tensor>& tensors,
                std::map<std::string, std::string>& metadata) {
  if (canary.baseline.empty()) {
    return;
  }
  at::Tensor hits = at::empty({static_cast<std::int64_t>(canary.baseline.size())}, at::kByte);
  std::ranges::copy(canary.baseline, hits.data_ptr<std::uint8_t>());
  tensors.emplace(kHits, hits);
  metadata.emplace("canary_dropped", canary.dropped ? "1" : "0");
  metadata.emplace("canary_draw", canary.draw);
  if (canary.best) {
    metadata.emplace("canary_best", cat(std::setprecision(17), *canary.best));
    metadata.emplace("canary_best_step", std::to_string(canary.bestStep));
  }
}

CanaryMemory canaryFrom(const nn::SafetensorsFile& file) {
  CanaryMemory canary;
  if (const auto hits = file.tensors().find(kHits); hits != file.tensors().end()) {
    for (const std::byte hit : hits->second.bytes) {
      canary.baseline.push_back(std::to_integer<std::uint8_t>(hit));
    }
  }
  canary.draw = field(file, "canary_draw");
  canary.best = toReal(field(file, "canary_best"));
  canary.bestStep = numberOr(file, "canary_best_step", 0);
  canary.dropped = field(file, "canary_dropped") == "1";
  return canary;
}

/// The average of `tensors` ("e.<name>") where the settings ask for one.
Result<nn::Parameters> averageFrom(const std::map<std::string, at::Tensor>& tensors, const nn::Parameters& parameters,
                                   const fs::path& path) {
  nn::Parameters average;
  for (const auto& [key, value] : tensors) {
    if (key.starts_with("e.")) {
      const auto weight = parameters.find(key.substr(2));
      if (weight == parameters.end() || weight->second.sizes() != value.sizes()) {
        return fail(ErrorCode::BadInput, cat(path.string(), " averages '", key.substr(2),
                                             "', which the model has not; it belongs to another model."));
      }
      average.emplace(weight->first, value);
    }
  }
  return average;
}

}  // namespace

nn::Model shown(const Training& training) {
  return {training.model.config, averaged(training.model.parameters, training.average)};
}

int threadsFor(int asked) { return asked > 0 ? asked : at::get_num_threads(); }

std::string cpuCapability() { return at::get_cpu_capability(); }

Result<void> saveTraining(const Training& training, const nn::AdamW& optimizer, const TrainData& data,
                          const fs::path& out) {
  std::map<std::string, at::Tensor> state = optimizer.state();
  for (const auto& [name, value] : training.model.parameters) {
    state.emplace("p." + name, value);
  }
  for (const auto& [name, value] : training.average) {
    state.emplace("e." + name, value);
  }
  std::map<std::string, std::string> metadata{
      {"settings", toJson(training.settings)},
      {"step", std::to_string(training.step)},
      {"epoch", std::to_string(training.position.epoch)},
      {"batch", std::to_string(training.position.batch)},
      {"micro_batch", std::to_string(training.microBatch)},
      {"skipped", std::to_string(training.skipped)},
      {"recipe_hash", training.recipeHash},
      {"data", hex(data.fingerprint())},
      {"threads", std::to_string(at::get_num_threads())},
      {"cpu_capability", cpuCapability()},
      {"context_temperature", training.temperature == ContextTemperature::Fresh ? kFresh : "given"}};
  keepCanary(training.canary, state, metadata);
  return replaceFolder(out, [&](const fs::path& folder) -> Result<void> {
    for (const auto& [name, bytes] : data.tokenizerFiles) {
      LIX_CHECK(writeFile(folder / name, bytes));
    }
    if (!data.features) {  // heads read no pictures
      LIX_CHECK(nn::savePreprocess(training.preprocess, folder));
    }
    LIX_CHECK(nn::saveTensors(folder / kStateFile, state, metadata));
    return nn::saveModel(shown(training), training.settings.recipe, folder,
                         training.settings.halfWeights ? nn::Precision::Float16 : nn::Precision::Float32,
                         static_cast<long long>(training.settings.seed));
  });
}

Result<TrainState> readTrainState(const fs::path& out) {
  const fs::path path = out / kStateFile;
  LIX_TRY(const auto file, nn::SafetensorsFile::open(path));
  TrainState state;
  LIX_TRY(state.settings, settingsFromJson(field(file, "settings")));
  LIX_TRY(const auto step, number(file, "step", path));
  LIX_TRY(const auto threads, number(file, "threads", path));
  state.step = static_cast<int>(step);
  state.threads = static_cast<int>(threads);
  state.cpuCapability = field(file, "cpu_capability");
  return state;
}

Result<Restored> restoreTraining(const TrainData& data, const fs::path& out) {
  const fs::path path = out / kStateFile;
  LIX_TRY(const auto file, nn::SafetensorsFile::open(path));
  if (const std::string fingerprint = field(file, "data"); fingerprint != hex(data.fingerprint())) {
    return fail(ErrorCode::BadInput,
                cat("The run at ", out.string(), " began with other data than '", data.pack.name(),
                    "' is now; put the data back, or start a new run with --init ", out.string(), "."));
  }
  LIX_TRY(nn::Checkpoint checkpoint, nn::loadCheckpoint(out));
  nn::Preprocess preprocess;
  if (!data.features) {
    LIX_TRY(preprocess, nn::loadPreprocess(out));
  }
  Restored restored;
  LIX_TRY(restored.optimizer, nn::loadTensors(path));
  restored.training.model = std::move(checkpoint.model);
  for (auto& [name, value] : restored.training.model.parameters) {
    const auto found = restored.optimizer.find("p." + name);
    if (found == restored.optimizer.end() || found->second.sizes() != value.sizes()) {
      return fail(ErrorCode::BadInput, cat(path.string(), " does not hold '", name,
                                           "' as model.safetensors does; it belongs to another model."));
    }
    value = found->second;
  }
  restored.training.preprocess = preprocess;
  LIX_TRY(restored.training.settings, settingsFromJson(field(file, "settings")));
  LIX_CHECK(restored.training.settings.validate());
  LIX_TRY(const auto step, number(file, "step", path));
  LIX_TRY(const auto epoch, number(file, "epoch", path));
  LIX_TRY(const auto batch, number(file, "batch", path));
  LIX_TRY(const auto threads, number(file, "threads", path));
  restored.training.step = static_cast<int>(step);
  restored.training.position = {static_cast<std::uint64_t>(epoch), static_cast<std::uint64_t>(batch)};
  restored.training.microBatch = numberOr(file, "micro_batch", restored.training.settings.batch);
  restored.training.skipped = numberOr(file, "skipped", 0);
  restored.training.canary = canaryFrom(file);
  if (restored.training.settings.ema > 0.0) {
    LIX_TRY(restored.training.average, averageFrom(restored.optimizer, restored.training.model.parameters, path));
  }
  restored.training.temperature =
      field(file, "context_temperature") == kFresh ? ContextTemperature::Fresh : ContextTemperature::Given;
  restored.training.recipeHash = field(file, "recipe_hash");
  restored.threads = static_cast<int>(threads);
  restored.cpuCapability = field(file, "cpu_capability");
  return restored;
}

}  // namespace lix::study
