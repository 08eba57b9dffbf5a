#include "study/eval/zero_shot.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>

#include "base/contracts.h"
#include "nn/ops/tensor.h"
#include "nn/ops/unit.h"
#include "study/eval/cosines.h"

namespace lix::study {
namespace {

constexpr std::size_t kPrompts = 2048;  // of whole classes that are embedded before they are averaged

/// Appends the classes whose prompts were gathered; `counts` tells how many each has.
void append(const Evaluator& evaluator, const std::vector<std::string>& prompts,
            const std::vector<std::int64_t>& counts, std::vector<at::Tensor>& texts, std::vector<at::Tensor>& queries) {
  const nn::TextFeatures features = embedCaptions(evaluator, prompts);
  const at::Tensor units = nn::unit(features.embeds);
  std::int64_t begin = 0;
  for (const std::int64_t count : counts) {
    texts.push_back(units.narrow(0, begin, count).mean(0));
    if (features.query.defined()) {
      queries.push_back(features.query.narrow(0, begin, count).mean(0));
    }
    begin += count;
  }
}

/// Row means over the frames of each sample.
at::Tensor meanOf(const at::Tensor& rows, const FrameGroups& samples) {
  std::vector<at::Tensor> means;
  for (const auto& frames : samples) {
    const std::vector<std::int64_t> indices(frames.begin(), frames.end());
    means.push_back(rows.index_select(0, at::tensor(indices, at::kLong)).mean(0));
  }
  return at::stack(means);
}

}  // namespace

ClassTexts embedClasses(const Evaluator& evaluator, const std::vector<std::string>& classes,
                        const Templates& templates) {
  const at::NoGradGuard noGrad;
  std::vector<at::Tensor> texts, queries;
  std::vector<std::string> prompts;
  std::vector<std::int64_t> counts;
  for (std::size_t c = 0; c < classes.size(); ++c) {
    const auto own = promptsOf(templates, classes[c]);
    LIX_REQUIRE(own.has_value() && !own->empty());
    prompts.insert(prompts.end(), own->begin(), own->end());
    counts.push_back(static_cast<std::int64_t>(own->size()));
    if (prompts.size() >= kPrompts || c + 1 == classes.size()) {
      append(evaluator, prompts, counts, texts, queries);
      prompts.clear();
      counts.clear();
    }
  }
  return {nn::unit(at::stack(texts)), queries.empty() ? at::Tensor() : at::stack(queries)};
}

at::Tensor zeroShotScores(const Evaluator& evaluator, const ImageFeatures& images, const ClassTexts& classes) {
  return cosines(evaluator, images.vectors, {classes.text, classes.query}).contiguous();
}

at::Tensor zeroShotScores(const Evaluator& evaluator, const ImageFeatures& images, const ClassTexts& classes,
                          const FrameGroups& samples) {
  const at::NoGradGuard noGrad;
  if (evaluator.isMixture()) {
    return meanOf(zeroShotScores(evaluator, images, classes), samples).contiguous();
  }
  return at::matmul(nn::unit(meanOf(nn::unit(images.vectors), samples)), classes.text.t()).contiguous();
}

}  // namespace lix::study
