// Panels of the window's pages by keys, menus and the palette; layouts by names; what comes back at the next start.
#include <QDialog>
#include <QDockWidget>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>

#include "chrome/action_table.h"
#include "chrome/command_palette.h"
#include "chrome/message_panel.h"
#include "docks/dock_area.h"
#include "frame/settings.h"
#include "window_fixture.h"

namespace lix::app {
namespace {
using testing_support::waitFor;
using testing_support::WindowTest;

class WindowPanels : public WindowTest {
 protected:
  void SetUp() override {
    WindowTest::SetUp();
    window_->showPage(PageId::Inspect);
    ASSERT_TRUE(waitFor([&] { return docks().isInFront("scores"); }));
  }
  widgets::DockArea& docks() { return *window_->page(window_->currentPage())->docks(); }
  QAction* row(const QString& id) { return window_->actions().action(id); }
  /// A layout's entry for the page in front, or "delete.NAME".
  QAction* inMenu(const QString& name) {
    const auto* menu = window_->findChild<QMenu*>(name.startsWith("delete.") ? "menu.deleteLayout" : "menu.View/Layouts");
    const QString id = "layout." + (name.startsWith("delete.") ? name : pageName(window_->currentPage()) + "." + name);
    for (QAction* action : menu->actions()) {
      if (action->objectName() == id) {
        return action;
      }
    }
    return nullptr;
  }
  void palette(const QString& letters) {
    key(QKeySequence("Ctrl+Shift+P"));
    widgets::CommandPalette* palette = nullptr;
    ASSERT_TRUE(waitFor([&] { return (palette = window_->findChild<widgets::CommandPalette*>()) != nullptr && palette->isVisible(); }));
    QTest::keyClicks(palette->findChild<QLineEdit*>(), letters);
    QTest::keyClick(palette->findChild<QLineEdit*>(), Qt::Key_Return);
  }
  void save(const QString& name) {
    key(QKeySequence("Ctrl+J, L"));
    QDialog* dialog = nullptr;
    ASSERT_TRUE(waitFor([&] { return (dialog = window_->findChild<QDialog*>("layoutDialog")) != nullptr && dialog->isVisible(); }));
    QTest::keyClicks(dialog->findChild<QLineEdit*>("layoutName"), name);
    QTest::keyClick(dialog->findChild<QLineEdit*>("layoutName"), Qt::Key_Return);
    ASSERT_TRUE(waitFor([&] { return window_->findChild<QDialog*>("layoutDialog") == nullptr; }));
  }
};

TEST_F(WindowPanels, TheMenuListsThePanelsOfThePageInFront) {
  auto* menu = window_->findChild<QMenu*>("menu.View/Panels");
  ASSERT_NE(menu, nullptr);
  QAction* scores = row("panel.inspect.scores");
  ASSERT_TRUE(menu->actions().contains(scores));
  EXPECT_TRUE(scores->isVisible() && scores->isChecked());
  EXPECT_FALSE(row("panel.support.accuracy")->isVisible());
  scores->trigger();
  EXPECT_TRUE(waitFor([&] { return !docks().isInFront("scores"); }));
  EXPECT_FALSE(scores->isChecked());
  scores->trigger();
  EXPECT_TRUE(waitFor([&] { return docks().isInFront("scores"); }));
  EXPECT_TRUE(scores->isChecked());
  row("panel.inspect.context")->trigger();
  EXPECT_TRUE(waitFor([&] { return docks().isInFront("context"); })) << "from behind to the front, not closed";
  window_->showPage(PageId::Support);
  EXPECT_TRUE(row("panel.support.accuracy")->isVisible());
  EXPECT_FALSE(scores->isVisible());
  window_->showPage(PageId::Runs);
  EXPECT_FALSE(row("panels.left")->isEnabled()) << "there are no panels";
}

TEST_F(WindowPanels, ThePaletteFindsThem) {
  window_->showPage(PageId::Runs);
  ASSERT_NO_FATAL_FAILURE(palette("panels: map (page inspect"));
  ASSERT_TRUE(waitFor([&] { return window_->currentPage() == PageId::Inspect; }));
  EXPECT_TRUE(waitFor([&] { return docks().isInFront("map"); }));
}

TEST_F(WindowPanels, MovesWithoutAMouse) {
  window_->findChild<QPlainTextEdit*>("inspect.captionEntry")->setFocus();
  EXPECT_EQ(docks().focusedPanel(), "captions");
  const auto at = [&](const char* id) { return docks().dock(id)->mapTo(&docks(), QPoint()); };
  ASSERT_GT(at("captions").y(), at("pictures").y());
  key(QKeySequence("Ctrl+J, Up"));
  EXPECT_TRUE(waitFor([&] { return at("captions").y() < at("pictures").y(); }));
  EXPECT_EQ(docks().focusedPanel(), "captions") << "the keyboard stays";
  key(QKeySequence("Ctrl+J, F"));
  EXPECT_TRUE(waitFor([&] { return docks().dock("captions")->isFloating(); }));
  row("panels.float")->trigger();
  EXPECT_TRUE(waitFor([&] { return !docks().dock("captions")->isFloating(); }));
  row("panels.stack")->trigger();
  EXPECT_TRUE(waitFor([&] { return !docks().tabifiedDockWidgets(docks().dock("captions")).isEmpty(); }));
  key(QKeySequence("Ctrl+J, R"));
  EXPECT_TRUE(waitFor([&] { return docks().isInFront("pictures") && at("captions").y() > at("pictures").y(); }));
  key(QKeySequence("F6"));
  EXPECT_FALSE(docks().focusedPanel().isEmpty());
}

TEST_F(WindowPanels, WhatCannotBeMovedIsSaid) {
  window_->findChild<QPlainTextEdit*>("inspect.captionEntry")->setFocus();
  for (int i = 0; i < 6; ++i) {
    row("panels.left")->trigger();
    QTest::qWait(10);
  }
  EXPECT_TRUE(window_->messages().sentences().join('|').contains("no place"));
}

TEST_F(WindowPanels, LayoutsByNames) {
  row("panel.inspect.scores")->trigger();
  ASSERT_TRUE(waitFor([&] { return !docks().isInFront("scores"); }));
  ASSERT_NO_FATAL_FAILURE(save("My & own/one"));
  row("panels.reset")->trigger();
  ASSERT_TRUE(waitFor([&] { return docks().isInFront("scores"); }));
  QAction* own = inMenu("My & own/one");
  ASSERT_NE(own, nullptr);
  own->trigger();
  EXPECT_TRUE(waitFor([&] { return !docks().isInFront("scores"); }));
  EXPECT_TRUE(docks().isInFront("pictures"));
  window_->showPage(PageId::Support);
  EXPECT_EQ(inMenu("My & own/one"), nullptr) << "each page has its own";
  shut();
  open(folder_ / "demo");
  window_->showPage(PageId::Inspect);
  ASSERT_NE(inMenu("My & own/one"), nullptr) << "kept";
  inMenu("delete.My & own/one")->trigger();
  EXPECT_TRUE(waitFor([&] { return inMenu("My & own/one") == nullptr; }));
  EXPECT_TRUE(settings::layouts("inspect").isEmpty());
}

TEST_F(WindowPanels, LayoutsOfTheProgram) {
  ASSERT_NE(inMenu("Context"), nullptr);
  inMenu("Context")->trigger();
  EXPECT_TRUE(waitFor([&] { return docks().isInFront("context") && !docks().isInFront("scores"); }));
  inMenu("Weights")->trigger();
  EXPECT_TRUE(waitFor([&] { return docks().isInFront("weights") && docks().isInFront("scores") && !docks().isInFront("context"); }));
}

TEST_F(WindowPanels, LayoutsOfEveryPageStandInThePalette) {
  for (const char* id : {"layout.support.Building", "layout.support.Measuring", "layout.support.Classifying"}) {
    EXPECT_NE(row(id), nullptr) << id;
  }
  window_->showPage(PageId::Runs);
  ASSERT_NO_FATAL_FAILURE(palette("layouts: context"));
  ASSERT_TRUE(waitFor([&] { return window_->currentPage() == PageId::Inspect; }));
  EXPECT_TRUE(waitFor([&] { return docks().isInFront("context") && !docks().isInFront("scores"); }));
}

TEST_F(WindowPanels, FloatingPanelsGoWithTheirPage) {
  ASSERT_TRUE(docks().toggleFloating("map"));
  QDockWidget* map = docks().dock("map");
  ASSERT_TRUE(waitFor([&] { return map->isFloating() && map->isVisible(); }));
  window_->showPage(PageId::Support);
  EXPECT_TRUE(waitFor([&] { return !map->isVisible(); }));
  window_->showPage(PageId::Inspect);
  EXPECT_TRUE(waitFor([&] { return map->isVisible(); }));
  window_->showPage(PageId::Support);
  shut();
  open(folder_ / "demo");
  EXPECT_EQ(window_->currentPage(), PageId::Support);
  map = window_->page(PageId::Inspect)->docks()->dock("map");
  QTest::qWait(50);
  EXPECT_FALSE(map->isVisible());
  window_->showPage(PageId::Inspect);
  EXPECT_TRUE(waitFor([&] { return map->isVisible() && map->isFloating(); })) << "as it stood";
}

TEST_F(WindowPanels, ADamagedLayoutIsSaid) {
  settings::setLayouts("inspect", {{"Bent", QByteArray("no layout at all")}});
  window_->showPage(PageId::Support);
  window_->showPage(PageId::Inspect);
  ASSERT_NE(inMenu("Bent"), nullptr);
  inMenu("Bent")->trigger();
  EXPECT_TRUE(window_->messages().sentences().join('|').contains("Bent"));
  EXPECT_TRUE(docks().isInFront("scores")) << "nothing has changed";
}

TEST_F(WindowPanels, EverythingComesBackAtTheNextStart) {
  row("panel.inspect.scores")->trigger();
  docks().movePanel("context", widgets::DockArea::Side::Right);
  ASSERT_TRUE(waitFor([&] { return docks().isInFront("context") && !docks().isInFront("scores"); }));
  window_->resize(1111, 707);
  QTest::qWait(50);
  row("view.theme")->trigger();
  const auto theme = settings::theme();
  shut();
  open(folder_ / "demo");
  EXPECT_EQ(window_->currentPage(), PageId::Inspect);
  EXPECT_TRUE(waitFor([&] { return docks().isInFront("context"); }));
  EXPECT_FALSE(docks().isInFront("scores"));
  EXPECT_TRUE(docks().isInFront("weights")) << "beside it, no longer behind";
  EXPECT_EQ(settings::theme(), theme);
  window_->actions().action("view.theme")->trigger();
}

}  // namespace
}  // namespace lix::app
