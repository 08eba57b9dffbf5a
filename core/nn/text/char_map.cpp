#include "nn/text/char_map.h"

#include <unicode/brkiter.h>
#include <unicode/locid.h>
#include <unicode/utext.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <optional>

#include "base/contracts.h"
#include "base/text.h"
#include "nn/text/spiece_check.h"

namespace lix::nn::detail {
namespace {

constexpr std::size_t kLongestWhole = 6;  // graphemes of fewer bytes are looked up whole

std::optional<std::string> fromBase64Text(std::string_view text) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (text.size() % 4 != 0) {
    return std::nullopt;
  }
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  text.remove_suffix(padding);
  std::string out;
  out.reserve(text.size() * 3 / 4);
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    const auto digit = kDigits.find(c);
    if (digit == std::string_view::npos) {
      return std::nullopt;
    }
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    held += 6;
    if (held >= 8) {
      held -= 8;
      out += static_cast<char>(static_cast<unsigned char>(bits >> held));
    }
  }
  return out;
}

/// Calls visit(grapheme) for each of a text.
template <class Visit>
void forEachGrapheme(std::string_view text, Visit&& visit) {
  UErrorCode status = U_ZERO_ERROR;
  // Not to be shared between threads, and slow to make.
  thread_local const std::unique_ptr<icu::BreakIterator> breaks(
      icu::BreakIterator::createCharacterInstance(icu::Locale::getRoot(), status));
  LIX_REQUIRE(U_SUCCESS(status));  // the rules are part of the library
  const std::unique_ptr<UText, decltype(&utext_close)> view(
      utext_openUTF8(nullptr, text.data(), static_cast<std::int64_t>(text.size()), &status), &utext_close);
  breaks->setText(view.get(), status);
  LIX_REQUIRE(U_SUCCESS(status));
  std::int32_t begin = breaks->first();
  for (std::int32_t end = breaks->next(); end != icu::BreakIterator::DONE; begin = end, end = breaks->next()) {
    visit(text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin)));
  }
}

std::size_t characterSize(std::string_view text) {
  const auto isInside = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; };
  return static_cast<std::size_t>(std::find_if_not(text.begin() + 1, text.end(), isInside) - text.begin());
}

}  // namespace

Result<CharMap> CharMap::fromBase64(std::string_view text, std::string_view origin) {
  const auto bytes = fromBase64Text(text);
  if (!bytes) {
    return fail(ErrorCode::BadInput, cat(origin, " cannot be used: its character map is not base64. Get the file again."));
  }
  if (!isCharMapSound(*bytes)) {
    return fail(ErrorCode::BadInput, cat(origin, " cannot be used: its character map is damaged. Get the file again."));
  }
  CharMap map;
  std::uint32_t size = 0;
  std::memcpy(&size, bytes->data(), sizeof size);
  map.units_.resize(size / sizeof(std::uint32_t));
  std::memcpy(map.units_.data(), bytes->data() + sizeof size, size);
  map.texts_ = bytes->substr(sizeof size + size);
  return map;
}

std::string CharMap::apply(std::string_view utf8) const {
  std::string out;
  out.reserve(utf8.size());
  const auto replaceEach = [&](std::string_view part) {
    while (!part.empty()) {
      const std::string_view character = part.substr(0, characterSize(part));
      if (!replace(character, out)) {
        out += character;
      }
      part.remove_prefix(character.size());
    }
  };
  const auto isPlain = [](char c) { return static_cast<unsigned char>(c) < 0x80 && c != '\r'; };
  if (std::ranges::all_of(utf8, isPlain)) {  // every character is a grapheme
    replaceEach(utf8);
    return out;
  }
  forEachGrapheme(utf8, [&](std::string_view grapheme) {
    if (grapheme.size() >= kLongestWhole || !replace(grapheme, out)) {
      replaceEach(grapheme);
    }
  });
  return out;
}

/// Bit layout of darts-clone's units: 31 leaf mark, 10..30 offset, 9 wide offset, 8 has leaf, 0..7 label.
bool CharMap::replace(std::string_view part, std::string& out) const {
  const auto offset = [](std::uint32_t unit) { return (unit >> 10) << ((unit & (1u << 9)) >> 6); };
  std::uint32_t node = offset(units_[0]);
  for (const char c : part) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte == 0) {
      return false;
    }
    node ^= byte;
    const std::uint32_t unit = units_[node];
    if ((unit & (1u << 31 | 0xFFu)) != byte) {
      return false;
    }
    node ^= offset(unit);
    if ((unit & (1u << 8)) != 0) {
      out += texts_.c_str() + (units_[node] & 0x7FFFFFFFu);
      return true;
    }
  }
  return false;
}

}  // namespace lix::nn::detail
