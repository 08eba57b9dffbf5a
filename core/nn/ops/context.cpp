#include "nn/ops/context.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/full.h>
#include <torch/csrc/autograd/custom_function.h>

#include "base/contracts.h"
#include "nn/ops/context_sweep.h"
#include "nn/ops/context_uniform.h"

namespace lix::nn {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

at::Tensor computed(const at::Tensor& rows, at::ScalarType type) { return rows.detach().to(type).contiguous(); }

void refuseSecondDerivative() {
  TORCH_CHECK(
      !at::GradMode::is_enabled(),
      "The tiled context has no second derivative: its weights are made again on the way back. Use the composed "
      "form for it.");
}

/// `gradient` as autograd wants it for `input`.
at::Tensor shapedLike(const at::Tensor& gradient, const at::Tensor& input) {
  return gradient.defined() ? gradient.to(input.options()).reshape(input.sizes()) : at::Tensor();
}

struct BatchAttention : torch::autograd::Function<BatchAttention> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& images, const at::Tensor& tau,
                            const ContextState& state, const ContextOptions& options) {
    context->save_for_backward({images, tau, state.vectors, state.max, state.inverse});
    context->saved_data["masked"] = options.masked;
    context->saved_data["values"] = !options.detachedValues;
    return state.vectors.to(images.scalar_type());
  }
  static variable_list backward(AutogradContext* context, const variable_list& upstream) {
    refuseSecondDerivative();
    const auto saved = context->get_saved_variables();
    const auto type = accumulationType(saved[0], saved[0]);
    const bool wanted = context->needs_input_grad(0);
    const at::Tensor images = computed(saved[0], type);
    const ContextGradients gradients = batchContextGradients(
        images, saved[1].item<double>(), context->saved_data["masked"].toBool() ? SelfMask::Diagonal : SelfMask::None,
        {saved[2], saved[3], saved[4]}, computed(upstream[0], type),
        {wanted, wanted, wanted && context->saved_data["values"].toBool()}, tilingFor(images, images.size(0)));
    return {shapedLike(gradients.buffer, saved[0]), shapedLike(gradients.tau, saved[1]), {}, {}};
  }
};

struct BufferAttention : torch::autograd::Function<BufferAttention> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& queries, const at::Tensor& buffer,
                            const std::optional<at::Tensor>& self, const at::Tensor& tau, const ContextState& state,
                            const ContextOptions& options) {
    context->save_for_backward(
        {queries, buffer, self.value_or(at::Tensor()), tau, state.vectors, state.max, state.inverse});
    context->saved_data["values"] = !options.detachedValues;
    return state.vectors.to(queries.scalar_type());
  }
  static variable_list backward(AutogradContext* context, const variable_list& upstream) {
    refuseSecondDerivative();
    const auto saved = context->get_saved_variables();
    const auto type = accumulationType(saved[0], saved[1]);
    const at::Tensor queries = computed(saved[0], type);
    const bool wantsBuffer = context->needs_input_grad(1);
    const ContextGradients gradients = bufferContextGradients(
        queries, computed(saved[1], type), saved[2], saved[3].item<double>(), {saved[4], saved[5], saved[6]},
        computed(upstream[0], type),
        {context->needs_input_grad(0), wantsBuffer, wantsBuffer && context->saved_data["values"].toBool()},
        tilingFor(queries, std::max(queries.size(0), saved[1].size(0))));
    return {shapedLike(gradients.queries, saved[0]),
            shapedLike(gradients.buffer, saved[1]),
            {},
            shapedLike(gradients.tau, saved[3]),
            {},
            {}};
  }
};

}  // namespace

Context contextOf(const at::Tensor& images, const at::Tensor& tau, const ContextOptions& options) {
  LIX_REQUIRE(images.dim() == 2 && images.is_floating_point() && tau.numel() == 1);
  const auto n = images.size(0);
  LIX_REQUIRE(n >= (options.masked ? 2 : 1));
  if (options.uniform) {
    const auto indices = images.options().dtype(at::kLong);
    return uniformContext(options.detachedValues ? images.detach() : images,
                          options.masked ? at::arange(n, indices) : at::full({n}, -1, indices), tau);
  }
  const at::Tensor rows = computed(images, accumulationType(images, images));
  const ContextState state =
      batchContext(rows, tau.item<double>(), options.masked ? SelfMask::Diagonal : SelfMask::None, tilingFor(rows, n));
  return {BatchAttention::apply(images, tau, state, options), state.effectiveNeighbours};
}

Context contextOver(const at::Tensor& queries, const at::Tensor& buffer, const at::Tensor& self, const at::Tensor& tau,
                    const ContextOptions& options) {
  LIX_REQUIRE(queries.dim() == 2 && buffer.dim() == 2 && queries.size(1) == buffer.size(1) && tau.numel() == 1);
  LIX_REQUIRE(queries.size(0) > 0 && buffer.size(0) > 0);
  const bool masked = options.masked && self.defined();
  if (masked) {
    LIX_REQUIRE(self.dim() == 1 && self.size(0) == queries.size(0) && self.scalar_type() == at::kLong);
    const auto last = self.max().item<std::int64_t>();
    LIX_REQUIRE(last < buffer.size(0) && (last < 0 || buffer.size(0) >= 2));
  }
  if (options.uniform) {
    const auto none = queries.options().dtype(at::kLong);
    return uniformContext(options.detachedValues ? buffer.detach() : buffer,
                          masked ? self : at::full({queries.size(0)}, -1, none), tau);
  }
  const auto type = accumulationType(queries, buffer);
  const at::Tensor asked = computed(queries, type);
  const at::Tensor hidden = masked ? self.contiguous() : at::Tensor();
  const ContextState state = bufferContext(asked, computed(buffer, type), hidden, tau.item<double>(),
                                           tilingFor(asked, std::max(queries.size(0), buffer.size(0))));
  return {BufferAttention::apply(queries, buffer, masked ? std::optional<at::Tensor>(hidden) : std::nullopt, tau, state,
                                 options),
          state.effectiveNeighbours};
}

}  // namespace lix::nn
