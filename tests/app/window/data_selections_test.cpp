// Selections under names on the Data page, and what it writes into files.
#include <QAbstractButton>
#include <QComboBox>
#include <QDialog>
#include <QFrame>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMimeData>
#include <QPushButton>
#include <QTest>
#include <fstream>

#include "data/dataset.h"
#include "data_page_support.h"
#include "desk/tasks.h"
#include "pages/data/dataset_panel.h"
#include "store/selection_store.h"

namespace lix::app {
namespace {

namespace fs = std::filesystem;
using store::SelectionStore;
using testing_support::ShownData;
using testing_support::waitFor;

std::vector<store::SelectionRow> kept(ShownData& shown) { return SelectionStore(shown.test->workspace()).list().value(); }

std::string keyOf(ShownData& shown, std::size_t sample) { return shown.page->collection()->samples()[sample].key; }

/// Clicks the pictures with Ctrl.
void select(ShownData& shown, std::vector<int> rows) {
  shown.page->grid()->clearSelection();
  for (const int row : rows) {
    QTest::mouseClick(shown.page->grid()->viewport(), Qt::LeftButton, Qt::ControlModifier, shown.at(row));
  }
}

/// Types a name into the dialog of Ctrl+Shift+K and presses one of its buttons.
void keepAs(ShownData& shown, const QString& name, const char* button, const QString& note = {}) {
  shown.table->action("data.keep")->trigger();
  auto* dialog = shown.page->findChild<QDialog*>("data.selectionDialog");
  ASSERT_NE(dialog, nullptr);
  dialog->findChild<QComboBox*>("data.selectionName")->setEditText(name);
  dialog->findChild<QLineEdit*>("data.selectionNote")->setText(note);
  auto* pressed = dialog->findChild<QAbstractButton*>(button);
  ASSERT_TRUE(pressed->isEnabled());
  pressed->click();
  ASSERT_TRUE(waitFor([&] { return shown.page->findChild<QDialog*>("data.selectionDialog") == nullptr; }));
}

TEST(DataSelections, AreKeptListedOpenedAndSurvive) {
  ShownData shown;
  ASSERT_TRUE(shown.shows("36 pictures"));
  EXPECT_FALSE(shown.child<QPushButton>("data.keep")->isEnabled());
  shown.table->action("data.keep")->trigger();
  EXPECT_TRUE(shown.test->wasSaid("No picture is selected"));
  select(shown, {3, 1});
  keepAs(shown, " odd ones ", "data.selectionKeep", "blurred");
  ASSERT_TRUE(waitFor([&] { return shown.listed().contains("odd ones"); }));
  EXPECT_EQ(shown.listed().indexOf("odd ones"), shown.listed().indexOf("animals") + 1) << "below its dataset";
  ASSERT_EQ(kept(shown).size(), 1u);
  EXPECT_EQ(kept(shown)[0].note, "blurred");
  EXPECT_EQ(SelectionStore(shown.test->workspace()).keys("animals", "odd ones").value(), (std::vector{keyOf(shown, 1), keyOf(shown, 3)}));

  shown.reopen();
  ASSERT_TRUE(waitFor([&] { return shown.listed().contains("odd ones"); }));
  shown.choose("scenes");
  ASSERT_TRUE(waitFor([&] { return shown.page->browser().name() == "scenes" && shown.page->collection(); }));
  shown.choose("odd ones");  // of another dataset than the one that is shown
  ASSERT_TRUE(shown.shows("36 pictures, 2 shown"));
  EXPECT_EQ(shown.child<QLabel>("data.matches")->text(), "Selection odd ones (2)");
  EXPECT_EQ(shown.child<QListWidget>("data.datasets")->currentItem()->text(), "odd ones");
  testing_support::grabPage(*shown.window, "data-selection");
  QTest::mouseClick(shown.child<QPushButton>("data.clearMatches"), Qt::LeftButton);
  ASSERT_TRUE(waitFor([&] { return shown.counts() == "36 pictures"; }));
  EXPECT_EQ(shown.child<QListWidget>("data.datasets")->currentItem()->text(), "animals");
  shown.choose("odd ones");
  ASSERT_TRUE(shown.shows("36 pictures, 2 shown"));
  shown.choose("animals");
  ASSERT_TRUE(waitFor([&] { return shown.counts() == "36 pictures"; }));
}

TEST(DataSelections, PicturesAreAddedAndTakenOutAndThatIsUndone) {
  ShownData shown;
  ASSERT_TRUE(shown.shows("36 pictures"));
  select(shown, {0, 1});
  keepAs(shown, "some", "data.selectionKeep");
  ASSERT_TRUE(waitFor([&] { return shown.listed().contains("some"); }));
  select(shown, {1, 2, 3});
  keepAs(shown, "some", "data.selectionAdd");
  const auto holds = [&](long long count) {
    return waitFor([&] { return kept(shown).size() == 1 && kept(shown)[0].pictures == count; });
  };
  ASSERT_TRUE(holds(4));
  shown.choose("some");
  ASSERT_TRUE(shown.shows("36 pictures, 4 shown"));
  select(shown, {0});
  keepAs(shown, "some", "data.selectionTake");
  ASSERT_TRUE(shown.shows("36 pictures, 3 shown")) << "what is open follows";
  QTest::mouseClick(shown.child<QPushButton>("data.undo"), Qt::LeftButton);
  ASSERT_TRUE(shown.shows("36 pictures, 4 shown"));
  ASSERT_TRUE(holds(4));
}

TEST(DataSelections, AreRenamedAndRemovedWithUndo) {
  ShownData shown;
  ASSERT_TRUE(shown.shows("36 pictures"));
  select(shown, {5, 6});
  keepAs(shown, "first", "data.selectionKeep");
  ASSERT_TRUE(waitFor([&] { return shown.listed().contains("first"); }));
  shown.choose("first");
  ASSERT_TRUE(shown.shows("36 pictures, 2 shown"));
  auto* list = shown.child<QListWidget>("data.datasets");
  QTest::keyClick(list, Qt::Key_F2);
  auto* dialog = shown.page->findChild<QDialog*>("data.selectionDialog");
  ASSERT_NE(dialog, nullptr);
  dialog->findChild<QComboBox*>("data.selectionName")->setEditText("second");
  dialog->findChild<QAbstractButton*>("data.selectionKeep")->click();
  ASSERT_TRUE(waitFor([&] { return shown.listed().contains("second") && !shown.listed().contains("first"); }));
  ASSERT_TRUE(waitFor([&] { return shown.child<QLabel>("data.matches")->text() == "Selection second (2)"; }));
  list->setFocus();
  QTest::keyClick(list, Qt::Key_Delete);
  ASSERT_TRUE(waitFor([&] { return kept(shown).empty(); }));
  ASSERT_TRUE(waitFor([&] { return shown.counts().startsWith("36 pictures") && !shown.counts().contains("shown"); }));
  EXPECT_EQ(shown.rows().size(), 1u) << "the dataset stays";
  QTest::mouseClick(shown.child<QPushButton>("data.undo"), Qt::LeftButton);
  ASSERT_TRUE(waitFor([&] { return shown.listed().contains("second"); }));
  EXPECT_EQ(kept(shown)[0].pictures, 2);
}

TEST(DataSelections, AreDraggedAsTheirPictures) {
  ShownData shown;
  ASSERT_TRUE(shown.shows("36 pictures"));
  select(shown, {7, 2});
  keepAs(shown, "dragged", "data.selectionKeep");
  ASSERT_TRUE(waitFor([&] { return shown.listed().contains("dragged"); }));
  shown.choose("dragged");
  ASSERT_TRUE(shown.shows("36 pictures, 2 shown"));
  auto* list = static_cast<DatasetList*>(shown.child<QListWidget>("data.datasets"));
  EXPECT_TRUE(list->currentItem()->flags() & Qt::ItemIsDragEnabled);
  EXPECT_FALSE(list->item(0)->flags() & Qt::ItemIsDragEnabled);
  const std::unique_ptr<QMimeData> mime(list->payload("animals", "dragged"));
  ASSERT_NE(mime, nullptr);
  const Payload payload = fromMime(*mime);
  ASSERT_EQ(payload.pictures.size(), 2u);
  EXPECT_EQ(payload.pictures[0], data::PictureRef::sample("animals", keyOf(shown, 2)));
  // Compare gets them by its button.
  Payload sent;
  QObject::connect(&shown.test->desk(), &Desk::handedOver, [&](PageId page, const Payload& handed) {
    EXPECT_EQ(page, PageId::Compare);
    sent = handed;
  });
  QTest::mouseClick(shown.child<QPushButton>("data.send.compare"), Qt::LeftButton);
  EXPECT_EQ(sent.pictures, payload.pictures);
}

TEST(DataSelections, AFolderThatIsGoneForgetsNothing) {
  ShownData shown;
  ASSERT_TRUE(shown.shows("36 pictures"));
  select(shown, {0, 35 % 12});
  keepAs(shown, "kept", "data.selectionKeep");
  ASSERT_TRUE(waitFor([&] { return shown.listed().contains("kept"); }));
  const std::string gone = keyOf(shown, 0);
  fs::rename(shown.test->scratch() / "animals", shown.test->scratch() / "moved");
  shown.reopen();
  auto* locate = shown.child<QPushButton>("data.locate");
  ASSERT_TRUE(waitFor([&] { return locate->isVisible(); }));
  EXPECT_TRUE(waitFor([&] { return shown.listed().contains("kept"); }));
  EXPECT_EQ(kept(shown).size(), 1u);
  shown.choose("kept");  // says so again, and breaks nothing
  ASSERT_TRUE(waitFor([&] { return locate->isVisible(); }));
  fs::remove(shown.test->scratch() / "moved" / gone);
  shown.page->locate("animals", shown.test->scratch() / "moved");
  ASSERT_TRUE(shown.shows("35 pictures"));
  shown.choose("animals");
  shown.choose("kept");
  ASSERT_TRUE(shown.shows("35 pictures, 1 shown"));
  EXPECT_EQ(shown.child<QLabel>("data.matches")->text(), "Selection kept (2), 1 of them not in the dataset now");
}

TEST(DataSelections, WhatOthersDoToTheWorkspaceIsSeen) {
  ShownData shown;
  ASSERT_TRUE(shown.shows("36 pictures"));
  const auto other = shown.test->workspace();  // a terminal, or another window
  ASSERT_TRUE(store::DatasetStore(other).add({.name = "newcomer", .kind = "folder", .path = shown.test->scratch() / "animals"}));
  ASSERT_TRUE(SelectionStore(other).add({.dataset = "animals", .name = "from elsewhere"}, {keyOf(shown, 4)}));
  ASSERT_TRUE(waitFor([&] { return shown.listed().contains("newcomer") && shown.listed().contains("from elsewhere"); }));
  EXPECT_EQ(shown.counts(), "36 pictures") << "what is shown stays";
}

TEST(DataSelections, AreExportedAsTableAndCopies) {
  ShownData shown;
  ASSERT_TRUE(shown.shows("36 pictures"));
  select(shown, {0, 1, 14});
  const fs::path table = shown.test->scratch() / "some.csv", folder = shown.test->scratch() / "copies";
  shown.page->exportPictures(DataPage::Export::Table, table);
  ASSERT_TRUE(waitFor([&] { return shown.test->wasSaid("Wrote 3 pictures"); }));
  const auto again = data::open({.kind = "table", .path = table.string()}, "again");
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->samples.size(), 3u);
  EXPECT_EQ(again->samples[1].captions, shown.page->collection()->samples()[1].captions);
  // Without a selection: all that are shown.
  shown.page->grid()->clearSelection();
  shown.child<QLineEdit>("data.search")->setText("fox");
  ASSERT_TRUE(shown.shows("36 pictures, 12 shown"));
  shown.page->exportPictures(DataPage::Export::Folders, folder);
  ASSERT_TRUE(waitFor([&] { return shown.test->wasSaid("Copied 12 pictures"); }));
  EXPECT_TRUE(fs::exists(folder / "red fox" / "0.png"));
  EXPECT_EQ(std::distance(fs::recursive_directory_iterator(folder), fs::recursive_directory_iterator()), 13);
  shown.page->exportPictures(DataPage::Export::Folders, folder);
  ASSERT_TRUE(waitFor([&] { return shown.test->wasSaid("exists already"); }));
  shown.page->exportPictures(DataPage::Export::Shards, shown.test->scratch() / "shards");
  ASSERT_TRUE(waitFor([&] { return shown.test->wasSaid("Wrote 12 pictures"); }));
  const auto sharded = data::recognise((shown.test->scratch() / "shards").string());
  ASSERT_TRUE(sharded) << sharded.error().message;
  EXPECT_EQ(sharded->kind, "shards");
  EXPECT_EQ(data::open(*sharded, "again")->samples.size(), 12u);
}

TEST(DataSelections, DrawnPicturesAreRefusedForATableBeforeAPlaceIsAsked) {
  ShownData shown;
  ASSERT_TRUE(shown.shows("36 pictures"));
  shown.choose("symbola");
  ASSERT_TRUE(waitFor([&] { return shown.page->collection() && shown.page->collection()->set->set.name == "symbola"; }));
  ASSERT_TRUE(waitFor([&] { return shown.page->grid()->model()->rowCount() > 0; }));
  shown.table->action("data.exportTable")->trigger();
  EXPECT_TRUE(shown.test->wasSaid("a table cannot name their files"));
}

}  // namespace
}  // namespace lix::app
