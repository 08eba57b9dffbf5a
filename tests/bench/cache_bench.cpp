// Gradient caching against the whole batch at once, on the size `tiny` with synthetic pictures and captions, fp32, a step
// being loss, gradients and AdamW:
//   lix_cache_bench equal        largest relative difference of the gradients at N = 512 in micro-batches of 128
//   lix_cache_bench time         seconds a step of both at N = 512, in turn, medians and ratio
//   lix_cache_bench memory       the most memory that a process takes for two steps at N = 4,096, two batches of
//                                pixels (the one in use and the one ahead) included; a process for each recipe
// LIX_BENCH_THREADS: threads.
#include <ATen/Parallel.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ATen/ops/abs.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "nn/adamw.h"
#include "nn/objective.h"
#include "nn/ops/tensor.h"
#include "study/train/locks.h"
#include "study/train/step.h"
#include "study/train/train.h"

namespace {
using namespace lix;
using Clock = std::chrono::steady_clock;

constexpr int kMicroBatch = 128;
const std::vector<std::string> kRecipes{"siglip", "siglixp", "clip", "llip"};

struct Learner {
  explicit Learner(const std::string& id, std::int64_t batch) : recipe(*nn::findRecipe(id)) {
    model = *nn::makeModel(*nn::presetConfig("tiny", study::architecture({}, recipe)), 0);
    nn::addScalars(model, recipe);
    study::applyLocks({}, model);
    const auto& config = model.config;
    pixels = at::randn({batch, 3, config.imageSize, config.imageSize});
    ids = at::randint(2, config.vocabulary, {batch, config.contextLength}, at::kLong);
    ids.select(1, config.contextLength - 1).fill_(config.eosId);
  }

  study::BatchLoss loss(std::int64_t microBatch) {
    return *study::lossAndGradients(model, recipe, pixels, ids, microBatch);
  }

  nn::Recipe recipe;
  nn::Model model;
  at::Tensor pixels, ids;
};

void equal() {
  for (const std::string& id : kRecipes) {
    Learner learner(id, 512);
    learner.loss(0);
    nn::Parameters whole;
    for (auto& [name, parameter] : learner.model.parameters) {
      whole[name] = parameter.grad();
      parameter.mutable_grad() = at::Tensor();
    }
    learner.loss(kMicroBatch);
    double squares = 0.0, differences = 0.0;
    for (const auto& [name, parameter] : learner.model.parameters) {
      const double norm = whole.at(name).norm().item<double>();
      const double off = (whole.at(name) - parameter.grad()).norm().item<double>();
      squares += norm * norm;
      differences += off * off;
    }
    std::cout << id << ": gradients differ by " << std::sqrt(differences / squares) << " of their joint norm\n";
  }
}

double secondsOfStep(Learner& learner, nn::AdamW& optimizer, std::int64_t microBatch) {
  const auto begin = Clock::now();
  learner.loss(microBatch);
  optimizer.step(1e-4, 1.0);
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

void times() {
  for (const std::string& id : kRecipes) {
    Learner learner(id, 512);
    nn::AdamW optimizer(learner.model.parameters, {"logit_scale"}, {});
    std::vector<double> whole, cached;
    secondsOfStep(learner, optimizer, kMicroBatch);
    secondsOfStep(learner, optimizer, 0);
    for (int i = 0; i < 5; ++i) {
      whole.push_back(secondsOfStep(learner, optimizer, 0));
      cached.push_back(secondsOfStep(learner, optimizer, kMicroBatch));
    }
    std::cout << id << ": " << median(whole) << " s at once, " << median(cached) << " s in micro-batches of "
              << kMicroBatch << ", ratio " << median(cached) / median(whole) << std::endl;
  }
}

/// VmHWM of this process in MiB.
double peak() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word == "VmHWM:") {
      double kibibytes = 0.0;
      status >> kibibytes;
      return kibibytes / 1024.0;
    }
  }
  return 0.0;
}

void memoryOf(const std::string& id) {
  Learner learner(id, 4096);
  const at::Tensor ahead = at::randn(learner.pixels.sizes());
  nn::AdamW optimizer(learner.model.parameters, {"logit_scale"}, {});
  const double first = secondsOfStep(learner, optimizer, kMicroBatch);
  const double second = secondsOfStep(learner, optimizer, kMicroBatch);
  std::cout << id << ": N = 4096 takes " << peak() << " MiB at most, " << std::min(first, second) << " s a step"
            << std::endl;
}

/// Each recipe in a process of its own, since the peak of a process never falls.
void memory(const char* self) {
  for (const std::string& id : kRecipes) {
    if (const pid_t child = fork(); child == 0) {
      execl(self, self, "memory", id.c_str(), static_cast<char*>(nullptr));
      _exit(127);
    } else {
      waitpid(child, nullptr, 0);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (const char* threads = std::getenv("LIX_BENCH_THREADS")) {
    at::set_num_threads(std::atoi(threads));
  }
  const std::string what = argc > 1 ? argv[1] : "";
  if (what == "equal") {
    equal();
  } else if (what == "time") {
    times();
  } else if (what == "memory" && argc > 2) {
    memoryOf(argv[2]);
  } else if (what == "memory") {
    memory("/proc/self/exe");
  } else {
    std::cout << "lix_cache_bench equal | time | memory\n";
  }
  return 0;
}
