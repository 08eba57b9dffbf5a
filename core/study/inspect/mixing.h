#pragma once
#include <ATen/core/TensorBody.h>

#include "nn/features.h"
#include "study/inspect/inspect.h"

namespace lix::study {

/// One picture of a Llip as N captions mix it (arXiv 2405.00740, eq. 1 and 2), M heads over T tokens.
struct Mixed {
  at::Tensor weights;     ///< [N, M, T], sum to one over T; 0 of tokens left out; of every head
  at::Tensor embeddings;  ///< [N, D], un-normalised: concat_m(sum_t w v) out_proj, 0 of heads that do not count
};

/// By the settings' tokens and heads, which must be in range, at `tau`. `picture` is one picture's, [1, M, T, D/M].
Mixed mix(const nn::MixtureFeatures& picture, const at::Tensor& query, const at::Tensor& outProj, double tau,
          const InspectSettings& settings);

/// 1 - cosine of every two rows [N, D], [N, N] in double precision: symmetric, exactly 0 on the diagonal, at least 0.
at::Tensor cosineDistances(const at::Tensor& rows);

}  // namespace lix::study
