// Curves told apart by colour, dash and panel; bands; values of papers; how sure a reach is; reading only what is new.
#include <QAbstractButton>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "chrome/action_table.h"
#include "curves_rows.h"
#include "figures/curves_parts.h"
#include "pages/curves/curve_charts.h"
#include "pages/curves/curves_page.h"
#include "pages/curves/grouping.h"
#include "pages/curves/grouping_bar.h"
#include "pages/curves/reach.h"
#include "charts/curve_chart.h"
#include "shared/results/kinds.h"
#include "store/checkpoint_store.h"
#include "store/metric_store.h"
#include "store/run_store.h"
#include "window_support.h"

#include <gtest/gtest.h>

namespace lix::app {
namespace {
using testing_support::grabPage;
using testing_support::measured;
using testing_support::TestDesk;
using testing_support::waitFor;

/// Two checkpoints, two adapters, two datasets, draws 0 to 2 at 1, 2 and 4 shots, with zero-shot.
std::vector<store::EvaluationRow> rows() {
  std::vector<store::EvaluationRow> all;
  for (const auto& [label, start] : {std::pair("Alpha", 0.30), {"Beta", 0.40}}) {
    for (const char* dataset : {"emoji", "symbola"}) {
      all.push_back(measured(label, "zero-shot", 0, 0, start - 0.05));
      all.back().dataset = dataset;
      for (const char* adapter : {"prototype", "knn"}) {
        for (int step = 0; step < 3; ++step) {
          for (int draw = 0; draw < 3; ++draw) {
            all.push_back(measured(label, adapter, 1 << step, draw, start + 0.1 * step + 0.02 * draw));
            all.back().dataset = dataset;
          }
        }
      }
    }
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].id = (long long)i + 1;
  }
  return all;
}

CurveTable tableOf(std::vector<store::EvaluationRow> all) {
  CurveTable table;
  table.rows = std::move(all);
  prepare(table);
  return table;
}

ShownCurves shown(const Grouping& grouping, Bands bands = Bands::Interval) {
  return shownCurves(tableOf(rows()),
                     ShownChoice{.curves = {}, .within = {}, .grouping = grouping, .bands = bands, .references = {}});
}

TEST(Grouping, OnePanelAValueAndOneDashAValueThroughout) {
  const ShownCurves curves =
      shown({.colour = Dimension::Checkpoint, .dash = Dimension::Dataset, .panel = Dimension::Adapter});
  ASSERT_EQ(curves.data.panels.size(), 2u);
  EXPECT_EQ(curves.data.panels[0].title, adapterTitle("knn"));
  ASSERT_EQ(curves.data.panels[0].series.size(), 4u);
  const figures::Styles styles(curves.data);
  std::map<std::string, std::set<int>> dashes, colours;
  for (const auto& panel : curves.data.panels) {
    for (const auto& series : panel.series) {
      const auto style = styles.of(series, figures::Theme::Light);
      dashes[series.dash].insert(int(style.dash));
      colours[series.group].insert(int(style.colour.rgb()));
    }
  }
  ASSERT_EQ(dashes.size(), 2u);
  EXPECT_EQ(dashes["emoji\n"].size(), 1u);
  EXPECT_NE(dashes["emoji\n"], dashes["symbola\n"]);
  ASSERT_EQ(colours.size(), 2u);
  EXPECT_NE(colours["Alpha"], colours["Beta"]);
  EXPECT_TRUE(curves.data.headings.notes.empty());
}

TEST(Grouping, EveryDotLeadsToItsMeasurements) {
  const ShownCurves curves = shown({.panel = Dimension::Checkpoint});
  int dots = 0, zero = 0;
  for (std::size_t p = 0; p < curves.data.panels.size(); ++p) {
    const auto& panel = curves.data.panels[p];
    for (std::size_t s = 0; s < panel.series.size(); ++s) {
      for (std::size_t d = 0; d < panel.series[s].points.size(); ++d, ++dots) {
        const store::CurvePoint* behind = curves.behind(int(p), int(s), int(d));
        ASSERT_NE(behind, nullptr);
        EXPECT_EQ(behind->of.checkpointLabel, panel.title);
        EXPECT_EQ(behind->mean, panel.series[s].points[d].mean);
        EXPECT_EQ(double(behind->of.shots), panel.series[s].points[d].x);
        zero += behind->of.shots == 0;
      }
    }
  }
  EXPECT_EQ(dots, 2 * 2 * 2 * 3 + zero);
  EXPECT_EQ(zero, 4) << "zero-shot stands once a checkpoint and dataset";
}

TEST(Grouping, SeedsPartPointsIntoTheirMeasurements) {
  const ShownCurves curves = shown({.colour = Dimension::Draw});
  std::set<std::string> groups;
  for (const auto& panel : curves.data.panels) {
    for (const auto& series : panel.series) {
      groups.insert(series.group);
      for (const auto& point : series.points) {
        EXPECT_EQ(point.n, 1);
      }
    }
  }
  EXPECT_EQ(groups, (std::set<std::string>{"draw 0", "draw 1", "draw 2"}));
}

TEST(Grouping, ALlipsZeroShotIsItsOwnProcedureHoweverItsPointsAreParted) {
  std::vector<store::EvaluationRow> all{measured("Llip", "zero-shot", 0, 0, 0.30), measured("Llip", "knn", 1, 0, 0.40)};
  for (store::EvaluationRow& row : all) {
    row.vectors = store::VectorKind::Pooled;
  }
  all.push_back(measured("Llip", "", 0, 0, 0.20));
  all.back().kind = "zero-shot";
  all.back().vectors = store::VectorKind::ClassConditioned;
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].id = (long long)i + 1;
  }
  for (const Grouping& grouping : {Grouping{}, Grouping{.colour = Dimension::TrainingSeed}}) {
    const ShownCurves curves = shownCurves(
        tableOf(all), ShownChoice{.curves = {}, .within = {}, .grouping = grouping, .references = {}});
    ASSERT_EQ(curves.data.panels.size(), 1u);
    ASSERT_EQ(curves.data.panels[0].series.size(), 1u);
    ASSERT_EQ(curves.data.panels[0].series[0].points.size(), 2u);
    EXPECT_DOUBLE_EQ(curves.data.panels[0].series[0].points[0].mean, 0.20);
    EXPECT_NE(curves.data.headings.notes.find("pooled vectors"), std::string::npos) << curves.data.headings.notes;
  }
}

