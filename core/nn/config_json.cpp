#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "nn/config.h"
#include "nn/heads.h"

namespace lix::nn {
namespace {
using nlohmann::json;

constexpr std::pair<std::string_view, Activation> kActivations[] = {{"gelu_pytorch_tanh", Activation::GeluTanh},
                                                                    {"gelu_new", Activation::GeluTanh},
                                                                    {"gelu", Activation::GeluErf},
                                                                    {"quick_gelu", Activation::QuickGelu}};

constexpr std::pair<std::string_view, ImageHead> kHeads[] = {{"registers", ImageHead::Registers},
                                                             {"average", ImageHead::Average},
                                                             {"learned-average", ImageHead::LearnedAverage},
                                                             {"mixture", ImageHead::Mixture}};

/// Reads fields with transformers' default for what is missing; remembers the first field of a wrong type.
struct Fields {
  const json& object;
  std::string& wrong;

  int integer(const char* key, int otherwise) const {
    const auto found = object.find(key);
    if (found == object.end() || found->is_null()) {
      return otherwise;
    }
    const json& value = found->is_array() && found->size() == 2 && (*found)[0] == (*found)[1] ? (*found)[0] : *found;
    if (!value.is_number_integer() || value.get<double>() > 1e9 || value.get<double>() < -1e9) {
      wrong = key;
      return otherwise;
    }
    return value.get<int>();
  }
  double real(const char* key, double otherwise) const {
    const auto found = object.find(key);
    if (found == object.end() || found->is_null()) {
      return otherwise;
    }
    if (!found->is_number()) {
      wrong = key;
      return otherwise;
    }
    return found->get<double>();
  }
  Activation activation(const char* otherwise) const {
    const auto found = object.find("hidden_act");
    const std::string name = found == object.end() || found->is_null() ? otherwise
                             : found->is_string()                      ? found->get<std::string>()
                                                                       : "?";
    for (const auto& [known, activation] : kActivations) {
      if (known == name) {
        return activation;
      }
    }
    wrong = cat("hidden_act (", name, ")");
    return Activation::GeluTanh;
  }
};

struct Defaults {
  int textWidth, textMlp, textHeads, vocabulary, context, patch;
  const char* activation;
  double epsilon;
};
constexpr Defaults kClip{512, 2048, 8, 49408, 77, 32, "quick_gelu", 1e-5};
constexpr Defaults kSiglip{768, 3072, 12, 32000, 64, 16, "gelu_pytorch_tanh", 1e-6};

json part(const json& whole, const char* key, const char* overriding) {
  json merged = whole.contains(key) && whole[key].is_object() ? whole[key] : json::object();
  if (whole.contains(overriding) && whole[overriding].is_object()) {
    merged.update(whole[overriding]);  // old files: the *_config_dict wins
  }
  return merged;
}

/// The image's head of a "llip": files without "head" are Llips.
void readHead(const json& whole, std::string& wrong, ModelConfig& config) {
  const json mixing = whole.contains("mixture") && whole["mixture"].is_object() ? whole["mixture"] : json::object();
  const Fields mixture{mixing, wrong};
  const auto flag = [&](const char* key) {
    const auto found = mixing.find(key);
    return found != mixing.end() && found->is_boolean() && found->get<bool>();
  };
  const json head = whole.value("head", json("mixture"));
  const auto known = std::ranges::find_if(kHeads, [&](const auto& one) { return head == one.first; });
  if (known == std::end(kHeads)) {
    wrong = cat("head (", head.dump(), ")");
    return;
  }
  config.head = known->second;
  config.classTokens = mixture.integer("num_tokens", 64);
  if (config.head == ImageHead::LearnedAverage || config.head == ImageHead::Mixture) {
    config.mixture = MixtureConfig{mixture.integer("num_heads", 8), mixture.real("tau", 5.0), flag("use_norm"),
                                   flag("patch_tokens")};
  }
}

/// As readHead() reads it. What a plain Llip needs not say is left out, so that its file stays what it was.
void writeHead(const ModelConfig& config, json& whole) {
  if (config.head != ImageHead::Mixture) {
    whole["head"] = std::ranges::find(kHeads, config.head, &std::pair<std::string_view, ImageHead>::second)->first;
  }
  json& mixture = whole["mixture"];
  mixture["num_tokens"] = config.classTokens;
  if (config.mixture) {
    mixture["num_heads"] = config.mixture->heads;
    mixture["tau"] = config.mixture->tau;
    mixture["use_norm"] = config.mixture->norms;
    if (config.mixture->patches) {
      mixture["patch_tokens"] = true;
    }
  }
}

template <class Value>
using Names = std::array<std::pair<std::string_view, Value>, 3>;
using Variant = TowerVariant;
constexpr Names<Variant::ImagePool> kImagePools{{{"own", Variant::ImagePool::Own},
                                                 {"mean", Variant::ImagePool::Mean},
                                                 {"mean-then-norm", Variant::ImagePool::MeanThenNorm}}};
constexpr std::array<std::pair<std::string_view, Variant::TextPool>, 4> kTextPools{{{"own", Variant::TextPool::Own},
                                                                                    {"last", Variant::TextPool::Last},
                                                                                    {"first", Variant::TextPool::First},
                                                                                    {"greatest", Variant::TextPool::Greatest}}};
constexpr Names<Variant::TextMask> kTextMasks{
    {{"own", Variant::TextMask::Own}, {"none", Variant::TextMask::None}, {"causal", Variant::TextMask::Causal}}};
constexpr Names<Variant::Bias> kBiases{
    {{"own", Variant::Bias::Own}, {"with", Variant::Bias::With}, {"without", Variant::Bias::Without}}};

template <class Table, class Value>
void readName(const json& part, const char* key, const Table& table, std::string& wrong, Value& value) {
  const json name = part.value(key, json("own"));
  const auto known = std::ranges::find_if(table, [&](const auto& one) { return name == one.first; });
  if (known == table.end()) {
    wrong = cat(key, " (", name.dump(), ")");
    return;
  }
  value = known->second;
}

template <class Table, class Value>
std::string_view nameIn(const Table& table, Value value) {
  return std::ranges::find(table, value, &Table::value_type::second)->first;
}

/// The variant of "lix-clip" and "lix-siglip", under "lix".
void readVariant(const json& whole, std::string& wrong, TowerVariant& variant) {
  const json about = whole.value("lix", json::object());
  const json part = about.is_object() ? about.value("variant", json::object()) : json::object();
  if (!part.is_object()) {
    wrong = "variant";
    return;
  }
  readName(part, "image_pool", kImagePools, wrong, variant.imagePool);
  readName(part, "text_pool", kTextPools, wrong, variant.textPool);
  readName(part, "text_mask", kTextMasks, wrong, variant.textMask);
  readName(part, "text_bias", kBiases, wrong, variant.textBias);
  variant.preNorm = part.value("pre_norm", json(true)) != json(false);
}

json variantJson(const TowerVariant& variant) {
  return {{"image_pool", nameIn(kImagePools, variant.imagePool)},
          {"text_pool", nameIn(kTextPools, variant.textPool)},
          {"text_mask", nameIn(kTextMasks, variant.textMask)},
          {"text_bias", nameIn(kBiases, variant.textBias)},
          {"pre_norm", variant.preNorm}};
}

/// What of a config.json asks for something that no tower here computes.
Result<void> checkComputable(const json& vision, const std::string& source) {
  if (vision.value("vision_use_head", json(true)) == json(false)) {
    return fail(ErrorCode::Unsupported, cat(source, " has vision_use_head off: its image tower gives no vector that "
                                            "captions could be compared with. Take a checkpoint with the head."));
  }
  if (const json channels = vision.value("num_channels", json(3)); channels != json(3) && !channels.is_null()) {
    return fail(ErrorCode::Unsupported,
                cat(source, " reads pictures of ", channels.dump(), " channels; only RGB pictures can be given."));
  }
  return {};
}

std::unexpected<Error> otherType(const std::string& source, const std::string& type) {
  if (type == "siglip2") {
    return fail(ErrorCode::Unsupported,
                cat(source, " is a NaFlex SigLIP 2 (model_type 'siglip2'), which reads pictures of any shape and cannot be "
                    "computed here. Take the release of a fixed resolution instead (model_type 'siglip', such as "
                    "siglip2-base-patch16-224)."));
  }
  return fail(ErrorCode::Unsupported,
              cat(source, " has model_type '", type, "'; clip, siglip, llip and lix-heads can be read."));
}

}  // namespace

Result<ModelConfig> configFromJson(const std::string& text, const std::string& source) {
  const json whole = json::parse(text, nullptr, false);
  if (!whole.is_object()) {
    return fail(ErrorCode::BadInput,
                cat(source, " is not a JSON object; it may be cut off. Get the checkpoint again."));
  }
  const auto typeField = whole.find("model_type");
  const std::string type = typeField != whole.end() && typeField->is_string() ? typeField->get<std::string>() : "";
  if (type == "lix-heads") {
    return headConfigFromJson(text, source);
  }
  const bool variant = type == "lix-clip" || type == "lix-siglip";
  if (type != "clip" && type != "siglip" && type != "llip" && !variant) {
    return otherType(source, type);
  }
  const bool siglip = type == "siglip" || type == "lix-siglip";
  const Defaults& defaults = siglip ? kSiglip : kClip;
  const json textPart = part(whole, "text_config", "text_config_dict");
  const json visionPart = part(whole, "vision_config", "vision_config_dict");
  LIX_CHECK(checkComputable(visionPart, source));
  std::string wrong;
  const Fields textFields{textPart, wrong};
  const Fields visionFields{visionPart, wrong};
  const Fields top{whole, wrong};

  ModelConfig config;
  config.towers = siglip ? Towers::Siglip : Towers::Clip;
  config.imageSize = visionFields.integer("image_size", 224);
  config.patch = visionFields.integer("patch_size", defaults.patch);
  config.vision = {
      visionFields.integer("hidden_size", 768),        visionFields.integer("num_hidden_layers", 12),
      visionFields.integer("num_attention_heads", 12), visionFields.integer("intermediate_size", 3072),
      visionFields.activation(defaults.activation),    visionFields.real("layer_norm_eps", defaults.epsilon)};
  config.text = {textFields.integer("hidden_size", defaults.textWidth),
                 textFields.integer("num_hidden_layers", 12),
                 textFields.integer("num_attention_heads", defaults.textHeads),
                 textFields.integer("intermediate_size", defaults.textMlp),
                 textFields.activation(defaults.activation),
                 textFields.real("layer_norm_eps", defaults.epsilon)};
  config.vocabulary = textFields.integer("vocab_size", defaults.vocabulary);
  config.contextLength = textFields.integer("max_position_embeddings", defaults.context);
  config.eosId = siglip ? 1 : textFields.integer("eos_token_id", 49407);
  config.padId = textFields.integer("pad_token_id", 1);
  config.classTokens = siglip ? 0 : 1;
  config.embedWidth =
      siglip ? textFields.integer("projection_size", config.text.width) : top.integer("projection_dim", 512);
  if (type == "llip") {
    readHead(whole, wrong, config);
  }
  if (variant) {
    readVariant(whole, wrong, config.variant);
  }
  if (!wrong.empty()) {
    return fail(ErrorCode::BadInput, cat(source, " has a value that cannot be used for ", wrong, "."));
  }
  if (auto valid = config.validate(); !valid) {
    return fail(ErrorCode::BadInput, cat(source, ": ", valid.error().message));
  }
  return config;
}

std::string configToJson(const ModelConfig& config, const std::string& recipe, std::optional<long long> seed) {
  if (config.towers == Towers::Heads) {
    return headConfigToJson(config, recipe, seed);
  }
  const bool siglip = config.towers == Towers::Siglip;
  const auto encoder = [&](const EncoderConfig& part, const char* type) {
    std::string_view activation = "gelu";
    for (const auto& [name, value] : kActivations) {
      if (value == part.activation) {
        activation = name;
        break;
      }
    }
    return json{{"model_type", type},
                {"hidden_size", part.width},
                {"intermediate_size", part.mlpWidth},
                {"num_hidden_layers", part.depth},
                {"num_attention_heads", part.heads},
                {"hidden_act", activation},
                {"layer_norm_eps", part.normEpsilon},
                {"attention_dropout", 0.0}};
  };
  json text = encoder(config.text, siglip ? "siglip_text_model" : "clip_text_model");
  text["vocab_size"] = config.vocabulary;
  text["max_position_embeddings"] = config.contextLength;
  text["eos_token_id"] = config.eosId;
  text["pad_token_id"] = config.padId;
  text["bos_token_id"] = nullptr;
  text[siglip ? "projection_size" : "projection_dim"] = config.embedWidth;
  json vision = encoder(config.vision, siglip ? "siglip_vision_model" : "clip_vision_model");
  vision["image_size"] = config.imageSize;
  vision["patch_size"] = config.patch;
  vision["num_channels"] = 3;
  if (!siglip) {
    vision["projection_dim"] = config.embedWidth;
  }
  const bool vector = config.head == ImageHead::Vector;
  const bool varied = vector && config.variant != TowerVariant();
  json whole{{"model_type", !vector ? "llip" : cat(varied ? "lix-" : "", siglip ? "siglip" : "clip")},
             {"architectures", {!vector ? "LlipModel" : varied ? "LixModel" : siglip ? "SiglipModel" : "CLIPModel"}},
             {"text_config", text},
             {"vision_config", vision},
             {"torch_dtype", "float32"},
             {"lix", {{"recipe", recipe}}}};
  if (!siglip) {
    whole["projection_dim"] = config.embedWidth;
  }
  if (!vector) {
    writeHead(config, whole);
  }
  if (varied) {
    whole["lix"]["variant"] = variantJson(config.variant);
  }
  if (seed) {
    whole["lix"]["seed"] = *seed;
  }
  return whole.dump(2) + "\n";
}

}  // namespace lix::nn
