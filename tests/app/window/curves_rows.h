#pragma once
#include <optional>
#include <string>

#include "store/evaluation_store.h"

namespace lix::app::testing_support {

/// A measurement as `lixp eval few-shot` writes it; the values are the test's own.
inline store::EvaluationRow measured(const std::string& label, const std::string& adapter, int shots, long long draw,
                              double value) {
  return {.kind = "few-shot",
          .checkpoint = "/models/" + label,
          .weightsHash = "hash of " + label,
          .checkpointLabel = label,
          .dataset = "emoji",
          .split = "test",
          .labelSet = "group",
          .templates = "plain",
          .modelSeed = 1,
          .supportSeed = shots == 0 ? std::nullopt : std::optional(draw),
          .adapter = adapter,
          .shots = shots,
          .classes = 9,
          .supportSize = 9 * shots,
          .querySize = 300,
          .metric = "top1",
          .value = value,
          .settings = R"({"pool":"train"})",
          .findings = R"({"alpha":1.5,"logit_scale":10})"};
}

}  // namespace lix::app::testing_support
