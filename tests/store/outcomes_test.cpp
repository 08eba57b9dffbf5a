// Which queries were answered right, and the intervals that are made from them.
#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

#include <SQLiteCpp/SQLiteCpp.h>

#include "base/text.h"
#include "store/curve.h"
#include "store/migrations.h"
#include "support/support.h"

namespace lix::store {
namespace {
namespace fs = std::filesystem;

EvaluationRow row(long long model, std::optional<long long> draw, double value, const std::string& label = "A") {
  return {.kind = "few-shot",
          .checkpoint = cat("/models/", label, model),
          .weightsHash = "w",
          .checkpointLabel = label,
          .dataset = "emoji",
          .modelSeed = model,
          .supportSeed = draw,
          .adapter = "prototype",
          .shots = draw ? 4 : 0,
          .classes = 10,
          .querySize = 100,
          .metric = "top1",
          .value = value};
}

/// The first `right` of 100 queries.
Outcomes first(int right, const std::string& querySet = "q") {
  const std::vector<int> labels(100, 1);
  std::vector<int> predicted(100, 0);
  std::fill(predicted.begin(), predicted.begin() + right, 1);
  return {querySet, 100, study::packOutcomes(predicted, labels)};
}

/// Rows and their outcomes with ids as a workspace would give them.
struct Rows {
  std::vector<EvaluationRow> rows;
  OutcomeTable outcomes;

