#include "study/train/need.h"

#include <algorithm>

#include "base/memory.h"
#include "base/text.h"
#include "study/train/loader.h"
#include "study/train/locks.h"
#include "study/train/micro_batch.h"
#include "study/train/recipe_for.h"
#include "study/train/train.h"

namespace lix::study {

nn::Cost costFor(const TrainSettings& settings, const nn::Recipe& recipe, const nn::ModelConfig& config) {
  nn::CostOptions options{.threads = threadsFor(settings.threads),
                          .waiting = static_cast<int>(batchesAhead(settings.batch, config.imageSize)),
                          .averaged = settings.ema > 0.0};
  if (settings.lockImage || settings.lockText || settings.lockBlocks > 0) {
    options.locked = [&](const std::string& name) { return isLocked(settings, name, config.head); };
  }
  return nn::costOf(config, recipe, settings.batch, options);
}

Result<Need> needOf(const TrainSettings& settings, const nn::Recipe& recipe, const nn::ModelConfig& config,
                    std::optional<double> freeBytes) {
  Need need{.cost = costFor(settings, recipe, config), .freeBytes = freeBytes};
  need.microBatch = chooseMicroBatch(settings, need.cost, freeBytes.value_or(0.0));
  if (freeBytes) {
    LIX_CHECK(nn::fits(need.cost, settings.batch, settings.microBatch, *freeBytes));
  }
  need.stepFlops = need.cost.stepFlops(settings.batch, need.microBatch);
  need.stepBytes = need.cost.stepBytes(settings.batch, need.microBatch);
  need.sentence = cat(nn::costLine(need.cost, settings.batch, need.microBatch),
                      need.microBatch < settings.batch ? cat(", ", need.microBatch, " embedded at once") : "",
                      freeBytes ? cat("; ", bytesText(*freeBytes), " are free.") : ".");
  return need;
}

std::string sizeSentence(const TrainSettings& settings) {
  const auto sentence = [&]() -> Result<std::string> {
    LIX_TRY(const nn::Recipe recipe, recipeFor(settings));
    if (recipe.towers == nn::Towers::Heads) {
      return "";
    }
    LIX_TRY(const nn::ModelConfig config, nn::presetConfig(settings.size, architecture(settings, recipe)));
    const auto free = lix::freeMemory();
    LIX_TRY(Need need, needOf(settings, recipe, config, free ? std::optional(double(*free)) : std::nullopt));
    return std::move(need.sentence);
  }();
  return sentence ? *sentence : sentence.error().message;
}

Result<std::vector<SizeRow>> sizesFor(const TrainSettings& settings, std::optional<double> freeBytes) {
  LIX_TRY(const nn::Recipe recipe, recipeFor(settings));
  if (recipe.towers == nn::Towers::Heads) {
    return fail(ErrorCode::BadInput,
                "MLP heads have no size presets: --hidden, --head-depth and --embed-width make them.");
  }
  std::vector<SizeRow> rows;
  for (const std::string& preset : nn::presets()) {
    SizeRow row{.preset = preset, .title = nn::presetTitle(preset), .help = nn::presetHelp(preset)};
    const auto config = nn::presetConfig(preset, architecture(settings, recipe));
    if (!config) {
      row.refusal = config.error().message;
      rows.push_back(std::move(row));
      continue;
    }
    row.cost = costFor(settings, recipe, *config);
    row.stepFlops = row.cost.stepFlops(settings.batch, settings.batch);
    row.stepBytes = row.cost.stepBytes(settings.batch, settings.batch);
    if (freeBytes) {
      const auto fits = nn::fits(row.cost, settings.batch, settings.microBatch, *freeBytes);
      row.refusal = fits ? "" : fits.error().message;
    }
    rows.push_back(std::move(row));
  }
  std::ranges::stable_sort(rows, {}, [](const SizeRow& row) { return row.cost.parameters; });
  return rows;
}

}  // namespace lix::study
