#include <nlohmann/json.hpp>

#include "base/text.h"
#include "nn/checkpoint/export/layouts.h"
#include "nn/checkpoint/import/llip.h"
#include "nn/checkpoint/import/open_clip_names.h"
#include "nn/checkpoint/import/shapes.h"
#include "nn/checkpoint/import/timm.h"

namespace lix::nn::detail {
namespace {
using nlohmann::ordered_json;

constexpr double kEpsilon = 1e-5;

/// What the other side truncates width x ratio to must be the width of the MLP.
double ratioOf(const EncoderConfig& tower) {
  const double ratio = double(tower.mlpWidth) / tower.width;
  return mlpWidth(tower.width, ratio) == tower.mlpWidth ? ratio : (tower.mlpWidth + 0.5) / tower.width;
}

void addArithmetic(const EncoderConfig& tower, ordered_json& part) {
  part["mlp_ratio"] = ratioOf(tower);
  if (tower.activation == Activation::GeluTanh) {
    part["act_kwargs"] = {{"approximate", "tanh"}};
  }
  if (tower.normEpsilon != kEpsilon) {
    part["norm_kwargs"] = {{"eps", tower.normEpsilon}};
  }
}

ordered_json plainVision(const ModelConfig& config) {
  ordered_json part{{"image_size", config.imageSize},
                    {"layers", config.vision.depth},
                    {"width", config.vision.width},
                    {"head_width", config.vision.width / config.vision.heads},
                    {"patch_size", config.patch}};
  addArithmetic(config.vision, part);
  if (!config.variant.preNorm) {
    part["no_ln_pre"] = true;
  }
  if (config.variant.imagePool != TowerVariant::ImagePool::Own) {
    part["pool_type"] = "avg";
    part["final_ln_after_pool"] = config.variant.imagePool == TowerVariant::ImagePool::MeanThenNorm;
  }
  return part;
}

ordered_json textPart(const ModelConfig& config) {
  ordered_json part{{"context_length", config.contextLength},
                    {"vocab_size", config.vocabulary},
                    {"width", config.text.width},
                    {"heads", config.text.heads},
                    {"layers", config.text.depth}};
  addArithmetic(config.text, part);
  if (!config.causalText()) {
    part["no_causal_mask"] = true;
  }
  if (config.textProjectionHasBias()) {
    part["proj_bias"] = true;
  }
  return part;
}

/// Where the caption's row is taken from.
void addPool(const ModelConfig& config, ordered_json& part) {
  using Pool = TowerVariant::TextPool;
  const bool last = config.variant.textPool == Pool::Last ||
                    (config.variant.textPool == Pool::Own && config.towers == Towers::Siglip);
  if (last || config.variant.textPool == Pool::First) {
    part["pool_type"] = last ? "last" : "first";
  } else if (config.variant.textPool == Pool::Own && config.eosId != 2 && config.eosId != config.vocabulary - 1) {
    part["pool_type"] = "eos";
    part["eos_id"] = config.eosId;
  }
}

void addTokenizer(const ModelConfig& config, const TokenizerUse& tokenizer, ordered_json& part) {
  part["pad_id"] = config.padId;
  if (tokenizer.kind == TokenizerKind::Other) {
    part["hf_tokenizer_name"] = "local";  // from a folder, OpenCLIP takes the files beside the configuration
  }
  if (!tokenizer.clean.empty()) {
    part["tokenizer_kwargs"] = {{"clean", tokenizer.clean}};
  }
}

constexpr int kOpenClipVocabulary = 49408;

Result<ordered_json> preprocessPart(const Preprocess& preprocess, std::vector<std::string>& notes) {
  const bool bilinear = preprocess.filter == Preprocess::Filter::Bilinear;
  if ((!bilinear && preprocess.filter != Preprocess::Filter::Bicubic) || preprocess.resizedTo != 0 ||
      preprocess.rescale != 1.0 / 255.0) {
    return fail(ErrorCode::Unsupported, cat("OpenCLIP cannot prepare pictures as this model needs it (", preprocess.key(),
                                            "); export it with --format hf."));
  }
  if (preprocess.kernel == Preprocess::Kernel::Torchvision) {
    notes.push_back("OpenCLIP resizes with Pillow, this model with torchvision's kernel: vectors differ by up to about 2e-3.");
  }
  ordered_json part{{"mean", preprocess.mean},
                    {"std", preprocess.deviation},
                    {"interpolation", bilinear ? "bilinear" : "bicubic"},
                    {"resize_mode", "squash"}};
  if (preprocess.fit == Preprocess::Fit::ShortestEdgeCrop) {
    part["resize_mode"] = "shortest";
    if (preprocess.centre == Preprocess::Centre::Truncate) {
      notes.push_back("OpenCLIP rounds the beginning of a centre crop to even, this model's rounds down: of pictures whose "
                      "longer side is left over by 3, 7, 11 ... pixels it cuts out a part that lies one pixel further.");
    }
  } else if (preprocess.fit == Preprocess::Fit::LongestEdgePad) {
    part["resize_mode"] = "longest";
    part["fill_color"] = preprocess.fill;
  }
  return part;
}

Result<std::string> timmFor(const ModelConfig& config, std::vector<std::string>& notes) {
  const std::string exact = timmName(config, true), name = exact.empty() ? timmName(config, false) : exact;
  if (name.empty()) {
    return fail(ErrorCode::Unsupported,
                cat("OpenCLIP makes SigLIP's image tower by a name of timm's, and there is none for a tower ",
                    config.vision.width, " wide with ", config.vision.depth, " blocks, patches of ", config.patch,
                    " and pictures of ", config.imageSize, " pixels; export it with --format hf."));
  }
  if (exact.empty()) {
    notes.push_back(cat("timm computes ", name,
                        " with another GELU than this model was trained with: in OpenCLIP its vectors "
                        "differ by up to about 1e-4. Read back here, they do not."));
  }
  return name;
}

std::vector<ParameterSpec> specsOf(const Checkpoint& checkpoint, std::vector<std::string>& notes) {
  std::vector<ParameterSpec> specs = parameterSpecs(checkpoint.model.config);
  for (const auto& [name, value] : checkpoint.model.parameters) {
    if (name == "logit_scale" || name == "logit_bias") {
      specs.push_back({name, {}, {}});
    } else if (name.starts_with("lixp.")) {
      notes.push_back(
          cat("'", name, "' is of the training alone and was left out; embeddings and logits are the same."));
    }
  }
  return specs;
}

void addWeights(const Checkpoint& checkpoint, const OpenClipLayout& names, Layout& layout) {
  layout.weights = giveParameters(checkpoint.model.parameters, openClipNames(specsOf(checkpoint, layout.notes), names));
  for (const char* scalar : {"logit_scale", "logit_bias"}) {
    if (const auto found = layout.weights.find(scalar); found != layout.weights.end()) {
      found->second = found->second.reshape({});
    }
  }
  if (const auto table = layout.weights.find("visual.trunk.pos_embed"); table != layout.weights.end()) {
    table->second = table->second.unsqueeze(0);  // timm keeps it as a batch of one
  }
}

void addBias(const Checkpoint& checkpoint, ordered_json& model) {
  if (const auto bias = checkpoint.model.parameters.find("logit_bias"); bias != checkpoint.model.parameters.end()) {
    model["init_logit_bias"] = bias->second.reshape({}).item<double>();
  }
}

}  // namespace

Result<Layout> openClipLayout(const Checkpoint& checkpoint, const Preprocess& preprocess, const TokenizerUse& tokenizer,
                              const std::string& timm) {
  const ModelConfig& config = checkpoint.model.config;
  if (config.head != ImageHead::Vector) {
    return fail(ErrorCode::Unsupported,
                "OpenCLIP has no image tokens that captions mix or average; export a Llip with --format "
                "llip, and use other rungs of its ladder where they are.");
  }
  Layout layout{.configName = "open_clip_config.json", .weightsName = "open_clip_model.safetensors"};
  const bool siglip = config.towers == Towers::Siglip;
  ordered_json model{{"embed_dim", config.embedWidth}}, file;
  addBias(checkpoint, model);
  ordered_json text = textPart(config);
  addPool(config, text);
  addTokenizer(config, tokenizer, text);
  if (tokenizer.kind == TokenizerKind::OpenClipMerges && config.vocabulary != kOpenClipVocabulary) {
    layout.notes.push_back(cat("OpenCLIP reads captions with its own ", kOpenClipVocabulary, " tokens, this model with ",
                               config.vocabulary, " of its file: there, its captions are wrong. Read back here, they are right."));
  }
  if (siglip) {
    std::string name = timm;
    if (name.empty()) {
      LIX_TRY(name, timmFor(config, layout.notes));
    }
    model["custom_text"] = true;
    model["vision_cfg"] = {{"image_size", config.imageSize},
                           {"timm_model_name", name},
                           {"timm_model_pretrained", false},
                           {"timm_pool", config.variant.imagePool == TowerVariant::ImagePool::Own ? "map" : "avg"},
                           {"timm_proj", "none"}};
    const auto known = timmTower(name);
    if (config.vision.activation != (known ? known->activation : Activation::GeluErf)) {
      file["lix"] = {
          {"vision_activation", config.vision.activation == Activation::GeluTanh ? "gelu_pytorch_tanh" : "gelu"}};
    }
  } else {
    model["quick_gelu"] = config.vision.activation == Activation::QuickGelu;
    model["vision_cfg"] = plainVision(config);
  }
  model["text_cfg"] = text;
  file["model_cfg"] = model;
  LIX_TRY(file["preprocess_cfg"], preprocessPart(preprocess, layout.notes));
  layout.config = file.dump(2) + "\n";
  addWeights(checkpoint,
             {.text = siglip ? "text." : "", .linearProjection = config.textProjectionHasBias(), .timm = siglip},
             layout);
  return layout;
}

Result<Layout> llipLayout(const Checkpoint& checkpoint) {
  const ModelConfig& config = checkpoint.model.config;
  if (!config.mixesByCaption() || config.towers != Towers::Clip) {
    return fail(ErrorCode::Unsupported,
                "Only a Llip has the layout of the Llip release; export other models with --format hf or "
                "--format open_clip.");
  }
  Layout layout{.configName = "model_config.json", .weightsName = "model.safetensors"};
  ordered_json model{{"embed_dim", config.embedWidth}, {"num_heads", config.mixture->heads}};
  addBias(checkpoint, model);
  model["quick_gelu"] = config.vision.activation == Activation::QuickGelu;
  if (config.mixture->norms) {
    model["use_norm"] = true;
  }
  model["vision_cfg"] = plainVision(config);
  model["vision_cfg"]["ncls"] = config.classTokens;
  model["text_cfg"] = textPart(config);
  layout.config = model.dump(2) + "\n";
  layout.metadata[kTauKey] = cat(config.mixture->tau);
  layout.notes.push_back(
      cat("The release's configuration has no place for the temperature: its program needs weight_scale ",
          config.mixture->tau, ". Read back here, it is known."));
  if (config.eosId != config.vocabulary - 1) {
    layout.metadata[kEosKey] = cat(config.eosId);
    layout.notes.push_back(
        cat("This model's captions end with the id ", config.eosId,
            "; the released program looks for the "
            "greatest id instead, so there its captions are wrong. Read back here, they are right."));
  }
  addWeights(checkpoint, {}, layout);
  return layout;
}

}  // namespace lix::nn::detail
