#include "nn/ops/mixture_loss.h"

namespace lix::nn {

/// Operations a pair, forward and backward, in which the forms differ; q = M K. The Gram matrix of an image and its
/// gradient cost 4 K D^2 + 6 q^2 D/M once, shared by all texts.
MixtureForm cheaperForm(std::int64_t images, std::int64_t texts, std::int64_t heads, std::int64_t tokens,
                        std::int64_t width) {
  if (images == 0 || texts == 0) return MixtureForm::Context;
  const double q = static_cast<double>(heads * tokens), d = static_cast<double>(width);
  const double k = static_cast<double>(tokens), n = static_cast<double>(texts);
  const double gram = 4 * q * q + (4 * k * d * d + 6 * q * q * d / static_cast<double>(heads)) / n;
  return gram < 4 * d * d ? MixtureForm::Gram : MixtureForm::Context;
}

}  // namespace lix::nn
