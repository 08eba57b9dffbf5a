#pragma once
#include "nn/ops/tensor.h"

namespace lix::nn {

/// Llip's pairwise term (arXiv 2405.00740, eq. 1 to 3): what every image and every caption bring.
struct MixtureBatch {
  at::Tensor keys;     ///< [B, M, K, D/M]
  at::Tensor values;   ///< [B, M, K, D/M]
  at::Tensor query;    ///< [N, M, D/M]
  at::Tensor texts;    ///< [N, D], unit rows
  at::Tensor outProj;  ///< [D, D], multiplied from the right
  double tau = 1.0;
};

/// How |z_ij|^2 is found without forming z_ij = c_ij W_O: by one q x q matrix an image, q = M K (Gram), or from c_ij
/// and A = W_O W_O' (Context). Auto takes the one with fewer operations for these shapes.
enum class MixtureForm { Auto, Gram, Context };
MixtureForm cheaperForm(std::int64_t images, std::int64_t texts, std::int64_t heads, std::int64_t tokens,
                        std::int64_t width);
/// Operations a pair, forward and backward, in which the forms differ; with what is made once an image spread over the
/// texts.
double mixtureFormFlops(MixtureForm form, double texts, double heads, double tokens, double width);

/// L = -(1/N) sum_ij log sigma(y_ij (scale s_ij + bias)), s_ij = z_ij . t_j / |z_ij|: loss and the gradients of keys,
/// values, query, texts, outProj, scale and bias in one sweep over blocks of images, nothing of size B x N x D.
/// fp64, fp32, or bf16 operands with fp32 accumulation; |z|^2 is kept above 1e-24. CPU: all cores; other devices: the
/// same blocks from ATen's operators. A second derivative is refused.
at::Tensor mixtureSigmoidLoss(const MixtureBatch& batch, const at::Tensor& scale, const at::Tensor& bias,
                              MixtureForm form = MixtureForm::Auto);

/// Cosines s_ij [B, N] alone, without gradients, by the same blocks (nn/ops/mixture_scores.h has them for many images).
at::Tensor mixtureCosines(const MixtureBatch& batch, MixtureForm form = MixtureForm::Auto);

}  // namespace lix::nn
