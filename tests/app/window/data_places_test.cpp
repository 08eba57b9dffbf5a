// Datasets of the Data page that are moved, removed, brought back, changed on the disk, or only read.
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QTest>
#include <algorithm>
#include <fstream>

#include "base/file.h"
#include "data_page_support.h"
#include "desk/thumbnails.h"
#include "store/dataset_store.h"

namespace lix::app {
namespace {

namespace fs = std::filesystem;
using testing_support::ShownData;
using testing_support::waitFor;
using testing_support::writePicture;

TEST(DataPlaces, AMovedDatasetIsToldAndFoundAgain) {
  ShownData shown;
  fs::create_directories(shown.test->scratch() / "elsewhere");
  ASSERT_TRUE(shown.shows("36 pictures"));
  shown.window.reset();
  fs::rename(shown.test->scratch() / "animals", shown.test->scratch() / "elsewhere" / "moved");
  shown.test->reopen();
  shown.show();
  auto* locate = shown.child<QPushButton>("data.locate");
  ASSERT_TRUE(waitFor([&] { return locate->isVisible(); }));
  EXPECT_TRUE(locate->isEnabled());
  bool said = false;
  for (const QLabel* label : shown.page->findChildren<QLabel*>()) {
    said = said || (label->isVisible() && label->text().contains("moved or renamed") && label->text().contains("animals"));
  }
  EXPECT_TRUE(said);
  testing_support::grabPage(*shown.window, "data-moved");
  // A wrong place is refused and nothing changes.
  shown.page->locate("animals", shown.test->scratch() / "elsewhere" / "nothing");
  ASSERT_TRUE(waitFor([&] { return !shown.test->said().isEmpty(); }));
  EXPECT_EQ(shown.rows()[0].path, shown.test->scratch() / "animals");
  shown.page->locate("animals", shown.test->scratch() / "elsewhere" / "moved");
  ASSERT_TRUE(shown.shows("36 pictures"));
  EXPECT_FALSE(locate->isVisible());
  EXPECT_EQ(shown.rows()[0].path, shown.test->scratch() / "elsewhere" / "moved");
}

TEST(DataPlaces, ADatasetThatWasMovedWithItsBrokenFileIsWhatItWas) {
  ShownData shown;
  const fs::path pets = shown.test->scratch() / "pets", moved = shown.test->scratch() / "moved";
  testing_support::writeClasses(pets, 1);
  writePicture(pets / "train" / "red_fox" / "cut.png", 1, 99);
  fs::resize_file(pets / "train" / "red_fox" / "cut.png", 60);  // its head says a size, its pixels are gone
  shown.test->desk().datasets().add(pets);
  ASSERT_TRUE(waitFor([&] { return shown.test->wasSaid("Added pets with 9 pictures."); }));
  fs::rename(pets, moved);
  shown.page->locate("pets", moved);
  ASSERT_TRUE(waitFor([&] {
    const auto rows = shown.rows();
    return std::ranges::any_of(rows, [&](const auto& row) { return row.path == moved; });
  }));
  EXPECT_FALSE(shown.test->wasSaid("there were"));
}

TEST(DataPlaces, ARemovedDatasetComesBackByUndo) {
  ShownData shown;
  ASSERT_TRUE(shown.shows("36 pictures"));
  const auto before = shown.rows();
  auto* list = shown.child<QListWidget>("data.datasets");
  list->setFocus();
  QTest::keyClick(list, Qt::Key_Delete);
  ASSERT_TRUE(waitFor([&] { return !shown.listed().contains("animals"); }));
  EXPECT_TRUE(shown.rows().empty());
  EXPECT_TRUE(fs::exists(shown.test->scratch() / "animals" / "train"));
  ASSERT_TRUE(shown.child<QFrame>("data.undoBar")->isVisible());
  testing_support::grabPage(*shown.window, "data-undo");
  QTest::mouseClick(shown.child<QPushButton>("data.undo"), Qt::LeftButton);
  ASSERT_TRUE(waitFor([&] { return shown.listed().contains("animals"); }));
  ASSERT_TRUE(shown.shows("36 pictures"));
  ASSERT_EQ(shown.rows().size(), 1u);
  EXPECT_EQ(shown.rows()[0].path, before[0].path);
  EXPECT_FALSE(shown.child<QFrame>("data.undoBar")->isVisible());
  // Built-in ones stay.
  shown.choose("symbola");
  QTest::keyClick(list, Qt::Key_Delete);
  shown.test->settle();
  EXPECT_TRUE(shown.listed().contains("symbola"));
}

TEST(DataPlaces, AnUndoThatFailsCanBeTriedAgain) {
  ShownData shown;
  ASSERT_TRUE(shown.shows("36 pictures"));
  const fs::path place = shown.rows()[0].path;
  shown.page->removeDataset("animals");
  ASSERT_TRUE(waitFor([&] { return shown.rows().empty() && shown.child<QFrame>("data.undoBar")->isVisible(); }));
  const auto workspace = shown.test->workspace();
  ASSERT_TRUE(store::DatasetStore(workspace).add({.name = "animals", .kind = "folder", .path = place / "train"}));
  QTest::mouseClick(shown.child<QPushButton>("data.undo"), Qt::LeftButton);
  ASSERT_TRUE(waitFor([&] { return shown.test->wasSaid("'animals' already"); }));
  EXPECT_TRUE(shown.child<QFrame>("data.undoBar")->isVisible());
  ASSERT_TRUE(store::DatasetStore(workspace).remove("animals"));
  QTest::mouseClick(shown.child<QPushButton>("data.undo"), Qt::LeftButton);
  ASSERT_TRUE(waitFor([&] { return shown.rows().size() == 1; }));
  EXPECT_EQ(shown.rows()[0].path, place);
  EXPECT_FALSE(shown.child<QFrame>("data.undoBar")->isVisible());
}

TEST(DataPlaces, FilesThatChangedAreSeenAfterF5) {
  ShownData shown;
  ASSERT_TRUE(shown.shows("36 pictures"));
  QTest::mouseClick(shown.page->grid()->viewport(), Qt::LeftButton, {}, shown.at(1));
  const std::string selected = shown.page->browser().collection()->samples()[1].key;
  fs::remove(shown.test->scratch() / "animals" / shown.page->browser().collection()->samples()[0].key);
  writePicture(shown.test->scratch() / "animals" / "test" / "red_fox" / "new.png", 0, 7);
  writePicture(shown.test->scratch() / "animals" / "test" / "red_fox" / "newer.png", 0, 8);
  shown.table->action("data.reread")->trigger();
  ASSERT_TRUE(shown.shows("37 pictures"));
  EXPECT_EQ(shown.counts(), "37 pictures, 1 selected");
  EXPECT_EQ(shown.page->browser().collection()->samples()[std::size_t(shown.page->grid()->currentIndex().row())].key, selected);
}

TEST(DataPlaces, EveryPictureIsCheckedWhenAskedFor) {
  ShownData shown;
  ASSERT_TRUE(shown.shows("36 pictures"));
  {
    std::ofstream damaged(shown.test->scratch() / "animals" / shown.page->browser().collection()->samples()[0].key);
    damaged << "no picture";
  }
  shown.table->action("data.checkEvery")->trigger();
  ASSERT_TRUE(waitFor([&] { return shown.test->wasSaid("35 pictures are whole. Left out: 1"); }));
  ASSERT_TRUE(waitFor([&] { return shown.rows()[0].counts.find("\"looked_at\":36") != std::string::npos; })) << shown.rows()[0].counts;
  shown.choose("symbola");
  shown.table->action("data.checkEvery")->trigger();
  EXPECT_TRUE(shown.test->wasSaid("Only datasets that were added"));
}

TEST(DataPlaces, ReadOnlyWorkspacesAreShownAndNotChanged) {
  ShownData shown;
  ASSERT_TRUE(shown.shows("36 pictures"));
  auto second = Desk::open(shown.test->folder(), store::OpenMode::ReadWrite);  // the first window has it
  ASSERT_TRUE(second);
  ASSERT_TRUE((*second)->isReadOnly());
  QStringList said;
  QObject::connect(second->get(), &Desk::said, [&](widgets::Severity, const QString& sentence, const QString&) { said << sentence; });
  auto page = std::unique_ptr<DataPage>(static_cast<DataPage*>(makeDataPage(**second)));
  page->resize(1000, 600);
  page->show();
  ASSERT_TRUE(waitFor([&] { return page->findChild<QLabel*>("data.counts")->text() == "36 pictures"; }));
  fs::create_directories(shown.test->scratch() / "more");
  page->receive({.pictures = {}, .captions = {}, .paths = {shown.test->scratch() / "more"}});
  ASSERT_TRUE(waitFor([&] { return said.size() == 1; }));
  EXPECT_TRUE(said[0].contains("reading only"));
  page->removeDataset("animals");
  ASSERT_TRUE(waitFor([&] { return said.size() == 2; }));
  EXPECT_EQ(shown.rows().size(), 1u);
}

}  // namespace
}  // namespace lix::app
