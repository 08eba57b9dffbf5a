#include "study/eval/measure.h"

#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/full.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/zeros.h>
#include <c10/core/Allocator.h>
#include <c10/util/ThreadLocalDebugInfo.h>

#include <algorithm>
#include <chrono>

#include "base/text.h"
#include "nn/cost.h"
#include "nn/model.h"
#include "nn/ops/mixture_scores.h"
#include "nn/ops/tensor.h"
#include "nn/ops/unit.h"
#include "nn/parameters.h"
#include "study/eval/cosines.h"

namespace lix::study {
namespace {

constexpr double kLeastSeconds = 2e-3;  // of one repeat: shorter work is done several times in it

/// Counts the bytes that LibTorch's CPU allocator hands out on this thread.
class Meter : public c10::MemoryReportingInfoBase {
 public:
  void reportMemoryUsage(void*, std::int64_t bytes, std::size_t, std::size_t, c10::Device) override {
    held_ += bytes;
    most_ = std::max(most_, held_);
  }
  void reportOutOfMemory(std::int64_t, std::size_t, std::size_t, c10::Device) override {}
  bool memoryProfilingEnabled() const override { return true; }
  std::int64_t most() const { return most_; }

 private:
  std::int64_t held_ = 0, most_ = 0;
};

template <class Work>
double secondsOf(int times, const Work& work) {
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < times; ++i) {
    work();
  }
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Median over repeats of the seconds that the work takes once, after a first time that is not counted.
template <class Work>
double medianSeconds(int repeats, const Work& work) {
  secondsOf(1, work);
  const double once = secondsOf(1, work);
  const int times = once >= kLeastSeconds ? 1 : int(kLeastSeconds / std::max(once, 1e-7)) + 1;
  std::vector<double> seconds;
  for (int i = 0; i < repeats; ++i) {
    seconds.push_back(secondsOf(times, work) / times);
  }
  std::ranges::nth_element(seconds, seconds.begin() + std::ptrdiff_t(seconds.size() / 2));
  return seconds[seconds.size() / 2];
}

/// Images as they meet captions: unit vectors, or keys and values.
struct Images {
  at::Tensor encoded;  ///< as study::cosines takes them
  at::Tensor vectors;
  nn::MixtureFeatures mixture;
};

Images encodeAll(const Evaluator& evaluator, const at::Tensor& pixels) {
  const nn::Model& model = evaluator.checkpoint.model;
  Images images{.encoded = nn::encodeImages(model, pixels)};
  if (evaluator.isMixture()) {
    images.mixture = nn::projectTokens(model, images.encoded);
  } else {
    images.vectors = nn::unit(images.encoded);
  }
  return images;
}

/// Token ids that end at the last place: the whole context is read.
at::Tensor madeIds(const nn::ModelConfig& config, std::int64_t count) {
  at::Tensor ids = at::full({count, config.contextLength}, std::min(3, config.vocabulary - 1), at::kLong);
  ids.select(1, config.contextLength - 1).fill_(config.eosId);
  return ids;
}

nn::TextFeatures repeated(const nn::TextFeatures& one, std::int64_t count) {
  const auto wide = [&](const at::Tensor& x) {
    auto sizes = x.sizes().vec();
    sizes[0] = count;
    return x.defined() ? x.narrow(0, 0, 1).expand(sizes).contiguous() : x;
  };
  return {wide(one.embeds), one.query.defined() ? wide(one.query) : at::Tensor()};
}

double pairSeconds(const Evaluator& evaluator, const MeasureSettings& settings, const Images& images,
                   const nn::TextFeatures& texts) {
  const at::Tensor unitTexts = nn::unit(texts.embeds);
  const double pairs = double(settings.batch) * settings.batch;
  if (!evaluator.isMixture()) {
    return medianSeconds(settings.repeats, [&] { at::matmul(images.vectors, unitTexts.t()); }) / pairs;
  }
  const nn::Model& model = evaluator.checkpoint.model;
  const auto captions =
      nn::mixtureCaptions(texts.query, unitTexts, model.parameters.at("llip.out_proj"), model.config.mixture->tau);
  return medianSeconds(settings.repeats, [&] { nn::mixtureScores(images.mixture, captions); }) / pairs;
}

std::int64_t peakBytes(const Evaluator& evaluator, const at::Tensor& pixels, const at::Tensor& ids) {
  const auto meter = std::make_shared<Meter>();
  const c10::DebugInfoGuard guard(c10::DebugInfoKind::PROFILER_STATE, meter);
  const nn::Model& model = evaluator.checkpoint.model;
  const nn::TextFeatures texts = nn::encodeTexts(model, ids);
  cosines(evaluator, nn::encodeImages(model, pixels), texts);
  return meter->most();
}

}  // namespace

StatedCost statedCost(const Evaluator& evaluator) {
  const nn::ModelConfig& config = evaluator.checkpoint.model.config;
  const nn::Cost own = nn::costOf(config, {}, 1);
  StatedCost stated{own.parameters, own.imageFlops, own.captionFlops, nn::comparisonFlops(config)};
  if (evaluator.base) {
    const nn::Cost base = nn::costOf(evaluator.base->checkpoint.model.config, {}, 1);
    stated.parameters += base.parameters;
    stated.imageFlops += base.imageFlops;
    stated.captionFlops += base.captionFlops;
  }
  return stated;
}

Result<MeasuredCost> measureCost(const Evaluator& evaluator, const MeasureSettings& settings,
                                 const Progress& progress) {
  if (settings.batch < 1 || settings.repeats < 1 ||
      std::ranges::any_of(settings.prompts, [](int n) { return n < 1; })) {
    return fail(ErrorCode::BadInput,
                "A batch, the repeats of a measurement and the numbers of prompts are at least 1.");
  }
  const at::NoGradGuard noGrad;
  const nn::ModelConfig& config = evaluator.checkpoint.model.config;
  const auto total = static_cast<long long>(4 + settings.prompts.size());
  long long done = 0;
  const auto goesOn = [&] { return report(progress, "Measuring", done++, total); };
  const auto stopped = fail(ErrorCode::Cancelled, "Measuring was cancelled.");
  const at::Tensor pixels = at::zeros({settings.batch, 3, config.imageSize, config.imageSize});
  const at::Tensor ids = madeIds(config, settings.batch);
  MeasuredCost found{.threads = at::get_num_threads()};
  if (!goesOn()) {
    return stopped;
  }
  found.imageSeconds = medianSeconds(settings.repeats, [&] { encodeAll(evaluator, pixels); }) / settings.batch;
  if (!goesOn()) {
    return stopped;
  }
  const nn::Model& model = evaluator.checkpoint.model;
  found.captionSeconds = medianSeconds(settings.repeats, [&] { nn::encodeTexts(model, ids); }) / settings.batch;
  if (!goesOn()) {
    return stopped;
  }
  const nn::TextFeatures texts = nn::encodeTexts(model, ids);
  found.pairSeconds = pairSeconds(evaluator, settings, encodeAll(evaluator, pixels), texts);
  found.peakBytes = peakBytes(evaluator, pixels, ids);
  for (const int prompts : settings.prompts) {
    if (!goesOn()) {
      return stopped;
    }
    const nn::TextFeatures classes = repeated(texts, prompts);
    const double seconds =
        medianSeconds(settings.repeats, [&] { cosines(evaluator, nn::encodeImages(model, pixels), classes); });
    found.promptSeconds.emplace_back(prompts, seconds / settings.batch);
  }
  report(progress, "Measuring", total, total);
  return found;
}

}  // namespace lix::study
