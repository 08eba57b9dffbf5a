#include "study/train/micro_batch.h"

#include <algorithm>
#include <bit>

namespace lix::study {
namespace {

constexpr double kShareOfFree = 0.5;  // the rest is for the batches ahead and for other programs
constexpr unsigned kEnough = 256;     // pictures at once that keep every core busy

}  // namespace

int chooseMicroBatch(const TrainSettings& settings, const nn::Cost& cost, double freeBytes) {
  if (settings.microBatch > 0) {
    return std::min(settings.microBatch, settings.batch);
  }
  const double budget = kShareOfFree * freeBytes;
  if (freeBytes <= 0.0 || cost.stepBytes(settings.batch, settings.batch) <= budget) {
    return settings.batch;
  }
  const auto most = static_cast<unsigned>(std::max<std::int64_t>(1, nn::microBatchFor(cost, settings.batch, budget)));
  return static_cast<int>(std::min(std::bit_floor(most), kEnough));
}

}  // namespace lix::study
