#include "nn/ops/mixture_loss.h"

#include <torch/csrc/autograd/custom_function.h>

#include "base/contracts.h"
#include "nn/ops/mixture_sweep.h"

namespace lix::nn {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

MixtureSweep sweep(const MixtureBatch& batch, const at::Tensor& scale, const at::Tensor& bias, MixtureForm form,
                   SweepDepth depth) {
  return batch.keys.is_cpu() ? sweepMixture(batch, scale, bias, form, depth)
                             : sweepMixtureByOperators(batch, scale, bias, form, depth);
}

/// The forward pass makes the gradients too; the backward pass only multiplies them.
struct OnePass : torch::autograd::Function<OnePass> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& keys, const at::Tensor& values,
                            const at::Tensor& query, const at::Tensor& texts, const at::Tensor& outProj,
                            const at::Tensor& scale, const at::Tensor& bias, double tau, std::int64_t form) {
    const MixtureBatch batch{keys, values, query, texts, outProj, tau};
    MixtureSweep made = sweep(batch, scale, bias, static_cast<MixtureForm>(form), SweepDepth::Gradients);
    context->save_for_backward(
        {made.keys, made.values, made.query, made.texts, made.outProj, made.scale, made.bias});
    return made.loss;
  }

  static variable_list backward(AutogradContext* context, variable_list upstream) {
    TORCH_CHECK(!at::GradMode::is_enabled(),
                "The one-pass Llip loss has no second derivative: use the composed loss (scorer 'mixture') for it.");
    const auto saved = context->get_saved_variables();
    // Most often the loss is where backward starts; a copy of all gradients to multiply them by one is not made then.
    const bool one = upstream[0].is_cpu() && upstream[0].item<double>() == 1.0;
    variable_list gradients(9);
    for (std::size_t i = 0; i < saved.size(); ++i)
      if (context->needs_input_grad(i))
        gradients[i] = one ? saved[i] : (saved[i] * upstream[0]).to(saved[i].scalar_type());
    return gradients;
  }
};

}  // namespace

at::Tensor mixtureSigmoidLoss(const MixtureBatch& batch, const at::Tensor& scale, const at::Tensor& bias,
                              MixtureForm form) {
  const MixtureShape shape = shapeOf(batch);
  LIX_REQUIRE(shape.images == shape.texts);
  LIX_REQUIRE(scale.numel() == 1 && bias.numel() == 1);
  bool gradients = false;
  for (const at::Tensor* input :
       {&batch.keys, &batch.values, &batch.query, &batch.texts, &batch.outProj, &scale, &bias})
    gradients = gradients || input->requires_grad();
  if (!gradients || !at::GradMode::is_enabled()) return sweep(batch, scale, bias, form, SweepDepth::LossOnly).loss;
  return OnePass::apply(batch.keys, batch.values, batch.query, batch.texts, batch.outProj, scale, bias, batch.tau,
                        static_cast<std::int64_t>(form));
}

}  // namespace lix::nn
