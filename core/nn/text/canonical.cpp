#include "nn/text/canonical.h"

#include <algorithm>
#include <array>

#include "nn/text/lower_table.h"
#include "nn/text/unicode.h"

namespace lix::nn {
namespace {

constexpr char32_t kBad = 0xFFFD;
constexpr char32_t kWordMark = 0x2581;  // SentencePiece's visible blank
constexpr auto kSpecials = std::to_array<std::u32string_view>({U"</s>", U"<unk>"});

/// Takes one character off the front; one byte and U+FFFD where it is damaged.
char32_t takeCharacter(std::string_view& bytes) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned lead = at(0);
  const std::size_t size = lead < 0x80                   ? 1
                           : lead >= 0xC2 && lead < 0xE0 ? 2
                           : (lead & 0xF0) == 0xE0       ? 3
                           : lead >= 0xF0 && lead < 0xF5 ? 4
                                                         : 0;
  char32_t code = size == 1 ? lead : size == 0 ? kBad : lead & (0x7Fu >> size);
  bool good = size > 0 && size <= bytes.size();
  for (std::size_t i = 1; good && i < size; ++i) {
    good = (at(i) & 0xC0) == 0x80;
    code = code << 6 | (at(i) & 0x3Fu);
  }
  good = good && !(size == 3 && code < 0x800) && !(size == 4 && (code < 0x10000 || code > 0x10FFFF)) &&
         !(code >= 0xD800 && code <= 0xDFFF);
  bytes.remove_prefix(good ? size : 1);
  return good ? code : kBad;
}

void append(std::string& out, char32_t code) {
  const auto put = [&](char32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

char32_t lower(char32_t code) {
  if (code < 0x80) {
    return code >= 'A' && code <= 'Z' ? code + 32 : code;
  }
  const auto next = std::ranges::upper_bound(detail::kLowerRanges, code, {}, &detail::LowerRange::first);
  // A range of every second character may hold the first of the next range inside it, so two are looked at.
  for (auto range = next; range != detail::kLowerRanges.begin() && next - range < 2;) {
    --range;
    if (code <= range->last && (code - range->first) % static_cast<unsigned>(range->step) == 0) {
      return static_cast<char32_t>(static_cast<int>(code) + range->delta);
    }
  }
  return code;
}

bool isSpace(char32_t code) {  // what \s of Python's re means
  return (code >= 0x09 && code <= 0x0D) || (code >= 0x1C && code <= 0x20) || code == 0x85 || code == 0xA0 ||
         code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x2028 || code == 0x2029 || code == 0x202F ||
         code == 0x205F || code == 0x3000;
}

std::string canonical(std::u32string_view text, Case letters) {
  std::string out;
  bool blank = false;
  for (const auto code : text) {
    if (detail::isAsciiPunctuation(code)) {
      continue;
    }
    if (isSpace(code)) {
      blank = true;
      continue;
    }
    if (blank && !out.empty()) {
      out += ' ';
    }
    blank = false;
    if (letters == Case::Lower && code == 0x130) {
      out += "i\u0307";
    } else {
      append(out, letters == Case::Lower ? lower(code) : code);
    }
  }
  return out;
}

std::u32string decoded(std::string_view bytes) {
  std::u32string text;
  text.reserve(bytes.size() + 1);
  while (!bytes.empty()) {
    const auto code = takeCharacter(bytes);
    text += code == kWordMark ? U' ' : code;
  }
  return text;
}

}  // namespace

std::vector<CaptionPart> canonicalParts(std::string_view caption, Case letters) {
  const std::u32string text = kWordMark + decoded(caption);
  std::vector<CaptionPart> parts;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto rest = std::u32string_view(text).substr(i);
    const auto special = std::ranges::find_if(kSpecials, [&](auto token) { return rest.starts_with(token); });
    if (special == kSpecials.end()) {
      ++i;
      continue;
    }
    parts.push_back({canonical(std::u32string_view(text).substr(begin, i - begin), letters), false});
    parts.push_back({std::string(special->begin(), special->end()), true});
    i += special->size();
    begin = i;
  }
  parts.push_back({canonical(std::u32string_view(text).substr(begin), letters), false});
  return parts;
}

std::string canonicalText(std::string_view text) { return canonical(decoded(text), Case::Lower); }

}  // namespace lix::nn
