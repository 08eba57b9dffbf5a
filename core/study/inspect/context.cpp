#include "study/inspect/context.h"

#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/contracts.h"
#include "base/text.h"
#include "nn/model.h"
#include "nn/ops/tensor.h"
#include "study/eval/embed.h"

namespace lix::study {
namespace {

double norm(std::span<const float> x) {
  double sum = 0.0;
  for (const float value : x) {
    sum += double(value) * value;
  }
  return std::sqrt(sum);
}

double dot(std::span<const float> a, std::span<const float> b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sum += double(a[i]) * b[i];
  }
  return sum;
}

constexpr double kLeastNorm = 1e-12;  // as torch's normalize

}  // namespace

Result<ContextTau> contextTau(const Evaluator& evaluator, std::optional<double> given) {
  if (evaluator.isMixture()) {
    return fail(ErrorCode::Unsupported,
                "A Llip has no image vector of its own that could attend to other pictures; choose a SigLIxP, CLIPxP, "
                "SigLIP or CLIP checkpoint.");
  }
  if (given) {
    if (!(*given > 0.0) || !std::isfinite(*given)) {
      return fail(ErrorCode::BadInput, cat("tau_ctx is ", *given, "; it must be a positive number."));
    }
    return ContextTau{*given, ContextTau::Source::Given};
  }
  const auto learned = evaluator.checkpoint.model.parameters.find("lixp.log_tau");
  if (learned == evaluator.checkpoint.model.parameters.end()) {
    return fail(ErrorCode::BadInput,
                "The checkpoint has no context temperature (lixp.log_tau), since it was not trained with LIxP; give "
                "one with --tau.");
  }
  return ContextTau{std::exp(learned->second.item<double>()), ContextTau::Source::Checkpoint};
}

ContextSet contextSet(const ImageFeatures& features) {
  LIX_REQUIRE(features.vectors.dim() == 2);
  const at::Tensor rows = features.vectors.detach().to(at::kFloat).contiguous();
  const float* begin = rows.data_ptr<float>();
  return {std::size_t(rows.size(1)), {begin, begin + rows.numel()}, features.hashes};
}

std::vector<float> imageVector(const Evaluator& evaluator, const imaging::Image& picture) {
  const at::NoGradGuard noGrad;
  const at::Tensor row =
      nn::encodeImages(evaluator.checkpoint.model, toPixels(picture, evaluator.preprocess).unsqueeze(0)).contiguous();
  return {row.data_ptr<float>(), row.data_ptr<float>() + row.numel()};
}

Result<ContextReading> readContext(std::span<const float> picture, std::uint64_t hash, const ContextSet& set,
                                   double tau) {
  LIX_REQUIRE(picture.size() == set.width && set.values.size() == set.width * set.hashes.size() && tau > 0.0);
  const std::size_t count = set.hashes.size();
  const double divisor = tau * std::sqrt(double(set.width)) * std::max(norm(picture), kLeastNorm);
  std::vector<double> norms(count);
  ContextReading reading{std::vector<double>(count), std::vector<double>(count), std::vector<bool>(count)};
  double highest = -std::numeric_limits<double>::infinity();
  for (std::size_t j = 0; j < count; ++j) {
    const std::span<const float> other = std::span(set.values).subspan(j * set.width, set.width);
    norms[j] = norm(other);
    reading.masked[j] = set.hashes[j] == hash;
    reading.weights[j] = dot(picture, other) / (divisor * std::max(norms[j], kLeastNorm));
    highest = reading.masked[j] ? highest : std::max(highest, reading.weights[j]);
  }
  if (std::ranges::find(reading.masked, false) == reading.masked.end()) {
    return fail(
        ErrorCode::BadInput,
        "The context holds no other picture than the picture itself; choose a context of at least two pictures.");
  }
  double sum = 0.0;
  for (std::size_t j = 0; j < count; ++j) {
    reading.weights[j] = reading.masked[j] ? 0.0 : std::exp(reading.weights[j] - highest);
    sum += reading.weights[j];
  }
  double entropy = 0.0;
  for (std::size_t j = 0; j < count; ++j) {
    reading.weights[j] /= sum;
    reading.contributions[j] = reading.weights[j] * norms[j];
    entropy -= reading.weights[j] > 0.0 ? reading.weights[j] * std::log(reading.weights[j]) : 0.0;
  }
  reading.effectiveNeighbours = std::exp(entropy);
  return reading;
}

}  // namespace lix::study
