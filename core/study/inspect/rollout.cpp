#include "study/inspect/rollout.h"

#include <ATen/ops/eye.h>
#include <ATen/ops/matmul.h>

#include "base/contracts.h"
#include "nn/ops/tensor.h"

namespace lix::study {

at::Tensor attentionRollout(const std::vector<at::Tensor>& attention) {
  LIX_REQUIRE(!attention.empty());
  const auto identity = at::eye(attention.front().size(-1), attention.front().options());
  at::Tensor result = identity.expand_as(attention.front());
  for (const at::Tensor& block : attention) {
    const at::Tensor mixed = 0.5 * block + 0.5 * identity;
    result = at::matmul(mixed / mixed.sum(-1, true), result);
  }
  return result;
}

}  // namespace lix::study