  void add(EvaluationRow one, std::optional<Outcomes> of) {
    one.id = static_cast<long long>(rows.size()) + 1;
    if (of) {
      outcomes[one.id] = *of;
    }
    rows.push_back(std::move(one));
  }
  std::vector<CurvePoint> points() const { return curvePoints(rows, outcomes); }
};

TEST(Outcomes, ComeBackAsTheyWereStored) {
  test::TemporaryFolder folder;
  long long id = 0;
  for (const int queries : {1, 8, 63, 64, 65, 100}) {
    const auto workspace = Workspace::open(folder.path(), OpenMode::Create);
    LIX_ASSERT_OK(workspace);
    const EvaluationStore store(*workspace);
    std::vector<int> predicted, labels;
    for (int q = 0; q < queries; ++q) {
      predicted.push_back(q % 3 == 0 ? 1 : 0);
      labels.push_back(1);
    }
    const Outcomes kept{"set", std::size_t(queries), study::packOutcomes(predicted, labels)};
    EvaluationRow one = row(0, 1, 0.5);
    one.querySize = queries;
    const auto added = store.add(one, {}, &kept);
    LIX_ASSERT_OK(added);
    id = *added;
    EXPECT_EQ(store.outcomes({.metric = "top1"}).value().at(id), kept) << queries;
    EXPECT_FALSE(store.outcomes({.metric = "top5"}).value().contains(id));
  }
  SQLite::Database raw((folder.path() / "workspace.sqlite").string(), SQLite::OPEN_READWRITE);
  EXPECT_EQ(raw.execAndGet(cat("SELECT length(right) FROM outcomes WHERE evaluation = ", id)).getInt(), 13);
  // Bits that are not of this row's queries are not taken, and an evaluation takes its outcomes with it.
  raw.exec(cat("UPDATE outcomes SET right = x'ff' WHERE evaluation = ", id));
  const auto workspace = Workspace::open(folder.path(), OpenMode::ReadOnly);
  EXPECT_FALSE(EvaluationStore(*workspace).outcomes().value().contains(id));
  raw.exec("PRAGMA foreign_keys = ON; DELETE FROM evaluations");
  EXPECT_EQ(raw.execAndGet("SELECT count(*) FROM outcomes").getInt(), 0);
}

TEST(Outcomes, AQuerySetIsItsPicturesLabelsAndOrder) {
  const std::vector<std::string> keys{"a", "bc"}, labels{"x", "y"};
  const std::string name = querySetOf(keys, labels);
  EXPECT_EQ(name, querySetOf(keys, labels));
  EXPECT_EQ(name.size(), 16u);
  EXPECT_NE(name, querySetOf(std::vector<std::string>{"bc", "a"}, labels));
  EXPECT_NE(name, querySetOf(keys, std::vector<std::string>{"x", "x"}));
  EXPECT_NE(name, querySetOf(std::vector<std::string>{"ab", "c"}, labels));
  EXPECT_NE(querySetOf({}, {}), name);
}

TEST(Outcomes, EveryKindOfVectorsIsKept) {
  test::TemporaryFolder folder;
  const auto workspace = Workspace::open(folder.path(), OpenMode::Create);
  const EvaluationStore store(*workspace);
  for (const auto kind : {VectorKind::Embedding, VectorKind::Pooled, VectorKind::ClassConditioned, VectorKind::Own}) {
    EvaluationRow one = row(0, 1, 0.5);
    one.vectors = kind;
    const auto id = store.add(one);
    LIX_ASSERT_OK(id);
    EXPECT_EQ(store.find(*id)->vectors, kind) << nameOf(kind);
    EXPECT_EQ(store.list({.vectors = kind})->size(), 1u);
  }
}

TEST(BootstrapPoint, SaysOverWhatItSpeaks) {
  Rows rows;
  for (const int model : {0, 1}) {
    for (const int draw : {1, 2, 3}) {
      rows.add(row(model, draw, 0.6), first(60));
    }
  }
  const auto points = rows.points();
  ASSERT_EQ(points.size(), 1u);
  EXPECT_EQ(points[0].interval, IntervalKind::Bootstrap);
  EXPECT_EQ(nameOf(points[0].interval), "bootstrap");
  EXPECT_EQ(points[0].modelSeeds, 2);
  EXPECT_EQ(points[0].supportSeeds, 3);
  EXPECT_EQ(points[0].queries, 100);
  EXPECT_DOUBLE_EQ(points[0].mean, 0.6);
  // All measurements are alike, so that only the queries vary: 2 * 1.96 sqrt(0.24 / 100) = 0.192.
  EXPECT_NEAR(*points[0].high - *points[0].low, 0.192, 0.02);
  EXPECT_DOUBLE_EQ(*points[0].halfWidth, 0.5 * (*points[0].high - *points[0].low));
}

TEST(BootstrapPoint, ASingleDrawHasAnIntervalOverItsQueries) {
  Rows rows;
  rows.add(row(0, std::nullopt, 0.5), first(50));
  EXPECT_EQ(rows.points()[0].interval, IntervalKind::Bootstrap);
  EXPECT_NEAR(*rows.points()[0].halfWidth, 0.098, 0.01);
  rows.outcomes.clear();
  EXPECT_EQ(rows.points()[0].interval, IntervalKind::None);
  EXPECT_FALSE(rows.points()[0].low);
}

TEST(BootstrapPoint, WithoutAllOutcomesItIsStudents) {
  Rows rows;
  rows.add(row(0, 1, 0.5), first(50));
  rows.add(row(0, 2, 0.6), std::nullopt);
  EXPECT_EQ(rows.points()[0].interval, IntervalKind::Student);
  EXPECT_NEAR(*rows.points()[0].low, 0.55 - 12.7062047 * 0.05, 1e-6);
  rows.outcomes[2] = first(60, "other pictures");
  EXPECT_EQ(rows.points()[0].interval, IntervalKind::Student);
  rows.outcomes[2] = first(60);
  EXPECT_EQ(rows.points()[0].interval, IntervalKind::Bootstrap);
  rows.rows[0].metric = rows.rows[1].metric = "mean_per_class_recall";
  rows.rows[1].value = 0.61;
  EXPECT_EQ(rows.points()[0].interval, IntervalKind::Student) << "the value is not the mean of the outcomes";
}

TEST(BootstrapPoint, DifferencesArePairedOverSharedDraws) {
  Rows rows;
  for (const int draw : {1, 2, 3}) {
    rows.add(row(0, draw, 0.5), first(50));
  }
  for (const int draw : {2, 3, 4}) {
    rows.add(row(7, draw, draw == 4 ? 0.1 : 0.52, "B"), first(draw == 4 ? 10 : 52));
  }
  const auto points = rows.points();
  ASSERT_EQ(points.size(), 2u);
  const auto found = pairedDifference(points[1], points[0], rows.outcomes);
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->value, 0.02, 1e-12) << "the draw that only B has does not count";
  EXPECT_GE(found->interval.low, 0.0);
  EXPECT_LT(found->interval.high, 0.06);
  const auto same = pairedDifference(points[0], points[0], rows.outcomes);
  EXPECT_EQ(same->interval.low, 0.0);
  EXPECT_EQ(same->interval.high, 0.0);
  rows.outcomes[4] = rows.outcomes[5] = rows.outcomes[6] = first(52, "other pictures");
  EXPECT_FALSE(pairedDifference(points[1], points[0], rows.outcomes));
}

TEST(BootstrapPoint, RecallsAtKHaveTheirOutcomesToo) {
  Rows rows;
  for (const int model : {1, 2}) {
    rows.add(row(model, std::nullopt, 0.7), first(70));
    rows.rows.back().kind = "retrieval";
    rows.rows.back().metric = "image_to_text_r5";
  }
  EXPECT_EQ(rows.points()[0].interval, IntervalKind::Bootstrap);
  rows.rows[0].value = 70.0;  // percent: not what the outcomes say
  EXPECT_EQ(rows.points()[0].interval, IntervalKind::Student);
}

TEST(BootstrapPoint, FewDrawsHaveAnIntervalAsWideAsStudents) {
  Rows rows;
  rows.add(row(0, 1, 0.4), first(40));
  rows.add(row(0, 2, 0.8), first(80));
  const auto points = rows.points();
  EXPECT_EQ(points[0].interval, IntervalKind::Bootstrap);
  EXPECT_GE(*points[0].halfWidth, 12.7062 * 0.2 - 0.1) << "t(0.975, 1) s / sqrt(2); min and max would be 0.2";
}

TEST(BootstrapPoint, DifferencesLeaveOutCellsThatOneSideLacks) {
  // B is better by 0.1 in each of three cells; what only one of them has would turn that round.
  Rows rows;
  for (const auto& [model, draw, right] : {std::tuple(1, 1, 50), {1, 2, 50}, {2, 1, 60}, {2, 2, 95}, {3, 1, 99}}) {
    rows.add(row(model, draw, right / 100.0), first(right));
  }
  for (const auto& [model, draw, right] : {std::tuple(1, 1, 60), {1, 2, 60}, {2, 1, 70}, {4, 2, 1}}) {
    rows.add(row(model, draw, right / 100.0, "B"), first(right));
  }
  const auto points = rows.points();
  ASSERT_EQ(points.size(), 2u);
  const auto found = pairedDifference(points[1], points[0], rows.outcomes);
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->value, 0.1, 1e-12);
  EXPECT_GT(found->interval.low, 0.0);
}

