#include "study/support/shots_curve.h"

#include <algorithm>

#include "study/support/support_surface.h"
#include "support/support.h"

namespace lix::study {
namespace {

/// Classes 0 (right) and 2 (up) with pictures, class 1 without: one picture of 2 lies with those of 0, so that a draw
/// of it alone gets both queries of class 2 wrong.
struct Plane {
  std::vector<float> support{1, 0, 0.8f, 0.6f, 0, 1, 1, 0};
  std::vector<int> labels{0, 0, 2, 2};
  std::vector<float> queries{1, 0, 1, 0, 0, 1, 0, 1, 0.6f, 0.8f};
  std::vector<int> asked{0, 0, 2, 2, -1};
  std::vector<float> text{1, 0, 0, 1, 0, 1};
  SupportTask task() const {
    return {{{support, 4, 2}, labels}, {queries, 5, 2}, asked, {text, 3, 2}, {"right", "none", "up"}};
  }
};

const ShotsCurve& curveOf(const std::vector<ShotsCurve>& curves, const std::string& id) {
  return *std::ranges::find(curves, id, &ShotsCurve::id);
}

/// Hashes of contents that fall into these halves, each another.
std::vector<std::uint64_t> hashesIn(const std::vector<QueryHalf>& halves) {
  std::vector<std::uint64_t> hashes;
  std::uint64_t next = 1;
  for (const QueryHalf half : halves) {
    while (queryHalf(next) != half) {
      ++next;
    }
    hashes.push_back(next++);
  }
  return hashes;
}

TEST(ShotsCurve, Counts) {
  EXPECT_EQ(shotCounts(1), (std::vector<std::size_t>{1}));
  EXPECT_EQ(shotCounts(4), (std::vector<std::size_t>{1, 2, 4}));
  EXPECT_EQ(shotCounts(6), (std::vector<std::size_t>{1, 2, 4, 6}));
  EXPECT_TRUE(shotCounts(0).empty());
}

TEST(ShotsCurve, ByHand) {
  const Plane plane;
  const auto curves = shotsCurves(plane.task(), {.draws = 12});
  LIX_ASSERT_OK(curves);
  const ShotsCurve& prototypes = curveOf(*curves, "prototype");
  ASSERT_EQ(prototypes.points.size(), 2u);
  EXPECT_EQ(prototypes.points[0].shots, 1u);
  ASSERT_EQ(prototypes.points[0].values.size(), 12u);
  // One shot: with (0, 1) for up all four are right. With (1, 0) for up, right is (1, 0), whose tie goes to the lower
  // class, or (0.8, 0.6), and then all four are wrong.
  for (const double value : prototypes.points[0].values) {
    EXPECT_TRUE(value == 1.0 || value == 0.5 || value == 0.0) << value;
  }
  EXPECT_LT(prototypes.points[0].summary.mean, 1.0) << "twelve draws that never meet the odd picture: 1 of 4096";
  EXPECT_GT(prototypes.points[0].summary.mean, 0.0);
  // Two shots are the whole set in every draw: the means (0.949, 0.316) and (0.707, 0.707) get all right.
  EXPECT_EQ(prototypes.points[1].shots, 2u);
  EXPECT_EQ(prototypes.points[1].summary.mean, 1.0);
  EXPECT_EQ(prototypes.points[1].values.size(), 1u) << "it is the same set in every draw";
  EXPECT_FALSE(prototypes.points[1].summary.interval) << "one set has no interval over draws";
  EXPECT_TRUE(prototypes.points[0].summary.interval);
  EXPECT_EQ(prototypes.points[1].values.front(),
            scoreSupport(plane.task(), std::vector{*adapt::find("prototype")}).front().accuracy);
  const ShotsCurve& zero = curveOf(*curves, "zero-shot");
  ASSERT_EQ(zero.points.size(), 1u);
  EXPECT_EQ(zero.points[0].shots, 0u);
  EXPECT_EQ(zero.points[0].summary.mean, 1.0);
  const auto again = shotsCurves(plane.task(), {.draws = 12});
  EXPECT_EQ(curveOf(*again, "knn").points[0].values, curveOf(*curves, "knn").points[0].values);
}

TEST(ShotsCurve, OneMorePictureLeavesTheOthersInTheirOrder) {
  const Plane plane;
  const std::vector<std::uint64_t> hashes{11, 12, 13, 14};
  SupportTask task = plane.task();
  task.supportHashes = hashes;
  const auto before = shotsCurves(task, {.draws = 12});
  LIX_ASSERT_OK(before);
  // The same pictures in another order, which is no other set.
  Plane turned;
  turned.support = {1, 0, 0, 1, 0.8f, 0.6f, 1, 0};
  turned.labels = {2, 2, 0, 0};
  const std::vector<std::uint64_t> turnedHashes{14, 13, 12, 11};
  SupportTask other = turned.task();
  other.supportHashes = turnedHashes;
  const auto after = shotsCurves(other, {.draws = 12});
  LIX_ASSERT_OK(after);
  EXPECT_EQ(curveOf(*after, "prototype").points[0].values, curveOf(*before, "prototype").points[0].values);
  // A third picture of right: it changes only the draws in which it comes first.
  Plane more = plane;
  more.support.insert(more.support.end(), {0.6f, 0.8f});
  more.labels.push_back(0);
  const std::vector<std::uint64_t> moreHashes{11, 12, 13, 14, 15};
  SupportTask larger{{{more.support, 5, 2}, more.labels}, {more.queries, 5, 2}, more.asked, {more.text, 3, 2},
                     {"right", "none", "up"}};
  larger.supportHashes = moreHashes;
  const auto grown = shotsCurves(larger, {.draws = 12});
  LIX_ASSERT_OK(grown);
  const auto& was = curveOf(*before, "prototype").points[0].values;
  const auto& is = curveOf(*grown, "prototype").points[0].values;
  std::size_t same = 0;
  for (std::size_t i = 0; i < was.size(); ++i) {
    same += was[i] == is[i] ? 1 : 0;
  }
  EXPECT_GE(same, 6u) << "two of three draws do not begin with the new one";
  EXPECT_EQ(curveOf(*grown, "prototype").points[1].values.size(), 12u) << "two of three of right are drawn";
  const std::vector<std::uint64_t> few{1, 2};
  larger.supportHashes = few;
  EXPECT_NE(test::messageOf(shotsCurves(larger)).find("one for each picture"), std::string::npos);
}

TEST(ShotsCurve, WhatCannotBeDrawnIsOneSentence) {
  Plane plane;
  plane.asked = {-1, -1, -1, -1, -1};
  EXPECT_NE(test::messageOf(shotsCurves(plane.task())).find("there are none"), std::string::npos);
  plane.asked = {0, 0, 2, 2, -1};
  SupportTask task = plane.task();
  task.text = {};
  const auto curves = shotsCurves(task);
  LIX_ASSERT_OK(curves);
  EXPECT_NE(curveOf(*curves, "tip-adapter").refusal, "");
  EXPECT_NE(curveOf(*curves, "zero-shot").refusal, "");
  EXPECT_EQ(curveOf(*curves, "knn").refusal, "");
  plane.labels = {0, 0, 0, 0};
  EXPECT_NE(test::messageOf(shotsCurves(plane.task())).find("only one has some"), std::string::npos);
  const Plane good;
  const auto cancelled = shotsCurves(good.task(), {}, [](std::string_view, long long, long long) { return false; });
  ASSERT_FALSE(cancelled);
  EXPECT_EQ(cancelled.error().code, ErrorCode::Cancelled);
}

TEST(SupportSurface, HalvesAndTheirBestByHand) {
  // Text alone puts every query at the right; only with a strong support (0, 1) for up are those of up right.
  Plane plane;
  plane.support = {1, 0, 1, 0, 0, 1, 0, 1};
  plane.text = {1, 0, 1, 0, 0.9998f, 0.02f};
  plane.queries = {1, 0, 0.8f, 0.6f, 0, 1, 0, 1, 0, 1};
  plane.asked = {0, 0, 2, 2, 2};
  SupportTask task = plane.task();
  task.logitScale = 100.f;
  using enum QueryHalf;
  const auto hashes = hashesIn({Validation, Test, Validation, Test, Validation});
  task.queryHashes = hashes;
  const auto surface = supportSurface(task, {{0.0, 1000.0}, {1.0}}, SurfaceParts::Both);
  LIX_ASSERT_OK(surface);
  EXPECT_EQ(surface->validationQueries, 3u) ;
  EXPECT_EQ(surface->testQueries, 2u);
  // Alpha 0: logits of up 100 * 0.02 against 0, so that up is right too; of (0.8, 0.6) up gains 1.2 and loses 0.016.
  EXPECT_EQ(surface->validation, (std::vector<double>{1.0, 1.0}));
  EXPECT_EQ(surface->test, (std::vector<double>{0.5, 1.0}));
  EXPECT_EQ(surface->best, 0u) << "of equal ones the first: the test half has no say";
  EXPECT_EQ(surface->bestAlpha(), 0.0);
  const auto locked = supportSurface(task, {{0.0, 1000.0}, {1.0}}, SurfaceParts::Validation);
  LIX_ASSERT_OK(locked);
  EXPECT_TRUE(locked->test.empty());
  EXPECT_EQ(locked->validation, surface->validation);
}

TEST(SupportSurface, AQueryStaysInItsHalfWhateverIsLeftOut) {
  using enum QueryHalf;
  Plane plane;
  plane.queries = {1, 0, 1, 0, 1, 0, 0, 1, 0, 1};
  plane.asked = {0, 0, 0, 2, 2};
  const auto hashes = hashesIn({Validation, Test, Validation, Test, Validation});
  SupportTask task = plane.task();
  task.queryHashes = hashes;
  const adapt::TipGrid grid{{1.0}, {1.0}};
  const auto all = supportSurface(task, grid, SurfaceParts::Both);
  LIX_ASSERT_OK(all);
  EXPECT_EQ(all->validationQueries, 3u);
  EXPECT_EQ(all->testQueries, 2u);
  plane.asked[0] = -1;  // it stands in the set now: the others of its class stay where they were
  const auto fewer = supportSurface(task, grid, SurfaceParts::Both);
  LIX_ASSERT_OK(fewer);
  EXPECT_EQ(fewer->validationQueries, 2u);
  EXPECT_EQ(fewer->testQueries, 2u);
  std::size_t test = 0;
  for (std::uint64_t hash = 0; hash < 1000; ++hash) {
    test += queryHalf(hash) == Test ? 1 : 0;
  }
  EXPECT_GT(test, 400u);
  EXPECT_LT(test, 600u);
}

TEST(SupportSurface, RefusalsAreSentences) {
  Plane plane;
  const adapt::TipGrid grid{{1.0}, {1.0}};
  EXPECT_FALSE(supportSurface(plane.task(), {{}, {1.0}}, SurfaceParts::Validation));
  SupportTask task = plane.task();
  task.text = {};
  EXPECT_NE(test::messageOf(supportSurface(task, grid, SurfaceParts::Validation)).find("text vector"),
            std::string::npos);
  using enum QueryHalf;
  task = plane.task();
  const auto noTest = hashesIn({Validation, Validation, Validation, Validation, Test});
  task.queryHashes = noTest;
  EXPECT_TRUE(supportSurface(task, grid, SurfaceParts::Validation));
  EXPECT_NE(test::messageOf(supportSurface(task, grid, SurfaceParts::Both)).find("test half"), std::string::npos);
  const auto noValidation = hashesIn({Test, Test, Test, Test, Validation});
  task.queryHashes = noValidation;
  EXPECT_NE(test::messageOf(supportSurface(task, grid, SurfaceParts::Validation)).find("validation half"),
            std::string::npos);
  plane.asked = {-1, -1, -1, -1, -1};
  EXPECT_NE(test::messageOf(supportSurface(plane.task(), grid, SurfaceParts::Validation)).find("there are none"),
            std::string::npos);
}

}  // namespace
}  // namespace lix::study
