#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/random.h"
#include "base/text.h"
#include "nn/checkpoint/safetensors.h"
#include "nn/objective.h"
#include "nn/recipe.h"
#include "study/train/train.h"
#include "support/support.h"

namespace lix::test {

/// One picture of a synthetic pack: its two halves have the colours `left` and `right` of eight, under a little noise.
struct Picture {
  int left = 0;
  int right = 0;
  std::vector<std::vector<std::int32_t>> captions;  ///< token rows without the end token
  int split = 0;
  std::uint64_t hash = 0;
};

constexpr int kPictureSide = 8, kContext = 5, kWords = 20;

/// Every pair of colours with its name as caption, `repeats` times under other noise.
inline std::vector<Picture> colourPairs(int repeats) {
  std::vector<Picture> pictures;
  for (int i = 0; i < 64 * repeats; ++i) {
    const int left = i % 8, right = i / 8 % 8;
    pictures.push_back({left, right, {{2 + left, 10 + right}, {18, 2 + left, 10 + right}}, 0, std::uint64_t(1000 + i)});
  }
  return pictures;
}

inline std::vector<std::uint8_t> pixelsOf(const std::vector<Picture>& pictures) {
  std::vector<std::uint8_t> pixels;
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    Random noise(3, 9, i);
    for (int at = 0; at < kPictureSide * kPictureSide; ++at) {
      const int colour = at % kPictureSide < kPictureSide / 2 ? pictures[i].left : pictures[i].right;
      for (int channel = 0; channel < 3; ++channel) {
        pixels.push_back(std::uint8_t((colour >> channel & 1 ? 200 : 30) + noise.below(20)));
      }
    }
  }
  return pixels;
}

inline nlohmann::json packJson(const std::vector<Picture>& pictures) {
  nlohmann::json samples = nlohmann::json::array();
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    std::vector<std::string> captions;
    for (const auto& row : pictures[i].captions) {
      captions.push_back(cat("caption of ", row.size(), " words"));
    }
    samples.push_back({{"key", cat("picture ", i)},
                       {"captions", captions},
                       {"labels", {cat("colour ", pictures[i].left)}},
                       {"split", pictures[i].split},
                       {"hash", hex(pictures[i].hash)}});
  }
  return {{"format", 1},
          {"name", "colours"},
          {"picture_size", kPictureSide},
          {"label_sets", {"left"}},
          {"samples", samples},
          {"skipped", nlohmann::json::array()}};
}

/// Writes token rows (end token 1, padded with it) as a pack made for a tokenizer holds them.
inline void writeTokens(const std::vector<Picture>& pictures, const std::filesystem::path& folder,
                        int vocabulary = kWords) {
  std::vector<std::int32_t> ids, lengths;
  for (const auto& picture : pictures) {
    for (const auto& words : picture.captions) {
      std::vector<std::int32_t> row(kContext, 1);
      std::copy(words.begin(), words.end(), row.begin());
      ids.insert(ids.end(), row.begin(), row.end());
      lengths.push_back(std::int32_t(words.size()) + 1);
    }
  }
  const auto rows = std::int64_t(lengths.size());
  const auto written = nn::writeSafetensors(folder / "tokens.safetensors",
                                            {{"ids", {nn::DType::I32, {rows, kContext}, std::as_bytes(std::span(ids))}},
                                             {"lengths", {nn::DType::I32, {rows}, std::as_bytes(std::span(lengths))}}},
                                            {{"vocabulary", std::to_string(vocabulary)}});
  ASSERT_TRUE(written.has_value()) << messageOf(written);
}

inline void writePackFolder(const std::vector<Picture>& pictures, const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  const auto pixels = pixelsOf(pictures);
  const nn::TensorView view{
      nn::DType::U8, {std::int64_t(pictures.size()), kPictureSide, kPictureSide, 3}, std::as_bytes(std::span(pixels))};
  ASSERT_TRUE(nn::writeSafetensors(folder / "pictures-00000.safetensors", {{"pictures", view}}).has_value());
  ASSERT_TRUE(writeFile(folder / "pack.json", packJson(pictures).dump()).has_value());
  ASSERT_TRUE(writeFile(folder / "tokenizer_config.json", "{}").has_value());
  writeTokens(pictures, folder);
}

inline study::TrainData dataOf(const std::vector<Picture>& pictures, const std::filesystem::path& folder) {
  writePackFolder(pictures, folder);
  auto data = study::openTrainData(folder);
  EXPECT_TRUE(data.has_value()) << messageOf(data);
  return std::move(*data);
}

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
  return {model, "", {}, ""};
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
