#include "data/glyphs/emoji_list.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"

namespace lix::data {
namespace {

constexpr char32_t kJoiner = 0x200D;
constexpr char32_t kEmojiSelector = 0xFE0F;
constexpr char32_t kMan = 0x1F468;
constexpr char32_t kWoman = 0x1F469;
constexpr char32_t kPerson = 0x1F9D1;
constexpr char32_t kHoldingHands = 0x1F46B;

bool isSkinTone(char32_t c) { return c >= 0x1F3FB && c <= 0x1F3FF; }
bool isRegionLetter(char32_t c) { return c >= 0x1F1E6 && c <= 0x1F1FF; }
bool isTag(char32_t c) { return c >= 0xE0020 && c <= 0xE007F; }
bool isChild(char32_t c) { return c == 0x1F466 || c == 0x1F467 || c == 0x1F9D2; }
bool has(const CodePoints& codePoints, char32_t c) { return std::ranges::find(codePoints, c) != codePoints.end(); }

void appendUtf8(std::string& out, char32_t c) {
  const auto tail = [&](int shift) { out += char(0x80 | ((c >> shift) & 0x3F)); };
  if (c < 0x80) {
    out += char(c);
  } else if (c < 0x800) {
    out += char(0xC0 | (c >> 6));
    tail(0);
  } else if (c < 0x10000) {
    out += char(0xE0 | (c >> 12));
    tail(6);
    tail(0);
  } else {
    out += char(0xF0 | (c >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

std::string hexadecimal(char32_t c) {
  std::array<char, 9> digits{};
  std::snprintf(digits.data(), digits.size(), "%04X", unsigned(c));
  return digits.data();
}

Result<CodePoints> parseCodePoints(std::string_view text) {
  CodePoints codePoints;
  for (const std::string& word : split(trim(text), ' ')) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value, 16);
    if (error != std::errc() || end != word.data() + word.size() || value == 0 || value > 0x10FFFF) {
      return fail(ErrorCode::BadInput, cat("'", word, "' is not a code point"));
    }
    codePoints.push_back(value);
  }
  return codePoints;
}

/// "🦊 E3.0 fox" -> "fox".
std::string nameOf(std::string_view comment) {
  comment = trim(comment);
  for (int word = 0; word < 2; ++word) {
    const std::size_t space = comment.find(' ');
    comment = space == std::string_view::npos ? std::string_view() : trim(comment.substr(space));
  }
  return std::string(comment);
}

}  // namespace

Result<std::vector<Emoji>> parseEmojiList(std::string_view text, const std::filesystem::path& path) {
  constexpr std::string_view kGroup = "# group:";
  constexpr std::string_view kSubgroup = "# subgroup:";
  std::vector<Emoji> list;
  std::string group;
  std::string subgroup;
  std::size_t number = 0;
  for (const std::string& line : split(text, '\n')) {
    ++number;
    if (line.starts_with(kGroup)) {
      group = trim(std::string_view(line).substr(kGroup.size()));
    } else if (line.starts_with(kSubgroup)) {
      subgroup = trim(std::string_view(line).substr(kSubgroup.size()));
      std::ranges::replace(subgroup, '-', ' ');
    }
    const std::size_t semicolon = line.find(';');
    const std::size_t hash = line.find('#', semicolon == std::string::npos ? 0 : semicolon);
    if (line.starts_with('#') || semicolon == std::string::npos || hash == std::string::npos ||
        trim(std::string_view(line).substr(semicolon + 1, hash - semicolon - 1)) != "fully-qualified") {
      continue;
    }
    auto codePoints = parseCodePoints(std::string_view(line).substr(0, semicolon));
    const std::string name = nameOf(std::string_view(line).substr(hash + 1));
    if (!codePoints || name.empty() || !isUtf8(name)) {
      return fail(ErrorCode::BadInput, cat("Line ", number, " of the emoji list ", path.string(),
                                           " cannot be read; install the Debian package unicode-data again."));
    }
    list.push_back({std::move(*codePoints), name, group, subgroup});
  }
  if (list.empty()) {
    return fail(ErrorCode::BadInput, cat("The emoji list ", path.string(),
                                         " names no emoji; install the Debian package "
                                         "unicode-data again."));
  }
  return list;
}

std::string emojiKey(const CodePoints& codePoints) {
  std::vector<std::string> words;
  std::ranges::transform(codePoints, std::back_inserter(words), hexadecimal);
  return join(words, "-");
}

std::string emojiBaseKey(const CodePoints& codePoints) {
  const char32_t first = codePoints.front();
  if (isRegionLetter(first) || std::ranges::any_of(codePoints, isTag)) {
    return emojiKey(codePoints);
  }
  if (first == 0x1F46C || first == 0x1F46D || has(codePoints, 0x1F91D)) {
    return hexadecimal(first == 0x1F91D ? first : kHoldingHands);
  }
  if (first != kMan && first != kWoman && first != kPerson) {
    return hexadecimal(first);
  }
  if (has(codePoints, 0x1F48B)) {
    return hexadecimal(0x1F48F);  // kiss
  }
  if (has(codePoints, 0x2764)) {
    return hexadecimal(0x1F491);  // couple with heart
  }
  return hexadecimal(std::ranges::any_of(codePoints, isChild) ? char32_t(0x1F46A) : kPerson);
}

bool isVariant(const CodePoints& codePoints) {
  if (std::ranges::any_of(codePoints, isSkinTone)) {
    return true;
  }
  const auto joiner = std::ranges::find(codePoints, kJoiner);
  if (joiner == codePoints.end()) {
    return false;
  }
  const char32_t first = codePoints.front();
  const bool gendered = first == kMan || first == kWoman;
  const bool signedOrTurned = std::find_if(joiner, codePoints.end(), [](char32_t c) {
                                return c == 0x2640 || c == 0x2642 || c == 0x27A1;  // female, male, facing right
                              }) != codePoints.end();
  return gendered || signedOrTurned;
}

std::string emojiText(const CodePoints& codePoints) {
  std::string text;
  for (const char32_t c : codePoints) {
    if (c != kEmojiSelector) {
      appendUtf8(text, c);
    }
  }
  return text;
}

}  // namespace lix::data
