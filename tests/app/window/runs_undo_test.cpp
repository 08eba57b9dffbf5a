// What is done to runs is said and can be taken back; what a run was asked for is told in the words of the Train form.
#include <gtest/gtest.h>

#include <QApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableWidget>
#include <QWindow>

#include "pages/run_parts/run_text.h"
#include "pages/run_parts/setting_words.h"
#include "pages/runs/run_order.h"
#include "runs_page_support.h"
#include "store/run_search.h"

namespace lix::app {
namespace {
using namespace testing_support;

class RunsUndo : public OpenedRuns {
 protected:
  long long add(const std::string& name, const std::string& settings = "{}") {
    const auto row = store::RunStore(desk_.workspace()).add({.name = name, .recipe = "siglip", .dataset = "emoji", .settings = settings});
    EXPECT_TRUE(row);
    EXPECT_TRUE(store::RunStore(desk_.workspace()).setStatus(row->id, store::RunStatus::Done));
    return row->id;
  }
  void key(int key, Qt::KeyboardModifiers modifiers = {}) const { QTest::keyClick(&table(), Qt::Key(key), modifiers); }
  QString note() const { return find<QLabel>("runs.undoWords")->text(); }
  bool isTrashed(long long run) const { return !store::RunStore(desk_.workspace()).find(run)->trashedAt.empty(); }
};

TEST_F(RunsUndo, WhatIsDeletedIsSaidAndComesBack) {
  const long long gone = add("gone");
  add("kept");
  open();
  EXPECT_FALSE(find<QWidget>("runs.undoBar")->isVisible());
  choose("gone");
  key(Qt::Key_Delete);
  ASSERT_TRUE(waitFor([this] { return rowOf("gone") < 0; }));
  EXPECT_TRUE(find<QWidget>("runs.undoBar")->isVisible());
  EXPECT_EQ(note(), "Moved to the trash: gone.");
  key(Qt::Key_Z, Qt::ControlModifier);
  ASSERT_TRUE(waitFor([this] { return rowOf("gone") >= 0; }));
  EXPECT_FALSE(isTrashed(gone));
  EXPECT_EQ(note(), "Out of the trash again: gone.");
  EXPECT_FALSE(find<QPushButton>("runs.undo")->isVisible());
  click("runs.redo");
  ASSERT_TRUE(waitFor([this] { return rowOf("gone") < 0; }));
  click("runs.undo");
  ASSERT_TRUE(waitFor([this] { return rowOf("gone") >= 0; }));
  key(Qt::Key_Z, Qt::ControlModifier);  // nothing is left to take back
  desk_.settle();
  EXPECT_GE(rowOf("gone"), 0);
  EXPECT_FALSE(isTrashed(gone));
}

TEST_F(RunsUndo, StepsAreTakenBackOneByOneAndAreGoneWithTheTrash) {
  const long long run = add("first");
  add("other");
  open();
  choose("first");
  key(Qt::Key_A, Qt::ControlModifier | Qt::ShiftModifier);
  ASSERT_TRUE(waitFor([this] { return rowOf("first") < 0; }));
  EXPECT_EQ(note(), "Archived: first.");
  choose("other");
  key(Qt::Key_F2);
  auto* editor = table().findChild<QLineEdit*>();
  ASSERT_NE(editor, nullptr);
  editor->selectAll();
  QTest::keyClicks(editor, "second");
  QTest::keyClick(editor, Qt::Key_Return);
  ASSERT_TRUE(waitFor([this] { return rowOf("second") >= 0; }));
  key(Qt::Key_Z, Qt::ControlModifier);
  ASSERT_TRUE(waitFor([this] { return rowOf("other") >= 0; }));
  key(Qt::Key_Z, Qt::ControlModifier);
  ASSERT_TRUE(waitFor([this] { return rowOf("first") >= 0; }));
  EXPECT_TRUE(store::RunSearch(desk_.workspace()).archived()->empty());
  choose("first");
  key(Qt::Key_Delete);
  ASSERT_TRUE(waitFor([this] { return find<QPushButton>("runs.viewTrash")->text() == "Trash (1)"; }));
  click("runs.viewTrash");
  ASSERT_TRUE(waitFor([this] { return rowOf("first") == 0; }));
  click("runs.emptyTrash");
  click("runs.confirmEmpty");
  ASSERT_TRUE(waitFor([&] { return !store::RunStore(desk_.workspace()).find(run).has_value(); }));
  ASSERT_TRUE(waitFor([this] { return !find<QWidget>("runs.undoBar")->isVisible(); }));
  key(Qt::Key_Z, Qt::ControlModifier);
  desk_.settle();
  EXPECT_TRUE(desk_.said().filter("first").isEmpty()) << "nothing of it is tried again";
}

TEST_F(RunsUndo, WhatCannotBeDeletedIsNoPartOfTheStep) {
  add("idle");
  const auto busy = store::RunStore(desk_.workspace()).add({.name = "busy", .recipe = "siglip"});
  ASSERT_TRUE(store::RunStore(desk_.workspace()).start(busy->id, store::ownProcess(), {.device = "cpu"}));
  open();
  table().selectAll();
  key(Qt::Key_Delete);
  ASSERT_TRUE(waitFor([this] { return rowOf("idle") < 0; }));
  EXPECT_TRUE(desk_.wasSaid("Stop it before"));
  EXPECT_EQ(note(), "Moved to the trash: idle.");
  EXPECT_FALSE(isTrashed(busy->id));
}

TEST_F(RunsUndo, TheArchiveHasAWayBack) {
  add("aside");
  add("kept");
  open();
  choose("aside");
  key(Qt::Key_A, Qt::ControlModifier | Qt::ShiftModifier);
  ASSERT_TRUE(waitFor([this] { return rowOf("aside") < 0; }));
  EXPECT_FALSE(find<QPushButton>("runs.takeOut")->isVisible());
  click("runs.viewArchive");
  ASSERT_TRUE(waitFor([this] { return rowOf("aside") == 0; }));
  EXPECT_EQ(find<QLabel>("runs.archiveWords")->text(), "1 run in the archive; it is kept with all it has.");
  grabPage(*page_, "runs-archive");
  click("runs.takeOut");
  ASSERT_TRUE(waitFor([this] { return rowOf("aside") < 0; }));
  key(Qt::Key_R, Qt::ControlModifier | Qt::ShiftModifier);
  EXPECT_TRUE(waitFor([this] { return rowOf("aside") >= 0; }));
}

TEST_F(RunsUndo, TheRunAtTheRightIsTheHighlightedOneThoughKeysAreHeld) {
  for (const char* name : {"c", "b", "a"}) {
    add(name);
  }
  open();
  choose("b");
  const auto held = Qt::ControlModifier | Qt::ShiftModifier;
  QTest::keyPress(page_->window()->windowHandle(), Qt::Key_A, held);  // a person's hand is still on the keys
  ASSERT_TRUE(waitFor([this] { return rowOf("b") < 0; }));
  desk_.settle();
  const QModelIndexList chosen = table().selectionModel()->selectedRows();
  ASSERT_EQ(chosen.size(), 1);
  EXPECT_EQ(chosen[0].row(), table().currentIndex().row());
  EXPECT_EQ(find<QLabel>("runs.name")->text(), chosen[0].data().toString());
  QTest::keyRelease(page_->window()->windowHandle(), Qt::Key_A, {});
}

TEST_F(RunsUndo, OneThatNeverStartedIsSaidSoAndStandsApart) {
  const auto workspace = desk_.workspace();
  const store::RunStore store(workspace);
  const auto late = store.add({.name = "late", .recipe = "siglip"});  // queued first, begun last
  const auto early = store.add({.name = "early", .recipe = "siglip"});
  const auto never = store.add({.name = "never", .recipe = "siglip"});
  ASSERT_TRUE(store.start(early->id, store::ownProcess(), {.device = "cpu"}));
  ASSERT_TRUE(store.setStatus(early->id, store::RunStatus::Done));
  QTest::qWait(5);  // moments are told apart by milliseconds
  ASSERT_TRUE(store.start(late->id, store::ownProcess(), {.device = "cpu"}));
  ASSERT_TRUE(store.setStatus(late->id, store::RunStatus::Done));
  open();
  const auto names = [this] { return cell(0, 0) + " " + cell(1, 0) + " " + cell(2, 0); };
  EXPECT_EQ(names(), "never late early");
  EXPECT_EQ(cell(0, RunTableModel::Started), "not started");
  table().sortByColumn(RunTableModel::Started, Qt::AscendingOrder);
  EXPECT_EQ(names(), "early late never");
  choose("never");
  key(Qt::Key_Delete);
  ASSERT_TRUE(waitFor([this] { return find<QPushButton>("runs.viewTrash")->text() == "Trash (1)"; }));
  click("runs.viewTrash");
  ASSERT_TRUE(waitFor([this] { return rowOf("never") == 0; }));
  EXPECT_EQ(cell(0, RunTableModel::Status), "Never started");
  EXPECT_EQ(never->status, store::RunStatus::Queued);
}

TEST_F(RunsUndo, ComparedRunsHaveTheListsOrderAndAllOfTheRoom) {
  add("a run whose name is so long that no narrow column takes it", R"({"canaryEvery":10050100,"seed":3})");
  add("b", R"({"canaryEvery":100,"seed":4})");
  add("c", R"({"canaryEvery":100,"seed":4})");
  open();
  key(Qt::Key_D, Qt::ControlModifier);
  table().selectionModel()->clear();
  for (const int row : {1, 2, 0}) {  // as one clicks with Ctrl held
    table().selectionModel()->select(table().model()->index(row, 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);
  }
  auto& compared = *find<QTableWidget>("runs.comparison.table");
  ASSERT_TRUE(waitFor([&] { return compared.columnCount() == 3; }));
  EXPECT_EQ(compared.horizontalHeaderItem(0)->text(), "c (reference)");
  EXPECT_EQ(compared.horizontalHeaderItem(1)->text(), "b");
  int width = 0;
  for (int column = 0; column < 3; ++column) {
    QFont bold = compared.font();
    bold.setBold(true);
    EXPECT_GE(compared.columnWidth(column),
              QFontMetrics(bold).horizontalAdvance(compared.horizontalHeaderItem(column)->text()) + 8);
    width += compared.columnWidth(column);
  }
  EXPECT_GE(width, compared.viewport()->width());
  EXPECT_GE(compared.height(), page_->height() / 4) << "few runs above leave the room to the comparison";
}

TEST(SettingWords, AreTheTrainForms) {
  EXPECT_EQ(settingTitle("clip"), "Gradient clipping");
  EXPECT_EQ(settingTitle("learningRate"), "Learning rate");
  EXPECT_EQ(settingTitle("minCrop"), "Least crop");
  EXPECT_EQ(settingTitle("init"), "Start from");
  EXPECT_EQ(settingTitle("someThing_new"), "Some thing new");
  EXPECT_EQ(settingWords("canaryEvery", 10050100), "10050100");
  EXPECT_EQ(settingWords("learningRate", 0.0001), "0.0001");
  EXPECT_EQ(settingWords("flip", false), "off");
  EXPECT_EQ(settingWords("threads", 0), "all cores");
  EXPECT_EQ(settingWords("ema", 0.0), "off");
  EXPECT_EQ(settingWords("seed", 0), "0");
  EXPECT_EQ(settingWords("init", "/somewhere/siglip-0001"), "siglip-0001");
  EXPECT_EQ(settingWords("canaryBest", "canary.zero_shot"), "Canary: zero shot");
}

TEST(SettingWords, WhatDoesNotApplyToTheRecipeIsLeftOut) {
  store::RunRow run;
  const auto keys = [&](const char* settings) {
    run.settings = settings;
    QStringList found;
    for (const SettingLine& line : settingLines(run)) {
      found << line.key;
    }
    return found.join(' ');
  };
  EXPECT_EQ(keys(R"({"alpha":0,"batch":32,"canary":"","canaryEvery":5,"data":"emoji","hidden":0,"lockText":false,"new":1,
                     "recipe":"siglip","steps":9,"tau":0})"),
            "recipe data steps batch canary new");
  EXPECT_EQ(keys(R"({"alpha":0,"canary":"emoji","canaryEvery":5,"init":"/x","lockText":false,"recipe":"siglixp","tau":0})"),
            "recipe init alpha lockText canary canaryEvery");
  EXPECT_EQ(keys(R"({"alpha":0.5,"recipe":"none of ours"})"), "recipe alpha") << "nobody knows what applies";
  EXPECT_EQ(keys("no JSON"), "");
}

}  // namespace
}  // namespace lix::app
