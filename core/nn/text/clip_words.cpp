#include "nn/text/clip_words.h"

#include <algorithm>
#include <array>

#include "nn/text/unicode.h"

namespace lix::nn::detail {
namespace {

using Kind = ClipWord::Kind;

struct Mark {
  std::u32string_view text;
  Kind kind;
};
constexpr std::array kOpenClipMarks{Mark{U"<start_of_text>", Kind::Start}, Mark{U"<end_of_text>", Kind::End}};
constexpr std::array kHuggingFaceMarks{Mark{U"<|startoftext|>", Kind::Start}, Mark{U"<|endoftext|>", Kind::End}};
constexpr char32_t kIotaBelow = 0x345;  ///< a mark (no letter) whose upper case is the letter iota
constexpr auto kContractions =
    std::to_array<std::u32string_view>({U"'s", U"'t", U"'re", U"'ve", U"'m", U"'ll", U"'d"});

const Mark* markAt(std::u32string_view text, const std::array<Mark, 2>& marks) {
  const auto found = std::ranges::find_if(marks, [&](const Mark& mark) { return text.starts_with(mark.text); });
  return found == marks.end() ? nullptr : &*found;
}

/// Runs of white space as one blank.
std::u32string collapsed(std::u32string_view text) {
  std::u32string out;
  for (const char32_t c : text) {
    if (!isSpace(c)) {
      out += c;
    } else if (out.empty() || out.back() != U' ') {
      out += U' ';
    }
  }
  return out;
}

/// OpenCLIP's pattern ignores case also beyond ASCII: the long s is an s in "'s".
std::size_t contractionLength(std::u32string_view text, ClipRules rules) {
  for (const auto& contraction : kContractions) {
    const auto same = [&](char32_t expected, char32_t c) {
      return expected == (rules == ClipRules::OpenClip ? folded(c) : c);
    };
    if (text.size() >= contraction.size() &&
        std::equal(contraction.begin(), contraction.end(), text.begin(), same)) {
      return contraction.size();
    }
  }
  return 0;
}

/// What OpenCLIP's pattern passes over: its case-blind classes take the iota below for neither a letter nor the rest.
bool isGap(char32_t c, ClipRules rules) { return isSpace(c) || (rules == ClipRules::OpenClip && c == kIotaBelow); }

std::size_t wordLength(std::u32string_view text, ClipRules rules) {
  const auto isOther = [&](char32_t c) { return !isGap(c, rules) && !isLetter(c) && !isNumber(c); };
  if (const std::size_t length = text[0] == '\'' ? contractionLength(text, rules) : 0; length > 0) {
    return length;
  }
  if (isNumber(text[0])) {
    return 1;
  }
  const auto run = [&](auto&& belongs) {
    return static_cast<std::size_t>(std::ranges::find_if_not(text, belongs) - text.begin());
  };
  return isLetter(text[0]) ? run(isLetter) : run(isOther);
}

void appendWords(std::u32string_view text, ClipRules rules, std::vector<ClipWord>& words) {
  while (!text.empty()) {
    if (isGap(text[0], rules)) {
      text.remove_prefix(1);
      continue;
    }
    const Mark* mark = rules == ClipRules::OpenClip ? markAt(text, kOpenClipMarks) : nullptr;
    const std::size_t length = mark != nullptr ? mark->text.size() : wordLength(text, rules);
    words.push_back({mark != nullptr ? mark->kind : Kind::Text, toUtf8(text.substr(0, length))});
    text.remove_prefix(length);
  }
}

}  // namespace

std::vector<ClipWord> clipWords(std::string_view caption, ClipRules rules) {
  std::vector<ClipWord> words;
  const std::u32string text = toCharacters(caption);
  if (rules == ClipRules::OpenClip) {
    appendWords(text, rules, words);
    return words;
  }
  const auto appendPart = [&](std::u32string_view part) {
    appendWords(lowerEach(collapsed(composed(part))), rules, words);
  };
  std::size_t begin = 0;  // transformers cuts at the marks before anything else
  for (std::size_t i = 0; i < text.size();) {
    const Mark* mark = markAt(std::u32string_view(text).substr(i), kHuggingFaceMarks);
    if (mark == nullptr) {
      ++i;
      continue;
    }
    appendPart(std::u32string_view(text).substr(begin, i - begin));
    words.push_back({mark->kind, toUtf8(mark->text)});
    i += mark->text.size();
    begin = i;
  }
  appendPart(std::u32string_view(text).substr(begin));
  return words;
}

}  // namespace lix::nn::detail
