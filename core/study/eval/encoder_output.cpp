#include "study/eval/encoder_output.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/stack.h>

#include <algorithm>
#include <array>

#include "base/contracts.h"
#include "base/parallel.h"
#include "base/text.h"
#include "nn/model.h"
#include "nn/ops/tensor.h"
#include "nn/ops/unit.h"
#include "nn/scorers/scorer.h"

namespace lix::study {
namespace {

constexpr std::array kFrom{VectorsFrom::Encoder, VectorsFrom::Pooled, VectorsFrom::Mixed};
constexpr std::size_t kBlock = 64;        // pictures whose pixels are in memory
constexpr std::size_t kTokenBlock = 256;  // pictures whose tokens are

/// Encodes samples [begin, begin + count), decoding them from all cores.
Result<void> visitEncoded(const Evaluator& evaluator, const data::Dataset& dataset,
                          const std::vector<std::size_t>& samples, std::size_t begin, const VisitRows& visit,
                          Visited& visited) {
  const std::size_t count = std::min(kBlock, samples.size() - begin);
  std::vector<Result<at::Tensor>> read(count, fail(ErrorCode::BadInput, ""));
  parallelFor(count, [&](std::size_t i) {
    const auto picture = dataset.pictures->load(samples[begin + i]);
    read[i] = picture ? Result<at::Tensor>(toPixels(*picture, evaluator.preprocess)) : std::unexpected(picture.error());
  });
  std::vector<at::Tensor> pixels;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t sample = samples[begin + i];
    if (!read[i]) {
      visited.skipped.push_back({dataset.samples[sample].key, read[i].error().message});
      continue;
    }
    pixels.push_back(std::move(*read[i]));
    visited.samples.push_back(sample);
  }
  return pixels.empty() ? Result<void>() : visit(encoderOutput(evaluator, at::stack(pixels)));
}

std::vector<std::string> ownCaptions(const data::Dataset& dataset, const std::vector<std::size_t>& samples) {
  std::vector<std::string> captions;
  for (const std::size_t sample : samples) {
    LIX_REQUIRE(!dataset.samples[sample].captions.empty());
    captions.push_back(dataset.samples[sample].captions.front());
  }
  return captions;
}

/// Samples [begin, begin + count) through the cache.
Result<void> visitEmbedded(const Evaluator& evaluator, const data::Dataset& dataset,
                           const std::vector<std::size_t>& samples, std::size_t begin, VectorsFrom from,
                           const std::optional<std::filesystem::path>& cache, const VisitRows& visit,
                           Visited& visited) {
  const auto first = samples.begin() + std::ptrdiff_t(begin);
  const std::vector<std::size_t> block(first, first + std::ptrdiff_t(std::min(kTokenBlock, samples.size() - begin)));
  auto features = embedPictures(evaluator, dataset, block, cache);
  if (!features) {  // none of the block can be read
    for (const std::size_t sample : block) {
      visited.skipped.push_back({dataset.samples[sample].key, features.error().message});
    }
    return {};
  }
  visited.samples.insert(visited.samples.end(), features->samples.begin(), features->samples.end());
  visited.skipped.insert(visited.skipped.end(), features->skipped.begin(), features->skipped.end());
  return visit(
      from == VectorsFrom::Pooled
          ? unitVectors(evaluator, *features)
          : mixForOwn(evaluator, features->vectors, embedCaptions(evaluator, ownCaptions(dataset, features->samples))));
}

}  // namespace

std::string_view nameOf(VectorsFrom from) {
  switch (from) {
    case VectorsFrom::Encoder:
      return "encoder";
    case VectorsFrom::Pooled:
      return "pooled";
    case VectorsFrom::Mixed:
      return "mixed";
  }
  return "";
}

Result<VectorsFrom> vectorsFromNamed(std::string_view name) {
  const auto found = std::ranges::find(kFrom, name, [](VectorsFrom from) { return nameOf(from); });
  return found != kFrom.end()
             ? Result<VectorsFrom>(*found)
             : fail(ErrorCode::BadInput, cat("Vectors come from encoder, pooled or mixed, not from '", name, "'."));
}

