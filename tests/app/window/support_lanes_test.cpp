// What the Support page does on which lane, what it stops, and what it refuses to do unasked.
#include <QLabel>
#include <QListWidget>
#include <latch>

#include "desk/tasks.h"
#include "pages/support/set_features.h"
#include "pages/support/version_comparison.h"
#include "support_page_support.h"

namespace lix::app {
namespace {
using namespace testing_support;

class SupportLanesTest : public SupportPageTest {
 protected:
  /// Two classes of `each` pictures of their own.
  SupportDocument files(int each) {
    SupportDocument document;
    document.set.classes = {{"red", {}}, {"blue", {}}};
    for (int i = 0; i < each; ++i) {
      const auto n = std::to_string(i);
      const auto shade = static_cast<std::uint8_t>(2 * i);
      document.set.classes[0].pictures.push_back(
          PictureRef::ofFile(colourPicture(desk_->scratch() / ("red" + n + ".png"), 220, shade)));
      document.set.classes[1].pictures.push_back(
          PictureRef::ofFile(colourPicture(desk_->scratch() / ("blue" + n + ".png"), shade, 220)));
    }
    return document;
  }
  /// Whether all that a lane was asked so far has been answered.
  bool waitForLane(jobs::Lane& lane) {
    return waitFor([&] { return lane.pending() == 0; });
  }
};

/// Nothing goes on on a lane until it is let go.
class Held {
 public:
  explicit Held(jobs::Lane& lane) {
    lane.post([go = go_](std::stop_token) { go->wait(); });
  }
  ~Held() { release(); }
  void release() {
    if (go_) {
      go_->count_down();
      go_.reset();
    }
  }

