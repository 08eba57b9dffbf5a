#include "study/eval/embed.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "base/parallel.h"
#include "base/text.h"
#include "imaging/hash.h"
#include "imaging/transform.h"
#include "nn/ops/tensor.h"
#include "nn/ops/unit.h"
#include "study/eval/base.h"
#include "study/eval/own_vectors.h"
#include "study/feature_cache/feature_cache.h"

namespace lix::study {
namespace {

constexpr std::size_t kBlock = 128;

using AskedFilter = nn::Preprocess::Filter;
using AskedKernel = nn::Preprocess::Kernel;
constexpr std::pair<AskedFilter, imaging::Filter> kFilters[] = {
    {AskedFilter::Bilinear, imaging::Filter::Bilinear}, {AskedFilter::Bicubic, imaging::Filter::Bicubic},
    {AskedFilter::Nearest, imaging::Filter::Nearest},   {AskedFilter::Lanczos, imaging::Filter::Lanczos},
    {AskedFilter::Box, imaging::Filter::Box},           {AskedFilter::Hamming, imaging::Filter::Hamming}};
constexpr std::pair<AskedKernel, imaging::Kernel> kKernels[] = {{AskedKernel::Pillow13, imaging::Kernel::Pillow13},
                                                                {AskedKernel::Pillow12, imaging::Kernel::Pillow12},
                                                                {AskedKernel::Torchvision, imaging::Kernel::Torchvision}};

/// What the checkpoint's settings call it, as the imaging room does.
template <class Asked, class Done, std::size_t N>
Done same(const std::pair<Asked, Done> (&names)[N], Asked asked) {
  return std::ranges::find(names, asked, &std::pair<Asked, Done>::first)->second;
}

std::int64_t featureSize(const Evaluator& evaluator) {
  const auto& config = evaluator.checkpoint.model.config;
  return config.mixesByCaption() ? std::int64_t(config.mixtureTokens()) * config.vision.width : config.embedWidth;
}

/// A picture as far as it is needed: a photograph in full is not kept.
struct Read {
  std::uint64_t hash = 0;
  at::Tensor pixels;  ///< [3, S, S]
};

/// Encodes the pictures of one block that the cache does not know, and remembers them.
at::Tensor encodeBlock(const Evaluator& evaluator, const std::vector<at::Tensor>& pictures,
                       const std::vector<std::uint64_t>& hashes, FeatureCache* cache) {
  const auto size = featureSize(evaluator);
  at::Tensor rows = at::empty({std::int64_t(pictures.size()), size}, at::kFloat);
  const std::span<float> values(rows.data_ptr<float>(), std::size_t(rows.numel()));
  const std::vector<bool> known = cache != nullptr ? cache->findMany(hashes, values) : std::vector<bool>(pictures.size(), false);
  std::vector<at::Tensor> pixels;
  std::vector<std::size_t> missing;
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    if (!known[i]) {
      pixels.push_back(pictures[i]);
      missing.push_back(i);
    }
  }
  if (missing.empty()) {
    return rows;
  }
  // Rounded to fp16 even when new, so that a result does not depend on what was cached.
  const at::Tensor fresh = nn::encodeImages(evaluator.checkpoint.model, at::stack(pixels))
                               .flatten(1)
                               .to(at::kHalf)
                               .to(at::kFloat)
                               .contiguous();
  std::vector<std::uint64_t> freshHashes;
  for (std::size_t i = 0; i < missing.size(); ++i) {
    rows[std::int64_t(missing[i])].copy_(fresh[std::int64_t(i)]);
    freshHashes.push_back(hashes[missing[i]]);
  }
  if (cache != nullptr) {
    // A cache that cannot be written (read-only workspace, full disk) costs time, not the result.
    (void)cache->append(freshHashes, {fresh.data_ptr<float>(), std::size_t(fresh.numel())});
  }
  return rows;
}

/// A fitted picture, scaled and normalised.
at::Tensor squarePixels(const imaging::Image& square, const nn::Preprocess& preprocess) {
  const std::size_t plane = std::size_t(preprocess.size) * std::size_t(preprocess.size);
  // transformers' torchvision backend multiplies mean and deviation instead of the pixels.
  const bool fused = preprocess.kernel == nn::Preprocess::Kernel::Torchvision;
  const auto back = fused ? static_cast<float>(1.0 / preprocess.rescale) : 1.0f;
  const double rescale = fused ? 1.0 : preprocess.rescale;
  at::Tensor pixels = at::empty({3, preprocess.size, preprocess.size}, at::kFloat);
  float* out = pixels.data_ptr<float>();
  for (std::size_t c = 0; c < 3; ++c) {
    const float mean = preprocess.mean[c] * back, deviation = preprocess.deviation[c] * back;
    for (std::size_t i = 0; i < plane; ++i) {
      out[c * plane + i] = (static_cast<float>(square.pixels[i * 3 + c] * rescale) - mean) / deviation;
    }
  }
  return pixels;
}

Result<Read> readPicture(const Evaluator& evaluator, const data::Dataset& dataset, std::size_t sample) {
  LIX_TRY(const imaging::Image picture, dataset.pictures->load(sample));
  return Read{imaging::contentHash(picture), toPixels(picture, evaluator.preprocess)};
}

/// Blocks of rows as ImageFeatures holds them.
at::Tensor joined(const Evaluator& evaluator, const std::vector<at::Tensor>& blocks) {
  const auto& config = evaluator.checkpoint.model.config;
  at::Tensor rows = at::cat(blocks);
  return config.mixesByCaption() ? rows.view({-1, config.mixtureTokens(), config.vision.width}) : rows;
}

/// Vectors of samples as the file has them.
ImageFeatures rowsOf(const OwnVectors& own, const std::vector<std::size_t>& samples) {
  ImageFeatures features{.samples = samples};
  for (const std::size_t sample : samples) {
    features.hashes.push_back(own.hashes[sample]);
  }
  const std::vector<std::int64_t> rows(samples.begin(), samples.end());
  features.vectors = own.images.index_select(0, at::tensor(rows, at::kLong));
  return features;
}

/// Keeps the rows for which `wanted(hash)` holds, asked in their order; returns how many went.
template <class Wanted>
std::size_t keepWhere(ImageFeatures& features, Wanted wanted) {
  std::vector<std::int64_t> kept;
  std::vector<std::size_t> samples;
  std::vector<std::uint64_t> hashes;
  for (std::size_t i = 0; i < features.samples.size(); ++i) {
    if (wanted(features.hashes[i])) {
      kept.push_back(static_cast<std::int64_t>(i));
      samples.push_back(features.samples[i]);
      hashes.push_back(features.hashes[i]);
    }
  }
  const std::size_t dropped = features.samples.size() - samples.size();
  if (dropped > 0) {
    features.vectors = features.vectors.index_select(0, at::tensor(kept, at::kLong));
    features.samples = std::move(samples);
    features.hashes = std::move(hashes);
  }
  return dropped;
}

}  // namespace

