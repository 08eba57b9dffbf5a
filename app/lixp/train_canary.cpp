#include "lixp/train_canary.h"

#include <algorithm>
#include <array>

#include "base/file.h"
#include "base/text.h"
#include "lixp/workspace_access.h"
#include "store/metric_store.h"
#include "study/canary/frozen_canary.h"
#include "study/train/recipe_for.h"

namespace lix::app {
namespace {
namespace fs = std::filesystem;

constexpr std::array<std::pair<const char*, const char*>, 3> kSeries{
    {{"zero_shot", "zero-shot"}, {"prototype", "prototype"}, {"tip_adapter", "Tip-Adapter"}}};

study::CanarySettings settingsOf(const study::TrainSettings& settings) { return {.shots = settings.canaryShots}; }

std::string percent(double share) { return cat(fixed(100.0 * share, 1), " %"); }

/// With a sign, in points: "+1.8".
std::string points(double share) { return cat(share >= 0.0 ? "+" : "", fixed(100.0 * share, 1)); }

/// Of the dataset that the run learns from, or that its pack was made of.
Result<std::string> learnedName(const store::Workspace& workspace, const study::TrainSettings& settings) {
  std::error_code ignored;
  if (fs::exists(fs::path(settings.data) / "pack.json", ignored)) {
    LIX_TRY(const study::Pack pack, study::Pack::open(settings.data));
    return pack.name();
  }
  LIX_TRY(const data::Dataset dataset, openDataset(&workspace, settings.data));
  return dataset.name;
}

}  // namespace

Result<std::shared_ptr<const nn::Tokenizer>> tokenizerOf(const study::TrainData& data) {
  LIX_TRY(const fs::path folder, detail::makeTemporaryFolder(fs::temp_directory_path() / "lixp-canary"));
  const auto loaded = [&]() -> Result<std::shared_ptr<const nn::Tokenizer>> {
    for (const auto& [name, bytes] : data.tokenizerFiles) {
      LIX_CHECK(writeFile(folder / name, bytes));
    }
    return nn::loadTokenizer(folder);
  }();
  detail::removeQuietly(folder);
  return loaded;
}

Result<nn::Preprocess> preprocessFor(const study::TrainSettings& settings, const study::TrainData& data,
                                     const std::optional<nn::Checkpoint>& init, const fs::path& from) {
  std::error_code ignored;
  if (!from.empty() && fs::exists(from / "preprocessor_config.json", ignored)) {
    return nn::loadPreprocess(from);
  }
  nn::ModelConfig config;
  if (init) {
    config = init->model.config;
  } else {
    LIX_TRY(config, study::freshConfig(settings, data.vocabulary, data.contextLength));
  }
  return config.towers == nn::Towers::Siglip ? nn::siglipPreprocess(config.imageSize)
                                             : nn::clipPreprocess(config.imageSize);
}

Result<void> checkCanary(const store::Workspace& workspace, const study::TrainSettings& settings) {
  if (settings.canary.empty()) {
    return settings.canaryBest.empty() ? Result<void>()
                                       : fail(ErrorCode::BadInput, cat("The best step by '", settings.canaryBest,
                                                                       "' needs a canary; give --canary DATASET."));
  }
  if (!settings.canaryBest.empty() && std::ranges::none_of(kSeries, [&](const auto& one) {
        return settings.canaryBest == cat("canary.", one.first);
      })) {
    return fail(ErrorCode::BadInput,
                cat("The canary has no series '", settings.canaryBest, "' to choose the best step by; ",
                    "choose canary.zero_shot, canary.prototype or canary.tip_adapter."));
  }
  LIX_TRY(const nn::Recipe recipe, study::recipeFor(settings));
  if (recipe.towers == nn::Towers::Heads) {
    return fail(ErrorCode::Unsupported,
                "Heads on frozen features read no pictures, so a canary cannot look at them; leave out --canary.");
  }
  LIX_TRY(const data::Dataset dataset, openDataset(&workspace, settings.canary));
  LIX_TRY(const std::string learned, learnedName(workspace, settings));
  LIX_CHECK(study::planCanary(dataset, settingsOf(settings), study::canaryOf(dataset, learned)));
  return {};
}

Result<std::unique_ptr<study::Canary>> canaryFor(const Session& session, const store::Workspace& workspace,
                                                 const study::TrainSettings& settings, const study::TrainData& data,
                                                 const std::optional<nn::Checkpoint>& init, const fs::path& from) {
  if (settings.canary.empty()) {
    return nullptr;
  }
  LIX_TRY(const data::Dataset dataset, openDataset(&workspace, settings.canary));
  LIX_TRY(const nn::Preprocess preprocess, preprocessFor(settings, data, init, from));
  LIX_TRY(std::shared_ptr<const nn::Tokenizer> tokenizer, tokenizerOf(data));
  LIX_TRY(std::unique_ptr<study::FrozenCanary> canary,
          study::makeCanary(dataset, settingsOf(settings), data.pack, preprocess, std::move(tokenizer)));
  for (const std::string& note : canary->draw().notes) {
    session.note(note);
  }
  return std::unique_ptr<study::Canary>(std::move(canary));
}

std::string canaryLine(const std::map<std::string, double>& reading) {
  const auto zeroShot = reading.find("canary.zero_shot"), change = reading.find("canary.zero_shot_change");
  if (zeroShot == reading.end()) {
    return "";
  }
  return cat("canary ", percent(zeroShot->second),
             change == reading.end() ? "" : cat(" (", points(change->second), ")"));
}

void addCanary(const store::Workspace& workspace, long long run, const std::string& dataset, Output& output) {
  const store::MetricStore metrics(workspace);
  const auto series = [&](const std::string& name) {
    return metrics.series(run, "canary." + name).value_or(std::vector<store::MetricPoint>());
  };
  nlohmann::json about{{"dataset", dataset}, {"first", nlohmann::json::object()}, {"last", nlohmann::json::object()}};
  std::string text;
  for (const auto& [key, title] : kSeries) {
    const auto values = series(key);
    if (values.empty()) {
      continue;
    }
    about["first"]["step"] = values.front().step;
    about["last"]["step"] = values.back().step;
    about["first"][key] = values.front().value;
    about["last"][key] = values.back().value;
    text += cat("  ", title, " ", percent(values.front().value), " at step ", values.front().step, ", ",
                percent(values.back().value), " at step ", values.back().step, "\n");
  }
  if (text.empty()) {
    return;
  }
  const auto change = series("zero_shot_change"), low = series("zero_shot_change_low"),
             high = series("zero_shot_change_high");
  if (!change.empty()) {
    about["zero_shot_change"] = {{"mean", change.back().value}};
    text += cat("  zero-shot on the same pictures: ", points(change.back().value), " points");
    if (!low.empty() && !high.empty()) {
      about["zero_shot_change"]["low"] = low.back().value;
      about["zero_shot_change"]["high"] = high.back().value;
      text += cat(", 95 % interval ", points(low.back().value), " to ", points(high.back().value));
    }
    text += "\n";
  }
  if (const auto best = series("best_step"); !best.empty()) {
    about["best_step"] = static_cast<long long>(best.back().value);
    text += cat("  best at step ", about["best_step"].get<long long>(), "\n");
  }
  output.json["canary"] = std::move(about);
  output.text += cat("Canary '", dataset, "':\n", text);
}

}  // namespace lix::app
