#include "nn/checkpoint/import/open_clip_config.h"

#include <array>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "nn/checkpoint/import/shapes.h"
#include "nn/checkpoint/import/timm.h"

namespace lix::nn::detail {
namespace {
using nlohmann::json;
using Variant = TowerVariant;

constexpr double kTimmEpsilon = 1e-6, kEpsilon = 1e-5;
constexpr const char* kTimmPatches = "visual.trunk.patch_embed.proj.weight";

/// Settings that change what a tower computes and are not computed here.
constexpr auto kRefused = std::to_array<const char*>({"hf_model_name", "attentional_pool", "embed_cls", "ls_init_value",
                                                      "input_patchnorm", "qk_norm", "scaled_cosine_attn", "scale_heads",
                                                      "scale_attn_inner", "scale_attn", "scale_fc"});

/// A part of the configuration; a value of a wrong kind is remembered, not thrown.
class Part {
 public:
  Part(const json& object, std::string name, std::string& wrong)
      : object_(object), name_(std::move(name)), wrong_(wrong) {}

  int integer(const char* key, int otherwise) const {
    const json* value = find(key);
    if (value != nullptr && value->is_array() && value->size() == 2 && (*value)[0] == (*value)[1]) {
      value = &(*value)[0];
    }
    if (value == nullptr) {
      return otherwise;
    }
    if (!value->is_number_integer() || value->get<double>() < -1e9 || value->get<double>() > 1e9) {
      wrong_ = cat(name_, ".", key);
      return otherwise;
    }
    return value->get<int>();
  }
  double real(const char* key, double otherwise) const {
    const json* value = find(key);
    if (value != nullptr && !value->is_number()) {
      wrong_ = cat(name_, ".", key);
    }
    return value != nullptr && value->is_number() ? value->get<double>() : otherwise;
  }
  bool flag(const char* key, bool otherwise) const {
    const json* value = find(key);
    if (value != nullptr && !value->is_boolean()) {
      wrong_ = cat(name_, ".", key);
    }
    return value != nullptr && value->is_boolean() ? value->get<bool>() : otherwise;
  }
  std::string text(const char* key, const char* otherwise) const {
    const json* value = find(key);
    if (value != nullptr && !value->is_string()) {
      wrong_ = cat(name_, ".", key);
    }
    return value != nullptr && value->is_string() ? value->get<std::string>() : otherwise;
  }
  Activation activation(bool quick) const {
    const json* about = find("act_kwargs");
    if (quick || about == nullptr || about->empty()) {
      return quick ? Activation::QuickGelu : Activation::GeluErf;
    }
    if (!about->is_object() || about->size() != 1 || !about->contains("approximate") ||
        (*about)["approximate"] != "tanh") {
      wrong_ = cat(name_, ".act_kwargs");
    }
    return Activation::GeluTanh;
  }
  double epsilon() const {
    const json* about = find("norm_kwargs");
    if (about == nullptr || about->empty()) {
      return kEpsilon;
    }
    if (!about->is_object() || about->size() != 1 || !about->contains("eps") || !(*about)["eps"].is_number()) {
      wrong_ = cat(name_, ".norm_kwargs");
      return kEpsilon;
    }
    return (*about)["eps"].get<double>();
  }
  const json* find(const char* key) const {
    const auto found = object_.find(key);
    return found == object_.end() || found->is_null() ? nullptr : &*found;
  }