Result<Evaluator> openEvaluator(const std::filesystem::path& folder) {
  LIX_TRY(nn::Checkpoint checkpoint, nn::loadCheckpoint(folder));
  return checkpoint.model.config.towers == nn::Towers::Heads ? openHeads(std::move(checkpoint), folder)
                                                             : completeEvaluator(std::move(checkpoint), folder);
}

Result<Evaluator> openModel(const std::filesystem::path& path) {
  if (!isVectorFile(path)) {
    std::error_code ignored;
    if ((path.extension() == ".npy" || path.extension() == ".safetensors") && !std::filesystem::exists(path, ignored)) {
      return fail(ErrorCode::NotFound, cat("There is no file ", path.string(), "."));
    }
    return openEvaluator(path);
  }
  LIX_TRY(OwnVectors own, openOwnVectors(path));
  Evaluator evaluator;
  evaluator.checkpoint.weightsHash = own.hash;
  evaluator.checkpoint.model.config.embedWidth = static_cast<int>(own.images.size(1));
  evaluator.checkpoint.model.parameters["logit_scale"] = at::tensor(std::log(own.logitScale), at::kFloat);
  evaluator.own = std::make_shared<const OwnVectors>(std::move(own));
  return evaluator;
}

Result<void> needTowers(const Evaluator& evaluator, const std::string& what) {
  if (evaluator.own) {
    return fail(ErrorCode::Unsupported,
                cat(what, " needs the towers of a checkpoint, and a file of vectors has none; name a checkpoint's folder."));
  }
  return {};
}

