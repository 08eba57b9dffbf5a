#pragma once
#include <string>
#include <vector>

#include "nn/config.h"
#include "nn/parameters.h"

namespace lix::nn {

struct DeepPrompts;

enum class Mask { None, Causal };

/// Pre-norm transformer blocks on `tokens` [B, T, W] with the parameters `<prefix>.layers.i.*`; returns [B, T, W].
/// x += out(softmax(q k' / sqrt(head width)) v) of LN1(x); x += fc2(act(fc1(LN2(x)))).
/// `attention`, where given, receives each block's weights averaged over heads, [B, T, T] (slower: weights are formed).
/// `deep`, where given, are learned rows that replace tokens before later blocks (nn/prompts.h).
at::Tensor encode(const Parameters& parameters, const std::string& prefix, const EncoderConfig& config,
                  const at::Tensor& tokens, Mask mask, std::vector<at::Tensor>* attention = nullptr,
                  const DeepPrompts* deep = nullptr);

/// LayerNorm over the last axis with `<name>.weight` and `<name>.bias`.
at::Tensor layerNorm(const Parameters& parameters, const std::string& name, const at::Tensor& x, double epsilon);

/// x W' + b with `<name>.weight` [out, in] and `<name>.bias`.
at::Tensor linear(const Parameters& parameters, const std::string& name, const at::Tensor& x);

/// fc2(act(fc1(x))) with `<name>.fc1` and `<name>.fc2`.
at::Tensor mlp(const Parameters& parameters, const std::string& name, Activation activation, const at::Tensor& x);

}  // namespace lix::nn