TEST(BootstrapPoint, GridsOfManyPointsAreAlignedByTheirSeeds) {
  Rows rows;
  const auto add = [&](const std::string& label, int model, int shots, std::initializer_list<int> draws) {
    for (const int draw : draws) {
      rows.add(row(model, draw, 0.1 * draw + 0.01 * shots, label), first(10 * draw + shots));
      rows.rows.back().shots = shots;
    }
  };
  add("A", 1, 4, {1, 2, 3});
  add("B", 5, 2, {2, 3, 4});
  add("B", 6, 2, {2, 3});
  add("B", 5, 8, {3, 2, 1});
  add("B", 7, 8, {3});
  const auto points = rows.points();
  ASSERT_EQ(points.size(), 3u);
  const auto grids = alignedGrids(std::vector{&points[0], &points[1], &points[2]}, rows.outcomes);
  ASSERT_TRUE(grids);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ((*grids)[i].models, 1u) << "B's second models differ";
    ASSERT_EQ((*grids)[i].draws, 2u) << "2 and 3";
    const int shots = points[i].of.shots;
    EXPECT_NEAR(study::meanOutcome((*grids)[i]), 0.25 + 0.01 * shots, 1e-12);
    EXPECT_TRUE(std::ranges::equal((*grids)[i].cells[0], first(20 + shots).bits));
    EXPECT_TRUE(std::ranges::equal((*grids)[i].cells[1], first(30 + shots).bits));
  }
  rows.outcomes[1].querySet = rows.outcomes[2].querySet = rows.outcomes[3].querySet = "other pictures";
  EXPECT_FALSE(alignedGrids(std::vector{&points[0], &points[1]}, rows.outcomes));
}

