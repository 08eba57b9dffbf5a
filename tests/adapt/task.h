#pragma once
#include <cstddef>
#include <vector>

#include "adapt/adapter.h"
#include "adapt/linear.h"
#include "base/random.h"

namespace lix::test {

/// A task with memory of its own: random unit rows around one centre for each class.
struct OwnedTask {
  std::size_t classes = 0;
  std::size_t columns = 0;
  float logitScale = 30.f;
  std::vector<float> support, validation, text, queries;
  std::vector<int> supportLabels, validationLabels, queryLabels;

  adapt::Matrix matrix(const std::vector<float>& values) const { return {values, values.size() / columns, columns}; }
  adapt::Task task() const {
    return {
        {matrix(support), supportLabels}, {matrix(validation), validationLabels}, matrix(text), classes, logitScale};
  }
  adapt::Matrix query() const { return matrix(queries); }
};

inline void addRow(std::vector<float>& rows, std::span<const float> centre, double spread, Random& random) {
  const std::size_t first = rows.size();
  for (const float value : centre) {
    rows.push_back(value + static_cast<float>(spread * random.normal()));
  }
  adapt::normalise(std::span(rows).subspan(first));
}

/// `shots` support rows, 3 validation and 4 query rows of each class.
inline OwnedTask makeTask(std::size_t classes, std::size_t shots, std::size_t columns = 19, double spread = 0.2) {
  OwnedTask out{.classes = classes, .columns = columns};
  Random random(11, classes, shots, columns);
  const std::vector<float> origin(columns, 0.f);
  std::vector<float> centres;
  for (std::size_t c = 0; c < classes; ++c) {
    addRow(centres, origin, 1.0, random);
  }
  for (std::size_t i = 0; i < shots * classes; ++i) {
    out.supportLabels.push_back(static_cast<int>(i % classes));
    addRow(out.support, std::span(centres).subspan(i % classes * columns, columns), spread, random);
  }
  for (std::size_t i = 0; i < 3 * classes; ++i) {
    out.validationLabels.push_back(static_cast<int>(i % classes));
    addRow(out.validation, std::span(centres).subspan(i % classes * columns, columns), spread, random);
  }
  for (std::size_t i = 0; i < 4 * classes; ++i) {
    out.queryLabels.push_back(static_cast<int>(i % classes));
    addRow(out.queries, std::span(centres).subspan(i % classes * columns, columns), spread, random);
  }
  for (std::size_t c = 0; c < classes; ++c) {
    addRow(out.text, std::span(centres).subspan(c * columns, columns), spread, random);
  }
  return out;
}

}  // namespace lix::test
