#pragma once
#include <cstdint>

#include "lixp/eval/order.h"
#include "lixp/session.h"
#include "store/workspace.h"

namespace lix::app {

struct ZeroShotOrder : EvalOrder {
  ZeroShotOrder() = default;
  ZeroShotOrder(const EvalOrder& order) : EvalOrder(order) {}

  std::string group;           ///< label set whose classes are groups, "" for none
  std::string frames;          ///< label set that names the video of each picture, "" where each is a sample
  std::size_t frameCount = 0;  ///< most frames of one video, 0 for all
  std::string metric;          ///< the one that tells of the dataset, "" for the catalogue's if any
};

struct FewShotOrder : EvalOrder {
  std::string pool = "train";
  std::vector<std::size_t> shots{1, 2, 4, 8, 16, 32};
  std::size_t draws = 5;
  std::uint64_t seed = 0;
  std::vector<std::string> adapters{"prototype", "tip-adapter", "tip-adapter-x", "knn"};
  std::size_t firstDraw = 0;       ///< number of the first draw
  std::string vectors = "pooled";  ///< of a Llip: pooled or class-conditioned
  bool replace = false;            ///< pictures of a class with too few are drawn several times
};

// Each verb of `lixp eval`, in a file of its own.
void addZeroShotVerb(CLI::App& eval, Session& session);
void addFewShotVerb(CLI::App& eval, Session& session);
void addCaptionShortcutVerb(CLI::App& eval, Session& session);
void addSurfaceVerb(CLI::App& eval, Session& session);
void addSpectrumVerb(CLI::App& eval, Session& session);
void addGeometryVerb(CLI::App& eval, Session& session);
void addMixtureVerb(CLI::App& eval, Session& session);
void addCostVerb(CLI::App& eval, Session& session);
void addRetrievalVerb(CLI::App& eval, Session& session);
void addCaptionScoresVerb(CLI::App& eval, Session& session);
void addRobustnessVerb(CLI::App& eval, Session& session);
void addDomainVerb(CLI::App& eval, Session& session);

/// The same into an open workspace, for the demo; adds to `output`.
Result<void> evalZeroShotInto(const Session& session, const store::Workspace& workspace, const ZeroShotOrder& order,
                              Output& output);
Result<void> evalFewShotInto(const Session& session, const store::Workspace& workspace, const FewShotOrder& order,
                             Output& output);

}  // namespace lix::app
