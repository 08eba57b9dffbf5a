// The queue of the Train page, kept steps, and runs drawn over each other: real programs and a real workspace.
#include <QCheckBox>
#include <QMenu>
#include <QTabWidget>
#include <QToolButton>
#include <QTreeWidget>
#include <fstream>

#include "charts/series_chart.h"
#include "pages/train/overlay_button.h"
#include "study/train/train.h"
#include "train_page_support.h"

namespace lix::app {
namespace {
using namespace testing_support;

class TrainQueueTest : public TrainPageTest {
 protected:
  void tab(int index) const { find<QTabWidget>("train.tabs")->setCurrentIndex(index); }
  /// Adds a run that waits, as the Queue button does.
  void queue(long long steps) {
    const auto before = waiting().size();
    values({{"steps", steps}, {"batch", 8LL}, {"threads", 1LL}});
    click("train.queueButton");
    ASSERT_TRUE(waitFor([&] { return waiting().size() == before + 1; }, kLong)) << desk_.said().join('\n').toStdString();
    ASSERT_TRUE(waitFor([&] { return find<QTreeWidget>("train.queue.list")->topLevelItemCount() == int(before) + 1 &&
                                     find<QPushButton>("train.queueButton")->isEnabled(); }, kLong));
  }
  std::vector<store::RunRow> waiting() const { return store::RunStore(desk_.workspace()).queue().value(); }
  std::vector<long long> plannedSteps() const {
    std::vector<long long> steps;
    for (const store::RunRow& run : waiting()) {
      steps.push_back(run.stepsTotal);
    }
    return steps;
  }
  store::RunRow runOf(long long stepsTotal) const {
    for (const store::RunRow& run : rows()) {
      if (run.stepsTotal == stepsTotal) {
        return run;
      }
    }
    return {};
  }
  void hold(bool on) const {
    auto* box = find<QCheckBox>("train.queue.hold");
    if (box->isChecked() != on) {
      tab(1);
      QTest::mouseClick(box, Qt::LeftButton, {}, QPoint(8, box->height() / 2));
    }
    ASSERT_EQ(box->isChecked(), on);
  }
};

TEST_F(TrainQueueTest, RunsStartOneAfterAnotherAndAFailedOneStopsNothing) {
  recipe("siglip");
  hold(true);
  queue(3);
  queue(4);
  queue(5);
  tab(1);
  EXPECT_EQ(find<QTabWidget>("train.tabs")->tabText(1), "Queue (3)");
  auto* list = find<QTreeWidget>("train.queue.list");
  list->setFocus();
  list->setCurrentItem(list->topLevelItem(2));
  QTest::keyClick(list, Qt::Key_Up, Qt::AltModifier);
  ASSERT_TRUE(waitFor([&] { return plannedSteps() == std::vector<long long>{3, 5, 4}; }));
  grabPage(*page_, "train-queue");
  // The second one cannot be: a checkpoint folder that somebody else filled.
  fs::create_directories(runOf(5).out);
  std::ofstream(runOf(5).out / "other") << "x";
  hold(false);
  ASSERT_TRUE(waitFor([&] { return runOf(4).status == RunStatus::Done; }, kLong)) << desk_.said().join('\n').toStdString();
  EXPECT_EQ(runOf(3).status, RunStatus::Done);
  EXPECT_EQ(runOf(5).status, RunStatus::Failed);
  EXPECT_NE(runOf(5).message.find("exists already"), std::string::npos) << runOf(5).message;
  EXPECT_LE(runOf(3).finishedAt, runOf(4).startedAt) << "one after another";
  EXPECT_TRUE(waitFor([&] { return find<QTabWidget>("train.tabs")->tabText(1) == "Queue"; }));
}

TEST_F(TrainQueueTest, WhatWaitsIsEditedRemovedAndBroughtBack) {
  recipe("siglip");
  hold(true);
  queue(30);
  queue(40);
  tab(1);
  auto* list = find<QTreeWidget>("train.queue.list");
  list->setCurrentItem(list->topLevelItem(0));
  click("train.queue.edit");
  EXPECT_TRUE(text("train.editing").contains(QString::fromStdString(waiting().front().name)));
  EXPECT_EQ(std::get<long long>(find<widgets::ParamForm>("train.params")->values().at("steps")), 30);
  EXPECT_EQ(find<QPushButton>("train.queueButton")->text(), "Save in queue");
  values({{"steps", 35LL}});
  click("train.queueButton");
  ASSERT_TRUE(waitFor([&] { return plannedSteps() == std::vector<long long>{35, 40}; }, kLong));
  EXPECT_NE(waiting().front().settings.find("\"steps\":35"), std::string::npos);
  ASSERT_TRUE(waitFor([&] { return !find<QLabel>("train.editing")->isVisible(); }, kLong));
  list->setFocus();
  list->setCurrentItem(list->topLevelItem(0));
  QTest::keyClick(list, Qt::Key_Delete);
  ASSERT_TRUE(waitFor([&] { return plannedSteps() == std::vector<long long>{40}; }));
  ASSERT_TRUE(waitFor([&] { return shows("train.queue.undo"); }));
  click("train.queue.undo");
  ASSERT_TRUE(waitFor([&] { return plannedSteps() == std::vector<long long>{35, 40}; }));
}

TEST_F(TrainQueueTest, AWindowThatIsOpenedAgainGoesOnWithWhatWaits) {
  recipe("siglip");
  hold(true);
  queue(3);
  page_.reset();  // as if it crashed: nothing is kept but the workspace
  desk_.reopen();
  open();
  EXPECT_TRUE(waitFor([&] { return runOf(3).status == RunStatus::Done; }, kLong)) << desk_.said().join('\n').toStdString();
  EXPECT_TRUE(desk_.said().filter("held").isEmpty());
}

TEST_F(TrainQueueTest, AProgramThatCannotBeStartedHoldsTheQueue) {
  recipe("siglip");
  hold(true);
  queue(3);
  qputenv("LIXP", "/nowhere/lixp");
  hold(false);
  EXPECT_TRUE(waitFor([&] { return desk_.wasSaid("The queue is held"); }, kLong)) << desk_.said().join('\n').toStdString();
  EXPECT_TRUE(find<QCheckBox>("train.queue.hold")->isChecked());
  EXPECT_EQ(waiting().size(), 1u) << "and nothing is lost";
}

TEST_F(TrainQueueTest, StepsAreKeptListedRemovedAndBroughtBack) {
  recipe("siglip");
  values({{"steps", 100000LL}, {"batch", 8LL}, {"threads", 1LL}, {"keep_every", 5LL}});
  click("train.startButton");
  ASSERT_TRUE(waitFor([this] { return !rows().empty() && rows().front().step > 5 && shows("train.checkpoint.keepStep"); }, kLong))
      << desk_.said().join('\n').toStdString();
  const store::Workspace workspace = desk_.workspace();
  const store::CheckpointStore checkpoints(workspace);
  const auto out = rows().front().out;
  EXPECT_TRUE(fs::exists(study::keptFolder(out, 5) / "model.safetensors"));
  click("run.stop");
  ASSERT_TRUE(waitForStatus(RunStatus::Interrupted));
  auto* fold = find<QToolButton>("train.checkpoints");
  ASSERT_TRUE(waitFor([&] { return fold->text().contains("newest") && fold->text().contains("kept"); }, kLong))
      << fold->text().toStdString();
  QTest::mouseClick(fold, Qt::LeftButton);
  auto* list = find<QTreeWidget>("train.checkpointList");
  ASSERT_GE(list->topLevelItemCount(), 2);
  list->setCurrentItem(list->topLevelItem(0));
  EXPECT_FALSE(find<QPushButton>("train.checkpoint.remove")->isEnabled()) << "the newest is the run's own";
  grabPage(*page_, "train-checkpoints");
  list->setCurrentItem(list->topLevelItem(list->topLevelItemCount() - 1));
  const fs::path kept = list->currentItem()->data(0, Qt::UserRole).toString().toStdString();
  EXPECT_EQ(kept, study::keptFolder(out, 5));
  click("train.checkpoint.remove");
  ASSERT_TRUE(waitFor([&] { return shows("train.checkpoint.undo"); }));
  EXPECT_FALSE(fs::exists(kept));
  EXPECT_FALSE(checkpoints.find(kept).has_value());
  click("train.checkpoint.undo");
  ASSERT_TRUE(waitFor([&] { return fs::exists(kept / "model.safetensors") && checkpoints.find(kept).has_value(); }));
  const auto oldest = [&] { return list->topLevelItem(list->topLevelItemCount() - 1); };
  ASSERT_TRUE(waitFor([&] { return oldest() != nullptr && oldest()->data(0, Qt::UserRole).toString().toStdString() == kept; }));
  list->setCurrentItem(oldest());
  std::pair<PageId, QString> shown;
  QObject::connect(&desk_.desk(), &Desk::showAsked, &desk_.desk(), [&](PageId page, const QString& what) { shown = {page, what}; });
  click("train.checkpoint.compare");
  EXPECT_EQ(shown, std::pair(PageId::Compare, "checkpoint:" + QString::fromStdString(kept.string())));
  // Removed and the page closed: it goes for good.
  ASSERT_TRUE(waitFor([&] { return find<QPushButton>("train.checkpoint.remove")->isEnabled(); }));
  click("train.checkpoint.remove");
  ASSERT_TRUE(waitFor([&] { return !fs::exists(kept); }));
  ASSERT_TRUE(waitFor([&] { return shows("train.checkpoint.undo"); }));
  page_.reset();
  EXPECT_TRUE(waitFor([&] { return !fs::exists(kept.string() + ".removed"); }));
}

TEST_F(TrainQueueTest, AStepIsKeptByItsButton) {
  recipe("siglip");
  tiny(100000);
  click("train.startButton");
  ASSERT_TRUE(waitFor([this] { return !rows().empty() && rows().front().step > 2 && shows("train.checkpoint.keepStep"); }, kLong));
  click("train.checkpoint.keepStep");
  const auto kept = [this] {
    const auto all = store::CheckpointStore(desk_.workspace()).list(rows().front().id).value();
    return all.empty() ? fs::path() : all.front().path;
  };
  ASSERT_TRUE(waitFor([&] { return fs::exists(kept() / "model.safetensors"); }, kLong));
  EXPECT_NE(kept().string().find("-step-0000"), std::string::npos);
  EXPECT_EQ(rows().front().status, RunStatus::Running);
}

TEST_F(TrainQueueTest, RunsLieOverEachOther) {
  const auto made = [this](const char* name, double loss) {
    const auto workspace = store::Workspace::open(desk_.folder(), store::OpenMode::ReadWrite).value();
    const store::RunStore runs(workspace);
    const auto run = runs.add({.name = name, .recipe = "siglip", .dataset = "discs", .settings = R"({"batch": 8})", .stepsTotal = 3}).value();
    EXPECT_TRUE(runs.start(run.id, store::ownProcess(), {}, 0).has_value());
    std::vector<store::MetricPoint> points;
    for (int step = 1; step <= 3; ++step) {
      points.push_back({step, "loss", loss / step});
      points.push_back({step, "loss.dot", loss / step});
      points.push_back({step, "memory.process", 0.5});
    }
    EXPECT_TRUE(store::MetricStore(workspace).append(run.id, points).has_value());
    EXPECT_TRUE(runs.heartbeat(run.id, 3).has_value());
    EXPECT_TRUE(runs.setStatus(run.id, RunStatus::Done).has_value());
    return run.id;
  };
  const long long first = made("first", 3.0);
  const long long second = made("second", 5.0);
  ASSERT_TRUE(waitFor([&] { return desk_.desk().runs().run(second).has_value() && desk_.desk().runs().run(first).has_value(); }));
  page_->open(QString("run:%1").arg(second));
  auto* chart = find<widgets::SeriesChart>("train.chart.loss");
  const auto lines = [&] { return chart->figure() ? chart->figure()->table() : std::string(); };
  ASSERT_TRUE(waitFor([&] { return lines().find('5') != std::string::npos; }));
  EXPECT_EQ(lines().find("first"), std::string::npos);
  auto* overlay = find<OverlayButton>("train.overlay");
  QMenu* menu = overlay->menu();
  menu->popup(page_->mapToGlobal(QPoint(0, 0)));
  ASSERT_TRUE(waitFor([&] { return menu->isVisible(); }));
  const auto actions = menu->actions();
  const auto over = std::ranges::find_if(actions, [](const QAction* action) { return action->text() == "first (Done)"; });
  ASSERT_NE(over, actions.end());
  EXPECT_FALSE((*over)->isChecked());
  EXPECT_TRUE((*over)->icon().isNull()) << "a mark reads as a tick";
  EXPECT_FALSE(actions.front()->isEnabled()) << "there is nothing to take away";
  QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(*over).center());
  EXPECT_TRUE(menu->isVisible()) << "the next one can be chosen";
  EXPECT_TRUE((*over)->isChecked() && actions.front()->isEnabled());
  menu->hide();
  EXPECT_EQ(overlay->text(), "Overlay (1)");
  ASSERT_TRUE(waitFor([&] { return lines().find("first") != std::string::npos && lines().find("second") != std::string::npos; }));
  EXPECT_FALSE(find<QWidget>("train.chart.memory")->isHidden());
  QTest::mouseClick(find<QCheckBox>("train.outliers"), Qt::LeftButton, {}, QPoint(8, 8));
  QTest::mouseClick(find<QCheckBox>("train.logarithmic"), Qt::LeftButton, {}, QPoint(8, 8));
  EXPECT_TRUE(find<QCheckBox>("train.outliers")->isChecked() && find<QCheckBox>("train.logarithmic")->isChecked());
  grabPage(*page_, "train-overlay");
  const QJsonObject state = page_->state();
  open();
  page_->restore(state);
  EXPECT_EQ(find<OverlayButton>("train.overlay")->chosen(), std::vector<long long>{first});
  EXPECT_TRUE(find<QCheckBox>("train.outliers")->isChecked() && find<QCheckBox>("train.logarithmic")->isChecked());
}

}  // namespace
}  // namespace lix::app
