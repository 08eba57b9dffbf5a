#include "nn/text/tokenizer_json.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "base/text.h"

namespace lix::nn::detail {
namespace {

using nlohmann::json;
constexpr int kDeepest = 16;
constexpr std::size_t kMostTokens = 1 << 22;

std::unexpected<Error> damaged(std::string_view origin, std::string_view why) {
  return fail(ErrorCode::BadInput, cat(origin, " cannot be used: ", why, ". Get the file again."));
}

std::unexpected<Error> unsupported(std::string_view origin, std::string_view what) {
  return fail(ErrorCode::Unsupported, cat(origin, " asks for something that is not computed here: ", what,
                                          ". Use a checkpoint with a tokenizer of CLIP or SigLIP."));
}

/// What `object` says under `key`; null where it is no object or says nothing.
const json& at(const json& object, const char* key) {
  static const json nothing;
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() ? *found : nothing;
}

std::string textOf(const json& value) { return value.is_string() ? value.get<std::string>() : std::string(); }
bool isTrue(const json& value) { return value.is_boolean() && value.get<bool>(); }

/// A whole number from 0 to `limit` - 1, else -1.
int idOf(const json& value, std::size_t limit) {
  if (!value.is_number_integer()) {
    return -1;
  }
  const double id = value.get<double>();
  return id >= 0 && id < static_cast<double>(limit) ? value.get<int>() : -1;
}

Result<std::vector<std::pair<std::string, double>>> piecesOf(const json& list, std::string_view origin) {
  if (!list.is_array() || list.empty() || list.size() > kMostTokens) {
    return damaged(origin, "model.vocab is no list of pieces");
  }
  std::vector<std::pair<std::string, double>> pieces;
  std::unordered_set<std::string_view> seen;
  for (const json& entry : list) {
    const bool whole = entry.is_array() && entry.size() == 2 && entry[0].is_string() && entry[1].is_number();
    if (!whole || entry[0].get_ref<const std::string&>().empty() || !std::isfinite(entry[1].get<double>())) {
      return damaged(origin, cat("the piece ", pieces.size(), " of model.vocab is not a text and its score"));
    }
    if (!seen.insert(entry[0].get_ref<const std::string&>()).second) {
      return damaged(origin, cat("model.vocab has the piece \"", entry[0].get_ref<const std::string&>(), "\" twice"));
    }
    pieces.emplace_back(entry[0].get<std::string>(), entry[1].get<double>());
  }
  return pieces;
}

Result<void> readUnigram(const json& model, std::string_view origin, TokenizerJson& out) {
  LIX_TRY(auto pieces, piecesOf(at(model, "vocab"), origin));
  for (const auto& [text, score] : pieces) {
    out.texts.push_back(text);
  }
  const int unknown = idOf(at(model, "unk_id"), pieces.size());
  if (unknown < 0) {
    return damaged(origin, "model.unk_id is not the place of a piece");
  }
  out.model = unigramModel(std::move(pieces), {.id = unknown, .bytes = isTrue(at(model, "byte_fallback"))});
  return {};
}

Result<void> readBytePairs(const json& model, std::string_view origin, TokenizerJson& out) {
  for (const char* key : {"continuing_subword_prefix", "end_of_word_suffix"}) {
    if (!textOf(at(model, key)).empty()) {
      return unsupported(origin, cat("model.", key, " is \"", textOf(at(model, key)).substr(0, 80), "\""));
    }
  }
  if (isTrue(at(model, "ignore_merges"))) {
    return unsupported(origin, "model.ignore_merges is true");
  }
  LIX_TRY(const Vocabulary vocabulary, vocabularyOf(at(model, "vocab"), origin));
  LIX_TRY(out.texts, textsById(vocabulary, origin));
  LIX_TRY(const auto merges, mergesOf(at(model, "merges"), origin));
  for (const auto& [left, right] : merges) {
    if (!vocabulary.contains(left) || !vocabulary.contains(right) || !vocabulary.contains(left + right)) {
      return damaged(origin, cat("the merge \"", left, " ", right, "\" speaks of tokens that it has not"));
    }
  }
  const std::string unknown = textOf(at(model, "unk_token"));
  const auto found = vocabulary.find(unknown);
  if (!unknown.empty() && found == vocabulary.end()) {
    return damaged(origin, cat("model.unk_token \"", unknown, "\" is not in the vocabulary"));
  }
  out.model = bytePairModel(vocabulary, merges,
                            {.id = unknown.empty() ? -1 : found->second,
                             .bytes = isTrue(at(model, "byte_fallback")),
                             .fused = isTrue(at(model, "fuse_unk"))});
  return {};
}

Result<void> readModel(const json& model, std::string_view origin, TokenizerJson& out) {
  std::string type = textOf(at(model, "type"));
  if (type.empty()) {  // old files do not say it
    type = at(model, "merges").is_array() ? "BPE" : at(model, "vocab").is_array() ? "Unigram" : "";
  }
  if (const json& dropout = at(model, "dropout"); dropout.is_number() && dropout.get<double>() != 0) {
    return unsupported(origin, "model.dropout draws at random");
  }
  if (type == "Unigram") {
    return readUnigram(model, origin, out);
  }
  if (type == "BPE") {
    out.kind = TokenizerJson::Kind::BytePairs;
    return readBytePairs(model, origin, out);
  }
  return unsupported(origin, cat("model.type is ", type.empty() ? "missing" : cat("\"", type.substr(0, 80), "\"")));
}

Result<void> readAdded(const json& list, std::string_view origin, TokenizerJson& out) {
  const std::size_t limit = 2 * (out.texts.size() + list.size());  // never more than the file has tokens
  std::unordered_set<std::string> seen;
  for (const json& entry : list.is_array() ? list : json::array()) {
    AddedToken token{.text = textOf(at(entry, "content")),
                     .id = idOf(at(entry, "id"), limit),
                     .takesLeft = isTrue(at(entry, "lstrip")),
                     .takesRight = isTrue(at(entry, "rstrip")),
                     .normalized = isTrue(at(entry, "normalized"))};
    if (token.text.empty() || token.id < 0 || !seen.insert(token.text).second) {
      return damaged(origin, cat("the entry ", out.added.size(), " of added_tokens has no text and id of its own"));
    }
    if (isTrue(at(entry, "single_word"))) {
      return unsupported(origin, cat("added_tokens[", out.added.size(), "].single_word is true"));
    }
    out.texts.resize(std::max(out.texts.size(), static_cast<std::size_t>(token.id) + 1));
    std::string& text = out.texts[static_cast<std::size_t>(token.id)];
    if (!text.empty() && text != token.text) {
      return damaged(origin, cat("two tokens have the id ", token.id));
    }
    text = token.text;
    out.added.push_back(std::move(token));
  }
  return {};
}

/// The ids around the caption in a TemplateProcessing's `single`.
Result<void> readTemplate(const json& value, std::string_view origin, TokenizerJson& out) {
  if (value.is_null()) {
    return {};
  }
  if (const std::string type = textOf(at(value, "type")); type != "TemplateProcessing") {
    return unsupported(origin, cat("post_processor.type is \"", type.substr(0, 80), "\""));
  }
  bool caption = false;
  for (const json& part : at(value, "single").is_array() ? at(value, "single") : json::array()) {
    if (!at(part, "Sequence").is_null() && !caption) {
      caption = true;
      continue;
    }
    const std::string name = textOf(at(at(part, "SpecialToken"), "id"));
    const json& ids = at(at(at(value, "special_tokens"), name.c_str()), "ids");
    for (const json& entry : ids.is_array() ? ids : json::array({json()})) {
      const int id = idOf(entry, out.texts.size());
      if (id < 0) {
        return damaged(origin, cat("post_processor.single asks for the token \"", name, "\", which has no usable id"));
      }
      (caption ? out.after : out.before).push_back(id);
    }
  }
  constexpr std::size_t kMostAround = 8;
  if (!caption || out.before.size() + out.after.size() > kMostAround) {
    return damaged(origin, "post_processor.single has no place for the caption, or too much beside it");
  }
  return {};
}

}  // namespace

Result<json> parseObject(std::string_view bytes, std::string_view origin) {
  const auto shallow = [](int depth, json::parse_event_t event, json&) {
    return depth < kDeepest || (event != json::parse_event_t::array_start && event != json::parse_event_t::object_start);
  };
  json whole = json::parse(bytes, shallow, false);
  if (!whole.is_object()) {
    return damaged(origin, "it is not a JSON object; it may be cut off");
  }
  return whole;
}

Result<Vocabulary> vocabularyOf(const json& vocabulary, std::string_view origin) {
  if (!vocabulary.is_object() || vocabulary.size() > kMostTokens) {
    return damaged(origin, "it has no vocabulary of tokens and their ids");
  }
  Vocabulary ids;
  for (const auto& [token, value] : vocabulary.items()) {
    const int id = idOf(value, 2 * vocabulary.size());
    if (id < 0) {
      return damaged(origin, cat("the token \"", token, "\" has no usable id among ", vocabulary.size()));
    }
    ids.emplace(token, id);
  }
  return ids;
}

Result<std::vector<std::string>> textsById(const Vocabulary& vocabulary, std::string_view origin) {
  int last = -1;
  for (const auto& [text, id] : vocabulary) {
    last = std::max(last, id);
  }
  std::vector<std::string> texts(static_cast<std::size_t>(last + 1));
  for (const auto& [text, id] : vocabulary) {
    std::string& place = texts[static_cast<std::size_t>(id)];
    if (!place.empty()) {
      return damaged(origin, cat("two tokens have the id ", id));
    }
    place = text;
  }
  return texts;
}

Result<std::vector<Merge>> mergesOf(const json& list, std::string_view origin) {
  if (!list.is_array() || list.size() > kMostTokens) {
    return damaged(origin, "model.merges is no list of pairs");
  }
  std::vector<Merge> merges;
  for (const json& entry : list) {
    const auto parts = entry.is_string() ? split(entry.get_ref<const std::string&>(), ' ')
                       : entry.is_array() && entry.size() == 2 ? std::vector{textOf(entry[0]), textOf(entry[1])}
                                                               : std::vector<std::string>();
    if (parts.size() != 2 || parts[0].empty() || parts[1].empty()) {
      return damaged(origin, cat("its merge ", merges.size() + 1, " is not two tokens"));
    }
    merges.emplace_back(parts[0], parts[1]);
  }
  return merges;
}

Result<TokenizerJson> tokenizerFromJson(const json& whole, std::string_view origin) {
  TokenizerJson out;
  LIX_CHECK(readModel(at(whole, "model"), origin, out));
  LIX_CHECK(readAdded(at(whole, "added_tokens"), origin, out));
  LIX_TRY(out.normalizer, readNormalizer(at(whole, "normalizer"), origin));
  LIX_TRY(out.preTokenizer, readPreTokenizer(at(whole, "pre_tokenizer"), origin));
  LIX_CHECK(readTemplate(at(whole, "post_processor"), origin, out));
  out.padId = idOf(at(at(whole, "padding"), "pad_id"), out.texts.size());
  return out;
}

Result<TokenizerJson> parseTokenizerJson(std::string_view bytes, std::string_view origin) {
  LIX_TRY(const json whole, parseObject(bytes, origin));
  return tokenizerFromJson(whole, origin);
}

}  // namespace lix::nn::detail
