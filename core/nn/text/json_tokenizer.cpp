#include "nn/text/json_tokenizer.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/contracts.h"
#include "base/file.h"
#include "base/text.h"
#include "nn/text/prefix_index.h"
#include "nn/text/unicode.h"

namespace lix::nn {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* kFile = "tokenizer.json";
constexpr const char* kConfig = "tokenizer_config.json";

/// The bytes of white space at the front of `text`.
std::size_t spaceLength(std::string_view text) {
  const std::u32string characters = detail::toCharacters(text);
  const auto end = std::ranges::find_if_not(characters, &detail::isSpace);
  return detail::toUtf8(std::u32string_view(characters.begin(), end)).size();
}

/// The text without the white space at its end.
std::string_view withoutEnd(std::string_view text) {
  const std::u32string characters = detail::toCharacters(text);
  const auto last = std::find_if_not(characters.rbegin(), characters.rend(), &detail::isSpace);
  return text.substr(0, detail::toUtf8(std::u32string_view(characters.begin(), last.base())).size());
}

class JsonTokenizer final : public Tokenizer {
 public:
  JsonTokenizer(detail::TokenizerJson about, const detail::JsonSettings& settings, TokenizerFiles files)
      : json_(std::move(about)), settings_(settings), files_(std::move(files)) {
    std::vector<detail::PrefixIndex::Entry> raw, normalized;
    for (std::size_t i = 0; i < json_.added.size(); ++i) {
      const detail::AddedToken& token = json_.added[i];
      std::string text = token.normalized ? normal(token.text) : token.text;
      auto& entries = token.normalized ? normalized : raw;
      const bool known = std::ranges::any_of(entries, [&](const auto& entry) { return entry.first == text; });
      if (!text.empty() && !known) {
        entries.emplace_back(std::move(text), static_cast<int>(i));
      }
    }
    raw_ = detail::PrefixIndex(std::move(raw));
    normalized_ = detail::PrefixIndex(std::move(normalized));
  }

  TokenRow encode(std::string_view caption, int contextLength) const override {
    LIX_REQUIRE(contextLength > 0);
    TokenRow row;
    const auto length = static_cast<std::size_t>(contextLength);
    const std::size_t around = json_.before.size() + json_.after.size();
    const std::size_t room = length - std::min(length, around);
    row.ids.assign(json_.before.begin(), json_.before.end());
    appendCaption(caption, row.ids);
    row.truncated = row.ids.size() - json_.before.size() > room;
    row.ids.resize(std::min(row.ids.size(), json_.before.size() + room));
    row.ids.insert(row.ids.end(), json_.after.begin(), json_.after.end());
    if (row.ids.size() > length) {  // a context shorter than the marks keeps the last ones
      row.ids.erase(row.ids.begin(), row.ids.end() - contextLength);
    }
    row.length = static_cast<int>(row.ids.size());
    row.ids.resize(length, settings_.padId);
    return row;
  }

  int vocabularySize() const override { return static_cast<int>(json_.texts.size()); }

  std::vector<std::string> pieces(std::string_view caption) const override {
    std::vector<std::int32_t> ids;
    appendCaption(caption, ids);
    std::vector<std::string> out;
    std::ranges::transform(ids, std::back_inserter(out),
                           [&](std::int32_t id) { return json_.texts[static_cast<std::size_t>(id)]; });
    return out;
  }

  Result<void> save(const fs::path& folder, int contextLength) const override {
    for (const auto& [name, bytes] : files_) {
      LIX_CHECK(writeFile(folder / name, bytes));
    }
    if (files_.contains(kConfig)) {
      return {};
    }
    nlohmann::ordered_json config{{"tokenizer_class", "PreTrainedTokenizerFast"}, {"model_max_length", contextLength}};
    config["pad_token"] = json_.texts[static_cast<std::size_t>(settings_.padId)];
    config["padding_side"] = "right";
    config["do_lower_case"] = settings_.lowers;
    return writeFile(folder / kConfig, config.dump(2) + "\n");
  }

  std::uint64_t hash() const override {
    const auto clean = settings_.clean ? detail::nameOf(*settings_.clean) : std::string_view();
    return hash64(cat("json ", settings_.padId, ' ', settings_.lowers, ' ', clean), hash64(files_.at(kFile)));
  }

 private:
  std::string normal(std::string_view text) const {
    std::string out(text);
    for (const detail::TextStep& step : json_.normalizer) {
      out = step(out);
    }
    return out;
  }

