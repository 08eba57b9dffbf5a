// Runs on the Train page, started there or elsewhere: real programs, watched, paused, stopped, killed.
#include "charts/chart_legend.h"
#include "charts/series_chart.h"
#include "train_page_support.h"

namespace lix::app {
namespace {
using namespace testing_support;

TEST_F(TrainRunsTest, StartsARealRunAndShowsIt) {
  recipe("siglixp");
  tiny(1000);
  type("param.steps", "12");
  EXPECT_EQ(page_->findChild<QLineEdit*>("train.command")->text(),
            "lixp train siglixp --data discs --size tiny --steps 12 --batch 8 --threads 1 --checkpoint-every 1000 "
            "--workspace " +
                QString::fromStdString(desk_.folder().string()));
  click("train.startButton");
  ASSERT_TRUE(waitForStatus(RunStatus::Done));
  const store::RunRow run = rows().front();
  EXPECT_EQ(run.recipe, "siglixp");
  EXPECT_EQ(run.step, 12);
  EXPECT_NE(run.settings.find("\"batch\":8"), std::string::npos) << run.settings;
  EXPECT_TRUE(waitForText("train.status", "Done, step 12 of 12")) << text("train.status").toStdString();
  EXPECT_TRUE(waitForText("train.latest", "pictures/s")) << text("train.latest").toStdString();
  EXPECT_TRUE(text("train.latest").contains("effective neighbours"));
  EXPECT_EQ(find<QComboBox>("train.run")->currentText(), QString::fromStdString(run.name));
  const auto& series = desk_.desk().runs().series(run.id);
  ASSERT_NE(findSeries(series, "loss"), nullptr);
  EXPECT_EQ(findSeries(series, "loss")->values.size(), 12u);
  EXPECT_EQ(findSeries(series, "loss")->values.back(),
            store::MetricStore(desk_.workspace()).series(run.id, "loss")->back().value);
  EXPECT_TRUE(waitFor([this] { return desk_.wasSaid("is done"); }));
  std::vector<std::pair<PageId, QString>> shown;
  QObject::connect(&desk_.desk(), &Desk::showAsked, page_.get(),
                   [&](PageId page, const QString& what) { shown.emplace_back(page, what); });
  for (const char* next : {"train.inspect", "train.measure", "train.compare"}) {
    click(next);
  }
  const QString checkpoint = "checkpoint:" + QString::fromStdString(run.out.string());
  EXPECT_EQ(shown, (std::vector<std::pair<PageId, QString>>{{PageId::Inspect, checkpoint},
                                                            {PageId::Curves, checkpoint},
                                                            {PageId::Compare, checkpoint}}));
  grabPage(*page_, "train");
}

TEST_F(TrainRunsTest, PausesResumesStopsContinuesAndCancels) {
  recipe("siglip");
  tiny(100000);
  click("train.startButton");
  ASSERT_TRUE(waitFor([this] { return !rows().empty() && rows().front().step > 3 && shows("run.pause"); }, kLong));
  page_->activateWindow();
  find<QPushButton>("run.pause")->setFocus();
  QTest::keyClick(find<QPushButton>("run.pause"), Qt::Key_Space);
  ASSERT_TRUE(waitForStatus(RunStatus::Paused));
  ASSERT_TRUE(waitForText("train.status", "Paused"));
  EXPECT_FALSE(shows("run.pause"));
  EXPECT_EQ(page_->focusWidget()->objectName(), "run.resume") << "Stop is not what Space asks for next";
  EXPECT_TRUE(waitFor([this] { return fs::exists(rows().front().out / "training_state.safetensors"); }));
  click("run.resume");
  ASSERT_TRUE(waitForStatus(RunStatus::Running));
  ASSERT_TRUE(waitFor([this] { return shows("run.stop"); }, kLong));
  click("run.stop");
  ASSERT_TRUE(waitForStatus(RunStatus::Interrupted));
  ASSERT_TRUE(waitFor([this] { return shows("run.continue"); }, kLong));
  const long long stopped = rows().front().step;
  EXPECT_TRUE(waitForText("train.status", "Stopped"));
  EXPECT_TRUE(waitForText("train.continueNote", QString("from the checkpoint of step %1").arg(stopped)))
      << text("train.continueNote").toStdString();
  EXPECT_TRUE(waitFor([this] { return desk_.wasSaid("was stopped at step"); }));
  EXPECT_TRUE(fs::exists(rows().front().out / "model.safetensors"));
  click("run.continue");
  ASSERT_TRUE(waitFor(
      [&] {
        return rows().front().status == RunStatus::Running && rows().front().step > stopped && shows("run.cancel");
      },
      kLong));
  EXPECT_EQ(rows().size(), 1u);
  const QString mark = QString("taken up again (step %1)").arg(stopped);
  const auto* loss = find<widgets::SeriesChart>("train.chart.loss");
  EXPECT_TRUE(waitFor([&] {
    const auto entries = loss->findChildren<widgets::LegendButton*>();
    return std::ranges::any_of(entries, [&](const auto* entry) { return entry->text() == mark; });
  }, kLong)) << mark.toStdString();
  grabPage(*page_, "train-running");
  click("run.cancel");
  EXPECT_LE(page_->minimumSizeHint().width(), 1024 - 84) << "too wide for a small window";
  grabPage(*page_, "train-asking");
  click("run.keep");
  EXPECT_TRUE(shows("run.cancel"));
  click("run.cancel");
  click("run.confirmCancel");
  ASSERT_TRUE(waitForStatus(RunStatus::Cancelled));
  EXPECT_TRUE(waitForText("train.status", "Cancelled"));
}

TEST_F(TrainRunsTest, ARunOfATerminalAppearsAndItsDeathIsToldOnce) {
  test::Process process(inTerminal({"--steps", "100000", "--checkpoint-every", "2"}));
  ASSERT_TRUE(waitForText("train.status", "Running")) << process.errSoFar();
  ASSERT_TRUE(waitFor([this] { return fs::exists(rows().front().out / "config.json"); }, kLong));
  process.send(SIGKILL);
  EXPECT_TRUE(waitForText("train.status", "Interrupted"));
  EXPECT_TRUE(waitFor([this] { return shows("run.continue"); }, kLong));
  QTest::qWait(1200);  // two more looks at the database
  EXPECT_EQ(desk_.said().filter("Continue goes on").size(), 1) << desk_.said().join('\n').toStdString();
}

TEST_F(TrainRunsTest, WhatARunHasToSayIsSaidOnce) {
  const auto workspace = store::Workspace::open(desk_.folder(), store::OpenMode::ReadWrite);
  LIX_ASSERT_OK(workspace);
  const store::RunStore runs(*workspace);
  const auto run = runs.add({.recipe = "siglip", .dataset = "discs", .settings = "{}", .stepsTotal = 9});
  LIX_ASSERT_OK(run);
  LIX_ASSERT_OK(runs.start(run->id, store::ownProcess(), {}, 0));
  LIX_ASSERT_OK(runs.setStatus(run->id, RunStatus::Running, "Step 4 was skipped."));
  ASSERT_TRUE(waitFor([this] { return desk_.wasSaid("Step 4 was skipped."); }));
  EXPECT_TRUE(waitForText("train.message", "Step 4 was skipped."));
  LIX_ASSERT_OK(runs.heartbeat(run->id, 5));
  QTest::qWait(1200);  // two more looks at the database
  EXPECT_EQ(desk_.said().filter("Step 4 was skipped.").size(), 1);
  LIX_ASSERT_OK(runs.setStatus(run->id, RunStatus::Cancelled));
}

TEST_F(TrainRunsTest, ACanaryHasItsOwnChart) {
  auto* chart = find<QWidget>("train.chart.canary");
  test::Process process(inTerminal({"--steps", "4", "--canary", "discs", "--canary-shots", "2", "--canary-every", "2"}));
  ASSERT_TRUE(waitForStatus(RunStatus::Done)) << process.errSoFar();
  ASSERT_TRUE(waitFor([&] { return !chart->isHidden(); }, kLong));
  EXPECT_TRUE(find<QWidget>("train.chart.mixture")->isHidden()) << "a SigLIP mixes nothing";
  EXPECT_TRUE(waitForText("train.latest", "canary's zero-shot"));
  grabPage(*page_, "train-canary");
}

TEST_F(TrainRunsTest, ARunKilledBeforeItsFirstCheckpointBeginsAgainAndSaysSo) {
  test::Process process(inTerminal({"--steps", "100000", "--checkpoint-every", "90000"}));
  ASSERT_TRUE(waitFor([this] { return !rows().empty() && rows().front().step > 2; }, kLong)) << process.errSoFar();
  ASSERT_TRUE(waitForText("train.status", "Running"));
  process.send(SIGKILL);
  EXPECT_TRUE(waitForText("train.status", "Interrupted"));
  EXPECT_TRUE(waitForText("train.continueNote", "no checkpoint yet, so Continue begins again at step 0"));
  EXPECT_TRUE(waitFor([this] { return desk_.wasSaid("no checkpoint yet"); }));
  EXPECT_TRUE(find<QPushButton>("run.continue")->toolTip().contains("begins again"));
  grabPage(*page_, "train-killed");
}

TEST_F(TrainRunsTest, ARunThatCannotBeIsToldWithItsReason) {
  recipe("siglip");
  values({{"steps", 5LL}, {"batch", 5000LL}});
  click("train.startButton");
  ASSERT_TRUE(waitForStatus(RunStatus::Failed));
  EXPECT_TRUE(waitForText("train.message", "too few distinct pairs"));
  EXPECT_TRUE(waitFor([this] { return find<QPushButton>("train.startButton")->isEnabled(); }, kLong));
}

}  // namespace
}  // namespace lix::app