TEST(Grouping, OfOneCheckpointEachLineHasAColour) {
  for (const Grouping& grouping : {Grouping{}, Grouping{.panel = Dimension::Split}}) {
    const ShownCurves curves = shownCurves(
        tableOf(rows()),
        ShownChoice{.curves = {.dataset = "emoji", .labelSet = {}, .adapters = {}, .checkpoints = {"Alpha"}}, .within = {},
                    .grouping = grouping, .references = {}});
    const figures::Styles styles(curves.data);
    std::set<QRgb> colours;
    for (const auto& series : curves.data.panels.at(0).series) {
      colours.insert(styles.of(series, figures::Theme::Light).colour.rgb());
    }
    EXPECT_EQ(colours.size(), 2u) << "one an adapter";
  }
}

TEST(Grouping, SaysWhereLinesLookAlike) {
  const ShownCurves curves = shown({.colour = Dimension::Dataset, .dash = Dimension::Adapter, .panel = Dimension::Adapter});
  EXPECT_NE(curves.data.headings.notes.find("look"), 0u);
  EXPECT_FALSE(curves.data.headings.notes.empty());
}

TEST(Grouping, IdsComeBack) {
  for (const Dimension one : kDimensions) {
    EXPECT_EQ(dimensionOf(idOf(one)), one);
  }
  EXPECT_EQ(dimensionOf("rubbish"), Dimension::Automatic);
  EXPECT_EQ(bandsOf("rubbish"), Bands::Interval);
  EXPECT_EQ(bandsOf(idOf(Bands::Error)), Bands::Error);
}