  void appendCaption(std::string_view caption, std::vector<std::int32_t>& ids) const {
    const std::u32string characters =
        detail::toCharacters(settings_.clean ? detail::cleaned(caption, *settings_.clean) : std::string(caption));
    const std::string text = detail::toUtf8(settings_.lowers ? detail::lowerCase(characters) : characters);
    cut(text, raw_, detail::Place::Front, ids, [&](std::string_view part, detail::Place place) {
      cut(normal(part), normalized_, place, ids,
          [&](std::string_view within, detail::Place at) { appendText(within, at, ids); });
    });
  }

  /// Calls plain(text, place) for what lies between the tokens that `text` spells out, and appends their ids: of two that
  /// begin at one place the longer counts.
  template <class Plain>
  void cut(std::string_view text, const detail::PrefixIndex& tokens, detail::Place place,
           std::vector<std::int32_t>& ids, Plain&& plain) const {
    const auto give = [&](std::string_view part) {
      if (!part.empty()) {
        plain(part, place);
      }
      place = detail::Place::Later;
    };
    std::size_t begin = 0;
    for (std::size_t i = 0; !tokens.empty() && i < text.size();) {
      std::size_t length = 0;
      int which = 0;
      tokens.forEachPrefix(text.substr(i), [&](std::size_t size, int number) {
        length = size;
        which = number;
      });
      if (length == 0) {
        ++i;
        continue;
      }
      const detail::AddedToken& token = json_.added[static_cast<std::size_t>(which)];
      const std::string_view before = text.substr(begin, i - begin);
      give(token.takesLeft ? withoutEnd(before) : before);
      ids.push_back(token.id);
      i += length;
      i += token.takesRight ? spaceLength(text.substr(i)) : 0;
      begin = i;
    }
    give(text.substr(begin));
  }

  void appendText(std::string_view text, detail::Place place, std::vector<std::int32_t>& ids) const {
    std::vector<std::string> words{std::string(text)};
    for (const detail::SplitStep& step : json_.preTokenizer) {
      std::vector<std::string> next;
      for (std::size_t i = 0; i < words.size(); ++i) {
        std::ranges::move(step(words[i], i == 0 ? place : detail::Place::Later), std::back_inserter(next));
      }
      words = std::move(next);
    }
    for (const std::string& word : words) {
      json_.model(word, ids);
    }
  }

  detail::TokenizerJson json_;
  detail::JsonSettings settings_;
  TokenizerFiles files_;
  detail::PrefixIndex raw_, normalized_;  ///< the added tokens, numbered as in json_
};

}  // namespace

Result<detail::JsonSettings> detail::jsonSettings(const TokenizerJson& about, const TokenizerFiles& files,
                                                  std::string_view origin) {
  JsonSettings settings;
  json config = json::object();
  const std::string place = cat(origin, "/", kConfig);
  if (const auto found = files.find(kConfig); found != files.end()) {
    LIX_TRY(config, parseObject(found->second, place));
  }
  LIX_TRY(settings.clean, cleaningIn(config, place));
  if (config.value("padding_side", json()) == "left") {
    return fail(ErrorCode::Unsupported,
                cat(place, " pads captions on the left (padding_side), which SigLIP and CLIP do not and is not computed "
                           "here. Set it to \"right\" if the model was trained so."));
  }
  const json lower = config.value("do_lower_case", json());
  settings.lowers = !settings.clean && (lower.is_boolean() ? lower.get<bool>() : about.kind == TokenizerJson::Kind::BytePairs);
  const json pad = config.value("pad_token", json()), content = pad.is_object() ? pad.value("content", json()) : pad;
  const auto idOf = [&](std::string_view token) {
    const auto found = std::ranges::find(about.texts, token);
    return found == about.texts.end() ? -1 : static_cast<int>(found - about.texts.begin());
  };
  if (content.is_string()) {
    settings.padId = idOf(content.get_ref<const std::string&>());
    if (settings.padId < 0) {
      return fail(ErrorCode::BadInput, cat(place, " cannot be used: its pad_token \"", content.get<std::string>(),
                                           "\" is not in the vocabulary. Get the file again."));
    }
    return settings;
  }
  settings.padId = about.padId >= 0 ? about.padId : std::max(0, idOf("<pad>"));
  return settings;
}

std::shared_ptr<const Tokenizer> detail::makeJsonTokenizer(TokenizerJson about, const JsonSettings& settings,
                                                           TokenizerFiles files) {
  return std::make_shared<JsonTokenizer>(std::move(about), settings, std::move(files));
}

}  // namespace lix::nn
