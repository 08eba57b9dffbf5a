#pragma once
#include <algorithm>
#include <string>
#include <vector>

#include "nn/ops/tensor.h"
#include "study/train/canary.h"
#include "train_support.h"

namespace lix::test {

/// Reads how near the model's scale is to what it was: accuracies that move with the weights, without any picture.
class FakeCanary : public study::Canary {
 public:
  Result<study::CanaryReading> read(const nn::Model& model, const nn::Preprocess&) override {
    ++reads;
    seen.push_back(model.parameters.at("text_model.head.weight").clone());
    if (int(seen.size()) == failsAt) {
      return fail(ErrorCode::Io, "its pictures are gone.");
    }
    study::CanaryReading reading;
    reading.draw = draw;
    reading.zeroShotHits.assign(40, 1);
    const auto lost = std::min<std::size_t>(40, std::size_t(losesEach) * (seen.size() - 1));
    std::fill_n(reading.zeroShotHits.begin(), lost, std::uint8_t{0});
    reading.series["canary.zero_shot"] = 1.0 - double(lost) / 40.0;
    reading.series["canary.prototype"] = model.parameters.at("text_model.head.weight").abs().mean().item<double>();
    return reading;
  }
  std::string draw = "first";
  int reads = 0, losesEach = 0, failsAt = 0;
  std::vector<at::Tensor> seen;
};

inline nn::Parameters weightsOf(const std::filesystem::path& out) { return nn::loadCheckpoint(out)->model.parameters; }

}  // namespace lix::test
