#include <algorithm>

#include "base/text.h"
#include "nn/checkpoint/tokenizer_files.h"
#include "nn/text/clip_tokenizer.h"
#include "nn/text/sentencepiece_tokenizer.h"

namespace lix::nn {
namespace {
namespace fs = std::filesystem;

/// Files bpe_*.txt.gz, sorted.
std::vector<fs::path> mergeFiles(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code ignored;
  for (fs::directory_iterator at(folder, ignored), end; !ignored && at != end; at.increment(ignored)) {
    if (isMergesName(at->path().filename().string())) {
      found.push_back(at->path());
    }
  }
  std::ranges::sort(found);
  return found;
}

Result<std::shared_ptr<const Tokenizer>> made(Result<detail::ClipFiles> files) {
  if (!files) {
    return std::unexpected(files.error());
  }
  return detail::makeClipTokenizer(std::move(*files));
}

}  // namespace

Result<std::shared_ptr<const Tokenizer>> loadTokenizer(const fs::path& checkpoint) {
  std::error_code ignored;
  if (fs::is_regular_file(checkpoint, ignored)) {
    return made(detail::readClipMerges(checkpoint));
  }
  if (!fs::is_directory(checkpoint, ignored)) {
    return fail(ErrorCode::NotFound, cat(checkpoint.string(), " is not a folder; name the folder of a checkpoint."));
  }
  const auto has = [&](const char* name) { return fs::exists(checkpoint / name, ignored); };
  if (has("spiece.model")) {
    return detail::loadSentencePiece(checkpoint);
  }
  const auto merges = mergeFiles(checkpoint);
  if (merges.size() > 1) {
    return fail(ErrorCode::BadInput, cat(checkpoint.string(), " has several CLIP vocabularies (",
                                         merges[0].filename().string(), ", ", merges[1].filename().string(),
                                         "); keep the one that belongs to the weights."));
  }
  if (!merges.empty()) {
    return made(detail::readClipMerges(merges[0]));
  }
  if ((has("vocab.json") && has("merges.txt")) || has("tokenizer.json")) {
    return made(detail::readClipFolder(checkpoint));
  }
  for (const auto* other : {"vocab.json", "merges.txt", "vocab.txt"}) {
    if (has(other)) {
      return fail(ErrorCode::Unsupported,
                  cat("Of the tokenizer of ", checkpoint.string(), " there is only ", other,
                      "; SentencePiece models (spiece.model) and CLIP's byte pairs (bpe_*.txt.gz, or vocab.json with "
                      "merges.txt, or tokenizer.json) can be read."));
    }
  }
  return fail(ErrorCode::NotFound, cat(checkpoint.string(),
                                       " has no tokenizer: spiece.model is missing, and so are CLIP's files. Copy it "
                                       "there from where the checkpoint came."));
}

}  // namespace lix::nn