TEST(Bands, ShowWhatTheySay) {
  // Draws of 0.30, 0.32, 0.34: s = 0.02.
  const auto points = tableOf(rows()).points;
  const auto at = std::ranges::find_if(points, [](const store::CurvePoint& one) {
    return one.of.checkpointLabel == "Alpha" && one.of.shots == 1;
  });
  const auto one = [&](Bands bands) { return withBands({*at}, bands)[0]; };
  EXPECT_NEAR(*one(Bands::Deviation).high, 0.34, 1e-9);
  EXPECT_NEAR(*one(Bands::Error).low, 0.32 - 0.02 / std::sqrt(3.0), 1e-9);
  EXPECT_NEAR(*one(Bands::Interval).high, 0.32 + 4.302652730 * 0.02 / std::sqrt(3.0), 1e-6);
  EXPECT_FALSE(one(Bands::None).low);
  EXPECT_EQ(shown({}, Bands::Error).data.bandLabel, "standard error");
}

TEST(CurveTables, ShowWhatCurvesOfTheRowsWould) {
  // The quick way, over points that were made once, against curvePoints of the chosen rows.
  auto all = rows();
  all.push_back(all[0]);  // a Llip: pooled zero-shot, and its own procedure beside it
  all.back().checkpointLabel = "Llip";
  all.back().vectors = store::VectorKind::Pooled;
  all.push_back(all.back());
  all.back().kind = "zero-shot";
  all.back().adapter.clear();
  all.back().vectors = store::VectorKind::ClassConditioned;
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].id = (long long)i + 1;
  }
  const CurveTable table = tableOf(all);
  for (const CurvesChoice& choice :
       {CurvesChoice{}, CurvesChoice{.dataset = "emoji", .labelSet = {}, .adapters = {"knn"}, .checkpoints = {}},
        CurvesChoice{.dataset = {}, .labelSet = "group", .adapters = {}, .checkpoints = {"Beta", "Llip"}}}) {
    const auto wanted = chosenPoints(all, choice);
    const auto got = shownCurves(table, choice).points;
    ASSERT_EQ(got.size(), wanted.size());
    for (std::size_t i = 0; i < got.size(); ++i) {
      EXPECT_EQ(got[i].of.id, wanted[i].of.id);
      EXPECT_EQ(got[i].mean, wanted[i].mean);
      EXPECT_EQ(got[i].low, wanted[i].low);
    }
  }
}

TEST(CurveTables, ReadsOnlyWhatIsNew) {
  TestDesk test(TestDesk::Checkpoints::None);
  const auto workspace = test.workspace();
  const store::EvaluationStore store(workspace);
  const auto all = rows();
  for (std::size_t i = 0; i < all.size(); ++i) {
    ASSERT_TRUE(store.add(all[i]));
  }
  const auto first = readCurveTable(workspace);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->rows.size(), all.size());
  auto late = measured("Gamma", "knn", 1, 0, 0.5);
  ASSERT_TRUE(store.add(late));
  const auto grown = readCurveTable(workspace, &*first), anew = readCurveTable(workspace);
  ASSERT_TRUE(grown && anew);
  ASSERT_EQ(grown->rows.size(), anew->rows.size());
  EXPECT_EQ(grown->points.size(), anew->points.size());
  EXPECT_EQ(grown->newest, anew->newest);
  EXPECT_EQ(grown->rows.back().checkpointLabel, "Gamma");
  EXPECT_EQ(grown->labels.at("/models/Gamma"), "Gamma");
  EXPECT_EQ(curveOptions(*grown, "emoji", "").checkpoints, (std::vector<std::string>{"Alpha", "Beta", "Gamma"}));
  EXPECT_EQ(curveOptions(*grown, "", "", {"symbola"}).datasets, std::vector<std::string>{"symbola"});
}

