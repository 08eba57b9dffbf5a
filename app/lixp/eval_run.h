#pragma once
#include "lixp/workspace_access.h"

namespace lix::app {

struct EvalOrder {
  std::vector<std::string> checkpoints, curveLabels;
  std::string data, labels, split = "test", pool = "train", templates = "plain";
  std::vector<std::size_t> shots{1, 2, 4, 8, 16, 32};
  std::size_t draws = 5;
  std::uint64_t seed = 0;
  std::vector<std::string> adapters{"prototype", "tip-adapter", "tip-adapter-x", "knn"};
};

Result<Output> evalZeroShot(const Session& session, const EvalOrder& order);
Result<Output> evalFewShot(const Session& session, const EvalOrder& order);

/// The same into an open workspace, for the demo; adds to `output`.
Result<void> evalZeroShotInto(const Session& session, const store::Workspace& workspace, const EvalOrder& order,
                              Output& output);
Result<void> evalFewShotInto(const Session& session, const store::Workspace& workspace, const EvalOrder& order,
                             Output& output);

}  // namespace lix::app
