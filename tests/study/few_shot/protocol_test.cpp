// What a few-shot evaluation keeps of each point beside its accuracy, and what it does where pictures are few.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <set>

#include "few_shot_world.h"
#include "study/few_shot/draw.h"
#include "study/metrics/bootstrap.h"
#include "support/support.h"

namespace lix::study {
namespace {

std::string refusal(const FewShotData& data, const FewShotSettings& settings) {
  return test::messageOf(evaluateFewShot(data, settings));
}

bool isRight(const FewShotPoint& point, std::size_t query) { return point.outcomes[query / 64] >> (query % 64) & 1; }

TEST(Outcomes, AreOneBitAQueryInTheirOrder) {
  World world({12, 3, 12, 12}, 30, 0.6);
  const auto result = evaluateFewShot(
      world.data(),
      {.shots = {1, 4}, .draws = 2, .adapters = {{.id = "prototype"}}, .keep = FewShotSettings::Keep::Predictions});
  LIX_ASSERT_OK(result);
  for (const FewShotPoint& point : result->points) {
    ASSERT_EQ(point.queryRows->size(), point.querySize);
    ASSERT_EQ(point.outcomes.size(), (point.querySize + 63) / 64);
    std::size_t right = 0;
    for (std::size_t q = 0; q < point.querySize; ++q) {
      EXPECT_EQ(point.predictions[q].queryRow, (*point.queryRows)[q]);
      EXPECT_EQ(isRight(point, q), point.predictions[q].predicted == world.queryLabels[(*point.queryRows)[q]]);
      right += isRight(point, q) ? 1 : 0;
    }
    EXPECT_DOUBLE_EQ(point.accuracy, static_cast<double>(right) / static_cast<double>(point.querySize));
    EXPECT_GE(point.secondsFit, 0.0);
    EXPECT_GT(point.secondsQuery, 0.0);
  }
  EXPECT_EQ(result->points.back().querySize, 90u) << "class 1 does not reach four shots";
}

TEST(Outcomes, ZeroShotIsTheSameOnTheSameClasses) {
  const World world({12, 12, 12}, 20, 0.6);
  const auto result = evaluateFewShot(world.data(), {.shots = {1, 2}, .draws = 1});
  LIX_ASSERT_OK(result);
  ASSERT_EQ(result->points.size(), 3u);
  for (const FewShotPoint& point : result->points) {
    EXPECT_EQ(point.adapter, "zero-shot");
    EXPECT_EQ(point.outcomes, result->points[0].outcomes);
  }
  EXPECT_EQ(result->points[2].shots, 2u);
}

TEST(Replacement, TakesRowsAgainOnlyWhereThereAreTooFew) {
  std::vector<int> labels(20, 0);
  labels.insert(labels.end(), 5, 1);
  labels.push_back(2);
  const std::vector<std::size_t> classes{0, 1, 2};
  const Draw drawn = drawSupport(labels, classes, 8, 3, 0, Replace::WhereTooFew);
  ASSERT_EQ(drawn.support.size(), 24u);
  const auto different = [&](std::size_t c) {
    return std::set<std::uint32_t>(drawn.support.begin() + std::ptrdiff_t(8 * c),
                                   drawn.support.begin() + std::ptrdiff_t(8 * c + 8))
        .size();
  };
  EXPECT_EQ(different(0), 8u) << "enough rows: none twice";
  EXPECT_LE(different(1), 3u);
  EXPECT_EQ(different(2), 1u);
  EXPECT_EQ(drawn.validation.size(), 4u + 2u + 0u) << "at most half of a class that has too few";
  const std::set<std::uint32_t> support(drawn.support.begin(), drawn.support.end());
  EXPECT_TRUE(std::ranges::none_of(drawn.validation, [&](std::uint32_t row) { return support.contains(row); }));
  EXPECT_EQ(drawSupport(labels, std::vector<std::size_t>{0}, 8, 3, 0, Replace::WhereTooFew).support,
            drawSupport(labels, std::vector<std::size_t>{0}, 8, 3, 0).support);
  // Seven rows hold four shots and three to search on.
  const std::vector<int> seven(7, 0);
  const Draw without = drawSupport(seven, std::vector<std::size_t>{0}, 4, 3, 0, Replace::WhereTooFew);
  EXPECT_EQ(std::set<std::uint32_t>(without.support.begin(), without.support.end()).size(), 4u);
  EXPECT_EQ(without.validation.size(), 3u);
}

TEST(Replacement, IsOnlyDoneWhenAsked) {
  const World world({12, 12, 3, 0}, 10, 0.05);
  FewShotSettings settings{.shots = {8}, .draws = 1, .adapters = {{.id = "prototype"}}};
  const auto without = evaluateFewShot(world.data(), settings);
  LIX_ASSERT_OK(without);
  EXPECT_EQ(without->reach[0].classes.size(), 2u);
  EXPECT_NE(without->notes[0].find("without 'class 2' (3), 'class 3' (0)"), std::string::npos) << without->notes[0];
  settings.replace = Replace::WhereTooFew;
  const auto with = evaluateFewShot(world.data(), settings);
  LIX_ASSERT_OK(with);
  EXPECT_EQ(with->reach[0].classes, (std::vector<std::size_t>{0, 1, 2})) << "a class without pictures stays out";
  EXPECT_NE(with->notes[1].find("drawn with replacement, having fewer pool pictures: 'class 2' (3)"), std::string::npos)
      << with->notes[1];
  EXPECT_EQ(with->points.back().supportSize, 24u);
}

TEST(Search, KeepsItsFixedSettingsWhereValidationIsTooSmall) {
  const World world({1, 1, 1}, 10, 0.05);
  const auto result = evaluateFewShot(
      world.data(), {.shots = {2}, .draws = 1, .adapters = {{.id = "tip-adapter-x"}}, .replace = Replace::WhereTooFew});
  LIX_ASSERT_OK(result);
  const FewShotPoint& point = result->points.back();
  EXPECT_EQ(point.adapter, "tip-adapter-x");
  EXPECT_EQ(point.validationSize, 0u);
  EXPECT_EQ(std::get<double>(point.settings.at("alpha")), 1.17);
  EXPECT_NE(result->notes.back().find("2 shots, tip-adapter-x: fixed settings: there are no validation pictures."),
            std::string::npos)
      << result->notes.back();
}

TEST(Names, OfTwoClassesMustDiffer) {
  World world({9, 9, 9}, 3, 0.05);
  world.names[2] = world.names[0];
  const FewShotSettings settings{.shots = {1}, .adapters = {{.id = "prototype"}}};
  EXPECT_NE(refusal(world.data(), settings).find("Two classes are called 'class 0'"), std::string::npos);
  world.text.clear();
  EXPECT_EQ(refusal(world.data(), settings), "") << "without texts their names do not matter";
}

TEST(Names, AreGivenOfTheClassesThatHaveTooFew) {
  const World world({6, 7, 5}, 3, 0.05);
  const std::string message = refusal(world.data(), {.shots = {16}, .adapters = {{.id = "prototype"}}});
  EXPECT_NE(message.find("not 'class 0' (6), 'class 1' (7), 'class 2' (5); ask for at most 3"), std::string::npos)
      << message;
}

}  // namespace
}  // namespace lix::study
