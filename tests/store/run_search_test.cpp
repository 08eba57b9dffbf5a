// Runs without reading them all: what changed, what series came to, what is archived.
#include "store/run_search.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "store/metric_store.h"
#include "support/support.h"

namespace lix::store {
namespace {
using lix::test::messageOf;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

class Search : public ::testing::Test {
 protected:
  long long add(const std::string& name) { return runs_.add({.name = name, .recipe = "siglip"}).value().id; }
  void append(long long run, const std::vector<MetricPoint>& points) { LIX_EXPECT_OK(metrics_.append(run, points)); }
  SeriesEnd end(long long run, const std::string& name) const {
    const auto ends = search_.endsOf(run).value();
    return ends.contains(name) ? ends.at(name) : SeriesEnd{};
  }
  /// What the table of ends says must be what all points say.
  void expectEndsAreRight(long long run) const {
    const auto ends = search_.endsOf(run).value();
    const auto all = metrics_.part(run).value().series;
    ASSERT_EQ(ends.size(), all.size());
    for (const MetricSeries& series : all) {
      const SeriesEnd& end = ends.at(series.name);
      EXPECT_EQ(end.points, static_cast<long long>(series.values.size())) << series.name;
      EXPECT_EQ(end.gaps, std::ranges::count_if(series.values, [](double v) { return std::isnan(v); })) << series.name;
      EXPECT_EQ(static_cast<double>(end.lastStep), series.steps.back()) << series.name;
      EXPECT_TRUE(end.lastValue == series.values.back() || std::isnan(series.values.back())) << series.name;
    }
  }

