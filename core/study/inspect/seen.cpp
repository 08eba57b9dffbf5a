#include "study/inspect/seen.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/tensor.h>

#include <utility>

#include "base/text.h"
#include "nn/image_heads.h"
#include "nn/model.h"
#include "nn/ops/unit.h"
#include "study/eval/embed.h"
#include "study/inspect/rollout.h"

namespace lix::study {
namespace {

MapReading mapOf(const nn::ModelConfig& config, const at::Tensor& shares, bool perCaption, std::string explanation) {
  const auto side = std::size_t(config.gridSide());
  return {side, side, perCaption, floatsOf(shares / shares.sum(-1, true).clamp_min(1e-30)), std::move(explanation)};
}

/// Shares of the patches [N, P] in what tokens bring that are weighed by [N, T]: the patch tokens' own weights where
/// those are mixed, else each class token's weight times its way to the patches [K, P].
at::Tensor tokenShares(const nn::ModelConfig& config, const at::Tensor& weights, const at::Tensor& ways) {
  return config.mixture->patches ? weights.narrow(1, config.classTokens, config.patches()) : at::matmul(weights, ways);
}

/// The class tokens' ways to the patches [K, P]; of a tower without such tokens the mean of all, [1, P].
at::Tensor waysOf(const nn::ModelConfig& config, const at::Tensor& rollout) {
  return config.classTokens == 0
             ? rollout.mean(0, true)
             : rollout.narrow(0, 0, config.classTokens).narrow(1, config.classTokens, config.patches()).contiguous();
}

/// Shares of the patches in a vector that is the same for every caption, and where they come from.
std::pair<at::Tensor, std::string> vectorShares(const nn::Model& model, const at::Tensor& tokens,
                                                const at::Tensor& ways) {
  const nn::ModelConfig& config = model.config;
  const auto way = [](const char* from) {
    return cat("Attention rollout over all blocks (Abnar and Zuidema 2020), ", from, " to the patches");
  };
  if (config.classTokens == 0) {
    return {ways[0], way("mean over the output tokens")};
  }
  switch (config.head) {
    case nn::ImageHead::Average:
    case nn::ImageHead::Mixture:  // of a base: heads read its pooled vector
      return {ways.mean(0), way("mean over the class tokens")};
    case nn::ImageHead::LearnedAverage:
      return {tokenShares(config, nn::learnedWeights(model, tokens)[0].mean(0, true), ways)[0],
              config.mixture->patches ? "The learned query's weights (mean over heads) on the patch tokens themselves"
                                      : way("from the class tokens, weighed as the learned query does,")};
    case nn::ImageHead::Registers:
      return {ways[0], way("from the first class token")};
    default:
      return {ways[0], way("from the class token")};
  }
}

MapReading vectorMap(const nn::Model& model, const at::Tensor& tokens, const at::Tensor& ways, const char* who) {
  const auto [shares, source] = vectorShares(model, tokens, ways);
  return mapOf(model.config, shares, false,
               cat(source, ", as shares of the patches. It is the same for every caption: ", who,
                   " one vector of a picture, whatever is said of it."));
}

struct Tower {
  at::Tensor encoded;  ///< tokens [1, T, W] of a CLIP tower, the vector [1, D] of a SigLIP's
  at::Tensor ways;
};

Tower throughTower(const nn::Model& model, const at::Tensor& pixels) {
  std::vector<at::Tensor> attention;
  const bool tokens = model.config.towers == nn::Towers::Clip;
  Tower tower{tokens ? nn::encodeTokens(model, pixels, &attention) : nn::encodeImages(model, pixels, &attention), {}};
  tower.ways = waysOf(model.config, attentionRollout(attention)[0]);
  return tower;
}

std::string headsText(std::size_t chosen) {
  return chosen == 0 ? "mean over heads" : chosen == 1 ? "of the one head that counts" : cat("mean over the ", chosen, " heads that count");
}

}  // namespace

std::vector<float> floatsOf(const at::Tensor& tensor) {
  const at::Tensor own = tensor.to(at::kFloat).contiguous();
  return {own.data_ptr<float>(), own.data_ptr<float>() + own.numel()};
}

std::size_t SeenPicture::bytes() const {
  std::size_t sum = map ? map->values.size() * sizeof(float) : 0;
  for (const at::Tensor& tensor : {mixture.keys, mixture.values, vector, ways}) {
    sum += tensor.defined() ? tensor.nbytes() : 0;
  }
  return sum;
}

SeenPicture see(const Evaluator& evaluator, const imaging::Image& picture) {
  const at::NoGradGuard noGrad;
  const nn::Model& model = evaluator.checkpoint.model;
  const at::Tensor pixels = toPixels(picture, evaluator.preprocess).unsqueeze(0);
  const Tower tower = throughTower(model.base ? *model.base : model, pixels);
  SeenPicture seen;
  at::Tensor encoded = tower.encoded;
  if (model.base) {  // heads: the map is that of their base
    seen.map = vectorMap(*model.base, tower.encoded, tower.ways, "the base of these heads makes");
    encoded = nn::encodeImages(model, pixels);
  }
  if (evaluator.isMixture()) {
    seen.mixture = nn::projectTokens(model, encoded);
    if (!model.base && !model.config.mixture->patches) {
      seen.ways = tower.ways;
    }
    return seen;
  }
  const bool tokens = !model.base && model.config.towers == nn::Towers::Clip;
  seen.vector = nn::unit(tokens ? nn::imageVectors(model, encoded) : encoded)[0].clone();
  if (!seen.map) {
    seen.map = vectorMap(model, encoded, tower.ways, "this model makes");
  }
  return seen;
}

MapReading captionMaps(const Evaluator& evaluator, const SeenPicture& seen, const at::Tensor& weights,
                       const std::vector<std::size_t>& heads) {
  const nn::ModelConfig& config = evaluator.checkpoint.model.config;
  const at::Tensor counted =
      heads.empty() ? weights
                    : weights.index_select(1, at::tensor(std::vector<std::int64_t>(heads.begin(), heads.end()), at::kLong));
  const std::string over = headsText(heads.size());
  return mapOf(config, tokenShares(config, counted.mean(1), seen.ways), true,
               config.mixture->patches
                   ? cat("Each map is the caption's mixture weights (", over, ") on the patch tokens themselves, as "
                         "shares of the patches; the weights on the ", config.classTokens,
                         " class tokens are left out.")
                   : cat("Each map is the caption's mixture weights (", over, ") times the way from each mixture token "
                         "to the patches by attention rollout over all blocks (Abnar and Zuidema 2020), as shares of "
                         "the patches. It says which patches the mixed tokens could read, not what they took from "
                         "them."));
}

}  // namespace lix::study
