#pragma once
#include <cstdint>

#include "lixp/eval/order.h"
#include "lixp/session.h"
#include "store/workspace.h"

namespace lix::app {

struct FewShotOrder : EvalOrder {
  std::string pool = "train";
  std::vector<std::size_t> shots{1, 2, 4, 8, 16, 32};
  std::size_t draws = 5;
  std::uint64_t seed = 0;
  std::vector<std::string> adapters{"prototype", "tip-adapter", "tip-adapter-x", "knn"};
};

// Each verb of `lixp eval`, in a file of its own.
void addZeroShotVerb(CLI::App& eval, Session& session);
void addFewShotVerb(CLI::App& eval, Session& session);
void addSurfaceVerb(CLI::App& eval, Session& session);

/// The same into an open workspace, for the demo; adds to `output`.
Result<void> evalZeroShotInto(const Session& session, const store::Workspace& workspace, const EvalOrder& order,
                              Output& output);
Result<void> evalFewShotInto(const Session& session, const store::Workspace& workspace, const FewShotOrder& order,
                             Output& output);

}  // namespace lix::app