Result<Evaluator> completeEvaluator(nn::Checkpoint checkpoint, const std::filesystem::path& folder) {
  Evaluator evaluator{.checkpoint = std::move(checkpoint)};
  LIX_TRY(evaluator.preprocess, nn::loadPreprocess(folder));
  if (evaluator.preprocess.size != evaluator.checkpoint.model.config.imageSize) {
    return fail(ErrorCode::BadInput,
                cat(folder.string(), ": preprocessor_config.json makes pictures of ", evaluator.preprocess.size,
                    " pixels, config.json reads ", evaluator.checkpoint.model.config.imageSize, "."));
  }
  LIX_TRY(evaluator.tokenizer, nn::loadTokenizer(folder));
  if (evaluator.tokenizer->vocabularySize() > evaluator.checkpoint.model.config.vocabulary) {
    return fail(
        ErrorCode::BadInput,
        cat(folder.string(), ": the tokenizer knows ", evaluator.tokenizer->vocabularySize(), " pieces, the model ",
            evaluator.checkpoint.model.config.vocabulary, "; they do not belong together."));
  }
  return evaluator;
}

imaging::Image fitted(const imaging::Image& picture, const nn::Preprocess& preprocess) {
  const bool padded = preprocess.fit == nn::Preprocess::Fit::LongestEdgePad;
  return imaging::fitSquare(picture, preprocess.size,
                            {.fit = preprocess.fit == nn::Preprocess::Fit::Squash ? imaging::Fit::Squash
                                    : padded                                      ? imaging::Fit::PadLongest
                                                                                  : imaging::Fit::CropCentre,
                             .filter = same(kFilters, preprocess.filter),
                             .kernel = same(kKernels, preprocess.kernel),
                             // OpenCLIP, whose mode padding is, rounds to even there as everywhere.
                             .centre = padded || preprocess.centre == nn::Preprocess::Centre::HalfEven
                                           ? imaging::CentreRule::HalfEven
                                           : imaging::CentreRule::Truncate,
                             .resized = preprocess.resizedTo,
                             .fill = static_cast<std::uint8_t>(preprocess.fill)});
}

at::Tensor toPixels(const imaging::Image& picture, const nn::Preprocess& preprocess) {
  return squarePixels(fitted(picture, preprocess), preprocess);
}

std::shared_ptr<FeatureCache> openFeatureCache(const Evaluator& evaluator, const std::optional<std::filesystem::path>& folder) {
  if (!folder || evaluator.own) {
    return nullptr;
  }
  const Evaluator& towers = evaluator.base ? *evaluator.base : evaluator;
  auto opened = FeatureCache::open(*folder, cat(towers.checkpoint.weightsHash.text(), "|", towers.preprocess.key()),
                                   std::size_t(featureSize(towers)));
  return opened ? std::make_shared<FeatureCache>(std::move(*opened)) : nullptr;
}

Result<ImageFeatures> embedPictures(const Evaluator& evaluator, const data::Dataset& dataset,
                                    const std::vector<std::size_t>& samples,
                                    const std::optional<std::filesystem::path>& cacheFolder, const Progress& progress) {
  LIX_TRY(ImageFeatures features, embedPart(evaluator, dataset, samples, openFeatureCache(evaluator, cacheFolder).get(), progress));
  if (features.samples.empty() && !evaluator.own) {
    return fail(ErrorCode::BadInput, cat("None of ", samples.size(), " pictures of '", dataset.name, "' could be used",
                                         features.skipped.empty() ? "." : ": " + features.skipped.front().reason));
  }
  return features;
}

