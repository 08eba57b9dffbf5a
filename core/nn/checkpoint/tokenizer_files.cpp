#include "nn/checkpoint/tokenizer_files.h"

#include <algorithm>

#include "base/file.h"
#include "base/text.h"

namespace lix::nn {
namespace {
namespace fs = std::filesystem;

constexpr std::size_t kMostBytes = 64 << 20;
constexpr std::string_view kNames[] = {"spiece.model", "vocab.json", "merges.txt", "tokenizer.json",
                                       "tokenizer_config.json"};

}  // namespace

bool isMergesName(std::string_view fileName) {
  return fileName.starts_with("bpe_") && fileName.ends_with(".txt.gz");
}

Result<TokenizerFiles> readTokenizerFiles(const fs::path& folder) {
  TokenizerFiles files;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (isMergesName(name) || std::ranges::find(kNames, name) != std::end(kNames)) {
      LIX_TRY(files[name], readFile(at->path(), kMostBytes));
    }
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return fail(ErrorCode::Io, cat("The folder ", folder.string(), " cannot be read: ", error.message(), "."));
  }
  return files;
}

std::vector<std::string> wordsOf(const TokenizerFiles& files) {
  const auto has = [&](const char* name) { return files.contains(name); };
  const auto merges = std::ranges::find_if(files, [](const auto& file) { return isMergesName(file.first); });
  if (has("spiece.model")) {
    return {files.at("spiece.model")};
  }
  if (merges != files.end()) {
    return {merges->second};
  }
  if (has("vocab.json") && has("merges.txt")) {
    return {files.at("vocab.json"), files.at("merges.txt")};
  }
  return has("tokenizer.json") ? std::vector{files.at("tokenizer.json")} : std::vector<std::string>();
}

}  // namespace lix::nn
