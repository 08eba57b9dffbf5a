#include "adapt/linear_classifier.h"

#include <utility>

#include "adapt/linear.h"
#include "base/contracts.h"

namespace lix::adapt {

LinearClassifier::LinearClassifier(std::vector<float> weights, std::vector<float> bias, ParamValues settings)
    : weights_(std::move(weights)), bias_(std::move(bias)), settings_(std::move(settings)) {
  LIX_REQUIRE(!bias_.empty() && weights_.size() % bias_.size() == 0);
}

std::vector<float> LinearClassifier::logits(Matrix queries) const {
  const std::size_t classes = bias_.size();
  std::vector<float> out = multiplyTransposed(queries, {weights_, classes, weights_.size() / classes});
  for (std::size_t i = 0; i < queries.rows; ++i) {
    add(bias_, std::span(out).subspan(i * classes, classes));
  }
  return out;
}

}  // namespace lix::adapt
