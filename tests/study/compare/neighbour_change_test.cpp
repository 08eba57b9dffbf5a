// Nearest pictures of two models: by hand, counted another way, and under rotations.
#include "study/compare/neighbour_change.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/random.h"

namespace lix::study {
namespace {

struct Rows {
  std::vector<float> values;
  std::size_t rows = 0, columns = 0;
  adapt::Matrix view() const { return {values, rows, columns}; }
};

/// Unit vectors of the plane at these angles in degrees.
Rows atAngles(const std::vector<double>& degrees) {
  Rows made{{}, degrees.size(), 2};
  for (const double one : degrees) {
    const double radians = one * 3.14159265358979323846 / 180.0;
    made.values.push_back(float(std::cos(radians)));
    made.values.push_back(float(std::sin(radians)));
  }
  return made;
}

Rows drawn(std::size_t rows, std::size_t columns, std::uint64_t seed) {
  Rows made{{}, rows, columns};
  Random random(seed, 3);
  for (std::size_t i = 0; i < rows; ++i) {
    double square = 0.0;
    std::vector<double> row(columns);
    for (double& value : row) {
      value = random.normal();
      square += value * value;
    }
    for (const double value : row) {
      made.values.push_back(float(value / std::sqrt(square)));
    }
  }
  return made;
}

std::vector<std::size_t> rowsOf(const std::vector<NearPicture>& list) {
  std::vector<std::size_t> rows;
  for (const NearPicture& one : list) {
    rows.push_back(one.row);
  }
  return rows;
}

TEST(NeighbourChange, ByHandInThePlane) {
  const Rows first = atAngles({0, 10, 25, 60, 120}), second = atAngles({0, 90, 20, 5, 180});
  const auto found = neighboursOf(first.view(), second.view(), 0, 2);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(rowsOf(found->first), (std::vector<std::size_t>{1, 2}));
  EXPECT_EQ(rowsOf(found->second), (std::vector<std::size_t>{3, 2}));
  EXPECT_NEAR(found->first[0].cosine, std::cos(10 * 3.14159265 / 180), 1e-6);
  EXPECT_EQ(found->left, (std::vector<bool>{true, false}));
  EXPECT_EQ(found->entered, (std::vector<bool>{true, false}));
  EXPECT_DOUBLE_EQ(found->overlap, 0.5);
  // By angle 10 < 25 < 60 < 120 and 90, 20, 5, 180: of the 6 pairs (1,2) (1,3) (2,3) are turned around.
  ASSERT_TRUE(found->rankCorrelation);
  EXPECT_NEAR(*found->rankCorrelation, 0.0, 1e-12);
  const auto same = neighboursOf(first.view(), first.view(), 3, 3);
  EXPECT_DOUBLE_EQ(same->overlap, 1.0);
  EXPECT_DOUBLE_EQ(*same->rankCorrelation, 1.0);
}

TEST(NeighbourChange, TheWholeSetCountedAnotherWay) {
  const Rows first = drawn(60, 7, 1), second = drawn(60, 11, 2);
  const auto found = neighbourOverlap(first.view(), second.view(), 5);
  ASSERT_TRUE(found);
  double sum = 0.0;
  for (std::size_t row = 0; row < 60; ++row) {
    const auto listOf = [row](const Rows& rows) {
      std::vector<std::pair<double, std::size_t>> order;
      for (std::size_t j = 0; j < rows.rows; ++j) {
        double product = 0.0;
        for (std::size_t d = 0; d < rows.columns; ++d) {
          product += double(rows.values[row * rows.columns + d]) * double(rows.values[j * rows.columns + d]);
        }
        if (j != row) {
          order.emplace_back(-product, j);
        }
      }
      std::ranges::sort(order);
      std::set<std::size_t> near;
      for (int i = 0; i < 5; ++i) {
        near.insert(order[std::size_t(i)].second);
      }
      return near;
    };
    const auto a = listOf(first), b = listOf(second);
    std::vector<std::size_t> both;
    std::ranges::set_intersection(a, b, std::back_inserter(both));
    EXPECT_DOUBLE_EQ(found->of[row], double(both.size()) / 5.0) << row;
    sum += double(both.size()) / 5.0;
  }
  EXPECT_NEAR(found->mean, sum / 60.0, 1e-12);
  EXPECT_NEAR(found->chance, 5.0 / 59.0, 1e-12);
}

TEST(NeighbourChange, RotationsChangeNothing) {
  const Rows first = drawn(40, 6, 5);
  Rows turned = first;
  for (std::size_t i = 0; i < first.rows; ++i) {  // of the planes of dimensions (0, 3) and (1, 5), and a mirror of 2
    for (const auto& [p, q, angle] : {std::tuple(0, 3, 0.7), {1, 5, -1.9}}) {
      float& x = turned.values[i * 6 + std::size_t(p)];
      float& y = turned.values[i * 6 + std::size_t(q)];
      const double a = x, b = y;
      x = float(std::cos(angle) * a - std::sin(angle) * b);
      y = float(std::sin(angle) * a + std::cos(angle) * b);
    }
    turned.values[i * 6 + 2] *= -1.0F;
  }
  const auto whole = neighbourOverlap(first.view(), turned.view(), 4);
  ASSERT_TRUE(whole);
  EXPECT_DOUBLE_EQ(whole->mean, 1.0);
  EXPECT_GT(*neighboursOf(first.view(), turned.view(), 7, 4)->rankCorrelation, 0.99);
}

TEST(NeighbourChange, WhatCannotBeComparedIsASentence) {
  const Rows first = drawn(10, 3, 1), fewer = drawn(9, 3, 1);
  for (const auto& found : {neighboursOf(first.view(), fewer.view(), 0, 2), neighboursOf(first.view(), first.view(), 0, 10),
                            neighboursOf(first.view(), first.view(), 10, 2), neighboursOf(first.view(), first.view(), 0, 0)}) {
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().message.back(), '.') << found.error().message;
  }
  Rows broken = first;
  broken.values[4] = NAN;
  EXPECT_FALSE(neighbourOverlap(broken.view(), first.view(), 2));
  std::stop_source stop;
  stop.request_stop();
  const auto stopped = neighbourOverlap(first.view(), first.view(), 2, stop.get_token());
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::Cancelled);
}

}  // namespace
}  // namespace lix::study
