#include "nn/checkpoint/import/source.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/text.h"
#include "nn/checkpoint/import/llip.h"
#include "nn/config.h"

namespace lix::nn::detail {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::uintmax_t kMaxConfig = 1 << 20, kMaxIndex = 64 << 20;
constexpr std::size_t kMostShards = 10'000;
constexpr std::string_view kIndex = ".index.json";
constexpr const char* kHuggingFace[] = {"model.safetensors", "model.safetensors.index.json", "pytorch_model.bin",
                                        "pytorch_model.bin.index.json"};
constexpr const char* kOpenClip[] = {"open_clip_model.safetensors", "open_clip_pytorch_model.safetensors",
                                     "open_clip_pytorch_model.bin", "open_clip_pytorch_model.pth",
                                     "model.safetensors",           "pytorch_model.bin"};
/// Pickles that lie in folders of trainings and are no weights.
constexpr std::string_view kNoWeights[] = {"training_args.bin", "optimizer.bin", "optimizer.pt", "scheduler.bin",
                                           "scheduler.pt"};

bool isThere(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

std::vector<fs::path> filesWith(const fs::path& folder, std::initializer_list<const char*> extensions) {
  std::vector<fs::path> found;
  std::error_code ignored;
  for (fs::directory_iterator at(folder, ignored), end; !ignored && at != end; at.increment(ignored)) {
    const std::string name = at->path().filename().string();
    if (std::ranges::any_of(extensions, [&](const char* one) { return at->path().extension() == one; }) &&
        std::ranges::find(kNoWeights, name) == std::end(kNoWeights)) {
      found.push_back(at->path());
    }
  }
  std::ranges::sort(found);
  return found;
}

std::unexpected<Error> badIndex(const fs::path& path, std::string_view why) {
  return fail(ErrorCode::BadInput,
              cat(path.string(), " is not a usable index of shards: ", why, ". Get the checkpoint again."));
}

/// Only names without a way to another folder; "..", "/" and "\" have no business in an index.
bool isPlainName(const std::string& name) {
  return !name.empty() && name.size() <= 255 && name != "." && name != ".." &&
         name.find_first_of(std::string_view("/\\\0", 3)) == std::string::npos && !name.ends_with(kIndex);
}

Result<std::vector<fs::path>> shardsOf(const fs::path& index) {
  LIX_TRY(const std::string text, readFile(index, kMaxIndex));
  const json whole = json::parse(text, nullptr, false);
  if (!whole.is_object() || !whole.contains("weight_map") || !whole["weight_map"].is_object() ||
      whole["weight_map"].empty()) {
    return badIndex(index, "it has no weight_map");
  }
  std::vector<fs::path> shards;
  for (const auto& [weight, file] : whole["weight_map"].items()) {
    if (!file.is_string() || !isPlainName(file.get<std::string>())) {
      return badIndex(index, cat("it looks for a weight in ", file.dump(-1, ' ', true).substr(0, 80),
                                 ", which is not the plain name of a file beside it"));
    }
    const fs::path shard = index.parent_path() / file.get<std::string>();
    if (std::ranges::find(shards, shard) == shards.end()) {
      shards.push_back(shard);
    }
    if (shards.size() > kMostShards) {
      return badIndex(index, cat("it names more than ", kMostShards, " files"));
    }
  }
  for (const fs::path& shard : shards) {
    if (!isThere(shard)) {
      return fail(ErrorCode::NotFound, cat(index.string(), " names the shard ", shard.filename().string(),
                                           ", which is not beside it. Get the rest of the checkpoint."));
    }
  }
  std::ranges::sort(shards);
  return shards;
}

Result<std::vector<fs::path>> filesOf(const fs::path& file) {
  return file.string().ends_with(kIndex) ? shardsOf(file) : std::vector{file};
}

template <std::size_t N>
fs::path firstOf(const fs::path& folder, const char* const (&names)[N]) {
  const auto found = std::ranges::find_if(names, [&](const char* name) { return isThere(folder / name); });
  return found == std::end(names) ? fs::path() : folder / *found;
}

Result<fs::path> weightsIn(const fs::path& folder) {
  const bool hugging = isThere(folder / "config.json"), open = isThere(folder / "open_clip_config.json");
  fs::path found = hugging ? firstOf(folder, kHuggingFace) : fs::path();
  if (found.empty() && (open || !hugging)) {
    found = firstOf(folder, kOpenClip);
  }
  if (found.empty() && !hugging) {
    found = firstOf(folder, kHuggingFace);
  }
  if (!found.empty()) {
    return found;
  }
  auto others = filesWith(folder, {".safetensors"});
  if (others.empty()) {
    others = filesWith(folder, {".pt", ".pth", ".bin"});
  }
  if (hugging) {  // what its config.json refuses is the better reason
    LIX_TRY(const std::string text, readFile(folder / "config.json", kMaxConfig));
    LIX_CHECK(configFromJson(text, (folder / "config.json").string()));
  }
  if (hugging || others.empty()) {
    return fail(ErrorCode::NotFound,
                hugging ? cat(folder.string(),
                              " holds no weights (model.safetensors) beside its config.json. Get the rest "
                              "of the checkpoint.")
                        : cat(folder.string(),
                              " is not a checkpoint: it has no config.json, no open_clip_config.json and "
                              "no weights (model.safetensors)."));
  }
  if (others.size() > 1) {
    return fail(ErrorCode::BadInput,
                cat(folder.string(), " holds several files of weights (", others[0].filename().string(), ", ",
                    others[1].filename().string(), "); name the one that is meant."));
  }
  return others[0];
}

/// Whose names the weights have; nothing where no program's are known by them.
std::optional<SourceKind> kindOf(const SourceWeights& weights, bool config) {
  const auto any = [&](std::string_view prefix) {
    const auto at = weights.tensors().lower_bound(std::string(prefix));
    return at != weights.tensors().end() && at->first.starts_with(prefix);
  };
  if (isLlip(weights)) {
    return SourceKind::Llip;
  }
  if (any("visual.") || weights.has("text.token_embedding.weight") || weights.has("token_embedding.weight")) {
    return SourceKind::OpenClip;
  }
  return config || any("vision_model.") || any("text_model.") ? std::optional(SourceKind::HuggingFace) : std::nullopt;
}

fs::path configFor(SourceKind kind, const fs::path& folder) {
  const auto first = [&](std::initializer_list<const char*> names) {
    for (const char* name : names) {
      if (isThere(folder / name)) {
        return folder / name;
      }
    }
    return fs::path();
  };
  switch (kind) {
    case SourceKind::HuggingFace:
      return first({"config.json"});
    case SourceKind::OpenClip:
      return first({"open_clip_config.json", "model_config.json"});
    case SourceKind::Llip:
      return first({"model_config.json", "open_clip_config.json"});
  }
  return {};
}

std::unexpected<Error> unknown(const SourceWeights& weights) {
  std::string names;
  for (const auto& [name, view] : weights.tensors()) {
    names += names.empty() ? name : ", " + name;
    if (names.size() > 120) {
      names = names.substr(0, 120) + ", ...";
      break;
    }
  }
  return fail(ErrorCode::Unsupported,
              cat(weights.path().string(),
                  " holds no CLIP, SigLIP or Llip under a name that transformers, OpenCLIP or the "
                  "Llip release use (it has ",
                  names.empty() ? "no weights" : names, "). Take the checkpoint as one of these programs keeps it."));
}

}  // namespace

Result<std::vector<fs::path>> findWeights(const fs::path& path) {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) {
    return fail(ErrorCode::NotFound, cat(path.string(),
                                         " is not a checkpoint: it does not exist, so it has no config.json "
                                         "and no weights; name a checkpoint's folder or its file of weights."));
  }
  if (!fs::is_directory(path, ignored)) {
    return filesOf(path);
  }
  LIX_TRY(const fs::path file, weightsIn(path));
  return filesOf(file);
}

Result<Source> openSource(const fs::path& path) {
  LIX_TRY(const auto files, findWeights(path));
  Source source;
  LIX_TRY(source.weights, SourceWeights::open(files));
  const fs::path folder = files[0].has_parent_path() ? files[0].parent_path() : fs::path(".");
  const auto kind = kindOf(source.weights, isThere(folder / "config.json"));
  if (!kind) {
    return unknown(source.weights);
  }
  source.kind = *kind;
  source.config = configFor(*kind, folder);
  if (!source.config.empty()) {
    LIX_TRY(source.configText, readFile(source.config, kMaxConfig));
  }
  return source;
}

}  // namespace lix::nn::detail
