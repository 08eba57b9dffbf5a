#include "nn/text/text_steps.h"

#include <unicode/utf8.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/text.h"
#include "nn/text/char_map.h"
#include "nn/text/unicode.h"

namespace lix::nn::detail {
namespace {

using nlohmann::json;
using CharacterTest = bool (*)(char32_t);
constexpr int kDeepest = 8;  // sequences within sequences

std::unexpected<Error> unsupported(std::string_view origin, std::string_view place, std::string_view what) {
  return fail(ErrorCode::Unsupported, cat(origin, " asks for something that is not computed here: ", place, " is ", what,
                                          ". Use a checkpoint with a tokenizer of CLIP or SigLIP."));
}

std::unexpected<Error> damaged(std::string_view origin, std::string_view place, std::string_view why) {
  return fail(ErrorCode::BadInput, cat(origin, " cannot be used: ", place, " ", why, ". Get the file again."));
}

/// `value`[key] where it is a text, else "".
std::string textOf(const json& value, const char* key) {
  const auto found = value.is_object() ? value.find(key) : value.end();
  return value.is_object() && found != value.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool flagOf(const json& value, const char* key, bool otherwise) {
  const auto found = value.is_object() ? value.find(key) : value.end();
  return value.is_object() && found != value.end() && found->is_boolean() ? found->get<bool>() : otherwise;
}

/// What Replace and Split look for: a text, or a run of characters of a kind.
struct Pattern {
  std::string text;
  CharacterTest test = nullptr;
  int least = 1;
  bool runs = true;  ///< as many as there are, not one

  /// Bytes of the match at the front of `where`, 0 for none.
  std::size_t lengthAt(std::string_view where) const {
    if (test == nullptr) {
      return where.starts_with(text) ? text.size() : 0;
    }
    const auto size = static_cast<std::int32_t>(where.size());
    std::int32_t end = 0;
    int count = 0;
    while (end < size && (runs || count == 0)) {
      std::int32_t next = end;
      UChar32 character = 0;
      U8_NEXT_OR_FFFD(where.data(), next, size, character);
      if (!test(static_cast<char32_t>(character))) {
        break;
      }
      end = next;
      ++count;
    }
    return count >= least ? static_cast<std::size_t>(end) : 0;
  }
};

bool isBlank(char32_t c) { return c == ' '; }

Result<Pattern> readPattern(const json& step, std::string_view origin, const std::string& place) {
  const json pattern = step.value("pattern", json());
  if (std::string text = textOf(pattern, "String"); !text.empty()) {
    return Pattern{.text = std::move(text)};
  }
  const std::string regex = textOf(pattern, "Regex");
  const std::pair<std::string_view, Pattern> known[] = {
      {kSpacesPattern, {.test = &isSpace}},
      {"\\s", {.test = &isSpace, .runs = false}},
      {" {2,}", {.test = &isBlank, .least = 2}},
      {" +", {.test = &isBlank}},
      {kPunctuationPattern, {.test = &isAsciiPunctuation, .runs = false}},
  };
  const auto found = std::ranges::find(known, regex, &std::pair<std::string_view, Pattern>::first);
  if (found == std::end(known)) {
    return unsupported(origin, place + ".pattern", cat("\"", regex.substr(0, 80), "\""));
  }
  return found->second;
}

/// Calls other(text between) and match(text matched) in turn over the whole of `text`.
template <class Other, class Match>
void forEachMatch(std::string_view text, const Pattern& pattern, Other&& other, Match&& match) {
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = pattern.lengthAt(text.substr(at));
    if (length == 0) {
      ++at;
      while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) {
        ++at;
      }
      continue;
    }
    other(text.substr(begin, at - begin));
    match(text.substr(at, length));
    at += length;
    begin = at;
  }
  other(text.substr(begin));
}

std::string replaced(std::string_view text, const Pattern& pattern, std::string_view content) {
  std::string out;
  forEachMatch(
      text, pattern, [&](std::string_view between) { out += between; }, [&](std::string_view) { out += content; });
  return out;
}

template <class Change>
TextStep characterwise(Change change) {
  return [change](std::string_view text) { return toUtf8(change(toCharacters(text))); };
}

TextStep stripStep(bool left, bool right) {
  return characterwise([left, right](std::u32string_view text) {
    while (left && !text.empty() && isSpace(text.front())) {
      text.remove_prefix(1);
    }
    while (right && !text.empty() && isSpace(text.back())) {
      text.remove_suffix(1);
    }
    return std::u32string(text);
  });
}

Result<TextStep> readTextStep(const json& step, const std::string& type, std::string_view origin,
                              const std::string& place) {
  const std::pair<std::string_view, NormalForm> forms[] = {
      {"NFC", NormalForm::C}, {"NFD", NormalForm::D}, {"NFKC", NormalForm::Kc}, {"NFKD", NormalForm::Kd}};
  if (const auto form = std::ranges::find(forms, type, &std::pair<std::string_view, NormalForm>::first);
      form != std::end(forms)) {
    return characterwise([which = form->second](std::u32string_view text) { return normalized(text, which); });
  }
  if (type == "Precompiled") {
    LIX_TRY(CharMap map, CharMap::fromBase64(textOf(step, "precompiled_charsmap"), origin));
    return [map = std::make_shared<const CharMap>(std::move(map))](std::string_view text) { return map->apply(text); };
  }
  if (type == "Replace") {
    LIX_TRY(const Pattern pattern, readPattern(step, origin, place));
    return [pattern, content = textOf(step, "content")](std::string_view text) {
      return replaced(text, pattern, content);
    };
  }
  if (type == "Lowercase") {
    return characterwise(&lowerEach);
  }
  if (type == "Strip") {
    return stripStep(flagOf(step, "strip_left", true), flagOf(step, "strip_right", true));
  }
  if (type == "Prepend") {
    return [front = textOf(step, "prepend")](std::string_view text) {
      return text.empty() ? std::string() : front + std::string(text);
    };
  }
  return unsupported(origin, place + ".type", type.empty() ? "missing" : cat("\"", type.substr(0, 80), "\""));
}

enum class Behaviour { Removed, Isolated, WithPrevious, WithNext };

std::vector<std::string> cut(std::string_view text, const Pattern& pattern, Behaviour behaviour) {
  std::vector<std::string> words(1);  // the last one is still growing
  forEachMatch(
      text, pattern, [&](std::string_view between) { words.back() += between; },
      [&](std::string_view match) {
        if (behaviour == Behaviour::WithPrevious) {
          words.back() += match;
        } else if (behaviour == Behaviour::Isolated) {
          words.emplace_back(match);
        }
        words.emplace_back(behaviour == Behaviour::WithNext ? match : std::string_view());
      });
  std::erase(words, "");
  return words;
}

Result<SplitStep> readMetaspace(const json& step, std::string_view origin, const std::string& place) {
  const std::string mark = textOf(step, "replacement");
  std::string scheme = textOf(step, "prepend_scheme");
  if (scheme.empty()) {  // how older files say it
    scheme = flagOf(step, "add_prefix_space", true) ? "always" : "never";
  }
  if (mark.empty()) {
    return damaged(origin, place + ".replacement", "is empty");
  }
  if (scheme != "always" && scheme != "first" && scheme != "never") {
    return unsupported(origin, place + ".prepend_scheme", cat("\"", scheme.substr(0, 80), "\""));
  }
  return [mark, scheme, splits = flagOf(step, "split", true)](std::string_view text, Place at) {
    std::string marked = replaced(text, {.text = " "}, mark);
    if ((scheme == "always" || (scheme == "first" && at == Place::Front)) && !marked.starts_with(mark)) {
      marked.insert(0, mark);
    }
    return splits ? cut(marked, {.text = mark}, Behaviour::WithNext) : std::vector<std::string>{std::move(marked)};
  };
}

Result<SplitStep> readSplitStep(const json& step, const std::string& type, std::string_view origin,
                                const std::string& place) {
  if (type == "Metaspace") {
    return readMetaspace(step, origin, place);
  }
  if (type == "WhitespaceSplit") {
    return [](std::string_view text, Place) { return cut(text, {.test = &isSpace}, Behaviour::Removed); };
  }
  if (type != "Split") {
    return unsupported(origin, place + ".type", type.empty() ? "missing" : cat("\"", type.substr(0, 80), "\""));
  }
  const std::pair<std::string_view, Behaviour> behaviours[] = {{"Removed", Behaviour::Removed},
                                                               {"Isolated", Behaviour::Isolated},
                                                               {"MergedWithPrevious", Behaviour::WithPrevious},
                                                               {"MergedWithNext", Behaviour::WithNext}};
  const std::string name = textOf(step, "behavior");
  const auto found = std::ranges::find(behaviours, name, &std::pair<std::string_view, Behaviour>::first);
  if (found == std::end(behaviours) || flagOf(step, "invert", false)) {
    return unsupported(origin, place + ".behavior", cat("\"", name.substr(0, 80), "\", perhaps inverted"));
  }
  LIX_TRY(const Pattern pattern, readPattern(step, origin, place));
  return [pattern, behaviour = found->second](std::string_view text, Place) { return cut(text, pattern, behaviour); };
}

/// The steps of `value`, those within Sequences included; `list` is what a Sequence calls its own.
template <class Step, class Read>
Result<void> readSteps(const json& value, const char* list, std::string_view origin, const std::string& place, int depth,
                       Read&& read, std::vector<Step>& steps) {
  if (value.is_null()) {
    return {};
  }
  const std::string type = textOf(value, "type");
  if (type != "Sequence") {
    LIX_TRY(Step step, read(value.is_object() ? value : json::object(), type, origin, place));
    steps.push_back(std::move(step));
    return {};
  }
  const json within = value.value(list, json());
  if (!within.is_array() || depth == kDeepest) {
    return damaged(origin, cat(place, ".", list), "is no list of steps");
  }
  for (std::size_t i = 0; i < within.size(); ++i) {
    LIX_CHECK(readSteps(within[i], list, origin, cat(place, ".", list, "[", i, "]"), depth + 1, read, steps));
  }
  return {};
}

}  // namespace

Result<std::vector<TextStep>> readNormalizer(const json& value, std::string_view origin) {
  std::vector<TextStep> steps;
  LIX_CHECK(readSteps(value, "normalizers", origin, "normalizer", 0, &readTextStep, steps));
  return steps;
}

Result<std::vector<SplitStep>> readPreTokenizer(const json& value, std::string_view origin) {
  std::vector<SplitStep> steps;
  LIX_CHECK(readSteps(value, "pretokenizers", origin, "pre_tokenizer", 0, &readSplitStep, steps));
  return steps;
}

}  // namespace lix::nn::detail
