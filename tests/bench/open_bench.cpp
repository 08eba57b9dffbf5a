// A checkpoint of about 400 MB, made in a temporary folder: seconds until its first embedding starts, and memory.
//   lix_open_bench MODELS [ROUNDS]    MODELS: the project's models/, whose tokenizer is borrowed
#include <ATen/core/grad_mode.h>
#include <ATen/ops/zeros.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "base/text.h"
#include "nn/checkpoint/checkpoint.h"
#include "nn/checkpoint/preprocess.h"
#include "nn/model.h"
#include "nn/ops/tensor.h"
#include "study/eval/embed.h"

namespace {
using namespace lix;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

/// Megabytes of a line of /proc/self/status.
double megabytes(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name + ":")) {
      return std::atof(line.c_str() + name.size() + 1) / 1024.0;
    }
  }
  return 0.0;
}

/// A ViT-B/16 with a short text tower of the borrowed tokenizer's vocabulary: about 100 million weights.
Result<void> make(const fs::path& folder, const fs::path& tokenizer) {
  LIX_TRY(nn::ModelConfig config, nn::presetConfig("vit-b-16", {}));
  config.classTokens = 0;
  config.vocabulary = 1500;
  config.contextLength = 32;
  config.text = config.vision;
  config.text.depth = 2;
  config.embedWidth = config.vision.width;
  LIX_CHECK(config.validate());
  nn::Model model{.config = config, .parameters = nn::drawParameters(nn::parameterSpecs(config), 1)};
  model.parameters.emplace("logit_scale", at::zeros({1}, at::kFloat));
  model.parameters.emplace("logit_bias", at::zeros({1}, at::kFloat));
  LIX_CHECK(nn::saveModel(model, "", folder, nn::Precision::Float32));
  for (const char* name : {"spiece.model", "tokenizer_config.json"}) {
    fs::copy_file(tokenizer / name, folder / name);
  }
  return nn::savePreprocess(nn::siglipPreprocess(config.imageSize), folder);
}

Result<void> measure(const fs::path& folder) {
  const at::NoGradGuard noGrad;
  const imaging::Image picture{640, 480, std::vector<std::uint8_t>(640 * 480 * 3, 90)};
  const double before = megabytes("RssAnon");
  const auto start = Clock::now();
  const auto since = [&] { return std::chrono::duration<double>(Clock::now() - start).count(); };
  LIX_TRY(const study::Evaluator evaluator, study::openEvaluator(folder));
  const double opened = since();
  const at::Tensor pixels = study::toPixels(picture, evaluator.preprocess).unsqueeze(0);
  const double starts = since(), anonymous = megabytes("RssAnon") - before;
  nn::encodeImages(evaluator.checkpoint.model, pixels);
  const double done = since();
  const auto asked = Clock::now();
  evaluator.checkpoint.weightsHash.text();
  const double hash = std::chrono::duration<double>(Clock::now() - asked).count();
  std::printf("  opened %.3f s, first embedding starts %.3f s and is done %.3f s; memory of its own %.1f MB; ", opened, starts,
              done, anonymous);
  std::printf("hash of the weights, when asked for, %.3f s\n", hash);
  return {};
}

Result<void> run(const fs::path& folder, const fs::path& models, int rounds) {
  LIX_CHECK(make(folder, models / "siglip-tiny-emoji"));
  std::printf("%.0f MB of fp32 weights\n", double(fs::file_size(folder / "model.safetensors")) / 1e6);
  for (int round = 0; round < rounds; ++round) {
    LIX_CHECK(measure(folder));
  }
  return {};
}

}  // namespace

int main(int count, char** words) {
  if (count < 2) {
    std::fprintf(stderr, "usage: lix_open_bench MODELS [ROUNDS]\n");
    return 2;
  }
  std::string place = (fs::temp_directory_path() / "lix-open-bench-XXXXXX").string();
  if (::mkdtemp(place.data()) == nullptr) {
    std::perror("no temporary folder");
    return 2;
  }
  const auto done = run(place, words[1], count > 2 ? std::atoi(words[2]) : 3);
  fs::remove_all(place);
  if (!done) {
    std::fprintf(stderr, "%s\n", done.error().message.c_str());
  }
  return done ? 0 : 1;
}