TEST(CurveTables, IntervalsOverQueriesAreMadeForWhatIsShownAndKept) {
  CurveTable table;
  for (int draw = 0; draw < 3; ++draw) {
    auto row = measured("Alpha", "knn", 1, draw, 0.0);
    row.id = draw + 1;
    row.querySize = 64;
    const std::uint64_t bits = 0xffffffffull << draw;  // 32 of 64 are right
    row.value = 0.5;
    table.rows.push_back(row);
    table.outcomes[row.id] = {"set", 64, {bits}};
  }
  prepare(table);
  ShownCurves first = shownCurves(table, CurvesChoice{});
  ASSERT_EQ(first.rough.size(), 1u);
  EXPECT_EQ(first.points[0].interval, store::IntervalKind::Student);
  makeIntervals(table, first.rough, {});
  const ShownCurves then = shownCurves(table, CurvesChoice{});
  EXPECT_TRUE(then.rough.empty());
  const auto wanted = store::curvePoints(table.rows, table.outcomes);
  ASSERT_EQ(wanted[0].interval, store::IntervalKind::Bootstrap);
  EXPECT_EQ(then.points[0].low, wanted[0].low);
  EXPECT_EQ(then.points[0].high, wanted[0].high);
  EXPECT_EQ(then.points[0].interval, store::IntervalKind::Bootstrap);
}

TEST(FigureReading, ReadsTheSeriesThatAreDrawnOfTheRunThatIsShown) {
  TestDesk test(TestDesk::Checkpoints::None);
  const auto workspace = test.workspace();
  const store::RunStore runs(workspace);
  for (const char* name : {"older", "newer", "plain"}) {
    const long long id = runs.add({.name = name, .recipe = "siglixp"})->id;
    std::vector<store::MetricPoint> points{{1, "loss", 1.0}, {2, "loss", 0.5}};
    if (std::string_view(name) != "plain") {
      points.push_back({1, "tau_ctx", 0.1});
      points.push_back({1, "scale.dot", 10.0});
    }
    ASSERT_TRUE(store::MetricStore(workspace).append(id, points));
  }
  ASSERT_TRUE(store::EvaluationStore(workspace).add(measured("Alpha", "knn", 1, 0, 0.5)));
  const auto read = [&](const char* kind, const std::string& run) {
    return readFigureRows(workspace, {.kind = *findFigureKind(kind), .run = run}).value();
  };
  const auto seriesOf = [](const FigureRows& rows) {
    std::map<std::string, std::size_t> counts;
    for (const FigureRun& run : rows.runs) {
      counts[run.row.name] = run.series.size();
    }
    return counts;
  };
  const FigureRows newest = read("temperatures", "");
  EXPECT_EQ(seriesOf(newest), (std::map<std::string, std::size_t>{{"newer", 2}, {"older", 0}, {"plain", 0}}));
  EXPECT_TRUE(newest.evaluations.empty()) << "temperatures need no results";
  EXPECT_EQ(seriesOf(read("temperatures", "older")).at("older"), 2u);
  EXPECT_TRUE(read("shots", "").runs.empty());
  EXPECT_EQ(read("shots", "").evaluations.size(), 1u);
  EXPECT_TRUE(read("retrieval", "").evaluations.empty());
  const auto all = readFigureRows(workspace);  // as reports read
  ASSERT_TRUE(all);
  EXPECT_EQ(all->evaluations.size(), 1u);
  EXPECT_EQ(seriesOf(*all).at("newer"), 2u);
}

std::vector<store::CurvePoint> lineOf(const std::string& label, const std::vector<double>& means, double noise) {
  std::vector<store::EvaluationRow> all;
  for (std::size_t step = 0; step < means.size(); ++step) {
    for (int draw = 0; draw < 5; ++draw) {
      all.push_back(measured(label, "knn", 1 << step, draw, means[step] + noise * (draw - 2)));
      all.back().id = (long long)all.size();
    }
  }
  return store::curvePoints(all);
}

