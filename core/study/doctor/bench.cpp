#include "study/doctor/bench.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/stack.h>

#include <algorithm>
#include <cmath>

#include "nn/ops/tensor.h"
#include "nn/ops/unit.h"
#include "study/eval/cosines.h"

namespace lix::study::doctor {
namespace {

double scalar(const nn::Model& model, const char* name, double otherwise) {
  const auto found = model.parameters.find(name);
  return found == model.parameters.end() ? otherwise : found->second.item<double>();
}

}  // namespace

at::Tensor pixelsOf(const std::vector<imaging::Image>& pictures, const nn::Preprocess& preprocess) {
  std::vector<at::Tensor> rows;
  for (const imaging::Image& picture : pictures) {
    rows.push_back(toPixels(picture, preprocess));
  }
  return at::stack(rows);
}

at::Tensor idsOf(const std::vector<nn::TokenRow>& rows) {
  const auto length = std::int64_t(rows[0].ids.size());
  at::Tensor ids = at::empty({std::int64_t(rows.size()), length}, at::kLong);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::ranges::copy(rows[i].ids, ids.data_ptr<std::int64_t>() + std::int64_t(i) * length);
  }
  return ids;
}

Input inputOf(const Evaluator& evaluator, std::vector<Specimen> specimens) {
  Input input;
  std::vector<nn::TokenRow> rows;
  for (Specimen& one : specimens) {
    rows.push_back(evaluator.tokenizer->encode(one.caption, evaluator.checkpoint.model.config.contextLength));
    input.lengths.push_back(rows.back().length);
    input.captions.push_back(std::move(one.caption));
    input.pictures.push_back(std::move(one.picture));
  }
  input.pixels = pixelsOf(input.pictures, evaluator.preprocess);
  input.ids = idsOf(rows);
  return input;
}

void score(const Evaluator& evaluator, Answer& answer) {
  answer.images = unitVectors(evaluator, {.vectors = answer.imageRows});
  answer.captions = nn::unit(answer.texts.embeds);
  answer.cosines = cosines(evaluator, answer.imageRows, answer.texts);
  const nn::Model& model = evaluator.checkpoint.model;
  answer.logits = answer.cosines * std::exp(scalar(model, "logit_scale", 0.0)) + scalar(model, "logit_bias", 0.0);
}

Answer answer(const Evaluator& evaluator, const at::Tensor& pixels, const at::Tensor& ids) {
  Answer made;
  made.imageRows = nn::encodeImages(evaluator.checkpoint.model, pixels);
  made.texts = nn::encodeTexts(evaluator.checkpoint.model, ids);
  score(evaluator, made);
  return made;
}

Answer answerAnew(const Evaluator& evaluator, const at::Tensor& pixels, const at::Tensor& ids, Touch touch, const Answer& before) {
  Answer made{.imageRows = before.imageRows, .images = {}, .texts = before.texts, .captions = {}, .cosines = {}, .logits = {}};
  if (touch == Touch::Pictures || touch == Touch::Both) {
    made.imageRows = nn::encodeImages(evaluator.checkpoint.model, pixels);
  }
  if (touch == Touch::Captions || touch == Touch::Both) {
    made.texts = nn::encodeTexts(evaluator.checkpoint.model, ids);
  }
  score(evaluator, made);
  return made;
}

int pairsRight(const Answer& answer) {
  const auto n = answer.cosines.size(0);
  int right = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    right += answer.cosines[i][i].item<float>() > answer.cosines[i][(i + 1) % n].item<float>() ? 1 : 0;
  }
  return right;
}

void measure(const Answer& right, const Answer& wrong, Touch touch, Mistake& mistake) {
  std::vector<at::Tensor> before, after;
  if (touch != Touch::Captions) {
    before.push_back(right.images);
    after.push_back(wrong.images);
  }
  if (touch != Touch::Pictures) {
    before.push_back(right.captions);
    after.push_back(wrong.captions);
  }
  const at::Tensor a = at::cat(before).to(at::kDouble), b = at::cat(after).to(at::kDouble);
  const at::Tensor cosines = (a * b).sum(1) / ((a * a).sum(1) * (b * b).sum(1)).sqrt();
  mistake.component = (a - b).abs().max().item<double>();
  mistake.cosineMean = cosines.mean().item<double>();
  mistake.cosineLeast = cosines.min().item<double>();
  mistake.logit = (right.logits - wrong.logits).abs().max().item<double>();
  mistake.pairsRight = pairsRight(wrong);
}

}  // namespace lix::study::doctor
