#include "study/support/moved_by.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/support.h"

namespace lix::study {
namespace {

/// Two pictures of class 0, one of class 1, in a plane.
struct Plane {
  std::vector<float> support{1.f, 0.f, 0.8f, 0.6f, 0.f, 1.f};
  std::vector<int> labels{0, 0, 1};
  std::vector<float> queries{1.f, 0.f, 0.f, 1.f};

  adapt::Task task() const { return {.support = {{support, 3, 2}, labels}, .classes = 2}; }
  adapt::Matrix asked() const { return {queries, 2, 2}; }
};

TEST(MovedBy, ByHandWithPrototypes) {
  const Plane plane;
  const auto moved = movedBy(**adapt::find("prototype"), {}, plane.task(), plane.asked(), 3);
  LIX_ASSERT_OK(moved);
  ASSERT_EQ(moved->size(), 2u);
  // Query (1, 0): both together the mean norm(1.8, 0.6), so a lead of 3 / sqrt(10); without the first 0.8, without the
  // second 1. The only picture of class 1 is not left out.
  const double whole = 3.0 / std::sqrt(10.0);
  ASSERT_EQ((*moved)[0].size(), 2u);
  EXPECT_EQ((*moved)[0][0].support, 0u);
  EXPECT_NEAR((*moved)[0][0].change, whole - 0.8, 1e-6);
  EXPECT_EQ((*moved)[0][1].support, 1u);
  EXPECT_NEAR((*moved)[0][1].change, whole - 1.0, 1e-6);
  // Query (0, 1) is of class 1 by 1 - 1 / sqrt(10): without the first 1 - 0.6, without the second 1 - 0.
  const double other = 1.0 - 1.0 / std::sqrt(10.0);
  EXPECT_EQ((*moved)[1][0].support, 1u);
  EXPECT_NEAR((*moved)[1][0].change, other - 1.0, 1e-6);
  EXPECT_NEAR((*moved)[1][1].change, other - 0.4, 1e-6);
}

TEST(MovedBy, KeepsTheStrongestAndPassesRefusalsOn) {
  const Plane plane;
  const auto one = movedBy(**adapt::find("prototype"), {}, plane.task(), plane.asked(), 1);
  LIX_ASSERT_OK(one);
  EXPECT_EQ((*one)[0].size(), 1u);
  EXPECT_EQ((*one)[0][0].support, 0u);
  EXPECT_TRUE(movedBy(**adapt::find("prototype"), {}, plane.task(), plane.asked(), 0)->front().empty());
  EXPECT_FALSE(movedBy(**adapt::find("tip-adapter"), {}, plane.task(), plane.asked(), 1)) << "it needs text vectors";
}

}  // namespace
}  // namespace lix::study