at::Tensor encoderOutput(const Evaluator& evaluator, const at::Tensor& pixels) {
  const at::NoGradGuard noGrad;
  const nn::Model& model = evaluator.checkpoint.model;
  const at::Tensor output =
      model.config.towers == nn::Towers::Clip ? nn::encodeTokens(model, pixels) : nn::encodeImages(model, pixels);
  const bool firstAlone = model.config.head == nn::ImageHead::Registers;  // the others are read by nothing
  return (firstAlone ? output.narrow(1, 0, 1) : output).flatten(0, -2).contiguous();
}

MixedTokens mixForAll(const Evaluator& evaluator, const at::Tensor& tokens, const nn::TextFeatures& captions) {
  LIX_REQUIRE(evaluator.isMixture());
  const at::NoGradGuard noGrad;
  const nn::Model& model = evaluator.checkpoint.model;
  const nn::MixtureFeatures features = nn::projectTokens(model, tokens);
  const auto weights = nn::mixtureWeights(features.keys, captions.query, model.config.mixture->tau);   // [B, M, T, N]
  const auto mixed = at::matmul(weights.transpose(2, 3), features.values).transpose(1, 2).flatten(2);  // [B, N, D]
  return {weights.permute({0, 3, 1, 2}).contiguous(),
          nn::unit(at::matmul(mixed, model.parameters.at("llip.out_proj"))).contiguous()};
}

at::Tensor mixForOwn(const Evaluator& evaluator, const at::Tensor& tokens, const nn::TextFeatures& captions) {
  LIX_REQUIRE(evaluator.isMixture() && tokens.size(0) == captions.query.size(0));
  const at::NoGradGuard noGrad;
  const nn::Model& model = evaluator.checkpoint.model;
  const nn::MixtureFeatures features = nn::projectTokens(model, tokens);
  const auto scores =
      at::matmul(features.keys, captions.query.unsqueeze(3)) / model.config.mixture->tau;             // [B, M, T, 1]
  const auto mixed = at::matmul(at::softmax(scores, 2).transpose(2, 3), features.values).flatten(1);  // [B, D]
  return nn::unit(at::matmul(mixed, model.parameters.at("llip.out_proj"))).contiguous();
}

at::Tensor unitCaptions(const Evaluator& evaluator, const std::vector<std::string>& captions) {
  const at::NoGradGuard noGrad;
  return nn::unit(embedCaptions(evaluator, captions).embeds).contiguous();
}

Result<Visited> visitVectors(const Evaluator& evaluator, const data::Dataset& dataset,
                             const std::vector<std::size_t>& samples, VectorsFrom from,
                             const std::optional<std::filesystem::path>& cache, const Progress& progress,
                             const VisitRows& visit) {
  if (from == VectorsFrom::Mixed && !evaluator.isMixture()) {
    return fail(ErrorCode::BadInput,
                "Only a Llip mixes a picture's tokens by its caption; this checkpoint has one vector a "
                "picture: take --from encoder or pooled.");
  }
  Visited visited;
  const std::string what = cat("Encoding ", dataset.name);
  const auto total = static_cast<long long>(samples.size());
  const std::size_t step = from == VectorsFrom::Encoder ? kBlock : kTokenBlock;
  for (std::size_t begin = 0; begin < samples.size(); begin += step) {
    if (!report(progress, what, static_cast<long long>(begin), total)) {
      return fail(ErrorCode::Cancelled, "Encoding was cancelled.");
    }
    LIX_CHECK(from == VectorsFrom::Encoder
                  ? visitEncoded(evaluator, dataset, samples, begin, visit, visited)
                  : visitEmbedded(evaluator, dataset, samples, begin, from, cache, visit, visited));
  }
  report(progress, what, total, total);
  if (visited.samples.empty()) {
    return fail(ErrorCode::BadInput, cat("None of ", samples.size(), " pictures of '", dataset.name, "' could be used",
                                         visited.skipped.empty() ? "." : ": " + visited.skipped.front().reason));
  }
  return visited;
}

}  // namespace lix::study
