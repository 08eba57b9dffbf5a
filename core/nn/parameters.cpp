#include "nn/parameters.h"

#include <ATen/ops/empty.h>
#include "nn/ops/tensor.h"

#include <cmath>

#include "base/random.h"
#include "base/text.h"
#include "nn/heads.h"

namespace lix::nn {
namespace {
using Kind = Initial::Kind;

constexpr std::uint64_t kStreamInit = 0x696e6974;

Initial zero() { return {Kind::Constant, 0.0}; }
Initial one() { return {Kind::Constant, 1.0}; }
Initial normal(double deviation) { return {Kind::Normal, deviation}; }
/// Xavier (Glorot) uniform for a [out, in] matrix.
Initial xavier(double in, double out) { return {Kind::Uniform, std::sqrt(6.0 / (in + out))}; }
/// PyTorch's default for Linear: uniform within 1/sqrt(in).
Initial fanIn(double in) { return {Kind::Uniform, 1.0 / std::sqrt(in)}; }

class Builder {
 public:
  explicit Builder(std::vector<ParameterSpec>& specs) : specs_(specs) {}

  void add(std::string name, std::vector<std::int64_t> shape, Initial initial) {
    specs_.push_back({std::move(name), std::move(shape), initial});
  }
  void norm(const std::string& name, int width) {
    add(name + ".weight", {width}, one());
    add(name + ".bias", {width}, zero());
  }
  void linear(const std::string& name, int in, int out, Initial weight, Initial bias = zero()) {
    add(name + ".weight", {out, in}, weight);
    add(name + ".bias", {out}, bias);
  }

  /// SigLIP: Xavier everywhere, as big_vision. CLIP text: the deviations of OpenAI's code; CLIP vision: PyTorch's
  /// defaults.
  enum class Style { Siglip, ClipText, ClipVision };
  void blocks(const std::string& prefix, const EncoderConfig& c, Style style) {
    const double width = c.width;
    const double deep = std::sqrt(2.0 * c.depth);
    for (int i = 0; i < c.depth; ++i) {
      const std::string block = cat(prefix, ".layers.", i, ".");
      norm(block + "layer_norm1", c.width);
      norm(block + "layer_norm2", c.width);
      const Initial in = style == Style::ClipText     ? normal(1.0 / std::sqrt(width))
                         : style == Style::ClipVision ? xavier(width, 3 * width)
                                                      : xavier(width, width);
      const Initial out = style == Style::ClipText     ? normal(1.0 / std::sqrt(width) / deep)
                          : style == Style::ClipVision ? fanIn(width)
                                                       : xavier(width, width);
      for (const char* name : {"q_proj", "k_proj", "v_proj"}) {
        linear(cat(block, "self_attn.", name), c.width, c.width, in);
      }
      linear(block + "self_attn.out_proj", c.width, c.width, out);
      const Initial fc1 = style == Style::ClipText     ? normal(1.0 / std::sqrt(2.0 * width))
                          : style == Style::ClipVision ? fanIn(width)
                                                       : xavier(width, c.mlpWidth);
      const Initial fc2 = style == Style::ClipText     ? normal(1.0 / std::sqrt(width) / deep)
                          : style == Style::ClipVision ? fanIn(c.mlpWidth)
                                                       : xavier(width, c.mlpWidth);
      linear(block + "mlp.fc1", c.width, c.mlpWidth, fc1);
      linear(block + "mlp.fc2", c.mlpWidth, c.width, fc2);
    }
  }

