#include "study/eval/base.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "nn/model.h"
#include "nn/ops/tensor.h"

namespace lix::study {
namespace {
namespace fs = std::filesystem;

constexpr std::int64_t kRows = 4096;  // that pass the heads at once

/// Where a base lies that was moved together with its heads, with the workspace around both: the folder that its path ends
/// with, from one that the heads lie in; the nearest such. Its weights' hash tells whether it is the one.
std::optional<fs::path> movedAlong(const fs::path& base, const fs::path& heads) {
  std::error_code ignored;
  const fs::path from = fs::weakly_canonical(heads, ignored);
  for (fs::path around = from.parent_path(); around != around.root_path() && !around.empty(); around = around.parent_path()) {
    fs::path end;
    for (fs::path rest = base; rest != rest.parent_path(); rest = rest.parent_path()) {
      end = end.empty() ? rest.filename() : rest.filename() / end;
      if (!end.empty() && around / end != from && fs::exists(around / end / "config.json", ignored)) {
        return around / end;
      }
    }
  }
  return std::nullopt;
}

/// Where the base lies: beside the heads comes first, so that a moved one can be given back.
Result<fs::path> basePlace(const nn::HeadsConfig& heads, const fs::path& folder) {
  std::error_code ignored;
  for (const fs::path& place : {folder / "base", fs::path(heads.base)}) {
    if (fs::exists(place / "config.json", ignored)) {
      return place;
    }
  }
  if (const auto moved = movedAlong(heads.base, folder)) {
    return *moved;
  }
  return fail(ErrorCode::NotFound,
              cat(folder.string(), " holds heads on the features of the checkpoint ", heads.base,
                  ", which is not there; put that checkpoint, or a link to it, at ", (folder / "base").string(), "."));
}

}  // namespace

Result<Evaluator> openHeads(nn::Checkpoint heads, const fs::path& folder) {
  const nn::HeadsConfig& config = *heads.model.config.heads;
  if (config.base.empty()) {
    return fail(ErrorCode::Unsupported,
                cat(folder.string(),
                    " holds heads on a person's own features, so that it cannot see "
                    "pictures or read captions; to evaluate heads, train them on features that a "
                    "checkpoint made: lixp data features NAME --from CHECKPOINT --out FILE.safetensors"));
  }
  LIX_TRY(const fs::path place, basePlace(config, folder));
  LIX_TRY(nn::Checkpoint base, nn::loadCheckpoint(place));
  if (base.weightsHash.text() != config.baseHash) {
    return fail(ErrorCode::BadInput, cat(place.string(), " has other weights than those on whose features the heads ",
                                         folder.string(), " were trained; put the checkpoint with the weights ",
                                         config.baseHash, ", or a link to it, at ", (folder / "base").string(), "."));
  }
  if (base.model.config.towers == nn::Towers::Heads) {
    return fail(ErrorCode::Unsupported,
                cat(place.string(), " is itself a checkpoint of heads; heads stand on towers."));
  }
  if (base.model.config.embedWidth != config.imageFeatures || base.model.config.embedWidth != config.textFeatures) {
    return fail(ErrorCode::BadInput,
                cat(folder.string(), " reads features of ", config.imageFeatures, " and ", config.textFeatures,
                    " numbers, its base ", place.string(), " gives ", base.model.config.embedWidth, "."));
  }
  LIX_TRY(Evaluator below, completeEvaluator(std::move(base), place));
  const auto shared = std::make_shared<const Evaluator>(std::move(below));
  Evaluator evaluator{
      .checkpoint = std::move(heads), .preprocess = shared->preprocess, .tokenizer = shared->tokenizer, .base = shared};
  nn::Model& model = evaluator.checkpoint.model;
  model.base = std::shared_ptr<const nn::Model>(shared, &shared->checkpoint.model);
  const nn::ModelConfig& tower = model.base->config;
  model.config.imageSize = tower.imageSize;
  model.config.patch = tower.patch;
  model.config.vocabulary = tower.vocabulary;
  model.config.contextLength = tower.contextLength;
  model.config.eosId = tower.eosId;
  model.config.padId = tower.padId;
  return evaluator;
}

Result<ImageFeatures> embedThroughBase(const Evaluator& evaluator, const data::Dataset& dataset,
                                       const std::vector<std::size_t>& samples, FeatureCache* cache,
                                       const Progress& progress) {
  LIX_TRY(ImageFeatures features, embedPart(*evaluator.base, dataset, samples, cache, progress));
  if (features.samples.empty()) {
    return features;
  }
  const at::NoGradGuard noGrad;
  const at::Tensor rows = unitVectors(*evaluator.base, features);
  const nn::Model heads{evaluator.checkpoint.model.config, evaluator.checkpoint.model.parameters, nullptr};
  std::vector<at::Tensor> blocks;
  for (std::int64_t begin = 0; begin < rows.size(0); begin += kRows) {
    blocks.push_back(nn::encodeImages(heads, rows.narrow(0, begin, std::min(kRows, rows.size(0) - begin))));
  }
  features.vectors = at::cat(blocks);
  return features;
}

}  // namespace lix::study
