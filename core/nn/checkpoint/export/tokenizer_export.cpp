#include "nn/checkpoint/export/tokenizer_export.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "nn/text/clip_tokenizer.h"
#include "nn/text/json_tokenizer.h"

namespace lix::nn::detail {
namespace {

using nlohmann::ordered_json;
constexpr std::size_t kMostText = 64 << 20;
constexpr const char* kJson = "tokenizer.json";
constexpr const char* kConfig = "tokenizer_config.json";
constexpr std::string_view kFolder = "the checkpoint";  // in errors

std::string mergesOf(const TokenizerFiles& files) {
  const auto found = std::ranges::find_if(files, [](const auto& file) { return isMergesName(file.first); });
  return found == files.end() ? "" : found->first;
}

ordered_json configOf(const TokenizerFiles& files) {
  const auto found = files.find(kConfig);
  auto config = found == files.end() ? ordered_json() : ordered_json::parse(found->second, nullptr, false);
  return config.is_object() ? config : ordered_json::object();
}

/// The cleaning that tokenizer_config.json names, "" for none.
std::string cleaningOf(const TokenizerFiles& files) {
  const ordered_json clean = configOf(files).value("clean", ordered_json());
  return clean.is_string() ? clean.get<std::string>() : std::string();
}

/// OpenCLIP's merges as the files that transformers reads: ids in their order, merges without the header.
Result<TokenizerFiles> clipFiles(const std::string& merges, const TokenizerFiles& files, int contextLength) {
  LIX_TRY(const ClipFiles clip, clipFromMerges(merges, files, kFolder));
  LIX_TRY(const std::string text, gunzip(files.at(merges), kMostText, merges));
  nlohmann::json vocabulary = nlohmann::json::object();
  const int marks = clip.bpe.size() - 2;
  for (int id = 0; id < marks; ++id) {
    vocabulary[clip.bpe.text(id)] = id;
  }
  vocabulary["<|startoftext|>"] = clip.bpe.startId();
  vocabulary["<|endoftext|>"] = clip.bpe.endId();
  const auto lines = split(text, '\n');
  std::string pairs = "#version: 0.2\n";
  for (int i = 1; i <= marks - 512 && std::size_t(i) < lines.size(); ++i) {
    pairs += lines[std::size_t(i)] + "\n";
  }
  const ordered_json config{{"bos_token", "<|startoftext|>"},    {"eos_token", "<|endoftext|>"},
                            {"pad_token", "<|endoftext|>"},      {"unk_token", "<|endoftext|>"},
                            {"model_max_length", contextLength}, {"tokenizer_class", "CLIPTokenizer"}};
  return TokenizerFiles{{"vocab.json", vocabulary.dump()}, {"merges.txt", pairs}, {kConfig, config.dump(2) + "\n"}};
}

ordered_json replaceStep(const char* kind, const char* pattern, const char* content) {
  return {{"type", "Replace"}, {"pattern", {{kind, pattern}}}, {"content", content}};
}

/// What is done to a caption before its tokenizer.json, as steps of a normalizer.
ordered_json stepsBefore(const JsonSettings& settings) {
  ordered_json steps = ordered_json::array();
  if (settings.clean == Cleaning::Canonicalize) {
    steps.push_back(replaceStep("String", "_", " "));
    steps.push_back(replaceStep("Regex", kPunctuationPattern, ""));
  }
  if (settings.lowers || settings.clean == Cleaning::Canonicalize || settings.clean == Cleaning::Lower) {
    steps.push_back({{"type", "Lowercase"}});
  }
  if (settings.clean) {
    steps.push_back(replaceStep("Regex", kSpacesPattern, " "));
    steps.push_back({{"type", "Strip"}, {"strip_left", true}, {"strip_right", true}});
  }
  return steps;
}

/// A tokenizer.json that needs nothing before it, and a tokenizer_config.json whose class does nothing of its own to it.
Result<TokenizerFiles> jsonFiles(const TokenizerFiles& files, int contextLength) {
  LIX_TRY(const TokenizerJson about, parseTokenizerJson(files.at(kJson), cat(kFolder, "/", kJson)));
  LIX_TRY(const JsonSettings settings, jsonSettings(about, files, kFolder));
  TokenizerFiles out = files;
  auto whole = ordered_json::parse(files.at(kJson), nullptr, false);
  ordered_json steps = stepsBefore(settings), config = configOf(files);
  if (!steps.empty()) {
    if (const ordered_json old = whole.value("normalizer", ordered_json()); !old.is_null()) {
      steps.push_back(old);
    }
    whole["normalizer"] = {{"type", "Sequence"}, {"normalizers", steps}};
    out[kJson] = whole.dump(2, ' ', false);
  }
  config["tokenizer_class"] = "PreTrainedTokenizerFast";
  config["model_input_names"] = {"input_ids"};  // the towers read no mask
  config["model_max_length"] = contextLength;
  config["padding_side"] = "right";
  config["pad_token"] = about.texts[static_cast<std::size_t>(settings.padId)];
  if (!about.after.empty()) {
    config["eos_token"] = about.texts[static_cast<std::size_t>(about.after.back())];
  }
  out[kConfig] = config.dump(2) + "\n";
  return out;
}

bool isPlainJson(const TokenizerFiles& files) {
  const bool others = files.contains("spiece.model") || (files.contains("vocab.json") && files.contains("merges.txt"));
  const auto found = files.find(kJson);
  return !others && mergesOf(files).empty() && found != files.end() &&
         !isClip(nlohmann::json::parse(found->second, nullptr, false));
}

}  // namespace

Result<TokenizerFiles> transformersTokenizer(const TokenizerFiles& files, int contextLength,
                                             std::vector<std::string>& notes) {
  const std::string merges = mergesOf(files);
  if (!merges.empty() || !cleaningOf(files).empty()) {
    notes.push_back(
        "transformers cleans captions less than OpenCLIP does (quotes, HTML references); plain ones get the same ids.");
  }
  if (!merges.empty()) {
    return clipFiles(merges, files, contextLength);
  }
  return isPlainJson(files) ? jsonFiles(files, contextLength) : files;
}

TokenizerUse tokenizerUse(const TokenizerFiles& files) {
  const std::string merges = mergesOf(files), clean = cleaningOf(files);
  TokenizerUse use{.kind = merges.empty() ? TokenizerKind::Other : TokenizerKind::OpenClipMerges, .clean = clean};
  if (clean.empty() && files.contains("spiece.model")) {
    use.clean = nameOf(Cleaning::Canonicalize);  // the nearest to what SigLIP's own tokenizer does
  } else if (clean.empty() && isPlainJson(files)) {
    use.clean = nameOf(Cleaning::Lower);  // the nearest to what SigLIP 2 was trained on
  }
  return use;
}

}  // namespace lix::nn::detail
