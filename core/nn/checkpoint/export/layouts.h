#pragma once
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "nn/checkpoint/checkpoint.h"
#include "nn/checkpoint/preprocess.h"
#include "nn/ops/tensor.h"

namespace lix::nn::detail {

/// A model as one program's files say it.
struct Layout {
  std::string configName, config;  ///< the configuration's file and text
  std::string weightsName;
  std::map<std::string, at::Tensor> weights;
  std::map<std::string, std::string> metadata;  ///< texts beside the weights
  std::vector<std::string> notes;
};

/// How captions come to the text tower, as far as OpenCLIP's configuration says it.
enum class TokenizerKind { OpenClipMerges, Other };
struct TokenizerUse {
  TokenizerKind kind = TokenizerKind::Other;
  std::string clean;  ///< OpenCLIP's name for the cleaning of captions, "" for what it does where nothing is said
};

Result<Layout> huggingFaceLayout(const Checkpoint& checkpoint);
/// `timm` names the image tower of a SigLIP; "" looks it up and refuses sizes that timm has no name for.
Result<Layout> openClipLayout(const Checkpoint& checkpoint, const Preprocess& preprocess, const TokenizerUse& tokenizer,
                              const std::string& timm = "");
Result<Layout> llipLayout(const Checkpoint& checkpoint);

}  // namespace lix::nn::detail
