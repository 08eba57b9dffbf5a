#include "study/train/feature_data.h"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/text.h"
#include "nn/ops/tensor.h"
#include "study/pack/feature_file.h"
#include "study/train/train.h"

namespace lix::study {
namespace {
namespace fs = std::filesystem;

constexpr int kEmbedWidth = 256, kHidden = 512, kDepth = 2, kTokens = 4, kMixtureHeads = 8;
constexpr double kTau = 5.0;

template <class... Parts>
std::unexpected<Error> bad(const Parts&... parts) {
  return fail(ErrorCode::BadInput, cat(parts...));
}

Result<std::vector<PackedSample>> samplesOf(const FeatureFile& read, const FeatureData& data,
                                            const std::vector<std::vector<std::uint32_t>>& captions,
                                            const std::string& source) {
  const std::size_t pictures = captions.size();
  LIX_TRY(const auto splits, read.integers("split", pictures));
  LIX_TRY(const auto hashes, read.integers("picture_hash", pictures));
  LIX_TRY(const auto names, read.lines("names", pictures));
  LIX_TRY(const auto texts, read.lines("captions", std::size_t(data.texts.shape[0])));
  std::vector<PackedSample> samples(pictures);
  for (std::size_t i = 0; i < pictures; ++i) {
    PackedSample& sample = samples[i];
    sample.key = names.empty() ? cat("picture ", i) : names[i];
    sample.hash = hashes.empty() ? hash64(rowBytes(data.images, i)) : static_cast<std::uint64_t>(hashes[i]);
    sample.split = splits.empty() ? 0 : static_cast<int>(std::clamp<std::int64_t>(splits[i], -1, 3));
    if (sample.split < 0 || sample.split > 2) {
      return bad(source, ": picture ", i, " (counted from 0) has the split ", splits[i],
                 "; 0 is train, 1 validation, 2 test.");
    }
    for (const std::uint32_t row : captions[i]) {
      sample.captions.push_back(texts.empty() ? cat("caption ", row) : texts[row]);
    }
  }
  return samples;
}

}  // namespace

bool isFeatureFile(const fs::path& path) {
  std::error_code ignored;
  return path.extension() == ".safetensors" && fs::is_regular_file(path, ignored);
}

Result<TrainData> openFeatureData(const fs::path& path) {
  LIX_TRY(nn::SafetensorsFile opened, nn::SafetensorsFile::open(path));
  auto data = std::make_shared<FeatureData>(FeatureData{.file = std::move(opened)});
  const std::string source = path.string();
  const FeatureFile read(data->file, path);
  LIX_TRY(data->images, read.features("image_features"));
  LIX_TRY(data->texts, read.features("text_features"));
  data->base = read.metadata("base");
  data->baseHash = read.metadata("base_hash");
  LIX_TRY(const auto captions,
          captionRows(read, std::size_t(data->images.shape[0]), std::size_t(data->texts.shape[0])));
  LIX_TRY(auto samples, samplesOf(read, *data, captions, source));
  const std::uint64_t hash = hash64(allBytes(data->texts), hash64(allBytes(data->images), hash64(data->baseHash)));
  TrainData result;
  for (const auto& rows : captions) {
    result.firstRow.push_back(data->textRows.size());
    data->textRows.insert(data->textRows.end(), rows.begin(), rows.end());
  }
  result.firstRow.push_back(data->textRows.size());
  data->fingerprint = hash64(
      {reinterpret_cast<const char*>(data->textRows.data()), data->textRows.size() * sizeof(std::uint32_t)}, hash);
  const std::string name = read.metadata("name");
  result.pack = Pack::ofSamples(name.empty() ? path.stem().string() : name, path, std::move(samples));
  result.features = std::move(data);
  return result;
}

std::uint64_t featureHash(const FeatureData& data, std::size_t caption) {
  return hash64(rowBytes(data.texts, data.textRows[caption]));
}

FeatureBatch featureBatch(const TrainData& data, const std::vector<BatchItem>& items) {
  const FeatureData& features = *data.features;
  const auto count = static_cast<std::int64_t>(items.size());
  FeatureBatch batch{at::empty({count, features.imageWidth()}, at::kFloat),
                     at::empty({count, features.textWidth()}, at::kFloat)};
  float* images = batch.images.data_ptr<float>();
  float* texts = batch.texts.data_ptr<float>();
  for (std::size_t i = 0; i < items.size(); ++i) {
    copyRow(features.images, items[i].sample, images + i * std::size_t(features.imageWidth()));
    copyRow(features.texts, features.textRows[data.firstRow[items[i].sample] + items[i].caption],
            texts + i * std::size_t(features.textWidth()));
  }
  return batch;
}

Result<nn::ModelConfig> headsConfig(const TrainSettings& settings, const nn::Recipe& recipe, const FeatureData& data) {
  const auto chosen = [](auto asked, auto otherwise) { return asked != 0 ? asked : otherwise; };
  const bool vector = recipe.head == nn::ImageHead::Vector;
  const bool mixes = recipe.head == nn::ImageHead::Mixture || recipe.head == nn::ImageHead::LearnedAverage;
  if (vector && settings.tokens > 1) {
    return bad("The recipe '", recipe.id, "' makes one vector of an image, so K = ", settings.tokens,
               " has no meaning; take llip.");
  }
  if (!mixes && (settings.mixtureHeads != 0 || settings.tau != 0.0 || settings.mixtureNorms || settings.patchTokens)) {
    return bad(
        "Mixing heads, tau, norms and patch tokens belong to a recipe that mixes tokens by attention; take llip.");
  }
  nn::ModelConfig config{.towers = nn::Towers::Heads, .head = recipe.head};
  config.embedWidth = chosen(settings.embedWidth, kEmbedWidth);
  config.heads = nn::HeadsConfig{.imageFeatures = data.imageWidth(),
                                 .textFeatures = data.textWidth(),
                                 .hidden = chosen(settings.hidden, kHidden),
                                 .depth = chosen(settings.headDepth, kDepth),
                                 .base = data.base,
                                 .baseHash = data.baseHash};
  if (!vector) {
    config.classTokens = chosen(settings.tokens, kTokens);
    config.vision.width = config.text.width = config.embedWidth;
  }
  if (mixes) {
    config.mixture = nn::MixtureConfig{.heads = chosen(settings.mixtureHeads, kMixtureHeads),
                                       .tau = chosen(settings.tau, kTau),
                                       .norms = settings.mixtureNorms,
                                       .patches = settings.patchTokens};
  }
  LIX_CHECK(config.validate());
  return config;
}

Result<void> checkKind(nn::Towers towers, const TrainData& data) {
  const bool heads = towers == nn::Towers::Heads;
  if (heads != (data.features != nullptr)) {
    return heads ? bad("Heads learn on features, and '", data.pack.name(),
                       "' holds pictures; make features with: lixp data "
                       "features ",
                       data.pack.name(), " --from CHECKPOINT --out FILE.safetensors")
                 : bad("'", data.pack.name(), "' holds features, which only heads can learn on; give --towers heads.");
  }
  return {};
}

Result<nn::ModelConfig> configFor(const TrainSettings& settings, const nn::Recipe& recipe, const TrainData& data) {
  LIX_CHECK(checkKind(recipe.towers, data));
  return data.features ? headsConfig(settings, recipe, *data.features)
                       : freshConfig(settings, data.vocabulary, data.contextLength);
}

Result<void> fitsFeatures(const nn::ModelConfig& config, const TrainData& data, const std::string& init) {
  LIX_CHECK(checkKind(config.towers, data));
  if (!data.features) {
    return {};
  }
  const FeatureData& features = *data.features;
  if (config.heads->imageFeatures != features.imageWidth() || config.heads->textFeatures != features.textWidth()) {
    return bad("The heads ", init, " read features of ", config.heads->imageFeatures, " (images) and ",
               config.heads->textFeatures, " (captions) numbers; '", data.pack.name(), "' has ", features.imageWidth(),
               " and ", features.textWidth(), ".");
  }
  if (config.heads->baseHash != features.baseHash) {
    return bad(
        "The heads ", init, " stand on other features than '", data.pack.name(),
        "' holds: they come from other weights. Make the features anew from the checkpoint that the heads name.");
  }
  return {};
}

}  // namespace lix::study
