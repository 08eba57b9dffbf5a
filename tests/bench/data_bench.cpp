// Drawing the emoji set, for which a person waits at the first training.
#include <benchmark/benchmark.h>

#include "data/dataset.h"

namespace {
using namespace lix;

/// Lists, splits and captions all emoji and draws every one, on one thread.
void drawEmoji(benchmark::State& state) {
  for (auto _ : state) {
    const auto dataset = data::open({"emoji", "", "{}"}, "emoji");
    if (!dataset) {
      state.SkipWithError(dataset.error().message.c_str());
      return;
    }
    for (std::size_t i = 0; i < dataset->samples.size(); ++i) {
      benchmark::DoNotOptimize(dataset->pictures->load(i));
    }
    state.counters["pictures"] = static_cast<double>(dataset->samples.size());
  }
}
BENCHMARK(drawEmoji)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
