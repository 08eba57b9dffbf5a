#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "nn/checkpoint/preprocess.h"
#include "nn/model.h"

namespace lix::study {

/// What a canary saw of some weights.
struct CanaryReading {
  std::map<std::string, double> series;  ///< "canary.zero_shot", "canary.prototype", "canary.tip_adapter": accuracies
  std::vector<std::uint8_t> zeroShotHits;  ///< one a picture, 1 = right, always in the same order, so that steps pair
  std::string draw;  ///< fingerprint of the pictures, labels and classes that were asked; only equal ones pair
};

/// A small evaluation during a run, on one frozen draw of pictures that the run does not learn from. Rooms that can read
/// pictures implement it (study/canary); the trainer only asks.
class Canary {
 public:
  virtual ~Canary() = default;
  virtual Result<CanaryReading> read(const nn::Model& model, const nn::Preprocess& preprocess) = 0;
};

}  // namespace lix::study
