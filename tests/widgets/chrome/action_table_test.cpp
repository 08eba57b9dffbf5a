#include "chrome/action_table.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QHelpEvent>
#include <QLineEdit>
#include <QListView>
#include <QLabel>
#include <QMainWindow>
#include <QMenuBar>
#include <QPointer>
#include <QTest>
#include <QToolBar>
#include <QToolButton>
#include <QToolTip>

#include "chrome/command_palette.h"
#include "chrome/eliding_box.h"
#include "chrome/fuzzy.h"
#include "../shots.h"

namespace lix::widgets {
namespace {

struct Window : QMainWindow {
  ActionTable table{this};
  QStringList ran;

  Window() {
    const auto row = [this](const char* id, const char* menu, const char* text, const char* help, const char* icon,
                            const QKeySequence& key, const char* scope) {
      table.add({.id = id, .menu = menu, .text = text, .help = help, .icon = icon, .key = key,
                 .inToolbar = QString(id) != "go.train", .run = [this, id](bool) { ran << id; }, .scope = scope});
    };
    row("file.open", "&File", "&Open workspace...", "Opens another workspace.", "open", QKeySequence("Ctrl+O"), "");
    row("edit.undo", "&Edit", "Undo", "Takes back the last change.", "undo", QKeySequence("Ctrl+Z"), "");
    row("go.train", "&Go", "Train", "Goes to the training page.", "train", QKeySequence("Ctrl+2"), "");
    row("train.start", "&Train", "Start run", "Starts a training run.", "play", QKeySequence("Ctrl+Return"), "train");
    row("support.add", "&Support", "Add class", "Adds an empty class.", "add", QKeySequence("Ctrl+Return"), "support");
    row("file.quit", "&File", "Quit", "Closes the window; runs go on.", "", QKeySequence("Ctrl+Q"), "");
    resize(900, 560);
  }
};

TEST(ActionTable, TellsNameKeyAndHelp) {
  Window window;
  const QAction* open = window.table.action("file.open");
  ASSERT_NE(open, nullptr);
  EXPECT_EQ(open->toolTip(), "Open workspace (Ctrl+O): Opens another workspace.");
  EXPECT_EQ(open->statusTip(), "Opens another workspace.");
  EXPECT_EQ(open->whatsThis(), "Opens another workspace.");
  EXPECT_EQ(window.table.action("no.such"), nullptr);
  EXPECT_EQ(plainText("Save && &close..."), "Save & close");
}

TEST(ActionTable, KeysRunActionsOfTheScope) {
  Window window;
  window.show();
  ASSERT_TRUE(QTest::qWaitForWindowActive(&window));
  QTest::keyClick(&window, Qt::Key_O, Qt::ControlModifier);
  EXPECT_EQ(window.ran, QStringList{"file.open"});
  QTest::keyClick(&window, Qt::Key_Return, Qt::ControlModifier);
  EXPECT_EQ(window.ran.size(), 1) << "no page is shown that has this key";
  window.table.setScope("support");
  QTest::keyClick(&window, Qt::Key_Return, Qt::ControlModifier);
  window.table.setScope("train");
  QTest::keyClick(&window, Qt::Key_Return, Qt::ControlModifier);
  EXPECT_EQ(window.ran, QStringList({"file.open", "support.add", "train.start"}));
}

TEST(ActionTable, ScopeLeavesActionsOfAllPagesAsTheyAre) {
  Window window;
  window.table.action("edit.undo")->setEnabled(false);
  window.table.setScope("train");
  EXPECT_FALSE(window.table.action("edit.undo")->isEnabled());
  EXPECT_TRUE(window.table.action("train.start")->isEnabled());
  EXPECT_FALSE(window.table.action("support.add")->isEnabled());
}

TEST(ActionTable, FillsMenusInTheOrderOfTheirFirstRows) {
  Window window;
  window.table.fill(*window.menuBar());
  QStringList titles;
  for (const QAction* menu : window.menuBar()->actions()) {
    titles << menu->text();
  }
  EXPECT_EQ(titles, QStringList({"&File", "&Edit", "&Go", "&Train", "&Support"}));
  const auto file = window.menuBar()->actions().first()->menu()->actions();
  ASSERT_EQ(file.size(), 2);
  EXPECT_EQ(file[1]->objectName(), "file.quit");
  QToolBar bar;
  window.table.fill(bar);
  EXPECT_FALSE(bar.actions().contains(window.table.action("go.train")));
  const QWidget* button = bar.widgetForAction(window.table.action("edit.undo"));
  ASSERT_NE(button, nullptr);
  EXPECT_EQ(button->accessibleName(), "Undo");
}

TEST(ActionTable, RowsGoWithTheirActions) {
  Window window;
  window.table.fill(*window.menuBar());
  const QPointer<QAction> undo = window.table.action("edit.undo");
  window.table.remove("edit.undo");
  window.table.remove("no.such");
  EXPECT_TRUE(undo.isNull());
  EXPECT_EQ(window.table.action("edit.undo"), nullptr);
  EXPECT_EQ(window.table.rows().size(), 5u);
  ASSERT_NE(window.table.action("go.train"), nullptr);
  window.table.action("go.train")->trigger();
  EXPECT_EQ(window.ran, QStringList{"go.train"}) << "the others stay with their rows";
}

TEST(ElidingBox, TextWithoutRoomEndsInAnEllipsisAndIsToldByTheTip) {
  ElidingBox box;
  box.addItem("Automatic (the names of the classes)");
  box.setToolTip("Chooses the names.");
  box.setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  box.setMinimumContentsLength(8);
  box.resize(box.sizeHint());
  box.show();
  EXPECT_TRUE(box.shownText().endsWith(QChar(0x2026))) << box.shownText().toStdString();
  QHelpEvent asked(QEvent::ToolTip, box.rect().center(), box.mapToGlobal(box.rect().center()));
  QApplication::sendEvent(&box, &asked);
  EXPECT_EQ(QToolTip::text(), box.currentText() + "\nChooses the names.");
  shoot(box, "eliding-box");
  box.resize(400, box.height());
  EXPECT_EQ(box.shownText(), box.currentText());
  QToolTip::hideText();
}

TEST(ActionTable, FindsConflicts) {
  Window window;
  EXPECT_TRUE(window.table.conflicts().empty()) << "one key on two pages is right";
  window.table.add({.id = "a", .text = "A", .key = QKeySequence("Ctrl+Return")});
  EXPECT_EQ(window.table.conflicts().size(), 2U) << "with each page's";
  window.table.add({.id = "b", .text = "B", .key = QKeySequence("Ctrl+K, Ctrl+S")});
  EXPECT_EQ(window.table.conflicts().size(), 2U);
  window.table.add({.id = "c", .text = "C", .key = QKeySequence("Ctrl+K")});
  window.table.add({.id = "c", .text = "D"});
  const auto said = window.table.conflicts();
  ASSERT_EQ(said.size(), 4U);
  EXPECT_TRUE(said[2].contains("Ctrl+K")) << said[2].toStdString();
  EXPECT_TRUE(said[3].contains("id \"c\"")) << said[3].toStdString();
}

TEST(Fuzzy, PrefersStartsOfWordsAndNeighbours) {
  const auto match = fuzzyMatch("ow", "File: Open workspace");
  ASSERT_TRUE(match);
  EXPECT_EQ(match->at, (std::vector<int>{6, 11}));
  EXPECT_FALSE(fuzzyMatch("wo x", "Open workspace"));
  EXPECT_FALSE(fuzzyMatch("a", ""));
  EXPECT_TRUE(fuzzyMatch("", "anything"));
  EXPECT_EQ(fuzzyMatch("SPACE", "Open workspace")->at, (std::vector<int>{9, 10, 11, 12, 13}));
  EXPECT_GT(fuzzyMatch("tr", "Train")->score, fuzzyMatch("tr", "Start run")->score);
}

TEST(CommandPalette, TypesChoosesAndRunsAfterClosing) {
  Window window;
  window.show();
  ASSERT_TRUE(QTest::qWaitForWindowActive(&window));
  CommandPalette palette(window.table, &window);
  bool openWhenRun = true;
  QObject::connect(window.table.action("file.open"), &QAction::triggered, &window,
                   [&] { openWhenRun = palette.isVisible(); });
  palette.show();
  auto* field = palette.findChild<QLineEdit*>();
  auto* view = palette.findChild<QListView*>();
  ASSERT_NE(field, nullptr);
  EXPECT_EQ(view->model()->rowCount(), 6) << "those of other pages too";
  QTest::keyClicks(field, "open");
  ASSERT_EQ(view->model()->rowCount(), 1);
  EXPECT_EQ(view->model()->index(0, 0).data().toString(), "File: Open workspace");
  QTest::keyClick(field, Qt::Key_Return);
  EXPECT_FALSE(palette.isVisible());
  ASSERT_TRUE(QTest::qWaitFor([&] { return !window.ran.isEmpty(); }));
  EXPECT_EQ(window.ran, QStringList{"file.open"});
  EXPECT_FALSE(openWhenRun);
}

TEST(CommandPalette, ArrowsWrapEscClosesAndNoMatchRunsNothing) {
  Window window;
  window.table.setScope("train");
  window.show();
  CommandPalette palette(window.table, &window);
  palette.show();
  auto* field = palette.findChild<QLineEdit*>();
  auto* view = palette.findChild<QListView*>();
  QTest::keyClick(field, Qt::Key_Up);
  EXPECT_EQ(view->currentIndex().row(), view->model()->rowCount() - 1);
  QTest::keyClick(field, Qt::Key_Down);
  EXPECT_EQ(view->currentIndex().row(), 0);
  shoot(palette, "palette");
  QTest::keyClicks(field, "tr");
  EXPECT_EQ(view->model()->index(0, 0).data().toString(), "Go: Train");
  shoot(palette, "palette-typed");
  QTest::keyClicks(field, "zzz");
  EXPECT_EQ(view->model()->rowCount(), 0);
  shoot(palette, "palette-none");
  QTest::keyClick(field, Qt::Key_Return);
  EXPECT_TRUE(palette.isVisible());
  QTest::keyClick(field, Qt::Key_Escape);
  EXPECT_FALSE(palette.isVisible());
  palette.show();
  EXPECT_TRUE(field->text().isEmpty()) << "opens empty again";
  const QRect row = view->visualRect(view->model()->index(1, 0));
  QTest::mouseClick(view->viewport(), Qt::LeftButton, Qt::NoModifier, row.center());
  ASSERT_TRUE(QTest::qWaitFor([&] { return !window.ran.isEmpty(); }));
  EXPECT_EQ(window.ran, QStringList{"edit.undo"});
}

TEST(CommandPalette, OfEqualMatchesThoseOfThePageThatIsShownComeFirst) {
  Window window;
  for (const char* page : {"data", "train", "support"}) {
    window.table.add({.id = QString(page) + ".mark", .menu = page == QString("train") ? "&Marking pages" : "&Edit",
                      .text = "Mark", .help = "Marks a row.", .run = [](bool) {}, .scope = page});
  }
  window.show();
  CommandPalette palette(window.table, &window);
  auto* field = palette.findChild<QLineEdit*>();
  auto* view = palette.findChild<QListView*>();
  for (const auto& [scope, first] : {std::pair("support", "Edit: Mark"), std::pair("train", "Marking pages: Mark")}) {
    window.table.setScope(scope);
    palette.show();
    QTest::keyClicks(field, "mark");
    ASSERT_EQ(view->model()->rowCount(), 3);
    EXPECT_EQ(view->model()->index(0, 0).data().toString(), first) << "though its name is longer than the others'";
    palette.hide();
  }
}

TEST(ShortcutSheet, SearchesAndFolds) {
  Window window;
  ShortcutSheet sheet(window.table, &window);
  sheet.show();
  shoot(sheet, "sheet");
  const auto texts = [&] {
    QStringList all;
    for (const QLabel* label : sheet.findChildren<QLabel*>()) {
      all << label->text();
    }
    return all;
  };
  EXPECT_TRUE(texts().contains("Open workspace"));
  EXPECT_TRUE(texts().contains("Ctrl+Q"));
  auto* field = sheet.findChild<QLineEdit*>();
  QTest::keyClicks(field, "ctrl+z");
  EXPECT_TRUE(texts().contains("Undo"));
  EXPECT_FALSE(texts().contains("Quit"));
  field->setText("no such");
  EXPECT_EQ(texts(), QStringList{"No action has these letters."});
  field->clear();
  sheet.resize(420, 400);
  QCoreApplication::processEvents();
  shoot(sheet, "sheet-narrow");
  EXPECT_TRUE(texts().contains("Quit"));
  QTest::keyClick(field, Qt::Key_Escape);
  EXPECT_FALSE(sheet.isVisible());
}

}  // namespace
}  // namespace lix::widgets
