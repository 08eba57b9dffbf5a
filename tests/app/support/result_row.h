#pragma once
#include <string>

#include "store/evaluation_store.h"

namespace lix::app::testing_support {

/// A row of a made-up measurement, as docs/results.md describes it.
inline store::EvaluationRow resultRow(const std::string& kind, const std::string& label, const std::string& metric,
                                      double value, const std::string& dataset = "emoji") {
  return {.kind = kind,
          .checkpoint = "/models/" + label,
          .weightsHash = "hash of " + label,
          .checkpointLabel = label,
          .dataset = dataset,
          .split = "test",
          .labelSet = dataset.empty() ? "" : "group",
          .templates = "plain",
          .modelSeed = 1,
          .classes = 9,
          .querySize = 300,
          .metric = metric,
          .value = value};
}

}  // namespace lix::app::testing_support
