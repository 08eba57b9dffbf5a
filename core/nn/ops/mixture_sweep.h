#pragma once
#include "nn/ops/mixture_loss.h"

namespace lix::nn {

/// Llip's pairwise loss with all its gradients from one sweep over images. With w_j = W_O t_j and A = W_O W_O', the
/// cosine is s = p / n with p = c w, n^2 = c' A c, c = sum a v the mixed values (a = softmax_k(k q / tau)), so that
/// neither z_ij = c_ij W_O nor anything else of size B x N x D is formed:
///   Gram:    p = sum a R, R = v w;  n^2 = a' G a, G = V A V' once an image;  da = e R - f G a, dG = -1/2 sum f a a'
///   Context: c formed, y = A c;  n^2 = c y;  dc = e w - f y, dA = -1/2 sum f c c'
/// with g = dL/ds = scale dL/dx, e = g / n, f = g s / n^2. dL/dx depends on its own pair alone (sigmoid), which is why
/// one sweep suffices. At the end dW_O = (dA + dA') W_O + dw' t and dt = dw W_O.
struct MixtureSweep {
  at::Tensor loss;  ///< scalar in the accumulating type (fp64, else fp32)
  /// Gradients in types and shapes of what they belong to; undefined where only the loss was asked for.
  at::Tensor keys, values, query, texts, outProj, scale, bias;
};
enum class SweepDepth { LossOnly, Gradients };

/// On the CPU: images are dealt to all cores, each with its own sums, which are added in a fixed order: the same number
/// of threads gives the same bits.
MixtureSweep sweepMixture(const MixtureBatch& batch, const at::Tensor& scale, const at::Tensor& bias, MixtureForm form,
                          SweepDepth depth);

/// The same from ATen's operators, for any device; `imagesPerBlock` 0: as many as 64 MiB hold.
MixtureSweep sweepMixtureByOperators(const MixtureBatch& batch, const at::Tensor& scale, const at::Tensor& bias,
                                     MixtureForm form, SweepDepth depth, std::int64_t imagesPerBlock = 0);
at::Tensor mixtureCosinesByOperators(const MixtureBatch& batch, MixtureForm form, std::int64_t imagesPerBlock = 0);

/// What both paths read off a batch; the form is decided here.
struct MixtureShape {
  std::int64_t images = 0, texts = 0, heads = 0, tokens = 0, headWidth = 0;
  std::int64_t rows() const { return heads * tokens; }
  std::int64_t width() const { return heads * headWidth; }
};
MixtureShape shapeOf(const MixtureBatch& batch);
MixtureForm chosenForm(MixtureForm form, const MixtureShape& shape);

}  // namespace lix::nn
