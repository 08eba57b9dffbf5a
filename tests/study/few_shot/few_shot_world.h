#pragma once
#include <span>
#include <string>
#include <vector>

#include "adapt/linear.h"
#include "base/random.h"
#include "base/text.h"
#include "study/few_shot/few_shot.h"

namespace lix::study {

/// Unit features of classes around random centres; `spread` 0.05 separates them, a large one drowns them.
struct World {
  std::size_t columns = 24;
  std::vector<float> pool, query, text;
  std::vector<int> poolLabels, queryLabels;
  std::vector<std::string> names;

  World(const std::vector<std::size_t>& poolCounts, std::size_t queries, double spread) {
    std::vector<std::vector<float>> centres;
    Random random(5, 6);
    const std::vector<float> origin(columns, 0.f);
    for (std::size_t c = 0; c < poolCounts.size(); ++c) {
      centres.emplace_back();
      add(centres.back(), origin, 1.0, random);
      names.push_back(cat("class ", c));
      text.insert(text.end(), centres.back().begin(), centres.back().end());
    }
    for (std::size_t c = 0; c < poolCounts.size(); ++c) {
      for (std::size_t i = 0; i < poolCounts[c]; ++i) {
        add(pool, centres[c], spread, random);
        poolLabels.push_back(static_cast<int>(c));
      }
      for (std::size_t i = 0; i < queries; ++i) {
        add(query, centres[c], spread, random);
        queryLabels.push_back(static_cast<int>(c));
      }
    }
  }

  static void add(std::vector<float>& rows, std::span<const float> centre, double spread, Random& random) {
    const std::size_t first = rows.size();
    for (const float value : centre) {
      rows.push_back(value + static_cast<float>(spread * random.normal()));
    }
    adapt::normalise(std::span(rows).subspan(first));
  }

  adapt::Matrix matrix(const std::vector<float>& values) const { return {values, values.size() / columns, columns}; }
  FewShotData data() const {
    return {.pool = {matrix(pool), poolLabels},
            .query = {matrix(query), queryLabels},
            .text = matrix(text),
            .classNames = names,
            .logitScale = 30.f};
  }
};

}  // namespace lix::study
