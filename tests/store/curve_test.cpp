#include "store/curve.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/text.h"

namespace lix::store {
namespace {

EvaluationRow row(long long id, long long seed, double value, int shots = 4) {
  return {.id = id,
          .kind = "few-shot",
          .weightsHash = "w",
          .checkpointLabel = "SigLIP",
          .dataset = "emoji",
          .modelSeed = 1,
          .supportSeed = seed,
          .adapter = "prototype",
          .shots = shots,
          .classes = 10,
          .metric = "top1",
          .value = value};
}

TEST(StudentT, EqualsTheTables) {
  // Two-sided 95 %: the table of any textbook, to the digits printed there.
  const std::pair<int, double> table[] = {{1, 12.706}, {2, 4.303},  {3, 3.182},  {4, 2.776},  {5, 2.571},
                                          {9, 2.262},  {10, 2.228}, {30, 2.042}, {120, 1.980}};
  for (const auto& [degrees, t] : table) {
    EXPECT_NEAR(studentT95(degrees), t, 5e-4) << degrees;
  }
  EXPECT_NEAR(studentT95(1), std::tan(0.475 * std::acos(-1.0)), 1e-9);  // Cauchy
  EXPECT_NEAR(studentT95(2), std::sqrt(2 * 0.9025 / 0.0975), 1e-9);     // t / sqrt(2 + t^2) = 0.95
  EXPECT_NEAR(studentT95(100'000), 1.95998, 1e-4);                      // normal
}

TEST(Curve, IntervalByHand) {
  // 0.50, 0.54, 0.58: mean 0.54, s = sqrt((0.0016 + 0 + 0.0016) / 2) = 0.04, half = 4.302653 * 0.04 / sqrt(3) =
  // 0.0993655
  const std::vector<EvaluationRow> rows = {row(1, 1, 0.50), row(2, 2, 0.54), row(3, 3, 0.58)};
  const auto points = curvePoints(rows);
  ASSERT_EQ(points.size(), 1u);
  EXPECT_EQ(points[0].n, 3);
  EXPECT_EQ(points[0].modelSeeds, 1);
  EXPECT_EQ(points[0].supportSeeds, 3);
  EXPECT_NEAR(points[0].mean, 0.54, 1e-12);
  EXPECT_NEAR(points[0].deviation.value(), 0.04, 1e-12);
  EXPECT_NEAR(points[0].halfWidth.value(), 0.0993655, 1e-6);
  EXPECT_EQ(points[0].rows.size(), 3u);
  EXPECT_EQ(points[0].of.id, 3);
}

TEST(Curve, OneMeasurementHasNoInterval) {
  const std::vector<EvaluationRow> rows = {row(1, 1, 0.5)};
  const auto points = curvePoints(rows);
  ASSERT_EQ(points.size(), 1u);
  EXPECT_EQ(points[0].mean, 0.5);
  EXPECT_FALSE(points[0].deviation);
  EXPECT_FALSE(points[0].halfWidth);
  EXPECT_TRUE(curvePoints({}).empty());
}

TEST(Curve, ARepeatedMeasurementCountsOnceTheNewest) {
  const std::vector<EvaluationRow> rows = {row(7, 1, 0.9), row(3, 1, 0.1), row(5, 2, 0.5)};
  const auto points = curvePoints(rows);
  ASSERT_EQ(points.size(), 1u);
  EXPECT_EQ(points[0].n, 2);
  EXPECT_NEAR(points[0].mean, 0.7, 1e-12);
  EXPECT_EQ(points[0].of.id, 7);
}

TEST(Curve, WhatDiffersInAnyKeyIsAnotherPoint) {
  std::vector<EvaluationRow> rows(13, row(1, 1, 0.5));
  rows[1].kind = "x";
  rows[2].checkpointLabel = "x";
  rows[3].dataset = "x";
  rows[4].split = "x";
  rows[5].labelSet = "x";
  rows[6].templates = "x";
  rows[7].adapter = "x";
  rows[8].vectors = VectorKind::Pooled;
  rows[9].metric = "x";
  rows[10].settings = "{\"x\":1}";
  rows[11].shots = 8;
  rows[12].classes = 9;
  EXPECT_EQ(curvePoints(rows).size(), 13u);
  rows = {row(1, 1, 0.5, 16), row(2, 1, 0.5, 2), row(3, 1, 0.5, 8)};
  const auto points = curvePoints(rows);
  EXPECT_EQ(points[0].of.shots, 2);
  EXPECT_EQ(points[2].of.shots, 16);
}

TEST(Curve, SeveralModelSeedsAreTheSampleNotTheirDraws) {
  std::vector<EvaluationRow> rows;
  for (long long model = 1; model <= 2; ++model) {
    for (long long support = 1; support <= 3; ++support) {  // means over draws: 0.1 and 0.2
      rows.push_back(row(10 * model + support, support,
                         0.1 * static_cast<double>(model) + 0.03 * static_cast<double>(support - 2)));
      rows.back().modelSeed = model;
      rows.back().checkpoint = cat("m", model);
      rows.back().weightsHash = cat("w", model);
    }
  }
  const auto points = curvePoints(rows);
  ASSERT_EQ(points.size(), 1u);
  EXPECT_EQ(points[0].n, 2);
  EXPECT_EQ(points[0].modelSeeds, 2);
  EXPECT_EQ(points[0].supportSeeds, 3);
  EXPECT_EQ(points[0].rows.size(), 6u);
  EXPECT_NEAR(points[0].mean, 0.15, 1e-12);
  EXPECT_NEAR(points[0].deviation.value(), 0.0707107, 1e-6);          // 0.1 / sqrt(2)
  EXPECT_NEAR(points[0].halfWidth.value(), 12.7062047 * 0.05, 1e-6);  // t(0.975, 1) s / sqrt(2)
  for (EvaluationRow& one : rows) {  // seeds unknown: the folders tell the models apart
    one.modelSeed = std::nullopt;
  }
  EXPECT_EQ(curvePoints(rows)[0].n, 2);
}

TEST(Curve, WeightsThatWereReplacedInTheirFolderNoLongerCount) {
  std::vector<EvaluationRow> rows = {row(1, 1, 0.1), row(2, 2, 0.1), row(3, 3, 0.1), row(4, 1, 0.5), row(5, 2, 0.7)};
  rows[3].weightsHash = rows[4].weightsHash = "resumed";
  const auto points = curvePoints(rows);
  ASSERT_EQ(points.size(), 1u);
  EXPECT_EQ(points[0].n, 2);
  EXPECT_NEAR(points[0].mean, 0.6, 1e-12);
  EXPECT_EQ(points[0].rows.size(), 2u);
}

TEST(Curve, CopiesOfOneModelDoNotRaiseTheCount) {
  std::vector<EvaluationRow> rows = {row(1, 1, 0.4), row(2, 2, 0.6), row(3, 1, 0.4), row(4, 2, 0.6)};
  rows[2].checkpoint = rows[3].checkpoint = "copy";
  EXPECT_EQ(curvePoints(rows)[0].n, 2);
  EXPECT_NEAR(curvePoints(rows)[0].mean, 0.5, 1e-12);
}

}  // namespace
}  // namespace lix::store
