#include <zlib.h>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/text.h"
#include "nn/checkpoint/tokenizer_files.h"
#include "nn/text/clip_tokenizer.h"

namespace lix::nn::detail {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::size_t kMaxText = 64 << 20;
constexpr std::size_t kMostMerges = 49152 - 256 - 2;  // what OpenAI's tokenizer takes of its file
constexpr std::string_view kEnd = "<|endoftext|>";

std::unexpected<Error> damaged(const fs::path& path, std::string_view why) {
  return fail(ErrorCode::BadInput, cat(path.string(), " cannot be used: ", why, ". Get the file again."));
}

/// Lines "left right"; empty ones and a first one that begins with "#version" say nothing.
Result<std::vector<ClipBpe::Merge>> mergesOf(const std::vector<std::string>& lines, std::size_t from,
                                             const fs::path& origin) {
  std::vector<ClipBpe::Merge> merges;
  for (std::size_t i = from; i < lines.size() && merges.size() < kMostMerges; ++i) {
    const auto line = trim(lines[i]);
    const auto blank = line.find(' ');
    if (line.empty() || (i == 0 && line.starts_with("#version"))) {
      continue;
    }
    if (blank == std::string_view::npos || line.find(' ', blank + 1) != std::string_view::npos || !isUtf8(line)) {
      return damaged(origin, cat("line ", i + 1, " is not two tokens"));
    }
    merges.emplace_back(line.substr(0, blank), line.substr(blank + 1));
  }
  return merges;
}

Result<json> readJson(const fs::path& path, std::string& kept) {
  LIX_TRY(kept, readFile(path, kMaxText));
  json whole = json::parse(kept, nullptr, false);
  if (!whole.is_object()) {
    return damaged(path, "it is not a JSON object; it may be cut off");
  }
  return whole;
}

Result<std::unordered_map<std::string, int>> idsOf(const json& vocabulary, const fs::path& path) {
  std::unordered_map<std::string, int> ids;
  for (const auto& [token, id] : vocabulary.items()) {
    if (!id.is_number_integer() || id.get<double>() < 0 || id.get<double>() > 1 << 24) {
      return damaged(path, cat("the token \"", token, "\" has no usable id"));
    }
    ids.emplace(token, id.get<int>());
  }
  return ids;
}

/// The merges of tokenizer.json: "a b" in old files, ["a", "b"] in new ones.
Result<std::vector<ClipBpe::Merge>> mergesOf(const json& list, const fs::path& path) {
  std::vector<ClipBpe::Merge> merges;
  for (const json& entry : list) {
    if (entry.is_array() && entry.size() == 2 && entry[0].is_string() && entry[1].is_string()) {
      merges.emplace_back(entry[0].get<std::string>(), entry[1].get<std::string>());
      continue;
    }
    const auto parts = entry.is_string() ? split(entry.get<std::string>(), ' ') : std::vector<std::string>();
    if (parts.size() != 2) {
      return damaged(path, cat("its merge ", merges.size() + 1, " is not two tokens"));
    }
    merges.emplace_back(parts[0], parts[1]);
  }
  return merges;
}

Result<ClipBpe> readTokenizerJson(const fs::path& path, std::string& kept) {
  LIX_TRY(json whole, readJson(path, kept));
  const json model = whole.contains("model") && whole["model"].is_object() ? whole["model"] : json::object();
  const auto is = [&](const char* key, const char* value) { return model.contains(key) && model[key] == value; };
  if (!is("type", "BPE") || !is("end_of_word_suffix", "</w>") || !model.contains("vocab") ||
      !model["vocab"].is_object() || !model.contains("merges") || !model["merges"].is_array()) {
    return fail(ErrorCode::Unsupported, cat(path.string(), " is not a CLIP tokenizer; SentencePiece models "
                                                           "(spiece.model) and CLIP's byte pairs can be read."));
  }
  json vocabulary = model["vocab"];
  for (const json& added : whole.value("added_tokens", json::array())) {
    if (added.is_object() && added.contains("content") && added["content"].is_string() && added.contains("id")) {
      vocabulary[added["content"].get<std::string>()] = added["id"];
    }
  }
  LIX_TRY(auto ids, idsOf(vocabulary, path));
  LIX_TRY(const auto merges, mergesOf(model["merges"], path));
  return ClipBpe::fromVocabulary(std::move(ids), merges, path.string());
}

/// The id that fills rows up: pad_token of tokenizer_config.json, else the end mark.
Result<int> padIdOf(const fs::path& folder, const ClipBpe& bpe, std::map<std::string, std::string>& kept) {
  const fs::path path = folder / "tokenizer_config.json";
  std::error_code ignored;
  std::string token(kEnd);
  if (fs::exists(path, ignored)) {
    LIX_TRY(const json config, readJson(path, kept["tokenizer_config.json"]));
    const json pad = config.value("pad_token", json());
    const json content = pad.is_object() ? pad.value("content", json()) : pad;
    token = content.is_string() ? content.get<std::string>() : token;
  }
  const int id = bpe.find(token);
  if (id < 0) {
    return damaged(path, cat("its pad_token \"", token, "\" is not in the vocabulary"));
  }
  return id;
}

}  // namespace

