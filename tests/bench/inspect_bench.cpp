// Mixture weights of one picture for 8 captions with the size preset tiny, picture preparation and both encoders
// included.
#include <benchmark/benchmark.h>

#include <ATen/Parallel.h>

#include <cstdlib>

#include "nn/model.h"
#include "study/eval/embed.h"
#include "study/inspect/inspect.h"
#include "study/inspect/memory.h"

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

/// The same where the picture was read before and one caption is new.
void newCaption(benchmark::State& state) {
  const study::Evaluator evaluator = tiny();
  const std::vector<imaging::Image> picture{{128, 128, std::vector<std::uint8_t>(std::size_t(128) * 128 * 3, 127)}};
  study::InspectMemory memory;
  std::vector<std::string> captions = kCaptions;
  int number = 0;
  for (auto _ : state) {
    captions.back() = std::to_string(++number);
    benchmark::DoNotOptimize(
        study::inspect(evaluator, picture, captions, {}, &memory)->pictures[0].mixture->weights.data());
  }
}
BENCHMARK(newCaption)->Unit(benchmark::kMillisecond)->UseRealTime();

/// A temperature moved: nothing is encoded.
void newTau(benchmark::State& state) {
  const study::Evaluator evaluator = tiny();
  const std::vector<imaging::Image> picture{{128, 128, std::vector<std::uint8_t>(std::size_t(128) * 128 * 3, 127)}};
  study::InspectMemory memory;
  double tau = 1.0;
  for (auto _ : state) {
    tau += 0.01;
    benchmark::DoNotOptimize(study::inspect(evaluator, picture, kCaptions, {.tau = tau}, &memory)->scores.logits.data());
  }
}
BENCHMARK(newTau)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
