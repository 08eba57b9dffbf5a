#pragma once
#include "nn/cost.h"
#include "study/train/settings.h"

namespace lix::study {

/// How many pictures a run embeds at once: the person's number, else the whole batch where half of `freeBytes` holds the
/// step, else the largest power of two up to 256 that this half holds (larger ones are no faster), and at least 1.
/// `freeBytes` 0 = not known: the whole batch.
int chooseMicroBatch(const TrainSettings& settings, const nn::Cost& cost, double freeBytes);

}  // namespace lix::study
