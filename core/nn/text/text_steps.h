#pragma once
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace lix::nn::detail {

/// One step of a tokenizer.json's `normalizer`: UTF-8 in, UTF-8 out.
using TextStep = std::function<std::string(std::string_view)>;

/// Where a text begins: at the caption's first character, or behind a token that the caption spells out.
enum class Place { Front, Later };

/// One step of its `pre_tokenizer`: cuts a text, which begins at `place`, into words.
using SplitStep = std::function<std::vector<std::string>(std::string_view text, Place place)>;

/// The steps of the `normalizer`, null included. What is not computed here is refused by name: known are Sequence,
/// Precompiled, Replace (texts and the patterns of real files), Lowercase, NFC, NFD, NFKC, NFKD, Strip and Prepend.
Result<std::vector<TextStep>> readNormalizer(const nlohmann::json& value, std::string_view origin);

/// The steps of the `pre_tokenizer`: Sequence, Metaspace, Split and WhitespaceSplit.
Result<std::vector<SplitStep>> readPreTokenizer(const nlohmann::json& value, std::string_view origin);

/// Patterns (`Regex`) that export writes into a Replace and readNormalizer() knows.
inline constexpr const char* kSpacesPattern = "\\s+";
inline constexpr const char* kPunctuationPattern = "[!-/:-@\\[-`{-~]";

}  // namespace lix::nn::detail
