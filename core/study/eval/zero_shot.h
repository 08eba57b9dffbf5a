#pragma once
#include <ATen/core/TensorBody.h>

#include <string>
#include <vector>

#include "study/eval/cosines.h"
#include "study/eval/embed.h"

namespace lix::study {

/// Prompt templates: "{}" stands for the class name.
struct Templates {
  std::string name;
  std::vector<std::string> texts;
};

/// Built-in templates by name (resources/prompts/<name>.json), or a file: JSON list of strings, or one template a line.
Result<Templates> findTemplates(const std::string& nameOrPath);

/// Class vectors made from names and templates.
struct ClassTexts {
  at::Tensor text;   ///< [C, D] unit: norm(mean over templates of norm(z'))
  at::Tensor query;  ///< [C, M, D/M], Llip: plain mean over templates of the queries, not normalised again
};
ClassTexts embedClasses(const Evaluator& evaluator, const std::vector<std::string>& classes,
                        const Templates& templates);

/// Zero-shot scores [n, C]: cosine of every picture and class, for a Llip of the picture mixed for the class.
at::Tensor zeroShotScores(const Evaluator& evaluator, const ImageFeatures& images, const ClassTexts& classes);

}  // namespace lix::study
