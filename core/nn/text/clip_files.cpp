#include <zlib.h>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "nn/text/clip_tokenizer.h"
#include "nn/text/tokenizer_json.h"

namespace lix::nn::detail {
namespace {
using nlohmann::json;

constexpr std::size_t kMaxText = 64 << 20;
constexpr std::size_t kMostMerges = 49152 - 256 - 2;  // what OpenAI's tokenizer takes of its file
constexpr std::string_view kEnd = "<|endoftext|>";
constexpr const char* kConfig = "tokenizer_config.json";

std::unexpected<Error> damaged(std::string_view origin, std::string_view why) {
  return fail(ErrorCode::BadInput, cat(origin, " cannot be used: ", why, ". Get the file again."));
}

/// Lines "left right"; empty ones and a first one that begins with "#version" say nothing.
Result<std::vector<Merge>> mergeLines(const std::vector<std::string>& lines, std::size_t from,
                                             std::string_view origin) {
  std::vector<Merge> merges;
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

bool says(const json& object, const char* key, const char* value) {
  return object.is_object() && object.value(key, json()) == value;
}

/// Whether every step of a `normalizer` or `pre_tokenizer` is of the types that CLIP's has; null counts as CLIP's.
bool areOf(const json& step, const char* list, std::initializer_list<const char*> types) {
  if (step.is_null()) {
    return true;
  }
  if (says(step, "type", "Sequence") && step.value(list, json()).is_array()) {
    return std::ranges::all_of(step[list], [&](const json& within) { return areOf(within, list, types); });
  }
  return std::ranges::any_of(types, [&](const char* type) { return says(step, "type", type); });
}

Result<ClipBpe> fromTokenizerJson(const json& whole, std::string_view origin) {
  const std::pair<const char*, bool> fields[] = {
      {"normalizer", areOf(whole.value("normalizer", json()), "normalizers", {"NFC", "Replace", "Lowercase"})},
      {"pre_tokenizer", areOf(whole.value("pre_tokenizer", json()), "pretokenizers", {"Split", "ByteLevel"})}};
  for (const auto& [field, known] : fields) {
    if (!known) {
      return fail(ErrorCode::Unsupported,
                  cat(origin, " asks for something that is not computed here: its ", field,
                      " is not CLIP's. Use a checkpoint with a tokenizer of CLIP or SigLIP."));
    }
  }
  const json model = whole["model"], added = whole.value("added_tokens", json::array());
  json vocabulary = model.value("vocab", json());
  for (const json& token : vocabulary.is_object() && added.is_array() ? added : json::array()) {
    if (token.is_object() && token.value("content", json()).is_string() && token.contains("id")) {
      vocabulary[token["content"].get<std::string>()] = token["id"];
    }
  }
  LIX_TRY(auto ids, vocabularyOf(vocabulary, origin));
  LIX_TRY(const auto merges, mergesOf(model.value("merges", json()), origin));
  return ClipBpe::fromVocabulary(std::move(ids), merges, origin);
}

/// What tokenizer_config.json says: the id that fills rows up (pad_token, else the end mark) and OpenCLIP's cleaning.
Result<void> readConfig(const TokenizerFiles& files, std::string_view folder, ClipFiles& out) {
  const std::string origin = cat(folder, "/", kConfig);
  json config = json::object();
  if (const auto found = files.find(kConfig); found != files.end()) {
    LIX_TRY(config, parseObject(found->second, origin));
  }
  LIX_TRY(out.clean, cleaningIn(config, origin));
  const json pad = config.value("pad_token", json()), content = pad.is_object() ? pad.value("content", json()) : pad;
  const std::string token = content.is_string() ? content.get<std::string>() : std::string(kEnd);
  out.padId = out.bpe.find(token);
  if (out.padId < 0) {
    return damaged(origin, cat("its pad_token \"", token, "\" is not in the vocabulary"));
  }
  return {};
}

/// The files among `files` that a Hugging Face folder of CLIP has.
TokenizerFiles kept(const TokenizerFiles& files) {
  TokenizerFiles out;
  for (const char* name : {"vocab.json", "merges.txt", "tokenizer.json", kConfig}) {
    if (const auto found = files.find(name); found != files.end()) {
      out.insert(*found);
    }
  }
  return out;
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

Result<ClipFiles> clipFromMerges(const std::string& name, const TokenizerFiles& files, std::string_view folder) {
  const std::string origin = cat(folder, "/", name);
  LIX_TRY(const std::string text, gunzip(files.at(name), kMaxText, origin));
  LIX_TRY(const auto merges, mergeLines(split(text, '\n'), 1, origin));
  LIX_TRY(ClipBpe bpe, ClipBpe::fromMerges(merges, origin));
  ClipFiles out{std::move(bpe), ClipRules::OpenClip, Cleaning::Lower, 0, {{name, files.at(name)}}};
  if (const auto found = files.find(kConfig); found != files.end()) {
    LIX_TRY(const json config, parseObject(found->second, cat(folder, "/", kConfig)));
    LIX_TRY(const auto clean, cleaningIn(config, cat(folder, "/", kConfig)));
    out.clean = clean.value_or(Cleaning::Lower);
    if (clean) {
      out.bytes.insert(*found);
    }
  }
  return out;
}

Result<ClipFiles> clipFromVocabulary(const TokenizerFiles& files, std::string_view folder) {
  const std::string vocabulary = cat(folder, "/vocab.json"), pairs = cat(folder, "/merges.txt");
  LIX_TRY(const json whole, parseObject(files.at("vocab.json"), vocabulary));
  LIX_TRY(auto ids, vocabularyOf(whole, vocabulary));
  LIX_TRY(const auto merges, mergeLines(split(files.at("merges.txt"), '\n'), 0, pairs));
  LIX_TRY(ClipBpe bpe, ClipBpe::fromVocabulary(std::move(ids), merges, vocabulary));
  ClipFiles out{std::move(bpe), ClipRules::HuggingFace, {}, 0, kept(files)};
  LIX_CHECK(readConfig(files, folder, out));
  return out;
}

bool isClip(const json& whole) {
  const json model = whole.is_object() ? whole.value("model", json()) : json();
  return model.is_object() && model.value("merges", json()).is_array() && says(model, "end_of_word_suffix", "</w>");
}

Result<ClipFiles> clipFromJson(const json& whole, const TokenizerFiles& files, std::string_view folder) {
  LIX_TRY(ClipBpe bpe, fromTokenizerJson(whole, cat(folder, "/tokenizer.json")));
  ClipFiles out{std::move(bpe), ClipRules::HuggingFace, {}, 0, kept(files)};
  LIX_CHECK(readConfig(files, folder, out));
  return out;
}

}  // namespace lix::nn::detail
