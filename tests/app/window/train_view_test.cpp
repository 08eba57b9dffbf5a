// Whose run the Train page shows, and whose its buttons stop: rows that other programs write.
#include "train_page_support.h"

namespace lix::app {
namespace {
using namespace testing_support;

class TrainViewTest : public TrainPageTest {
 protected:
  void SetUp() override {
    TrainPageTest::SetUp();
    auto opened = store::Workspace::open(desk_.folder(), store::OpenMode::ReadWrite);
    LIX_ASSERT_OK(opened);
    workspace_.emplace(std::move(*opened));
  }
  void TearDown() override {  // they bear this process, which must not be taken for a program that was left over
    for (const store::RunRow& run : rows()) {
      EXPECT_TRUE(runs().setStatus(run.id, RunStatus::Cancelled));
    }
    TrainPageTest::TearDown();
  }
  store::RunStore runs() const { return store::RunStore(*workspace_); }
  /// A run that another program has just begun.
  store::RunRow begin() const {
    const auto run = runs().add({.recipe = "siglip", .dataset = "discs", .settings = "{}", .stepsTotal = 9});
    EXPECT_TRUE(run && runs().start(run->id, store::ownProcess(), {}, 0) && runs().heartbeat(run->id, 2));
    return *run;
  }
  bool isListed(const store::RunRow& run) const {
    return find<QComboBox>("train.run")->findText(QString::fromStdString(run.name)) >= 0;
  }
  std::string shown() const { return find<QComboBox>("train.run")->currentText().toStdString(); }

  std::optional<store::Workspace> workspace_;
};

TEST_F(TrainViewTest, ItStaysWithItsRunWhateverOthersDo) {
  const store::RunRow mine = begin();
  ASSERT_TRUE(waitForText("train.status", "Running"));
  EXPECT_EQ(shown(), mine.name) << "there was none to stay with";
  const store::RunRow other = begin();
  ASSERT_TRUE(waitFor([&] { return isListed(other); }));
  EXPECT_EQ(shown(), mine.name);
  // A person looks at the other one, which ends: still no change under the hand.
  auto* box = find<QComboBox>("train.run");
  box->setFocus();
  QTest::keyClick(box, Qt::Key_Home);
  ASSERT_EQ(shown(), other.name);
  ASSERT_TRUE(waitFor([&] { return shows("run.stop"); }));
  LIX_ASSERT_OK(runs().setStatus(other.id, RunStatus::Done));
  ASSERT_TRUE(waitForText("train.status", "Done"));
  EXPECT_EQ(shown(), other.name);
  EXPECT_FALSE(shows("run.stop"));
  EXPECT_EQ(runs().request(mine.id), store::RunRequest::None);
}

TEST_F(TrainViewTest, TheButtonsActOnTheShownRunAndNameIt) {
  const store::RunRow mine = begin();
  ASSERT_TRUE(waitFor([&] { return shown() == mine.name && shows("run.stop"); }));
  const store::RunRow other = begin();
  ASSERT_TRUE(waitFor([&] { return isListed(other); }));
  for (const char* button : {"run.pause", "run.stop", "run.cancel"}) {
    const auto* shownButton = find<QPushButton>(button);
    EXPECT_TRUE(shownButton->accessibleName().endsWith(QString::fromStdString(mine.name))) << shownButton->accessibleName().toStdString();
    EXPECT_TRUE(shownButton->toolTip().contains(QString::fromStdString(mine.name))) << shownButton->toolTip().toStdString();
  }
  click("run.cancel");
  EXPECT_TRUE(text("run.question").contains(QString::fromStdString(mine.name))) << text("run.question").toStdString();
  click("run.keep");
  click("run.stop");
  EXPECT_TRUE(waitFor([&] { return runs().request(mine.id) == store::RunRequest::Stop; }));
  EXPECT_EQ(runs().request(other.id), store::RunRequest::None);
}

TEST_F(TrainViewTest, AStartHereIsShownAlsoBesideAnother) {
  const store::RunRow other = begin();
  ASSERT_TRUE(waitFor([&] { return shown() == other.name; }));
  recipe("siglip");
  tiny(3);
  click("train.startButton");
  ASSERT_TRUE(waitFor([&] { return rows().size() == 2 && rows().front().status == RunStatus::Done; }, kLong));
  EXPECT_TRUE(waitFor([&] { return shown() == rows().front().name; })) << shown();
}

TEST_F(TrainViewTest, WhatWaitsHasAnotherMarkThanWhatRuns) {
  const store::RunRow going = begin();
  const auto waits = runs().add({.recipe = "siglip", .dataset = "discs", .settings = "{}", .stepsTotal = 9});
  LIX_ASSERT_OK(waits);
  LIX_ASSERT_OK(runs().enqueue(waits->id));
  ASSERT_TRUE(waitFor([&] { return isListed(*waits) && isListed(going); }));
  const auto* box = find<QComboBox>("train.run");
  const auto shape = [&](const store::RunRow& run) {
    const int at = box->findText(QString::fromStdString(run.name));
    return box->itemIcon(at).pixmap(16, 16).toImage().convertToFormat(QImage::Format_Alpha8);
  };
  EXPECT_NE(shape(*waits), shape(going));
  EXPECT_EQ(box->itemData(box->findText(QString::fromStdString(waits->name)), Qt::ToolTipRole).toString(), "Queued");
}

}  // namespace
}  // namespace lix::app
