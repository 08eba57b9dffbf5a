#pragma once
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "nn/checkpoint/tokenizer_files.h"
#include "nn/text/canonical.h"
#include "nn/text/cleaning.h"
#include "nn/text/tokenizer.h"

namespace lix::nn::detail {

/// What tokenizer_config.json says about a SentencePiece model.
struct SentencePieceSettings {
  Case letters = Case::Lower;
  std::string padToken = "</s>";
  std::string eosToken = "</s>";
  std::optional<Cleaning> clean;  ///< OpenCLIP's, of its checkpoints
};

/// A tokenizer from the bytes of spiece.model; `origin` is only named in errors.
Result<std::shared_ptr<const Tokenizer>> makeSentencePiece(std::string model, const SentencePieceSettings& settings,
                                                           std::string_view origin);
/// The same from spiece.model among `files`, and tokenizer_config.json where there is one; `folder` is only named.
Result<std::shared_ptr<const Tokenizer>> sentencePieceFrom(const TokenizerFiles& files, std::string_view folder);

}  // namespace lix::nn::detail
