#pragma once
#include <vector>

#include "nn/ops/tensor.h"
#include "nn/parameters.h"

namespace lix::study::tuners {

/// Stochastic gradient descent as torch.optim.SGD: v = momentum v + (g + decay p), p -= rate v. The first step's v is
/// its gradient.
class Sgd {
 public:
  Sgd(const nn::Parameters& parameters, double momentum, double weightDecay);

  /// One step by the gradients that stand in the parameters, which are cleared.
  void step(double rate);

 private:
  std::vector<at::Tensor> parameters_, velocities_;
  double momentum_, weightDecay_;
};

/// CoOp's rate in an epoch counted from 0: `warmup` in the first, then from `base` along half a cosine over `epochs`.
double cosineRate(double base, double warmup, long long epoch, long long epochs);

}  // namespace lix::study::tuners
