// Llip's pairwise loss, forward and backward, fp32: one pass, composed with autograd, and as the release computes it.
#include <ATen/core/grad_mode.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/linalg_vecdot.h>

#include <cstdio>

#include "loss_bench.h"
#include "mixture_reference.h"

namespace lix::bench {
namespace {
using namespace nn;
using test::MixtureCase;

enum class Way { Released, Composed, Gram, Context, Auto };
constexpr const char* kWays[] = {"released", "composed", "one pass, Gram", "one pass, context", "one pass, auto"};

/// Logits as the release forms them: every z_ij, normalised, times its caption.
at::Tensor releasedLogits(const MixtureCase& c) {
  const MixtureBatch& b = c.batch;
  const at::Tensor weights = at::softmax(at::matmul(b.keys, b.query.permute({1, 2, 0})) / b.tau, 2);
  const at::Tensor mixed = at::matmul(weights.transpose(2, 3), b.values);
  const at::Tensor z = at::matmul(mixed.transpose(1, 2).flatten(2), b.outProj);
  return at::linalg_vecdot(z / z.norm(2, {-1}, true).clamp_min(1e-12), b.texts.unsqueeze(0)) * c.scale + c.bias;
}

/// The release wraps the logits in a checkpoint: nothing of the forward pass is kept, the backward pass makes it anew.
double released(MixtureCase& c) {
  at::Tensor logits;
  {
    const at::NoGradGuard noGrad;
    logits = releasedLogits(c);
  }
  logits.set_requires_grad(true);
  const at::Tensor sign = at::eye(logits.size(0), logits.options().requires_grad(false)) * 2 - 1;
  const at::Tensor loss = -at::log_sigmoid(sign * logits).sum() / logits.size(0);
  loss.backward();
  releasedLogits(c).backward(logits.grad());
  return loss.item<double>();
}

double onePass(MixtureCase& c, MixtureForm form) {
  const at::Tensor loss = mixtureSigmoidLoss(c.batch, c.scale, c.bias, form);
  loss.backward();
  return loss.item<double>();
}

double once(MixtureCase& c, Way way) {
  for (at::Tensor* tensor : c.all()) tensor->mutable_grad().reset();
  switch (way) {
    case Way::Released: return released(c);
    case Way::Composed: {
      const at::Tensor loss = test::composedLoss(c.batch, c.scale, c.bias);
      loss.backward();
      return loss.item<double>();
    }
    case Way::Gram: return onePass(c, MixtureForm::Gram);
    case Way::Context: return onePass(c, MixtureForm::Context);
    case Way::Auto: return onePass(c, MixtureForm::Auto);
  }
  return 0;
}

Measured of(Way way, std::int64_t pairs, std::int64_t tokens, int threads, int runs) {
  return measured(threads, runs, [=] {
    MixtureCase warm = test::mixtureCase({8, 8, 8, 2, 8}, 1, 5).to(at::kFloat);
    warm.requireGradients();
    once(warm, way);
    MixtureCase c = test::mixtureCase({pairs, pairs, 8, tokens, 64}, 2, 5).to(at::kFloat);
    c.bias.fill_(-10);
    c.requireGradients();
    return [c, way]() mutable { return once(c, way); };
  });
}

void print(const char* way, const Measured& m, double peer) {
  std::printf("  %-18s %9.3f %9.3f %8.2f x %10.1f   %.6f\n", way, m.cpuSeconds, m.wallSeconds, peer / m.cpuSeconds,
              m.extraMiB, m.value);
}

Measured better(const Measured& a, const Measured& b) {
  return {.cpuSeconds = std::min(a.cpuSeconds, b.cpuSeconds),
          .wallSeconds = std::min(a.wallSeconds, b.wallSeconds),
          .busiestSeconds = std::min(a.busiestSeconds, b.busiestSeconds),
          .extraMiB = std::max(a.extraMiB, b.extraMiB),
          .value = b.value};
}

}  // namespace

void benchLlip() {
  constexpr int kRounds = 3;
  for (const std::int64_t tokens : {16, 64}) {
    std::printf("Llip loss, forward and backward, fp32, D=512 M=8 N=256 K=%d\n", int(tokens));
    std::printf("  one thread           CPU s    wall s   against   extra MiB   loss\n");
    Measured best[5];
    for (int round = 0; round < kRounds; ++round)
      for (int way = 0; way < 5; ++way) {
        const Measured m = of(Way(way), 256, tokens, 1, 2);
        best[way] = round == 0 ? m : better(best[way], m);
      }
    for (int way = 0; way < 5; ++way) print(kWays[way], best[way], best[0].cpuSeconds);
    Measured two, one;
    for (int round = 0; round < kRounds; ++round) {
      const Measured single = of(Way::Auto, 256, tokens, 1, 5), both = of(Way::Auto, 256, tokens, 2, 5);
      one = round == 0 ? single : better(one, single);
      two = round == 0 ? both : better(two, both);
    }
    std::printf("  two threads: wall %.3f -> %.3f s, %.2f x; busiest thread %.3f -> %.3f s, %.2f x; extra %.1f MiB\n\n",
                one.wallSeconds, two.wallSeconds, one.wallSeconds / two.wallSeconds, one.busiestSeconds,
                two.busiestSeconds, one.busiestSeconds / two.busiestSeconds, two.extraMiB);
  }
  const Measured large = of(Way::Auto, 1024, 16, 1, 1);
  std::printf("N=1024 K=16, one pass, one thread: %.3f s CPU, extra %.1f MiB\n\n", large.cpuSeconds, large.extraMiB);
}

}  // namespace lix::bench
