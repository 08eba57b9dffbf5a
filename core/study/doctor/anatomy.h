#pragma once
#include "nn/checkpoint/import/plan.h"
#include "nn/checkpoint/import/source.h"
#include "study/doctor/report.h"
#include "study/eval/embed.h"

namespace lix::study::doctor {

/// What the files say, before any weight is used: what it is, sizes and rules with their origins, the weights' names.
void describeSource(const nn::detail::Source& source, Report& report);
void describeArchitecture(const nn::detail::Source& source, const nn::ModelConfig& config, Report& report);
/// Names that are missing, left over or of another shape, and weights that no model can be good with; findings with them.
void describeWeights(const nn::detail::Source& source, const nn::detail::Plan& plan, Report& report);

/// What is known once it is open: scale and bias, how pictures are prepared, what the tokenizer does.
void describeScores(const nn::Model& model, Report& report);
void describePictures(const nn::detail::Source& source, const nn::Preprocess& preprocess, const nn::ModelConfig& config,
                      Report& report);
void describeCaptions(const nn::detail::Source& source, const nn::Tokenizer& tokenizer, const nn::ModelConfig& config,
                      Report& report);

}  // namespace lix::study::doctor
