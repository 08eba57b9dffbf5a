// The data as the network sees it, the steps of post-training, and the help of fields on the Train page.
#include <QCheckBox>
#include <QRadioButton>
#include <QTabWidget>
#include <QTimer>

#include "nn/recipe.h"
#include "pages/train/data_preview.h"
#include "pages/train/live_panels.h"
#include "pages/train/post_train_dialog.h"
#include "study/train/params.h"
#include "train_page_support.h"

namespace lix::app {
namespace {
using namespace testing_support;

using TrainDataTest = TrainPageTest;

TEST(SeenText, ReadsWhatLixpPrintsAndNothingElse) {
  const auto seen = seenText(
      R"({"step": 2, "steps": 10, "side": 64, "context_length": 8, "captions": 200, "truncated": 3, "pictures": [
          {"file": "/a.png", "key": "a", "crop": [0.1, 0.1, 0.8, 0.5], "flipped": true, "caption": "a b", "read": ["a"],
           "cut": ["b"]}]})");
  ASSERT_TRUE(seen.has_value());
  EXPECT_EQ(seen->heading(),
            "Step 2 of 10: pictures of 64 pixels, captions of at most 8 tokens. 3 of 200 captions (1.5 %) are longer and cut off.");
  EXPECT_DOUBLE_EQ(seen->pictures.at(0).share, 0.4);
  EXPECT_EQ(seen->pictures.at(0).cut, QStringList{"b"});
  EXPECT_FALSE(seenText("lixp: no").has_value());
  EXPECT_FALSE(seenText("{}").has_value());
  EXPECT_FALSE(seenText(R"({"step": "x"})").has_value());
}

TEST(Guard, SaysWhetherZeroShotDropped) {
  const auto of = [](double change, double low, double high) {
    const std::vector<Series> series{{"canary.zero_shot_change", {0, 10}, {0, change}},
                                     {"canary.zero_shot_change_high", {0, 10}, {0, high}},
                                     {"canary.zero_shot_change_low", {0, 10}, {0, low}}};
    return *guardOf(series);
  };
  EXPECT_EQ(of(-0.05, -0.08, -0.02).verdict, GuardText::Verdict::Dropped);
  EXPECT_EQ(of(-0.05, -0.08, -0.02).sentence,
            "Zero-shot: -5.0 points since the start, on the same pictures (95 % interval -8.0 to -2.0): a real drop at step 10.");
  EXPECT_EQ(of(-0.05, -0.12, 0.02).verdict, GuardText::Verdict::Within);
  EXPECT_EQ(of(0.05, 0.01, 0.09).verdict, GuardText::Verdict::Kept);
  EXPECT_FALSE(guardOf({}).has_value());
  const std::vector<Series> first{{"canary.zero_shot_change", {0}, {0}}};
  EXPECT_FALSE(guardOf(first).has_value()) << "one reading compares with nothing";
  const std::vector<Series> shown{{"canary.zero_shot_change", {0, 10}, {0, -0.1}},
                                  {"canary.zero_shot_change_high", {0, 10}, {0, 0.1}},
                                  {"canary.zero_shot_change_low", {0, 10}, {0, -0.2}}};
  const std::vector<LiveRun> runs{{"a", 8, shown}};
  const auto panels = livePanels(runs);
  const auto panel = std::ranges::find(panels, kGuardPanel, &figures::SeriesPanelView::title);
  ASSERT_NE(panel, panels.end());
  EXPECT_EQ(panel->lines.size(), 1u);
  ASSERT_EQ(panel->levels.size(), 1u);
  EXPECT_EQ(panel->levels[0].y, 0.0);
}

TEST_F(TrainDataTest, TheDataIsDrawnAsTheNetworkSeesIt) {
  recipe("siglip");
  tiny(50);
  values({{"flip", true}});
  find<QTabWidget>("train.tabs")->setCurrentIndex(2);
  EXPECT_TRUE(text("train.seen.note").contains("Press Draw"));
  click("train.seen.draw");
  ASSERT_TRUE(waitFor([&] { return page_->findChildren<QLabel*>("train.seen.tokens").size() == 8; }, kLong))
      << desk_.said().join('\n').toStdString();
  EXPECT_TRUE(text("train.seen.heading").startsWith("Step 1 of 50: pictures of"));
  const auto pictures = [&] {
    std::vector<QImage> images;
    for (QLabel* label : page_->findChildren<QLabel*>("train.seen.picture")) {
      images.push_back(label->pixmap(Qt::ReturnByValue).toImage());
    }
    return images;
  };
  const auto first = pictures();
  ASSERT_EQ(first.size(), 8u);
  EXPECT_FALSE(first[0].isNull());
  grabPage(*page_, "train-data");
  page_->activateWindow();
  find<QPushButton>("train.seen.next")->setFocus();
  click("train.seen.next");
  EXPECT_EQ(page_->focusWidget()->objectName(), "train.seen.next") << "the next Space draws again";
  ASSERT_TRUE(waitFor([&] { return text("train.seen.heading").startsWith("Step 2 of 50") && pictures().size() == 8u &&
                                   pictures() != first; }, kLong));
  values({{"seed", 3LL}});
  EXPECT_TRUE(text("train.seen.note").contains("draw again"));
  EXPECT_TRUE(rows().empty()) << "nothing was trained";
}

