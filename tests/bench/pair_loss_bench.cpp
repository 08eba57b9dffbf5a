// SigLIP, InfoNCE and the whole LIxP objective at N = 4,096, d = 512, fp32, forward and backward: one pass against
// open_clip's eager formula. Forms take turns, each run in a process of its own; medians.
#include <ATen/ops/randn.h>
#include <ATen/ops/scalar_tensor.h>

#include <algorithm>
#include <cstdio>
#include <vector>

#include "loss_bench.h"
#include "nn/ops/pair_loss.h"
#include "pair_reference.h"

namespace lix::bench {
namespace {
using namespace nn;

enum class Objective { Siglip, InfoNce, Lixp };
enum class Way { Eager, OnePass };

struct Inputs {
  at::Tensor images, texts, scale, bias, tau;
};

Inputs inputs(Objective objective, std::int64_t n, std::int64_t width) {
  const auto leaf = [](const at::Tensor& value) { return value.detach().requires_grad_(true); };
  const auto scalar = [&](double value) { return leaf(at::scalar_tensor(value)); };
  const at::Tensor images = at::randn({n, width}), texts = at::randn({n, width});
  // LIxP needs the raw rows; the losses themselves are of unit rows.
  const bool raw = objective == Objective::Lixp;
  return {leaf(raw ? images : unit(images)), leaf(raw ? texts : unit(texts)), scalar(10.0), scalar(-10.0),
          scalar(0.05)};
}

at::Tensor sigmoidTerm(Way way, const at::Tensor& images, const at::Tensor& texts, const Inputs& in) {
  return way == Way::Eager ? test::composedSigmoid(images, texts, in.scale, in.bias)
                           : sigmoidPairLoss(images, texts, in.scale, in.bias);
}

at::Tensor lossOf(Objective objective, Way way, const Inputs& in) {
  if (objective == Objective::Siglip)
    return sigmoidTerm(way, in.images, in.texts, in);
  if (objective == Objective::InfoNce) {
    return way == Way::Eager ? test::composedSoftmax(in.images, in.texts, in.scale)
                             : softmaxPairLoss(in.images, in.texts, in.scale);
  }
  const at::Tensor texts = unit(in.texts);
  const at::Tensor context =
      way == Way::Eager ? test::composedContext(in.images, in.images, test::diagonalMask(in.images.size(0)), in.tau)
                        : contextOf(in.images, in.tau).vectors;
  return 0.9 * sigmoidTerm(way, unit(in.images), texts, in) + 0.1 * sigmoidTerm(way, unit(context), texts, in);
}

std::function<double()> prepared(Objective objective, Way way, std::int64_t n, std::int64_t width) {
  return [=, in = inputs(objective, n, width)] {
    for (at::Tensor tensor : {in.images, in.texts, in.scale, in.bias, in.tau})
      tensor.mutable_grad().reset();
    const at::Tensor loss = lossOf(objective, way, in);
    loss.backward();
    return loss.item<double>();
  };
}

template <class Value>
double median(std::vector<Measured>& all, Value value) {
  std::sort(all.begin(), all.end(), [&](const Measured& a, const Measured& b) { return a.*value < b.*value; });
  return all[all.size() / 2].*value;
}

void compare(const char* name, Objective objective, std::int64_t n, std::int64_t width, int threads) {
  std::vector<Measured> eager, onePass;
  for (int round = 0; round < 5; ++round) {
    eager.push_back(measured(threads, 2, [&] { return prepared(objective, Way::Eager, n, width); }));
    onePass.push_back(measured(threads, 2, [&] { return prepared(objective, Way::OnePass, n, width); }));
  }
  const auto time = threads == 1 ? &Measured::cpuSeconds : &Measured::wallSeconds;
  const double a = median(eager, time), b = median(onePass, time);
  const double memoryA = median(eager, &Measured::extraMiB), memoryB = median(onePass, &Measured::extraMiB);
  std::printf("%-8s %d thread%s  eager %6.3f s %7.1f MiB   one pass %6.3f s %7.1f MiB   %.2fx, memory 1/%.1f\n", name,
              threads, threads == 1 ? " (CPU) " : "s (wall)", a, memoryA, b, memoryB, a / b, memoryA / memoryB);
  std::fflush(stdout);
}

}  // namespace

void benchPairs() {
  constexpr std::int64_t kPairs = 4096, kWidth = 512;
  std::printf("Pairwise losses, N = %ld, d = %ld, fp32, forward and backward\n", long(kPairs), long(kWidth));
  for (const int threads : {1, 2}) {
    compare("SigLIP", Objective::Siglip, kPairs, kWidth, threads);
    compare("InfoNCE", Objective::InfoNce, kPairs, kWidth, threads);
    compare("LIxP", Objective::Lixp, kPairs, kWidth, threads);
  }
}

}  // namespace lix::bench
