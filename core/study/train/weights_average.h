#pragma once
#include "nn/parameters.h"

namespace lix::study {

/// Exponential moving average of the weights that learn (fp32, scales and temperatures too):
/// a <- d a + (1 - d) w with d = min(decay, (1 + t) / (10 + t)) after the t-th update (t from 0). The warm-up of d is
/// TensorFlow's (ExponentialMovingAverage, num_updates): without it the start would weigh for 1 / (1 - decay) steps.
void startAverage(nn::Parameters& average, const nn::Parameters& parameters);
void updateAverage(nn::Parameters& average, const nn::Parameters& parameters, double decay, long long updates);

/// `parameters` with the averaged ones in their places; shares the tensors.
nn::Parameters averaged(const nn::Parameters& parameters, const nn::Parameters& average);

}  // namespace lix::study
