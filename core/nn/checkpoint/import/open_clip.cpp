#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "nn/checkpoint/import/convert.h"
#include "nn/checkpoint/import/open_clip_config.h"
#include "nn/checkpoint/import/positions.h"
#include "nn/checkpoint/import/shapes.h"

namespace lix::nn::detail {
namespace {
using nlohmann::json;

std::unexpected<Error> needsConfig(const Source& source) {
  return fail(
      ErrorCode::NotFound,
      cat(source.weights.path().string(),
          " holds an OpenCLIP model without its open_clip_config.json, so its "
          "activation is not known. Put the file beside it, or say --activation quick_gelu (OpenAI's weights and "
          "names with -quickgelu) or --activation gelu (the others)."));
}

/// Weights without a configuration: the shapes tell the sizes, OpenAI's own file is known by what lies beside its
/// weights.
Result<OpenClipModel> fromShapes(const Source& source, const ConvertOptions& options) {
  const bool openAi = source.weights.has("input_resolution");
  if (source.weights.has("visual.layer1.0.conv1.weight")) {
    return fail(ErrorCode::Unsupported, cat(source.weights.path().string(),
                                            " has a ResNet as image tower, which is not "
                                            "computed here; take a model with a ViT."));
  }
  if ((!openAi && !options.activation) || !source.weights.has("visual.class_embedding")) {
    return needsConfig(source);
  }
  OpenClipModel model;
  model.layout.text = source.weights.has("text.token_embedding.weight") ? "text." : "";
  LIX_TRY(model.config, clipFromShapes(source.weights, model.layout.text));
  ModelConfig& config = model.config;
  config.eosId = config.vocabulary - 1;
  config.padId = 0;
  config.vision.activation = config.text.activation = options.activation.value_or(Activation::QuickGelu);
  model.notes.push_back(
      cat("There is no open_clip_config.json beside the weights: dimensions were taken from their shapes, "
          "with ",
          config.vision.heads, " heads of the vision tower and ", config.text.heads, " of the text tower, as published",
          options.activation ? "." : ", and QuickGELU, as OpenAI's weights need."));
  return model;
}

Result<Preprocess> preprocessFrom(const json& file, const std::string& source, int imageSize) {
  const json about = file.is_object() ? file.value("preprocess_cfg", json::object()) : json::object();
  Preprocess preprocess = clipPreprocess(imageSize);
  preprocess.centre = Preprocess::Centre::HalfEven;
  const auto statistics = [&](const char* key, std::array<float, 3>& target) {  // one number stands for all three
    if (const json given = about.value(key, json()); given.is_number()) {
      target.fill(given.get<float>());
    } else if (!given.is_null()) {
      target = given.get<std::array<float, 3>>();
    }
  };
  statistics("mean", preprocess.mean);
  statistics("std", preprocess.deviation);
  const auto word = [&](const char* key, const char* otherwise) -> std::string {
    const json given = about.value(key, json());
    return given.is_null() ? otherwise : given.get<std::string>();
  };
  const std::string filter = word("interpolation", "bicubic"), mode = word("resize_mode", "shortest");
  if (filter != "bicubic" && filter != "bilinear" && filter != "random") {
    return fail(ErrorCode::Unsupported,
                cat(source, " asks for the interpolation '", filter, "'; bicubic and bilinear can be done."));
  }
  preprocess.filter = filter == "bilinear" ? Preprocess::Filter::Bilinear : Preprocess::Filter::Bicubic;
  if (mode != "shortest" && mode != "squash" && mode != "longest") {
    return fail(ErrorCode::Unsupported,
                cat(source, " asks for the resize_mode '", mode, "'; shortest, squash and longest can be done."));
  }
  preprocess.fit = mode == "squash"    ? Preprocess::Fit::Squash
                   : mode == "longest" ? Preprocess::Fit::LongestEdgePad
                                       : Preprocess::Fit::ShortestEdgeCrop;
  if (mode == "longest") {
    preprocess.fill = about.value("fill_color", 0);
  }
  if (mode != "shortest") {
    preprocess.centre = Preprocess::Centre::Truncate;  // nothing is cropped
  }
  LIX_CHECK(checkPreprocess(preprocess, source));
  return preprocess;
}

}  // namespace

Result<Preprocess> openClipPreprocess(const std::string& config, const std::string& source, int imageSize) {
  const json file = json::parse(config, nullptr, false);
  try {
    int size = imageSize;
    if (size == 0) {
      const json& model = file.contains("model_cfg") ? file["model_cfg"] : file;
      const json given = model.at("vision_cfg").value("image_size", json(224));
      const json& side = given.is_array() && !given.empty() ? given[0] : given;
      size = side.is_number_integer() && side >= 1 && side <= 8192 ? side.get<int>() : 0;
    }
    if (size == 0) {
      return fail(ErrorCode::BadInput, cat(source, " has no image_size that can be used."));
    }
    return preprocessFrom(file, source, size);
  } catch (const json::exception& problem) {
    return fail(ErrorCode::BadInput, cat(source, " has a value that cannot be used: ", problem.what(), "."));
  }
}

std::vector<ParameterSpec> openClipSpecs(const ModelConfig& config, const SourceWeights& weights) {
  std::vector<ParameterSpec> specs = parameterSpecs(config);
  specs.push_back({"logit_scale", {}, {}});
  if (weights.has("logit_bias")) {
    specs.push_back({"logit_bias", {}, {}});
  }
  return specs;
}

Result<OpenClipModel> openClipModel(const Source& source, const ConvertOptions& options) {
  return source.config.empty() ? fromShapes(source, options)
                               : readOpenClipConfig(source.configText, source.config.string(), source.weights);
}

Result<Converted> convertOpenClip(Source source, const ConvertOptions& options) {
  const std::string origin = source.config.empty() ? source.weights.path().string() : source.config.string();
  LIX_TRY(OpenClipModel model, openClipModel(source, options));
  ModelConfig& config = model.config;
  LIX_CHECK(resizePositions(source.weights,
                            {model.layout.timm ? "visual.trunk.pos_embed" : "visual.positional_embedding",
                             model.layout.text + "positional_embedding"},
                            options, config));
  if (auto valid = config.validate(); !valid) {
    return fail(ErrorCode::BadInput, cat(origin, ": ", valid.error().message));
  }
  Converted converted{.kind = cat(config.towers == Towers::Siglip ? "SigLIP" : "CLIP", " in OpenCLIP's layout"),
                      .notes = std::move(model.notes)};
  const auto specs = openClipSpecs(config, source.weights);
  LIX_TRY(converted.model.parameters, takeParameters(source.weights, specs, openClipNames(specs, model.layout),
                                                     source.config.empty() ? "a CLIP of its size" : origin));
  LIX_TRY(converted.preprocess,
          openClipPreprocess(source.config.empty() ? "{}" : source.configText, origin, config.imageSize));
  converted.model.config = config;
  return converted;
}

}  // namespace lix::nn::detail
