#include <ATen/ops/linear.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "study/tuners/training.h"

namespace lix::study::tuners {
namespace {

std::vector<nn::ParameterSpec> specsOf(const ClassPrompts& classes, std::int64_t imageWidth, long long depth) {
  const nn::Initial normal{nn::Initial::Kind::Normal, 0.02};
  const nn::Initial fanIn{nn::Initial::Kind::Uniform, 1.0 / std::sqrt(double(classes.width()))};
  std::vector<nn::ParameterSpec> specs{{"context", {classes.count(), classes.width()}, normal}};
  for (long long l = 0; l < depth; ++l) {
    if (l > 0) {
      specs.push_back({cat("deep.", l), {classes.count(), classes.width()}, normal});
    }
    specs.push_back({cat("couple.", l, ".weight"), {imageWidth, classes.width()}, fanIn});
    specs.push_back({cat("couple.", l, ".bias"), {imageWidth}, fanIn});
  }
  return specs;
}

std::vector<Param> paramsOf() {
  std::vector<Param> params{
      {.key = "context",
       .title = "Words",
       .value = std::string("a photo of a"),
       .help = "The sentence is these words and the class name; its first tokens are learned. Without words the "
               "learned tokens begin at random (deviation 0.02)."},
      {.key = "n_ctx",
       .title = "Learned tokens",
       .value = 2LL,
       .min = 1,
       .max = 1000,
       .help = "Of each tower and depth; the words' other tokens stay as they are."},
      {.key = "depth",
       .title = "Depth",
       .value = 9LL,
       .min = 0,
       .max = 1000,
       .help = "Blocks before which prompts stand, at most as many as the shallower tower has; 0: before the text "
               "tower's first block alone, and none in the image tower."}};
  const auto more = scheduleParams({.rate = 3.5e-3, .epochs = 5, .batch = 4}, "5 in the paper; 0 learns nothing.");
  params.insert(params.end(), more.begin(), more.end());
  return params;
}

Result<std::unique_ptr<Tuned>> fit(const Task& task, const ParamValues& params, const Progress& progress);

}  // namespace

Prompts maplePrompts(const nn::Parameters& learned) {
  Prompts prompts{.context = learned.at("context"), .textDeep = {}, .images = {}};
  const auto coupled = [&](std::size_t depth, const at::Tensor& rows) {
    return at::linear(rows, learned.at(cat("couple.", depth, ".weight")), learned.at(cat("couple.", depth, ".bias")));
  };
  if (learned.contains("couple.0.weight")) {
    prompts.images.tokens = coupled(0, prompts.context);
  }
  for (std::size_t l = 1; learned.contains(cat("deep.", l)); ++l) {
    prompts.textDeep.push_back(learned.at(cat("deep.", l)));
    prompts.images.deep.push_back(coupled(l, prompts.textDeep.back()));
  }
  return prompts;
}

/// Multi-modal Prompt Learning: learned tokens before the blocks of both towers, the image's made of the text's by a
/// linear map of each depth. Un-augmented pictures (the paper crops and flips). What is ours for SigLIP is said at
/// encodePromptedImages(); a Llip's class tokens see the prompts through the attention and are mixed by each class's
/// prompted query.
const Tuner& maple() {
  static const Tuner tuner{.id = "maple",
                           .title = "MaPLe",
                           .citation = "Khattak et al. 2023, MaPLe: Multi-modal Prompt Learning, arXiv 2210.03117",
                           .params = paramsOf(),
                           .reads = Tuner::Reads::Pixels,
                           .fit = fit};
  return tuner;
}

namespace {

Result<std::unique_ptr<Tuned>> fit(const Task& task, const ParamValues& params, const Progress& progress) {
  LIX_TRY(ParamValues settings, checkTask(maple(), task, params));
  LIX_TRY(const Schedule schedule, scheduleFrom(maple(), task, settings));
  const nn::ModelConfig& config = task.evaluator.checkpoint.model.config;
  const auto depth =
      std::min<long long>(std::get<long long>(settings.at("depth")), std::min(config.text.depth, config.vision.depth));
  PromptedModel prompted{
      .model = frozen(task.evaluator.checkpoint.model), .prompts = maplePrompts, .reads = Tuner::Reads::Pixels};
  LIX_TRY(prompted.classes, makeClassPrompts(task.evaluator, task.classNames,
                                             {.words = std::string(trim(std::get<std::string>(settings.at("context")))),
                                              .count = std::get<long long>(settings.at("n_ctx"))}));
  prompted.learned = startOf(specsOf(prompted.classes, config.vision.width, depth), prompted.classes, task.seed);
  settings["depth"] = depth;
  return tune(maple(), task, schedule, std::move(prompted), std::move(settings), progress);
}

}  // namespace
}  // namespace lix::study::tuners
