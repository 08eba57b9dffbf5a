// What shots are worth, and the calls that measure.
#include <gtest/gtest.h>

#include "curves_rows.h"
#include "pages/curves/commands.h"
#include "pages/curves/figure_maker.h"
#include "pages/curves/reach.h"

namespace lix::app {
namespace {
using testing_support::measured;

figures::CurveSeries line(std::vector<std::pair<double, double>> points) {
  figures::CurveSeries series{.label = "line", .group = "", .points = {}};
  for (const auto& [x, y] : points) {
    series.points.push_back({.x = x, .mean = y});
  }
  return series;
}

TEST(Reach, IsReadOffBetweenPointsOverTheLogarithmOfShots) {
  const auto better = line({{0, 0.1}, {1, 0.4}, {8, 0.6}});
  const auto worse = line({{0, 0.9}, {1, 0.2}, {4, 0.4}, {16, 0.8}});
  const auto answer = shotsToReach(better, 8, worse);  // half way from 4 to 16 in log2: 8
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->kind, ReachAnswer::Kind::Reached);
  EXPECT_NEAR(answer->shots, 8.0, 1e-9);
  EXPECT_NEAR(answer->accuracy, 0.6, 1e-12);
  EXPECT_NEAR(shotsToReach(better, 1, worse)->shots, 4.0, 1e-9);
}

TEST(Reach, SaysItsLimits) {
  const auto better = line({{1, 0.5}, {8, 0.95}});
  const auto worse = line({{1, 0.2}, {16, 0.8}});
  const auto never = shotsToReach(better, 8, worse);
  ASSERT_TRUE(never);
  EXPECT_EQ(never->kind, ReachAnswer::Kind::NotReached);
  EXPECT_EQ(never->shots, 16.0);
  EXPECT_EQ(shotsToReach(worse, 1, better)->kind, ReachAnswer::Kind::AtFirst);
  EXPECT_FALSE(shotsToReach(better, 2, worse)) << "not measured at 2 shots";
  EXPECT_FALSE(shotsToReach(better, 8, line({{0, 0.5}}))) << "zero-shot alone is no curve";
  EXPECT_NE(sentenceOf(*never, "A", 8, "B").find("does not reach that with up to 16 shots"), std::string::npos);
}

TEST(Commands, ShotsAreReadFromText) {
  EXPECT_EQ(shotsFrom("4, 1 2,,2"), (std::vector<int>{1, 2, 4}));
  for (const char* wrong : {"", "1, two", "0", "-3", "5000", "1.5"}) {
    EXPECT_TRUE(shotsFrom(wrong).empty()) << wrong;
  }
}

TEST(Commands, MeasureAPointAgain) {
  const std::vector<store::EvaluationRow> rows{measured("My model", "knn:k=5", 4, 7'000'002, 0.5),
                                               measured("My model", "knn:k=5", 4, 7'000'000, 0.6)};
  const auto points = store::curvePoints(rows);
  ASSERT_EQ(points.size(), 1u);
  const auto calls = againArguments(points[0]);
  ASSERT_EQ(calls.size(), 1u);
  EXPECT_EQ(shellLine(calls[0]),
            "lixp eval few-shot '/models/My model' --data emoji --labels group --split test --templates plain --label "
            "'My model' --pool train --shots 4 --draws 3 --seed 7 --adapters knn:k=5");
  EXPECT_EQ(shellLine({"it's"}), "lixp 'it'\\''s'");
}

TEST(Again, SaysWhetherTheSameCameOut) {
  const auto row = [](long long id, long long draw, double value) {
    store::EvaluationRow one;
    one.id = id;
    one.checkpoint = "/models/a";
    one.modelSeed = 1;
    one.supportSeed = draw;
    one.value = value;
    return one;
  };
  store::CurvePoint before, after;
  before.rows = {row(1, 0, 0.5), row(2, 1, 0.25)};
  after.rows = before.rows;
  EXPECT_EQ(comparedAgain(before, after).measured, 0u);
  EXPECT_EQ(comparedAgain(before, after).sentence, "");
  after.rows = {row(3, 0, 0.5), row(4, 1, 0.25 + 1e-7)};
  Again again = comparedAgain(before, after);
  EXPECT_EQ(again.measured, 2u);
  EXPECT_EQ(again.differing, 0u);
  EXPECT_EQ(again.sentence, "Measured again: 2 measurements, the same to the sixth digit.");
  after.rows = {row(3, 0, 0.5), row(4, 1, 0.3)};
  again = comparedAgain(before, after);
  EXPECT_EQ(again.differing, 1u);
  EXPECT_EQ(again.sentence, "Measured again: 1 of 2 measurements differs; draw 1 was 25.000 %, is 30.000 %.");
  after.rows[0].modelSeed = 2;  // another model's
  EXPECT_EQ(comparedAgain(before, after).measured, 1u);
}

TEST(FigureMaker, CallsMeasureWhatAFigureNeeds) {
  const auto calls = [](const char* kind) { return makingCalls(**findFigureKind(kind), {"/models/a b", "/models/c"}, "emoji"); };
  EXPECT_EQ(calls("retrieval"), (std::vector<QStringList>{{"eval", "retrieval", "/models/a b", "--data", "emoji"},
                                                          {"eval", "retrieval", "/models/c", "--data", "emoji"}}));
  const auto costs = calls("cost-flops");
  ASSERT_EQ(costs.size(), 4u) << "costs, and the accuracy that stands over them";
  EXPECT_EQ(costs[0], (QStringList{"eval", "cost", "/models/a b"}));
  EXPECT_EQ(costs[1], (QStringList{"eval", "zero-shot", "/models/a b", "--data", "emoji"}));
  EXPECT_EQ(calls("datasets").size(), 2u);
  EXPECT_TRUE(calls("temperatures").empty()) << "needs a training";
  EXPECT_TRUE(calls("domains").empty()) << "needs a second dataset";
}

TEST(Again, PointsAreTheSameWhereNothingButSeedsAndValuesDiffers) {
  store::EvaluationRow a{.kind = "few-shot", .checkpointLabel = "A", .dataset = "emoji", .adapter = "knn", .shots = 4};
  store::EvaluationRow b = a;
  b.supportSeed = 3;
  b.value = 0.7;
  EXPECT_TRUE(samePoint(a, b));
  b.shots = 8;
  EXPECT_FALSE(samePoint(a, b));
}

}  // namespace
}  // namespace lix::app
