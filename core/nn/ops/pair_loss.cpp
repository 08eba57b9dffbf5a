#include "nn/ops/pair_loss.h"

#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/custom_function.h>

#include "base/contracts.h"
#include "nn/ops/pair_sweep.h"

namespace lix::nn {
namespace {

/// A loss whose gradients were made with it: the way back only multiplies them.
struct MadeWithItsGradients : torch::autograd::Function<MadeWithItsGradients> {
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& images,
                            const at::Tensor& texts, const at::Tensor& scale, const std::optional<at::Tensor>& bias,
                            const PairSweep& sweep) {
    const auto like = [](const at::Tensor& gradient, const at::Tensor& input) {
      return gradient.defined() && input.requires_grad() ? gradient.to(input.options()).reshape(input.sizes())
                                                         : at::Tensor();
    };
    context->save_for_backward({like(sweep.images, images), like(sweep.texts, texts), like(sweep.scale, scale),
                                bias ? like(sweep.bias, *bias) : at::Tensor()});
    return sweep.loss.to(accumulationType(images, texts));
  }
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& upstream) {
    TORCH_CHECK(
        !at::GradMode::is_enabled(),
        "The one-pass pairwise losses have no second derivative: their gradients are made with the loss. Use the "
        "composed form for it.");
    auto gradients = context->get_saved_variables();
    for (auto& gradient : gradients) {
      if (gradient.defined()) {
        gradient = gradient * upstream[0].to(gradient.options());
      }
    }
    gradients.emplace_back();
    return gradients;
  }
};

struct Operands {
  at::Tensor images, texts;
  PairWants wants;
  Tiling tiling;
};

Operands operandsOf(const at::Tensor& images, const at::Tensor& texts, bool scalarsLearn) {
  LIX_REQUIRE(images.dim() == 2 && images.sizes() == texts.sizes() && images.size(0) > 0);
  LIX_REQUIRE(images.is_floating_point() && texts.is_floating_point());
  const bool learns = at::GradMode::is_enabled();
  const auto type = accumulationType(images, texts);
  Operands operands{images.detach().to(type).contiguous(),
                    texts.detach().to(type).contiguous(),
                    {learns && images.requires_grad(), learns && texts.requires_grad(), learns && scalarsLearn},
                    {}};
  operands.tiling = tilingFor(operands.images, images.size(0));
  return operands;
}

}  // namespace

at::Tensor sigmoidPairLoss(const at::Tensor& images, const at::Tensor& texts, const at::Tensor& scale,
                           const at::Tensor& bias) {
  LIX_REQUIRE(scale.numel() == 1 && bias.numel() == 1);
  const Operands operands = operandsOf(images, texts, scale.requires_grad() || bias.requires_grad());
  const PairSweep sweep = sigmoidSweep(operands.images, operands.texts, scale.item<double>(), bias.item<double>(),
                                       operands.wants, operands.tiling);
  return MadeWithItsGradients::apply(images, texts, scale, std::optional<at::Tensor>(bias), sweep);
}

at::Tensor softmaxPairLoss(const at::Tensor& images, const at::Tensor& texts, const at::Tensor& scale) {
  LIX_REQUIRE(scale.numel() == 1);
  const Operands operands = operandsOf(images, texts, scale.requires_grad());
  const PairSweep sweep =
      softmaxSweep(operands.images, operands.texts, scale.item<double>(), operands.wants, operands.tiling);
  return MadeWithItsGradients::apply(images, texts, scale, std::optional<at::Tensor>(), sweep);
}

}  // namespace lix::nn