 private:
  const json& object_;
  std::string name_;
  std::string& wrong_;
};

Result<void> checkFeatures(const json& whole, const std::string& source) {
  if (whole.contains("multimodal_cfg")) {
    return fail(ErrorCode::Unsupported, cat(source,
                                            " is a CoCa, which also writes captions; only CLIP, SigLIP and Llip can be "
                                            "read. Take one of these."));
  }
  for (const char* part : {"vision_cfg", "text_cfg"}) {
    for (const char* key : kRefused) {
      const json value = whole[part].value(key, json());
      if (!value.is_null() && value != json(false) && value != json("")) {
        return fail(ErrorCode::Unsupported, cat(source, " sets ", part, ".", key,
                                                ", which is not computed here. Take a CLIP or "
                                                "SigLIP with plain transformer towers."));
      }
    }
  }
  if (whole["vision_cfg"].value("layers", json()).is_array()) {
    return fail(ErrorCode::Unsupported, cat(source,
                                            " has a ResNet as image tower, which is not computed here; take a model "
                                            "with a ViT."));
  }
  return {};
}

EncoderConfig plainTower(const Part& part, int width, int heads, bool quick) {
  return {width,
          part.integer("layers", 12),
          heads,
          mlpWidth(width, part.real("mlp_ratio", 4.0)),
          part.activation(quick),
          part.epsilon()};
}

void readPlainVision(const Part& vision, bool quick, std::string& wrong, ModelConfig& config) {
  const int width = vision.integer("width", 768), headWidth = vision.integer("head_width", 64);
  const bool divides = headWidth > 0 && width % headWidth == 0;
  config.towers = Towers::Clip;
  config.vision = plainTower(vision, width, divides ? width / headWidth : 0, quick);  // 0 is refused
  config.patch = vision.integer("patch_size", 16);
  config.classTokens = 1;
  config.variant.preNorm = !vision.flag("no_ln_pre", false);
  const std::string pool = vision.text("pool_type", "tok");
  if (pool == "avg") {
    config.variant.imagePool =
        vision.flag("final_ln_after_pool", false) ? Variant::ImagePool::MeanThenNorm : Variant::ImagePool::Mean;
  } else if (pool != "tok") {
    wrong = cat("vision_cfg.pool_type (", pool, ")");
  }
}

Result<void> readTimmVision(const std::string& name, const std::string& source, const SourceWeights& weights,
                            OpenClipModel& model) {
  ModelConfig& config = model.config;
  if (!weights.has(kTimmPatches) || weights.has("visual.trunk.cls_token")) {
    return fail(ErrorCode::Unsupported, cat(source, " has the timm image tower ", name,
                                            ", which is no SigLIP ViT (patches without a class token); of "
                                            "timm's models only these can be read."));
  }
  const auto extent = [&](const char* weight, std::size_t axis) {
    return static_cast<int>(std::min<std::int64_t>(weights.extent(weight, axis), 1 << 24));
  };
  const int width = extent(kTimmPatches, 0);
  const auto known = timmTower(name);
  config.towers = Towers::Siglip;
  config.patch = extent(kTimmPatches, 2);
  config.vision = {width,
                   depthOf(weights, "visual.trunk.blocks.", "norm1.weight"),
                   known ? known->heads : std::max(width / 64, 1),
                   extent("visual.trunk.blocks.0.mlp.fc1.weight", 0),
                   known ? known->activation : Activation::GeluErf,
                   kTimmEpsilon};
  if (known && (known->width != width || known->patch != config.patch || known->depth != config.vision.depth)) {
    return fail(
        ErrorCode::BadInput,
        cat(source, " names the image tower ", name, ", but the weights are those of another one (", width, " wide, ",
            config.vision.depth, " blocks, patches of ", config.patch, "). Get the checkpoint again."));
  }
  if (!known) {
    model.notes.push_back(cat("The timm name ", name, " is not known: sizes were taken from the weights, with ",
                              config.vision.heads, " heads (64 wide) and erf GELU."));
  }
  if (!weights.has("visual.trunk.attn_pool.latent")) {
    config.variant.imagePool = Variant::ImagePool::Mean;
  }
  return {};
}

void readText(const Part& text, bool quick, std::string& wrong, ModelConfig& config) {
  const bool siglip = config.towers == Towers::Siglip;
  const int width = text.integer("width", 512);
  config.text = plainTower(text, width, text.integer("heads", 8), quick);
  config.vocabulary = text.integer("vocab_size", 49408);
  config.contextLength = text.integer("context_length", 77);
  config.padId = text.integer("pad_id", siglip ? 1 : 0);
  config.eosId = siglip ? 1 : config.vocabulary - 1;  // the end mark is the last id of CLIP's byte pairs
  const bool causal = !text.flag("no_causal_mask", false);
  config.variant.textMask = causal != siglip ? Variant::TextMask::Own
                            : causal         ? Variant::TextMask::Causal
                                             : Variant::TextMask::None;
  const bool bias = text.flag("proj_bias", false);
  config.variant.textBias = bias == siglip ? Variant::Bias::Own : bias ? Variant::Bias::With : Variant::Bias::Without;
  const std::string pool = text.text("pool_type", "argmax");
  const bool bytePairs = text.text("hf_tokenizer_name", "").empty();
  if (pool == "last") {
    config.variant.textPool = siglip ? Variant::TextPool::Own : Variant::TextPool::Last;
  } else if (pool == "first") {
    config.variant.textPool = Variant::TextPool::First;
  } else if (pool == "argmax") {
    config.variant.textPool = siglip || !bytePairs ? Variant::TextPool::Greatest : Variant::TextPool::Own;
  } else if (pool == "eos" && !siglip && text.integer("eos_id", 2) != 2) {  // which would mean the greatest id
    config.eosId = text.integer("eos_id", 2);
  } else {
    wrong = cat("text_cfg.pool_type (", pool, ")");
  }
  if (const std::string projection = text.text("proj_type", "linear"); projection != "linear") {
    wrong = cat("text_cfg.proj_type (", projection, ")");
  }
}

/// What an export of ours adds where the timm name stands for another activation.
void readOurs(const json& file, ModelConfig& config) {
  const json about = file.is_object() ? file.value("lix", json::object()) : json::object();
  const json activation = about.is_object() ? about.value("vision_activation", json()) : json();
  if (activation == json("gelu_pytorch_tanh") || activation == json("gelu")) {
    config.vision.activation = activation == json("gelu") ? Activation::GeluErf : Activation::GeluTanh;
  }
}

OpenClipLayout layoutOf(const SourceWeights& weights) {
  OpenClipLayout layout;
  layout.text = weights.has("text.token_embedding.weight") ? "text." : "";
  layout.linearProjection = weights.has(layout.text + "text_projection.weight");
  layout.timm = weights.has(kTimmPatches);
  return layout;
}

}  // namespace

Result<OpenClipModel> readOpenClipConfig(const std::string& text, const std::string& source,
                                         const SourceWeights& weights) {
  const json file = json::parse(text, nullptr, false);
  const json& whole = file.is_object() && file.contains("model_cfg") ? file["model_cfg"] : file;
  if (!whole.is_object() || !whole.contains("vision_cfg") || !whole["vision_cfg"].is_object() ||
      !whole.contains("text_cfg") || !whole["text_cfg"].is_object()) {
    return fail(ErrorCode::BadInput,
                cat(source, " does not describe a model (no vision_cfg and text_cfg); it may be cut off."));
  }
  LIX_CHECK(checkFeatures(whole, source));
  OpenClipModel model;
  std::string wrong;
  const Part top(whole, "model_cfg", wrong), vision(whole["vision_cfg"], "vision_cfg", wrong),
      words(whole["text_cfg"], "text_cfg", wrong);
  const bool quick = top.flag("quick_gelu", false);
  if (const std::string name = vision.text("timm_model_name", ""); !name.empty()) {
    LIX_CHECK(readTimmVision(name, source, weights, model));
  } else {
    readPlainVision(vision, quick, wrong, model.config);
  }
  model.config.imageSize = vision.integer("image_size", 224);
  readText(words, quick, wrong, model.config);
  model.config.embedWidth = top.integer("embed_dim", 512);
  readOurs(file, model.config);
  if (!wrong.empty()) {
    return fail(ErrorCode::BadInput, cat(source, " has a value that cannot be used for ", wrong, "."));
  }
  model.layout = layoutOf(weights);
  return model;
}

}  // namespace lix::nn::detail