/// A workspace as version 2 left it: three results, the last of which is gone, with predictions of the first.
void makeVersionTwo(const fs::path& folder) {
  fs::create_directories(folder / "checkpoints");
  fs::create_directories(folder / "cache");
  SQLite::Database raw((folder / "workspace.sqlite").string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  raw.exec(migrations()[0]);
  raw.exec(migrations()[1]);
  raw.exec("PRAGMA user_version = 2; PRAGMA application_id = 0x4C495850; PRAGMA journal_mode = wal;");
  for (const int id : {3, 5, 9}) {
    raw.exec(cat("INSERT INTO evaluations VALUES (", id, ", 'zero-shot', '/models/a', 'w', 'A', 'pets', 'test', ",
                 "'class', 'plain', 1, NULL, '', 0, 2, 0, 2, 'top1', 0.5, '{}', '{}', 'pooled', 'then')"));
  }
  raw.exec("INSERT INTO predictions VALUES (3, 'a.png', 'cat', 'dog', 0.5), (3, 'b.png', 'dog', 'dog', NULL)");
  raw.exec("DELETE FROM evaluations WHERE id = 9");
}

void expectResultsOfVersionTwo(const Workspace& workspace) {
  const EvaluationStore store(workspace);
  const auto rows = store.list();
  LIX_ASSERT_OK(rows);
  ASSERT_EQ(rows->size(), 2u);
  EXPECT_EQ((*rows)[0].id, 3);
  EXPECT_EQ((*rows)[1].id, 5);
  EXPECT_EQ((*rows)[1].vectors, VectorKind::Pooled);
  EXPECT_EQ((*rows)[1].createdAt, "then");
  EXPECT_EQ(store.predictions(3).value().size(), 2u);
  EXPECT_EQ(store.predictions(3).value()[0].predicted, "dog");
  EXPECT_TRUE(store.outcomes().value().empty());
}

TEST(Migration, ResultsOfVersionTwoKeepTheirKeysAndPredictions) {
  test::TemporaryFolder folder;
  makeVersionTwo(folder.path());
  {
    const auto reader = Workspace::open(folder.path(), OpenMode::ReadOnly);
    LIX_ASSERT_OK(reader);
    expectResultsOfVersionTwo(*reader);
  }
  const auto workspace = Workspace::open(folder.path(), OpenMode::ReadWrite);
  LIX_ASSERT_OK(workspace);
  expectResultsOfVersionTwo(*workspace);
  LIX_EXPECT_OK(workspace->check());
  const Outcomes outcomes = first(50);
  EvaluationRow one = row(0, 1, 0.5);
  one.vectors = VectorKind::ClassConditioned;
  const auto id = EvaluationStore(*workspace).add(one, {}, &outcomes);
  LIX_ASSERT_OK(id);
  EXPECT_EQ(*id, 10) << "9 was used";
  EXPECT_EQ(EvaluationStore(*workspace).outcomes().value().size(), 1u);
  SQLite::Database raw((folder.path() / "workspace.sqlite").string(), SQLite::OPEN_READWRITE);
  raw.exec("PRAGMA foreign_keys = ON; DELETE FROM evaluations WHERE id = 3");
  EXPECT_EQ(raw.execAndGet("SELECT count(*) FROM predictions").getInt(), 0) << "they still refer to their evaluation";
  EXPECT_EQ(raw.execAndGet("SELECT count(*) FROM sqlite_master WHERE name = 'evaluations_by_curve'").getInt(), 1);
}

}  // namespace
}  // namespace lix::store
