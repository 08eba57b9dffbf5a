#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/text.h"
#include "nn/text/clip_tokenizer.h"
#include "nn/text/json_tokenizer.h"
#include "nn/text/sentencepiece_tokenizer.h"
#include "nn/text/tokenizer_from_files.h"

namespace lix::nn {
namespace {
namespace fs = std::filesystem;

constexpr std::size_t kMaxFile = 64 << 20;

Result<std::shared_ptr<const Tokenizer>> made(Result<detail::ClipFiles> files) {
  if (!files) {
    return std::unexpected(files.error());
  }
  return detail::makeClipTokenizer(std::move(*files));
}

Result<std::shared_ptr<const Tokenizer>> fromJson(const TokenizerFiles& files, std::string_view folder) {
  const std::string origin = cat(folder, "/tokenizer.json");
  LIX_TRY(nlohmann::json whole, detail::parseObject(files.at("tokenizer.json"), origin));
  if (detail::isClip(whole)) {
    return made(detail::clipFromJson(whole, files, folder));
  }
  LIX_TRY(detail::TokenizerJson about, detail::tokenizerFromJson(whole, origin));
  LIX_TRY(const detail::JsonSettings settings, detail::jsonSettings(about, files, folder));
  TokenizerFiles kept;
  for (const char* name : {"tokenizer.json", "tokenizer_config.json"}) {
    if (const auto found = files.find(name); found != files.end()) {
      kept.insert(*found);
    }
  }
  return detail::makeJsonTokenizer(std::move(about), settings, std::move(kept));
}

/// What only half a tokenizer, or one of another kind, lies in a folder that has none to read.
Result<std::shared_ptr<const Tokenizer>> missing(const fs::path& folder) {
  std::error_code ignored;
  for (const auto* other : {"tokenizer.model", "sentencepiece.bpe.model"}) {
    if (fs::exists(folder / other, ignored)) {
      return fail(ErrorCode::Unsupported, cat(folder.string(), " has its tokenizer as ", other,
                                              ", which is not read; put the tokenizer.json of the same model there."));
    }
  }
  for (const auto* other : {"vocab.json", "merges.txt", "vocab.txt"}) {
    if (fs::exists(folder / other, ignored)) {
      return fail(ErrorCode::Unsupported,
                  cat("Of the tokenizer of ", folder.string(), " there is only ", other,
                      "; SentencePiece models (spiece.model), CLIP's byte pairs (bpe_*.txt.gz, or vocab.json with "
                      "merges.txt) and tokenizer.json can be read."));
    }
  }
  return fail(ErrorCode::NotFound, cat(folder.string(),
                                       " has no tokenizer: spiece.model and tokenizer.json are missing, and so are "
                                       "CLIP's files. Copy it there from where the checkpoint came."));
}

}  // namespace

Result<std::shared_ptr<const Tokenizer>> tokenizerFrom(const TokenizerFiles& files, std::string_view folder) {
  const auto has = [&](const char* name) { return files.contains(name); };
  if (has("spiece.model")) {
    return detail::sentencePieceFrom(files, folder);
  }
  std::vector<std::string> merges;
  for (const auto& [name, bytes] : files) {
    if (isMergesName(name)) {
      merges.push_back(name);
    }
  }
  if (merges.size() > 1) {
    return fail(ErrorCode::BadInput, cat(folder, " has several CLIP vocabularies (", merges[0], ", ", merges[1],
                                         "); keep the one that belongs to the weights."));
  }
  if (!merges.empty()) {
    return made(detail::clipFromMerges(merges[0], files, folder));
  }
  if (has("vocab.json") && has("merges.txt")) {
    return made(detail::clipFromVocabulary(files, folder));
  }
  if (has("tokenizer.json")) {
    return fromJson(files, folder);
  }
  return fail(ErrorCode::NotFound, cat(folder, " has no tokenizer. Copy it there from where the checkpoint came."));
}

Result<std::shared_ptr<const Tokenizer>> loadTokenizer(const fs::path& checkpoint) {
  std::error_code ignored;
  if (fs::is_regular_file(checkpoint, ignored)) {
    LIX_TRY(std::string packed, readFile(checkpoint, kMaxFile));
    const std::string name = checkpoint.filename().string();
    return tokenizerFrom({{isMergesName(name) ? name : "bpe_vocab.txt.gz", std::move(packed)}},
                         checkpoint.parent_path().string());
  }
  if (!fs::is_directory(checkpoint, ignored)) {
    return fail(ErrorCode::NotFound, cat(checkpoint.string(), " is not a folder; name the folder of a checkpoint."));
  }
  LIX_TRY(const TokenizerFiles files, readTokenizerFiles(checkpoint));
  return wordsOf(files).empty() ? missing(checkpoint) : tokenizerFrom(files, checkpoint.string());
}

}  // namespace lix::nn
