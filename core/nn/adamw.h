#pragma once
#include "nn/ops/tensor.h"

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "nn/parameters.h"

namespace lix::nn {

struct AdamWSettings {
  double beta1 = 0.9;
  double beta2 = 0.95;
  double epsilon = 1e-8;
  double weightDecay = 0.1;  ///< decoupled; on matrices only: not on biases, norms, scales and temperatures
};

/// AdamW by torch's fused operator (one call a group). Three groups: weights that decay, weights that do not (fewer
/// than two dimensions), and the recipe's scalars, whose learning rate is multiplied (docs/papers.md).
class AdamW {
 public:
  AdamW(const Parameters& parameters, const std::vector<std::string>& scalarKeys, AdamWSettings settings);

  /// Steps with the gradients that the parameters hold, then clears them. Parameters without gradient are left alone.
  void step(double learningRate, double scalarMultiplier);

  /// Drops the gradients: the step is not taken.
  void clear();

  /// Scales all gradients so that their joint 2-norm is at most `limit` (0 = leaves them); returns the norm before.
  double clip(double limit);

  /// Moments and step counts by parameter name ("m.<name>", "v.<name>", "t.<name>"), for resuming.
  std::map<std::string, at::Tensor> state() const;
  Result<void> restore(const std::map<std::string, at::Tensor>& state);

 private:
  struct Group {
    std::vector<std::string> names;
    std::vector<at::Tensor> parameters, m, v, t;
    double weightDecay = 0.0;
    bool scalars = false;
  };
  std::vector<Group> groups_;
  AdamWSettings settings_;
};

}  // namespace lix::nn
