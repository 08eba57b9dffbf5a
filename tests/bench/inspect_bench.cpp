// Mixture weights of one picture for 8 captions with the size preset tiny, picture preparation and both encoders
// included.
#include <benchmark/benchmark.h>

#include <ATen/Parallel.h>

#include <cstdlib>

#include "nn/model.h"
#include "study/eval/embed.h"
#include "study/inspect/inspect.h"

namespace {
using namespace lix;

const std::vector<std::string> kCaptions{"a cat",     "a yellow animal",    "the moon", "a smiling face",
                                         "a red car", "a house by the sea", "a flower", "two hands"};

study::Evaluator tiny() {
  study::Evaluator evaluator;
  const nn::ModelConfig config = *nn::presetConfig("tiny", {.towers = nn::Towers::Clip, .head = nn::ImageHead::Mixture});
  evaluator.checkpoint.model = *nn::makeModel(config, 0);
  evaluator.preprocess = nn::clipPreprocess(config.imageSize);
  evaluator.tokenizer = *nn::trainTokenizer(kCaptions, config.vocabulary);
  return evaluator;
}

void mixtureWeights(benchmark::State& state) {
  if (const char* threads = std::getenv("LIX_BENCH_THREADS")) {
    at::set_num_threads(std::atoi(threads));
  }
  const study::Evaluator evaluator = tiny();
  const std::vector<imaging::Image> picture{{128, 128, std::vector<std::uint8_t>(std::size_t(128) * 128 * 3, 127)}};
  for (auto _ : state) {
    benchmark::DoNotOptimize(study::inspect(evaluator, picture, kCaptions)->pictures[0].mixture->weights.data());
  }
}
BENCHMARK(mixtureWeights)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