TEST(ReachInterval, IsOverDrawsThatBothShare) {
  const auto a = lineOf("A", {0.40, 0.50, 0.60}, 0.0), b = lineOf("B", {0.30, 0.40, 0.50}, 0.0);
  std::vector<const store::CurvePoint*> other;
  for (const auto& point : b) {
    other.push_back(&point);
  }
  const auto exact = reachInterval(a[1], other, {});  // 0.50 = B at 4
  ASSERT_TRUE(exact);
  EXPECT_EQ(exact->over, ReachInterval::Over::Draws);
  EXPECT_EQ(exact->draws, 5);
  EXPECT_NEAR(exact->found.interval->low, 4.0, 1e-6) << "draws that do not differ leave nothing unsure";
  EXPECT_NEAR(exact->found.interval->high, 4.0, 1e-6);
  // What both draws share cancels: the same noise on both curves is no doubt either.
  const auto noisyA = lineOf("A", {0.40, 0.50, 0.60}, 0.01), noisyB = lineOf("B", {0.30, 0.40, 0.55}, 0.01);
  std::vector<const store::CurvePoint*> noisy;
  for (const auto& point : noisyB) {
    noisy.push_back(&point);
  }
  const auto paired = reachInterval(noisyA[0], noisy, {});  // 0.40 = B at 2
  ASSERT_TRUE(paired);
  EXPECT_NEAR(paired->found.interval->high - paired->found.interval->low, 0.0, 1e-6);
  const auto unpaired = reachInterval(a[0], noisy, {});
  ASSERT_TRUE(unpaired);
  EXPECT_LT(unpaired->found.interval->low, 2.0);
  EXPECT_GT(unpaired->found.interval->high, 2.0);
  EXPECT_NE(sentenceOf(*unpaired).find("over 5 support draws"), std::string::npos);
}

TEST(ReachInterval, SaysNothingWithoutSharedDraws) {
  const auto a = lineOf("A", {0.4, 0.5}, 0.01);
  auto b = lineOf("B", {0.3, 0.5}, 0.01);
  for (auto& point : b) {
    for (auto& row : point.rows) {
      *row.supportSeed += 100;
    }
  }
  const std::vector<const store::CurvePoint*> other{&b[0], &b[1]};
  EXPECT_FALSE(reachInterval(a[1], other, {}));
  EXPECT_FALSE(reachInterval(a[1], {}, {}));
}

class CurvesGrouped : public testing::Test {
 protected:
  void open() {
    const auto workspace = test_.workspace();
    for (const auto& row : rows()) {
      ASSERT_TRUE(store::EvaluationStore(workspace).add(row));
    }
    page_ = std::make_unique<CurvesPage>(test_.desk());
    actions_ = std::make_unique<widgets::ActionTable>(page_.get());
    page_->addActions(*actions_);
    actions_->setScope("curves");
    page_->resize(1200, 760);
    page_->show();
    page_->shown();
    settle();
  }
  void settle() {
    for (int i = 0; i < 4; ++i) {
      test_.settle();
    }
  }
  template <class T>
  T* find(const char* name) {
    T* found = page_->findChild<T*>(name);
    EXPECT_NE(found, nullptr) << name;
    return found;
  }
  int charts() { return int(find<CurveCharts>("curves.charts")->charts().size()); }
  void set(const char* box, const char* data) {
    auto* found = find<QComboBox>(box);
    ASSERT_GE(found->findData(QString(data)), 0);
    found->setCurrentIndex(found->findData(QString(data)));
    settle();
  }
  QString notes() { return find<QLabel>("curves.notes")->text(); }

  TestDesk test_{TestDesk::Checkpoints::None};
  std::unique_ptr<CurvesPage> page_;
  std::unique_ptr<widgets::ActionTable> actions_;
};

