#include "study/explore/projection.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "made_rows.h"

namespace lix::study {
namespace {

TEST(Projection, ByHand) {
  // Four points about the mean (2, 1, 5): +-3 along x (variance 4.5), +-1 along y (0.5), none along z.
  const HalfRows rows = halves({5.f, 1.f, 5.f, -1.f, 1.f, 5.f, 2.f, 2.f, 5.f, 2.f, 0.f, 5.f}, 3);
  const auto plane = principalPlane(rows);
  LIX_ASSERT_OK(plane);
  EXPECT_NEAR(plane->share[0], 0.9, 1e-12);
  EXPECT_NEAR(plane->share[1], 0.1, 1e-12);
  const std::vector<float> wanted{3.f, 0.f, -3.f, 0.f, 0.f, 1.f, 0.f, -1.f};
  ASSERT_EQ(plane->points.size(), wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    EXPECT_NEAR(plane->points[i], wanted[i], 1e-5) << i;
  }
  EXPECT_NEAR(plane->directions[0], 1.0, 1e-9) << "of both directions the one with a positive entry";
}

TEST(Projection, VariancesAreThoseOfPowerIteration) {
  const std::size_t width = 24, count = 300;
  const HalfRows rows = halves(madeRows(count, width, 5, 11), width);
  const auto plane = principalPlane(rows);
  LIX_ASSERT_OK(plane);
  const std::vector<float> all = floats(rows);
  std::vector<double> mean(width, 0.0), centred(all.begin(), all.end());
  for (std::size_t i = 0; i < all.size(); ++i) {
    mean[i % width] += all[i] / double(count);
  }
  double total = 0.0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    centred[i] -= mean[i % width];
    total += centred[i] * centred[i];
  }
  for (std::size_t axis = 0; axis < 2; ++axis) {  // deflation: the axis before is taken out of the rows
    std::vector<double> direction(width, 1.0);
    double value = 0.0;
    for (int step = 0; step < 5000; ++step) {
      std::vector<double> next(width, 0.0);
      for (std::size_t i = 0; i < count; ++i) {
        const double product = std::inner_product(direction.begin(), direction.end(), centred.begin() + std::ptrdiff_t(i * width), 0.0);
        for (std::size_t d = 0; d < width; ++d) {
          next[d] += product * centred[i * width + d];
        }
      }
      value = std::sqrt(std::inner_product(next.begin(), next.end(), next.begin(), 0.0));
      std::ranges::transform(next, direction.begin(), [&](double x) { return x / value; });
    }
    EXPECT_NEAR(plane->share[axis], value / total, 1e-9);
    double points = 0.0;
    for (std::size_t i = 0; i < count; ++i) {
      points += double(plane->points[2 * i + axis]) * plane->points[2 * i + axis];
      const double product = std::inner_product(direction.begin(), direction.end(), centred.begin() + std::ptrdiff_t(i * width), 0.0);
      for (std::size_t d = 0; d < width; ++d) {
        centred[i * width + d] -= product * direction[d];
      }
    }
    EXPECT_NEAR(points / total, value / total, 1e-5) << "the points vary as much as is said";
  }
}

TEST(Projection, DistancesAreTheSameAfterARotation) {
  // Rounded to halves, so that the rotation is one that halves hold exactly: a permutation with signs.
  const std::size_t width = 16, count = 200;
  const std::vector<float> values = madeRows(count, width, 4, 5);
  std::vector<float> turned(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t d = i % width;
    turned[i - d + (d * 7 + 3) % width] = d % 3 == 0 ? -values[i] : values[i];
  }
  const auto one = principalPlane(halves(values, width)), other = principalPlane(halves(turned, width));
  LIX_ASSERT_OK(one);
  LIX_ASSERT_OK(other);
  EXPECT_NEAR(one->share[0], other->share[0], 1e-12);
  EXPECT_NEAR(one->share[1], other->share[1], 1e-12);
  for (std::size_t i = 1; i < count; ++i) {
    const auto distance = [&](const Projection& plane) {
      return std::hypot(plane.points[2 * i] - plane.points[0], plane.points[2 * i + 1] - plane.points[1]);
    };
    EXPECT_NEAR(distance(*one), distance(*other), 1e-5);
  }
}

TEST(Projection, ThePointsFollowTheOrderOfTheRows) {
  const std::size_t width = 16, count = 5000;  // more than one block
  const std::vector<float> values = madeRows(count, width, 6, 7);
  std::vector<float> reversed;
  for (std::size_t i = count; i-- > 0;) {
    reversed.insert(reversed.end(), values.begin() + std::ptrdiff_t(i * width), values.begin() + std::ptrdiff_t((i + 1) * width));
  }
  const auto one = principalPlane(halves(values, width)), other = principalPlane(halves(reversed, width));
  LIX_ASSERT_OK(one);
  LIX_ASSERT_OK(other);
  for (std::size_t i = 0; i < count; ++i) {
    EXPECT_NEAR(one->points[2 * i], other->points[2 * (count - 1 - i)], 1e-5);
    EXPECT_NEAR(one->points[2 * i + 1], other->points[2 * (count - 1 - i) + 1], 1e-5);
  }
}

TEST(Projection, WhatHasNoMapIsRefused) {
  EXPECT_FALSE(principalPlane(halves({1.f, 0.f}, 2)));
  EXPECT_FALSE(principalPlane(halves({1.f, 1.f, 1.f}, 1)));
  const auto same = principalPlane(halves({0.6f, 0.8f, 0.6f, 0.8f, 0.6f, 0.8f}, 2));
  EXPECT_NE(test::messageOf(same).find("same vector"), std::string::npos) << test::messageOf(same);
  const auto stopped = principalPlane(halves(madeRows(10, 4, 2, 1), 4), [](auto, auto, auto) { return false; });
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::Cancelled);
}

}  // namespace
}  // namespace lix::study
