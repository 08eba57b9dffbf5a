#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "store/curve.h"

namespace lix::app {

/// One checkpoint and the name of its curve.
struct NamedCheckpoint {
  std::filesystem::path folder;
  std::string label;
};

/// A few-shot measurement that a person asks for.
struct MeasureOrder {
  std::vector<NamedCheckpoint> checkpoints;
  std::string dataset, labelSet;
  std::vector<int> shots;
  int draws = 5;
  std::vector<std::string> adapters;
};

/// "1, 2 4,8" as numbers, sorted and without repeats; nothing where something else stands there or a number is not
/// within 1..4096.
std::vector<int> shotsFrom(const std::string& text);

/// Arguments of `lixp` without its workspace.
std::vector<std::string> measureArguments(const MeasureOrder& order);

/// The calls of `lixp` that measure a point again, one for each checkpoint folder and series of draws behind it.
std::vector<std::vector<std::string>> againArguments(const store::CurvePoint& point);

/// Whether two points are of the same: whose, of what data, by which adapter, at how many shots.
bool samePoint(const store::EvaluationRow& a, const store::EvaluationRow& b);

/// What measuring a point again gave.
struct Again {
  std::size_t measured = 0, differing = 0;  ///< of the point's measurements, told apart by folder and seeds
  std::string sentence;                     ///< "" while nothing was measured again
};
/// `before` holds the rows as they were, `after` those that count now. The same is what differs by at most 1e-6, as
/// `lixp reproduce` has it.
Again comparedAgain(const store::CurvePoint& before, const store::CurvePoint& after);

/// A call of `lixp` as one types it in a shell.
std::string shellLine(const std::vector<std::string>& arguments);

}  // namespace lix::app
