#pragma once
#include <ATen/core/TensorBody.h>

#include <string>
#include <vector>

#include "study/eval/cosines.h"
#include "study/eval/embed.h"
#include "study/eval/zero_shot_templates.h"

namespace lix::study {

/// Class vectors made from names and templates; templates and synonyms of a class are averaged together.
struct ClassTexts {
  at::Tensor text;   ///< [C, D] unit: norm(mean over prompts of norm(z'))
  at::Tensor query;  ///< [C, M, D/M], Llip: plain mean over prompts of the queries, not normalised again
};
/// Classes that checkPrompts refuses for want of prompts are a broken contract.
ClassTexts embedClasses(const Evaluator& evaluator, const std::vector<std::string>& classes,
                        const Templates& templates);

/// Zero-shot scores [n, C]: cosine of every picture and class, for a Llip of the picture mixed for the class.
at::Tensor zeroShotScores(const Evaluator& evaluator, const ImageFeatures& images, const ClassTexts& classes);

/// Rows of ImageFeatures by the sample (a short video) that they are frames of; none empty.
using FrameGroups = std::vector<std::vector<std::size_t>>;
/// Scores [samples, C] of samples of several frames: the cosine of the normalised mean of the frames' unit vectors, as
/// CLIP does for video; of a Llip, whose vectors depend on the class, the mean of the frames' cosines (ours).
at::Tensor zeroShotScores(const Evaluator& evaluator, const ImageFeatures& images, const ClassTexts& classes,
                          const FrameGroups& samples);

}  // namespace lix::study
