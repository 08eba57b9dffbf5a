#include "study/inspect/inspect.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/xlogy.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/text.h"
#include "imaging/transform.h"
#include "nn/image_heads.h"
#include "nn/model.h"
#include "nn/ops/unit.h"
#include "nn/scorers/scorer.h"
#include "study/eval/embed.h"
#include "study/inspect/rollout.h"

namespace lix::study {
namespace {

std::vector<float> values(const at::Tensor& tensor) {
  const at::Tensor own = tensor.to(at::kFloat).contiguous();
  return {own.data_ptr<float>(), own.data_ptr<float>() + own.numel()};
}

std::vector<double> reals(const at::Tensor& tensor) {
  const at::Tensor own = tensor.to(at::kDouble).contiguous();
  return {own.data_ptr<double>(), own.data_ptr<double>() + own.numel()};
}

Result<void> check(const Evaluator& evaluator, const std::vector<imaging::Image>& pictures,
                   const std::vector<std::string>& captions, const InspectSettings& settings) {
  if (pictures.empty() || captions.empty()) {
    return fail(ErrorCode::BadInput, "Inspecting needs at least one picture and one caption.");
  }
  for (std::size_t i = 0; i < captions.size(); ++i) {
    if (!isUtf8(captions[i]) || trim(captions[i]).empty()) {
      return fail(ErrorCode::BadInput, cat("Caption ", i + 1, " is ",
                                           isUtf8(captions[i]) ? "empty." : "not UTF-8; convert its file first."));
    }
  }
  if (settings.tau && !evaluator.isMixture()) {
    return fail(ErrorCode::BadInput, "Only a Llip divides its mixture scores by tau; this checkpoint has no mixture.");
  }
  if (settings.tau && (!(*settings.tau > 0.0) || !std::isfinite(*settings.tau))) {
    return fail(ErrorCode::BadInput, cat("tau is ", *settings.tau, "; it must be a positive number."));
  }
  return {};
}

std::vector<std::string> notes(const Evaluator& evaluator, const std::vector<std::string>& captions,
                               const InspectSettings& settings) {
  const nn::ModelConfig& config = evaluator.checkpoint.model.config;
  std::vector<std::string> said;
  for (std::size_t i = 0; i < captions.size(); ++i) {
    if (evaluator.tokenizer->encode(captions[i], config.contextLength).truncated) {
      said.push_back(cat("Caption ", i + 1, " is longer than the ", config.contextLength,
                         " tokens that the model reads; the rest was cut off."));
    }
  }
  if (settings.tau && *settings.tau != config.mixture->tau) {
    said.push_back(cat("The mixture weights are taken at tau = ", *settings.tau, "; the model was trained at ",
                       config.mixture->tau, "."));
  }
  return said;
}

/// One picture's side of everything. The map of heads is that of their base.
struct Seen {
  at::Tensor cosines;  ///< [N]
  PictureReading reading;
};

MapReading mapOf(const nn::ModelConfig& config, const at::Tensor& shares, bool perCaption, std::string explanation) {
  const auto side = std::size_t(config.gridSide());
  return {side, side, perCaption, values(shares / shares.sum(-1, true).clamp_min(1e-30)), std::move(explanation)};
}

/// Shares of the patches [N, P] in what tokens bring that are weighed by [N, T]: the patch tokens' own weights where
/// those are mixed, else each class token's weight times its way to the patches.
at::Tensor tokenShares(const nn::ModelConfig& config, const at::Tensor& weights, const at::Tensor& rollout) {
  const std::int64_t classes = config.classTokens;
  return config.mixture->patches
             ? weights.narrow(1, classes, config.patches())
             : at::matmul(weights, rollout.narrow(0, 0, classes).narrow(1, classes, config.patches()));
}

Seen seeMixture(const Evaluator& evaluator, const at::Tensor& tokens, const at::Tensor& rollout,
                const nn::TextFeatures& texts, double tau) {
  const nn::Model& model = evaluator.checkpoint.model;
  const nn::ModelConfig& config = model.config;
  const nn::Encoded batch{.mixture = nn::projectTokens(model, tokens),
                          .text = texts,
                          .outProj = model.parameters.at("llip.out_proj"),
                          .tau = tau};
  const nn::Scores scores = (*nn::findScorer("mixture"))->score({batch, {}});
  const at::Tensor weights = scores.weights[0].permute({2, 0, 1});  // [M, K, N] -> [N, M, K]
  Seen seen{.cosines = scores.cosines[0]};
  seen.reading.mixture = MixtureReading{std::size_t(weights.size(0)),
                                        std::size_t(weights.size(1)),
                                        std::size_t(weights.size(2)),
                                        tau,
                                        values(weights),
                                        reals(-at::xlogy(weights, weights).sum(2))};
  if (model.base) {
    return seen;
  }
  const bool direct = config.mixture->patches;
  seen.reading.map = mapOf(config, tokenShares(config, weights.mean(1), rollout), true,
                           direct ? cat("Each map is the caption's mixture weights (mean over heads) on the patch tokens "
                                        "themselves, as shares of the patches; the weights on the ",
                                        config.classTokens, " class tokens are left out.")
                                  : "Each map is the caption's mixture weights (mean over heads) times the way from each "
                                    "mixture token to the patches by "
                                    "attention rollout over all blocks (Abnar and Zuidema 2020), as shares of the "
                                    "patches. It says which patches the mixed "
                                    "tokens could read, not what they took from them.");
  return seen;
}

/// Shares of the patches in a vector that is the same for every caption, and where they come from.
std::pair<at::Tensor, std::string> vectorShares(const nn::Model& model, const at::Tensor& tokens,
                                                const at::Tensor& rollout) {
  const nn::ModelConfig& config = model.config;
  const auto way = [](const char* from) {
    return cat("Attention rollout over all blocks (Abnar and Zuidema 2020), ", from, " to the patches");
  };
  if (config.classTokens == 0) {
    return {rollout.mean(0), way("mean over the output tokens")};
  }
  const at::Tensor toPatches = rollout.narrow(1, config.classTokens, config.patches());
  switch (config.head) {
    case nn::ImageHead::Average:
    case nn::ImageHead::Mixture:  // of a base: heads read its pooled vector
      return {toPatches.narrow(0, 0, config.classTokens).mean(0), way("mean over the class tokens")};
    case nn::ImageHead::LearnedAverage:
      return {tokenShares(config, nn::learnedWeights(model, tokens)[0].mean(0, true), rollout)[0],
              config.mixture->patches ? "The learned query's weights (mean over heads) on the patch tokens themselves"
                                      : way("from the class tokens, weighed as the learned query does,")};
    case nn::ImageHead::Registers:
      return {toPatches[0], way("from the first class token")};
    default:
      return {toPatches[0], way("from the class token")};
  }
}

MapReading vectorMap(const nn::Model& model, const at::Tensor& tokens, const at::Tensor& rollout, const char* who) {
  const auto [shares, source] = vectorShares(model, tokens, rollout);
  return mapOf(model.config, shares, false,
               cat(source, ", as shares of the patches. It is the same for every caption: ", who,
                   " one vector of a picture, whatever is said of it."));
}

Seen seeVector(const Evaluator& evaluator, const at::Tensor& vector, const at::Tensor& tokens,
               const at::Tensor& rollout, const nn::TextFeatures& texts) {
  const nn::Model& model = evaluator.checkpoint.model;
  Seen seen{.cosines = at::matmul(nn::unit(texts.embeds), nn::unit(vector)[0])};
  if (!model.base) {
    seen.reading.map = vectorMap(model, tokens, rollout, "this model makes");
  }
  return seen;
}

Seen seeThroughBase(const Evaluator& evaluator, const at::Tensor& pixels, const nn::TextFeatures& texts, double tau) {
  const nn::Model& model = evaluator.checkpoint.model;
  const nn::Model& base = *model.base;
  std::vector<at::Tensor> attention;
  const bool clip = base.config.towers == nn::Towers::Clip;
  const at::Tensor tokens = clip ? nn::encodeTokens(base, pixels, &attention) : nn::encodeImages(base, pixels, &attention);
  const at::Tensor rollout = attentionRollout(attention)[0];
  const at::Tensor encoded = nn::encodeImages(model, pixels);
  Seen seen = evaluator.isMixture() ? seeMixture(evaluator, encoded, rollout, texts, tau)
                                    : seeVector(evaluator, encoded, encoded, rollout, texts);
  seen.reading.map = vectorMap(base, tokens, rollout, "the base of these heads makes");
  return seen;
}

Seen see(const Evaluator& evaluator, const imaging::Image& picture, const nn::TextFeatures& texts,
         const InspectSettings& settings) {
  const nn::Model& model = evaluator.checkpoint.model;
  std::vector<at::Tensor> attention;
  const at::Tensor pixels = toPixels(picture, evaluator.preprocess).unsqueeze(0);
  const double tau = model.config.mixture ? settings.tau.value_or(model.config.mixture->tau) : 0.0;
  if (model.base) {
    return seeThroughBase(evaluator, pixels, texts, tau);
  }
  const bool tokens = model.config.towers == nn::Towers::Clip;
  const at::Tensor encoded =
      tokens ? nn::encodeTokens(model, pixels, &attention) : nn::encodeImages(model, pixels, &attention);
  const at::Tensor rollout = attentionRollout(attention)[0];
  if (evaluator.isMixture()) {
    return seeMixture(evaluator, encoded, rollout, texts, tau);
  }
  return seeVector(evaluator, tokens ? nn::imageVectors(model, encoded) : encoded, encoded, rollout, texts);
}

}  // namespace

LogitRule logitRule(const Evaluator& evaluator) {
  const nn::Parameters& parameters = evaluator.checkpoint.model.parameters;
  LogitRule rule;
  if (const auto scale = parameters.find("logit_scale"); scale != parameters.end()) {
    rule.scale = std::exp(scale->second.item<double>());
  }
  if (const auto bias = parameters.find("logit_bias"); bias != parameters.end()) {
    rule.bias = bias->second.item<double>();
    rule.sigmoid = true;
  }
  return rule;
}

std::vector<float> MixtureReading::difference(std::size_t first, std::size_t second) const {
  const std::size_t size = heads * tokens;
  std::vector<float> result(size);
  for (std::size_t i = 0; i < size; ++i) {
    result[i] = weights[first * size + i] - weights[second * size + i];
  }
  return result;
}

Result<Reading> inspect(const Evaluator& evaluator, const std::vector<imaging::Image>& pictures,
                        const std::vector<std::string>& captions, const InspectSettings& settings) {
  LIX_CHECK(check(evaluator, pictures, captions, settings));
  const at::NoGradGuard noGrad;
  const nn::TextFeatures texts = embedCaptions(evaluator, captions);
  Reading reading{.notes = notes(evaluator, captions, settings)};
  std::vector<at::Tensor> cosines;
  for (const imaging::Image& picture : pictures) {
    Seen seen = see(evaluator, picture, texts, settings);
    cosines.push_back(seen.cosines);
    reading.pictures.push_back(std::move(seen.reading));
  }
  const LogitRule rule = logitRule(evaluator);
  const at::Tensor table = at::cat(cosines);
  const at::Tensor logits = table * rule.scale + rule.bias;
  reading.scores = {
      pictures.size(), captions.size(), rule,
      values(table),   values(logits),  rule.sigmoid ? values(at::sigmoid(logits)) : std::vector<float>()};
  return reading;
}

imaging::Image asRead(const Evaluator& evaluator, const imaging::Image& picture) {
  return fitted(picture, evaluator.preprocess);
}

imaging::Image partRead(const Evaluator& evaluator, const imaging::Image& picture) {
  const nn::ModelConfig& config = evaluator.checkpoint.model.config;
  int width = picture.width, height = picture.height, left = 0, top = 0;
  if (evaluator.preprocess.fit == nn::Preprocess::Fit::ShortestEdgeCrop) {
    const int side = std::min(width, height);
    left = (width - side) / 2;
    top = (height - side) / 2;
    width = height = side;
  }
  // Pixels right of and below the last whole patch are not read.
  const double whole = double(config.gridSide()) * config.patch / config.imageSize;
  width = std::max(1, int(std::lround(width * whole)));
  height = std::max(1, int(std::lround(height * whole)));
  return imaging::crop(picture, left, top, width, height);
}

}  // namespace lix::study
