#include "study/prepare/prepare.h"

#include "base/file.h"
#include "base/text.h"

namespace lix::study {
namespace {
namespace fs = std::filesystem;

Result<Pack> cachedPack(const data::Dataset& dataset, const PrepareSettings& settings, const fs::path& packs, const Progress& progress) {
  const int size = (settings.imageSize * 9 + 7) / 8;
  const fs::path folder = packs / cat(hex(fingerprint(dataset)), "-", size, settings.fit == PackFit::Squash ? "-squash" : "-crop");
  if (auto pack = Pack::open(folder)) {
    return pack;
  }
  LIX_CHECK(writePack(dataset, size, settings.fit, folder, progress));
  return Pack::open(folder);
}

Result<std::map<std::string, std::string>> filesOf(const nn::Tokenizer& tokenizer, int contextLength, const fs::path& beside) {
  LIX_TRY(const fs::path folder, detail::makeTemporaryFolder(beside / "tokenizer"));
  std::map<std::string, std::string> files;
  const auto read = [&]() -> Result<void> {
    LIX_CHECK(tokenizer.save(folder, contextLength));
    for (const auto& entry : fs::directory_iterator(folder)) {
      LIX_TRY(files[entry.path().filename().string()], readFile(entry.path()));
    }
    return {};
  }();
  detail::removeQuietly(folder);
  LIX_CHECK(read);
  return files;
}

}  // namespace

PrepareSettings prepareSettingsFor(const nn::ModelConfig& config) {
  return {.imageSize = config.imageSize,
          .fit = config.towers == nn::Towers::Siglip ? PackFit::Squash : PackFit::Crop,
          .contextLength = config.contextLength,
          .vocabulary = config.vocabulary};
}

Result<TrainData> prepareTrainData(const data::Dataset& dataset, const PrepareSettings& settings,
                                   const std::shared_ptr<const nn::Tokenizer>& given, const fs::path& packs, const Progress& progress) {
  LIX_TRY(Pack pack, cachedPack(dataset, settings, packs, progress));
  std::shared_ptr<const nn::Tokenizer> tokenizer = given;
  if (!tokenizer) {
    std::vector<std::string> captions;  // of the training split alone: a vocabulary must not know the test captions
    for (const auto& sample : pack.samples()) {
      if (sample.split == 0) {
        captions.insert(captions.end(), sample.captions.begin(), sample.captions.end());
      }
    }
    if (captions.empty()) {
      return fail(ErrorCode::BadInput, cat("'", dataset.name, "' has no captions in its training split; name a caption column, add captions, or sort the pictures "
                                            "into class folders, whose names are captions."));
    }
    LIX_TRY(tokenizer, nn::trainTokenizer(captions, settings.vocabulary));
  }
  TrainData data{.pack = std::move(pack), .contextLength = settings.contextLength, .vocabulary = tokenizer->vocabularySize()};
  std::size_t rows = 0;
  for (const auto& sample : data.pack.samples()) {
    data.firstRow.push_back(rows);
    rows += sample.captions.size();
    for (const auto& caption : sample.captions) {
      const nn::TokenRow row = tokenizer->encode(caption, settings.contextLength);
      data.ids.insert(data.ids.end(), row.ids.begin(), row.ids.end());
      data.lengths.push_back(row.length);
      data.truncated += row.truncated;
    }
  }
  data.firstRow.push_back(rows);
  LIX_TRY(data.tokenizerFiles, filesOf(*tokenizer, settings.contextLength, packs));
  return data;
}

Result<void> writeTokens(const TrainData& data, const fs::path& folder) {
  const std::vector<std::int32_t> lengths(data.lengths.begin(), data.lengths.end());
  const auto rows = static_cast<std::int64_t>(lengths.size());
  const nn::TensorView ids{nn::DType::I32, {rows, data.contextLength}, std::as_bytes(std::span(data.ids))};
  const nn::TensorView sizes{nn::DType::I32, {rows}, std::as_bytes(std::span(lengths))};
  LIX_CHECK(nn::writeSafetensors(folder / "tokens.safetensors", {{"ids", ids}, {"lengths", sizes}},
                                 {{"vocabulary", std::to_string(data.vocabulary)}}));
  for (const auto& [name, bytes] : data.tokenizerFiles) {
    LIX_CHECK(writeFile(folder / name, bytes));
  }
  return {};
}

}  // namespace lix::study
