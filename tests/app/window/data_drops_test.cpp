// What is dropped on the Data page: folders, tables, single pictures, and what is neither.
#include <QApplication>
#include <QClipboard>
#include <QDragEnterEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QTabBar>
#include <QTableView>
#include <QTest>
#include <QUrl>
#include <fstream>

#include "base/file.h"
#include "data_page_support.h"
#include "store/dataset_store.h"

namespace lix::app {
namespace {

namespace fs = std::filesystem;
using testing_support::dropOn;
using testing_support::ShownData;
using testing_support::waitFor;
using testing_support::writePicture;

TEST(DataDropsTest, ADroppedClassFolderBecomesADataset) {
  ShownData shown;
  ASSERT_TRUE(shown.shows("36 pictures"));
  const fs::path folder = shown.test->scratch() / "fruit";
  for (int i = 0; i < 5; ++i) {
    writePicture(folder / "apple" / cat(i, ".png"), 0, 100 + i);
    writePicture(folder / "pear" / cat(i, ".png"), 1, 200 + i);
  }
  std::ofstream(folder / "apple" / "empty.png");
  ASSERT_TRUE(writeFile(folder / "apple" / "broken.png", "\x89PNG\r\n\x1a\n nothing"));
  fs::create_symlink(folder / "gone.png", folder / "pear" / "dead.png");
  ASSERT_TRUE(dropOn(shown.page, Payload{.pictures = {}, .captions = {}, .paths = {folder}}));
  ASSERT_TRUE(shown.shows("10 pictures"));
  EXPECT_TRUE(shown.listed().contains("fruit"));
  const auto row = store::DatasetStore(shown.test->workspace()).find("fruit");
  ASSERT_TRUE(row);
  EXPECT_EQ(row->path, folder);
  ASSERT_EQ(shown.test->said().size(), 1) << shown.test->said().join("|").toStdString();
  for (const char* left : {"empty.png", "broken.png", "dead.png"}) {
    EXPECT_TRUE(shown.test->wasSaid(left)) << left;
  }
  EXPECT_EQ(shown.child<QTabBar>("data.tabs")->tabText(1), "Skipped (3)");

  // The list can be searched and copied, and is still whole when the workspace is opened another time.
  shown.reopen();
  ASSERT_TRUE(shown.shows("36 pictures"));
  shown.choose("fruit");
  ASSERT_TRUE(waitFor([&] { return shown.child<QTabBar>("data.tabs")->tabText(1) == "Skipped (3)"; })) << shown.child<QTabBar>("data.tabs")->tabText(1).toStdString();
  auto* tabs = shown.child<QTabBar>("data.tabs");
  QTest::mouseClick(tabs, Qt::LeftButton, {}, tabs->tabRect(1).center());
  auto* skipped = shown.child<QTableView>("data.skipped");
  ASSERT_TRUE(skipped->isVisible());
  testing_support::grabPage(*shown.window, "data-skipped");
  QTest::keyClicks(shown.child<QLineEdit>("data.search"), "empty");
  ASSERT_TRUE(waitFor([&] { return skipped->model()->rowCount() == 1; }));
  QTest::mouseClick(shown.child<QPushButton>("data.copySkipped"), Qt::LeftButton);
  EXPECT_EQ(QApplication::clipboard()->text(), "apple/empty.png\tThe file is empty.");
  shown.child<QLineEdit>("data.search")->setText("broken");
  ASSERT_TRUE(waitFor([&] { return skipped->model()->rowCount() == 1 && skipped->model()->index(0, 0).data().toString() == "apple/broken.png"; }));
  EXPECT_TRUE(skipped->model()->index(0, 1).data().toString().contains("'broken.png'")) << skipped->model()->index(0, 1).data().toString().toStdString();
}

TEST(DataDropsTest, LoosePicturesAreShownButNotKept) {
  ShownData shown;
  ASSERT_TRUE(shown.shows("36 pictures"));
  const fs::path folder = shown.test->scratch() / "loose";
  Payload payload;
  for (int i = 0; i < 6; ++i) {
    writePicture(folder / cat("photo", i, ".png"), i, i);
    payload.pictures.push_back(data::PictureRef::ofFile(folder / cat("photo", i, ".png")));
  }
  ASSERT_TRUE(writeFile(folder / "broken.png", "no picture at all"));
  std::ofstream(folder / "empty.jpg");
  fs::create_symlink(folder / "nowhere.png", folder / "dead.png");
  for (const char* name : {"broken.png", "empty.jpg", "dead.png"}) {
    payload.pictures.push_back(data::PictureRef::ofFile(folder / name));
  }
  ASSERT_TRUE(dropOn(shown.page, payload));
  ASSERT_TRUE(shown.shows("7 pictures")) << "the broken one is met later";
  ASSERT_TRUE(waitFor([&] { return !shown.test->said().isEmpty(); }));
  EXPECT_EQ(shown.test->said().size(), 1);
  EXPECT_TRUE(shown.test->said()[0].startsWith("2 dropped pictures cannot be read")) << shown.test->said()[0].toStdString();
  EXPECT_TRUE(shown.test->wasSaid("empty.jpg"));
  EXPECT_TRUE(shown.test->wasSaid("dead.png"));
  EXPECT_TRUE(waitFor([&] { return shown.child<QTabBar>("data.tabs")->tabText(1) == "Skipped (3)"; })) << "met in the grid";
  EXPECT_EQ(shown.listed().last(), "Dropped pictures");
  testing_support::grabPage(*shown.window, "data-loose");
  EXPECT_EQ(shown.rows().size(), 1u) << "nothing is kept of loose files";
  // They can be dragged on.
  const std::unique_ptr<QMimeData> mime(shown.page->grid()->model()->mimeData({shown.page->grid()->model()->index(1, 0)}));
  EXPECT_EQ(fromMime(*mime).pictures, std::vector{data::PictureRef::ofFile(folder / "photo1.png")});
  // The same ones again add nothing, and the way back is a click.
  ASSERT_TRUE(dropOn(shown.page, payload));
  ASSERT_TRUE(waitFor([&] { return shown.page->browser().waitingFiles() == 0; }));
  EXPECT_TRUE(shown.shows("7 pictures"));
  shown.choose("animals");
  EXPECT_TRUE(shown.shows("36 pictures"));
  shown.choose("Dropped pictures");
  EXPECT_TRUE(shown.shows("7 pictures"));
}

TEST(DataDropsTest, AHundredThousandMissingFilesAreOneMessage) {
  ShownData shown;
  ASSERT_TRUE(shown.shows("36 pictures"));
  Payload payload;
  for (int i = 0; i < 100000; ++i) {
    payload.pictures.push_back(data::PictureRef::ofFile(cat("/nowhere/picture", i, ".png")));
  }
  shown.page->receive(payload);
  EXPECT_TRUE(shown.test->said().isEmpty()) << "nothing is looked at on the window's thread";
  EXPECT_TRUE(shown.counts().endsWith("100,000 dropped files still to be looked at")) << shown.counts().toStdString();
  ASSERT_TRUE(waitFor([&] { return !shown.test->said().isEmpty(); }));
  ASSERT_EQ(shown.test->said().size(), 1);
  EXPECT_TRUE(shown.test->said()[0].startsWith("None of the 100,000 dropped pictures can be read")) << shown.test->said()[0].left(200).toStdString();
  EXPECT_TRUE(shown.test->said()[0].contains("/nowhere/picture0.png: The file is not there"));
  EXPECT_TRUE(shown.test->said()[0].endsWith("and 99,000 more"));
  EXPECT_TRUE(shown.shows("36 pictures")) << "what was shown stays";
  EXPECT_EQ(shown.page->browser().name(), "animals");
}

TEST(DataDropsTest, VideosArchivesAndStrangeThingsAreOneSentence) {
  ShownData shown;
  ASSERT_TRUE(shown.shows("36 pictures"));
  const fs::path scratch = shown.test->scratch();
  Payload payload;
  for (const char* name : {"a.mp4", "b.MOV", "c.zip", "d.gif", "e.jsonl", "f.bin"}) {
    ASSERT_TRUE(writeFile(scratch / name, "x"));
    payload.paths.push_back(scratch / name);
  }
  payload.paths.push_back(scratch / "not there");
  QMimeData* mime = toMime(payload);
  mime->setUrls(mime->urls() << QUrl("https://example.org/picture.png"));
  QDragEnterEvent over(shown.page->rect().center(), Qt::CopyAction, mime, Qt::LeftButton, Qt::NoModifier);
  QCoreApplication::sendEvent(shown.page, &over);
  EXPECT_TRUE(shown.child<QLabel>("data.dropHint")->isVisible());
  testing_support::grabPage(*shown.window, "data-drop");
  ASSERT_TRUE(dropOn(shown.page, mime));
  EXPECT_FALSE(shown.child<QLabel>("data.dropHint")->isVisible());
  ASSERT_TRUE(waitFor([&] { return !shown.test->said().isEmpty(); }));
  ASSERT_EQ(shown.test->said().size(), 1) << shown.test->said().join(" | ").toStdString();
  for (const char* part : {"2 videos (save frames", "1 archive (unpack", "1 picture in a format", "1 table in a format", "1 web address",
                           "1 other file", "1 that is not there", "f.bin"}) {
    EXPECT_TRUE(shown.test->wasSaid(part)) << part << " in " << shown.test->said()[0].toStdString();
  }
  EXPECT_EQ(shown.rows().size(), 1u);
}

}  // namespace
}  // namespace lix::app
