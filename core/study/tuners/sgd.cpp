#include "study/tuners/sgd.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/zeros_like.h>

#include <cmath>
#include <numbers>

namespace lix::study::tuners {

Sgd::Sgd(const nn::Parameters& parameters, double momentum, double weightDecay)
    : momentum_(momentum), weightDecay_(weightDecay) {
  for (const auto& [name, value] : parameters) {
    parameters_.push_back(value);
    velocities_.push_back(at::zeros_like(value.detach()));
  }
}

void Sgd::step(double rate) {
  const at::NoGradGuard noGrad;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    at::Tensor& gradient = parameters_[i].mutable_grad();
    if (gradient.defined()) {
      velocities_[i].mul_(momentum_).add_(gradient).add_(parameters_[i], weightDecay_);
      parameters_[i].sub_(velocities_[i], rate);
      gradient = at::Tensor();
    }
  }
}

double cosineRate(double base, double warmup, long long epoch, long long epochs) {
  if (epoch == 0) {
    return warmup;
  }
  return base * (1.0 + std::cos(std::numbers::pi * double(epoch - 1) / double(epochs))) / 2.0;
}

}  // namespace lix::study::tuners