 private:
  std::vector<ParameterSpec>& specs_;
};

void siglipSpecs(Builder& b, const ModelConfig& c) {
  const int w = c.vision.width;
  const double patchInputs = 3.0 * c.patch * c.patch;
  b.add("vision_model.embeddings.patch_embedding.weight", {w, 3, c.patch, c.patch},
        normal(1.0 / std::sqrt(patchInputs)));
  b.add("vision_model.embeddings.patch_embedding.bias", {w}, zero());
  b.add("vision_model.embeddings.position_embedding.weight", {c.patches(), w}, normal(1.0 / std::sqrt(double(w))));
  b.blocks("vision_model.encoder", c.vision, Builder::Style::Siglip);
  b.norm("vision_model.post_layernorm", w);
  if (c.variant.imagePool == TowerVariant::ImagePool::Own) {
    b.add("vision_model.head.probe", {1, 1, w}, xavier(w, 1));
    b.add("vision_model.head.attention.in_proj_weight", {3 * w, w}, xavier(w, w));
    b.add("vision_model.head.attention.in_proj_bias", {3 * w}, zero());
    b.linear("vision_model.head.attention.out_proj", w, w, xavier(w, w));
    b.norm("vision_model.head.layernorm", w);
    b.linear("vision_model.head.mlp.fc1", w, c.vision.mlpWidth, xavier(w, c.vision.mlpWidth));
    b.linear("vision_model.head.mlp.fc2", c.vision.mlpWidth, w, xavier(w, c.vision.mlpWidth));
  }

  const int t = c.text.width;
  b.add("text_model.embeddings.token_embedding.weight", {c.vocabulary, t}, normal(1.0 / std::sqrt(double(t))));
  b.add("text_model.embeddings.position_embedding.weight", {c.contextLength, t}, normal(0.01));
  b.blocks("text_model.encoder", c.text, Builder::Style::Siglip);
  b.norm("text_model.final_layer_norm", t);
  b.add("text_model.head.weight", {c.embedWidth, t}, xavier(t, c.embedWidth));
  if (c.textProjectionHasBias()) {
    b.add("text_model.head.bias", {c.embedWidth}, zero());
  }
}

/// What makes the image's vector of a CLIP tower's tokens (facts of each head: nn/image_heads.h).
void headSpecs(Builder& b, const ModelConfig& c) {
  const int w = c.vision.width;
  const int d = c.embedWidth;
  const double deviation = 1.0 / std::sqrt(double(w));
  if (c.head == ImageHead::Vector) {
    b.add("visual_projection.weight", {d, w}, normal(deviation));
    return;
  }
  if (!c.mixture) {
    b.add("llip.proj", {c.classTokens, w, d}, normal(deviation));
    return;
  }
  b.add("llip.k_proj", {c.mixtureTokens(), w, d}, normal(deviation));
  b.add("llip.v_proj", {c.mixtureTokens(), w, d}, normal(deviation));
  if (c.mixesByCaption()) {
    b.add("llip.q_proj", {c.text.width, d}, normal(1.0 / std::sqrt(double(c.text.width))));
  } else {
    b.add("llip.query", {d}, normal(1.0));  // as large as the queries that q_proj gives captions at the start
  }
  b.add("llip.out_proj", {d, d}, normal(1.0 / std::sqrt(double(d))));
  if (c.mixture->norms) {
    for (const char* name : {"llip.k_norm", "llip.q_norm", "llip.v_norm"}) {
      b.norm(name, d);
    }
  }
}

void clipSpecs(Builder& b, const ModelConfig& c) {
  const int w = c.vision.width;
  const int k = c.classTokens;
  const double deviation = 1.0 / std::sqrt(double(w));
  b.add("vision_model.embeddings.class_embedding",
        c.head == ImageHead::Vector ? std::vector<std::int64_t>{w} : std::vector<std::int64_t>{k, w}, normal(deviation));
  b.add("vision_model.embeddings.patch_embedding.weight", {w, 3, c.patch, c.patch}, fanIn(3.0 * c.patch * c.patch));
  b.add("vision_model.embeddings.position_embedding.weight", {c.patches() + k, w}, normal(deviation));
  if (c.variant.preNorm) {
    b.norm("vision_model.pre_layrnorm", w);  // sic: the name that the files have
  }
  b.blocks("vision_model.encoder", c.vision, Builder::Style::ClipVision);
  b.norm("vision_model.post_layernorm", w);

  const int t = c.text.width;
  const int d = c.embedWidth;
  b.add("text_model.embeddings.token_embedding.weight", {c.vocabulary, t}, normal(0.02));
  b.add("text_model.embeddings.position_embedding.weight", {c.contextLength, t}, normal(0.01));
  b.blocks("text_model.encoder", c.text, Builder::Style::ClipText);
  b.norm("text_model.final_layer_norm", t);
  b.add("text_projection.weight", {d, t}, normal(1.0 / std::sqrt(double(t))));
  if (c.textProjectionHasBias()) {
    b.add("text_projection.bias", {d}, zero());
  }
  headSpecs(b, c);
}

}  // namespace

std::vector<ParameterSpec> parameterSpecs(const ModelConfig& config) {
  std::vector<ParameterSpec> specs;
  Builder builder(specs);
  if (config.towers == Towers::Heads) {
    specs = headParameterSpecs(config);
    if (config.head != ImageHead::Vector) {
      headSpecs(builder, config);
    }
    return specs;
  }
  config.towers == Towers::Siglip ? siglipSpecs(builder, config) : clipSpecs(builder, config);
  return specs;
}

std::int64_t parameterCount(const std::vector<ParameterSpec>& specs) {
  std::int64_t total = 0;
  for (const auto& spec : specs) {
    std::int64_t count = 1;
    for (const auto extent : spec.shape) {
      count *= extent;
    }
    total += count;
  }
  return total;
}

Parameters drawParameters(const std::vector<ParameterSpec>& specs, std::uint64_t seed) {
  Parameters parameters;
  for (const auto& spec : specs) {
    at::Tensor tensor = at::empty(spec.shape, at::kFloat);
    float* values = tensor.data_ptr<float>();
    Random random(seed, kStreamInit, hash64(spec.name));
    for (std::int64_t i = 0; i < tensor.numel(); ++i) {
      const double value = spec.initial.value;
      values[i] = static_cast<float>(spec.initial.kind == Kind::Normal    ? value * random.normal()
                                     : spec.initial.kind == Kind::Uniform ? random.uniform(-value, value)
                                                                          : value);
    }
    parameters.emplace(spec.name, std::move(tensor));
  }
  return parameters;
}

}  // namespace lix::nn
