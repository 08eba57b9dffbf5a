#pragma once
#include <filesystem>
#include <memory>
#include <string>

#include "base/result.h"
#include "nn/text/canonical.h"
#include "nn/text/tokenizer.h"

namespace lix::nn::detail {

/// What tokenizer_config.json says about a SentencePiece model.
struct SentencePieceSettings {
  Case letters = Case::Lower;
  std::string padToken = "</s>";
  std::string eosToken = "</s>";
};

/// A tokenizer from the bytes of spiece.model; `origin` is only named in errors.
Result<std::shared_ptr<const Tokenizer>> makeSentencePiece(std::string model, const SentencePieceSettings& settings,
                                                           std::string_view origin);
/// The same from a checkpoint folder: spiece.model, and tokenizer_config.json where there is one.
Result<std::shared_ptr<const Tokenizer>> loadSentencePiece(const std::filesystem::path& folder);

}  // namespace lix::nn::detail
