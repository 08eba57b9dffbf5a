// Training steps on synthetic data: forward, loss, backward, AdamW; fp32. The same step in PyTorch with open_clip:
// tests/bench/peer_open_clip.py; both in turn, with ratios: tests/bench/run.sh.
#include <ATen/Parallel.h>
#include <benchmark/benchmark.h>

#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>

#include <cstdlib>

#include "nn/adamw.h"
#include "nn/objective.h"
#include "nn/ops/tensor.h"

namespace {
using namespace lix::nn;

constexpr int kBatch = 128;
constexpr int kEnd = 49407;

/// ViT of width 192, depth 6, 64 px, patch 16, with a CLIP text tower of width 192, depth 4, vocabulary 49,408,
/// context 77.
ModelConfig config() {
  const EncoderConfig vision{192, 6, 3, 768, Activation::GeluErf, 1e-5};
  const EncoderConfig text{192, 4, 3, 768, Activation::GeluErf, 1e-5};
  return {.towers = Towers::Clip,
          .imageSize = 64,
          .patch = 16,
          .vision = vision,
          .classTokens = 1,
          .text = text,
          .vocabulary = 49408,
          .contextLength = 77,
          .eosId = kEnd,
          .padId = 0,
          .embedWidth = 192};
}

/// Random captions whose end token stands at `length`; causal towers are given no more columns than that.
at::Tensor captions(int length) {
  at::Tensor ids = at::randint(1, kEnd - 2, {kBatch, length}, at::kLong);
  ids.select(1, length - 1).fill_(kEnd);
  return ids;
}

void trainStep(benchmark::State& state) {
  if (const char* threads = std::getenv("LIX_BENCH_THREADS")) {
    at::set_num_threads(std::atoi(threads));
  }
  const auto recipe = *findRecipe("clip");
  Model model = *makeModel(config(), 0);
  addScalars(model, recipe);
  for (auto& [name, parameter] : model.parameters) {
    parameter.requires_grad_(true);
  }
  AdamW optimizer(model.parameters, {"logit_scale"}, {});
  const at::Tensor pixels = at::randn({kBatch, 3, 64, 64});
  const at::Tensor ids = captions(static_cast<int>(state.range(0)));
  for (auto _ : state) {
    const Loss value = loss(model, recipe, encodeBatch(model, pixels, ids));
    value.total.backward();
    optimizer.step(1e-4, 1.0);
  }
  state.SetItemsProcessed(state.iterations() * kBatch);
}
BENCHMARK(trainStep)->ArgName("tokens")->Arg(77)->Arg(32)->Unit(benchmark::kMillisecond)->UseRealTime()->MinTime(8.0);

}  // namespace

int main(int argc, char** argv) {
  const char* policy = std::getenv("OMP_WAIT_POLICY");
  benchmark::AddCustomContext("OMP_WAIT_POLICY", policy == nullptr ? "(not set)" : policy);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
