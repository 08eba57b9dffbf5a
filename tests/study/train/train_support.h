#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/file.h"
#include "nn/objective.h"
#include "nn/recipe.h"
#include "pack_support.h"
#include "study/train/train.h"
#include "support/support.h"

namespace lix::test {

/// Small towers for a recipe, so that a step takes a millisecond or two, without scale and bias.
inline nn::Model smallTowers(const nn::Recipe& recipe, std::uint64_t seed = 1) {
  const bool siglip = recipe.towers == nn::Towers::Siglip;
  const auto activation = siglip ? nn::Activation::GeluTanh : nn::Activation::QuickGelu;
  const double epsilon = siglip ? 1e-6 : 1e-5;
  nn::ModelConfig config{.towers = recipe.towers,
                         .imageSize = kPictureSide,
                         .patch = 4,
                         .vision = {16, 1, 2, 32, activation, epsilon},
                         .classTokens = siglip ? 0 : 1,
                         .text = {16, 1, 2, 32, activation, epsilon},
                         .vocabulary = kWords,
                         .contextLength = kContext,
                         .embedWidth = 16};
  config.head = recipe.head;
  if (recipe.head != nn::ImageHead::Vector) {
    config.classTokens = 3;
  }
  if (recipe.head == nn::ImageHead::Mixture || recipe.head == nn::ImageHead::LearnedAverage) {
    config.mixture = nn::MixtureConfig{.heads = 2, .tau = 1.0};
  }
  return *nn::makeModel(config, seed);
}

/// The same as a checkpoint that was trained by the recipe's first term: with its scale and bias, and nothing of LIxP.
inline nn::Checkpoint smallStart(const std::string& recipeId, std::uint64_t seed = 1) {
  nn::Recipe recipe = *nn::findRecipe(recipeId);
  nn::Model model = smallTowers(recipe, seed);
  std::erase_if(recipe.scalars, [](const auto& entry) { return entry.first.starts_with("lixp."); });
  nn::addScalars(model, recipe);
  return {model, "", {}, {}};
}

inline study::TrainSettings smallSettings(const std::string& recipe, int steps) {
  return {.recipe = recipe,
          .data = "colours",
          .steps = steps,
          .batch = 16,
          .seed = 4,
          .learningRate = 3e-3,
          .threads = 1,
          .checkpointEvery = 1000};
}

/// Keeps what it is told and asks for `request` before the step after `at` (0 = before the first).
class Watcher : public study::TrainObserver {
 public:
  explicit Watcher(int at = -1, study::TrainRequest what = study::TrainRequest::None) : at_(at), what_(what) {}
  void stepped(int step, const std::map<std::string, double>& series) override {
    step_ = step;
    history.push_back(series);
  }
  study::TrainRequest request() override {
    if (step_ != at_ || asked >= most) {
      return study::TrainRequest::None;
    }
    ++asked;
    return what_;
  }
  void saved(int step, const std::filesystem::path&) override { saves.push_back(step); }
  void notice(const std::string& sentence) override { notices.push_back(sentence); }
  double mean(std::size_t from, std::size_t to, const std::string& key = "loss") const {
    double sum = 0.0;
    for (std::size_t i = from; i < to; ++i) {
      sum += history.at(i).at(key);
    }
    return sum / double(to - from);
  }

  std::vector<std::map<std::string, double>> history;
  std::vector<int> saves;
  std::vector<std::string> notices;
  int asked = 0, most = 1000;

 private:
  int at_, step_ = 0;
  study::TrainRequest what_;
};

inline std::string fileBytes(const std::filesystem::path& path) {
  auto bytes = readFile(path);
  EXPECT_TRUE(bytes.has_value()) << messageOf(bytes);
  return bytes ? *bytes : "";
}

/// The bytes of a run's model and of its whole training state.
inline std::pair<std::string, std::string> bytesOfRun(const std::filesystem::path& out) {
  return {fileBytes(out / "model.safetensors"), fileBytes(out / "training_state.safetensors")};
}

inline void expectSameRun(const std::filesystem::path& a, const std::filesystem::path& b, const std::string& what) {
  const auto first = bytesOfRun(a), second = bytesOfRun(b);
  EXPECT_TRUE(first.first == second.first) << what << ": the models differ";
  EXPECT_TRUE(first.second == second.second) << what << ": the training states differ";
}

inline void expectIn(const std::string& part, const std::string& message) {
  EXPECT_NE(message.find(part), std::string::npos) << "got: '" << message << "', wanted: " << part;
}

}  // namespace lix::test
