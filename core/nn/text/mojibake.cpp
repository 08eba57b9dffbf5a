#include "nn/text/mojibake.h"

#include <unicode/regex.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

#include "base/contracts.h"
#include "base/text.h"
#include "nn/text/html_unescape.h"
#include "nn/text/unicode.h"

namespace lix::nn::detail {
namespace {

// The categories of ftfy's badness.py (Apache License 2.0), as parts of a set.
#define LIX_COMMON "\\u00A0\\u00AD·´–—―…’"
#define LIX_C1 "\\u0080-\\u009F"
#define LIX_BAD "¦¤¨¬¯¸ƒˆˇ˘˛˜†‡‰⌐◊\\uFFFDªº"
#define LIX_LAW "¶§"
#define LIX_MONEY "¢£¥₧€"
#define LIX_START "¡«¿©΄΅‘‚“„•‹\\uF8FF"
#define LIX_END "®»˝”›™"
#define LIX_NUMBER "²³¹±¼½¾×µ÷⁄∂∆∏∑√∞∩∫≈≠≡≤≥№"
#define LIX_FACE "Ò-ÖÙ-Üò-öø-üŐŌŪŲ°"
#define LIX_UPPER "À-ÑØÜÝĂĀĄĆČĎĐĘĚĒĖĞĢİĪĶĹĽŁĻŃŇŅŒŘŚŞŠŢŤŮŰŸŹŻŽҐ"
#define LIX_LOWER "ßà-ñăąāćčďđęěēėğģįīķĺľłļœŕśşšťüźżžґﬁﬂ"
#define LIX_UPPER_COMMON "ÞΑ-ΩΆΈΉΊΌΎΏΪΫЁ-Я"
#define LIX_LOWER_COMMON "α-ωάέήίΰа-џ"
#define LIX_BOX "│┌┐┘├┤┬┼═-╬▀▄█▌▐░▒▓"
#define LIX_ARABIC "[ØÙ][" LIX_COMMON LIX_MONEY LIX_BAD LIX_NUMBER LIX_START "ŸŠ®°µ»]"

/// Its pattern of neighbours that hardly occur but in text of a wrong encoding.
constexpr const char* kBad =
    "[" LIX_C1 "]"
    "|[" LIX_BAD LIX_LOWER LIX_UPPER LIX_BOX LIX_START LIX_END LIX_MONEY LIX_NUMBER LIX_LAW "][" LIX_BAD "]"
    "|[a-zA-Z][" LIX_LOWER_COMMON LIX_UPPER_COMMON "][" LIX_BAD "]"
    "|[" LIX_BAD "][" LIX_LOWER LIX_UPPER LIX_BOX LIX_START LIX_END LIX_MONEY LIX_NUMBER LIX_LAW "]"
    "|[" LIX_LOWER LIX_LOWER_COMMON LIX_BOX LIX_END LIX_MONEY LIX_NUMBER "][" LIX_UPPER "]"
    "|[" LIX_BOX LIX_END LIX_MONEY LIX_NUMBER "][" LIX_LOWER "]"
    "|[" LIX_LOWER LIX_BOX LIX_END "][" LIX_MONEY "]"
    "|\\s[" LIX_UPPER "][" LIX_MONEY "]"
    "|[" LIX_UPPER LIX_BOX "][" LIX_NUMBER LIX_LAW "]"
    "|[" LIX_LOWER LIX_UPPER LIX_BOX LIX_MONEY LIX_END "][" LIX_START "][" LIX_NUMBER "]"
    "|[" LIX_LOWER LIX_UPPER LIX_MONEY LIX_NUMBER LIX_BOX LIX_LAW "][" LIX_END "][" LIX_START "]"
    "|[" LIX_MONEY LIX_NUMBER LIX_BOX "][" LIX_START "]"
    "|[a-z][" LIX_UPPER "][" LIX_START LIX_MONEY "]"
    "|[" LIX_BOX "][" LIX_FACE "]"
    "|[" LIX_LOWER LIX_UPPER LIX_MONEY LIX_NUMBER LIX_START LIX_END LIX_LAW "][" LIX_BOX "]"
    "|[" LIX_BOX "][" LIX_END "]"
    "|[" LIX_LOWER LIX_UPPER "][" LIX_START LIX_END "]\\w"
    "|[Œœ][^A-Za-z]"
    "|[" LIX_UPPER "]°"
    "|[ÂÃÎÐ][€œŠš¢£Ÿž\\u00A0\\u00AD®©°·»" LIX_START LIX_END "–—´]"
    "|×[²³]"
    "|" LIX_ARABIC LIX_ARABIC
    "|à[²µ¹¼½¾]"
    "|√[±∂†≠®™´≤≥¥µø]"
    "|≈[°¢]"
    "|‚Ä[ìîïòôúùû†°¢π]"
    "|‚[âó][àä°ê]"
    "|вЂ"
    "|[ВГРС][" LIX_C1 LIX_BAD LIX_START LIX_END LIX_MONEY "°µ][ВГРС]"
    "|ГўВЂВ.[A-Za-z ]"
    "|Ã[\\u00A0¡]"
    "|[a-z]\\s?[ÃÂ][ ]"
    "|^[ÃÂ][ ]"
    "|[a-z.,?!" LIX_END "]Â[ " LIX_START LIX_END "]"
    "|β€[™\\u00A0Ά\\u00AD®°]"
    "|[ΒΓΞΟ][" LIX_C1 LIX_BAD LIX_START LIX_END LIX_MONEY "°][ΒΓΞΟ]"
    "|ā€";
#undef LIX_COMMON
#undef LIX_C1
#undef LIX_BAD
#undef LIX_LAW
#undef LIX_MONEY
#undef LIX_START
#undef LIX_END
#undef LIX_NUMBER
#undef LIX_FACE
#undef LIX_UPPER
#undef LIX_LOWER
#undef LIX_UPPER_COMMON
#undef LIX_LOWER_COMMON
#undef LIX_BOX
#undef LIX_ARABIC

// Patterns of bytes, one a character. UTF-8 but for a byte A0 that became a blank:
constexpr const char* kBlankForA0 =
    "[\\u00C2\\u00C3\\u00C5\\u00CE\\u00D0\\u00D9] |[\\u00E2\\u00E3] [\\u0080-\\u0084\\u0086-\\u009F\\u00A1-\\u00BF]"
    "|[\\u00E0-\\u00E3][\\u0080-\\u0084\\u0086-\\u009F\\u00A1-\\u00BF] |\\u00F0 [\\u0080-\\u00BF]{2}"
    "|\\u00F0[\\u0080-\\u00BF] [\\u0080-\\u00BF]|\\u00F0[\\u0080-\\u00BF]{2} ";
/// The word "à", of which the blank behind it is kept:
constexpr const char* kWordA = "\\u00C3 (?! |quele|quela|quilo|s )";
/// And UTF-8 of which bytes were lost (1A, or "?"):
constexpr const char* kLossy =
    "[\\u00C2-\\u00DF]\\u001A|[\\u00C2-\\u00C3]\\?|[\\u00E0-\\u00EF][\\u001A?][\\u001A\\u0080-\\u00BF]"
    "|[\\u00E0-\\u00EF][\\u001A\\u0080-\\u00BF][\\u001A?]|[\\u00F0-\\u00F4][\\u001A?][\\u001A\\u0080-\\u00BF]{2}"
    "|[\\u00F0-\\u00F4][\\u001A\\u0080-\\u00BF][\\u001A?][\\u001A\\u0080-\\u00BF]"
    "|[\\u00F0-\\u00F4][\\u001A\\u0080-\\u00BF]{2}[\\u001A?]|\\u001A";

std::unique_ptr<const icu::RegexPattern> compiled(const char* pattern) {
  UErrorCode status = U_ZERO_ERROR;
  std::unique_ptr<const icu::RegexPattern> made(
      icu::RegexPattern::compile(icu::UnicodeString::fromUTF8(pattern), 0, status));
  LIX_REQUIRE(U_SUCCESS(status));
  return made;
}

icu::UnicodeString toIcu(std::u32string_view text) {
  return icu::UnicodeString::fromUTF32(reinterpret_cast<const UChar32*>(text.data()),
                                       static_cast<std::int32_t>(text.size()));
}

bool isFound(const icu::RegexPattern& pattern, std::u32string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::UnicodeString input = toIcu(text);
  const std::unique_ptr<icu::RegexMatcher> matcher(pattern.matcher(input, status));
  return U_SUCCESS(status) && matcher->find(status) && U_SUCCESS(status);
}

/// `bytes` with every match changed by `change`, which gets and gives bytes.
template <class Change>
std::u32string changed(const icu::RegexPattern& pattern, const std::u32string& bytes, Change&& change) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::UnicodeString input = toIcu(bytes);  // no surrogates, so that places are the same
  const std::unique_ptr<icu::RegexMatcher> matcher(pattern.matcher(input, status));
  std::u32string out;
  std::size_t begin = 0;
  while (U_SUCCESS(status) && matcher->find(status) && U_SUCCESS(status)) {
    const auto first = static_cast<std::size_t>(matcher->start(status));
    const auto last = static_cast<std::size_t>(matcher->end(status));
    out.append(bytes, begin, first - begin);
    out += change(bytes.substr(first, last - first));
    begin = last;
  }
  return out.append(bytes, begin);
}

enum class Encoding { Latin1, Windows1252 };

/// The bytes that read as `text`; Windows-1252 keeps the five bytes that it leaves open, and 1A stands for U+FFFD.
std::optional<std::u32string> encoded(std::u32string_view text, Encoding encoding) {
  std::u32string bytes;
  for (const char32_t c : text) {
    if (encoding == Encoding::Latin1 || c < 0x80) {
      if (c > 0xFF || (encoding == Encoding::Windows1252 && c == 0x1A)) {
        return std::nullopt;
      }
      bytes += c;
      continue;
    }
    const auto found = std::ranges::find(kWindows1252, c);
    if (found != kWindows1252.end()) {
      bytes += static_cast<char32_t>(0x80 + (found - kWindows1252.begin()));
    } else if (c == 0xFFFD) {
      bytes += 0x1A;
    } else if (c >= 0xA0 && c <= 0xFF) {
      bytes += c;
    } else {
      return std::nullopt;
    }
  }
  return bytes;
}

std::optional<std::u32string> decodedAsUtf8(std::u32string_view bytes) {
  std::string utf8;
  std::ranges::transform(bytes, std::back_inserter(utf8),
                         [](char32_t byte) { return static_cast<char>(static_cast<unsigned char>(byte)); });
  return isUtf8(utf8) ? std::optional(toCharacters(utf8)) : std::nullopt;
}

std::u32string withA0(const std::u32string& bytes) {
  static const auto blank = compiled(kBlankForA0), word = compiled(kWordA);
  if (!isFound(*blank, bytes)) {
    return bytes;
  }
  const std::u32string words = changed(*word, bytes, [](const std::u32string&) { return U"\u00C3\u00A0 "; });
  return changed(*blank, words, [](std::u32string match) {
    std::ranges::replace(match, U' ', U'\u00A0');
    return match;
  });
}

/// One reading; the text itself where none fits.
std::u32string readOnce(std::u32string_view text) {
  static const auto bad = compiled(kBad), lossy = compiled(kLossy);
  const bool plain = std::ranges::all_of(text, [](char32_t c) { return c < 0x80; });
  if (plain || !isFound(*bad, text)) {
    return std::u32string(text);
  }
  for (const Encoding encoding : {Encoding::Latin1, Encoding::Windows1252}) {
    auto bytes = encoded(text, encoding);
    if (!bytes) {
      continue;
    }
    *bytes = withA0(*bytes);
    if (encoding == Encoding::Windows1252) {
      *bytes = changed(*lossy, *bytes, [](const std::u32string&) { return U"\u00EF\u00BF\u00BD"; });
    }
    if (const auto decoded = decodedAsUtf8(*bytes)) {
      return *decoded;
    }
  }
  return std::u32string(text);
}

}  // namespace

std::u32string readAnew(std::u32string_view text) {
  std::u32string now(text);
  for (;;) {
    std::u32string next = readOnce(now);
    if (next == now) {
      return now;
    }
    now = std::move(next);
  }
}

}  // namespace lix::nn::detail
