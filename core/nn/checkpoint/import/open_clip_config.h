#pragma once
#include <string>
#include <vector>

#include "nn/checkpoint/import/open_clip_names.h"
#include "nn/checkpoint/import/weights.h"
#include "nn/config.h"

namespace lix::nn::detail {

/// What open_clip_config.json (or its "model_cfg" alone, as OpenCLIP's built-in files have it) says of a model, with
/// OpenCLIP's defaults. Of a timm image tower the configuration holds a name only: its sizes come from the weights, its
/// activation from the name. Blocks that are not computed here are refused by name.
struct OpenClipModel {
  ModelConfig config;
  OpenClipLayout layout;
  std::vector<std::string> notes;
};

Result<OpenClipModel> readOpenClipConfig(const std::string& text, const std::string& source,
                                         const SourceWeights& weights);

struct Source;
struct ConvertOptions;
/// The same of a source, by its configuration or, where that is not needed, by the shapes of its weights.
Result<OpenClipModel> openClipModel(const Source& source, const ConvertOptions& options);
/// What it calls for: the towers' parameters and the scalars beside them.
std::vector<ParameterSpec> openClipSpecs(const ModelConfig& config, const SourceWeights& weights);

}  // namespace lix::nn::detail
