// What a person may do to the Inspect and the Support page that they are not made for: each gives one clear line at most,
// and nothing that was there is lost.
#include <QApplication>
#include <QClipboard>
#include <QListWidget>
#include <QTableWidget>
#include <algorithm>

#include "inspect_page_support.h"
#include "pages/support/support_column.h"
#include "support_page_support.h"

namespace lix::app {
namespace {
using namespace testing_support;

/// A checkpoint of the test's own in the workspace, to be deleted.
fs::path copiedCheckpoint(TestDesk& test, const char* name) {
  fs::path folder = test.scratch() / name;
  fs::copy(test.model(name), folder, fs::copy_options::recursive);
  bool added = false;
  CheckpointShelf& shelf = test.desk().checkpoints();
  const auto connection = QObject::connect(&shelf, &CheckpointShelf::added, [&] { added = true; });
  shelf.add(folder);
  EXPECT_TRUE(waitFor([&] { return added; }));
  QObject::disconnect(connection);
  test.settle();
  return folder;
}

int listed(InspectPage& page) { return page.findChild<QListWidget*>("inspect.captions")->count(); }

TEST_F(InspectPageTest, APictureOf30000PixelsIsReadOrRefusedInOneLine) {
  begin();
  const auto file = test.scratch() / "wide.png";
  imaging::Image wide{.width = 30000, .height = 8, .pixels = std::vector<std::uint8_t>(30000UL * 8 * 3, 90)};
  for (std::size_t i = 0; i < wide.pixels.size(); i += 3) {
    wide.pixels[i] = static_cast<std::uint8_t>(i / 3000);
  }
  ASSERT_TRUE(imaging::writePng(file, wide));
  const auto before = test.said().size();
  page->receive({.pictures = {data::PictureRef::ofFile(file)}});
  ASSERT_TRUE(waitFor([&] { return page->reading() && page->reading()->question.pictures.size() == 3; }))
      << test.said().join('\n').toStdString();
  EXPECT_EQ(test.said().size(), before) << "it is an ordinary picture, only a wide one";
  EXPECT_EQ(page->reading()->question.pictures[2].image->width, 30000);
  EXPECT_EQ(scores().rowCount(), 3);
  for (const auto& shown : page->reading()->shown) {
    ASSERT_TRUE(shown);
    EXPECT_GT(shown->width, 0);
    EXPECT_GT(shown->height, 0);
    EXPECT_LE(std::max(shown->width, shown->height), 1000) << "figures get small ones";
  }
  for (const char* id : {"weights", "map", "context"}) {
    page->docks()->showPanel(id);
    QCoreApplication::processEvents();
    EXPECT_FALSE(page->grab().isNull()) << id;
  }
}

TEST_F(InspectPageTest, OfAThousandCaptionsTheFirstAreTakenAndTheRestIsTold) {
  begin();
  QStringList lines;
  for (int i = 0; i < 1000; ++i) {
    lines << QString("caption number %1").arg(i);
  }
  QApplication::clipboard()->setText(lines.join('\n'));
  const auto before = test.said().size();
  QTest::keyClick(part<QPlainTextEdit>("captionEntry"), Qt::Key_V, Qt::ControlModifier);
  EXPECT_EQ(listed(*page), int(kMostCaptions));
  ASSERT_EQ(test.said().size(), before + 1) << test.said().join('\n').toStdString();
  EXPECT_TRUE(test.said().back().contains(QString::number(kMostCaptions))) << test.said().back().toStdString();
  EXPECT_TRUE(test.said().back().contains(QString::number(1002 - int(kMostCaptions)))) << test.said().back().toStdString();
  ASSERT_TRUE(waitFor([&] { return page->reading() && page->reading()->question.captions.size() == kMostCaptions; }));
  EXPECT_EQ(page->reading()->question.captions.front(), "red apple") << "what was there stays";
  EXPECT_EQ(page->reading()->question.captions[2], "caption number 0");
  EXPECT_FALSE(page->grab().isNull());
}

TEST_F(InspectPageTest, ACheckpointThatIsDeletedUnderThePageIsToldAndNothingElseIsLost) {
  begin();
  const fs::path folder = copiedCheckpoint(test, "siglip-tiny-emoji");
  page->findChild<CheckpointBox*>("inspect.checkpoint")->setFolder(folder);
  ASSERT_TRUE(waitFor([&] { return page->reading() && page->reading()->facts.folder == folder; }));
  fs::remove_all(folder);
  const auto before = test.said().size();
  type("a third caption");
  ASSERT_TRUE(waitFor([&] { return test.said().size() > before; })) << "nothing was said";
  test.settle();
  ASSERT_EQ(test.said().size(), before + 1) << test.said().join('\n').toStdString();
  EXPECT_TRUE(test.said().back().contains("siglip-tiny-emoji")) << test.said().back().toStdString();
  EXPECT_FALSE(test.said().back().contains('\n'));
  EXPECT_EQ(listed(*page), 3) << "captions stay";
  EXPECT_EQ(page->findChild<widgets::ImageGrid*>("inspect.pictures")->model()->rowCount(), 2) << "so do pictures";
  chooseModel("llip16-tiny-emoji");
  EXPECT_EQ(page->reading()->question.captions, (std::vector<std::string>{"red apple", "a car", "a third caption"}));
}

TEST_F(SupportPageTest, ACheckpointThatIsDeletedUnderThePageIsToldAndTheSetStays) {
  showWith(emojiDocument(desk_->desk()));
  waitForScores();
  const fs::path folder = copiedCheckpoint(*desk_, "siglixp-tiny-emoji");
  auto* box = find<CheckpointBox>("support.checkpoint");
  box->setFolder(folder);
  ASSERT_TRUE(waitFor([&] {
    return page_->scores().isCurrent() && page_->scores().reader() && page_->scores().reader()->facts().folder == folder;
  })) << page_->scores().status().toStdString();
  fs::remove_all(folder);
  // Its weights are in memory: an edit is scored, or told; the set is edited either way.
  const auto kept = document().set.size();
  const auto before = desk_->said().size();
  page_->assign({pictures(0)[0]}, 1);
  ASSERT_TRUE(waitFor([&] { return page_->scores().isCurrent() || desk_->said().size() > before; }));
  EXPECT_EQ(document().set.size(), kept);
  EXPECT_EQ(pictures(1).size(), 5u);
  EXPECT_LE(desk_->said().size(), before + 1) << desk_->said().join('\n').toStdString();
  // Chosen anew it cannot be read, which is one line; another one goes on.
  box->setFolder(desk_->model(kModel));
  waitForScores();
  const auto again = desk_->said().size();
  box->setFolder(folder);
  ASSERT_TRUE(waitFor([&] { return desk_->said().size() > again; }));
  desk_->settle();
  EXPECT_EQ(desk_->said().size(), again + 1) << desk_->said().join('\n').toStdString();
  EXPECT_TRUE(desk_->said().back().contains("siglixp-tiny-emoji")) << desk_->said().back().toStdString();
  EXPECT_EQ(pictures(1).size(), 5u);
  box->setFolder(desk_->model(kModel));
  waitForScores();
}

TEST_F(SupportPageTest, AClassThatIsEmptiedWhileItIsScoredIsTold) {
  const auto made = exampleDocument(desk_->desk().datasets(), "emoji", 4, 8);  // more than are read at once: a task
  LIX_ASSERT_OK(made);
  showWith(*made);
  ASSERT_TRUE(waitFor([&] { return !desk_->desk().tasks().isIdle() || page_->scores().isCurrent(); }));
  const auto before = desk_->said().size();
  column(0)->grid()->setFocus();
  column(0)->grid()->selectAll();
  QTest::keyClick(column(0)->grid(), Qt::Key_Delete);
  ASSERT_TRUE(pictures(0).empty());
  EXPECT_FALSE(page_->scores().isCurrent()) << "what was on its way is of another set";
  waitForScores();
  EXPECT_EQ(document().set.classes.size(), 4u) << "the class stands, without pictures";
  EXPECT_LE(desk_->said().size(), before + 1) << desk_->said().join('\n').toStdString();
  // The adapters that learn come after the quick ones.
  const auto all = [this]() -> const std::vector<study::AdapterScore>& { return page_->scores().scores()->adapters; };
  const auto answered = [](const study::AdapterScore& one) { return one.accuracy.has_value() || !one.refusal.empty(); };
  EXPECT_TRUE(waitFor([&] { return page_->scores().isCurrent() && std::ranges::all_of(all(), answered); }))
      << "an adapter has neither a number nor a reason";
  for (const study::AdapterScore& one : all()) {
    EXPECT_EQ(one.refusal.find('\n'), std::string::npos) << one.refusal;
  }
  page_->book().undo();
  EXPECT_EQ(pictures(0).size(), 8u);
  EXPECT_TRUE(waitFor([&] {
    return page_->scores().isCurrent() && std::ranges::all_of(all(), [](const auto& one) { return one.accuracy.has_value(); });
  })) << "with the class filled again every adapter has an accuracy";
}

TEST_F(SupportPageTest, ASetOfTenThousandPicturesIsShownEditedAndKept) {
  constexpr std::size_t kPictures = 10000, kFiles = 20;
  std::vector<fs::path> files;
  for (std::size_t i = 0; i < kFiles; ++i) {
    files.push_back(colourPicture(desk_->scratch() / "files" / cat(i, ".png"), std::uint8_t(10 * i), std::uint8_t(200 - i)));
  }
  SupportDocument large;
  large.set.classes = {{"warm", {}}, {"cold", {}}};
  fs::create_directories(desk_->scratch() / "links");
  for (std::size_t i = 0; i < kPictures; ++i) {
    const fs::path link = desk_->scratch() / "links" / cat(i, ".png");
    fs::create_hard_link(files[i % kFiles], link);
    large.set.classes[i % 2].pictures.push_back(PictureRef::ofFile(link));
  }
  showWith(large, "large");
  EXPECT_EQ(column(0)->model()->rowCount(), int(kPictures / 2));
  EXPECT_FALSE(page_->grab().isNull());
  ASSERT_TRUE(waitFor([&] { return !desk_->desk().tasks().isIdle() || page_->scores().isCurrent(); }));
  EXPECT_TRUE(desk_->said().isEmpty()) << desk_->said().join('\n').toStdString();
  // Edited while its pictures are read.
  const PictureRef moved = pictures(0).front();
  page_->assign({moved}, 1);
  EXPECT_EQ(pictures(0).size(), kPictures / 2 - 1);
  EXPECT_EQ(pictures(1).size(), kPictures / 2 + 1);
  page_->book().undo();
  EXPECT_EQ(document().set, large.set);
  page_->book().redo();
  page_->book().flush();
  desk_->settle();
  const auto rows = stored("large");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].pictures.size() + rows[1].pictures.size(), kPictures);
  EXPECT_EQ(rows[1].pictures.size(), kPictures / 2 + 1) << "every edit is kept";
  EXPECT_LE(desk_->said().size(), 1) << desk_->said().join('\n').toStdString();
}

}  // namespace
}  // namespace lix::app
