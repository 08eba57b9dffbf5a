#include <algorithm>

#include "base/memory.h"
#include "base/text.h"
#include "lixp/train_run.h"
#include "study/train/recipe_for.h"

namespace lix::app {
namespace {

std::optional<double> freeBytes() {
  const auto free = freeMemory();
  return free ? std::optional(double(*free)) : std::nullopt;
}

/// Columns as wide as their widest cell, two spaces apart.
std::string tableOf(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths(rows.front().size());
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], row[i].size());
    }
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string gap(widths[i] - row[i].size() + 2, ' ');
      line += i == 0 ? row[i] + gap : gap.substr(2) + row[i] + (i + 1 < row.size() ? "  " : "");
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

}  // namespace

Result<void> stateNeed(const Session& session, const study::TrainSettings& settings, const nn::Recipe& recipe,
                       const nn::ModelConfig& config) {
  LIX_TRY(const study::Need need, study::needOf(settings, recipe, config, freeBytes()));
  session.note(need.sentence);
  return {};
}

nlohmann::json costJson(const nn::Cost& cost) {
  return {{"parameters", cost.parameters},
          {"image_flops", cost.imageFlops},
          {"caption_flops", cost.captionFlops},
          {"pair_flops", cost.pairFlops},
          {"model_bytes", cost.modelBytes},
          {"image_bytes", cost.imageBytes},
          {"caption_bytes", cost.captionBytes},
          {"image_kept_bytes", cost.imageKeptBytes},
          {"caption_kept_bytes", cost.captionKeptBytes},
          {"pair_bytes", cost.pairBytes}};
}

Result<Output> sizesOutput(const study::TrainSettings& settings) {
  const auto free = freeBytes();
  LIX_TRY(const auto sizes, study::sizesFor(settings, free));
  Output output;
  output.json = {{"recipe", settings.recipe}, {"batch", settings.batch}, {"sizes", nlohmann::json::array()}};
  if (free) {
    output.json["free_bytes"] = *free;
  }
  std::vector<std::vector<std::string>> rows{{"Size", "Parameters", "Image", "Caption", "Pair", "Step", "Holds: model",
                                              "an image", "a caption", "a step", ""}};
  std::string reasons;
  for (const study::SizeRow& size : sizes) {
    const nn::Cost& cost = size.cost;
    nlohmann::json one = costJson(cost);
    one.update({{"size", size.preset}, {"title", size.title}, {"source", size.help}, {"step_flops", size.stepFlops},
                {"step_bytes", size.stepBytes}, {"refusal", size.refusal}});
    output.json["sizes"].push_back(one);
    rows.push_back({size.preset, cat(fixed(double(cost.parameters) / 1e6, 1), " M"), nn::flopsText(cost.imageFlops),
                    nn::flopsText(cost.captionFlops), nn::flopsText(cost.pairFlops), nn::flopsText(size.stepFlops),
                    bytesText(double(cost.modelBytes)), bytesText(double(cost.imageBytes)),
                    bytesText(double(cost.captionBytes)), bytesText(size.stepBytes),
                    !size.refusal.empty()                   ? "too large here"
                    : free && size.stepBytes > *free        ? "in micro-batches"
                                                            : ""});
    if (!size.refusal.empty()) {
      reasons += cat(size.preset, ": ", size.refusal, "\n");
    }
  }
  output.text = cat("Training ", settings.recipe, " in fp32 with a batch of ", settings.batch,
                    ".\nOperations: an image and a caption forward, a pair and a step with the backward.\n"
                    "Memory: weights with gradients and moments, what an image and a caption hold while they are embedded,\n"
                    "and a step with the whole batch at once.\n",
                    tableOf(rows), free ? cat("Free here: ", bytesText(*free), "\n") : "", reasons);
  return output;
}

}  // namespace lix::app
