#include "study/tuners/prompted_model.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <numeric>

#include "base/text.h"
#include "nn/scorers/scorer.h"

namespace lix::study::tuners {
namespace {

constexpr std::int64_t kPairs = 1 << 16;  // pictures x classes that are scored at once
constexpr std::int64_t kPictures = 128;   // that pass the tower at once

}  // namespace

nn::Model frozen(const nn::Model& model) {
  nn::Model copy{model.config, {}, model.base};
  for (const auto& [name, value] : model.parameters) {
    copy.parameters.emplace(name, value.detach());
  }
  return copy;
}

nn::Parameters startOf(const std::vector<nn::ParameterSpec>& specs, const ClassPrompts& classes, std::uint64_t seed) {
  nn::Parameters learned = nn::drawParameters(specs, seed);
  for (auto& [name, value] : learned) {
    value = value.to(classes.fixed.scalar_type());
    if (name == "context" && classes.start.defined()) {
      value.copy_(classes.start.expand(value.sizes()));
    }
    value.set_requires_grad(true);
  }
  return learned;
}

nn::TextFeatures classFeatures(const PromptedModel& prompted, const Prompts& prompts) {
  // The learned tokens stand at the same place in every sentence wherever deep prompts are used.
  const nn::DeepPrompts deep{prompted.classes.positions[0][0].item<std::int64_t>(), prompts.textDeep};
  return nn::encodeTextEmbeddings(prompted.model, withContext(prompted.classes, prompts.context), prompted.classes.ids,
                                  deep);
}

at::Tensor logitsOf(const PromptedModel& prompted, const at::Tensor& images, const Prompts& prompts,
                    const nn::TextFeatures& classes) {
  const nn::Model& model = prompted.model;
  const at::Tensor features =
      prompted.reads == Tuner::Reads::Features ? images : nn::encodePromptedImages(model, images, prompts.images);
  nn::Encoded batch{.text = classes};
  if (model.config.mixesByCaption()) {
    batch.mixture = nn::projectTokens(model, features);
    batch.outProj = model.parameters.at("llip.out_proj");
    batch.tau = model.config.mixture->tau;
  } else {
    batch.image = features;
  }
  const nn::Scorer& scorer = **nn::findScorer(model.config.mixesByCaption() ? "mixture" : "dot");
  const at::Tensor cosines = scorer.score({batch, {}}).cosines;
  const auto scale = model.parameters.find("logit_scale");
  return scale == model.parameters.end() ? cosines * 100.0 : cosines * scale->second.exp();
}

Result<at::Tensor> imagesOf(Tuner::Reads reads, const Pictures& pictures, const std::vector<std::uint32_t>& rows) {
  if (reads == Tuner::Reads::Pixels) {
    return pictures.pixels(rows);
  }
  const std::vector<std::int64_t> index(rows.begin(), rows.end());
  return pictures.features.index_select(0, at::tensor(index, at::kLong));
}

Result<at::Tensor> allLogits(const PromptedModel& prompted, const Pictures& pictures, const Prompts& prompts,
                             const nn::TextFeatures& classes, const Progress& progress, const std::string& what) {
  const at::NoGradGuard noGrad;
  const auto block = std::size_t(std::clamp<std::int64_t>(kPairs / classes.embeds.size(0), 1, kPictures));
  std::vector<at::Tensor> parts{at::zeros({0, classes.embeds.size(0)}, at::kFloat)};
  for (std::size_t begin = 0; begin < pictures.count; begin += block) {
    if (!report(progress, what, (long long)(begin), (long long)(pictures.count))) {
      return fail(ErrorCode::Cancelled, cat(what, " was stopped after ", begin, " of ", pictures.count, " pictures."));
    }
    std::vector<std::uint32_t> rows(std::min(block, pictures.count - begin));
    std::iota(rows.begin(), rows.end(), std::uint32_t(begin));
    LIX_TRY(const at::Tensor images, imagesOf(prompted.reads, pictures, rows));
    parts.push_back(logitsOf(prompted, images, prompts, classes).to(at::kFloat));
  }
  return at::cat(parts);
}

}  // namespace lix::study::tuners
