#include "nn/encoders/encoder.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/softmax.h>
#include "nn/ops/tensor.h"

#include <cmath>
#include <limits>

#include "base/contracts.h"
#include "base/text.h"
#include "nn/prompts.h"

namespace lix::nn {
namespace {

at::Tensor activate(Activation activation, const at::Tensor& x) {
  switch (activation) {
    case Activation::GeluTanh:
      return at::gelu(x, "tanh");
    case Activation::GeluErf:
      return at::gelu(x);
    case Activation::QuickGelu:
      return x * at::sigmoid(1.702 * x);
  }
  return x;
}

/// Attention with the weights formed, for inspection: returns the values, adds the mean weights over heads.
at::Tensor tracedAttention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, Mask mask,
                           std::vector<at::Tensor>& attention) {
  at::Tensor scores = at::matmul(q, k.transpose(-1, -2)) / std::sqrt(double(q.size(-1)));
  if (mask == Mask::Causal) {
    const auto future = at::ones({q.size(2), q.size(2)}, q.options().dtype(at::kBool)).triu(1);
    scores = scores.masked_fill(future, -std::numeric_limits<double>::infinity());
  }
  const at::Tensor weights = at::softmax(scores, -1);
  attention.push_back(weights.mean(1));
  return at::matmul(weights, v);
}

at::Tensor selfAttention(const Parameters& p, const std::string& name, int heads, const at::Tensor& x, Mask mask,
                         std::vector<at::Tensor>* attention) {
  const auto batch = x.size(0), length = x.size(1), width = x.size(2);
  // One matrix product for q, k and v: at small widths three are a third slower, and the files keep them apart.
  const auto part = [&](const char* which, const char* kind) { return p.at(cat(name, ".", which, "_proj.", kind)); };
  const at::Tensor weight = at::cat({part("q", "weight"), part("k", "weight"), part("v", "weight")});
  const at::Tensor bias = at::cat({part("q", "bias"), part("k", "bias"), part("v", "bias")});
  const auto qkv =
      at::linear(x, weight, bias).view({batch, length, 3, heads, width / heads}).permute({2, 0, 3, 1, 4}).unbind(0);
  const at::Tensor mixed =
      attention != nullptr ? tracedAttention(qkv[0], qkv[1], qkv[2], mask, *attention)
                           : at::scaled_dot_product_attention(qkv[0], qkv[1], qkv[2], {}, 0.0, mask == Mask::Causal);
  return linear(p, name + ".out_proj", mixed.transpose(1, 2).reshape({batch, length, width}));
}

/// [B, T, W] with the tokens from `position` on replaced by `row` [n, W].
at::Tensor withRow(const at::Tensor& x, std::int64_t position, const at::Tensor& row) {
  const auto behind = position + row.size(0);
  LIX_REQUIRE(behind <= x.size(1));
  return at::cat({x.narrow(1, 0, position), row.unsqueeze(0).expand({x.size(0), -1, -1}),
                  x.narrow(1, behind, x.size(1) - behind)},
                 1);
}

}  // namespace

at::Tensor layerNorm(const Parameters& parameters, const std::string& name, const at::Tensor& x, double epsilon) {
  return at::layer_norm(x, {x.size(-1)}, parameters.at(name + ".weight"), parameters.at(name + ".bias"), epsilon);
}

at::Tensor linear(const Parameters& parameters, const std::string& name, const at::Tensor& x) {
  return at::linear(x, parameters.at(name + ".weight"), parameters.at(name + ".bias"));
}

at::Tensor mlp(const Parameters& parameters, const std::string& name, Activation activation, const at::Tensor& x) {
  return linear(parameters, name + ".fc2", activate(activation, linear(parameters, name + ".fc1", x)));
}

at::Tensor encode(const Parameters& parameters, const std::string& prefix, const EncoderConfig& config,
                  const at::Tensor& tokens, Mask mask, std::vector<at::Tensor>* attention, const DeepPrompts* deep) {
  const std::size_t rows = deep != nullptr ? deep->rows.size() : 0;
  LIX_REQUIRE(rows == 0 || rows < std::size_t(config.depth));
  at::Tensor x = tokens;
  for (int i = 0; i < config.depth; ++i) {
    if (i > 0 && std::size_t(i) <= rows) {
      x = withRow(x, deep->position, deep->rows[std::size_t(i) - 1]);
    }
    const std::string block = cat(prefix, ".layers.", i, ".");
    x = x + selfAttention(parameters, block + "self_attn", config.heads,
                          layerNorm(parameters, block + "layer_norm1", x, config.normEpsilon), mask, attention);
    x = x + mlp(parameters, block + "mlp", config.activation,
                layerNorm(parameters, block + "layer_norm2", x, config.normEpsilon));
  }
  return x;
}

}  // namespace lix::nn
