#include "nn/text/fix_text.h"

#include <algorithm>
#include <array>
#include <utility>

#include "nn/text/html_unescape.h"
#include "nn/text/mojibake.h"
#include "nn/text/unicode.h"

namespace lix::nn::detail {
namespace {

constexpr std::size_t kLongestSegment = 1'000'000;  // ftfy's own
constexpr char32_t kEscape = 0x1B;

constexpr auto kLigatures = std::to_array<std::pair<char32_t, std::u32string_view>>({
    {0x132, U"IJ"},      {0x133, U"ij"},  {0x149, U"\u02BCn"}, {0x1C4, U"D\u017D"}, {0x1C5, U"D\u017E"},
    {0x1C6, U"d\u017E"}, {0x1C7, U"LJ"},  {0x1C8, U"Lj"},      {0x1C9, U"lj"},      {0x1CA, U"NJ"},
    {0x1CB, U"Nj"},      {0x1CC, U"nj"},  {0x1F1, U"DZ"},      {0x1F2, U"Dz"},      {0x1F3, U"dz"},
    {0xFB00, U"ff"},     {0xFB01, U"fi"}, {0xFB02, U"fl"},     {0xFB03, U"ffi"},    {0xFB04, U"ffl"},
    {0xFB05, U"\u017Ft"}, {0xFB06, U"st"},
});

bool isControl(char32_t c) {
  return c <= 0x08 || c == 0x0B || (c >= 0x0E && c <= 0x1F) || c == 0x7F || (c >= 0x206A && c <= 0x206F) ||
         c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFC);
}

bool isSingleQuote(char32_t c) { return c == 0x2BC || (c >= 0x2018 && c <= 0x201B); }
bool isDoubleQuote(char32_t c) { return c >= 0x201C && c <= 0x201F; }
bool isLineBreak(char32_t c) { return c == '\r' || c == 0x2028 || c == 0x2029 || c == 0x85; }

/// C1 controls, ligatures and widths: one character becomes others, in this order.
std::u32string widened(std::u32string_view text) {
  std::u32string out;
  for (char32_t c : text) {
    if (c >= 0x80 && c <= 0x9F) {
      c = kWindows1252[c - 0x80];
    }
    const auto ligature = std::ranges::find(kLigatures, c, &std::pair<char32_t, std::u32string_view>::first);
    if (ligature != kLigatures.end()) {
      out += ligature->second;
    } else if (c == 0x3000) {
      out += U' ';
    } else if (c >= 0xFF01 && c <= 0xFFEF) {
      out += compatible(c);
    } else {
      out += c;
    }
  }
  return out;
}

/// Quotes straightened and every line break made "\n".
std::u32string straightened(std::u32string_view text) {
  std::u32string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char32_t c = text[i];
    if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') {
      continue;
    }
    out += isSingleQuote(c) ? U'\'' : isDoubleQuote(c) ? U'"' : isLineBreak(c) ? U'\n' : c;
  }
  return out;
}

/// Characters of a terminal's escape sequence (ESC [ digits and semicolons, a letter) at the front of `text`, or 0.
std::size_t escapeLength(std::u32string_view text) {
  if (text.size() < 3 || text[0] != kEscape || text[1] != '[') {
    return 0;
  }
  std::size_t at = 2;
  while (at < text.size() && ((text[at] >= '0' && text[at] <= '9') || text[at] == ';')) {
    ++at;
  }
  const bool ends = at < text.size() && (text[at] | 0x20) >= 'a' && (text[at] | 0x20) <= 'z';
  return ends ? at + 1 : 0;
}

std::u32string withoutControls(std::u32string_view text) {
  std::u32string visible;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t skipped = escapeLength(text.substr(i));
    if (skipped == 0) {
      visible += text[i];
    }
    i += std::max<std::size_t>(skipped, 1);
  }
  std::erase_if(visible, isControl);
  return visible;
}

enum class Html { Unescape, Keep };

std::u32string fixSegment(std::u32string text, Html html) {
  for (;;) {
    std::u32string next = html == Html::Unescape ? htmlUnescapeCarefully(text) : text;
    next = composed(withoutControls(straightened(widened(readAnew(next)))));
    if (next == text) {
      return next;
    }
    text = std::move(next);
  }
}

}  // namespace

std::u32string fixText(std::u32string_view text) {
  std::u32string out;
  Html html = Html::Unescape;
  while (!text.empty()) {
    const std::size_t line = std::min(text.find(U'\n'), text.size() - 1) + 1;
    const std::u32string_view segment = text.substr(0, std::min(line, kLongestSegment));
    if (segment.find(U'<') != std::u32string_view::npos) {
      html = Html::Keep;
    }
    out += fixSegment(std::u32string(segment), html);
    text.remove_prefix(segment.size());
  }
  return out;
}

}  // namespace lix::nn::detail
