#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "nn/checkpoint/import/weights.h"

namespace lix::nn::detail {

/// Whose files they are: Hugging Face's (and ours, which follow it), OpenCLIP's, or the Llip release's.
enum class SourceKind { HuggingFace, OpenClip, Llip };

/// The files of weights that `path` means, a checkpoint's folder or one of its files: one, or the shards that an index
/// names (plain names within its folder, at most 10,000). The order in which a folder's files are looked for is that of
/// transformers where config.json names a model_type, else OpenCLIP's; then the only .safetensors, .pt, .pth or .bin.
Result<std::vector<std::filesystem::path>> findWeights(const std::filesystem::path& path);

/// Weights with what their names tell, and the configuration that lies beside them for it.
struct Source {
  SourceKind kind = SourceKind::HuggingFace;
  SourceWeights weights;
  std::filesystem::path config;  ///< config.json, open_clip_config.json or model_config.json; "" where there is none
  std::string configText;
};

Result<Source> openSource(const std::filesystem::path& path);

}  // namespace lix::nn::detail
