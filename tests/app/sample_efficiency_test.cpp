// "A at n shots = B at m" from points and outcomes of a workspace.
#include "shared/sample_efficiency.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace lix::app {
namespace {

/// Rows of two checkpoints on 400 queries, three draws each, with outcomes.
struct Measured {
  std::vector<store::EvaluationRow> rows;
  store::OutcomeTable outcomes;

  void add(const std::string& label, int shots, int right, int classes = 10) {
    addDraws(label, shots, {{0, right}, {1, right}, {2, right}}, classes);
  }

  void addDraws(const std::string& label, int shots, const std::map<int, int>& rightOf, int classes = 10) {
    for (const auto& [draw, right] : rightOf) {
      const long long id = static_cast<long long>(rows.size()) + 1;
      rows.push_back({.id = id,
                      .kind = "few-shot",
                      .checkpoint = "/models/" + label,
                      .weightsHash = "w",
                      .checkpointLabel = label,
                      .dataset = "emoji",
                      .supportSeed = draw,
                      .adapter = "prototype",
                      .shots = shots,
                      .classes = classes,
                      .querySize = 400,
                      .metric = "top1",
                      .value = right / 400.0});
      std::vector<int> predicted(400, 0);
      for (int q = 0; q < right; ++q) {  // the right ones of fewer shots are among those of more
        predicted[static_cast<std::size_t>(q)] = 1;
      }
      outcomes[id] = {"q", 400, study::packOutcomes(predicted, std::vector<int>(400, 1))};
    }
  }
  std::vector<store::CurvePoint> points() const { return store::curvePoints(rows, outcomes); }
};

const store::CurvePoint& at(const std::vector<store::CurvePoint>& points, const std::string& label, int shots) {
  return *std::ranges::find_if(
      points, [&](const auto& point) { return point.of.checkpointLabel == label && point.of.shots == shots; });
}

TEST(SampleEfficiencyOfPoints, SaysHowManyShotsTheOtherNeeds) {
  Measured measured;
  for (const auto& [shots, right] : {std::pair(1, 100), {2, 140}, {4, 180}, {8, 220}}) {
    measured.add("A", shots, right + 60);
    measured.add("B", shots, right);
  }
  const auto points = measured.points();
  const auto found = sampleEfficiency(at(points, "A", 2), points, "B", measured.outcomes);
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->shots, std::exp2(2.5), 1e-9) << "200 lies half way from 180 at 4 to 220 at 8";
  ASSERT_TRUE(found->interval);
  EXPECT_GT(found->interval->low, 4.0) << "paired over the queries, the interval is narrow";
  EXPECT_LT(found->interval->high, 8.0);
  EXPECT_NE(sentenceOf(*found, at(points, "A", 2), "B").find("A at 2 shots (50.0 %) = B at 5.7 shots (95 % interval"),
            std::string::npos)
      << sentenceOf(*found, at(points, "A", 2), "B");
  const auto never = sampleEfficiency(at(points, "A", 8), points, "B", measured.outcomes);
  EXPECT_TRUE(std::isinf(never->shots));
  EXPECT_NE(sentenceOf(*never, at(points, "A", 8), "B").find("= B at more than 8 shots"), std::string::npos);
  EXPECT_NE(sentenceOf(*never, at(points, "A", 8), "B").find("to more than 8)"), std::string::npos);
  const auto less = sampleEfficiency(at(points, "B", 1), points, "A", measured.outcomes);
  EXPECT_EQ(less->shots, 1.0) << "or fewer";
}

TEST(SampleEfficiencyOfPoints, PairsByTheNumbersOfTheDraws) {
  // Each draw is 40 queries better than the one before, in both; only draws 1 and 2 were made of both.
  Measured measured;
  for (const auto& [shots, right] : {std::pair(1, 100), {2, 140}, {4, 180}, {8, 220}}) {
    measured.addDraws("A", shots, {{0, right + 60}, {1, right + 100}, {2, right + 140}});
    measured.addDraws("B", shots, {{1, right + 40}, {2, right + 80}, {3, right + 120}});
  }
  const auto points = measured.points();
  const auto found = sampleEfficiency(at(points, "A", 2), points, "B", measured.outcomes);
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->shots, std::exp2(2.5), 1e-9);
  ASSERT_TRUE(found->interval);
  EXPECT_GT(found->interval->low, 4.0) << "what the draws share cancels";
  EXPECT_LT(found->interval->high, 8.0);
}

TEST(SampleEfficiencyOfPoints, ComparesTheSameTaskAlone) {
  Measured measured;
  measured.add("A", 2, 200);
  measured.add("B", 1, 100);
  measured.add("B", 4, 300, 8);  // fewer classes
  const auto points = measured.points();
  EXPECT_TRUE(std::isinf(sampleEfficiency(at(points, "A", 2), points, "B", measured.outcomes)->shots));
  EXPECT_FALSE(sampleEfficiency(at(points, "A", 2), points, "C", measured.outcomes));
  measured.outcomes.clear();
  const auto without = sampleEfficiency(at(points, "A", 2), points, "B", measured.outcomes);
  EXPECT_FALSE(without->interval);
}

}  // namespace
}  // namespace lix::app
