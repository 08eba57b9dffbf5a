#include <ATen/ops/eye.h>
#include <ATen/ops/full.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/tensor.h>

#include "inspect_support.h"
#include "study/inspect/rollout.h"

namespace lix::study {
namespace {

TEST(Rollout, OfIdentityAttentionIsTheIdentity) {
  const at::Tensor identity = at::eye(4).unsqueeze(0);
  EXPECT_TRUE(attentionRollout({identity, identity, identity}).equal(identity));
}

TEST(Rollout, OfOneBlockIsHalfItsAttention) {
  const at::Tensor even = at::full({1, 2, 2}, 0.5);
  const at::Tensor expected = at::tensor({0.75, 0.25, 0.25, 0.75}).view({1, 2, 2});
  EXPECT_LT((attentionRollout({even}) - expected).abs().max().item<double>(), 1e-7);
}

TEST(Rollout, MultipliesLaterBlocksFromTheLeft) {
  // Block 1: token 0 reads token 1. Block 2: token 1 reads token 0. Half and half with the residual:
  // A1 = [.5 .5; 0 1], A2 = [1 0; .5 .5], A2 A1 = [.5 .5; .25 .75]; the other order gives [.75 .25; .5 .5].
  const at::Tensor first = at::tensor({0.0, 1.0, 0.0, 1.0}).view({1, 2, 2});
  const at::Tensor second = at::tensor({1.0, 0.0, 1.0, 0.0}).view({1, 2, 2});
  const at::Tensor expected = at::tensor({0.5, 0.5, 0.25, 0.75}).view({1, 2, 2});
  EXPECT_LT((attentionRollout({first, second}) - expected).abs().max().item<double>(), 1e-7);
}

TEST(Rollout, RowsSumToOneEvenWhereTheAttentionsDoNot) {
  const at::Tensor rows = attentionRollout({at::rand({2, 5, 5}), at::rand({2, 5, 5})}).sum(-1);
  EXPECT_LT((rows - 1).abs().max().item<double>(), 1e-6);
}

}  // namespace
}  // namespace lix::study
