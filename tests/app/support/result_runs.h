#pragma once
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "store/checkpoint_store.h"
#include "store/metric_store.h"
#include "store/run_store.h"

namespace lix::app::testing_support {

/// Llip runs with 1, 4 and 16 tokens that made the checkpoints of the first three labels, with their metrics.
inline void addRuns(const store::Workspace& workspace, const std::vector<std::string>& labels) {
  const store::RunStore runs(workspace);
  for (const int tokens : {1, 4, 16}) {
    const auto run = runs.add({.name = "llip-" + std::to_string(tokens),
                               .recipe = "llip",
                               .size = "tiny",
                               .dataset = "emoji",
                               .device = "cpu",
                               .threads = 2,
                               .settings = nlohmann::json{{"batch", 256}, {"tokens", tokens}}.dump(),
                               .out = "/models/" + labels[std::size_t(tokens == 1   ? 0
                                                                      : tokens == 4 ? 1
                                                                                    : 2)],
                               .stepsTotal = 200});
    std::vector<store::MetricPoint> points;
    for (int step = 1; step <= 200; ++step) {
      points.push_back({step, "images_per_second", 900.0 / (1 + 0.05 * tokens)});
      points.push_back({step, "tau_ctx", 0.3 * std::exp(-step / 60.0) + 0.02});
      points.push_back({step, "scale.main", 10 + 0.05 * step});
      points.push_back({step, "effective_neighbours", 250.0 / (1 + std::exp((step - 90) / 12.0)) + 3});
      if (step % 20 == 0) {
        points.push_back({step, "canary.zero_shot", 0.3 + 0.001 * step});
        points.push_back({step, "canary.tip_adapter", 0.4 + 0.0015 * step});
      }
    }
    (void)store::MetricStore(workspace).append(run.value().id, points);
    (void)store::CheckpointStore(workspace).record({.run = run.value().id,
                                                    .step = 200,
                                                    .path = run.value().out,
                                                    .weightsHash = "hash of " + run.value().out.filename().string(),
                                                    .recipe = "llip"});
  }
}

}  // namespace lix::app::testing_support
