#include "study/explore/neighbour_graph.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "made_rows.h"
#include "study/explore/groups.h"

namespace lix::study {
namespace {

TEST(NeighbourGraph, ByHand) {
  // Cosines: 0-1 0.8, 0-2 0, 0-3 1, 1-2 0.6, 1-3 0.8, 2-3 0. Row 3 is row 0.
  const auto graph = neighbourGraph(halves({1.f, 0.f, 0.8f, 0.6f, 0.f, 1.f, 1.f, 0.f}, 2), 2);
  LIX_ASSERT_OK(graph);
  EXPECT_EQ(graph->size(), 4u);
  EXPECT_EQ(graph->rows, (std::vector<std::uint32_t>{3, 1, 0, 3, 1, 0, 0, 1}));
  EXPECT_NEAR(graph->cosinesOf(0)[0], 1.f, 1e-6);
  EXPECT_NEAR(graph->cosinesOf(0)[1], 0.8f, 1e-3);
  EXPECT_NEAR(graph->cosinesOf(2)[0], 0.6f, 1e-3);
}

TEST(NeighbourGraph, AsPlainLoopsOverSeveralBlocks) {
  const std::size_t count = 9000, width = 8, k = 5;  // more than one block of those that look
  const HalfRows rows = halves(madeRows(count, width, 30, 2), width);
  const auto graph = neighbourGraph(rows, k);
  LIX_ASSERT_OK(graph);
  const std::vector<float> all = floats(rows);
  for (std::size_t row = 0; row < count; row += 701) {
    std::vector<double> cosines;
    for (std::size_t other = 0; other < count; ++other) {
      double sum = 0.0;
      for (std::size_t d = 0; d < width; ++d) {
        sum += double(all[row * width + d]) * all[other * width + d];
      }
      if (other != row) {
        cosines.push_back(sum);
      }
    }
    std::ranges::sort(cosines, std::greater());
    for (std::size_t i = 0; i < k; ++i) {
      EXPECT_NEAR(graph->cosinesOf(row)[i], std::min(cosines[i], 1.0), 1e-5);
      EXPECT_NE(graph->rowsOf(row)[i], row);
    }
  }
}

TEST(NeighbourGraph, ARowIsNotItsOwnNeighbourAmongMoreEqualsThanAreKept) {
  std::vector<float> values;
  for (int i = 0; i < 10; ++i) {
    values.insert(values.end(), {0.6f, 0.8f});
  }
  const auto graph = neighbourGraph(halves(values, 2), 3);
  LIX_ASSERT_OK(graph);
  for (std::uint32_t row = 0; row < 10; ++row) {
    EXPECT_EQ(std::ranges::count(graph->rowsOf(row), row), 0);
  }
  EXPECT_EQ(nearGroups(*graph, 0.99f).size(), 1u) << "all ten";
  EXPECT_EQ(nearGroups(*graph, 0.99f).front().size(), 10u);
}

TEST(NeighbourGraph, TooFewRowsAndStopping) {
  EXPECT_FALSE(neighbourGraph(halves({1.f, 0.f}, 2), 3));
  EXPECT_EQ(neighbourGraph(halves({1.f, 0.f, 0.f, 1.f}, 2), 3)->k, 1u);
  const auto stopped = neighbourGraph(halves(madeRows(10, 4, 2, 1), 4), 3, [](auto, auto, auto) { return false; });
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::Cancelled);
}

TEST(Groups, EqualOnesByHand) {
  const std::vector<std::uint64_t> hashes{7, 1, 7, 2, 1, 7, 3};
  EXPECT_EQ(equalGroups(hashes), (std::vector<Group>{{0, 2, 5}, {1, 4}}));
  EXPECT_TRUE(equalGroups({}).empty());
}

TEST(Groups, NearOnesByHand) {
  NeighbourGraph graph{.k = 1, .rows = {1, 0, 1, 4, 3, 0}, .cosines = {0.99f, 0.99f, 0.95f, 0.97f, 0.97f, 0.5f}};
  EXPECT_EQ(nearGroups(graph, 0.98f), (std::vector<Group>{{0, 1}}));
  EXPECT_EQ(nearGroups(graph, 0.96f), (std::vector<Group>{{0, 1}, {3, 4}}));
  EXPECT_EQ(nearGroups(graph, 0.95f), (std::vector<Group>{{0, 1, 2}, {3, 4}})) << "the limit itself is near";
  EXPECT_EQ(nearGroups(graph, 0.5f), (std::vector<Group>{{0, 1, 2, 5}, {3, 4}}));
  EXPECT_TRUE(nearGroups(graph, 1.f).empty());
}

TEST(Groups, CrossingOnesByHand) {
  const std::vector<Group> groups{{0, 1}, {2, 3, 4}};
  EXPECT_EQ(crossingGroups(groups, std::vector<std::uint8_t>{0, 0, 0, 2, 0}), (std::vector<Group>{{2, 3, 4}}));
  EXPECT_TRUE(crossingGroups(groups, std::vector<std::uint8_t>{1, 1, 0, 0, 0}).empty());
}

TEST(Groups, NearOnesAreThoseOfAllPairs) {
  const std::size_t count = 400, width = 12;
  const HalfRows rows = halves(madeRows(count, width, 80, 9), width);
  const std::vector<float> all = floats(rows);
  const float least = 0.8f;
  std::vector<std::size_t> name(count);
  for (std::size_t i = 0; i < count; ++i) {
    name[i] = i;
  }
  for (bool changed = true; changed;) {  // labels run over edges until nothing changes
    changed = false;
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t j = 0; j < count; ++j) {
        float sum = 0.f;
        for (std::size_t d = 0; d < width; ++d) {
          sum += all[i * width + d] * all[j * width + d];
        }
        if (i != j && sum >= least && name[j] > name[i]) {
          name[j] = name[i];
          changed = true;
        }
      }
    }
  }
  const std::vector<std::uint64_t> names(name.begin(), name.end());
  EXPECT_EQ(nearGroups(*neighbourGraph(rows, count - 1), least), equalGroups(names));
  EXPECT_FALSE(equalGroups(names).empty());
}

}  // namespace
}  // namespace lix::study
