// What the tests of the Inspect page share.
#pragma once
#include <gtest/gtest.h>

#include <QPlainTextEdit>
#include <QTest>
#include <algorithm>
#include <memory>

#include "base/text.h"
#include "desk/checkpoint_shelf.h"
#include "desk/dataset_shelf.h"
#include "desk/tasks.h"
#include "docks/dock_area.h"
#include "frame/choices.h"
#include "imaging/write.h"
#include "pages/inspect/context_panel.h"
#include "pages/inspect/inspect_page.h"
#include "pages/inspect/inspect_panel.h"
#include "pages/inspect/score_matrix.h"
#include "window_support.h"

namespace lix::app::testing_support {

inline data::PictureRef emoji(const char* key) { return data::PictureRef::sample("emoji", key); }

/// Keys of the first pictures of the emoji test split.
inline std::vector<data::PictureRef> testPictures(TestDesk& test, std::size_t count) {
  std::vector<data::PictureRef> pictures;
  const auto opened = test.desk().datasets().open("emoji");
  for (const data::Sample& sample : (*opened)->set.samples) {
    if (sample.split == data::Split::Test && pictures.size() < count) {
      pictures.push_back(emoji(sample.key.c_str()));
    }
  }
  return pictures;
}

inline std::filesystem::path picture(const std::filesystem::path& file, std::uint8_t shade) {
  imaging::Image image{.width = 20, .height = 16, .pixels = std::vector<std::uint8_t>(20 * 16 * 3, shade)};
  image.pixels[0] = 255 - shade;
  EXPECT_TRUE(imaging::writePng(file, image));
  return file;
}

class InspectPageTest : public ::testing::Test {
 protected:
  explicit InspectPageTest(TestDesk::Checkpoints checkpoints = TestDesk::Checkpoints::Shipped) : test(checkpoints) {
    make();
  }

  void make() {
    page = std::make_unique<InspectPage>(test.desk());
    page->resize(1100, 760);
  }
  template <class Widget>
  Widget* part(const char* name) {
    auto* found = page->findChild<Widget*>(QString("inspect.") + name);
    EXPECT_NE(found, nullptr) << name;
    return found;
  }
  ScoreMatrix& matrix() { return *part<ScoreMatrix>("matrix"); }
  ScoreModel& scores() { return *static_cast<ScoreModel*>(matrix().model()); }
  ContextPanel& context() { return *page->findChild<ContextPanel*>(); }
  /// Two pictures of the emoji test split and two captions under a shipped checkpoint.
  void begin(const char* model = "llip16-tiny-emoji") {
    page->findChild<CheckpointBox*>("inspect.checkpoint")->setFolder(test.model(model));
    page->setPictures(testPictures(test, 2));
    page->setCaptions({"red apple", "a car"});
    page->show();
    ASSERT_TRUE(waitReading({"red apple", "a car"}));
  }
  bool waitReading(const std::vector<std::string>& captions) {
    return waitFor([&] { return page->reading() && page->reading()->question.captions == captions; });
  }
  bool waitContext() {
    return waitFor([&] { return context().answer() != nullptr && test.desk().tasks().isIdle(); });
  }
  void chooseModel(const char* name) {
    const auto before = page->reading();
    page->findChild<CheckpointBox*>("inspect.checkpoint")->setFolder(test.model(name));
    EXPECT_TRUE(waitFor([&] { return page->reading() && page->reading()->facts.folder == test.model(name); }));
  }
  /// A checkpoint of the test's own in the workspace, to be changed or deleted.
  std::filesystem::path copied(const char* model) {
    std::filesystem::path folder = test.scratch() / model;
    std::filesystem::copy(test.model(model), folder, std::filesystem::copy_options::recursive);
    CheckpointShelf& shelf = test.desk().checkpoints();
    shelf.add(folder);
    EXPECT_TRUE(waitFor([&] {
      return std::ranges::find(shelf.entries(), folder, &CheckpointShelf::Entry::folder) != shelf.entries().end();
    }));
    return folder;
  }
  /// As a panel asks for other settings.
  void askSettings(const study::InspectSettings& settings) {
    Q_EMIT page->findChild<InspectPanel*>()->settingsAsked(settings);
  }
  void type(const QString& caption) {
    auto* entry = part<QPlainTextEdit>("captionEntry");
    QTest::keyClicks(entry, caption);
    QTest::keyClick(entry, Qt::Key_Return);
  }

  TestDesk test;
  std::unique_ptr<InspectPage> page;
};

}  // namespace lix::app::testing_support
