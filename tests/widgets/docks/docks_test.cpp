// Panels of a dock area: arrangement, layouts, moving without a mouse, tabs, end.
#include <gtest/gtest.h>

#include <QApplication>
#include <QDockWidget>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPointer>
#include <QTabBar>
#include <QTest>
#include <QToolButton>
#include <memory>

#include "../shots.h"
#include "area.h"

namespace lix::widgets {
namespace {

using Side = DockArea::Side;
using docks_test::Area;

TEST(Docks, StandAsArrangedAtFirst) {
  Area area;
  EXPECT_FALSE(area.docks->isInFront("pictures")) << "nothing is shown yet";
  EXPECT_TRUE(area.docks->layout().isEmpty());
  area.show();
  EXPECT_LT(area.at("pictures").right(), area.at("scores").left());
  EXPECT_LT(area.at("pictures").bottom(), area.at("captions").top());
  EXPECT_LT(area.at("scores").bottom(), area.at("weights").top());
  EXPECT_EQ(area.at("scores").left() - area.at("pictures").right() - 1, 9) << "air and a line between them";
  EXPECT_TRUE(area.stacked("weights", "map"));
  EXPECT_TRUE(area.docks->isInFront("weights"));
  EXPECT_FALSE(area.docks->isInFront("map"));
  EXPECT_FALSE(area.docks->layout().isEmpty());
  shoot(area.window, "docks");
}

TEST(Docks, ATabComesToTheFrontByMouseAndByKeys) {
  Area area;
  area.show();
  area.heard.clear();
  auto* bar = area.docks->findChild<QTabBar*>(QString(), Qt::FindDirectChildrenOnly);
  ASSERT_NE(bar, nullptr);
  EXPECT_FALSE(bar->accessibleName().isEmpty());
  EXPECT_EQ(bar->focusPolicy(), Qt::TabFocus);
  QTest::mouseClick(bar, Qt::LeftButton, Qt::NoModifier, bar->tabRect(1).center());
  ASSERT_TRUE(QTest::qWaitFor([&] { return area.docks->isInFront("map"); }));
  EXPECT_FALSE(area.docks->isInFront("weights"));
  EXPECT_TRUE(area.heard.contains("+map") && area.heard.contains("-weights")) << area.heard.join(' ').toStdString();
  bar->setFocus();
  EXPECT_EQ(area.docks->focusedPanel(), "map") << "the tabs belong to the panel in front";
  QTest::keyClick(bar, Qt::Key_Left);
  EXPECT_TRUE(QTest::qWaitFor([&] { return area.docks->isInFront("weights"); }));
  shoot(area.window, "docks-tabs");
}

TEST(Docks, TitlesStandOnPanelsThatAreAlone) {
  Area area;
  area.show();
  const auto title = [&](const char* id) { return area.docks->dock(id)->titleBarWidget(); };
  EXPECT_EQ(title("weights")->height(), 0) << "the tab says it";
  EXPECT_GT(title("scores")->height(), 10);
  area.docks->dock("map")->close();
  EXPECT_TRUE(QTest::qWaitFor([&] { return title("weights")->height() > 10; })) << "alone in its place";
}

TEST(Docks, ALayoutComesBack) {
  Area area;
  area.show();
  area.docks->dock("captions")->close();
  ASSERT_TRUE(area.docks->movePanel("map", Side::Right));
  area.settle();
  const QByteArray kept = area.docks->layout();
  area.docks->reset();
  area.settle();
  EXPECT_TRUE(area.docks->isInFront("captions"));
  EXPECT_TRUE(area.stacked("weights", "map"));
  ASSERT_TRUE(area.docks->setLayout(kept));
  area.settle();
  EXPECT_FALSE(area.docks->isInFront("captions"));
  EXPECT_FALSE(area.stacked("weights", "map"));
  Area next;
  EXPECT_TRUE(next.docks->setLayout(kept)) << "before it is shown";
  EXPECT_EQ(next.docks->layout(), kept) << "kept, though it was never shown";
  next.show();
  EXPECT_FALSE(next.docks->isInFront("captions"));
  EXPECT_TRUE(next.docks->isInFront("map"));
  EXPECT_LT(next.at("weights").right(), next.at("map").left());
}

TEST(Docks, APanelThatALayoutDoesNotKnowStandsSomewhere) {
  Area before;
  before.show();
  const QByteArray kept = before.docks->layout();
  Area after({"new"});
  after.show();
  after.docks->showPanel("new");
  ASSERT_TRUE(after.docks->setLayout(kept));
  after.docks->showPanel("new");
  after.settle();
  EXPECT_TRUE(after.docks->isInFront("new"));
  EXPECT_FALSE(after.docks->dock("new")->isFloating());
  EXPECT_GT(after.at("new").width(), 20);
}

TEST(Docks, DamagedLayoutsAreRefused) {
  Area area;
  area.show();
  const QByteArray whole = area.docks->layout();
  const QRect scores = area.at("scores");
  EXPECT_FALSE(area.docks->setLayout("no layout"));
  EXPECT_FALSE(area.docks->setLayout({}));
  EXPECT_FALSE(area.docks->setLayout(whole.left(whole.size() / 2)));
  EXPECT_FALSE(area.docks->setLayout(QByteArray(4096, '\x7f')));
  QByteArray bent = whole;
  bent[bent.size() / 2] = char(bent[bent.size() / 2] ^ 0x40);
  EXPECT_FALSE(area.docks->setLayout(bent));
  area.settle();
  EXPECT_EQ(area.at("scores"), scores) << "nothing was changed";
  EXPECT_TRUE(area.docks->isInFront("weights"));
  Area next;
  next.docks->setLayout("no layout");
  next.show();
  EXPECT_TRUE(next.docks->isInFront("pictures")) << "as at first";
}

TEST(Docks, AClosedPanelOpensAgain) {
  Area area;
  area.show();
  auto* close = area.docks->dock("scores")->titleBarWidget()->findChildren<QToolButton*>().last();
  QTest::mouseClick(close, Qt::LeftButton);
  area.settle();
  EXPECT_FALSE(area.docks->isInFront("scores"));
  EXPECT_FALSE(area.docks->movePanel("scores", Side::Left)) << "it is not there";
  area.docks->showPanel("scores");
  area.settle();
  EXPECT_TRUE(area.docks->isInFront("scores"));
  EXPECT_LT(area.at("scores").bottom(), area.at("weights").top()) << "in its place";
  area.docks->showPanel("map");
  area.settle();
  EXPECT_TRUE(area.docks->isInFront("map")) << "before the one it is stacked with";
  area.docks->showPanel("none");
}

TEST(Docks, MoveWithoutAMouse) {
  Area area;
  area.show();
  auto* field = area.docks->findChild<QPlainTextEdit*>("field.weights");
  field->setFocus();
  EXPECT_EQ(area.docks->focusedPanel(), "weights");
  ASSERT_TRUE(area.docks->movePanel("weights", Side::Below));
  area.settle();
  EXPECT_FALSE(area.stacked("weights", "map")) << "out of its stack";
  EXPECT_GT(area.at("weights").top(), area.at("map").bottom());
  EXPECT_EQ(area.docks->focusedPanel(), "weights");
  ASSERT_TRUE(area.docks->movePanel("weights", Side::Above));
  area.settle();
  EXPECT_LT(area.at("weights").bottom(), area.at("map").top()) << "over its neighbour";
  ASSERT_TRUE(area.docks->movePanel("scores", Side::Left));
  area.settle();
  EXPECT_LT(area.at("scores").right(), area.at("weights").left());
  for (const char* id : {"pictures", "captions", "scores", "weights", "map"}) {
    EXPECT_TRUE(area.docks->isInFront(id)) << id;
  }
}

TEST(Docks, BesideAStackTheStackStaysWhole) {
  Area area;
  area.show();
  ASSERT_TRUE(area.docks->movePanel("captions", Side::Right));
  area.settle();
  EXPECT_TRUE(area.stacked("weights", "map"));
  EXPECT_TRUE(area.docks->isInFront("weights"));
  EXPECT_FALSE(area.stacked("captions", "weights"));
  EXPECT_GT(area.at("captions").left(), area.at("weights").right());
}

TEST(Docks, AtTheEdgeThePanelTakesTheWholeSide) {
  Area area;
  area.show();
  ASSERT_TRUE(area.docks->movePanel("scores", Side::Right));
  area.settle();
  EXPECT_GT(area.at("scores").left(), area.at("weights").right());
  EXPECT_GT(area.at("scores").height(), 500);
  EXPECT_FALSE(area.docks->movePanel("scores", Side::Right)) << "there it stands already";
}

TEST(Docks, PanelsKeepTheirPlacesInAnotherTheme) {
  Area area;
  area.show();
  area.docks->resizeDocks({area.docks->dock("pictures"), area.docks->dock("scores")}, {251, 640}, Qt::Horizontal);
  area.docks->resizeDocks({area.docks->dock("scores"), area.docks->dock("weights")}, {233, 358}, Qt::Vertical);
  area.settle();
  const QRect pictures = area.at("pictures"), weights = area.at("weights");
  for (const ThemeChoice choice : {ThemeChoice::Dark, ThemeChoice::Light, ThemeChoice::Dark, ThemeChoice::Light}) {
    applyTheme(*qApp, choice);
    area.settle();
  }
  EXPECT_EQ(area.at("pictures"), pictures);
  EXPECT_EQ(area.at("weights"), weights);
}

TEST(Docks, TheFocusWalksThroughThePanels) {
  Area area;
  area.show();
  QApplication::focusWidget()->clearFocus();
  area.docks->focusPanel(DockArea::Step::Next);
  EXPECT_EQ(QApplication::focusWidget()->objectName(), "field.pictures");
  area.docks->focusPanel(DockArea::Step::Next);
  EXPECT_EQ(QApplication::focusWidget()->objectName(), "field.captions");
  area.docks->focusPanel(DockArea::Step::Previous);
  area.docks->focusPanel(DockArea::Step::Previous);
  EXPECT_EQ(QApplication::focusWidget()->objectName(), "field.weights") << "the last one that is seen";
}

TEST(Docks, ShowsSomeOnlyAndResets) {
  Area area;
  area.show();
  area.docks->showOnly({"pictures", "map"});
  area.settle();
  EXPECT_TRUE(area.docks->isInFront("map"));
  EXPECT_TRUE(area.docks->isInFront("pictures"));
  EXPECT_FALSE(area.docks->isInFront("weights"));
  EXPECT_FALSE(area.docks->isInFront("scores"));
  area.docks->reset();
  area.settle();
  EXPECT_TRUE(area.docks->isInFront("scores"));
  EXPECT_TRUE(area.docks->isInFront("weights"));
}

TEST(Docks, KeepTheirContentsAtTheLeastSize) {
  Area area;
  area.window.resize(560, 320);
  area.docks->setGeometry(area.window.rect());
  area.show();
  for (const char* id : {"pictures", "captions", "scores", "weights"}) {
    const QWidget* field = area.docks->dock(id)->widget();
    EXPECT_GE(field->height(), field->minimumSizeHint().height()) << id;
    EXPECT_TRUE(area.docks->rect().contains(area.at(id))) << id;
  }
}

TEST(Docks, NoPanelIsAWindowForAMoment) {
  static int windows;
  windows = 0;
  struct Count : QObject {
    bool eventFilter(QObject* object, QEvent* event) override {
      const auto* dock = qobject_cast<QDockWidget*>(object);
      windows += dock != nullptr && dock->isWindow() && event->type() == QEvent::Show ? 1 : 0;
      return false;
    }
  } count;
  qApp->installEventFilter(&count);
  Area area;
  area.show();
  area.docks->reset();
  area.docks->movePanel("map", Side::Left);
  area.docks->showOnly({"map"});
  area.settle();
  qApp->removeEventFilter(&count);
  EXPECT_EQ(windows, 0);
}

TEST(Docks, EndQuietlyWhileSomebodyListens) {
  auto area = std::make_unique<Area>();
  area->show();
  area->docks->toggleFloating("map");
  Area::settle();
  const QPointer<QDockWidget> map = area->docks->dock("map");
  area->docks->findChild<QPlainTextEdit*>("field.scores")->setFocus();
  area->heard.clear();
  delete area->docks.data();
  EXPECT_TRUE(map.isNull());
  EXPECT_TRUE(area->heard.isEmpty()) << area->heard.join(' ').toStdString();
  area.reset();
  Area::settle();
}

}  // namespace
}  // namespace lix::widgets
