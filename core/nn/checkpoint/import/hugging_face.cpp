#include "nn/checkpoint/import/convert.h"
#include "nn/checkpoint/import/positions.h"

#include "base/text.h"
#include "nn/checkpoint/tensor_bits.h"

namespace lix::nn::detail {
namespace {

/// Learned scalars that may stand beside the towers, whatever the recipe.
bool isScalar(const std::string& key) {
  return key == "logit_scale" || key == "logit_bias" || key.starts_with("lixp.");
}

Result<void> checkSpec(const SourceWeights& weights, const ParameterSpec& spec) {
  const std::string source = weights.path().string();
  const auto found = weights.tensors().find(spec.name);
  if (found == weights.tensors().end()) {
    return fail(ErrorCode::BadInput, cat(source, " has no weight '", spec.name, "', which its config.json calls for."));
  }
  if (found->second.shape != spec.shape) {
    return fail(ErrorCode::BadInput,
                cat(source, ": the weight '", spec.name, "' has shape ", shapeText(found->second.shape),
                    " where its config.json calls for ", shapeText(spec.shape), "."));
  }
  if (!isFloating(found->second.type)) {
    return fail(ErrorCode::Unsupported, cat(source, ": the weight '", spec.name, "' has the type ",
                                            name(found->second.type), "; F32, F16, BF16 and F64 can be read."));
  }
  return {};
}

Result<Parameters> parametersFrom(const SourceWeights& weights, const ModelConfig& config,
                                  std::vector<std::string>& unused) {
  Parameters parameters;
  std::map<std::string, bool> ours;
  for (const ParameterSpec& spec : parameterSpecs(config)) {
    LIX_CHECK(checkSpec(weights, spec));
    ours.emplace(spec.name, true);
  }
  const std::string source = weights.path().string();
  for (const auto& [name, view] : weights.tensors()) {
    if (!isFloating(view.type)) {
      continue;  // position_ids of old files
    }
    if (!isScalar(name) && !ours.contains(name)) {
      unused.push_back(name);
      continue;
    }
    at::Tensor value = weights.tensor(view, view.shape);
    if (!allFinite(view) || (view.type == DType::F64 && !value.isfinite().all().item<bool>())) {
      return fail(ErrorCode::BadInput, cat(source, ": the weight '", name, "' holds a value that is not finite."));
    }
    if (isScalar(name) && value.numel() != 1) {
      return fail(ErrorCode::BadInput, cat(source, ": '", name, "' should be one number."));
    }
    parameters.emplace(name, std::move(value));
  }
  return parameters;
}

std::string kindName(const ModelConfig& config) {
  if (config.towers == Towers::Heads) {
    return "heads on another model's features";
  }
  return cat(config.head != ImageHead::Vector  ? "Llip"
             : config.towers == Towers::Siglip ? "SigLIP"
                                               : "CLIP",
             " in Hugging Face's layout");
}

}  // namespace

Result<Converted> convertHuggingFace(Source source, const ConvertOptions& options) {
  if (source.config.empty()) {
    return fail(ErrorCode::NotFound, cat(source.weights.path().string(),
                                         " needs the config.json that belongs to it beside "
                                         "it, and there is no config.json; copy it there."));
  }
  Converted converted;
  ModelConfig& config = converted.model.config;
  LIX_TRY(config, configFromJson(source.configText, source.config.string()));
  converted.kind = kindName(config);
  LIX_CHECK(resizePositions(
      source.weights,
      {"vision_model.embeddings.position_embedding.weight", "text_model.embeddings.position_embedding.weight"}, options,
      config));
  std::vector<std::string> unused;
  LIX_TRY(converted.model.parameters, parametersFrom(source.weights, config, unused));
  if (!unused.empty()) {
    converted.notes.push_back(cat(unused.size(), unused.size() == 1 ? " weight has" : " weights have",
                                  " no place in the model and ", unused.size() == 1 ? "was" : "were",
                                  " left out: ", unused[0], unused.size() > 1 ? ", ..." : "", "."));
  }
  return converted;
}

Result<Converted> convert(Source source, const ConvertOptions& options) {
  switch (source.kind) {
    case SourceKind::HuggingFace:
      return convertHuggingFace(std::move(source), options);
    case SourceKind::OpenClip:
      return convertOpenClip(std::move(source), options);
    case SourceKind::Llip:
      return convertLlip(std::move(source), options);
  }
  return convertHuggingFace(std::move(source), options);
}

}  // namespace lix::nn::detail
