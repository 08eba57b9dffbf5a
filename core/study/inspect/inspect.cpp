#include "study/inspect/inspect.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/xlogy.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "base/text.h"
#include "nn/model.h"
#include "nn/ops/unit.h"
#include "study/eval/embed.h"
#include "study/inspect/memory.h"
#include "study/inspect/mixing.h"
#include "study/inspect/seen.h"

namespace lix::study {
namespace {

std::vector<double> reals(const at::Tensor& tensor) {
  const at::Tensor own = tensor.to(at::kDouble).contiguous();
  return {own.data_ptr<double>(), own.data_ptr<double>() + own.numel()};
}

/// Numbers of tokens or heads, each below `count` and named once.
Result<void> checkChosen(const std::vector<std::size_t>& chosen, std::size_t count, const char* what) {
  std::set<std::size_t> seen;
  for (const std::size_t number : chosen) {
    if (number >= count) {
      return fail(ErrorCode::BadInput, cat("There is no ", what, " ", number, "; this model has the ", what, "s 0 to ",
                                           count - 1, "."));
    }
    if (!seen.insert(number).second) {
      return fail(ErrorCode::BadInput, cat("The ", what, " ", number, " is named twice; name it once."));
    }
  }
  return {};
}

Result<void> checkSettings(const Evaluator& evaluator, const InspectSettings& settings) {
  if (settings == InspectSettings()) {
    return {};
  }
  if (!evaluator.isMixture()) {
    return fail(ErrorCode::BadInput,
                "Only a Llip mixes tokens by captions, with a tau, tokens and heads that can be changed; this checkpoint "
                "has no mixture.");
  }
  if (settings.tau && (!(*settings.tau > 0.0) || !std::isfinite(*settings.tau))) {
    return fail(ErrorCode::BadInput, cat("tau is ", *settings.tau, "; it must be a positive number."));
  }
  const nn::ModelConfig& config = evaluator.checkpoint.model.config;
  const auto tokens = std::size_t(config.mixtureTokens());
  LIX_CHECK(checkChosen(settings.withoutTokens, tokens, "mixture token"));
  LIX_CHECK(checkChosen(settings.heads, std::size_t(config.mixture->heads), "head"));
  if (settings.withoutTokens.size() == tokens) {
    return fail(ErrorCode::BadInput, cat("All ", tokens, " mixture tokens are left out; keep at least one."));
  }
  return {};
}

Result<void> check(const Evaluator& evaluator, const std::vector<imaging::Image>& pictures,
                   const std::vector<std::string>& captions, const InspectSettings& settings) {
  if (pictures.empty() || captions.empty()) {
    return fail(ErrorCode::BadInput, "Inspecting needs at least one picture and one caption.");
  }
  for (std::size_t i = 0; i < captions.size(); ++i) {
    if (!isUtf8(captions[i]) || trim(captions[i]).empty()) {
      return fail(ErrorCode::BadInput, cat("Caption ", i + 1, " is ",
                                           isUtf8(captions[i]) ? "empty." : "not UTF-8; convert its file first."));
    }
  }
  return checkSettings(evaluator, settings);
}

std::string listed(std::vector<std::size_t> numbers) {
  std::ranges::sort(numbers);
  std::string text;
  for (const std::size_t number : numbers) {
    text += cat(text.empty() ? "" : ", ", number);
  }
  return text;
}

std::vector<std::string> notes(const Evaluator& evaluator, const std::vector<std::string>& captions,
                               const InspectSettings& settings) {
  const nn::ModelConfig& config = evaluator.checkpoint.model.config;
  std::vector<std::string> said;
  for (std::size_t i = 0; i < captions.size(); ++i) {
    if (evaluator.tokenizer->encode(captions[i], config.contextLength).truncated) {
      said.push_back(cat("Caption ", i + 1, " is longer than the ", config.contextLength,
                         " tokens that the model reads; the rest was cut off."));
    }
  }
  if (settings.tau && *settings.tau != config.mixture->tau) {
    said.push_back(cat("The mixture weights are taken at tau = ", *settings.tau, "; the model was trained at ",
                       config.mixture->tau, "."));
  }
  if (!settings.withoutTokens.empty()) {
    said.push_back(cat("Left out of the mixture: ", settings.withoutTokens.size() == 1 ? "token " : "tokens ",
                       listed(settings.withoutTokens), "; the other tokens share the weight."));
  }
  if (!settings.heads.empty() && settings.heads.size() < std::size_t(config.mixture->heads)) {
    said.push_back(cat("Of the mixed vector only the parts of ", settings.heads.size() == 1 ? "head " : "heads ",
                       listed(settings.heads), " count; the model was trained with all ", config.mixture->heads, "."));
  }
  return said;
}

/// What is asked of every picture.
struct Asked {
  const Evaluator& evaluator;
  nn::TextFeatures texts;
  at::Tensor units;  ///< [N, D]
  const InspectSettings& settings;
};

/// Bytes of one picture's weights, entropies, embeddings and maps.
std::size_t detailBytes(const nn::ModelConfig& config, std::size_t captions) {
  const auto heads = std::size_t(config.mixture->heads), tokens = std::size_t(config.mixtureTokens());
  return captions * (heads * (tokens * sizeof(float) + sizeof(double)) +
                     (std::size_t(config.embedWidth) + std::size_t(config.patches())) * sizeof(float));
}

enum class Detail { Whole, ScoresAlone };

/// Cosines [N] of one picture; its weights and maps go to `reading`.
at::Tensor mixtureCosines(const Asked& asked, const SeenPicture& seen, Detail detail, PictureReading& reading) {
  const nn::Model& model = asked.evaluator.checkpoint.model;
  const double tau = asked.settings.tau.value_or(model.config.mixture->tau);
  const Mixed mixed =
      mix(seen.mixture, asked.texts.query, model.parameters.at("llip.out_proj"), tau, asked.settings);
  if (detail == Detail::Whole) {
    reading.mixture = MixtureReading{std::size_t(mixed.weights.size(0)),
                                     std::size_t(mixed.weights.size(1)),
                                     std::size_t(mixed.weights.size(2)),
                                     tau,
                                     floatsOf(mixed.weights),
                                     reals(-at::xlogy(mixed.weights, mixed.weights).sum(2)),
                                     floatsOf(mixed.embeddings)};
    if (!seen.map) {
      reading.map = captionMaps(asked.evaluator, seen, mixed.weights, asked.settings.heads);
    }
  }
  return (nn::unit(mixed.embeddings) * asked.units).sum(1);
}

}  // namespace

LogitRule logitRule(const Evaluator& evaluator) {
  const nn::Parameters& parameters = evaluator.checkpoint.model.parameters;
  LogitRule rule;
  if (const auto scale = parameters.find("logit_scale"); scale != parameters.end()) {
    rule.scale = std::exp(scale->second.item<double>());
  }
  if (const auto bias = parameters.find("logit_bias"); bias != parameters.end()) {
    rule.bias = bias->second.item<double>();
    rule.sigmoid = true;
  }
  return rule;
}

std::vector<float> MixtureReading::difference(std::size_t first, std::size_t second) const {
  const std::size_t size = heads * tokens;
  std::vector<float> result(size);
  for (std::size_t i = 0; i < size; ++i) {
    result[i] = weights[first * size + i] - weights[second * size + i];
  }
  return result;
}

std::vector<float> MixtureReading::distances() const {
  const at::NoGradGuard noGrad;
  const auto rows = std::int64_t(captions), width = rows == 0 ? 0 : std::int64_t(embeddings.size()) / rows;
  // at::from_blob takes what it only reads as not const.
  return floatsOf(cosineDistances(at::from_blob(const_cast<float*>(embeddings.data()), {rows, width}, at::kFloat)));
}

Result<Reading> inspect(const Evaluator& evaluator, const std::vector<imaging::Image>& pictures,
                        const std::vector<std::string>& captions, const InspectSettings& settings,
                        InspectMemory* memory, std::stop_token stop) {
  LIX_CHECK(check(evaluator, pictures, captions, settings));
  const at::NoGradGuard noGrad;
  InspectMemory own(0, 0);
  InspectMemory& remembered = memory != nullptr ? *memory : own;
  LIX_TRY(nn::TextFeatures texts, remembered.captions(evaluator, captions, stop));
  Asked asked{evaluator, std::move(texts), {}, settings};
  asked.units = nn::unit(asked.texts.embeds);
  const std::size_t each = evaluator.isMixture() ? detailBytes(evaluator.checkpoint.model.config, captions.size()) : 0;
  const std::size_t whole = each == 0 ? pictures.size() : std::max<std::size_t>(1, remembered.detailBytes() / each);
  Reading reading{.notes = notes(evaluator, captions, settings)};
  std::vector<at::Tensor> cosines;
  for (const imaging::Image& picture : pictures) {
    if (stop.stop_requested()) {
      return fail(ErrorCode::Cancelled, "Reading the pictures was stopped.");
    }
    const auto seen = remembered.picture(evaluator, picture);
    PictureReading& one = reading.pictures.emplace_back();
    one.map = seen->map.value_or(MapReading());
    const Detail detail = reading.pictures.size() <= whole ? Detail::Whole : Detail::ScoresAlone;
    cosines.push_back(evaluator.isMixture() ? mixtureCosines(asked, *seen, detail, one)
                                            : at::matmul(asked.units, seen->vector));
  }
  if (whole < pictures.size()) {
    reading.notes.push_back(cat("Mixture weights and maps of ", captions.size(), " captions fit into memory for the first ",
                                whole, " of ", pictures.size(), " pictures; the others have scores alone. Take fewer "
                                "captions to see theirs."));
  }
  const LogitRule rule = logitRule(evaluator);
  const at::Tensor table = at::cat(cosines);
  const at::Tensor logits = table * rule.scale + rule.bias;
  reading.scores = {pictures.size(),  captions.size(),
                    rule,             floatsOf(table),
                    floatsOf(logits), rule.sigmoid ? floatsOf(at::sigmoid(logits)) : std::vector<float>()};
  return reading;
}

}  // namespace lix::study