Result<ImageFeatures> embedPart(const Evaluator& evaluator, const data::Dataset& dataset,
                                const std::vector<std::size_t>& samples, FeatureCache* cache, const Progress& progress) {
  if (evaluator.own) {
    return rowsOf(*evaluator.own, samples);
  }
  if (evaluator.base) {
    return embedThroughBase(evaluator, dataset, samples, cache, progress);
  }
  const at::NoGradGuard noGrad;
  ImageFeatures features;
  std::vector<at::Tensor> blocks;
  for (std::size_t begin = 0; begin < samples.size(); begin += kBlock) {
    if (!report(progress, cat("Encoding ", dataset.name), static_cast<long long>(begin),
                static_cast<long long>(samples.size()))) {
      return fail(ErrorCode::Cancelled, "Encoding was cancelled.");
    }
    const std::size_t count = std::min(kBlock, samples.size() - begin);
    std::vector<Result<Read>> loaded(count, fail(ErrorCode::BadInput, ""));
    parallelFor(count, [&](std::size_t i) { loaded[i] = readPicture(evaluator, dataset, samples[begin + i]); });
    std::vector<at::Tensor> pictures;
    std::vector<std::uint64_t> hashes;
    for (std::size_t i = 0; i < count; ++i) {
      if (!loaded[i]) {
        features.skipped.push_back({dataset.samples[samples[begin + i]].key, loaded[i].error().message});
        continue;
      }
      hashes.push_back(loaded[i]->hash);
      features.samples.push_back(samples[begin + i]);
      pictures.push_back(std::move(loaded[i]->pixels));
    }
    if (!pictures.empty()) {
      blocks.push_back(encodeBlock(evaluator, pictures, hashes, cache));
      features.hashes.insert(features.hashes.end(), hashes.begin(), hashes.end());
    }
  }
  if (!blocks.empty()) {
    features.vectors = joined(evaluator, blocks);
  }
  return features;
}

ImageFeatures embedSquares(const Evaluator& evaluator, const std::vector<const imaging::Image*>& squares) {
  const at::NoGradGuard noGrad;
  std::vector<at::Tensor> blocks;
  for (std::size_t begin = 0; begin < squares.size(); begin += kBlock) {
    const std::size_t count = std::min(kBlock, squares.size() - begin);
    std::vector<at::Tensor> pictures(count);
    parallelFor(count, [&](std::size_t i) { pictures[i] = squarePixels(*squares[begin + i], evaluator.preprocess); });
    blocks.push_back(encodeBlock(evaluator, pictures, std::vector<std::uint64_t>(count, 0), nullptr));
  }
  return {.vectors = joined(evaluator, blocks), .samples = {}, .hashes = {}, .skipped = {}};
}

std::size_t dropShared(ImageFeatures& query, const ImageFeatures& pool) {
  const std::unordered_set<std::uint64_t> known(pool.hashes.begin(), pool.hashes.end());
  return keepWhere(query, [&](std::uint64_t hash) { return !known.contains(hash); });
}

std::size_t dropRepeated(ImageFeatures& pool) {
  std::unordered_set<std::uint64_t> known;
  return keepWhere(pool, [&](std::uint64_t hash) { return known.insert(hash).second; });
}

at::Tensor unitVectors(const Evaluator& evaluator, const ImageFeatures& features) {
  const at::NoGradGuard noGrad;
  return (evaluator.isMixture() ? nn::pooledEmbedding(evaluator.checkpoint.model, features.vectors)
                                : nn::unit(features.vectors))
      .contiguous();
}

nn::TextFeatures embedCaptions(const Evaluator& evaluator, const std::vector<std::string>& captions) {
  const at::NoGradGuard noGrad;
  if (evaluator.own) {
    return {evaluator.own->rowsOf(captions), {}};
  }
  const int length = evaluator.checkpoint.model.config.contextLength;
  std::vector<at::Tensor> embeds, queries;
  for (std::size_t begin = 0; begin < captions.size(); begin += kBlock) {
    const std::size_t count = std::min(kBlock, captions.size() - begin);
    at::Tensor ids = at::empty({std::int64_t(count), length}, at::kLong);
    for (std::size_t i = 0; i < count; ++i) {
      const nn::TokenRow row = evaluator.tokenizer->encode(captions[begin + i], length);
      std::copy(row.ids.begin(), row.ids.end(), ids.data_ptr<std::int64_t>() + std::int64_t(i) * length);
    }
    const nn::TextFeatures features = nn::encodeTexts(evaluator.checkpoint.model, ids);
    embeds.push_back(features.embeds);
    queries.push_back(features.query);
  }
  return {at::cat(embeds), queries.front().defined() ? at::cat(queries) : at::Tensor()};
}

}  // namespace lix::study
