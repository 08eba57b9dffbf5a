#include "nn/checkpoint/tokenizer_files.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/text.h"

namespace lix::nn {
namespace {
namespace fs = std::filesystem;

constexpr std::size_t kMostBytes = 64 << 20;
constexpr std::size_t kMostConfig = 1 << 20;
constexpr std::string_view kNames[] = {"spiece.model", "vocab.json", "merges.txt", "tokenizer.json",
                                       "tokenizer_config.json"};
constexpr const char* kConfig = "tokenizer_config.json";
constexpr const char* kLower = "lower";  // what OpenCLIP's own tokenizer does where nothing is said

/// OpenCLIP's configuration of a folder whose weights OpenCLIP would read; nothing where they are transformers'.
fs::path openClipConfig(const fs::path& folder) {
  std::error_code ignored;
  const auto has = [&](const char* name) { return fs::exists(folder / name, ignored); };
  const bool weights = has("model.safetensors") || has("model.safetensors.index.json") || has("pytorch_model.bin") ||
                       has("pytorch_model.bin.index.json");
  if (has("config.json") && weights) {
    return {};
  }
  return has("open_clip_config.json") ? folder / "open_clip_config.json"
         : has("model_config.json")   ? folder / "model_config.json"
                                      : fs::path();
}

/// The cleaning that OpenCLIP's configuration asks for; a configuration that cannot be read is the checkpoint's matter.
std::string cleaningOf(const std::string& config) {
  using nlohmann::json;
  const json whole = json::parse(config, nullptr, false);
  const auto part = [](const json& object, const char* key) {
    return object.is_object() ? object.value(key, json()) : json();
  };
  const json model = part(whole, "model_cfg").is_object() ? part(whole, "model_cfg") : whole;
  const json text = part(model, "text_cfg"), clean = part(part(text, "tokenizer_kwargs"), "clean");
  const json name = part(text, "hf_tokenizer_name");
  const bool theirs = name.is_string() && !name.get_ref<const std::string&>().empty();
  return clean.is_string() ? clean.get<std::string>() : theirs ? "whitespace" : kLower;
}

/// tokenizer_config.json with `clean` added; as it is where it is no JSON object or says it already.
std::string withCleaning(const std::string& config, const std::string& clean) {
  auto whole = config.empty() ? nlohmann::ordered_json::object() : nlohmann::ordered_json::parse(config, nullptr, false);
  if (!whole.is_object() || whole.contains("clean")) {
    return config;
  }
  whole["clean"] = clean;
  return whole.dump(2) + "\n";
}

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
  const fs::path config = files.empty() ? fs::path() : openClipConfig(folder);
  if (!config.empty()) {
    LIX_TRY(const std::string text, readFile(config, kMostConfig));
    const bool merges = std::ranges::any_of(files, [](const auto& file) { return isMergesName(file.first); });
    if (const std::string clean = cleaningOf(text); !merges || clean != kLower) {
      files[kConfig] = withCleaning(files[kConfig], clean);
    }
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
