#include "study/doctor/origin.h"

#include <array>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace lix::study::doctor {
namespace {
using nlohmann::json;
using nn::detail::SourceKind;

/// A field under the names of transformers and OpenCLIP, and where it is read off where no configuration says it.
struct Row {
  Field field;
  const char* huggingFace;
  const char* openClip;
  const char* shape;
};
constexpr std::array kRows{
    Row{Field::Width, "hidden_size", "width", "shape of the embedding weights"},
    Row{Field::Layers, "num_hidden_layers", "layers", "number of blocks in the weights"},
    Row{Field::Heads, "num_attention_heads", "heads", "as published for this width (not in the weights)"},
    Row{Field::Mlp, "intermediate_size", "mlp_ratio", "shape of mlp.c_fc.weight"},
    Row{Field::Activation, "hidden_act", "act_kwargs", "QuickGELU, as these weights were published"},
    Row{Field::Epsilon, "layer_norm_eps", "norm_kwargs", "1e-5, as published"},
    Row{Field::ImageSize, "image_size", "image_size", "shape of the table of positions"},
    Row{Field::Patch, "patch_size", "patch_size", "shape of the patch weight"},
    Row{Field::Vocabulary, "vocab_size", "vocab_size", "shape of the token table"},
    Row{Field::Context, "max_position_embeddings", "context_length", "shape of the table of positions"},
    Row{Field::Embed, "projection_dim", "embed_dim", "shape of the projection"},
    Row{Field::Eos, "eos_token_id", "eos_id", "the last id of the vocabulary"},
    Row{Field::Pad, "pad_token_id", "pad_id", "0, as published"},
};

const Row& rowOf(Field field) { return kRows[static_cast<std::size_t>(field)]; }

json modelOf(const std::string& text) {
  json whole = json::parse(text, nullptr, false);
  return whole.is_object() && whole.contains("model_cfg") ? json(whole["model_cfg"]) : whole;
}

bool holds(const json& whole, const std::string& part, const std::string& key) {
  const json* object = &whole;
  if (!part.empty()) {
    const auto found = whole.is_object() ? whole.find(part) : whole.end();
    if (!whole.is_object() || found == whole.end()) {
      return false;
    }
    object = &*found;
  }
  return object->is_object() && object->contains(key) && !(*object)[key].is_null();
}

}  // namespace

std::string activationName(nn::Activation activation) {
  switch (activation) {
    case nn::Activation::GeluTanh:
      return "gelu_pytorch_tanh (tanh GELU)";
    case nn::Activation::GeluErf:
      return "gelu (erf GELU)";
    case nn::Activation::QuickGelu:
      return "quick_gelu (QuickGELU)";
  }
  return {};
}

Origin::Origin(const nn::detail::Source& source) : source_(source), file_(source.config.filename().string()) {
  const json whole = modelOf(source.configText);
  if (holds(whole, "vision_cfg", "timm_model_name") && whole["vision_cfg"]["timm_model_name"].is_string()) {
    timm_ = whole["vision_cfg"]["timm_model_name"];
  }
}

bool Origin::has(const char* part, const std::string& key) const {
  return holds(modelOf(source_.configText), part, key);
}

std::string Origin::of(Tower tower, Field field) const {
  const Row& row = rowOf(field);
  const bool vision = tower == Tower::Vision;
  const auto said = [&](const std::string& where) { return cat(file_, ": ", where); };
  if (source_.config.empty()) {
    return row.shape;
  }
  if (source_.kind == SourceKind::HuggingFace) {
    const std::string part = vision ? "vision_config" : "text_config";
    if (field == Field::Embed) {
      return has("text_config", "projection_size") ? said("text_config.projection_size")
             : has("", "projection_dim")           ? said("projection_dim")
                                                   : cat("default of transformers; ", file_, " does not say");
    }
    for (const std::string& one : {part + "_dict", part}) {  // the older one wins
      if (has(one.c_str(), row.huggingFace)) {
        return said(cat(one, ".", row.huggingFace));
      }
    }
    return cat("default of transformers; ", file_, " does not say");
  }
  if (vision && !timm_.empty() && field != Field::ImageSize && field != Field::Embed) {
    return field == Field::Epsilon                                  ? "timm's SigLIP towers"
           : field == Field::Heads || field == Field::Activation ? cat("timm name ", timm_)
                                                                    : "shape of the weights under visual.trunk";
  }
  const char* part = field == Field::Embed ? "" : vision ? "vision_cfg" : "text_cfg";
  const std::string key = vision && field == Field::Heads ? "head_width" : row.openClip;
  if (field == Field::Activation && has("", "quick_gelu")) {
    return said("quick_gelu");
  }
  const std::string program = source_.kind == SourceKind::Llip ? "the Llip release" : "OpenCLIP";
  return has(part, key) ? said(cat(part, *part == '\0' ? "" : ".", key))
                        : cat("default of ", program, "; ", file_, " does not say");
}

}  // namespace lix::study::doctor
