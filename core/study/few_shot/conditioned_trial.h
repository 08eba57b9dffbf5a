#pragma once
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "adapt/affinity.h"
#include "study/few_shot/problem.h"

namespace lix::study {

/// A matrix with memory of its own.
struct AffinityBlock {
  std::vector<float> values;
  std::size_t columns = 0;
  adapt::Matrix matrix() const { return {values, columns == 0 ? 0 : values.size() / columns, columns}; }
  std::span<float> row(std::size_t i) { return std::span(values).subspan(i * columns, columns); }
};

/// Affinities with memory of their own, filled picture by picture.
struct AffinityStore {
  AffinityBlock support, prototypes, text;
  std::size_t pictures = 0;
  adapt::Affinities view() const { return {support.matrix(), prototypes.matrix(), text.matrix()}; }
  void clear() {
    for (AffinityBlock* block : {&support, &prototypes, &text}) {
      block->values.clear();  // which keeps its memory for the next pictures
    }
    pictures = 0;
  }
};

/// One draw of one shot count (or zero-shot alone) with what is fitted on it.
struct ConditionedTrial {
  const Problem* problem = nullptr;
  std::size_t shots = 0, draw = 0;
  std::vector<std::uint32_t> support, validation;  ///< pool rows, class by class
  std::vector<int> labels, validationLabels;
  std::vector<std::size_t> slots;    ///< of each support picture among those that were mixed for its class
  std::vector<float> prototypes;     ///< [C, D] unit
  std::vector<float> prototypeText;  ///< [C]
  double secondsSupport = 0.0;       ///< of mixing the support
  double secondsQueries = 0.0;       ///< its share of mixing and comparing the queries
  struct Fitted {
    std::string name;
    std::unique_ptr<adapt::AffinityClassifier> classifier;
    Answers answers;
    double secondsFit = 0.0, secondsQuery = 0.0;
  };
  std::vector<Fitted> fitted;
};

}  // namespace lix::study
