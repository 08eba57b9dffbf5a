#include "adapt/tip_classifier.h"

#include <algorithm>

#include "adapt/linear.h"

namespace lix::adapt {
namespace {

constexpr std::size_t kQueriesAtOnce = 256;  // bounds the cosines held in memory

}  // namespace

TipClassifier::TipClassifier(const Task& task, float alpha, float beta, ParamValues settings)
    : cache_(task.support, task.classes),
      text_(task.text.values.begin(), task.text.values.end()),
      logitScale_(task.logitScale),
      alpha_(alpha),
      beta_(beta),
      settings_(std::move(settings)) {}

std::vector<float> TipClassifier::logits(Matrix queries) const {
  const std::size_t classes = cache_.classes();
  const Matrix keys = cache_.keys();
  std::vector<float> out = multiplyTransposed(queries, {text_, classes, keys.columns}, logitScale_);
  std::vector<float> sums(classes);
  for (std::size_t first = 0; first < queries.rows; first += kQueriesAtOnce) {
    const std::size_t count = std::min(kQueriesAtOnce, queries.rows - first);
    const std::vector<float> cosines = multiplyTransposed(slice(queries, first, count), keys);
    for (std::size_t i = 0; i < count; ++i) {
      cache_.sums(std::span(cosines).subspan(i * keys.rows, keys.rows), beta_, sums);
      const auto row = std::span(out).subspan((first + i) * classes, classes);
      addScaled(row, alpha_, sums, row);
    }
  }
  return out;
}

}  // namespace lix::adapt
