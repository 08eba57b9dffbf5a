// Ranking pictures and captions both ways, with the ratio to what plain matrix products of the same run allow:
// lix_retrieval_bench [images captions tokens], 5000 25000 16 where nothing is said; the Llip takes a fifth of the
// images.
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/randn.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "nn/ops/mixture_scores.h"
#include "nn/ops/unit.h"
#include "study/retrieval/ranks.h"

namespace lix::bench {
namespace {
using namespace nn;

constexpr std::int64_t kWidth = 512, kHeads = 8;

double seconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// The best of five products of a size that libraries do well.
double peakFlops() {
  const at::Tensor a = at::randn({2048, 512}), b = at::randn({512, 4096});
  at::Tensor out = at::empty({2048, 4096});
  double best = 0;
  for (int run = 0; run < 5; ++run) {
    best = std::max(best, 2.0 * 2048 * 512 * 4096 / seconds([&] { at::mm_out(out, a, b); }));
  }
  return best;
}

at::Tensor over(std::span<float> scores, const study::Tile& tile) {
  return at::from_blob(scores.data(), {std::int64_t(tile.images), std::int64_t(tile.captions)}, at::kFloat);
}

study::CaptionGroups groupsOf(std::int64_t images, std::int64_t captions) {
  std::vector<std::size_t> counts(std::size_t(images), std::size_t(captions / images));
  counts.back() += std::size_t(captions % images);
  return *study::CaptionGroups::of(counts);
}

void print(const char* name, std::int64_t images, std::int64_t captions, double took, double flops) {
  const double peak = peakFlops();
  std::printf("%-28s %6lld x %6lld  %8.2f s  %7.1f GFLOP/s  %.2f x the limit of %.1f GFLOP/s\n", name,
              (long long)images, (long long)captions, took, flops / took * 1e-9, took * peak / flops, peak * 1e-9);
}

void dot(std::int64_t images, std::int64_t captions) {
  const at::Tensor x = unit(at::randn({images, kWidth})), y = unit(at::randn({captions, kWidth}));
  const auto groups = groupsOf(images, captions);
  const auto tile = [&](const study::Tile& t, std::span<float> scores) {
    at::Tensor out = over(scores, t);
    at::mm_out(out, x.narrow(0, std::int64_t(t.firstImage), std::int64_t(t.images)),
               y.narrow(0, std::int64_t(t.firstCaption), std::int64_t(t.captions)).t());
  };
  const double took = seconds([&] { (void)study::rankAll(groups, tile); });
  print("dot, D=512", images, captions, took, 2.0 * double(images) * double(captions) * kWidth);
}

void llip(std::int64_t images, std::int64_t captions, std::int64_t tokens) {
  const std::int64_t headWidth = kWidth / kHeads;
  const MixtureFeatures features{at::randn({images, kHeads, tokens, headWidth}),
                                 at::randn({images, kHeads, tokens, headWidth})};
  const MixtureCaptions texts = mixtureCaptions(at::randn({captions, kHeads, headWidth}),
                                                unit(at::randn({captions, kWidth})), at::randn({kWidth, kWidth}), 5.0);
  const auto groups = groupsOf(images, captions);
  const auto tile = [&](const study::Tile& t, std::span<float> scores) {
    const auto first = std::int64_t(t.firstImage), count = std::int64_t(t.images);
    over(scores, t).copy_(
        mixtureScores({features.keys.narrow(0, first, count), features.values.narrow(0, first, count)},
                      texts.range(std::int64_t(t.firstCaption), std::int64_t(t.captions))));
  };
  const double took = seconds([&] { (void)study::rankAll(groups, tile); });
  const double q = double(kHeads * tokens), width = double(kWidth);
  const double perPair = 4.0 * double(tokens) * width + 2.0 * std::min(q * q, width * width);
  char name[64];
  std::snprintf(name, sizeof name, "Llip exact, D=512 M=8 K=%d", int(tokens));
  print(name, images, captions, took, perPair * double(images) * double(captions));
}

}  // namespace
}  // namespace lix::bench

int main(int argc, char** argv) {
  const at::NoGradGuard noGrad;
  const auto argument = [&](int i, long fallback) { return argc > i ? std::max(1L, std::atol(argv[i])) : fallback; };
  const long images = argument(1, 5000), captions = argument(2, 25000), tokens = argument(3, 16);
  std::printf("%d threads\n", at::get_num_threads());
  lix::bench::dot(images, captions);
  lix::bench::llip(std::max(1L, images / 5), captions, tokens);
}
