#include "nn/objective.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/full.h>
#include <ATen/ops/scalar_tensor.h>

#include <cmath>

#include "base/contracts.h"
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

Loss loss(const Model& model, const Recipe& recipe, const Encoded& batch) {
  Loss result;
  const auto size = batch.text.embeds.size(0);
  const auto scalar = [&](const std::string& key) { return model.parameters.at(key); };
  for (const Term& term : recipe.terms) {
    if (size < term.scorer->leastBatch) {
      continue;
    }
    const Scores scores =
        term.scorer->score({batch, term.temperature.empty() ? at::Tensor() : scalar(term.temperature).reshape({})});
    at::Tensor logits = scores.cosines * scalar(term.scale).exp();
    if (!term.bias.empty()) {
      logits = logits + scalar(term.bias);
    }
    const at::Tensor value = term.reducer->loss(logits);
    result.total = result.total.defined() ? result.total + term.weight * value : term.weight * value;
    result.series["loss." + term.scorer->id] = value.item<double>();
    result.series["scale." + term.scorer->id] = scalar(term.scale).exp().item<double>();
    if (!term.bias.empty()) {
      result.series["bias." + term.scorer->id] = scalar(term.bias).item<double>();
    }
    if (!term.temperature.empty()) {
      result.series["tau_ctx"] = scalar(term.temperature).exp().item<double>();
      result.series["effective_neighbours"] = effectiveNeighbours(scores.weights);
    }
  }
  LIX_REQUIRE(result.total.defined());
  result.series["loss"] = result.total.item<double>();
  return result;
}

void startTemperature(Model& model, const Recipe& recipe, const Encoded& batch, double share) {
  const at::NoGradGuard noGrad;
  for (const Term& term : recipe.terms) {
    if (term.temperature.empty() || batch.image.size(0) < 3) {
      continue;
    }
    const at::Tensor images = unit(batch.image.detach());
    const double wanted = share * static_cast<double>(images.size(0) - 1);
    // Effective neighbours rise with tau, so bisection on ln(tau) finds the one value.
    double low = -16.0, high = 8.0;
    for (int i = 0; i < 48; ++i) {
      const double middle = 0.5 * (low + high);
      const auto weights = contextWeights(images, at::scalar_tensor(std::exp(middle), images.options()));
      (effectiveNeighbours(weights) < wanted ? low : high) = middle;
    }
    model.parameters.at(term.temperature).fill_(0.5 * (low + high));
  }
}

}  // namespace lix::nn
