// The whole few-shot protocol and its intervals at size: lix_few_shot_bench
// 6 shot counts x 5 draws x (prototype, searched Tip-Adapter, three kNN), 10,000 queries, 100 classes, 512 values.
#include <chrono>
#include <cstdio>
#include <vector>

#include "adapt/linear.h"
#include "base/random.h"
#include "base/text.h"
#include "study/few_shot/few_shot.h"

namespace {
using namespace lix;

constexpr std::size_t kClasses = 100, kWidth = 512, kPool = 40, kQueries = 100;  // pictures of a class

struct Pictures {
  std::vector<float> values;
  std::vector<int> labels;

  void add(std::span<const float> centre, int label, double spread, Random& random) {
    const std::size_t first = values.size();
    for (const float value : centre) {
      values.push_back(value + static_cast<float>(spread * random.normal()));
    }
    adapt::normalise(std::span(values).subspan(first));
    labels.push_back(label);
  }
  adapt::Matrix matrix() const { return {values, labels.size(), kWidth}; }
};

double since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Pictures around the text vectors of their classes.
struct Made {
  Pictures text, pool, query;
  std::vector<std::string> names;
};

Made made() {
  Random random(1, 2);
  Made made;
  const std::vector<float> origin(kWidth, 0.f);
  for (std::size_t c = 0; c < kClasses; ++c) {
    made.text.add(origin, int(c), 1.0, random);
    made.names.push_back(cat("class ", c));
    const auto row = made.text.matrix().row(c);
    const std::vector<float> centre(row.begin(), row.end());
    for (std::size_t i = 0; i < kPool + kQueries; ++i) {
      (i < kPool ? made.pool : made.query).add(centre, int(c), 0.12, random);
    }
  }
  return made;
}

}  // namespace

int main() {
  const auto [text, pool, query, names] = made();
  study::FewShotSettings settings{.adapters = {{.id = "prototype"}, {.id = "tip-adapter-x"}}};
  for (const char* vote : {"plurality", "softmax", "exponential"}) {
    settings.adapters.push_back({.id = "knn", .params = {{"vote", std::string(vote)}}, .name = vote});
  }
  const study::FewShotData data{.pool = {pool.matrix(), pool.labels},
                                .query = {query.matrix(), query.labels},
                                .text = text.matrix(),
                                .classNames = names};
  const auto start = std::chrono::steady_clock::now();
  const auto result = study::evaluateFewShot(data, settings);
  const double whole = since(start);
  if (!result) {
    std::printf("%s\n", result.error().message.c_str());
    return 0;
  }
  double fit = 0.0, answer = 0.0;
  for (const auto& point : result->points) {
    fit += point.secondsFit;
    answer += point.secondsQuery;
  }
  std::printf("protocol: %.2f s for %zu points (fitting %.2f s, answering %.2f s)\n", whole, result->points.size(), fit,
              answer);
  const auto drawn = std::chrono::steady_clock::now();
  const auto curve = study::curve(*result);
  std::printf("intervals of %zu places, 2,000 resamples of draws and 10,000 queries: %.2f s\n", curve.size(),
              since(drawn));
  std::vector<study::OutcomeGrid> one;
  for (std::size_t shots : settings.shots) {
    one.push_back({.models = 1, .draws = 0, .queries = query.labels.size(), .cells = {}});
    for (const auto& point : result->points) {
      if (point.shots == shots && point.adapter == "prototype") {
        one.back().cells.push_back(point.outcomes);
        ++one.back().draws;
      }
    }
  }
  const auto alone = std::chrono::steady_clock::now();
  const auto means = study::resampledMeans(one);
  std::printf("of one curve alone, 6 x 5: %.3f s\n", since(alone));
}
