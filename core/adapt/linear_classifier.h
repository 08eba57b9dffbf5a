#pragma once
#include <vector>

#include "adapt/adapter.h"

namespace lix::adapt {

/// logits = F W' + b, with W [C, D] and b [C].
class LinearClassifier final : public Classifier {
 public:
  LinearClassifier(std::vector<float> weights, std::vector<float> bias, ParamValues settings);

  std::vector<float> logits(Matrix queries) const override;
  ParamValues settings() const override { return settings_; }

 private:
  std::vector<float> weights_;
  std::vector<float> bias_;
  ParamValues settings_;
};

}  // namespace lix::adapt
