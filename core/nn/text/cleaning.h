#pragma once
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace lix::nn::detail {

/// What OpenCLIP does to a caption before its tokenizer sees it, by its own names (`clean` of tokenizer_kwargs). All three
/// begin with ftfy's repairs (fix_text.h), HTML references twice, and white space to single blanks.
enum class Cleaning {
  Whitespace,    ///< no more than that
  Lower,         ///< and lower case
  Canonicalize,  ///< and "_" to blanks, ASCII punctuation away, lower case
};

std::string cleaned(std::string_view caption, Cleaning cleaning);

std::string_view nameOf(Cleaning cleaning);
std::optional<Cleaning> cleaningNamed(std::string_view name);
/// What a tokenizer_config.json says under `clean`, where readTokenizerFiles() puts it; nothing where that is missing.
Result<std::optional<Cleaning>> cleaningIn(const nlohmann::json& config, std::string_view origin);

}  // namespace lix::nn::detail
