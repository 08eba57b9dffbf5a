#include "nn/model.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include "nn/ops/tensor.h"

#include "base/contracts.h"
#include "nn/encoders/encoder.h"
#include "nn/features.h"
#include "nn/heads.h"
#include "nn/image_heads.h"
#include "nn/ops/unit.h"
#include "nn/prompts.h"

namespace lix::nn {
namespace {

/// Patches as rows of one matrix product: [B, 3, S, S] -> [B, P, W]; pixels beyond the last whole patch are dropped.
at::Tensor embedPatches(const Model& model, const at::Tensor& pixels) {
  const ModelConfig& c = model.config;
  const auto side = c.gridSide(), patch = c.patch;
  const auto used = pixels.narrow(2, 0, side * patch).narrow(3, 0, side * patch);
  const auto rows = used.reshape({pixels.size(0), 3, side, patch, side, patch})
                        .permute({0, 2, 4, 1, 3, 5})
                        .reshape({pixels.size(0), side * side, 3 * patch * patch});
  const auto weight = model.parameters.at("vision_model.embeddings.patch_embedding.weight").flatten(1);
  const auto bias = model.parameters.find("vision_model.embeddings.patch_embedding.bias");
  return bias == model.parameters.end() ? at::linear(rows, weight) : at::linear(rows, weight, bias->second);
}

/// SigLIP's multihead attention pooling: the probe attends to all tokens; y + mlp(norm(y)). [B, P, W] -> [B, W]
at::Tensor attentionPool(const Model& model, const at::Tensor& tokens) {
  const EncoderConfig& c = model.config.vision;
  const Parameters& p = model.parameters;
  const auto batch = tokens.size(0), length = tokens.size(1), width = tokens.size(2), head = width / c.heads;
  const auto& weight = p.at("vision_model.head.attention.in_proj_weight");
  const auto& bias = p.at("vision_model.head.attention.in_proj_bias");
  const auto q = at::linear(p.at("vision_model.head.probe"), weight.narrow(0, 0, width), bias.narrow(0, 0, width))
                     .view({1, 1, c.heads, head})
                     .transpose(1, 2)
                     .expand({batch, c.heads, 1, head});
  const auto kv = at::linear(tokens, weight.narrow(0, width, 2 * width), bias.narrow(0, width, 2 * width))
                      .view({batch, length, 2, c.heads, head})
                      .permute({2, 0, 3, 1, 4})
                      .unbind(0);
  const auto mixed = at::scaled_dot_product_attention(q, kv[0], kv[1]).transpose(1, 2).reshape({batch, width});
  const auto y = linear(p, "vision_model.head.attention.out_proj", mixed);
  return y +
         mlp(p, "vision_model.head.mlp", c.activation, layerNorm(p, "vision_model.head.layernorm", y, c.normEpsilon));
}

/// Tokens [B, T, W] through the image tower's blocks, the prompts' tokens behind them.
at::Tensor encodeVision(const Model& model, const at::Tensor& tokens, const ImagePrompts& prompts,
                        std::vector<at::Tensor>* attention) {
  const ModelConfig& c = model.config;
  const DeepPrompts deep{tokens.size(1), prompts.deep};
  at::Tensor x = tokens;
  if (prompts.tokens.defined()) {
    x = at::cat({x, prompts.tokens.unsqueeze(0).expand({x.size(0), -1, -1})}, 1);
  }
  if (c.towers == Towers::Clip && c.variant.preNorm) {
    x = layerNorm(model.parameters, "vision_model.pre_layrnorm", x, c.vision.normEpsilon);
  }
  return encode(model.parameters, "vision_model.encoder", c.vision, x, Mask::None, attention, &deep);
}

at::Tensor encodeSiglipImages(const Model& model, const at::Tensor& pixels, const ImagePrompts& prompts,
                              std::vector<at::Tensor>* attention) {
  const Parameters& p = model.parameters;
  const auto x = embedPatches(model, pixels) + p.at("vision_model.embeddings.position_embedding.weight");
  const auto tokens = encodeVision(model, x, prompts, attention).narrow(1, 0, x.size(1));
  const auto normed = layerNorm(p, "vision_model.post_layernorm", tokens, model.config.vision.normEpsilon);
  return model.config.variant.imagePool == TowerVariant::ImagePool::Own ? attentionPool(model, normed) : normed.mean(1);
}

/// One token [B, 1, W] in place of the class token: the mean of the patches' tokens, which lie behind it.
at::Tensor meanToken(const ModelConfig& c, const Parameters& p, const at::Tensor& x) {
  const auto norm = [&](const at::Tensor& rows) {
    return layerNorm(p, "vision_model.post_layernorm", rows, c.vision.normEpsilon);
  };
  const at::Tensor patches = x.narrow(1, c.classTokens, c.patches());
  return c.variant.imagePool == TowerVariant::ImagePool::Mean ? norm(patches).mean(1, true) : norm(patches.mean(1, true));
}

/// The tokens that the head reads, after the last LayerNorm (which works row by row).
at::Tensor encodeClipTokens(const Model& model, const at::Tensor& pixels, const ImagePrompts& prompts,
                            std::vector<at::Tensor>* attention) {
  const Parameters& p = model.parameters;
  const ModelConfig& c = model.config;
  const auto classes = p.at("vision_model.embeddings.class_embedding").reshape({1, c.classTokens, c.vision.width});
  at::Tensor x = at::cat({classes.expand({pixels.size(0), -1, -1}), embedPatches(model, pixels)}, 1) +
                 p.at("vision_model.embeddings.position_embedding.weight");
  x = encodeVision(model, x, prompts, attention);
  if (c.variant.imagePool != TowerVariant::ImagePool::Own) {
    return meanToken(c, p, x);
  }
  return layerNorm(p, "vision_model.post_layernorm", x.narrow(1, 0, c.mixtureTokens()), c.vision.normEpsilon);
}

/// The row that stands for the caption: CLIP's first end token (or, for id 2, the arg-max of the ids, as the original
/// files need), SigLIP's last position; variants choose otherwise.
at::Tensor poolText(const ModelConfig& c, const at::Tensor& hidden, const at::Tensor& ids) {
  using Pool = TowerVariant::TextPool;
  const Pool pool = c.variant.textPool == Pool::Own && c.towers == Towers::Siglip ? Pool::Last : c.variant.textPool;
  if (pool == Pool::Last || pool == Pool::First) {
    return hidden.select(1, pool == Pool::First ? 0 : hidden.size(1) - 1);
  }
  const bool greatest = pool == Pool::Greatest || c.eosId == 2;
  const auto at = greatest ? ids.argmax(1) : ids.eq(c.eosId).to(at::kInt).argmax(1);
  const auto index = at.view({-1, 1, 1}).expand({-1, 1, hidden.size(2)});
  return hidden.gather(1, index).squeeze(1);
}

/// A caption's state [N, W_t], from which embedding and query are projected.
at::Tensor textState(const Model& model, const at::Tensor& embeddings, const at::Tensor& ids, const DeepPrompts& deep) {
  const ModelConfig& c = model.config;
  const Parameters& p = model.parameters;
  const auto x = embeddings + p.at("text_model.embeddings.position_embedding.weight").narrow(0, 0, ids.size(1));
  const auto mask = c.causalText() ? Mask::Causal : Mask::None;
  const auto hidden = encode(p, "text_model.encoder", c.text, x, mask, nullptr, &deep);
  // The norm works row by row, so picking the row first gives the same numbers for less.
  return layerNorm(p, "text_model.final_layer_norm", poolText(c, hidden, ids), c.text.normEpsilon);
}

at::Tensor lookUp(const Model& model, const at::Tensor& ids) {
  return at::embedding(model.parameters.at("text_model.embeddings.token_embedding.weight"), ids);
}

/// x W' and, where the file has one, + b.
at::Tensor projected(const Parameters& p, const std::string& name, const at::Tensor& x) {
  const auto bias = p.find(name + ".bias");
  return bias == p.end() ? at::linear(x, p.at(name + ".weight")) : at::linear(x, p.at(name + ".weight"), bias->second);
}

/// What a caption's state becomes: embedding and, for a Llip, query.
TextFeatures projectTexts(const Model& model, const at::Tensor& state) {
  const ModelConfig& c = model.config;
  const Parameters& p = model.parameters;
  if (c.towers == Towers::Siglip) {
    return {projected(p, "text_model.head", state), {}};
  }
  TextFeatures features{projected(p, "text_projection", state), {}};
  if (c.mixesByCaption()) {
    features.query = normedQuery(model, at::matmul(state, p.at("llip.q_proj")))
                         .view({state.size(0), c.mixture->heads, c.embedWidth / c.mixture->heads});
  }
  return features;
}

/// Images of towers with pixels, prompted or not.
at::Tensor encodeTowerImages(const Model& model, const at::Tensor& pixels, const ImagePrompts& prompts,
                             std::vector<at::Tensor>* attention) {
  if (model.config.towers == Towers::Siglip) {
    return encodeSiglipImages(model, pixels, prompts, attention);
  }
  const at::Tensor tokens = encodeClipTokens(model, pixels, prompts, attention);
  return model.config.mixesByCaption() ? tokens : imageVectors(model, tokens);
}

}  // namespace

Result<Model> makeModel(const ModelConfig& config, std::uint64_t seed) {
  LIX_CHECK(config.validate());
  return Model{config, drawParameters(parameterSpecs(config), seed)};
}

at::Tensor encodeTokens(const Model& model, const at::Tensor& pixels, std::vector<at::Tensor>* attention) {
  LIX_REQUIRE(model.config.towers == Towers::Clip);
  return encodeClipTokens(model, pixels, {}, attention);
}

at::Tensor encodeImages(const Model& model, const at::Tensor& pixels, std::vector<at::Tensor>* attention) {
  return model.config.towers == Towers::Heads ? encodeHeadImages(model, pixels, attention)
                                              : encodeTowerImages(model, pixels, {}, attention);
}

at::Tensor encodePromptedImages(const Model& model, const at::Tensor& pixels, const ImagePrompts& prompts) {
  LIX_REQUIRE(model.config.towers != Towers::Heads);
  return encodeTowerImages(model, pixels, prompts, nullptr);
}

TextFeatures encodeTexts(const Model& model, const at::Tensor& ids) {
  if (model.config.towers != Towers::Heads) {
    return encodeTextEmbeddings(model, lookUp(model, ids), ids);
  }
  const at::Tensor row = encodeHeadTexts(model, ids);
  return model.config.head == ImageHead::Vector ? TextFeatures{row, {}} : projectTexts(model, row);
}

TextFeatures encodeTextEmbeddings(const Model& model, const at::Tensor& embeddings, const at::Tensor& ids,
                                  const DeepPrompts& deep) {
  LIX_REQUIRE(model.config.towers != Towers::Heads);
  return projectTexts(model, textState(model, embeddings, ids, deep));
}

}  // namespace lix::nn
