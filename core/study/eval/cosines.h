#pragma once
#include <ATen/core/TensorBody.h>

#include "study/eval/embed.h"

namespace lix::study {

/// Cosines [n, N] of pictures and captions, for a Llip each picture mixed for each caption, in blocks.
at::Tensor cosines(const Evaluator& evaluator, const at::Tensor& images, const nn::TextFeatures& captions);

}  // namespace lix::study
