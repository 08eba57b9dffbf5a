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
constexpr int kBisections = 60;       // of log tau: down to the last bits

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

namespace {

struct Scored {
  std::vector<double> scores;  ///< cosine / sqrt(width): of unit vectors, before tau
  std::vector<double> norms;
  std::vector<bool> masked;
};

Result<Scored> scored(std::span<const float> picture, std::uint64_t hash, const ContextSet& set) {
  LIX_REQUIRE(picture.size() == set.width && set.values.size() == set.width * set.hashes.size());
  const std::size_t count = set.hashes.size();
  const double divisor = std::sqrt(double(set.width)) * std::max(norm(picture), kLeastNorm);
  Scored all{std::vector<double>(count), std::vector<double>(count), std::vector<bool>(count)};
  for (std::size_t j = 0; j < count; ++j) {
    const std::span<const float> other = std::span(set.values).subspan(j * set.width, set.width);
    all.norms[j] = norm(other);
    all.masked[j] = set.hashes[j] == hash;
    all.scores[j] = dot(picture, other) / (divisor * std::max(all.norms[j], kLeastNorm));
  }
  if (std::ranges::find(all.masked, false) == all.masked.end()) {
    return fail(
        ErrorCode::BadInput,
        "The context holds no other picture than the picture itself; choose a context of at least two pictures.");
  }
  return all;
}

struct Attention {
  std::vector<double> weights;
  double neighbours = 0.0;
};

Attention attend(const Scored& all, double tau) {
  const std::size_t count = all.scores.size();
  double highest = -std::numeric_limits<double>::infinity();
  for (std::size_t j = 0; j < count; ++j) {
    highest = all.masked[j] ? highest : std::max(highest, all.scores[j]);
  }
  Attention attention{std::vector<double>(count)};
  double sum = 0.0;
  for (std::size_t j = 0; j < count; ++j) {
    attention.weights[j] = all.masked[j] ? 0.0 : std::exp((all.scores[j] - highest) / tau);
    sum += attention.weights[j];
  }
  double entropy = 0.0;
  for (double& weight : attention.weights) {
    weight /= sum;
    entropy -= weight > 0.0 ? weight * std::log(weight) : 0.0;
  }
  attention.neighbours = std::exp(entropy);
  return attention;
}

}  // namespace

Result<ContextReading> readContext(std::span<const float> picture, std::uint64_t hash, const ContextSet& set,
                                   double tau) {
  LIX_REQUIRE(tau > 0.0);
  LIX_TRY(const Scored all, scored(picture, hash, set));
  Attention attention = attend(all, tau);
  ContextReading reading{.weights = std::move(attention.weights),
                         .contributions = std::vector<double>(all.norms.size()),
                         .masked = all.masked,
                         .effectiveNeighbours = attention.neighbours,
                         .contextual = std::vector<float>(set.width)};
  std::vector<double> context(set.width, 0.0);
  for (std::size_t j = 0; j < all.norms.size(); ++j) {
    reading.contributions[j] = reading.weights[j] * all.norms[j];
    for (std::size_t d = 0; reading.weights[j] > 0.0 && d < set.width; ++d) {
      context[d] += reading.weights[j] * set.values[j * set.width + d];
    }
  }
  std::ranges::transform(context, reading.contextual.begin(), [](double value) { return static_cast<float>(value); });
  return reading;
}

Result<double> tauOfNeighbours(std::span<const float> picture, std::uint64_t hash, const ContextSet& set,
                               double neighbours, double least, double most) {
  if (!(least > 0.0) || !(most >= least) || !std::isfinite(most) || !std::isfinite(neighbours)) {
    return fail(ErrorCode::BadInput, cat("No tau_ctx between ", least, " and ", most, " gives ", neighbours,
                                         " effective neighbours; all must be positive numbers, the least first."));
  }
  LIX_TRY(const Scored all, scored(picture, hash, set));
  // The entropy of softmax(s / tau) never falls as tau rises.
  double low = std::log(least), high = std::log(most);
  if (attend(all, least).neighbours >= neighbours) {
    return least;
  }
  if (attend(all, most).neighbours <= neighbours) {
    return most;
  }
  for (int step = 0; step < kBisections; ++step) {
    const double middle = 0.5 * (low + high);
    (attend(all, std::exp(middle)).neighbours < neighbours ? low : high) = middle;
  }
  return std::exp(0.5 * (low + high));
}

std::optional<AttendedPurity> attendedPurity(const ContextReading& reading, std::span<const std::string> labels,
                                             const std::string& own) {
  LIX_REQUIRE(labels.size() == reading.weights.size());
  if (own.empty() || std::ranges::all_of(labels, &std::string::empty)) {
    return std::nullopt;
  }
  AttendedPurity purity;
  std::size_t others = 0, alike = 0;
  for (std::size_t j = 0; j < labels.size(); ++j) {
    if (reading.masked[j]) {
      continue;
    }
    ++others;
    alike += labels[j] == own ? 1 : 0;
    purity.weight += labels[j] == own ? reading.weights[j] : 0.0;
  }
  purity.chance = others == 0 ? 0.0 : double(alike) / double(others);
  return purity;
}

}  // namespace lix::study
