#include "study/canary/frozen_canary.h"

#include <ATen/core/grad_mode.h>

#include "adapt/adapter.h"
#include "base/text.h"
#include "imaging/hash.h"
#include "nn/ops/tensor.h"
#include "study/canary/canary_draw.h"
#include "study/eval/zero_shot.h"
#include "study/metrics/accuracy.h"

namespace lix::study {
namespace {

constexpr const char* kTemplates = "plain";
constexpr float kPlainScale = 100.f;  // where a model has no logit_scale

std::vector<int> labelsOf(const std::vector<CanaryPicture>& pictures) {
  std::vector<int> labels;
  for (const CanaryPicture& picture : pictures) {
    labels.push_back(picture.label);
  }
  return labels;
}

std::vector<const imaging::Image*> squaresOf(const std::vector<CanaryPicture>& pictures) {
  std::vector<const imaging::Image*> squares;
  for (const CanaryPicture& picture : pictures) {
    squares.push_back(&picture.square);
  }
  return squares;
}

std::string hashOf(const CanaryDraw& draw) {
  std::string all = join(draw.classes, "\n");
  for (const auto* pictures : {&draw.support, &draw.query}) {
    all += "\n;";
    for (const CanaryPicture& picture : *pictures) {
      all += cat(hex(imaging::contentHash(picture.square)), " ", picture.label, ",");
    }
  }
  return hex(hash64(all));
}

adapt::Matrix matrix(const at::Tensor& rows) {
  return {{rows.data_ptr<float>(), std::size_t(rows.numel())}, std::size_t(rows.size(0)), std::size_t(rows.size(1))};
}

Result<double> accuracyOf(const char* id, const adapt::Task& task, adapt::Matrix query, std::span<const int> labels) {
  LIX_TRY(const adapt::Adapter* adapter, adapt::find(id));
  LIX_TRY(const std::unique_ptr<adapt::Classifier> classifier, adapter->fit(task, {}));
  const std::vector<float> logits = classifier->logits(query);
  return accuracy(predictions({logits, task.classes}), labels).value_or(0.0);
}

}  // namespace

FrozenCanary::FrozenCanary(CanaryDraw draw, nn::Preprocess preprocess, std::shared_ptr<const nn::Tokenizer> tokenizer)
    : draw_(std::move(draw)),
      preprocess_(std::move(preprocess)),
      tokenizer_(std::move(tokenizer)),
      supportLabels_(labelsOf(draw_.support)),
      queryLabels_(labelsOf(draw_.query)),
      drawHash_(hashOf(draw_)) {}

Result<CanaryReading> FrozenCanary::read(const nn::Model& model, const nn::Preprocess& preprocess) {
  if (model.config.towers == nn::Towers::Heads) {
    return fail(ErrorCode::Unsupported,
                "Heads on frozen features read no pictures, so a canary cannot look at them; "
                "leave out --canary.");
  }
  nn::Preprocess normalised = preprocess;  // the pictures are kept before they are scaled, which may differ
  normalised.rescale = preprocess_.rescale;
  normalised.mean = preprocess_.mean;
  normalised.deviation = preprocess_.deviation;
  if (normalised.key() != preprocess_.key()) {
    return fail(ErrorCode::BadInput, cat("The canary's pictures were made for ", preprocess_.key(),
                                         ", and the model reads ", preprocess.key(), "."));
  }
  if (tokenizer_->vocabularySize() > model.config.vocabulary) {
    return fail(ErrorCode::BadInput,
                cat("The canary's tokenizer knows ", tokenizer_->vocabularySize(), " pieces, the model ",
                    model.config.vocabulary, "; they do not belong together."));
  }
  const at::NoGradGuard noGrad;
  const Evaluator evaluator{.checkpoint = {.model = model}, .preprocess = preprocess, .tokenizer = tokenizer_};
  LIX_TRY(const Templates templates, findTemplates(kTemplates));
  const ClassTexts classes = embedClasses(evaluator, draw_.classes, templates);
  const ImageFeatures support = embedSquares(evaluator, squaresOf(draw_.support));
  const ImageFeatures query = embedSquares(evaluator, squaresOf(draw_.query));

  const at::Tensor scores = zeroShotScores(evaluator, query, classes);
  const auto predicted = predictions({matrix(scores).values, draw_.classes.size()});
  CanaryReading reading;
  reading.draw = drawHash_;
  reading.series["canary.zero_shot"] = accuracy(predicted, queryLabels_).value_or(0.0);
  for (std::size_t i = 0; i < predicted.size(); ++i) {
    reading.zeroShotHits.push_back(predicted[i] == queryLabels_[i] ? 1 : 0);
  }
  const at::Tensor supportUnit = unitVectors(evaluator, support), queryUnit = unitVectors(evaluator, query);
  const auto scale = model.parameters.find("logit_scale");
  const adapt::Task task{
      .support = {matrix(supportUnit), supportLabels_},
      .validation = {},
      .text = matrix(classes.text),
      .classes = draw_.classes.size(),
      .logitScale = scale == model.parameters.end() ? kPlainScale : scale->second.exp().item<float>()};
  LIX_TRY(reading.series["canary.prototype"], accuracyOf("prototype", task, matrix(queryUnit), queryLabels_));
  LIX_TRY(reading.series["canary.tip_adapter"], accuracyOf("tip-adapter", task, matrix(queryUnit), queryLabels_));
  return reading;
}

Result<std::unique_ptr<FrozenCanary>> makeCanary(const data::Dataset& dataset, const CanarySettings& settings,
                                                 const Pack& learned, const nn::Preprocess& preprocess,
                                                 std::shared_ptr<const nn::Tokenizer> tokenizer) {
  LIX_TRY(const CanaryPlan plan, planCanary(dataset, settings, canaryOf(dataset, learned.name())));
  LIX_TRY(CanaryDraw draw, drawCanary(dataset, plan, settings, learned, preprocess));
  return std::make_unique<FrozenCanary>(std::move(draw), preprocess, std::move(tokenizer));
}

}  // namespace lix::study
