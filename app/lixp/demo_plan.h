#pragma once
#include <optional>
#include <string>
#include <vector>

#include "lixp/session.h"

namespace lix::app {

struct DemoOrder {
  std::filesystem::path out = "lixplorer-demo";
  bool fromScratch = false;
  double stepsScale = 1.0;  ///< of every leg's steps; below 0.1, for tests, three support draws
};

/// A training of the demo, run as a `lixp train` process of its own.
struct DemoLeg {
  std::string id;     ///< folder below checkpoints/
  std::string label;  ///< of its curves
  std::string what;   ///< for people
  std::string recipe;
  std::filesystem::path init;  ///< empty: from nothing
  int steps = 0;
  double learningRate = 0.0;
};

/// A checkpoint that the demo evaluates.
struct DemoSubject {
  std::string label;
  std::filesystem::path folder;
};

struct DemoPlan {
  std::size_t draws = 10;              ///< of supports
  std::filesystem::path folder;        ///< the workspace, absolute
  std::vector<DemoSubject> shipped;    ///< SigLIP, SigLIxP, control, Llip_16; none with --from-scratch
  std::vector<DemoLeg> legs;           ///< SigLIP, SigLIxP, control, Llip_16
  std::vector<DemoSubject> evaluated;  ///< shipped ones, then those of the legs

  std::filesystem::path checkpointOf(const DemoLeg& leg) const { return folder / "checkpoints" / leg.id; }
};

inline constexpr int kDemoBatch = 128;
inline constexpr int kDemoSeed = 1;

/// What the demo will do. Needs the shipped checkpoints unless everything is made from scratch.
Result<DemoPlan> planDemo(const DemoOrder& order);

/// Makes the folder a demo workspace; one that is begun with the same options is taken up again. Refuses any other
/// folder that is not empty.
Result<void> claimFolder(const DemoOrder& order);

/// What the demo says before it begins.
std::string announcement(const DemoPlan& plan, const DemoOrder& order);

/// Arguments of `lixp` that train a leg anew.
std::vector<std::string> trainArguments(const DemoPlan& plan, const DemoLeg& leg);

/// As one types it in a shell.
std::string commandLine(const std::vector<std::string>& arguments);

}  // namespace lix::app
