// Curves: from rows in the database to dots, numbers and files; and the way to measure more.
#include <QAbstractButton>
#include <QChart>
#include <QClipboard>
#include <QComboBox>
#include <QGraphicsView>
#include <QGuiApplication>
#include <QImage>
#include <QJsonArray>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QStackedWidget>
#include <QTableWidget>
#include <QTest>
#include <QTextBrowser>
#include <QValueAxis>
#include <cmath>

#include "base/file.h"
#include "base/text.h"
#include "charts/curve_chart.h"
#include "curves_rows.h"
#include "desk/dataset_shelf.h"
#include "desk/tasks.h"
#include "frame/choices.h"
#include "imaging/write.h"
#include "pages/curves/check_list.h"
#include "pages/curves/curve_charts.h"
#include "pages/curves/curves_page.h"
#include "store/evaluation_store.h"
#include "shown_page.h"
#include "window_support.h"

namespace lix::app {
namespace {
namespace fs = std::filesystem;
using testing_support::grabPage;
using testing_support::measured;
using testing_support::dropOn;
using testing_support::TestDesk;
using testing_support::waitFor;

constexpr int kLong = 120000;

void add(const store::Workspace& workspace, const store::EvaluationRow& row) {
  const auto id = store::EvaluationStore(workspace).add(row);
  ASSERT_TRUE(id) << id.error().message;
}

/// Two checkpoints, two adapters, three draws at 1, 2, 4 and 8 shots, with zero-shot.
void addCurves(const store::Workspace& workspace) {
  for (const auto& [label, start] : {std::pair("Alpha", 0.30), {"Beta", 0.40}}) {
    add(workspace, measured(label, "zero-shot", 0, 0, start - 0.05));
    for (const char* adapter : {"prototype", "knn"}) {
      for (int step = 0; step < 4; ++step) {
        for (int draw = 0; draw < 3; ++draw) {
          add(workspace,
              measured(label, adapter, 1 << step, draw,
                       start + 0.1 * step + 0.01 * draw - (std::string_view(adapter) == "knn" ? 0.05 : 0.0)));
        }
      }
    }
  }
}

/// The page on its desk, as a person sees it.
struct Shown : testing_support::ShownPage<CurvesPage> {
  using ShownPage::ShownPage;
  widgets::CurveChart* chart(int panel) {
    return find<widgets::CurveChart>(qPrintable(QString("curves.chart.%1").arg(panel)));
  }
  /// The legend's entry, as a person finds it.
  QAbstractButton* legend(const QString& text) {
    for (auto* button : chart(0)->findChildren<QAbstractButton*>()) {
      if (button->text().contains(text)) {
        return button;
      }
    }
    ADD_FAILURE() << "no legend entry " << text.toStdString();
    return nullptr;
  }
  /// Clicks the highest dot of the first chart.
  void clickHighestDot() {
    QWidget* viewport = chart(0)->findChild<QGraphicsView*>()->viewport();
    QPointF highest(0, 1e9);
    for (int series = 0; series < 100; ++series) {
      for (int point = 0; point < 10; ++point) {
        const QPointF place = chart(0)->placeOf(series, point);
        highest = !place.isNull() && place.y() < highest.y() ? place : highest;
      }
    }
    QTest::mouseClick(viewport, Qt::LeftButton, {}, viewport->mapFrom(chart(0), highest.toPoint()));
  }
  int charts() { return int(find<CurveCharts>("curves.charts")->charts().size()); }
  bool isEmpty() { return page.findChild<QStackedWidget*>()->currentIndex() == 0; }
  void check(const char* list, int row, Qt::CheckState state) {
    find<CheckList>(list)->item(row)->setCheckState(state);
    settle();
  }
};

TEST(CurvesPage, SaysHowToBeginAndShowsRowsAsTheyCome) {
  TestDesk test;
  Shown shown(test);
  EXPECT_TRUE(shown.isEmpty());
  addCurves(test.workspace());  // from another connection, as lixp does
  ASSERT_TRUE(waitFor([&] { return !shown.isEmpty(); }));
  shown.settle();
  EXPECT_EQ(shown.find<QComboBox>("curves.dataset")->currentText(), "emoji");
  EXPECT_EQ(shown.find<QComboBox>("curves.labels")->currentText(), "group");
  EXPECT_EQ(shown.find<CheckList>("curves.checkpoints")->count(), 2);
  EXPECT_EQ(shown.find<CheckList>("curves.adapters")->count(), 2);
  ASSERT_EQ(shown.charts(), 1);
  EXPECT_TRUE(shown.find<QLabel>("curves.notes")->text().contains("95 % interval"));
}

TEST(CurvesPage, AClickedDotTellsItsMeasurements) {
  TestDesk test;
  addCurves(test.workspace());
  Shown shown(test);
  shown.check("curves.adapters", 0, Qt::Unchecked);     // knn
  shown.check("curves.checkpoints", 0, Qt::Unchecked);  // Alpha
  QWidget* panel = shown.find<QWidget>("curves.point");
  EXPECT_TRUE(panel->isHidden());
  QTest::qWait(50);         // the chart is laid out
  shown.clickHighestDot();  // 8 shots of Beta, prototypes
  ASSERT_FALSE(panel->isHidden());
  // 0.70, 0.71, 0.72: mean 0.71, s 0.01, half interval 4.3027 * 0.01 / sqrt(3) = 0.0248.
  const QString numbers = shown.find<QLabel>("curves.point.numbers")->text();
  EXPECT_TRUE(numbers.contains("71.00 %") && numbers.contains("2.48") && numbers.contains("3 support draws"))
      << numbers.toStdString();
  auto* rows = shown.find<QTableWidget>("curves.point.rows");
  ASSERT_EQ(rows->rowCount(), 3);
  EXPECT_EQ(rows->item(2, 1)->text(), "72.00");
  const QString facts = shown.find<QTextBrowser>("curves.point.facts")->toPlainText();
  EXPECT_TRUE(facts.contains("/models/Beta") && facts.contains("hash of Beta") && facts.contains("alpha 1.5"))
      << facts.toStdString();
  QTest::mouseClick(shown.find<QPushButton>("curves.point.copy"), Qt::LeftButton);
  const QString command = QGuiApplication::clipboard()->text();
  EXPECT_TRUE(command.startsWith("lixp eval few-shot /models/Beta --data emoji") && command.contains("--draws 3") &&
              command.contains("--workspace " + QString::fromStdString(test.folder().string())))
      << command.toStdString();
  QTest::keyClick(rows, Qt::Key_Escape);
  EXPECT_TRUE(panel->isHidden());
}

TEST(CurvesPage, AClickInTheLegendHidesACurveFromFilesToo) {
  TestDesk test;
  addCurves(test.workspace());
  Shown shown(test);
  shown.check("curves.adapters", 0, Qt::Unchecked);
  const fs::path csv = test.scratch() / "curves.csv";
  const auto lines = [&] {
    shown.page.saveTo(csv);
    shown.settle();
    const auto read = readFile(csv);
    return read ? split(*read, '\n') : std::vector<std::string>();
  };
  const auto all = lines();
  ASSERT_EQ(all.size(), 12u) << "a head, five points of each curve, and a last line break";
  const auto row = std::ranges::find_if(all, [](const std::string& one) {
    return one.find("Beta,emoji") == 0 && one.find("few-shot,8,") != std::string::npos;
  });
  ASSERT_NE(row, all.end());
  EXPECT_NE(row->find(",0.71,0.01,"), std::string::npos) << *row;
  QTest::mouseClick(shown.legend("Alpha"), Qt::LeftButton);
  ASSERT_EQ(shown.chart(0)->hidden(), std::vector<std::string>{"Alpha"});
  EXPECT_EQ(lines().size(), 7u);
  add(test.workspace(), measured("Beta", "prototype", 16, 0, 0.8));
  ASSERT_TRUE(waitFor([&] { return lines().size() == 8; })) << "a new row comes by itself";
  EXPECT_EQ(shown.chart(0)->hidden(), std::vector<std::string>{"Alpha"}) << "and what was hidden stays so";
}

TEST(CurvesPage, SavesPicturesAndRefusesOtherFiles) {
  TestDesk test;
  addCurves(test.workspace());
  Shown shown(test);
  for (const auto& [file, head] : {std::pair("c.svg", "<?xml"), {"c.pdf", "%PDF"}, {"c.png", "\x89PNG"}}) {
    shown.page.saveTo(test.scratch() / file);
    shown.settle();
    const auto bytes = readFile(test.scratch() / file);
    ASSERT_TRUE(bytes) << file;
    EXPECT_EQ(bytes->find(head), 0u) << file;
    EXPECT_TRUE(test.wasSaid(file));
  }
  EXPECT_NE(readFile(test.scratch() / "c.svg")->find("Alpha"), std::string::npos);
  shown.page.saveTo(test.scratch() / "c.doc");
  EXPECT_TRUE(test.wasSaid("c.doc"));
  EXPECT_FALSE(fs::exists(test.scratch() / "c.doc"));
  shown.page.saveTo("/nowhere/at/all/c.csv");
  shown.settle();
  EXPECT_TRUE(test.wasSaid("/nowhere"));
  shown.page.copyPicture();
  EXPECT_FALSE(QGuiApplication::clipboard()->image().isNull());
}

TEST(CurvesPage, ManyCurvesBecomeOneChartAnAdapter) {
  TestDesk test;
  const auto workspace = test.workspace();
  for (int model = 0; model < 4; ++model) {
    for (const char* adapter : {"prototype", "knn"}) {
      for (const int shots : {1, 4}) {
        add(workspace, measured(cat("Model ", model), adapter, shots, 0, 0.1 * model + 0.05 * shots));
      }
    }
  }
  Shown shown(test);
  EXPECT_EQ(shown.charts(), 2);
  EXPECT_TRUE(shown.find<QLabel>("curves.notes")->text().contains("single draw"));
  QTest::keyClick(shown.find<CheckList>("curves.checkpoints"), Qt::Key_A, Qt::ControlModifier);  // all are: none
  shown.settle();
  EXPECT_EQ(shown.charts(), 0);
  EXPECT_FALSE(shown.find<QLabel>("curves.nothing")->isHidden());
}

TEST(CurvesPage, ChartsOfOnePageShareAxesWidthAndWhatIsHidden) {
  TestDesk test;
  for (int model = 0; model < 4; ++model) {
    for (const char* adapter : {"prototype", "knn", "tip-adapter"}) {
      for (const int shots : {1, 4}) {
        add(test.workspace(), measured(cat("Model ", model, " of a long name"), adapter, shots, 0,
                                0.1 * model + 0.05 * shots + (adapter[0] == 'k' ? 0.3 : 0.0)));
      }
    }
  }
  Shown shown(test);
  ASSERT_EQ(shown.charts(), 3);
  shown.page.resize(1440, 900);
  ASSERT_TRUE(waitFor([&] { return shown.chart(1)->x() > shown.chart(0)->x(); }));
  EXPECT_NEAR(shown.chart(0)->width(), shown.chart(1)->width(), 2);
  const auto highest = [&](int panel) {
    return static_cast<QValueAxis*>(shown.chart(panel)->chart()->axes(Qt::Vertical).at(0))->max();
  };
  EXPECT_EQ(highest(0), highest(1));
  grabPage(shown.page, "curves-several");
  QTest::mouseDClick(shown.legend("Model 2"), Qt::LeftButton);
  EXPECT_EQ(shown.chart(0)->hidden().size(), 3u);
  EXPECT_EQ(shown.chart(1)->hidden(), shown.chart(0)->hidden());
}

TEST(CurvesPage, TwoSavesAtOnceAreBothWritten) {
  TestDesk test;
  addCurves(test.workspace());
  Shown shown(test);
  shown.page.saveTo(test.scratch() / "one.csv");
  shown.page.saveTo(test.scratch() / "two.csv");
  EXPECT_TRUE(waitFor([&] { return test.wasSaid("one.csv") && test.wasSaid("two.csv"); }));
}

TEST(CurvesPage, SaysWhereADropBelongsAndWhatIsNearChance) {
  TestDesk test;
  add(test.workspace(), measured("Alpha", "zero-shot", 0, 0, 0.12));  // of nine classes
  add(test.workspace(), measured("Alpha", "prototype", 1, 0, 0.5));
  add(test.workspace(), measured("Beta", "zero-shot", 0, 0, 0.5));
  Shown shown(test);
  const QString notes = shown.find<QLabel>("curves.notes")->text();
  EXPECT_TRUE(notes.contains("near chance (11.1 % for 9 classes) for Alpha.")) << notes.toStdString();
  dropOn(&shown.page, Payload{.pictures = {data::PictureRef::ofFile("/a.png")}, .captions = {}, .paths = {}});
  EXPECT_TRUE(test.wasSaid("Curves are drawn from measurements"));
}

TEST(CurvesPage, TellsWhatShotsAreWorth) {
  TestDesk test;
  addCurves(test.workspace());
  Shown shown(test);
  shown.check("curves.adapters", 0, Qt::Unchecked);
  shown.find<QComboBox>("curves.reach.curve")->setCurrentText("Beta");
  shown.find<QComboBox>("curves.reach.other")->setCurrentText("Alpha");
  auto* shots = shown.find<QComboBox>("curves.reach.shots");
  shots->setCurrentIndex(shots->findText("4"));
  auto* answer = shown.find<QLabel>("curves.reach.answer");
  EXPECT_TRUE(answer->text().contains("4 shots of Beta give 61 %; Alpha needs about 8 shots"))
      << answer->text().toStdString();
  QTest::keyClick(shots, Qt::Key_Down);
  EXPECT_TRUE(answer->text().contains("does not reach")) << answer->text().toStdString();
}

TEST(CurvesPage, MeasuresCurvesThatThenAppear) {
  TestDesk test;
  const fs::path folder = test.scratch() / "colours";
  for (const auto& [name, red] : {std::pair("red", 200), {"dark", 20}}) {
    for (int i = 0; i < 9; ++i) {
      const fs::path split = folder / (i < 6 ? "train" : "test") / name;
      fs::create_directories(split);
      ASSERT_TRUE(imaging::writePng(
          split / cat(i, ".png"),
          {.width = 8, .height = 8, .pixels = std::vector<std::uint8_t>(192, std::uint8_t(red + i))}));
    }
  }
  test.desk().datasets().add(folder);
  Shown shown(test);
  QTest::mouseClick(shown.find<QPushButton>("curves.measure.open"), Qt::LeftButton);
  auto* dataset = shown.find<DatasetBox>("curves.measure.dataset");
  ASSERT_TRUE(waitFor([&] { return dataset->findText("colours") >= 0; }));
  dataset->setName("colours");
  shown.settle();
  auto* start = shown.find<QPushButton>("curves.measure.start");
  EXPECT_FALSE(start->isEnabled()) << "no checkpoint is checked";
  auto* checkpoints = shown.find<CheckList>("curves.measure.checkpoints");
  checkpoints->setFocus();
  checkpoints->setCurrentRow(0);
  QTest::keyClick(checkpoints, Qt::Key_Space);
  auto* shots = shown.find<QLineEdit>("curves.measure.shots");
  shots->setText("one");
  EXPECT_FALSE(start->isEnabled());
  shots->setText("1, 2");
  shown.find<QSpinBox>("curves.measure.draws")->setValue(2);
  ASSERT_TRUE(start->isEnabled()) << shown.find<QLabel>("curves.measure.problem")->text().toStdString();
  QTest::mouseClick(start, Qt::LeftButton);
  EXPECT_FALSE(test.desk().tasks().isIdle());
  ASSERT_TRUE(waitFor([&] { return test.desk().tasks().isIdle(); }, kLong));
  shown.settle();
  ASSERT_TRUE(waitFor([&] { return !shown.isEmpty() && shown.charts() == 1; })) << test.said().join("|").toStdString();
  const auto rows = store::EvaluationStore(test.workspace()).list({.adapter = "prototype", .metric = "top1"});
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->size(), 4u) << "two draws at 1 and 2 shots";
}

TEST(CurvesPage, AReadOnlyWorkspaceShowsButDoesNotMeasure) {
  TestDesk test(TestDesk::Checkpoints::Shipped, store::OpenMode::ReadOnly);
  Shown shown(test);
  QTest::mouseClick(shown.find<QPushButton>("curves.measure.open"), Qt::LeftButton);
  shown.settle();
  EXPECT_FALSE(shown.find<QPushButton>("curves.measure.start")->isEnabled());
  EXPECT_TRUE(shown.find<QLabel>("curves.measure.problem")->text().contains("reading only"));
}

TEST(CurvesPage, RestoresItsChoicesAndToleratesAnything) {
  TestDesk test;
  addCurves(test.workspace());
  store::EvaluationRow other = measured("Alpha", "knn", 1, 0, 0.5);
  other.labelSet = "colour";
  add(test.workspace(), other);
  QJsonObject state;
  {
    Shown shown(test);
    shown.find<QComboBox>("curves.labels")->setCurrentIndex(0);
    shown.settle();
    shown.find<QComboBox>("curves.labels")->setCurrentIndex(1);
    shown.settle();
    shown.check("curves.checkpoints", 1, Qt::Unchecked);
    state = shown.page.state();
  }
  Shown again(test);
  again.page.restore(state);
  again.settle();
  EXPECT_EQ(again.find<QComboBox>("curves.labels")->currentText(), "group");
  EXPECT_EQ(again.find<CheckList>("curves.checkpoints")->item(1)->checkState(), Qt::Unchecked);
  again.page.restore({{"dataset", 7}, {"label_set", "gone"}, {"adapters_off", "x"}, {"splitter", 1}});
  again.settle();
  EXPECT_EQ(again.find<QComboBox>("curves.labels")->currentText(), "group");
  EXPECT_EQ(again.charts(), 1);
}

TEST(Shots, CurvesPage) {
  if (qEnvironmentVariableIsEmpty("LIX_SHOTS")) {
    GTEST_SKIP() << "Name a folder in LIX_SHOTS.";
  }
  TestDesk test;
  {
    Shown shown(test);
    grabPage(shown.page, "curves-empty");
  }
  addCurves(test.workspace());
  Shown shown(test);
  grabPage(shown.page, "curves");
  Q_EMIT shown.chart(0)->pointClicked(0, 3);
  grabPage(shown.page, "curves-point");
  QTest::mouseClick(shown.find<QPushButton>("curves.measure.open"), Qt::LeftButton);
  shown.settle();
  grabPage(shown.page, "curves-measure");
}

}  // namespace
}  // namespace lix::app
