#include "adapt/tip_classifier.h"

#include "adapt/linear.h"

namespace lix::adapt {

TipClassifier::TipClassifier(const Task& task, float alpha, float beta, ParamValues settings)
    : cache_(task.support, task.classes),
      text_(task.text),
      logitScale_(task.logitScale),
      alpha_(alpha),
      beta_(beta),
      settings_(std::move(settings)) {}

std::vector<float> TipClassifier::logits(Matrix queries) const {
  const std::size_t classes = cache_.classes();
  std::vector<float> out = multiplyTransposed(queries, text_, logitScale_);
  const double aRow = static_cast<double>(cache_.keys().rows()) * static_cast<double>(queries.columns);
  overBlocks(queries.rows, aRow, TileProducts::kBlockRows, [&](std::size_t first, std::size_t count) {
    std::vector<float> sums(count * classes, 0.f), ordered(classes);
    TileProducts(slice(queries, first, count), cache_.keys())
        .each([&](std::size_t row, std::size_t key, std::span<const float> cosines) {
          cache_.addSums(key, cosines, beta_, std::span(sums).subspan(row * classes, classes));
        });
    for (std::size_t i = 0; i < count; ++i) {
      cache_.inClassOrder(std::span(sums).subspan(i * classes, classes), ordered);
      const auto row = std::span(out).subspan((first + i) * classes, classes);
      addScaled(row, alpha_, ordered, row);
    }
  });
  return out;
}

}  // namespace lix::adapt
