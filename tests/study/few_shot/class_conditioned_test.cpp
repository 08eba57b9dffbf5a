// Class-conditioned vectors of a Llip: affinities in place of products, by hand and against the plain adapters.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "adapt/affinity.h"
#include "few_shot_world.h"
#include "support/support.h"

namespace lix::study {
namespace {

using adapt::Affinities;
using adapt::AffinityTask;

/// Pictures whose mixtures are whatever a function says.
struct Mixed final : MixedPictures {
  std::size_t count = 0, width = 0;
  std::function<void(std::uint32_t, std::size_t, std::span<float>)> make;

  Mixed(std::size_t rows, std::size_t columns, decltype(make) function)
      : count(rows), width(columns), make(std::move(function)) {}
  std::size_t rows() const override { return count; }
  std::size_t columns() const override { return width; }
  void mix(std::span<const std::uint32_t> pictures, std::size_t c, std::span<float> out) const override {
    for (std::size_t i = 0; i < pictures.size(); ++i) {
      make(pictures[i], c, out.subspan(i * width, width));
    }
  }
};

/// A Llip with one token: the class changes nothing.
Mixed oneToken(const std::vector<float>& values, std::size_t width) {
  return {values.size() / width, width, [&values, width](std::uint32_t row, std::size_t, std::span<float> out) {
            std::copy_n(values.begin() + std::ptrdiff_t(row * width), width, out.begin());
          }};
}

FewShotSettings settings() {
  return {.shots = {1, 2, 4},
          .draws = 3,
          .seed = 7,
          .adapters = {{.id = "prototype"},
                       {.id = "prototype", .params = {{"text_weight", 0.4}}, .name = "with text"},
                       {.id = "knn"},
                       {.id = "tip-adapter"},
                       {.id = "tip-adapter-x"}},
          .keep = FewShotSettings::Keep::Predictions};
}

TEST(ClassConditioned, OfOneTokenIsPooled) {
  const World world({14, 14, 3, 14, 14}, 70, 0.5);
  FewShotData data = world.data();
  const auto pooled = evaluateFewShot(data, settings());
  LIX_ASSERT_OK(pooled);
  const Mixed pool = oneToken(world.pool, world.columns), query = oneToken(world.query, world.columns);
  data.poolMixed = &pool;
  data.queryMixed = &query;
  const auto conditioned = evaluateFewShot(data, settings());
  LIX_ASSERT_OK(conditioned);
  ASSERT_EQ(conditioned->points.size(), pooled->points.size());
  EXPECT_EQ(conditioned->notes, pooled->notes);
  for (std::size_t i = 0; i < pooled->points.size(); ++i) {
    const FewShotPoint &a = conditioned->points[i], &b = pooled->points[i];
    EXPECT_EQ(a.adapter, b.adapter);
    EXPECT_EQ(a.shots, b.shots);
    EXPECT_EQ(a.draw, b.draw);
    EXPECT_EQ(a.outcomes, b.outcomes) << a.adapter << " at " << a.shots;
    EXPECT_EQ(a.supportSize, b.supportSize);
    EXPECT_EQ(a.validationSize, b.validationSize);
    EXPECT_EQ(a.settings, b.settings) << a.adapter;
    for (std::size_t q = 0; q < a.predictions.size(); ++q) {
      EXPECT_EQ(a.predictions[q].predicted, b.predictions[q].predicted);
      EXPECT_NEAR(a.predictions[q].margin, b.predictions[q].margin, 1e-4);
    }
  }
}

TEST(ClassConditioned, ComparesInTheMixtureOfTheSupportsClass) {
  // Mixed for its own class each picture is e1, for any other e0: affinities are 1 within a class and 0 between,
  // whatever the pooled vectors are (here noise).
  const World world({8, 8, 8}, 20, 50.0);
  FewShotData data = world.data();
  std::vector<float> text(3 * world.columns, 0.f);
  for (std::size_t c = 0; c < 3; ++c) {
    text[c * world.columns + 1] = 1.f;
  }
  data.text = world.matrix(text);
  const auto mixed = [](const std::vector<int>& labels) {
    return [&labels](std::uint32_t row, std::size_t c, std::span<float> out) {
      std::ranges::fill(out, 0.f);
      out[labels[row] == static_cast<int>(c) ? 1 : 0] = 1.f;
    };
  };
  const Mixed pool(24, world.columns, mixed(world.poolLabels)), query(60, world.columns, mixed(world.queryLabels));
  data.poolMixed = &pool;
  data.queryMixed = &query;
  const auto result = evaluateFewShot(data, settings());
  LIX_ASSERT_OK(result);
  for (const FewShotPoint& point : result->points) {
    EXPECT_EQ(point.accuracy, 1.0) << point.adapter;
  }
  // Prototypes: logits 1 and 0, so that each margin is 1.
  EXPECT_EQ(result->points[2].adapter, "prototype");
  EXPECT_NEAR(result->points[2].predictions[5].margin, 1.f, 1e-6);
}

TEST(ClassConditioned, AdaptersWithoutAFormAreRefusedByName) {
  const World world({8, 8}, 5, 0.1);
  FewShotData data = world.data();
  const Mixed pool = oneToken(world.pool, world.columns), query = oneToken(world.query, world.columns);
  data.poolMixed = &pool;
  data.queryMixed = &query;
  const auto refused = evaluateFewShot(data, {.shots = {1}, .adapters = {{.id = "gda"}}});
  EXPECT_NE(test::messageOf(refused).find("Adapter 'gda' works on one vector a picture"), std::string::npos);
  const Mixed other(3, world.columns, pool.make);
  data.queryMixed = &other;
  EXPECT_NE(test::messageOf(evaluateFewShot(data, settings())).find("not those of pool and query"), std::string::npos);
}

/// Two classes with supports 0, 1 | 2 and one picture.
struct ByHand {
  std::vector<int> labels{0, 0, 1};
  std::vector<float> support{0.9f, 0.5f, 0.8f}, prototypes{0.75f, 0.8f}, text{0.2f, 0.1f}, between{0.6f, 0.0f};
  Affinities queries() const { return {{support, 1, 3}, {prototypes, 1, 2}, {text, 1, 2}}; }
  AffinityTask task() const {
    return {.labels = labels,
            .prototypeText = between,
            .validation = {},
            .validationLabels = {},
            .classes = 2,
            .logitScale = 10.f};
  }
  std::vector<float> logits(const char* id, const ParamValues& params) const {
    const auto fitted = adapt::fitAffinity(**adapt::find(id), task(), params);
    return fitted ? (*fitted)->logits(queries()) : std::vector<float>();
  }
};

TEST(Affinity, ByHand) {
  const ByHand hand;
  // exp(-2 * 0.1) + exp(-2 * 0.5) = 1.186610, exp(-2 * 0.2) = 0.670320; logits 10 z + 3 of that.
  const auto tip = hand.logits("tip-adapter", {{"alpha", 3.0}, {"beta", 2.0}});
  ASSERT_EQ(tip.size(), 2u);
  EXPECT_NEAR(tip[0], 2.0 + 3.0 * 1.186610, 1e-5);
  EXPECT_NEAR(tip[1], 1.0 + 3.0 * 0.670320, 1e-5);
  const auto two = hand.logits("knn", {{"k", 2LL}, {"vote", std::string("exponential")}, {"temperature", 0.5}});
  EXPECT_NEAR(two[0], std::exp(1.8), 1e-5);
  EXPECT_NEAR(two[1], std::exp(1.6), 1e-5);
  EXPECT_EQ(hand.logits("knn", {{"k", 3LL}, {"vote", std::string("plurality")}}), (std::vector<float>{2.f, 1.f}));
  EXPECT_EQ(hand.logits("prototype", {}), (std::vector<float>{0.75f, 0.8f}));
  // |(mu + w) / 2|^2 = (1 + mu.w) / 2: 0.8 and 0.5.
  const auto blended = hand.logits("prototype", {{"text_weight", 0.5}});
  EXPECT_NEAR(blended[0], 0.5 * 0.95 / std::sqrt(0.8), 1e-6);
  EXPECT_NEAR(blended[1], 0.5 * 0.9 / std::sqrt(0.5), 1e-6);
  EXPECT_NEAR(hand.logits("zero-shot", {})[0], 2.f, 1e-6);
}

TEST(Affinity, BadTasksAreRefused) {
  ByHand hand;
  const auto refusal = [&](const char* id, const AffinityTask& task) {
    return test::messageOf(adapt::fitAffinity(**adapt::find(id), task, {}));
  };
  EXPECT_NE(refusal("gda", hand.task()).find("Adapter 'gda'"), std::string::npos);
  AffinityTask task = hand.task();
  task.classes = 3;
  EXPECT_NE(refusal("knn", task).find("Class 2 has no support picture"), std::string::npos);
  task = hand.task();
  task.prototypeText = {};
  EXPECT_NE(refusal("tip-adapter", task).find("needs a text vector"), std::string::npos);
  EXPECT_NE(refusal("tip-adapter-x", hand.task()).find("searches its settings"), std::string::npos);
  task = hand.task();
  const std::vector<int> one{1};
  task.validationLabels = one;
  EXPECT_NE(refusal("tip-adapter-x", task).find("The support affinities are 0 x 0, but must be 1 x 3"),
            std::string::npos);
  task.validation = hand.queries();
  hand.support[1] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_NE(refusal("tip-adapter-x", task).find("not a finite number"), std::string::npos);
}

}  // namespace
}  // namespace lix::study
