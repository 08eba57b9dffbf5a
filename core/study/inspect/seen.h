#pragma once
#include <ATen/core/TensorBody.h>

#include <optional>

#include "nn/features.h"
#include "study/inspect/inspect.h"

namespace lix::study {

/// What the image tower gave for one picture, as far as readings with any captions and settings need it.
struct SeenPicture {
  nn::MixtureFeatures mixture;    ///< [1, M, T, D/M], Llip only
  at::Tensor vector;              ///< [D] unit, other models
  at::Tensor ways;                ///< [class tokens, P] by attention rollout, where captions' maps need them
  std::optional<MapReading> map;  ///< where it is the same for every caption and setting

  std::size_t bytes() const;
};

/// Encodes one picture; gradients are not tracked.
SeenPicture see(const Evaluator& evaluator, const imaging::Image& picture);

/// Each caption's map [N, P] of shares from its mixture weights [N, M, T], averaged over the heads that count.
MapReading captionMaps(const Evaluator& evaluator, const SeenPicture& seen, const at::Tensor& weights,
                       const std::vector<std::size_t>& heads);

/// Any tensor's numbers, row-major.
std::vector<float> floatsOf(const at::Tensor& tensor);

}  // namespace lix::study