 private:
  std::shared_ptr<std::latch> go_ = std::make_shared<std::latch>(1);
};

TEST_F(SupportLanesTest, AFitThatNobodyWaitsForIsStopped) {
  auto document = exampleDocument(desk_->desk().datasets(), "emoji", 8, 30);
  LIX_ASSERT_OK(document);
  showWith(*document);
  waitForScores();
  LiveScores& scores = page_->scores();
  scores.setFitting(LiveScores::Fitting::Never);
  ASSERT_TRUE(waitForLane(scores.slowLane()));
  // One picture a step: minutes of work, were it not stopped.
  scores.setSettings({{"tip-adapter-f", {{"epochs", 10'000LL}, {"batch", 1LL}}}});
  waitForScores();
  scores.setFitting(LiveScores::Fitting::Always);
  ASSERT_TRUE(waitFor([&] {
    const auto waiting = [](const study::AdapterScore& one) { return one.waiting; };
    const auto& all = scores.scores()->adapters;
    const auto next = std::ranges::find_if(all, waiting);
    return next != all.end() && next->id == "tip-adapter-f" && scores.slowLane().pending() == 1;
  }));
  scores.setFitting(LiveScores::Fitting::Never);
  EXPECT_TRUE(waitForLane(scores.slowLane()));
  EXPECT_EQ(scores.score("tip-adapter-f"), nullptr) << "a stopped fit is no answer and no refusal";
  scores.setFitting(LiveScores::Fitting::Always);
  ASSERT_TRUE(waitFor([&] { return scores.slowLane().pending() == 1; }));
  page_.reset();  // which waits for its lane
}

TEST_F(SupportLanesTest, PredictionsOfFittedAdaptersDoNotHoldTheInteractiveLane) {
  showWith(emojiDocument(desk_->desk()));
  waitForAll();
  PredictionRun& run = page_->predictions();
  run.setAdapter("knn");
  run.start({.pictures = {pictures(0)[0], pictures(1)[0]}, .captions = {}, .paths = {}});
  ASSERT_TRUE(waitFor([&] { return run.isCurrent(document().set); })) << run.status().toStdString();
  Held held(page_->scores().slowLane());
  run.setAdapter("linear-probe");
  ASSERT_TRUE(waitForLane(desk_->desk().interactive()));
  QCoreApplication::processEvents();
  EXPECT_FALSE(run.isCurrent(document().set));
  EXPECT_EQ(run.status(), "Linear probe is fitted first...");
  run.setAdapter("knn");
  ASSERT_TRUE(waitFor([&] { return run.isCurrent(document().set); })) << "quick adapters do not wait for the slow lane";
  EXPECT_EQ(run.status(), "");
  run.setAdapter("linear-probe");
  held.release();
  ASSERT_TRUE(waitFor([&] { return run.isCurrent(document().set); })) << run.status().toStdString();
  EXPECT_EQ(run.predictions()->adapterTitle, "Linear probe");
  EXPECT_EQ(run.status(), "");
}

TEST_F(SupportLanesTest, ManyNewPicturesAreReadAsATaskAndOtherwiseRefused) {
  showWith(emojiDocument(desk_->desk()));
  waitForScores();
  const SupportDocument many = files(13);
  const auto reader = page_->scores().reader();
  SupportScorer scorer(desk_->desk().datasets());
  const auto refused = scorer.features(*reader, many.set);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message,
            "26 pictures of the set were not read yet by this checkpoint: Score now (Ctrl+Return) in Accuracy reads them.");
  EXPECT_EQ(test::messageOf(scorer.score(*reader, many.set, nullptr)), refused.error().message);
  EXPECT_EQ(test::messageOf(scorer.predict(*reader, many.set, {}, "knn")), refused.error().message);
  LIX_ASSERT_OK(scorer.prepare(*reader, many.set, std::nullopt));
  const auto features = scorer.features(*reader, many.set);
  LIX_ASSERT_OK(features);
  const auto task = scorer.score(*reader, many.set, nullptr).value().task;
  EXPECT_EQ(features->vectors.values, task->support);
  EXPECT_EQ(features->text.values, task->text);
  EXPECT_EQ(features->labels, task->labels);
  EXPECT_EQ(features->pictures, task->pictures);
  EXPECT_EQ(features->hashes, task->hashes);
}

TEST_F(SupportLanesTest, WhatCannotBeReadIsLeftOutOfEverythingAndReadAgainWhenItsFileChanges) {
  showWith(emojiDocument(desk_->desk()));
  waitForScores();
  const auto reader = page_->scores().reader();
  const SupportDocument many = files(14);
  SupportScorer scorer(desk_->desk().datasets());
  LIX_ASSERT_OK(scorer.prepare(*reader, many.set, std::nullopt));
  for (const PictureRef& picture : many.set.classes[0].pictures) {
    writeText(picture.file, "no picture");  // what was read of it does not count any more
  }
  writeText(many.set.classes[1].pictures[0].file, "no picture");
  EXPECT_EQ(scorer.missing(*reader, many.set), 15u);
  EXPECT_EQ(scorer.features(*reader, many.set).value().pictures.size(), 13u);
  EXPECT_EQ(scorer.missing(*reader, many.set), 0u) << "known not to be readable";
  const auto scores = scorer.score(*reader, many.set, nullptr).value();
  ASSERT_EQ(scores.unreadable.size(), 15u);
  EXPECT_FALSE(scores.unreadable[0].reason.empty());
  EXPECT_EQ(scores.unreadable[0].key, many.set.classes[0].pictures[0].file.string());
  colourPicture(many.set.classes[0].pictures[3].file, 200, 30);
  EXPECT_EQ(scorer.missing(*reader, many.set), 1u);
  EXPECT_EQ(scorer.score(*reader, many.set, nullptr).value().unreadable.size(), 14u);
  scorer.retryUnreadable();
  EXPECT_EQ(scorer.missing(*reader, many.set), 14u);
}

TEST_F(SupportLanesTest, AVersionOfManyUnreadPicturesIsReadAsATask) {
  const SupportDocument many = files(20), few = emojiDocument(desk_->desk());
  {
    const auto workspace = desk_->workspace();
    const store::SupportStore sets(workspace);
    LIX_ASSERT_OK(sets.saveVersion("mine", toRows(many), "files"));
  }
  showWith(few);
  waitForScores();
  EXPECT_EQ(page_->scores().scorer()->missing(*page_->scores().reader(), many.set), 40u);
  page_->docks()->showPanel("versions");
  auto* comparison = page_->findChild<VersionComparison*>();
  auto* accuracies = find<QLabel>("support.versionAccuracies");
  comparison->compare(1, VersionComparison::kAsItStands);
  bool isTask = false;
  QObject::connect(&desk_->desk().tasks(), &Tasks::changed, page_.get(), [&] {
    for (const auto& line : desk_->desk().tasks().lines()) {
      isTask = isTask || line.title == "Pictures of version 1";
    }
  });
  ASSERT_TRUE(waitFor([&] { return accuracies->text().startsWith("No adapter has an accuracy on both."); }))
      << accuracies->text().toStdString();
  EXPECT_TRUE(isTask);
  EXPECT_EQ(page_->scores().scorer()->missing(*page_->scores().reader(), many.set), 0u);
}

TEST_F(SupportLanesTest, TheHistoryIsTrimmedAndSaysSo) {
  showWith(emojiDocument(desk_->desk()));
  page_->scores().setLive(false);
  page_->docks()->showPanel("history");
  auto* list = find<QListWidget>("support.steps");
  SupportDocument grown = document();
  for (int i = 0; i < 30; ++i) {
    for (int k = 0; k < 1000; ++k) {
      grown.unsorted.push_back(PictureRef::sample("emoji", cat("of ", i, " ", k)));
    }
    page_->book().edit(QString("Grow %1").arg(i), grown);
  }
  const auto& history = page_->book().history();
  EXPECT_TRUE(history.isCut());
  EXPECT_LT(history.size(), 31u) << "30 steps of a set that had 16 pictures when it was opened";
  EXPECT_GE(history.size(), 21u);
  ASSERT_TRUE(waitFor([&] { return list->count() == static_cast<int>(history.size()); }));
  EXPECT_EQ(list->item(list->count() - 1)->text(), "Earlier steps are gone");
  EXPECT_EQ(list->item(0)->text(), "Grow 29");
}

}  // namespace
}  // namespace lix::app
