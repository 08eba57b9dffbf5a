#pragma once
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "nn/checkpoint/tokenizer_files.h"
#include "nn/text/cleaning.h"
#include "nn/text/tokenizer.h"
#include "nn/text/tokenizer_json.h"

namespace lix::nn::detail {

/// What tokenizer_config.json and the checkpoint's kind add to a tokenizer.json.
struct JsonSettings {
  int padId = 0;
  bool lowers = false;             ///< SigLIP 2 was trained on captions in lower case
  std::optional<Cleaning> clean;  ///< OpenCLIP's, of its checkpoints
};

/// The settings for `json` from tokenizer_config.json among `files`: pad_token, padding_side, do_lower_case and `clean`.
Result<JsonSettings> jsonSettings(const TokenizerJson& json, const TokenizerFiles& files, std::string_view origin);

/// `files` are kept as they are: tokenizer.json and, where there is one, tokenizer_config.json.
std::shared_ptr<const Tokenizer> makeJsonTokenizer(TokenizerJson json, const JsonSettings& settings,
                                                   TokenizerFiles files);

}  // namespace lix::nn::detail
