#pragma once
#include <filesystem>
#include <string>
#include <vector>
#include <nlohmann/json.hpp>

#include "base/result.h"

namespace lix::app {

/// One model of a sweep.
struct SweepCell {
  std::string name;      ///< "tokens=4,seed=0": its folder
  std::string label;     ///< of its curves: the name without the seed, so that seeds of one setting share a curve
  nlohmann::json axes;   ///< {"tokens": 4, "seed": 0}
  nlohmann::json train;  ///< every option of `lixp train` with its value
};

/// A sweep as a file asks for it:
///   {"name": "tokens", "train": {"recipe": "llip", "data": "emoji", "size": "tiny", "steps": 300},
///    "axes": {"tokens": [1, 4, 16], "seed": [0, 1]},
///    "evaluate": [{"what": "zero-shot", "data": "emoji", "labels": "group"}]}
/// Keys of "train" and "axes" are options of `lixp train` (with _ or -), those of "evaluate" of `lixp eval WHAT`. A
/// flag has the value true. Cells are all combinations, the last axis of the file fastest; each has its own folder.
struct SweepPlan {
  std::string name;
  std::vector<std::string> axes;
  std::vector<SweepCell> cells;
  std::vector<nlohmann::json> evaluate;
  nlohmann::json document;  ///< "train" and "axes", to know a changed file by

  static Result<SweepPlan> read(const std::filesystem::path& file);
};

/// {"steps": 300, "shots": [1, 2], "lock_image": true} as {"--steps", "300", "--shots", "1,2", "--lock-image"};
/// `recipe`, `what` and null or false are left out.
std::vector<std::string> optionsOf(const nlohmann::json& values);

}  // namespace lix::app
