#pragma once
#include <ATen/ops/empty.h>
#include <ATen/ops/tensor.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/random.h"
#include "base/text.h"
#include "nn/checkpoint/checkpoint.h"
#include "nn/ops/tensor.h"
#include "study/train/feature_data.h"
#include "study/train/train.h"
#include "support/support.h"

namespace lix::test {

constexpr int kWidth = 12, kTextWidth = 10, kKinds = 24;

inline at::Tensor randomRows(std::int64_t rows, std::int64_t width, std::uint64_t seed) {
  at::Tensor tensor = at::empty({rows, width}, at::kFloat);
  Random random(seed, 5);
  std::generate_n(tensor.data_ptr<float>(), tensor.numel(), [&] { return float(random.normal()); });
  return tensor;
}

inline at::Tensor byteTensor(const std::string& text) {
  at::Tensor bytes = at::empty({std::int64_t(text.size())}, at::kByte);
  std::copy(text.begin(), text.end(), bytes.data_ptr<std::uint8_t>());
  return bytes;
}

/// Pictures of 24 kinds, three of each with noise, and a caption for each picture, equal within a kind.
inline std::map<std::string, at::Tensor> kinds() {
  const at::Tensor centres = randomRows(kKinds, kWidth, 1), words = randomRows(kKinds, kTextWidth, 2);
  std::vector<std::int64_t> kind;
  for (int i = 0; i < 3 * kKinds; ++i) {
    kind.push_back(i % kKinds);
  }
  const at::Tensor which = at::tensor(kind, at::kLong);
  return {{"image_features", centres.index_select(0, which) + randomRows(3 * kKinds, kWidth, 3) * 0.1},
          {"text_features", words.index_select(0, which)}};
}

inline std::filesystem::path featureFile(const std::map<std::string, at::Tensor>& tensors,
                                         const std::filesystem::path& path,
                                         const std::map<std::string, std::string>& metadata = {}) {
  const auto saved = nn::saveTensors(path, tensors, metadata);
  EXPECT_TRUE(saved.has_value()) << messageOf(saved);
  return path;
}

inline study::TrainSettings headSettings(const std::string& recipe, int steps) {
  study::TrainSettings settings{
      .recipe = recipe, .data = "kinds", .steps = steps, .batch = 8, .seed = 4, .learningRate = 3e-3, .threads = 1};
  settings.checkpointEvery = 1000;
  settings.towers = "heads";
  settings.hidden = 16;
  settings.embedWidth = 8;
  return settings;
}

/// Keeps the losses and asks for a stop before the step after `at`.
class Onlooker : public study::TrainObserver {
 public:
  explicit Onlooker(int at = -1) : at_(at) {}
  void stepped(int step, const std::map<std::string, double>& series) override {
    step_ = step;
    losses.push_back(series.at("loss"));
  }
  study::TrainRequest request() override {
    return step_ == at_ ? study::TrainRequest::Stop : study::TrainRequest::None;
  }
  void saved(int, const std::filesystem::path&) override {}
  void notice(const std::string& sentence) override { notices.push_back(sentence); }
  std::vector<double> losses;
  std::vector<std::string> notices;

 private:
  int at_, step_ = 0;
};

inline void expectHas(const std::string& message, const std::string& part) {
  EXPECT_NE(message.find(part), std::string::npos) << "got: '" << message << "', wanted: " << part;
}

}  // namespace lix::test
