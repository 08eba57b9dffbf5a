// Support sets as a person makes them: dragged, sorted by key, undone, saved as versions, opened again.
#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QJsonArray>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QToolButton>

#include "chrome/action_table.h"
#include "frame/preview.h"
#include "support_page_support.h"

namespace lix::app {
namespace {
using namespace testing_support;

TEST_F(SupportPageTest, TheExampleIsMadeSavedAndScored) {
  show();
  auto* example = find<QPushButton>("support.example");
  ASSERT_TRUE(waitFor([&] { return example->isVisible(); }));
  testing_support::grabPage(*page_, "support-empty");
  QTest::mouseClick(example, Qt::LeftButton);
  ASSERT_TRUE(waitFor([&] { return page_->book().isOpen(); }));
  waitForScores();
  const auto rows = stored(page_->book().name());
  ASSERT_EQ(rows.size(), 4u);
  for (const auto& row : rows) {
    EXPECT_EQ(row.pictures.size(), 4u) << row.name;
  }
  EXPECT_TRUE(accuracyText("Tip-Adapter").endsWith(" %")) << accuracyText("Tip-Adapter").toStdString();
  EXPECT_TRUE(find<QLabel>("support.notes")->text().contains("4 of 4 class names"))
      << find<QLabel>("support.notes")->text().toStdString();
}

TEST_F(SupportPageTest, APictureDroppedOnAnotherColumnMovesAndUndoRestoresExactly) {
  const SupportDocument before = emojiDocument(desk_->desk());
  showWith(before);
  const PictureRef moved = pictures(0)[1];
  ASSERT_TRUE(dropOn(column(1)->grid(), column(0)->model()->mimeData({column(0)->model()->index(1, 0)})));
  EXPECT_EQ(pictures(0).size(), 3u);
  ASSERT_EQ(pictures(1).size(), 5u);
  EXPECT_EQ(pictures(1).back(), moved);
  EXPECT_EQ(column(1)->model()->rowCount(), 5);
  const SupportDocument after = document();
  EXPECT_TRUE(find<QToolButton>("support.undo")->toolTip().contains(QString::fromStdString(after.set.classes[1].name)));
  QTest::mouseClick(find<QToolButton>("support.undo"), Qt::LeftButton);
  EXPECT_EQ(document(), before);
  EXPECT_FALSE(find<QToolButton>("support.undo")->isEnabled());
  QTest::mouseClick(find<QToolButton>("support.redo"), Qt::LeftButton);
  EXPECT_EQ(document(), after);
  ASSERT_TRUE(dropOn(board()->tray()->grid(), Payload{.pictures = {moved}, .captions = {}, .paths = {}}));
  EXPECT_EQ(document().unsorted, std::vector{moved});
  EXPECT_EQ(pictures(1).size(), 4u);
}

TEST_F(SupportPageTest, KeysSortTheSelection) {
  showWith(emojiDocument(desk_->desk()));
  const PictureRef first = pictures(0)[0], second = pictures(0)[1], third = pictures(0)[2];
  select(column(0), 0);
  QTest::keyClick(column(0)->grid(), Qt::Key_3);
  EXPECT_EQ(pictures(2).back(), first);
  EXPECT_EQ(column(0)->selected(), std::vector{second}) << "the next one is selected, so that keys go on";
  QTest::keyClick(column(0)->grid(), Qt::Key_1, Qt::ShiftModifier);
  ASSERT_EQ(document().set.classes.size(), 5u);
  EXPECT_EQ(pictures(4), std::vector{second});
  QTest::keyClick(column(0)->grid(), Qt::Key_1, Qt::ControlModifier | Qt::ShiftModifier);
  EXPECT_EQ(pictures(4), (std::vector{second, third}));
  QTest::keyClick(column(0)->grid(), Qt::Key_Delete);
  EXPECT_TRUE(pictures(0).empty());
  EXPECT_EQ(document().set.size(), 15u);
  select(column(4), 0);
  QTest::keyClick(column(4)->grid(), Qt::Key_9);
  EXPECT_EQ(pictures(4).size(), 2u);
  EXPECT_TRUE(desk_->wasSaid("There is no class 9"));
}

TEST_F(SupportPageTest, ActionsHaveKeysOfTheirOwnAndSayWhatTheyUndo) {
  showWith(emojiDocument(desk_->desk()));
  QWidget window;
  widgets::ActionTable table(&window);
  page_->addActions(table);
  table.setScope(pageName(PageId::Support));
  EXPECT_TRUE(table.conflicts().empty());
  const SupportDocument before = document();
  table.action("support.addClass")->trigger();
  ASSERT_EQ(document().set.classes.size(), 5u);
  auto* name = column(4)->findChild<QLineEdit*>("support.className");
  ASSERT_NE(name, nullptr);
  QTest::keyClicks(name, "Animals & Nature");
  QTest::keyClick(name, Qt::Key_Return);
  EXPECT_TRUE(desk_->wasSaid("There is a class")) << "names are unique";
  QTest::keyClick(name, Qt::Key_A, Qt::ControlModifier);
  QTest::keyClicks(name, "mine");
  QTest::keyClick(name, Qt::Key_Return);
  EXPECT_EQ(document().set.classes[4].name, "mine");
  EXPECT_EQ(table.action("support.undo")->text(), "Undo: Rename class to mine");
  QTest::mouseClick(column(4)->findChild<QToolButton*>("support.removeClass"), Qt::LeftButton);
  ASSERT_TRUE(waitFor([&] { return document().set.classes.size() == 4; }));
  for (int i = 0; i < 3; ++i) {
    table.action("support.undo")->trigger();
  }
  EXPECT_EQ(document(), before);
  table.action("support.redo")->trigger();
  EXPECT_EQ(document().set.classes.size(), 5u);
  table.action("support.live")->trigger();
  EXPECT_FALSE(find<QCheckBox>("support.live")->isChecked());
}

TEST_F(SupportPageTest, SpaceShowsThePictureLargeAndEscClosesIt) {
  showWith(emojiDocument(desk_->desk()));
  select(column(0), 0);
  QTest::keyClick(column(0)->grid(), Qt::Key_Space);
  auto* preview = find<PicturePreview>("preview");
  ASSERT_TRUE(waitFor([&] { return preview->isVisible() && !preview->image().isNull(); }));
  QTest::keyClick(preview, Qt::Key_Right);
  EXPECT_EQ(column(0)->grid()->currentIndex().row(), 1);
  QTest::keyClick(preview, Qt::Key_Escape);
  EXPECT_FALSE(preview->isVisible());
}

TEST_F(SupportPageTest, EveryEditIsInTheStoreAndSoWhenThePageGoesAtOnce) {
  showWith(emojiDocument(desk_->desk()));
  page_->assign({pictures(0)[0]}, 1);
  ASSERT_TRUE(waitFor([&] { return stored("mine") == toRows(document()); }));
  page_->assign({pictures(0)[0]}, SupportBoard::kTray);
  const auto last = toRows(document());
  page_.reset();  // before the draft's delay is over
  desk_->settle();
  EXPECT_EQ(stored("mine"), last);
  show();
  ASSERT_TRUE(waitFor([&] { return page_->book().isOpen(); }));
  EXPECT_EQ(toRows(document()), last) << "unsorted pictures come back, too";
}

TEST_F(SupportPageTest, VersionsAreKeptAndGoingBackIsAnEdit) {
  const SupportDocument before = emojiDocument(desk_->desk());
  showWith(before);
  page_->docks()->showPanel("versions");
  QTest::keyClicks(find<QLineEdit>("support.note"), "as made");
  QTest::mouseClick(find<QPushButton>("support.saveVersion"), Qt::LeftButton);
  EXPECT_EQ(find<QLineEdit>("support.note")->text(), "as made") << "until the version is kept";
  auto* list = find<QListWidget>("support.versions");
  ASSERT_TRUE(waitFor([&] { return list->count() == 1; }));
  EXPECT_TRUE(find<QLineEdit>("support.note")->text().isEmpty());
  EXPECT_TRUE(list->item(0)->text().contains("Version 1, 16 pictures")) << list->item(0)->text().toStdString();
  EXPECT_TRUE(list->item(0)->text().contains("as made"));
  testing_support::grabPage(*page_, "support-versions");
  page_->assign(pictures(0), SupportBoard::kNewClass);
  const SupportDocument changed = document();
  ASSERT_NE(changed, before);
  list->setCurrentRow(0);
  QTest::mouseClick(find<QPushButton>("support.goBack"), Qt::LeftButton);
  ASSERT_TRUE(waitFor([&] { return document() == before; }));
  page_->book().undo();
  EXPECT_EQ(document(), changed);
  ASSERT_TRUE(waitFor([&] { return stored("mine") == toRows(changed); }));
  EXPECT_EQ(stored("mine", 1), toRows(before)) << "a version never changes";
}

TEST_F(SupportPageTest, SetsAreMadeRenamedChosenAndDeleted) {
  showWith(emojiDocument(desk_->desk()));
  page_->assign({pictures(0)[0]}, 1);
  const auto mine = toRows(document());
  QTest::mouseClick(find<QToolButton>("support.new"), Qt::LeftButton);
  ASSERT_TRUE(waitFor([&] { return page_->book().name() == "Support set"; }));
  EXPECT_EQ(stored("mine"), mine) << "what was open is saved first";
  page_->book().rename("mine");
  ASSERT_TRUE(waitFor([&] { return desk_->said().size() > 0; })) << "the name is taken";
  EXPECT_EQ(page_->book().name(), "Support set");
  EXPECT_EQ(stored("mine"), mine);
  page_->book().rename("second");
  ASSERT_TRUE(waitFor([&] { return page_->book().name() == "second"; }));
  auto* sets = find<QComboBox>("support.sets");
  ASSERT_TRUE(waitFor([&] { return sets->count() == 2 && sets->findText("second") >= 0; }));
  sets->setCurrentIndex(sets->findText("mine"));
  Q_EMIT sets->activated(sets->currentIndex());
  ASSERT_TRUE(waitFor([&] { return page_->book().name() == "mine"; }));
  EXPECT_EQ(toRows(document()), mine);
  page_->assign({pictures(0)[0]}, 1);  // an edit that waits to be kept does not bring the set back
  auto* remove = page_->findChild<QAction*>("support.delete");
  ASSERT_NE(remove, nullptr);
  remove->trigger();
  ASSERT_TRUE(waitFor([&] { return page_->book().name() == "second"; }));
  page_.reset();
  desk_->settle();
  const auto workspace = desk_->workspace();
  const auto left = store::SupportStore(workspace).list();
  ASSERT_TRUE(left);
  ASSERT_EQ(left->size(), 1u);
  EXPECT_EQ(left->front().name, "second");
}

TEST_F(SupportPageTest, SubfoldersOfADroppedFolderBecomeClasses) {
  const fs::path folder = desk_->scratch() / "shapes";
  colourPicture(folder / "warm_red" / "a.png", 200, 0);
  colourPicture(folder / "warm_red" / "deep" / "b.png", 210, 0);
  colourPicture(folder / "blue" / "c.png", 0, 200);
  colourPicture(folder / "loose.png", 99, 99);
  writeText(folder / "blue" / "film.mp4", "x");
  fs::create_directory_symlink(folder, folder / "blue" / "circle");
  show();
  ASSERT_TRUE(dropOn(page_.get(), Payload{.pictures = {}, .captions = {}, .paths = {folder}}));
  ASSERT_TRUE(waitFor([&] { return page_->book().isOpen(); })) << "a set is made for them";
  ASSERT_EQ(document().set.classes.size(), 2u);
  EXPECT_EQ(document().set.classes[0].name, "blue");
  EXPECT_EQ(document().set.classes[1].name, "warm red");
  EXPECT_EQ(pictures(1).size(), 2u);
  EXPECT_EQ(document().unsorted, std::vector{PictureRef::ofFile(folder / "loose.png")});
  EXPECT_TRUE(desk_->wasSaid("film.mp4"));
  ASSERT_TRUE(dropOn(column(0)->grid(), Payload{.pictures = {}, .captions = {}, .paths = {folder / "warm_red"}}));
  ASSERT_TRUE(waitFor([&] { return pictures(0).size() == 3u; })) << "on a column all go into its class";
  EXPECT_TRUE(pictures(1).empty());
  page_->receive({.pictures = {}, .captions = {}, .paths = {folder / "blue"}});
  page_->receive({.pictures = {PictureRef::ofFile(colourPicture(folder / "late.png", 1, 2))},
                  .captions = {},
                  .paths = {folder / "nowhere"}});
  ASSERT_TRUE(waitFor([&] { return desk_->wasSaid("nowhere"); })) << "the second drop waits for the first";
  EXPECT_EQ(document().unsorted.size(), 2u);
  const FolderListing cut = listFolders({folder}, FolderUse::Flat, 2);
  EXPECT_TRUE(cut.cut);
  EXPECT_EQ(cut.size(), 2u);
  EXPECT_EQ(listFolders({folder / "nowhere"}, FolderUse::Classes, 2).skippedCount, 1u);
}

TEST_F(SupportPageTest, PicturesOfOtherPagesWaitUnsortedAndAreSortedByLabel) {
  const SupportDocument example = emojiDocument(desk_->desk());
  SupportDocument start;
  start.set.classes = {{"mine", {example.set.classes[0].pictures[0]}}};
  showWith(start);
  std::vector<PictureRef> sent = example.set.classes[0].pictures;
  sent.push_back(example.set.classes[1].pictures[0]);
  page_->receive({.pictures = sent, .captions = {}, .paths = {}});
  EXPECT_EQ(pictures(0).size(), 1u) << "what has a class keeps it";
  EXPECT_EQ(document().unsorted.size(), 4u);
  QTest::mouseClick(find<QToolButton>("support.sortByLabel"), Qt::LeftButton);
  ASSERT_TRUE(waitFor([&] { return document().unsorted.empty(); }));
  ASSERT_EQ(document().set.classes.size(), 3u);
  EXPECT_EQ(document().set.classes[1].name, example.set.classes[0].name);
  EXPECT_EQ(pictures(1).size(), 3u);
  EXPECT_EQ(pictures(2).size(), 1u);
  page_->receive({.pictures = {}, .captions = {"a cat"}, .paths = {}});
  EXPECT_TRUE(desk_->wasSaid("Inspect page"));
}

TEST_F(SupportPageTest, StateComesBackAndDamagedStateIsPassedOver) {
  const SupportDocument document = emojiDocument(desk_->desk());
  {
    const auto workspace = desk_->workspace();
    LIX_ASSERT_OK(store::SupportStore(workspace).saveDraft("older", toRows(document)));
    LIX_ASSERT_OK(store::SupportStore(workspace).saveDraft("newer", {}));
  }
  show();
  ASSERT_TRUE(waitFor([&] { return page_->book().name() == "newer"; }));
  auto* sets = find<QComboBox>("support.sets");
  sets->setCurrentIndex(sets->findText("older"));
  Q_EMIT sets->activated(sets->currentIndex());
  ASSERT_TRUE(waitFor([&] { return page_->book().name() == "older"; }));
  auto* adapter = find<QComboBox>("support.adapter");
  adapter->setCurrentIndex(adapter->count() - 1);
  find<QCheckBox>("support.live")->click();
  const QJsonObject state = page_->state();
  page_ = std::make_unique<SupportPage>(desk_->desk());
  page_->restore({{"panels", QJsonObject{{"accuracy", 5}, {"predictions", QJsonArray{}}}}});
  page_->restore(state);
  ASSERT_TRUE(waitFor([&] { return page_->book().name() == "older"; }));
  EXPECT_EQ(page_->state()["panels"], state["panels"]);
  EXPECT_FALSE(find<QCheckBox>("support.live")->isChecked());
}

/// Two sets in the workspace, the second one open.
class TwoSets : public SupportPageTest {
 protected:
  void SetUp() override {
    SupportPageTest::SetUp();
    before_ = emojiDocument(desk_->desk());
    const auto workspace = desk_->workspace();
    LIX_ASSERT_OK(store::SupportStore(workspace).saveVersion("first", toRows(before_)));
    LIX_ASSERT_OK(store::SupportStore(workspace).saveDraft("second", toRows(SupportDocument{{"", {{"a", {}}}}, {}})));
    show();
    ASSERT_TRUE(waitFor([&] { return page_->book().isOpen(); }));
    change("first");
  }
  void change(const std::string& name) {
    page_->open(QString::fromStdString(name));
    ASSERT_TRUE(waitFor([&] { return page_->book().name() == name; }));
  }
  SupportDocument before_;
};

TEST_F(TwoSets, EditsUntilAnotherSetIsShownAreKept) {
  page_->open("second");
  page_->assign({pictures(0)[0]}, 1);  // before the other one is read
  const auto edited = toRows(document());
  ASSERT_EQ(page_->book().name(), "first");
  ASSERT_TRUE(waitFor([&] { return page_->book().name() == "second"; }));
  ASSERT_TRUE(waitFor([&] { return stored("first") == edited; }));
  change("first");
  EXPECT_EQ(toRows(document()), edited);
}

TEST_F(TwoSets, AVersionAskedForInOneSetIsNotPutIntoAnother) {
  page_->open("second");
  page_->book().goBack(1);
  ASSERT_TRUE(waitFor([&] { return page_->book().name() == "second"; }));
  desk_->settle();
  EXPECT_EQ(document().set.classes.size(), 1u);
  EXPECT_FALSE(page_->book().history().canUndo());
}

TEST_F(TwoSets, TheSetOfTheLastTimeIsOpenedThoughAnotherOneWasFirst) {
  page_ = std::make_unique<SupportPage>(desk_->desk());
  ASSERT_TRUE(waitFor([&] { return page_->book().isOpen(); }));
  const QString other = page_->book().name() == "first" ? "second" : "first";
  page_->restore({{"set", other}});
  page_->shown();  // which reads the lists once more
  ASSERT_TRUE(waitFor([&] { return page_->book().name() == other.toStdString(); }));
  page_ = std::make_unique<SupportPage>(desk_->desk());
  page_->restore({{"set", other}});
  page_->shown();
  ASSERT_TRUE(waitFor([&] { return page_->book().isOpen(); }));
  EXPECT_EQ(page_->book().name(), other.toStdString()) << "before the list came, too";
}

TEST_F(TwoSets, AFolderGoesIntoTheClassThatItWasDroppedOnOrNowhere) {
  const fs::path folder = desk_->scratch() / "more";
  const auto picture = PictureRef::ofFile(colourPicture(folder / "a.png", 200, 0));
  const std::string meant = document().set.classes[1].name;
  ASSERT_TRUE(dropOn(column(1)->grid(), Payload{.pictures = {}, .captions = {}, .paths = {folder}}));
  Q_EMIT board()->removeAsked(0);
  ASSERT_TRUE(waitFor([&] { return pictures(0).size() == 5u; }));
  EXPECT_EQ(document().set.classes[0].name, meant);
  EXPECT_EQ(pictures(0).back(), picture);
  page_->book().undo();
  ASSERT_TRUE(dropOn(column(0)->grid(), Payload{.pictures = {}, .captions = {}, .paths = {folder}}));
  Q_EMIT board()->removeAsked(0);
  ASSERT_TRUE(waitFor([&] { return desk_->wasSaid("was gone before the dropped folder was read"); }));
  EXPECT_EQ(document().set.size(), 8u);
  page_->open("second");
  ASSERT_TRUE(dropOn(column(0)->grid(), Payload{.pictures = {}, .captions = {}, .paths = {folder}}));
  ASSERT_TRUE(waitFor([&] { return page_->book().name() == "second"; }));
  desk_->settle();
  EXPECT_TRUE(pictures(0).empty());
}

TEST_F(SupportPageTest, WhatHappenedIsSaidQuietlyBesideTheSet) {
  showWith(emojiDocument(desk_->desk()));
  auto* whisper = find<QLabel>("support.whisper");
  EXPECT_TRUE(whisper->text().isEmpty());
  page_->assign({pictures(0)[0]}, 1);
  EXPECT_EQ(whisper->toolTip(), QString::fromStdString("moved from " + document().set.classes[0].name));
  page_->book().saveVersion("");
  ASSERT_TRUE(waitFor([&] { return whisper->text() == "version 1 kept"; }));
  EXPECT_TRUE(desk_->wasSaid("Kept as version 1 of mine."));
  testing_support::grabPage(*page_, "support-quiet");
  page_->book().saveVersion("");
  ASSERT_TRUE(waitFor([&] { return whisper->text() == "version 2 kept"; }));
}

}  // namespace
}  // namespace lix::app
