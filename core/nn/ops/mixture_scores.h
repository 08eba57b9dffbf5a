#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "nn/features.h"
#include "nn/ops/mixture_loss.h"

namespace lix::nn {

/// What captions bring to a Llip's cosines, made once for all images that they meet.
struct MixtureCaptions {
  at::Tensor query;    ///< [N, M, D/M]
  at::Tensor texts;    ///< [N, D], unit rows
  at::Tensor w;        ///< [N, D], w_j = W_O t_j
  at::Tensor outProj;  ///< [D, D]
  at::Tensor metric;   ///< W_O W_O' [D, D]
  double tau = 1.0;

  std::int64_t count() const { return query.size(0); }
  /// Captions [first, first + number), or those of a list: the rows alone, nothing is computed again.
  MixtureCaptions range(std::int64_t first, std::int64_t number) const;
  MixtureCaptions chosen(const at::Tensor& indices) const;
};

/// fp64, fp32, or bf16 that becomes fp32. `texts` unit rows.
MixtureCaptions mixtureCaptions(const at::Tensor& query, const at::Tensor& texts, const at::Tensor& outProj,
                                double tau);

/// Cosines s_ij [B, N] of the images' keys and values [B, M, K, D/M] with the captions, forward alone and without
/// gradients: 4 K D + 2 min((M K)^2, D^2) operations a pair, and with Gram 2 K D^2 + 2 (M K)^2 D / M an image. Nothing
/// of size B x N x D. All cores share the images.
at::Tensor mixtureScores(const MixtureFeatures& images, const MixtureCaptions& captions,
                         MixtureForm form = MixtureForm::Auto);

/// The same of each image with captions of its own: `lists[i]` are the caption numbers of image i, `scores[i]` becomes
/// as long. An empty list costs nothing. Scores that are to be compared with others need their form: Auto goes by the
/// length of each list.
void mixtureScoresOfLists(const MixtureFeatures& images, const MixtureCaptions& captions,
                          std::span<const std::vector<std::int64_t>> lists, std::span<std::vector<float>> scores,
                          MixtureForm form = MixtureForm::Auto);

}  // namespace lix::nn
