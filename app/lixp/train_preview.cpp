// What a run will see of its data: pictures of a step as PNG files, and their captions in pieces.
#include "base/text.h"
#include "imaging/write.h"
#include "lixp/train_canary.h"
#include "lixp/train_workspace.h"
#include "nn/ops/tensor.h"
#include "nn/recipe.h"
#include "nn/text/tokenizer.h"
#include "study/train/recipe_for.h"
#include "study/train/seen.h"

namespace lix::app {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::size_t kMostPictures = 12;

json jsonOf(const study::SeenPicture& picture, const fs::path& file) {
  return {{"file", file.string()},
          {"key", picture.key},
          {"crop", {picture.x, picture.y, picture.width, picture.height}},
          {"flipped", picture.flipped},
          {"caption", picture.caption},
          {"read", picture.read},
          {"cut", picture.cut}};
}

Result<nn::ModelConfig> configOf(const study::TrainSettings& settings, const study::TrainData& data,
                                 const std::optional<nn::Checkpoint>& init) {
  if (init) {
    return init->model.config;
  }
  return study::freshConfig(settings, data.vocabulary, data.contextLength);
}

Result<Output> outputOf(const study::SeenBatch& seen, const study::TrainSettings& settings, const fs::path& folder) {
  std::error_code problem;
  fs::create_directories(folder, problem);
  Output output{.json = {{"step", seen.step},
                         {"steps", settings.steps},
                         {"side", seen.side},
                         {"context_length", seen.contextLength},
                         {"captions", seen.captions},
                         {"truncated", seen.truncated},
                         {"pictures", json::array()}}};
  output.text = cat("Step ", seen.step, " of ", settings.steps, ", pictures of ", seen.side, " pixels, captions of at most ",
                    seen.contextLength, " tokens: ", seen.truncated, " of ", seen.captions, " are cut off.\n");
  for (std::size_t i = 0; i < seen.pictures.size(); ++i) {
    const study::SeenPicture& picture = seen.pictures[i];
    const fs::path file = fs::absolute(folder / cat("seen-", i + 1, ".png"));
    LIX_CHECK(imaging::writePng(file, {seen.side, seen.side, picture.pixels}));
    output.json["pictures"].push_back(jsonOf(picture, file));
    output.text += cat("  ", file.string(), "  ", picture.flipped ? "mirrored, " : "", picture.key, ": ", picture.caption,
                       picture.cut.empty() ? "" : cat(" (", picture.cut.size(), " tokens are cut off)"), "\n");
  }
  return output;
}

}  // namespace

Result<Output> previewRun(const Session& session, const store::Workspace& workspace, const TrainOrder& order) {
  const study::TrainSettings& settings = order.settings;
  if (settings.data.empty()) {
    return fail(ErrorCode::BadInput, "Say which data to look at: --data NAME (emoji and scenes are built in).");
  }
  LIX_CHECK(settings.validate());
  LIX_TRY(const nn::Recipe recipe, study::recipeFor(settings));
  if (recipe.towers == nn::Towers::Heads) {
    return fail(ErrorCode::Unsupported, "Heads learn on features of pictures, so there are no pictures to be seen.");
  }
  std::optional<nn::Checkpoint> init;
  if (!settings.init.empty()) {
    LIX_TRY(init, nn::loadCheckpoint(settings.init));
  }
  LIX_TRY(const study::TrainData data, dataFor(session, workspace, settings, init, settings.init));
  LIX_TRY(const nn::Preprocess preprocess, preprocessFor(settings, data, init, settings.init));
  LIX_TRY(const nn::ModelConfig config, configOf(settings, data, init));
  LIX_TRY(const std::shared_ptr<const nn::Tokenizer> tokenizer, tokenizerOf(data));
  const auto pieces = [&](std::string_view caption) { return tokenizer->pieces(caption); };
  LIX_TRY(const study::SeenBatch seen, study::seenAt(data, settings, preprocess, config.imageSize, pieces,
                                                     order.previewStep, kMostPictures));
  return outputOf(seen, settings, order.preview);
}

}  // namespace lix::app
