// Class-conditioned vectors of a Llip: affinities in place of products, by hand and against the plain adapters.
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <functional>
#include <limits>
#include <thread>

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

TEST(ClassConditioned, MixesValidationOnlyForWhoSearches) {
  const World world({8, 8, 8}, 10, 0.3);
  FewShotData data = world.data();
  std::size_t mixed = 0;
  Mixed pool = oneToken(world.pool, world.columns);
  const Mixed query = oneToken(world.query, world.columns);
  pool.make = [&, plain = pool.make](std::uint32_t row, std::size_t c, std::span<float> out) {
    ++mixed;
    plain(row, c, out);
  };
  data.poolMixed = &pool;
  data.queryMixed = &query;
  FewShotSettings asked{.shots = {2}, .draws = 1, .adapters = {{.id = "prototype"}}};
  LIX_ASSERT_OK(evaluateFewShot(data, asked));
  EXPECT_EQ(mixed, 6u) << "the support, each picture for its own class";
  mixed = 0;
  asked.adapters.push_back({.id = "tip-adapter-x"});
  LIX_ASSERT_OK(evaluateFewShot(data, asked));
  EXPECT_EQ(mixed, 6u + 6u * 3u) << "and the validation for every class";
}

TEST(ClassConditioned, MixturesThatAreNotFiniteAreRefused) {
  const World world({8, 8}, 5, 0.1);
  FewShotData data = world.data();
  const Mixed good = oneToken(world.pool, world.columns), query = oneToken(world.query, world.columns);
  const auto broken = [](const Mixed& from, std::uint32_t bad) {
    return Mixed(from.count, from.width, [&from, bad](std::uint32_t row, std::size_t c, std::span<float> out) {
      from.make(row, c, out);
      out[3] = row == bad && c == 1 ? std::numeric_limits<float>::quiet_NaN() : out[3];
    });
  };
  const Mixed badQuery = broken(query, 7);
  data.poolMixed = &good;
  data.queryMixed = &badQuery;
  const FewShotSettings asked{.shots = {4}, .draws = 1, .adapters = {{.id = "knn"}}};
  const std::string message = test::messageOf(evaluateFewShot(data, asked));
  EXPECT_NE(message.find("Query picture 7, mixed for class 'class 1', holds a value"), std::string::npos) << message;
  const Mixed badPool(16, world.columns, [&](std::uint32_t, std::size_t, std::span<float> out) {
    std::ranges::fill(out, std::numeric_limits<float>::infinity());
  });
  data.poolMixed = &badPool;
  data.queryMixed = &query;
  EXPECT_NE(test::messageOf(evaluateFewShot(data, asked)).find("Pool picture "), std::string::npos);
}

TEST(ClassConditioned, SecondsGoToWhoCausedThem) {
  const World world({8, 8}, 1, 0.3);
  FewShotData data = world.data();
  const auto slow = [](const Mixed& from) {
    return Mixed(from.count, from.width, [&from](std::uint32_t row, std::size_t c, std::span<float> out) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      from.make(row, c, out);
    });
  };
  const Mixed plainPool = oneToken(world.pool, world.columns), plainQuery = oneToken(world.query, world.columns);
  const Mixed pool = slow(plainPool), query = slow(plainQuery);
  data.poolMixed = &pool;
  data.queryMixed = &query;
  const auto result =
      evaluateFewShot(data, {.shots = {4}, .draws = 1, .adapters = {{.id = "prototype"}, {.id = "tip-adapter-x"}}});
  LIX_ASSERT_OK(result);
  for (const FewShotPoint& point : result->points) {  // what was slept is the least that can have passed
    if (point.adapter == "prototype") {
      EXPECT_GE(point.secondsFit, 0.08) << "8 support pictures";
    }
    if (point.adapter == "tip-adapter-x") {
      EXPECT_GE(point.secondsFit, 0.08 + 0.16) << "and 8 validation pictures for 2 classes";
      // Of 40 ms for 2 queries and 2 classes: 8 + 2 + 2 affinities a query against 2 of zero-shot alone.
      EXPECT_GE(point.secondsQuery, 0.04 * 12.0 / 14.0);
    }
  }
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

TEST(Affinity, TheSearchIsTheFirstBestOfTheLogits) {
  // Three classes, two of whose supports lie equally near: what is counted must be the first maximum of the logits.
  const std::vector<int> labels{0, 0, 1, 2}, validationLabels{0, 1, 2, 1};
  const std::vector<float> support{0.9f, 0.2f, 0.7f, 0.7f, 0.3f, 0.4f, 0.8f, 0.6f,
                                   0.5f, 0.5f, 0.6f, 0.6f, 0.1f, 0.7f, 0.7f, 0.1f};
  const std::vector<float> text{0.2f, 0.3f, 0.3f, 0.5f, 0.4f, 0.1f, 0.4f, 0.1f, 0.3f, 0.6f, 0.2f, 0.1f};
  const Affinities known{{support, 4, 4}, {text, 4, 3}, {text, 4, 3}};
  const AffinityTask task{.labels = labels,
                          .prototypeText = std::span(text).first(3),
                          .validation = known,
                          .validationLabels = validationLabels,
                          .classes = 3,
                          .logitScale = 10.f};
  const auto searched = adapt::fitAffinity(**adapt::find("tip-adapter-x"), task,
                                           {{"alpha_scale", 20.0}, {"alpha_steps", 9LL}, {"beta_steps", 5LL}});
  LIX_ASSERT_OK(searched);
  double best = -1.0, alpha = 0.0, beta = 0.0;
  for (int b = 0; b < 5; ++b) {
    for (int a = 0; a < 9; ++a) {
      const ParamValues place{{"alpha", a * (20.0 - 0.1) / 9.0 + 0.1}, {"beta", b * (7.0 - 0.1) / 5.0 + 0.1}};
      const auto logits = (*adapt::fitAffinity(**adapt::find("tip-adapter"), task, place))->logits(known);
      double right = 0.0;
      for (std::size_t i = 0; i < 4; ++i) {
        const auto row = std::span(logits).subspan(i * 3, 3);
        right += std::ranges::max_element(row) - row.begin() == validationLabels[i] ? 0.25 : 0.0;
      }
      if (right > best) {
        best = right;
        alpha = std::get<double>(place.at("alpha"));
        beta = std::get<double>(place.at("beta"));
      }
    }
  }
  const ParamValues found = (*searched)->settings();
  EXPECT_DOUBLE_EQ(std::get<double>(found.at("validation_accuracy")), best);
  EXPECT_DOUBLE_EQ(std::get<double>(found.at("alpha")), alpha);
  EXPECT_DOUBLE_EQ(std::get<double>(found.at("beta")), beta);
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
  task = hand.task();
  std::vector<int> one{2};
  task.validationLabels = one;
  EXPECT_NE(refusal("tip-adapter-x", task).find("Label 2 of the validation is outside 0 to 1"), std::string::npos);
  one.front() = 1;
  EXPECT_NE(refusal("tip-adapter-x", task).find("The support affinities are 0 x 0, but must be 1 x 3"),
            std::string::npos);
  task.validation = hand.queries();
  hand.support[1] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_NE(refusal("tip-adapter-x", task).find("not a finite number"), std::string::npos);
}

}  // namespace
}  // namespace lix::study
