#include "nn/heads.h"

#include <ATen/ops/gelu.h>
#include "nn/ops/tensor.h"

#include <cmath>

#include "base/text.h"
#include "nn/encoders/encoder.h"
#include "nn/image_heads.h"
#include "nn/ops/unit.h"

namespace lix::nn {
namespace {

constexpr int kMostWidth = 65536;
constexpr int kMostTokens = 4096;

/// The widths that a row passes through, first and last included.
std::vector<int> widths(const HeadsConfig& heads, int first, int last) {
  std::vector<int> all{first};
  all.insert(all.end(), std::size_t(heads.depth - 1), heads.hidden);
  all.push_back(last);
  return all;
}

at::Tensor mlpOf(const Model& model, const char* head, const at::Tensor& features) {
  at::Tensor x = unit(features) * std::sqrt(double(features.size(-1)));
  const int depth = model.config.heads->depth;
  for (int i = 0; i < depth; ++i) {
    x = linear(model.parameters, cat(head, ".layers.", i), x);
    x = i + 1 < depth ? at::gelu(x) : x;
  }
  return x;
}

}  // namespace

at::Tensor baseImageFeatures(const Model& base, const at::Tensor& pixels, std::vector<at::Tensor>* attention) {
  const at::Tensor encoded = encodeImages(base, pixels, attention);
  return base.config.mixesByCaption() ? pooledEmbedding(base, encoded) : unit(encoded);
}

at::Tensor baseTextFeatures(const Model& base, const at::Tensor& ids) { return unit(encodeTexts(base, ids).embeds); }

at::Tensor encodeHeadImages(const Model& model, const at::Tensor& input, std::vector<at::Tensor>* attention) {
  const at::Tensor features = model.base ? baseImageFeatures(*model.base, input, attention) : input;
  const at::Tensor rows = mlpOf(model, "image_head", features);
  const ModelConfig& c = model.config;
  if (c.head == ImageHead::Vector) {
    return rows;
  }
  const at::Tensor tokens = rows.view({rows.size(0), c.classTokens, c.vision.width});
  return c.mixesByCaption() ? tokens : imageVectors(model, tokens);
}

at::Tensor encodeHeadTexts(const Model& model, const at::Tensor& input) {
  return mlpOf(model, "text_head", model.base ? baseTextFeatures(*model.base, input) : input);
}

std::vector<ParameterSpec> headParameterSpecs(const ModelConfig& c) {
  std::vector<ParameterSpec> specs;
  const auto normal = [&](const std::string& name, std::vector<std::int64_t> shape, double fanIn, double gain = 1.0) {
    specs.push_back({name, std::move(shape), {Initial::Kind::Normal, std::sqrt(gain / fanIn)}});
  };
  const auto mlp = [&](const char* head, const std::vector<int>& through) {
    for (std::size_t i = 0; i + 1 < through.size(); ++i) {
      const std::string layer = cat(head, ".layers.", i);
      normal(layer + ".weight", {through[i + 1], through[i]}, through[i], i == 0 ? 1.0 : 2.0);  // He, after a GELU
      specs.push_back({layer + ".bias", {through[i + 1]}, {}});
    }
  };
  const bool vector = c.head == ImageHead::Vector;
  mlp("image_head", widths(*c.heads, c.heads->imageFeatures, vector ? c.embedWidth : c.classTokens * c.vision.width));
  mlp("text_head", widths(*c.heads, c.heads->textFeatures, vector ? c.embedWidth : c.text.width));
  if (!vector) {
    normal("text_projection.weight", {c.embedWidth, c.text.width}, c.text.width);
  }
  return specs;
}

Result<void> validateHeads(const ModelConfig& c) {
  const auto bad = [](auto... parts) { return fail(ErrorCode::BadInput, cat(parts...)); };
  const auto width = [](int value) { return value >= 1 && value <= kMostWidth; };
  if (!c.heads || !width(c.heads->imageFeatures) || !width(c.heads->textFeatures)) {
    return bad("MLP heads need the widths of the image and text features, 1 to ", kMostWidth, ".");
  }
  if (!width(c.heads->hidden) || c.heads->depth < 1 || c.heads->depth > 64 || !width(c.embedWidth)) {
    return bad("MLP heads of ", c.heads->depth, " layers with a hidden width of ", c.heads->hidden,
               " and an output of ", c.embedWidth, " are not possible: 1 to 64 layers, widths of 1 to ", kMostWidth,
               ".");
  }
  if (c.head == ImageHead::Vector) {
    return c.mixture || c.classTokens != 0 ? bad("MLP heads that give one vector have no tokens.") : Result<void>();
  }
  if (c.classTokens < 1 || c.classTokens > kMostTokens || !width(c.vision.width) || !width(c.text.width)) {
    return bad("MLP heads cannot give ", c.classTokens, " tokens of width ", c.vision.width,
               " beside a text state of width ", c.text.width, "; K lies between 1 and ", kMostTokens, ".");
  }
  const bool mixes = c.head == ImageHead::LearnedAverage || c.head == ImageHead::Mixture;
  if (mixes != c.mixture.has_value()) {
    return bad("Mixing heads, tau and norms belong to a head that mixes tokens by attention.");
  }
  if (mixes && c.mixture->patches) {
    return bad("MLP heads have no patches to mix; leave the patch tokens out.");
  }
  if (mixes && (c.mixture->heads < 1 || c.embedWidth % c.mixture->heads != 0)) {
    return bad("M = ", c.mixture->heads, " mixing heads cannot share the embedding width ", c.embedWidth,
               "; choose heads that divide it.");
  }
  if (mixes && (!(c.mixture->tau > 0.0) || !std::isfinite(c.mixture->tau))) {
    return bad("The mixing's temperature is ", c.mixture->tau, "; it must be positive, such as 5.");
  }
  return {};
}

}  // namespace lix::nn
