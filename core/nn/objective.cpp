#include "nn/objective.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/full.h>
#include <ATen/ops/mean.h>
#include <ATen/ops/scalar_tensor.h>
#include <ATen/ops/xlogy.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>

#include "base/contracts.h"
#include "nn/ops/context.h"
#include "nn/ops/mixture_loss.h"
#include "nn/ops/unit.h"
#include "nn/reducers/reducer.h"
#include "nn/scorers/scorer.h"

namespace lix::nn {

void addScalars(Model& model, const Recipe& recipe) {
  for (const auto& [key, value] : recipe.scalars) {
    const bool vector = model.config.towers == Towers::Siglip && !key.starts_with("lixp.");
    const std::vector<std::int64_t> shape = vector ? std::vector<std::int64_t>{1} : std::vector<std::int64_t>{};
    model.parameters.try_emplace(key, at::full(shape, value, at::kFloat));
  }
}

Encoded encodeBatch(const Model& model, const at::Tensor& pixels, const at::Tensor& ids) {
  Encoded batch;
  const at::Tensor images = encodeImages(model, pixels);
  if (model.config.mixesByCaption()) {
    batch.mixture = projectTokens(model, images);
    batch.outProj = model.parameters.at("llip.out_proj");
    batch.tau = model.config.mixture->tau;
  } else {
    batch.image = images;
  }
  batch.text = encodeTexts(model, ids);
  return batch;
}

namespace {

constexpr std::int64_t kMostWatched = 32;  // images and captions whose mixture weights are looked at
constexpr double kDead = 0.1;              // of 1 / K: less than that in every head is nothing

/// Entropy and dead tokens of Llip's weights.
void watchMixture(const Encoded& batch, std::map<std::string, double>& series) {
  const at::NoGradGuard noGrad;
  const auto some = [](const at::Tensor& x) { return x.detach().narrow(0, 0, std::min(kMostWatched, x.size(0))); };
  const at::Tensor weights = mixtureWeights(some(batch.mixture.keys), some(batch.text.query), batch.tau);
  const double tokens = static_cast<double>(weights.size(2));  // [B, M, K, N]
  if (tokens > 1.0) {
    series["mixture_entropy"] = -at::xlogy(weights, weights).sum(2).mean().item<double>() / std::log(tokens);
  }
  const at::Tensor greatest = weights.mean(at::IntArrayRef({0, 3})).amax(0);
  series["dead_tokens"] = (greatest < kDead / tokens).to(at::kDouble).mean().item<double>();
}

/// One term of one batch.
struct TermInput {
  const Term& term;
  const ScorerInput scorer;
  at::Tensor scale;  ///< what multiplies the cosines
  at::Tensor bias;   ///< scalar, zero where the term has none
};

/// The term's loss with nothing of size N x N, or nothing where only the composed form is there.
at::Tensor onePass(const TermInput& input, std::map<std::string, double>& series) {
  const Encoded& batch = input.scorer.batch;
  const Reducer& reducer = *input.term.reducer;
  if (input.term.scorer->vectors && reducer.pairs) {
    const ScorerVectors vectors = input.term.scorer->vectors(input.scorer);
    if (vectors.effectiveNeighbours) {
      series["effective_neighbours"] = *vectors.effectiveNeighbours;
    }
    return reducer.pairs(vectors.images, unit(batch.text.embeds), input.scale, input.bias);
  }
  if (input.term.scorer->images == ImageKind::Tokens && reducer.mixture) {
    return reducer.mixture({.keys = batch.mixture.keys,
                            .values = batch.mixture.values,
                            .query = batch.text.query,
                            .texts = unit(batch.text.embeds),
                            .outProj = batch.outProj,
                            .tau = batch.tau},
                           input.scale, input.bias);
  }
  return {};
}

at::Tensor composed(const TermInput& input, std::map<std::string, double>& series) {
  const Scores scores = input.term.scorer->score(input.scorer);
  if (!input.term.temperature.empty()) {
    series["effective_neighbours"] = effectiveNeighbours(scores.weights);
  }
  return input.term.reducer->loss(scores.cosines * input.scale + input.bias);
}

at::Tensor termLoss(const TermInput& input, LossForm form, std::map<std::string, double>& series) {
  const at::Tensor value = form == LossForm::OnePass ? onePass(input, series) : at::Tensor();
  return value.defined() ? value : composed(input, series);
}

}  // namespace

Loss loss(const Model& model, const Recipe& recipe, const Encoded& batch, LossForm form) {
  Loss result;
  const auto size = batch.text.embeds.size(0);
  const auto scalar = [&](const std::string& key) { return model.parameters.at(key).reshape({}); };
  for (const Term& term : recipe.terms) {
    if (size < term.scorer->leastBatch) {
      continue;
    }
    const at::Tensor scale = scalar(term.scale).exp();
    const TermInput input{
        .term = term,
        .scorer = {.batch = batch,
                   .logTemperature = term.temperature.empty() ? at::Tensor() : scalar(term.temperature),
                   .context = term.context,
                   .raw = term.raw},
        .scale = scale,
        .bias = term.bias.empty() ? at::zeros({}, scale.options()) : scalar(term.bias)};
    const at::Tensor value = termLoss(input, form, result.series);
    result.total = result.total.defined() ? result.total + term.weight * value : term.weight * value;
    result.series["loss." + term.scorer->id] = value.item<double>();
    result.series["scale." + term.scorer->id] = scale.item<double>();
    if (!term.bias.empty()) {
      result.series["bias." + term.scorer->id] = input.bias.item<double>();
    }
    if (!term.temperature.empty()) {
      result.series["tau_ctx"] = input.scorer.logTemperature.exp().item<double>();
    }
    if (term.scorer->images == ImageKind::Tokens) {
      watchMixture(batch, result.series);
    }
  }
  LIX_REQUIRE(result.total.defined());
  result.series["loss"] = result.total.item<double>();
  return result;
}

void startTemperature(Model& model, const Recipe& recipe, const Encoded& batch, double share) {
  const at::NoGradGuard noGrad;
  for (const Term& term : recipe.terms) {
    if (term.temperature.empty() || term.context.uniform || batch.image.size(0) < 3) {
      continue;
    }
    const at::Tensor images = batch.image.detach();
    const double wanted = share * static_cast<double>(images.size(0) - (term.context.masked ? 1 : 0));
    // Effective neighbours rise with tau, so bisection on ln(tau) finds the one value. Each round goes through all
    // pairs of the batch; a millionth is enough for what is said of the start to agree with what was asked.
    double low = -16.0, high = 8.0;
    while (high - low > 1e-6) {
      const double middle = 0.5 * (low + high);
      const at::Tensor tau = at::scalar_tensor(std::exp(middle), images.options());
      (contextOf(images, tau, term.context).effectiveNeighbours < wanted ? low : high) = middle;
    }
    model.parameters.at(term.temperature).fill_(0.5 * (low + high));
  }
}

}  // namespace lix::nn
