#include "nn/image_heads.h"

#include <ATen/ops/linear.h>
#include <ATen/ops/matmul.h>

#include "base/contracts.h"
#include "nn/encoders/encoder.h"
#include "nn/ops/unit.h"
#include "nn/scorers/scorer.h"

namespace lix::nn {
namespace {

at::Tensor maybeNorm(const Model& model, const char* name, const at::Tensor& x) {
  return model.config.mixture->norms ? layerNorm(model.parameters, name, x, 1e-5) : x;
}

/// The one query of LearnedAverage as a caption's: [1, M, D/M].
at::Tensor learnedQuery(const Model& model) {
  const ModelConfig& c = model.config;
  return normedQuery(model, model.parameters.at("llip.query"))
      .view({1, c.mixture->heads, c.embedWidth / c.mixture->heads});
}

}  // namespace

at::Tensor normedQuery(const Model& model, const at::Tensor& query) { return maybeNorm(model, "llip.q_norm", query); }

at::Tensor imageVectors(const Model& model, const at::Tensor& tokens) {
  const ModelConfig& c = model.config;
  const Parameters& p = model.parameters;
  switch (c.head) {
    case ImageHead::Vector:
      return at::linear(tokens.select(1, 0), p.at("visual_projection.weight"));
    case ImageHead::Registers:
      return at::matmul(tokens.select(1, 0), p.at("llip.proj").select(0, 0));
    case ImageHead::Average:  // the sum over tokens is part of one matrix product over K W
      return at::matmul(tokens.flatten(1), p.at("llip.proj").flatten(0, 1)) / double(c.classTokens);
    case ImageHead::LearnedAverage: {
      const MixtureFeatures features = projectTokens(model, tokens);
      const auto weights = mixtureWeights(features.keys, learnedQuery(model), c.mixture->tau);  // [B, M, T, 1]
      const auto mixed = at::matmul(weights.transpose(2, 3), features.values).flatten(1);       // [B, D]
      return at::matmul(mixed, p.at("llip.out_proj"));
    }
    case ImageHead::Mixture:
      break;
  }
  LIX_REQUIRE(!"a Llip has no vector of an image that is the same for every caption");
  return {};
}

at::Tensor learnedWeights(const Model& model, const at::Tensor& tokens) {
  LIX_REQUIRE(model.config.head == ImageHead::LearnedAverage);
  return mixtureWeights(projectTokens(model, tokens).keys, learnedQuery(model), model.config.mixture->tau).squeeze(3);
}

MixtureFeatures projectTokens(const Model& model, const at::Tensor& tokens) {
  const ModelConfig& c = model.config;
  const auto batch = tokens.size(0), length = tokens.size(1);
  const auto byToken = tokens.transpose(0, 1);  // [T, B, W]
  const auto project = [&](const char* weight, const char* norm) {
    const auto x = maybeNorm(model, norm, at::matmul(byToken, model.parameters.at(weight)));  // [T, B, D]
    return x.view({length, batch, c.mixture->heads, c.embedWidth / c.mixture->heads})
        .permute({1, 2, 0, 3})
        .contiguous();
  };
  return {project("llip.k_proj", "llip.k_norm"), project("llip.v_proj", "llip.v_norm")};
}

at::Tensor pooledEmbedding(const Model& model, const at::Tensor& tokens) {
  const auto values = projectTokens(model, tokens).values;  // [B, M, T, D/M]
  return unit(at::matmul(values.mean(2).flatten(1), model.parameters.at("llip.out_proj")));
}

}  // namespace lix::nn