TEST_F(TrainDataTest, TheKeyboardIsOnStartWhenTheFormIsFilled) {
  page_->activateWindow();
  QTimer::singleShot(0, page_.get(), [this] { page_->findChild<PostTrainDialog*>()->accept(); });
  click("train.postTrain");
  EXPECT_EQ(page_->focusWidget()->objectName(), "train.startButton");
}

TEST_F(TrainDataTest, AFieldTellsWhatItMeans) {
  page_->activateWindow();
  auto* steps = find<QWidget>("param.steps");
  steps->setFocus();
  ASSERT_TRUE(waitFor([&] { return text("train.fieldHelp").contains("Steps"); }));
  const QString told = text("train.fieldHelp");
  EXPECT_TRUE(told.contains("Unit: steps.") && told.contains("Source:") && told.contains("1 to 100000000, default 1000."))
      << told.toStdString();
  EXPECT_TRUE(steps->toolTip().contains("Unit: steps.")) << steps->toolTip().toStdString();
}

TEST_F(TrainDataTest, PostTrainingIsAskedInThreeSteps) {
  const fs::path start = desk_.model("siglip-tiny-emoji");
  ASSERT_TRUE(store::CheckpointStore(desk_.workspace()).record({.path = start, .weightsHash = "w", .recipe = "siglip"}));
  desk_.reopen();
  open();
  PostTrainDialog dialog(desk_.desk(), {.data = "discs", .steps = 20});
  dialog.show();
  ASSERT_TRUE(waitFor([&] { return dialog.findChild<CheckpointBox*>("train.post.start")->folder() == start; }));
  const auto label = [&](const char* name) { return dialog.findChild<QLabel*>(name)->text(); };
  const auto press = [&](const char* name) { QTest::mouseClick(dialog.findChild<QPushButton*>(name), Qt::LeftButton); };
  EXPECT_EQ(dialog.findChild<QComboBox*>("train.post.recipe")->currentData().toString(), "siglixp");
  EXPECT_TRUE(label("train.post.suggestion").contains("adds the context")) << label("train.post.suggestion").toStdString();
  EXPECT_LT(dialog.findChild<QComboBox*>("train.post.recipe")->findData("llip"), 0) << "has other towers";
  press("train.post.next");
  EXPECT_TRUE(label("train.post.title").startsWith("2 of 3"));
  EXPECT_TRUE(label("train.post.outlook").contains("it cannot")) << label("train.post.outlook").toStdString();
  EXPECT_EQ(dialog.findChild<QDoubleSpinBox*>("train.post.rate")->text(), "1e-4") << "as the form writes it";
  press("train.post.take");
  EXPECT_TRUE(label("train.post.outlook").contains("it has the room")) << label("train.post.outlook").toStdString();
  EXPECT_TRUE(dialog.findChild<QPushButton*>("train.post.take")->isHidden()) << "there is nothing to take any more";
  dialog.findChild<QSpinBox*>("train.post.steps")->setValue(200000);
  EXPECT_TRUE(label("train.post.outlook").contains("it has the room")) << label("train.post.outlook").toStdString();
  grabPage(dialog, "train-post-length");
  press("train.post.next");
  EXPECT_FALSE(dialog.findChild<QRadioButton*>("train.post.stop")->isEnabled());
  dialog.findChild<DatasetBox*>("train.post.canary")->setName("emoji");
  EXPECT_TRUE(dialog.findChild<QRadioButton*>("train.post.stop")->isEnabled());
  dialog.findChild<QRadioButton*>("train.post.stop")->setChecked(true);
  grabPage(dialog, "train-post-guard");
  press("train.post.back");
  press("train.post.next");
  press("train.post.next");
  EXPECT_EQ(dialog.result(), QDialog::Accepted);
  const auto settings = dialog.settings();
  EXPECT_EQ(std::tuple(settings.recipe, settings.data, settings.init, settings.canary, settings.canaryBest),
            std::tuple("siglixp", "discs", start.string(), "emoji", "canary.zero_shot"));
  EXPECT_DOUBLE_EQ(settings.learningRate, 1e-4);
  EXPECT_TRUE(settings.canaryStops);
  EXPECT_EQ(settings.steps, 200000);
}

}  // namespace
}  // namespace lix::app
