#include "study/few_shot/few_shot.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <set>

#include "few_shot_world.h"
#include "study/few_shot/draw.h"
#include "support/support.h"

namespace lix::study {
namespace {

FewShotSettings everyAdapter() {
  FewShotSettings settings{.shots = {1, 2, 4}, .draws = 3, .seed = 7};
  for (const adapt::Adapter* adapter : adapt::table()) {
    settings.adapters.push_back({.id = adapter->id});
  }
  return settings;
}

std::string refusal(const FewShotData& data, const FewShotSettings& settings) {
  return test::messageOf(evaluateFewShot(data, settings));
}

std::vector<int> labelsOf(std::size_t classes, std::size_t each) {
  std::vector<int> labels;
  for (std::size_t i = 0; i < classes * each; ++i) {
    labels.push_back(static_cast<int>(i * 7 % classes));  // mixed up, each class equally often (7 and classes coprime)
  }
  return labels;
}

TEST(Draw, ValidationIsAtMostFour) {
  EXPECT_EQ(validationShots(1), 1u);
  EXPECT_EQ(validationShots(3), 3u);
  EXPECT_EQ(validationShots(4), 4u);
  EXPECT_EQ(validationShots(32), 4u);
}

TEST(Draw, FewerShotsAreContainedInMoreAndDisjointFromValidation) {
  const std::vector<int> labels = labelsOf(5, 20);
  const std::vector<std::size_t> all{0, 1, 2, 3, 4};
  for (std::size_t draw = 0; draw < 6; ++draw) {
    std::set<std::uint32_t> before;
    for (const std::size_t shots : {1, 2, 4, 8, 16}) {
      const Draw drawn = drawSupport(labels, all, shots, 3, draw);
      const std::set<std::uint32_t> support(drawn.support.begin(), drawn.support.end());
      const std::set<std::uint32_t> validation(drawn.validation.begin(), drawn.validation.end());
      EXPECT_EQ(support.size(), 5 * shots) << "no row twice";
      EXPECT_EQ(validation.size(), 5 * validationShots(shots));
      EXPECT_TRUE(std::ranges::includes(support, before)) << shots;
      EXPECT_TRUE(std::ranges::none_of(validation, [&](std::uint32_t row) { return support.contains(row); }));
      std::vector<std::size_t> counts(5, 0);
      for (const std::uint32_t row : drawn.support) {
        ++counts[static_cast<std::size_t>(labels[row])];
      }
      EXPECT_EQ(counts, std::vector<std::size_t>(5, shots));
      before = support;
    }
  }
}

TEST(Draw, OfAClassDoesNotDependOnTheOtherClasses) {
  const std::vector<int> labels = labelsOf(5, 20);
  const Draw all = drawSupport(labels, std::vector<std::size_t>{0, 1, 2, 3, 4}, 2, 3, 1);
  const Draw some = drawSupport(labels, std::vector<std::size_t>{3}, 8, 3, 1);
  EXPECT_EQ(some.support[0], all.support[6]);
  EXPECT_EQ(some.support[1], all.support[7]);
}

TEST(Draw, DependsOnSeedAndDrawAndNothingElse) {
  const std::vector<int> labels = labelsOf(3, 40);
  const std::vector<std::size_t> all{0, 1, 2};
  const auto support = [&](std::uint64_t seed, std::size_t draw) {
    return drawSupport(labels, all, 4, seed, draw).support;
  };
  EXPECT_EQ(support(1, 2), support(1, 2));
  EXPECT_NE(support(1, 2), support(1, 3));
  EXPECT_NE(support(1, 2), support(2, 2));
}

TEST(DrawDeathTest, TooFewRowsAreABrokenContract) {
  EXPECT_DEATH(drawSupport(labelsOf(2, 3), std::vector<std::size_t>{0, 1}, 2, 1, 1), "contract broken");
}

TEST(FewShot, SeparableClassesAreAllRight) {
  const World world({12, 12, 12, 12}, 5, 0.03);
  const auto result = evaluateFewShot(world.data(), everyAdapter());
  LIX_ASSERT_OK(result);
  EXPECT_TRUE(result->notes.empty());
  EXPECT_EQ(result->points.size(), 1u + 3u + 3u * 3u * (adapt::table().size() - 1));
  for (const FewShotPoint& point : result->points) {
    EXPECT_DOUBLE_EQ(point.accuracy, 1.0) << point.adapter << " at " << point.shots;
    EXPECT_DOUBLE_EQ(point.meanPerClassRecall, 1.0);
    EXPECT_EQ(point.classes, 4u);
    EXPECT_EQ(point.querySize, 20u);
    EXPECT_EQ(point.seed, 7u);
    const bool zeroShot = point.adapter == "zero-shot";
    EXPECT_EQ(point.supportSize, zeroShot ? 0 : 4 * point.shots);
    EXPECT_EQ(point.validationSize, zeroShot ? 0 : 4 * validationShots(point.shots));
    EXPECT_TRUE(point.settings.contains("validation_accuracy") || point.adapter != "tip-adapter-x");
  }
}

TEST(FewShot, NoiseIsAtChance) {
  World world(std::vector<std::size_t>(10, 12), 60, 1.0);
  Random random(1, 2);
  for (auto* rows : {&world.pool, &world.query, &world.text}) {  // features that know nothing of their class
    const std::size_t count = rows->size() / world.columns;
    rows->clear();
    for (std::size_t i = 0; i < count; ++i) {
      World::add(*rows, std::vector<float>(world.columns, 0.f), 1.0, random);
    }
  }
  const auto result = evaluateFewShot(world.data(), everyAdapter());
  LIX_ASSERT_OK(result);
  for (const FewShotPoint& point : result->points) {
    EXPECT_NEAR(point.accuracy, 0.1, 0.062) << point.adapter;  // 5 standard deviations of 600 guesses
  }
}

TEST(FewShot, SameSeedSameResultOtherSeedOther) {
  const World world({12, 12, 12, 12, 12, 12}, 20, 0.6);
  FewShotSettings settings = everyAdapter();
  settings.keep = FewShotSettings::Keep::Predictions;
  const auto accuracies = [&] {
    const auto result = evaluateFewShot(world.data(), settings);
    std::vector<double> out;
    for (const FewShotPoint& point : result->points) {
      out.push_back(point.accuracy);
    }
    return out;
  };
  const auto first = accuracies();
  EXPECT_EQ(first, accuracies());
  settings.seed = 8;
  EXPECT_NE(first, accuracies());
}

TEST(FewShot, PredictionsAreOfTheOriginalRowsAndClasses) {
  World world({3, 10, 10, 10}, 4, 0.03);  // class 0 does not reach 4 shots
  FewShotSettings settings{.shots = {4}, .draws = 1, .adapters = {{.id = "prototype"}}};
  settings.keep = FewShotSettings::Keep::Predictions;
  const auto result = evaluateFewShot(world.data(), settings);
  LIX_ASSERT_OK(result);
  const FewShotPoint& point = result->points.back();
  ASSERT_EQ(point.adapter, "prototype");
  ASSERT_EQ(point.predictions.size(), 12u);
  for (const FewShotPrediction& prediction : point.predictions) {
    EXPECT_EQ(prediction.predicted, world.queryLabels[prediction.queryRow]);
    EXPECT_GT(prediction.predicted, 0);
    EXPECT_GT(prediction.margin, 0.f);
  }
  settings.keep = FewShotSettings::Keep::Numbers;
  EXPECT_TRUE(evaluateFewShot(world.data(), settings)->points.back().predictions.empty());
}

TEST(FewShot, EveryShotCountHasTheClassesThatReachIt) {
  World world({1, 2, 4, 12, 20, 0}, 3, 0.05);
  world.queryLabels[4 * 3] = world.queryLabels[4 * 3 + 1] = world.queryLabels[4 * 3 + 2] = 5;  // no query of class 4
  FewShotSettings settings{.shots = {8, 1, 2, 2, 16}, .draws = 2, .adapters = {{.id = "knn"}}};
  const auto result = evaluateFewShot(world.data(), settings);
  LIX_ASSERT_OK(result);
  ASSERT_EQ(result->reach.size(), 2u) << "sorted, without repeats, and only those with two classes";
  EXPECT_EQ(result->reach[0].shots, 1u);
  EXPECT_EQ(result->reach[0].classes, (std::vector<std::size_t>{1, 2, 3}));
  EXPECT_EQ(result->reach[1].classes, (std::vector<std::size_t>{2, 3}));
  ASSERT_EQ(result->notes.size(), 4u);
  EXPECT_NE(result->notes[0].find("1 shot: 3 of 6 classes have the 2 pool pictures (1 for validation)"),
            std::string::npos);
  EXPECT_NE(result->notes[2].find("8 shots: 1 of 6 classes have the 12 pool pictures"), std::string::npos);
  EXPECT_NE(result->notes[2].find("left out"), std::string::npos);
  std::vector<std::pair<std::size_t, std::size_t>> zeroShot;
  for (const FewShotPoint& point : result->points) {
    if (point.adapter == "zero-shot") {
      zeroShot.emplace_back(point.shots, point.classes);
      EXPECT_EQ(point.querySize, point.shots == 0 ? 18u : 3 * point.classes);
    }
  }
  EXPECT_EQ(zeroShot, (std::vector<std::pair<std::size_t, std::size_t>>{{0, 5}, {1, 3}, {2, 2}}));
}

TEST(FewShot, MoreShotsThanImagesIsAnErrorThatSaysHowManyThereCouldBe) {
  const World world({6, 7, 5}, 3, 0.05);
  FewShotSettings settings{.shots = {32, 16}, .adapters = {{.id = "prototype"}}};
  const std::string message = refusal(world.data(), settings);
  EXPECT_NE(message.find("more shots than images: already 16 shots of a class needs 20 pool pictures"),
            std::string::npos)
      << message;
  EXPECT_NE(message.find("ask for at most 3, or add pictures"), std::string::npos) << message;
  settings.shots = {3};
  EXPECT_EQ(refusal(world.data(), settings), "");
  EXPECT_NE(refusal(World({1, 1}, 3, 0.05).data(), settings).find("; add pictures"), std::string::npos);
}

TEST(FewShot, OneClassIsAnError) {
  const FewShotSettings settings{.adapters = {{.id = "prototype"}}};
  EXPECT_NE(refusal(World({9}, 3, 0.05).data(), settings).find("one class only ('class 0')"), std::string::npos);
  World world({9, 9}, 3, 0.05);
  std::ranges::fill(world.queryLabels, 1);
  EXPECT_NE(refusal(world.data(), settings).find("Only 1 of 2 classes has a query picture"), std::string::npos);
  world = World({9, 9}, 0, 0.05);
  EXPECT_NE(refusal(world.data(), settings).find("The query has no pictures"), std::string::npos);
}

TEST(FewShot, SplitsThatShareAPictureAreRefused) {
  const World world({9, 9}, 3, 0.05);
  const FewShotSettings settings{.shots = {1}, .adapters = {{.id = "prototype"}}};
  FewShotData data = world.data();
  data.query = {{data.pool.features.values.first(4 * world.columns), 4, world.columns}, data.pool.labels.first(4)};
  EXPECT_NE(refusal(data, settings).find("those of the pool"), std::string::npos);
  data = world.data();
  std::vector<std::uint64_t> pool(18);
  std::iota(pool.begin(), pool.end(), 0);
  std::vector<std::uint64_t> query{100, 101, 17, 103, 0, 105};
  data.poolIds = pool;
  data.queryIds = query;
  EXPECT_NE(refusal(data, settings).find("2 query pictures are in the pool as well"), std::string::npos);
  query[2] = 102;
  query[4] = 104;
  EXPECT_EQ(refusal(data, settings), "");
  data.queryIds = {};
  EXPECT_NE(refusal(data, settings).find("one for each row of pool and query"), std::string::npos);
}

TEST(FewShot, CopiesAcrossSplitsAreNoted) {
  World world({9, 9}, 3, 0.05);
  std::ranges::copy(std::span(world.pool).first(world.columns), world.query.begin());
  const auto result = evaluateFewShot(world.data(), {.shots = {1}, .adapters = {{.id = "prototype"}}});
  LIX_ASSERT_OK(result);
  ASSERT_EQ(result->notes.size(), 1u);
  EXPECT_NE(result->notes[0].find("1 query pictures have exactly the features"), std::string::npos);
}

TEST(FewShot, WithoutTextThereIsNoZeroShot) {
  World world({9, 9}, 3, 0.05);
  world.text.clear();
  const auto result = evaluateFewShot(world.data(), {.shots = {1}, .draws = 1, .adapters = {{.id = "prototype"}}});
  LIX_ASSERT_OK(result);
  EXPECT_EQ(result->points.size(), 1u);
  EXPECT_NE(result->notes.at(0).find("no zero-shot point"), std::string::npos);
  EXPECT_NE(refusal(world.data(), {.shots = {1}, .adapters = {{.id = "tip-adapter"}}}).find("needs a text vector"),
            std::string::npos);
}

TEST(FewShot, BadSettingsAreRefusedBeforeAnyWork) {
  const World world({9, 9}, 3, 0.05);
  EXPECT_NE(refusal(world.data(), {.shots = {}}).find("shot counts must be"), std::string::npos);
  EXPECT_NE(refusal(world.data(), {.shots = {1, 0}}).find("shot counts must be"), std::string::npos);
  EXPECT_NE(refusal(world.data(), {.draws = 0}).find("number of draws is 0"), std::string::npos);
  EXPECT_NE(refusal(world.data(), {.adapters = {{.id = "nearest"}}}).find("no adapter 'nearest'"), std::string::npos);
  EXPECT_NE(refusal(world.data(), {.adapters = {{.id = "knn", .params = {{"k", 0LL}}}}}).find("must lie from"),
            std::string::npos);
  EXPECT_NE(refusal(world.data(), {.adapters = {{.id = "knn"}, {.id = "knn"}}}).find("twice under one name"),
            std::string::npos);
  EXPECT_NE(refusal(world.data(), {.adapters = {{.id = "knn", .name = "zero-shot"}}}).find("choose another name"),
            std::string::npos);
}

TEST(FewShot, BadDataIsRefused) {
  const FewShotSettings settings{.shots = {1}, .adapters = {{.id = "prototype"}}};
  World world({9, 9}, 3, 0.05);
  world.poolLabels[3] = 2;
  EXPECT_NE(refusal(world.data(), settings).find("Label 2 of pool row 3 is outside 0 to 1"), std::string::npos);
  world = World({9, 9}, 3, 0.05);
  world.query[5] = std::numeric_limits<float>::infinity();
  EXPECT_NE(refusal(world.data(), settings).find("query features hold a value in row 0"), std::string::npos);
  world = World({9, 9}, 3, 0.05);
  world.text.resize(world.columns);
  EXPECT_NE(refusal(world.data(), settings).find("1 text vectors for 2 classes"), std::string::npos);
  world = World({9, 9}, 3, 0.05);
  FewShotData data = world.data();
  std::vector<float> wide(6 * 25, 0.2f);
  data.query.features = {wide, 6, 25};
  EXPECT_NE(refusal(data, settings).find("query features have 25 values in a row but the others 24"),
            std::string::npos);
}

TEST(FewShot, TellsItsProgressAndStopsWhenAsked) {
  const World world({9, 9}, 3, 0.05);
  const FewShotSettings settings{
      .shots = {1, 2}, .draws = 3, .adapters = {{.id = "knn"}, {.id = "prototype"}, {.id = "zero-shot"}}};
  std::vector<long long> seen;
  const auto whole = evaluateFewShot(world.data(), settings, [&](std::string_view, long long done, long long total) {
    EXPECT_EQ(total, 12);
    seen.push_back(done);
    return true;
  });
  LIX_ASSERT_OK(whole);
  EXPECT_EQ(seen.size(), 12u);
  EXPECT_TRUE(std::ranges::is_sorted(seen));
  const auto stopped =
      evaluateFewShot(world.data(), settings, [](std::string_view, long long done, long long) { return done < 5; });
  ASSERT_FALSE(stopped.has_value());
  EXPECT_EQ(stopped.error().code, ErrorCode::Cancelled);
  EXPECT_NE(stopped.error().message.find("after 5 of 12"), std::string::npos);
}

TEST(FewShot, OneAdapterTwiceUnderTwoNames) {
  const World world({9, 9, 9}, 10, 0.5);
  const auto result =
      evaluateFewShot(world.data(), {.shots = {2},
                                     .draws = 4,
                                     .adapters = {{.id = "knn", .params = {{"k", 1LL}}, .name = "1-NN"},
                                                  {.id = "knn", .params = {{"k", 3LL}}, .name = "3-NN"}}});
  LIX_ASSERT_OK(result);
  const auto places = curve(*result);
  ASSERT_EQ(places.size(), 4u);
  EXPECT_EQ(places[0].adapter, "zero-shot");
  EXPECT_EQ(places[0].shots, 0u);
  EXPECT_EQ(places[0].accuracy.count, 1u);
  EXPECT_FALSE(places[0].accuracy.interval.has_value());
  EXPECT_EQ(places[2].adapter, "1-NN");
  EXPECT_EQ(places[2].accuracy.count, 4u);
  double mean = 0.0;
  for (const FewShotPoint& point : result->points) {
    mean += point.adapter == "1-NN" ? point.accuracy / 4.0 : 0.0;
  }
  EXPECT_NEAR(places[2].accuracy.mean, mean, 1e-12);
  EXPECT_TRUE(places[3].accuracy.interval.has_value());
}

}  // namespace
}  // namespace lix::study
