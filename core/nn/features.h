#pragma once
#include "nn/ops/tensor.h"

namespace lix::nn {

struct TextFeatures {
  at::Tensor embeds;  ///< [N, D], un-normalised
  at::Tensor query;   ///< [N, M, D/M], Llip only
};

struct MixtureFeatures {
  at::Tensor keys;    ///< [B, M, K, D/M]
  at::Tensor values;  ///< [B, M, K, D/M]
};

/// A batch as the scorers see it.
struct Encoded {
  at::Tensor image;         ///< [B, D] un-normalised; undefined for a Llip
  MixtureFeatures mixture;  ///< Llip only
  TextFeatures text;        ///< of N captions
  at::Tensor outProj;       ///< [D, D], Llip only
  double tau = 1.0;         ///< Llip only
};

}  // namespace lix::nn
