#include "study/train/train_state.h"

#include <ATen/Parallel.h>
#include <ATen/Version.h>

#include "base/file.h"
#include "base/text.h"
#include "nn/ops/tensor.h"

namespace lix::study {
namespace {
namespace fs = std::filesystem;

constexpr const char* kStateFile = "training_state.safetensors";
constexpr const char* kFresh = "fresh";

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

}  // namespace

int threadsFor(int asked) { return asked > 0 ? asked : at::get_num_threads(); }

std::string cpuCapability() { return at::get_cpu_capability(); }

Result<void> saveTraining(const Training& training, const nn::AdamW& optimizer, const TrainData& data,
                          const fs::path& out) {
  std::map<std::string, at::Tensor> state = optimizer.state();
  for (const auto& [name, value] : training.model.parameters) {
    state.emplace("p." + name, value);
  }
  const std::map<std::string, std::string> metadata{
      {"settings", toJson(training.settings)},
      {"step", std::to_string(training.step)},
      {"epoch", std::to_string(training.position.epoch)},
      {"batch", std::to_string(training.position.batch)},
      {"recipe_hash", training.recipeHash},
      {"data", hex(data.fingerprint())},
      {"threads", std::to_string(at::get_num_threads())},
      {"cpu_capability", cpuCapability()},
      {"context_temperature", training.temperature == ContextTemperature::Fresh ? kFresh : "given"}};
  return replaceFolder(out, [&](const fs::path& folder) -> Result<void> {
    for (const auto& [name, bytes] : data.tokenizerFiles) {
      LIX_CHECK(writeFile(folder / name, bytes));
    }
    LIX_CHECK(nn::savePreprocess(training.preprocess, folder));
    LIX_CHECK(nn::saveTensors(folder / kStateFile, state, metadata));
    return nn::saveModel(training.model, training.settings.recipe, folder,
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
  LIX_TRY(nn::Preprocess preprocess, nn::loadPreprocess(out));
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
  restored.training.temperature =
      field(file, "context_temperature") == kFresh ? ContextTemperature::Fresh : ContextTemperature::Given;
  restored.training.recipeHash = field(file, "recipe_hash");
  restored.threads = static_cast<int>(threads);
  restored.cpuCapability = field(file, "cpu_capability");
  return restored;
}

}  // namespace lix::study
