#include "study/train/weights_average.h"

#include <ATen/core/grad_mode.h>

#include <algorithm>

#include "nn/ops/tensor.h"
#include "study/train/locks.h"

namespace lix::study {

void startAverage(nn::Parameters& average, const nn::Parameters& parameters) {
  for (const auto& [name, parameter] : learned(parameters)) {
    average[name] = parameter.detach().clone();
  }
}

void updateAverage(nn::Parameters& average, const nn::Parameters& parameters, double decay, long long updates) {
  const at::NoGradGuard noGrad;
  const double t = static_cast<double>(updates);
  const double kept = std::min(decay, (1.0 + t) / (10.0 + t));
  for (auto& [name, value] : average) {
    value.lerp_(parameters.at(name), 1.0 - kept);
  }
}

nn::Parameters averaged(const nn::Parameters& parameters, const nn::Parameters& average) {
  nn::Parameters all = parameters;
  for (const auto& [name, value] : average) {
    all.at(name) = value;
  }
  return all;
}

}  // namespace lix::study
