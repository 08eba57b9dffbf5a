// Seconds a step of heads on frozen features: lix_heads_bench [N ...], 512-wide features, D = 256, for every objective.
#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "base/random.h"
#include "base/text.h"
#include "nn/checkpoint/checkpoint.h"
#include "nn/ops/tensor.h"
#include "study/train/train.h"

namespace {
using namespace lix;
using Clock = std::chrono::steady_clock;

constexpr int kWidth = 512, kSteps = 4;

at::Tensor rows(std::int64_t count, std::uint64_t seed) {
  at::Tensor tensor = at::empty({count, kWidth}, at::kFloat);
  Random random(seed, 1);
  std::generate_n(tensor.data_ptr<float>(), tensor.numel(), [&] { return float(random.normal()); });
  return tensor;
}

class Watch : public study::TrainObserver {
 public:
  void stepped(int, const std::map<std::string, double>&) override { ends.push_back(Clock::now()); }
  study::TrainRequest request() override {
    return ends.size() < kSteps ? study::TrainRequest::None : study::TrainRequest::Cancel;
  }
  void saved(int, const std::filesystem::path&) override {}
  void notice(const std::string& sentence) override { std::printf("  %s\n", sentence.c_str()); }
  std::vector<Clock::time_point> ends;
};

}  // namespace

int main(int count, char** arguments) {
  const auto folder = std::filesystem::temp_directory_path() /
                      cat("lix-heads-bench-", Random(std::uint64_t(Clock::now().time_since_epoch().count()), 1).next());
  std::filesystem::create_directories(folder);
  std::vector<int> sizes;
  for (int i = 1; i < count; ++i) {
    sizes.push_back(std::atoi(arguments[i]));
  }
  for (const int n : sizes.empty() ? std::vector<int>{512, 2048, 8192} : sizes) {
    const auto path = folder / "features.safetensors";
    (void)nn::saveTensors(path, {{"image_features", rows(2 * n, 1)}, {"text_features", rows(2 * n, 2)}});
    const auto data = study::openTrainData(path);
    for (const char* recipe : {"clip", "siglip", "clipxp", "siglixp", "llip"}) {
      study::TrainSettings settings{.recipe = recipe, .data = "features", .steps = 1000, .batch = n};
      settings.towers = "heads";
      Watch watch;
      const auto end = study::train(settings, *data, {}, folder / "out", watch);
      if (!end) {
        std::printf("N %5d  %-8s %s\n", n, recipe, end.error().message.c_str());
        continue;
      }
      const double seconds =
          std::chrono::duration<double>(watch.ends.back() - watch.ends.front()).count() / (kSteps - 1);
      std::printf("N %5d  %-8s %.3f s a step, %d threads\n", n, recipe, seconds, at::get_num_threads());
      std::fflush(stdout);
    }
  }
  std::filesystem::remove_all(folder);
}