  test::TemporaryFolder folder_;
  Workspace workspace_ = std::move(*Workspace::open(folder_.path(), OpenMode::Create));
  RunStore runs_{workspace_};
  MetricStore metrics_{workspace_};
  RunSearch search_{workspace_};
};

TEST_F(Search, EndsFollowWhatIsWritten) {
  const long long run = add("a");
  append(run, {{1, "loss", 3.0}, {1, "rate", 0.1}, {2, "loss", kNan}});
  EXPECT_EQ(end(run, "loss").points, 2);
  EXPECT_EQ(end(run, "loss").gaps, 1);
  EXPECT_TRUE(std::isnan(end(run, "loss").lastValue));
  append(run, {{3, "loss", 1.5}, {4, "loss", 1.25}});
  EXPECT_EQ(end(run, "loss").lastStep, 4);
  EXPECT_EQ(end(run, "loss").lastValue, 1.25);
  expectEndsAreRight(run);
  append(run, {{2, "loss", 2.0}, {9, "late", 1.0}});  // one is replaced: nothing is counted twice
  EXPECT_EQ(end(run, "loss").gaps, 0);
  EXPECT_EQ(end(run, "loss").lastValue, 1.25);
  expectEndsAreRight(run);
  append(run, {{6, "loss", 0.5}, {5, "loss", 0.75}});  // out of order
  EXPECT_EQ(end(run, "loss").lastValue, 0.5);
  expectEndsAreRight(run);
  LIX_EXPECT_OK(metrics_.forgetAfter(run, 2));  // as a resumed run does
  EXPECT_EQ(end(run, "late").points, 0);
  EXPECT_EQ(end(run, "loss").lastValue, 2.0);
  expectEndsAreRight(run);
  LIX_EXPECT_OK(metrics_.forgetAfter(run, -1));
  EXPECT_TRUE(search_.endsOf(run).value().empty());
}

TEST_F(Search, EndsOfOneSeriesAreThoseOfAllRuns) {
  const long long a = add("a"), b = add("b"), none = add("none");
  append(a, {{1, "loss", 1.0}});
  append(b, {{1, "loss", 2.0}, {1, "canary.zero_shot", 0.5}, {1, "scale.dot", 10.0}});
  const auto losses = search_.ends("loss").value();
  ASSERT_EQ(losses.size(), 2u);
  EXPECT_EQ(losses.at(a).lastValue, 1.0);
  EXPECT_EQ(losses.at(b).lastValue, 2.0);
  EXPECT_FALSE(losses.contains(none));
  EXPECT_EQ(search_.seriesNames().value(), (std::vector<std::string>{"canary.zero_shot", "loss", "scale.dot"}));
  EXPECT_EQ(search_.newestWith(std::array<std::string_view, 1>{"loss"}).value(), b);
  EXPECT_EQ(search_.newestWith(std::array<std::string_view, 2>{"tau_ctx", "canary.*"}).value(), b);
  EXPECT_EQ(search_.newestWith(std::array<std::string_view, 1>{"tau_ctx"}).value(), 0);
  LIX_EXPECT_OK(runs_.trash(b));
  EXPECT_EQ(search_.newestWith(std::array<std::string_view, 1>{"loss"}).value(), a);
}

TEST_F(Search, ChangesAreThoseSinceTheMark) {
  const long long a = add("a"), b = add("b"), c = add("c");
  const auto all = search_.changes(0).value();
  ASSERT_EQ(all.changed.size(), 3u);
  EXPECT_EQ(all.changed[0].id, c);
  EXPECT_EQ(all.mark, search_.mark().value());
  EXPECT_TRUE(search_.changes(all.mark).value().changed.empty());
  EXPECT_EQ(search_.newest(2).value().size(), 2u);
  EXPECT_EQ(search_.newest(2).value()[0].id, c);

  LIX_EXPECT_OK(runs_.rename(b, "renamed"));
  auto some = search_.changes(all.mark).value();
  ASSERT_EQ(some.changed.size(), 1u);
  EXPECT_EQ(some.changed[0].name, "renamed");
  LIX_EXPECT_OK(runs_.trash(a));
  some = search_.changes(some.mark).value();
  EXPECT_TRUE(some.changed.empty());
  EXPECT_EQ(some.trashed, std::vector<long long>{a});
  LIX_EXPECT_OK(runs_.emptyTrash());
  const long long after = search_.mark().value();
  EXPECT_GT(after, some.mark) << "marks never fall back, also when the run that changed last is deleted";
  LIX_EXPECT_OK(runs_.annotate(c, "tag", ""));
  EXPECT_EQ(search_.changes(after).value().changed.at(0).tags, "tag");

  // A running run is always told: its process may go without a change.
  LIX_EXPECT_OK(runs_.start(c, ownProcess(), {.device = "cpu", .cpuCapability = "", .build = "", .threads = 1}));
  const long long now = search_.mark().value();
  EXPECT_EQ(search_.changes(now).value().changed.at(0).id, c);
}

TEST_F(Search, APlaceInTheQueueIsAChange) {
  const long long a = add("a"), b = add("b");
  LIX_EXPECT_OK(runs_.enqueue(a));
  LIX_EXPECT_OK(runs_.enqueue(b));
  const long long mark = search_.mark().value();
  LIX_EXPECT_OK(runs_.moveInQueue(b, -1));
  EXPECT_FALSE(search_.changes(mark).value().changed.empty());
}

TEST_F(Search, ArchivedRunsAreKeptAndTold) {
  const long long a = add("a"), b = add("b");
  const long long mark = search_.mark().value();
  LIX_EXPECT_OK(search_.archive(std::array{a}, RunSearch::Archive::PutIn));
  EXPECT_EQ(search_.archived().value(), std::set<long long>{a});
  EXPECT_EQ(search_.changes(mark).value().changed.at(0).id, a) << "another window hears of it";
  LIX_EXPECT_OK(search_.archive(std::array{a}, RunSearch::Archive::TakeOut));
  EXPECT_TRUE(search_.archived().value().empty());
  LIX_EXPECT_OK(runs_.start(b, ownProcess(), {.device = "cpu", .cpuCapability = "", .build = "", .threads = 1}));
  EXPECT_NE(messageOf(search_.archive(std::array{a, b}, RunSearch::Archive::PutIn)).find("Stop it before"),
            std::string::npos);
  EXPECT_TRUE(search_.archived().value().empty()) << "none of them where one is refused";
  EXPECT_NE(messageOf(search_.archive(std::array{99LL}, RunSearch::Archive::PutIn)).find("no run with id 99"),
            std::string::npos);
}

}  // namespace
}  // namespace lix::store