Result<std::string> gunzip(std::string_view bytes, std::size_t limit, std::string_view origin) {
  z_stream stream{};
  constexpr int kGzipOnly = 16 + MAX_WBITS;
  std::string out;
  int status = inflateInit2(&stream, kGzipOnly);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib reads it only
  stream.avail_in = static_cast<uInt>(bytes.size());
  while (status == Z_OK && out.size() <= limit) {
    std::array<char, 1 << 16> block;
    stream.next_out = reinterpret_cast<Bytef*>(block.data());
    stream.avail_out = static_cast<uInt>(block.size());
    status = inflate(&stream, Z_NO_FLUSH);
    out.append(block.data(), block.size() - stream.avail_out);
    if (status == Z_STREAM_END && stream.avail_in > 0) {
      status = inflateReset(&stream);  // gzip files may be written one behind the other
    }
  }
  inflateEnd(&stream);
  if (status != Z_STREAM_END || out.size() > limit) {
    return fail(ErrorCode::BadInput, cat(origin, " cannot be decompressed: it is cut off, damaged, or longer than ",
                                         limit >> 20, " MiB. Get the file again."));
  }
  return out;
}

Result<ClipFiles> readClipMerges(const fs::path& file) {
  LIX_TRY(std::string packed, readFile(file, kMaxText));
  LIX_TRY(const std::string text, gunzip(packed, kMaxText, file.string()));
  LIX_TRY(const auto merges, mergesOf(split(text, '\n'), 1, file));
  LIX_TRY(ClipBpe bpe, ClipBpe::fromMerges(merges, file.string()));
  const std::string name = file.filename().string();
  return ClipFiles{std::move(bpe), Cleaning::OpenClip, 0, {{isMergesName(name) ? name : "bpe_vocab.txt.gz", std::move(packed)}}};
}

Result<ClipFiles> readClipFolder(const fs::path& folder) {
  std::map<std::string, std::string> kept;
  std::error_code ignored;
  const fs::path vocabulary = folder / "vocab.json", pairs = folder / "merges.txt", both = folder / "tokenizer.json";
  const bool split = fs::exists(vocabulary, ignored) && fs::exists(pairs, ignored);
  const auto read = [&]() -> Result<ClipBpe> {
    if (!split) {
      return readTokenizerJson(both, kept["tokenizer.json"]);
    }
    LIX_TRY(const json whole, readJson(vocabulary, kept["vocab.json"]));
    LIX_TRY(auto ids, idsOf(whole, vocabulary));
    LIX_TRY(kept["merges.txt"], readFile(pairs, kMaxText));
    LIX_TRY(const auto merges, mergesOf(lix::split(kept["merges.txt"], '\n'), 0, pairs));
    return ClipBpe::fromVocabulary(std::move(ids), merges, vocabulary.string());
  };
  LIX_TRY(ClipBpe bpe, read());
  LIX_TRY(const int pad, padIdOf(folder, bpe, kept));
  if (split && fs::exists(both, ignored)) {  // not read, but other programs look for it
    LIX_TRY(kept["tokenizer.json"], readFile(both, kMaxText));
  }
  return ClipFiles{std::move(bpe), Cleaning::HuggingFace, pad, std::move(kept)};
}

}  // namespace lix::nn::detail