TEST_F(CurvesGrouped, BoxesDrawAnewAndAreRemembered) {
  open();
  EXPECT_EQ(charts(), 1);
  set("curves.dataset", "*");
  set("curves.group.panel", "adapter");
  EXPECT_EQ(charts(), 2);
  set("curves.group.panel", "checkpoint");
  set("curves.group.colour", "dataset");
  EXPECT_EQ(charts(), 2);
  EXPECT_TRUE(notes().contains("Bands: 95 % interval."));
  set("curves.bands", "deviation");
  EXPECT_TRUE(notes().contains("Bands: standard deviation."));
  grabPage(*page_, "curves-grouped");
  const QJsonObject state = page_->state();
  set("curves.bands", "none");
  set("curves.group.panel", "automatic");
  page_->restore(state);
  settle();
  EXPECT_EQ(find<QComboBox>("curves.group.panel")->currentData().toString(), "checkpoint");
  EXPECT_EQ(find<QComboBox>("curves.bands")->currentData().toString(), "deviation");
  EXPECT_TRUE(actions_->conflicts().empty()) << actions_->conflicts().front().toStdString();
}

TEST_F(CurvesGrouped, ValuesOfPapersAreDrawnOrRefusedInASentence) {
  open();
  auto* field = find<QLineEdit>("curves.references");
  std::string model;
  for (const PaperValue& value : paperValues()) {
    model = value.isTop1() ? value.name() : model;
  }
  field->setText(QString::fromStdString(model));
  ASSERT_TRUE(waitFor([&] { return notes().contains("No value of the papers") || find<CurveCharts>("curves.charts")->charts()[0]->findChildren<QAbstractButton*>().size() > 4; }));
  settle();
  EXPECT_FALSE(notes().contains("No value of the papers")) << notes().toStdString();
  field->setText("no such model anywhere");
  EXPECT_TRUE(waitFor([&] { return notes().contains("No value of the papers has all the words"); })) << notes().toStdString();
  field->clear();
  EXPECT_TRUE(waitFor([&] { return !notes().contains("papers"); }));
}

TEST_F(CurvesGrouped, AReachSaysHowSureItIs) {
  open();
  set("curves.group.panel", "automatic");
  find<QComboBox>("curves.reach.curve")->setCurrentIndex(0);
  find<QComboBox>("curves.reach.other")->setCurrentIndex(find<QComboBox>("curves.reach.other")->count() - 1);
  EXPECT_TRUE(waitFor([&] { return find<QLabel>("curves.reach.interval")->text().contains("over 3 support draws"); }))
      << find<QLabel>("curves.reach.interval")->text().toStdString();
}

TEST_F(CurvesGrouped, ADotLeadsToItsRun) {
  open();
  const auto workspace = test_.workspace();
  const auto run = store::RunStore(workspace).add({.name = "made Beta", .recipe = "siglip"});
  ASSERT_TRUE(run);
  ASSERT_TRUE(store::CheckpointStore(workspace)
                  .record({.run = run->id, .step = 1, .path = "/models/Beta", .weightsHash = "hash of Beta", .recipe = "siglip"}));
  std::vector<std::pair<PageId, QString>> went;
  QObject::connect(&test_.desk(), &Desk::showAsked, page_.get(),
                   [&](PageId page, const QString& what) { went.emplace_back(page, what); });
  actions_->action("curves.openRun")->trigger();
  EXPECT_TRUE(test_.wasSaid("Click a dot"));
  const auto& charts = find<CurveCharts>("curves.charts")->charts();
  const auto clickLabel = [&](const QString& label) {
    // The charts tell a click by series and dot; the first dot of the first series of that checkpoint.
    for (int series = 0; series < 8; ++series) {
      Q_EMIT charts[0]->pointClicked(series, 1);
      if (find<QLabel>("curves.point.title")->text().startsWith(label)) {
        return;
      }
    }
  };
  clickLabel("Beta");
  QTest::mouseClick(find<QPushButton>("curves.point.run"), Qt::LeftButton);
  EXPECT_TRUE(waitFor([&] { return went.size() == 1; }));
  EXPECT_EQ(went[0], std::pair(PageId::Runs, QString("run:%1").arg(run->id)));
  clickLabel("Alpha");
  QTest::mouseClick(find<QPushButton>("curves.point.run"), Qt::LeftButton);
  EXPECT_TRUE(waitFor([&] { return test_.wasSaid("No run of this workspace made /models/Alpha"); }));
}

}  // namespace
}  // namespace lix::app
