#include "store/metric_store.h"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>

#include "store/run_store.h"
#include "support/support.h"

namespace lix::store {
namespace {

class Metrics : public ::testing::Test {
 protected:
  test::TemporaryFolder folder_;
  Workspace workspace_ = std::move(*Workspace::open(folder_.path(), OpenMode::Create));
  MetricStore metrics_{workspace_};
  long long run_ = RunStore(workspace_).add({.recipe = "siglip"}).value().id;

  void append(const std::vector<MetricPoint>& points) { LIX_EXPECT_OK(metrics_.append(run_, points)); }
  std::size_t count(long long run, long long after = -1) const {
    std::size_t points = 0;
    const auto part = metrics_.part(run, after).value();
    for (const MetricSeries& one : part.series) {
      points += one.values.size();
    }
    return points;
  }
};

TEST_F(Metrics, SeriesComeBackByStep) {
  append({{2, "loss", 0.5}, {1, "loss", 1.5}, {1, "rate", 1e-3}});
  EXPECT_EQ(metrics_.names(run_).value(), (std::vector<std::string>{"loss", "rate"}));
  const auto loss = metrics_.series(run_, "loss");
  LIX_ASSERT_OK(loss);
  ASSERT_EQ(loss->size(), 2u);
  EXPECT_EQ((*loss)[0].value, 1.5);
  EXPECT_EQ((*loss)[1].step, 2);
  EXPECT_EQ(metrics_.series(run_, "loss", 1)->size(), 1u);
  EXPECT_EQ(count(run_), 3u);
  EXPECT_EQ(metrics_.part(run_, 1)->series.at(0).name, "loss");
  EXPECT_TRUE(metrics_.series(run_ + 1, "loss")->empty());
}

TEST_F(Metrics, ALongRunIsReadInPartsOfWholeSteps) {
  append({{1, "a", 1}, {1, "c", 2}, {2, "a", 3}, {2, "b", 4}, {2, "c", 5}, {3, "a", 6}, {4, "d", 7}});
  const auto first = metrics_.part(run_, -1, 3).value();
  EXPECT_FALSE(first.isLast);
  EXPECT_EQ(first.lastStep, 2) << "a step is never parted";
  ASSERT_EQ(first.series.size(), 3u);
  EXPECT_EQ(first.series[0].values, (std::vector<double>{1, 3}));
  EXPECT_EQ(first.series[1].name, "b");
  EXPECT_EQ(first.series[1].steps, std::vector<double>{2});
  EXPECT_EQ(first.series[2].values, (std::vector<double>{2, 5}));
  const auto second = metrics_.part(run_, first.lastStep, 3).value();
  EXPECT_TRUE(second.isLast);
  EXPECT_EQ(second.lastStep, 4);
  ASSERT_EQ(second.series.size(), 2u);
  const auto none = metrics_.part(run_, 4, 3).value();
  EXPECT_TRUE(none.isLast && none.series.empty());
  EXPECT_EQ(none.lastStep, 4);
}

TEST_F(Metrics, TheSameKeyIsReplaced) {
  append({{1, "loss", 1.0}, {1, "loss", 2.0}});
  append({{1, "loss", 3.0}});
  ASSERT_EQ(count(run_), 1u);
  EXPECT_EQ(metrics_.part(run_)->series.at(0).values, std::vector{3.0});
}

TEST_F(Metrics, WhatIsNotANumberIsKeptAsSuch) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  append({{1, "loss", std::numeric_limits<double>::quiet_NaN()},
          {2, "loss", kInfinity},
          {3, "loss", -kInfinity},
          {4, "loss", 5e-324}});
  const auto loss = metrics_.series(run_, "loss").value();
  EXPECT_TRUE(std::isnan(loss[0].value));
  EXPECT_EQ(loss[1].value, kInfinity);
  EXPECT_EQ(loss[2].value, -kInfinity);
  EXPECT_EQ(loss[3].value, 5e-324);
}

TEST_F(Metrics, ForgetAfterKeepsTheStepItself) {
  const long long other = RunStore(workspace_).add({.recipe = "siglip"}).value().id;
  const std::vector<MetricPoint> points = {
      {9, "loss", 1.0}, {10, "loss", 2.0}, {11, "loss", 3.0}, {11, "rate", 4.0}, {200, "loss", 5.0}};
  append(points);
  LIX_ASSERT_OK(metrics_.append(other, points));
  LIX_ASSERT_OK(metrics_.forgetAfter(run_, 10));
  ASSERT_EQ(count(run_), 2u);
  EXPECT_EQ(metrics_.part(run_)->lastStep, 10);
  EXPECT_EQ(count(other), 5u);
  LIX_ASSERT_OK(metrics_.forgetAfter(run_, 0));
  EXPECT_EQ(count(run_), 0u);
}

TEST_F(Metrics, ABatchIsAllOrNothingWithinATransaction) {
  {
    auto transaction = Transaction::begin(workspace_);
    append({{1, "loss", 1.0}});
    LIX_EXPECT_OK(RunStore(workspace_).heartbeat(run_, 1));
  }
  EXPECT_EQ(count(run_), 0u);
  EXPECT_EQ(RunStore(workspace_).find(run_)->step, 0);
}

TEST_F(Metrics, RateOfInsertionIsPrinted) {
  constexpr int kBatches = 100, kSeries = 1000;
  std::vector<MetricPoint> points;
  const auto begin = std::chrono::steady_clock::now();
  for (int step = 0; step < kBatches; ++step) {
    points.clear();
    for (int i = 0; i < kSeries; ++i) {
      points.push_back({100 * step + i / 10, "series/" + std::to_string(i % 10), 0.5});
    }
    append(points);
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  EXPECT_EQ(count(run_), static_cast<std::size_t>(kBatches * kSeries));
  std::printf("metric points: %d in %d transactions, %.0f a second\n", kBatches * kSeries, kBatches,
              kBatches * kSeries / seconds);
}

}  // namespace
}  // namespace lix::store
