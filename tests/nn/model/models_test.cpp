// The size preset that the project ships and the checkpoints trained with it.
#include <gtest/gtest.h>

#include <filesystem>

#include "nn/checkpoint/checkpoint.h"
#include "nn/checkpoint/preprocess.h"
#include "nn/ops/tensor.h"
#include "support/support.h"

namespace lix::nn {
namespace {
namespace fs = std::filesystem;

constexpr std::int64_t kParameters = 1'500'000;
constexpr std::uintmax_t kWeights = 3'000'000;  // fp16 weights with their header
constexpr std::uintmax_t kFolders = 12 << 20;

TEST(Models, TinyIsTiny) {
  for (const bool mixture : {false, true}) {
    const auto config = presetConfig("tiny", {.towers = mixture ? Towers::Clip : Towers::Siglip, .head = mixture ? ImageHead::Mixture : ImageHead::Vector});
    LIX_ASSERT_OK(config);
    EXPECT_EQ(config->imageSize, 64);
    const auto count = parameterCount(parameterSpecs(*config));
    EXPECT_LE(count, kParameters);
    EXPECT_LE(2 * count, 3'000'000);
  }
}

TEST(Models, ShippedCheckpointsLoadAndAreSmall) {
  std::uintmax_t total = 0;
  for (const char* name : {"siglip", "siglixp", "siglip-continued", "llip16"}) {
    const fs::path folder =
        test::fixtures().parent_path().parent_path() / "models" / (std::string(name) + "-tiny-emoji");
    const auto checkpoint = loadCheckpoint(folder);
    LIX_ASSERT_OK(checkpoint);
    EXPECT_TRUE(checkpoint->seed.has_value());
    EXPECT_EQ(checkpoint->model.config.mixture.has_value(), std::string(name) == "llip16");
    EXPECT_EQ(checkpoint->model.parameters.contains("lixp.log_tau"), std::string(name) == "siglixp");
    const auto preprocess = loadPreprocess(folder);
    LIX_ASSERT_OK(preprocess);
    EXPECT_EQ(preprocess->size, checkpoint->model.config.imageSize);
    EXPECT_LE(parameterCount(parameterSpecs(checkpoint->model.config)), kParameters) << name;
    EXPECT_LE(fs::file_size(folder / "model.safetensors"), kWeights) << name;
    EXPECT_TRUE(fs::exists(folder / "README.md"));
    for (const auto& file : fs::directory_iterator(folder)) {
      total += file.file_size();
    }
  }
  EXPECT_LE(total, kFolders);
}

}  // namespace
}  // namespace lix::nn
