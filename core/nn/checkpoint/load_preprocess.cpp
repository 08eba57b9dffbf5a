#include "base/file.h"
#include "base/text.h"
#include "nn/checkpoint/import/convert.h"
#include "nn/checkpoint/preprocess.h"

namespace lix::nn {
namespace fs = std::filesystem;
namespace {

constexpr std::uintmax_t kMaxConfig = 1 << 20;

/// Whether OpenCLIP's file of weights is the one that is loaded, in a folder that serves transformers as well.
bool loadsOpenClip(const fs::path& folder) {
  const auto files = detail::findWeights(folder);
  return files && files->front().filename().string().starts_with("open_clip");
}

}  // namespace

Result<Preprocess> loadPreprocess(const fs::path& path) {
  std::error_code ignored;
  const fs::path folder = fs::is_regular_file(path, ignored) ? fs::absolute(path, ignored).parent_path() : path;
  const auto has = [&](const char* name) { return fs::exists(folder / name, ignored); };
  const bool open = has("open_clip_config.json") && loadsOpenClip(folder);
  for (const char* name : {"preprocessor_config.json", "processor_config.json"}) {
    if (has(name) && !open) {
      return huggingFacePreprocess(folder / name);
    }
  }
  for (const char* name : {"open_clip_config.json", "model_config.json"}) {
    if (has(name)) {
      LIX_TRY(const std::string text, readFile(folder / name, kMaxConfig));
      return detail::openClipPreprocess(text, (folder / name).string(), 0);
    }
  }
  if (auto source = detail::openSource(path); source && source->kind != detail::SourceKind::HuggingFace) {
    LIX_TRY(const detail::Converted converted, detail::convert(std::move(*source)));
    return *converted.preprocess;
  }
  return huggingFacePreprocess(folder / "preprocessor_config.json");
}

}  // namespace lix::nn
