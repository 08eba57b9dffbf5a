#pragma once
#include <cstdint>
#include <string>
#include <vector>

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

struct SurfaceOrder : EvalOrder {
  std::string pool = "train";
  std::size_t shots = 16;
  std::size_t draw = 0;
  std::uint64_t seed = 0;
};

struct RetrievalOrder : EvalOrder {
  std::size_t shortlist = 0;      ///< 0: every pair exactly
  std::size_t firstCaptions = 0;  ///< 0: all
};

struct CaptionScoresOrder : EvalOrder {
  std::string scores;
};

struct ShortcutOrder : EvalOrder {
  std::size_t pictures = 1000, captions = 1000;
  std::uint64_t seed = 0;
};

struct RobustnessOrder : EvalOrder {
  std::vector<std::string> corruptions;         ///< empty: all
  std::vector<int> severities{1, 2, 3, 4, 5};  ///< empty: clean pictures alone
};

struct DomainOrder : EvalOrder {
  std::string source, sourceLabels, pool = "train";
  std::vector<std::size_t> shots;
  std::size_t draws = 5, firstDraw = 0;
  std::uint64_t seed = 0;
};

struct SpectrumOrder : ProbeOrder {
  std::string from = "encoder";
};

struct GeometryOrder : ProbeOrder {
  std::size_t k = 10;
  std::string neighbours;  ///< file of the neighbours in two models, "" for none
};

struct MixtureOrder : ProbeOrder {
  MixtureOrder() { pictures = 256; }

  std::size_t captions = 32;
  std::size_t clusters = 4;
};

struct PointingOrder : ProbeOrder {
  PointingOrder() { pictures = 500; }
};

struct CostOrder : EvalOrder {
  int batch = 32;            ///< images, and captions, worked on at once
  int repeats = 5;           ///< measurements that the median is taken of
  std::vector<int> prompts;  ///< numbers of class prompts
};

// Each verb of `lixp eval`, in a file of its own.
void addZeroShotVerb(CLI::App& eval, Session& session);
void addFewShotVerb(CLI::App& eval, Session& session);
void addCaptionShortcutVerb(CLI::App& eval, Session& session);
void addSurfaceVerb(CLI::App& eval, Session& session);
void addSpectrumVerb(CLI::App& eval, Session& session);
void addGeometryVerb(CLI::App& eval, Session& session);
void addMixtureVerb(CLI::App& eval, Session& session);
void addPointingVerb(CLI::App& eval, Session& session);
void addCostVerb(CLI::App& eval, Session& session);
void addRetrievalVerb(CLI::App& eval, Session& session);
void addCaptionScoresVerb(CLI::App& eval, Session& session);
void addRobustnessVerb(CLI::App& eval, Session& session);
void addDomainVerb(CLI::App& eval, Session& session);

/// The same into an open workspace, for suites, the demo and `lixp reproduce`; adds to `output`.
Result<void> evalZeroShotInto(const Session& session, const store::Workspace& workspace, const ZeroShotOrder& order,
                              Output& output);
Result<void> evalFewShotInto(const Session& session, const store::Workspace& workspace, const FewShotOrder& order,
                             Output& output);
Result<void> evalSurfaceInto(const Session& session, const store::Workspace& workspace, const SurfaceOrder& order,
                             Output& output);
Result<void> evalRetrievalInto(const Session& session, const store::Workspace& workspace, const RetrievalOrder& order,
                               Output& output);
Result<void> evalCaptionScoresInto(const Session& session, const store::Workspace& workspace,
                                   const CaptionScoresOrder& order, Output& output);
Result<void> evalShortcutInto(const Session& session, const store::Workspace& workspace, const ShortcutOrder& order,
                              Output& output);
Result<void> evalRobustnessInto(const Session& session, const store::Workspace& workspace, const RobustnessOrder& order,
                                Output& output);
Result<void> evalDomainInto(const Session& session, const store::Workspace& workspace, const DomainOrder& order,
                            Output& output);
Result<void> evalSpectrumInto(const Session& session, const store::Workspace& workspace, const SpectrumOrder& order,
                              Output& output);
Result<void> evalGeometryInto(const Session& session, const store::Workspace& workspace, const GeometryOrder& order,
                              Output& output);
Result<void> evalMixtureInto(const Session& session, const store::Workspace& workspace, const MixtureOrder& order,
                             Output& output);
Result<void> evalPointingInto(const Session& session, const store::Workspace& workspace, const PointingOrder& order,
                              Output& output);
Result<void> evalCostInto(const Session& session, const store::Workspace& workspace, const CostOrder& order,
                          Output& output);

}  // namespace lix::app
