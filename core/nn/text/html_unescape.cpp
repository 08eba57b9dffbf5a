#include "nn/text/html_unescape.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <unordered_map>

#include "base/contracts.h"
#include "base/text.h"
#include "nn/text/unicode.h"
#include "resources/resource.h"

namespace lix::nn::detail {
namespace {

constexpr std::size_t kLongestName = 32, kLongestCareful = 24;
constexpr char32_t kLastCharacter = 0x10FFFF;

/// The names of HTML 5 without "&", most with their semicolon, as the standard lists them.
const std::unordered_map<std::u32string, std::u32string>& entities() {
  static const auto table = [] {
    std::unordered_map<std::u32string, std::u32string> made;
    const auto text = resource("text/html_entities.txt");
    LIX_REQUIRE(text.has_value());
    for (const auto& line : split(*text, '\n')) {
      const auto words = split(line, ' ');
      std::u32string characters;
      for (std::size_t i = 1; i < words.size(); ++i) {
        std::uint32_t code = 0;
        std::from_chars(words[i].data(), words[i].data() + words[i].size(), code, 16);
        characters += static_cast<char32_t>(code);
      }
      if (!characters.empty()) {
        made.emplace(toCharacters(words[0]), std::move(characters));
      }
    }
    return made;
  }();
  return table;
}

bool isDigit(char32_t c, int base) {
  return (c >= '0' && c <= '9') || (base == 16 && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')));
}

/// What a numeric reference stands for; HTML reads 0x80 to 0x9F as Windows-1252 and drops what is no character.
std::u32string characterOf(char32_t code) {
  if (code == 0 || code > kLastCharacter || (code >= 0xD800 && code <= 0xDFFF)) {
    return U"\uFFFD";
  }
  if (code >= 0x80 && code <= 0x9F) {
    return {kWindows1252[code - 0x80]};
  }
  const bool control = (code < 0x20 && code != '\t' && code != '\n' && code != '\f' && code != '\r') || code == 0x7F;
  const bool noCharacter = (code >= 0xFDD0 && code <= 0xFDEF) || (code & 0xFFFE) == 0xFFFE;
  return control || noCharacter ? std::u32string() : std::u32string{code};
}

struct Reference {
  std::u32string text;   ///< what it becomes
  std::size_t size = 0;  ///< characters that it took, "&" included
};

/// "&#" digits or "&#x" digits, with or without the semicolon; `text` begins at "&".
std::optional<Reference> numeric(std::u32string_view text) {
  if (text.size() < 3 || text[1] != '#') {
    return std::nullopt;
  }
  const int base = text[2] == 'x' || text[2] == 'X' ? 16 : 10;
  std::size_t at = base == 16 ? 3 : 2;
  const std::size_t first = at;
  char32_t code = 0;
  for (; at < text.size() && isDigit(text[at], base); ++at) {
    const char32_t digit = text[at] <= '9' ? text[at] - '0' : (text[at] | 0x20) - 'a' + 10;
    code = std::min<char32_t>(code * static_cast<char32_t>(base) + digit, kLastCharacter + 1);
  }
  if (at == first) {
    return std::nullopt;
  }
  return Reference{characterOf(code), at + (at < text.size() && text[at] == ';' ? 1 : 0)};
}

/// The longest name of the list that `text`, which begins at "&", begins with.
std::optional<Reference> named(std::u32string_view text) {
  std::size_t length = 0;
  while (length < kLongestName && length + 1 < text.size() &&
         std::u32string_view(U"\t\n\f <&#;").find(text[length + 1]) == std::u32string_view::npos) {
    ++length;
  }
  if (length > 0 && length + 1 < text.size() && text[length + 1] == ';') {
    ++length;
  }
  for (; length > 1; --length) {
    const auto found = entities().find(std::u32string(text.substr(1, length)));
    if (found != entities().end()) {
      return Reference{found->second, length + 1};
    }
  }
  return std::nullopt;
}

std::optional<Reference> any(std::u32string_view text) {
  const auto number = numeric(text);
  return number ? number : named(text);
}

/// "&" or "&#", at most 24 letters and digits of ASCII, ";".
std::optional<Reference> careful(std::u32string_view text) {
  const std::size_t first = text.size() > 1 && text[1] == '#' ? 2 : 1;
  std::size_t at = first;
  const auto isWord = [](char32_t c) { return isDigit(c, 10) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'); };
  while (at < text.size() && isWord(text[at])) {
    ++at;
  }
  if (at == first || at - first > kLongestCareful || at == text.size() || text[at] != ';') {
    return std::nullopt;
  }
  const std::u32string_view whole = text.substr(0, at + 1);
  if (first == 2) {
    auto number = numeric(whole);
    const bool all = number && number->size == whole.size() && number->text != U";";
    return all ? number : std::nullopt;
  }
  const std::u32string name(whole.substr(1));
  if (const auto found = entities().find(name); found != entities().end()) {
    return Reference{found->second, whole.size()};
  }
  const auto lower = entities().find(lowerCase(name));
  if (name != upperCase(name) || lower == entities().end() || named(whole)) {
    return std::nullopt;
  }
  return Reference{upperCase(lower->second), whole.size()};
}

template <class Find>
std::u32string replaced(std::u32string_view text, Find&& find) {
  std::u32string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto reference = text[i] == '&' ? find(text.substr(i)) : std::optional<Reference>();
    out += reference ? reference->text : std::u32string{text[i]};
    i += reference ? reference->size : 1;
  }
  return out;
}

}  // namespace

std::u32string htmlUnescape(std::u32string_view text) { return replaced(text, any); }
std::u32string htmlUnescapeCarefully(std::u32string_view text) { return replaced(text, careful); }

}  // namespace lix::nn::detail
