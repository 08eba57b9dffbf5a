#include <gtest/gtest.h>

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QSlider>
#include <QSpinBox>
#include <QTest>
#include <algorithm>
#include <csignal>
#include <filesystem>

#include "app/support/made_set.h"
#include "app/support/program.h"
#include "chrome/action_table.h"
#include "desk/dataset_shelf.h"
#include "desk/run_watch.h"
#include "desk/tasks.h"
#include "forms/param_form.h"
#include "frame/choices.h"
#include "frame/page.h"
#include "pages/train/dry_run_card.h"
#include "pages/train/live_panels.h"
#include "store/checkpoint_store.h"
#include "store/metric_store.h"
#include "store/run_store.h"
#include "support/support.h"
#include "window_support.h"

namespace lix::app {
namespace {
using namespace testing_support;
using store::RunStatus;
namespace fs = std::filesystem;

constexpr int kLong = 60000;  // a training program that starts on a busy machine

class TrainPageTest : public testing::Test {
 protected:
  void SetUp() override {
    qputenv("LIXP", QByteArray::fromStdString(test::lixp({})[0]));
    static const test::TemporaryFolder made;  // once for all tests
    if (!fs::exists(made / "discs")) {
      test::makeDiscs(made / "discs");
    }
    desk_.desk().datasets().add(made / "discs");
    ASSERT_TRUE(waitFor([this] {
      return std::ranges::any_of(desk_.desk().datasets().entries(),
                                 [](const auto& entry) { return entry.name == "discs"; });
    })) << desk_.said().join('\n').toStdString();
    desk_.settle();
    open();
  }

  void TearDown() override {  // no program outlives its test
    for (const store::RunRow& run : rows()) {
      if (run.status == RunStatus::Running || run.status == RunStatus::Paused) {
        ::kill(static_cast<pid_t>(run.process.pid), SIGKILL);
      }
    }
    page_.reset();
  }

  void open() {
    page_.reset(makeTrainPage(desk_.desk()));
    actions_ = new widgets::ActionTable(page_.get());
    page_->addActions(*actions_);
    actions_->setScope("train");
    page_->resize(1100, 800);
    page_->show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(page_.get()));
    desk_.settle();
    find<DatasetBox>("train.data")->setName("discs");
    ASSERT_EQ(find<DatasetBox>("train.data")->name(), "discs");
  }

