#include "nn/text/cleaning.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.h"
#include "nn/text/fix_text.h"
#include "nn/text/html_unescape.h"
#include "nn/text/unicode.h"

namespace lix::nn::detail {
namespace {

constexpr auto kNames = std::to_array<std::pair<Cleaning, std::string_view>>(
    {{Cleaning::Whitespace, "whitespace"}, {Cleaning::Lower, "lower"}, {Cleaning::Canonicalize, "canonicalize"}});

/// Python's " ".join(text.split()).
std::u32string collapsed(std::u32string_view text) {
  std::u32string out;
  bool blank = false;
  for (const char32_t c : text) {
    if (isPythonSpace(c)) {
      blank = true;
      continue;
    }
    if (blank && !out.empty()) {
      out += U' ';
    }
    blank = false;
    out += c;
  }
  return out;
}

}  // namespace

std::string cleaned(std::string_view caption, Cleaning cleaning) {
  std::u32string text = htmlUnescape(htmlUnescape(fixText(toCharacters(caption))));
  if (cleaning == Cleaning::Canonicalize) {
    std::ranges::replace(text, U'_', U' ');
    std::erase_if(text, isAsciiPunctuation);
    text = lowerCase(text);
  }
  text = collapsed(text);
  return toUtf8(cleaning == Cleaning::Lower ? lowerCase(text) : text);
}

std::string_view nameOf(Cleaning cleaning) {
  return std::ranges::find(kNames, cleaning, &std::pair<Cleaning, std::string_view>::first)->second;
}

std::optional<Cleaning> cleaningNamed(std::string_view name) {
  const auto found = std::ranges::find(kNames, name, &std::pair<Cleaning, std::string_view>::second);
  return found == kNames.end() ? std::nullopt : std::optional(found->first);
}
Result<std::optional<Cleaning>> cleaningIn(const nlohmann::json& config, std::string_view origin) {
  const auto found = config.find("clean");
  if (found == config.end() || found->is_null()) {
    return std::optional<Cleaning>();
  }
  const auto cleaning = found->is_string() ? cleaningNamed(found->get_ref<const std::string&>()) : std::nullopt;
  if (!cleaning) {
    return fail(ErrorCode::Unsupported, cat(origin, " asks for a cleaning of captions (clean) that is not known: ",
                                            found->dump().substr(0, 80),
                                            ". Known are \"lower\", \"whitespace\" and \"canonicalize\"."));
  }
  return cleaning;
}

}  // namespace lix::nn::detail
