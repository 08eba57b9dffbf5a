#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/random.h"
#include "base/text.h"
#include "nn/checkpoint/safetensors.h"
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

}  // namespace lix::test