  template <class T>
  T* find(const char* name) const {
    T* found = page_->findChild<T*>(name);
    EXPECT_NE(found, nullptr) << name;
    return found;
  }
  void click(const char* name) const {
    auto* button = find<QPushButton>(name);
    ASSERT_TRUE(button->isVisibleTo(page_.get()) && button->isEnabled()) << name;
    QTest::mouseClick(button, Qt::LeftButton);
  }
  QString text(const char* name) const { return find<QLabel>(name)->text(); }
  bool shows(const char* button) const { return find<QPushButton>(button)->isVisibleTo(page_.get()); }
  bool waitForText(const char* name, const QString& part) const {
    return waitFor([&] { return text(name).contains(part); }, kLong);
  }
  void recipe(const char* id) const {
    auto* box = find<QComboBox>("train.recipe");
    box->setFocus();
    for (int i = 0; i < box->count() && box->currentData().toString() != id; ++i) {
      QTest::keyClick(box, i == 0 ? Qt::Key_Home : Qt::Key_Down);
    }
    ASSERT_EQ(box->currentData().toString(), id);
  }
  void values(const ParamValues& values) const {
    auto* form = find<widgets::ParamForm>("train.params");
    form->setValues(values);
    Q_EMIT form->changed();
  }
  /// Types a number as a person does.
  void type(const char* field, const QString& number) const {
    auto* box = find<QWidget>(field);
    box->setFocus();
    QTest::keyClick(box, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(box, number);
    QTest::keyClick(box, Qt::Key_Tab);
  }
  /// A tiny run: batch 8, one thread.
  void tiny(long long steps, long long every = 1000) const {
    values({{"steps", steps}, {"batch", 8LL}, {"threads", 1LL}, {"checkpoint_every", every}});
  }
  std::vector<store::RunRow> rows() const {
    return store::RunStore(desk_.workspace()).list(store::RunsShown::All).value();
  }
  bool waitForStatus(RunStatus status) const {
    return waitFor(
        [&] {
          const auto all = rows();
          return !all.empty() && all.front().status == status;
        },
        kLong);
  }
  std::vector<std::string> inTerminal(const std::vector<std::string>& more) const {
    std::vector<std::string> words{"train", "siglip",    "--data", "discs",       "--batch",
                                   "8",     "--threads", "1",      "--workspace", desk_.folder().string()};
    words.insert(words.end(), more.begin(), more.end());
    return test::lixp(words);
  }

  TestDesk desk_{TestDesk::Checkpoints::None};
  std::unique_ptr<Page> page_;
  widgets::ActionTable* actions_ = nullptr;
};

TEST_F(TrainPageTest, StartsARealRunAndShowsIt) {
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

TEST_F(TrainPageTest, DryRunTellsNumbersAndLeavesNoRun) {
  recipe("siglixp");
  tiny(6);
  EXPECT_FALSE(find<DryRunCard>("train.dryRunCard")->isVisible());
  click("train.dryRun");
  EXPECT_EQ(find<QPushButton>("train.dryRun")->text(), "Stop the dry run");
  ASSERT_TRUE(waitFor([this] { return find<DryRunCard>("train.dryRunCard")->isVisible(); }, kLong))
      << desk_.said().join('\n').toStdString();
  EXPECT_GT(QLocale().toLongLong(text("train.dryRun.0")), 1'000'000) << text("train.dryRun.0").toStdString();
  EXPECT_TRUE(text("train.dryRun.1").contains("MB"));
  EXPECT_TRUE(text("train.warnings").contains("too short for tau_ctx"));
  EXPECT_FALSE(text("train.dryRunWarnings").contains("too short for tau_ctx")) << "is said above already";
  EXPECT_TRUE(text("train.dryRunWarnings").contains("6 pictures") || text("train.dryRunWarnings").isEmpty());
  EXPECT_TRUE(rows().empty());
  grabPage(*page_, "train-dry-run");
  // Called off in the middle, it says nothing and can be tried again.
  const auto said = desk_.said().size();
  click("train.dryRun");
  click("train.dryRun");
  EXPECT_TRUE(waitFor([this] { return desk_.desk().tasks().isIdle(); }, kLong));
  EXPECT_EQ(desk_.said().size(), said);
  EXPECT_EQ(find<QPushButton>("train.dryRun")->text(), "Dry run");
}

TEST_F(TrainPageTest, WarnsWhileNumbersAreTyped) {
  recipe("siglixp");
  values({{"steps", 20LL}});
  EXPECT_TRUE(find<QLabel>("train.warnings")->isVisibleTo(page_.get()));
  EXPECT_TRUE(text("train.warnings").contains("too short for tau_ctx to move"));
  values({{"steps", 2000LL}});
  EXPECT_FALSE(find<QLabel>("train.warnings")->isVisibleTo(page_.get()));
  values({{"steps", 20LL}});
  recipe("siglip");
  EXPECT_FALSE(find<QLabel>("train.warnings")->isVisibleTo(page_.get()));
  EXPECT_TRUE(text("train.recipeHelp").contains("2303.15343"));
}

TEST_F(TrainPageTest, TheFormShowsWhatTheRecipeTakes) {
  const auto has = [this](const char* field) { return page_->findChild<QWidget*>(field) != nullptr; };
  const auto command = [this] { return find<QLineEdit>("train.command")->text(); };
  recipe("siglixp");
  EXPECT_TRUE(has("param.alpha") && has("param.shared_scale"));
  EXPECT_FALSE(has("param.tokens") || has("param.lock_image") || has("param.canary_every"));
  type("param.alpha", "0.5");
  values({{"uniform_context", true}});
  EXPECT_TRUE(command().contains("--alpha 0.5") && command().contains("--uniform-context")) << command().toStdString();
  auto* towers = find<QComboBox>("train.towers");
  towers->setFocus();
  QTest::keyClick(towers, Qt::Key_End);
  EXPECT_TRUE(command().contains("--towers clip")) << command().toStdString();
  grabPage(*page_, "train-options");
  recipe("llip");
  EXPECT_TRUE(has("param.tokens") && has("param.tau"));
  EXPECT_FALSE(has("param.alpha") || towers->isVisibleTo(page_.get()));
  EXPECT_FALSE(command().contains("--alpha") || command().contains("--towers")) << command().toStdString();
  type("param.tokens", "4");
  EXPECT_TRUE(command().contains("--tokens 4")) << command().toStdString();
  recipe("siglixp");
  EXPECT_TRUE(command().contains("--alpha 0.5") && command().contains("--uniform-context")) << "what was set is kept";
  find<DatasetBox>("train.canary")->setName("emoji");
  EXPECT_TRUE(has("param.canary_every"));
  auto* best = find<QComboBox>("train.canaryBest");
  best->setFocus();
  QTest::keyClick(best, Qt::Key_Down);
  EXPECT_TRUE(command().contains("--canary emoji --canary-best canary.zero_shot")) << command().toStdString();
  EXPECT_LE(page_->minimumSizeHint().width(), 1024 - 84) << "too wide for a small window";
  grabPage(*page_, "train-canary");
}

TEST_F(TrainPageTest, PausesResumesStopsContinuesAndCancels) {
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

TEST_F(TrainPageTest, ARunOfATerminalAppearsAndItsDeathIsToldOnce) {
  test::Process process(inTerminal({"--steps", "100000", "--checkpoint-every", "2"}));
  ASSERT_TRUE(waitForText("train.status", "Running")) << process.errSoFar();
  ASSERT_TRUE(waitFor([this] { return fs::exists(rows().front().out / "config.json"); }, kLong));
  process.send(SIGKILL);
  EXPECT_TRUE(waitForText("train.status", "Interrupted"));
  EXPECT_TRUE(waitFor([this] { return shows("run.continue"); }, kLong));
  QTest::qWait(1200);  // two more looks at the database
  EXPECT_EQ(desk_.said().filter("Continue goes on").size(), 1) << desk_.said().join('\n').toStdString();
}

TEST_F(TrainPageTest, WhatARunHasToSayIsSaidOnce) {
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

TEST_F(TrainPageTest, ACanaryHasItsOwnChart) {
  auto* chart = find<QWidget>("train.chart.canary");
  test::Process process(inTerminal({"--steps", "4", "--canary", "discs", "--canary-shots", "2", "--canary-every", "2"}));
  ASSERT_TRUE(waitForStatus(RunStatus::Done)) << process.errSoFar();
  ASSERT_TRUE(waitFor([&] { return !chart->isHidden(); }, kLong));
  EXPECT_TRUE(find<QWidget>("train.chart.mixture")->isHidden()) << "a SigLIP mixes nothing";
  EXPECT_TRUE(waitForText("train.latest", "canary's zero-shot"));
  grabPage(*page_, "train-canary");
}

TEST_F(TrainPageTest, ARunKilledBeforeItsFirstCheckpointBeginsAgainAndSaysSo) {
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

TEST_F(TrainPageTest, OpensADatasetThatTheShelfListsLater) {
  page_->open("dataset:emoji");
  EXPECT_EQ(find<DatasetBox>("train.data")->name(), "emoji");
  page_->open("dataset:rings");
  test::makeDiscs(desk_.scratch() / "rings");
  desk_.desk().datasets().add(desk_.scratch() / "rings");
  EXPECT_TRUE(waitFor([this] { return find<DatasetBox>("train.data")->name() == "rings"; }));
}

TEST_F(TrainPageTest, AFailedAddLeavesTheChoiceAlone) {
  const fs::path empty = desk_.scratch() / "empty";
  fs::create_directories(empty);
  EXPECT_TRUE(dropOn(page_.get(), Payload{.paths = {empty}}));
  ASSERT_TRUE(waitFor([this] { return !desk_.said().isEmpty(); }));
  test::makeDiscs(desk_.scratch() / "rings");
  desk_.desk().datasets().add(desk_.scratch() / "rings");  // by another page
  ASSERT_TRUE(waitFor([this] { return desk_.wasSaid("Added rings"); }));
  desk_.settle();
  EXPECT_EQ(find<DatasetBox>("train.data")->name(), "discs");
  EXPECT_TRUE(dropOn(page_.get(), Payload{.paths = {desk_.scratch() / "rings"}}));
  EXPECT_TRUE(waitFor([this] { return find<DatasetBox>("train.data")->name().starts_with("rings"); }));
}

TEST_F(TrainPageTest, ARunThatCannotBeIsToldWithItsReason) {
  recipe("siglip");
  values({{"steps", 5LL}, {"batch", 5000LL}});
  click("train.startButton");
  ASSERT_TRUE(waitForStatus(RunStatus::Failed));
  EXPECT_TRUE(waitForText("train.message", "too few distinct pairs"));
  EXPECT_TRUE(waitFor([this] { return find<QPushButton>("train.startButton")->isEnabled(); }, kLong));
}

TEST_F(TrainPageTest, AStartFromACheckpointTakesATenthOfTheRate) {
  const fs::path models = desk_.model("siglip-tiny-emoji"), llip = desk_.model("llip16-tiny-emoji");
  for (const auto& [path, recipe] : {std::pair(models, "siglip"), {llip, "llip"}}) {
    ASSERT_TRUE(store::CheckpointStore(desk_.workspace())
                    .record({.path = path, .weightsHash = path.string(), .recipe = recipe}));
  }
  page_.reset();
  desk_.reopen();
  open();
  recipe("siglixp");
  EXPECT_TRUE(text("train.startNote").contains("New weights"));
  const int fieldsAt = find<QWidget>("train.params")->y();
  EXPECT_GE(find<CheckpointBox>("train.start")->findData(QString::fromStdString(models.string())), 0);
  EXPECT_LT(find<CheckpointBox>("train.start")->findData(QString::fromStdString(llip.string())), 0)
      << "has other towers";
  page_->open("checkpoint:" + QString::fromStdString(models.string()));
  QTest::qWait(20);  // a layout
  EXPECT_EQ(find<QWidget>("train.params")->y(), fieldsAt);
  EXPECT_TRUE(text("train.startNote").contains("0.0001"));
  EXPECT_FALSE(find<QComboBox>("train.size")->isEnabled());
  EXPECT_EQ(std::get<double>(find<widgets::ParamForm>("train.params")->values().at("learning_rate")), 1e-4);
  click("train.copy");
  EXPECT_TRUE(QApplication::clipboard()->text().contains("--init " + QString::fromStdString(models.string()) +
                                                         " --learning-rate 1e-04"))
      << QApplication::clipboard()->text().toStdString();
  page_->open("checkpoint:" + QString::fromStdString(llip.string()));
  EXPECT_EQ(find<QComboBox>("train.recipe")->currentData().toString(), "llip") << "the one that fits";
  EXPECT_EQ(find<CheckpointBox>("train.start")->folder(), llip);
  EXPECT_TRUE(desk_.wasSaid("has other towers"));
  find<CheckpointBox>("train.start")->setFolder({});
  EXPECT_EQ(std::get<double>(find<widgets::ParamForm>("train.params")->values().at("learning_rate")), 1e-3);
}

TEST_F(TrainPageTest, ReadOnlyTrainsNothing) {
  auto opened = Desk::open(desk_.folder(), store::OpenMode::ReadOnly);
  ASSERT_TRUE(opened);
  page_.reset(makeTrainPage(**opened));
  page_->show();
  EXPECT_FALSE(find<QPushButton>("train.startButton")->isEnabled());
  EXPECT_FALSE(find<QPushButton>("train.dryRun")->isEnabled());
  EXPECT_TRUE(text("train.obstacle").contains("reading only"));
  page_.reset();
}

TEST_F(TrainPageTest, RemembersItsFormAndTakesRubbish) {
  recipe("clipxp");
  values({{"steps", 321LL}, {"flip", true}, {"learning_rate", 2e-3}});
  QTest::keyClick(find<QSlider>("train.smoothing"), Qt::Key_End);
  EXPECT_DOUBLE_EQ(find<QDoubleSpinBox>("train.smoothingNumber")->value(), 0.99);
  const QJsonObject state = page_->state();
  open();
  page_->restore(
      {{"form", QJsonObject{{"recipe", "none"}, {"values", QJsonObject{{"steps", -4}, {"batch", "x"}, {"clip", 1e9}}}}},
       {"smoothing", "?"},
       {"splitter", 3}});
  EXPECT_EQ(std::get<long long>(find<widgets::ParamForm>("train.params")->values().at("steps")), 1000);
  page_->restore(state);
  EXPECT_EQ(find<QComboBox>("train.recipe")->currentData().toString(), "clipxp");
  const ParamValues back = find<widgets::ParamForm>("train.params")->values();
  EXPECT_EQ(std::get<long long>(back.at("steps")), 321);
  EXPECT_TRUE(std::get<bool>(back.at("flip")));
  EXPECT_DOUBLE_EQ(std::get<double>(back.at("learning_rate")), 2e-3);
  EXPECT_DOUBLE_EQ(find<QDoubleSpinBox>("train.smoothingNumber")->value(), 0.99);
}

TEST_F(TrainPageTest, TakesADatasetAndRefusesSinglePictures) {
  find<DatasetBox>("train.data")->setName("emoji");
  EXPECT_TRUE(dropOn(page_.get(), Payload{.pictures = {data::PictureRef::sample("discs", "x")}}));
  EXPECT_EQ(find<DatasetBox>("train.data")->name(), "discs");
  EXPECT_TRUE(dropOn(page_.get(), Payload{.pictures = {data::PictureRef::ofFile("/nowhere/a.png")}}));
  EXPECT_TRUE(desk_.wasSaid("not from single pictures"));
}

TEST(LivePanels, OfAContextRecipe) {
  const std::vector<Series> series{{"effective_neighbours", {1, 2}, {6.3, 6.2}},
                                   {"images_per_second", {1, 2}, {10, 20}},
                                   {"loss", {1, 2}, {3, 2}},
                                   {"loss.context", {1, 2}, {4, 3}},
                                   {"loss.dot", {1, 2}, {2, 1}},
                                   {"scale.dot", {1, 2}, {10, 10}},
                                   {"tau_ctx", {1, 2}, {0.1, 0.09}}};
  const auto panels = livePanels(series, 8);
  ASSERT_EQ(panels[int(LivePanel::Loss)].lines.size(), 3u);
  EXPECT_EQ(panels[int(LivePanel::Loss)].lines[0].ys, (std::vector<double>{3, 2}));
  EXPECT_EQ(panels[int(LivePanel::Temperatures)].scale, figures::Scale::Log);
  ASSERT_EQ(panels[int(LivePanel::Neighbours)].levels.size(), 1u);
  EXPECT_EQ(panels[int(LivePanel::Neighbours)].levels[0].y, 7.0);
  EXPECT_EQ(panels[int(LivePanel::Pace)].lines.at(0).ys.back(), 20.0);
  EXPECT_EQ(latestText(series), "loss 2, tau_ctx 0.09, 6.2 effective neighbours, 20 pictures/s");
  EXPECT_TRUE(livePanels({}, 0)[int(LivePanel::Neighbours)].lines.empty());
}

TEST(LivePanels, CanaryMixtureAndInflection) {
  const std::vector<Series> series{{"canary.tip_adapter", {0, 2}, {0.6, 0.7}},
                                   {"canary.zero_shot", {0, 2}, {0.5, 0.4}},
                                   {"dead_tokens", {1, 2}, {0.0, 0.1}},
                                   {"effective_neighbours", {1, 2}, {6.3, 3.0}},
                                   {"mixture_entropy", {1, 2}, {1.0, 0.9}},
                                   {"tau_ctx", {1, 2}, {0.1, 0.09}}};
  const auto panels = livePanels(series, 8);
  EXPECT_EQ(panels[int(LivePanel::Canary)].title, "Canary");
  EXPECT_EQ(panels[int(LivePanel::Canary)].lines.size(), 2u);
  EXPECT_EQ(panels[int(LivePanel::Mixture)].lines.size(), 2u);
  for (const LivePanel panel : {LivePanel::Temperatures, LivePanel::Neighbours}) {
    ASSERT_EQ(panels[std::size_t(panel)].marks.size(), 1u);
    EXPECT_EQ(panels[std::size_t(panel)].marks[0].label, "inflection");
    EXPECT_EQ(panels[std::size_t(panel)].marks[0].x, 2.0);
  }
  EXPECT_EQ(latestText(series), "tau_ctx 0.09, 3 effective neighbours, canary's zero-shot 0.4");
  EXPECT_TRUE(livePanels({}, 0)[int(LivePanel::Canary)].lines.empty());
}

TEST(DryRunText, ReadsWhatLixpPrintsAndNothingElse) {
  const auto text = dryRunText(
      R"({"parameters": 1000, "peak_memory_bytes": 2000000, "seconds_per_step": 0.25, "images_per_second": 32,
                                   "estimated_seconds": 130, "steps": 520, "warnings": ["One."]})");
  ASSERT_TRUE(text.has_value());
  EXPECT_EQ(text->numbers.at(4).second, "about 2 min 10 s");
  EXPECT_EQ(text->warnings, QStringList{"One."});
  EXPECT_FALSE(dryRunText("lixp: no").has_value());
  EXPECT_FALSE(dryRunText("{}").has_value());
}

}  // namespace
}  // namespace lix::app
