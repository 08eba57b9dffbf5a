#include "nn/checkpoint/export/export.h"

#include <algorithm>

#include "base/file.h"
#include "base/text.h"
#include "nn/checkpoint/checkpoint.h"
#include "nn/checkpoint/export/card.h"
#include "nn/checkpoint/export/layouts.h"
#include "nn/checkpoint/export/tokenizer_export.h"
#include "nn/checkpoint/tokenizer_files.h"

namespace lix::nn {
namespace {
namespace fs = std::filesystem;

constexpr std::pair<ExportFormat, std::string_view> kFormats[] = {
    {ExportFormat::HuggingFace, "hf"}, {ExportFormat::OpenClip, "open_clip"}, {ExportFormat::Llip, "llip"}};

Result<void> checkOut(const fs::path& out) {
  std::error_code ignored;
  if (fs::exists(out, ignored) && !(fs::is_directory(out, ignored) && fs::is_empty(out, ignored))) {
    return fail(ErrorCode::BadInput, cat(out.string(), " exists already and would be replaced; choose another --out."));
  }
  return {};
}

Result<detail::Layout> layoutFor(const Checkpoint& checkpoint, const Preprocess& preprocess, ExportFormat format,
                                 const TokenizerFiles& files) {
  switch (format) {
    case ExportFormat::HuggingFace:
      return detail::huggingFaceLayout(checkpoint);
    case ExportFormat::OpenClip:
      return detail::openClipLayout(checkpoint, preprocess, detail::tokenizerUse(files));
    case ExportFormat::Llip:
      return detail::llipLayout(checkpoint);
  }
  return detail::huggingFaceLayout(checkpoint);
}

Result<void> writeTokenizer(const TokenizerFiles& files, ExportFormat format, int contextLength, const fs::path& folder,
                            std::vector<std::string>& notes) {
  TokenizerFiles written = files;
  if (format == ExportFormat::HuggingFace) {
    LIX_TRY(written, detail::transformersTokenizer(files, contextLength, notes));
  }
  for (const auto& [name, bytes] : written) {
    LIX_CHECK(writeFile(folder / name, bytes));
  }
  return {};
}

}  // namespace

std::string_view nameOf(ExportFormat format) {
  return std::ranges::find(kFormats, format, &std::pair<ExportFormat, std::string_view>::first)->second;
}

std::optional<ExportFormat> exportFormatNamed(std::string_view name) {
  const auto found = std::ranges::find(kFormats, name, &std::pair<ExportFormat, std::string_view>::second);
  return found == std::end(kFormats) ? std::nullopt : std::optional(found->first);
}

Result<Exported> exportCheckpoint(const fs::path& source, const fs::path& out, ExportFormat format,
                                  const ModelCard& card) {
  LIX_CHECK(checkOut(out));
  LIX_TRY(const Checkpoint checkpoint, loadCheckpoint(source));
  const ModelConfig& config = checkpoint.model.config;
  if (config.towers == Towers::Heads) {
    return fail(ErrorCode::Unsupported, cat(source.string(),
                                            " is a head on the features of another model, which no other program "
                                            "knows; export the model below it."));
  }
  LIX_TRY(const Preprocess preprocess, loadPreprocess(source));
  LIX_TRY(const TokenizerFiles files, readTokenizerFiles(source));
  if (files.empty()) {
    return fail(ErrorCode::NotFound, cat(source.string(),
                                         " has no tokenizer, without which nobody could use the export; put "
                                         "its files there."));
  }
  LIX_TRY(detail::Layout layout, layoutFor(checkpoint, preprocess, format, files));
  layout.metadata["format"] = "pt";  // which transformers asks for
  Exported exported{.folder = out};
  LIX_CHECK(replaceFolder(out, [&](const fs::path& folder) -> Result<void> {
    LIX_CHECK(writeFile(folder / layout.configName, layout.config));
    LIX_CHECK(saveTensors(folder / layout.weightsName, layout.weights, layout.metadata));
    if (format == ExportFormat::HuggingFace) {
      LIX_CHECK(savePreprocess(preprocess, folder));
      if (preprocess.fit == Preprocess::Fit::LongestEdgePad) {
        layout.notes.push_back("transformers cannot fill up pictures to a square, as this model needs them: there, give it "
                               "square pictures. Read back here, they are filled.");
      }
    }
    LIX_CHECK(writeTokenizer(files, format, config.contextLength, folder, layout.notes));
    LIX_CHECK(writeFile(folder / "README.md", detail::cardText(checkpoint, format, card, layout.notes)));
    for (const auto& file : fs::directory_iterator(folder)) {
      exported.files.push_back(file.path().filename().string());
    }
    return {};
  }));
  std::ranges::sort(exported.files);
  exported.notes = layout.notes;
  return exported;
}

}  // namespace lix::nn
