// Panels of a dock area that are windows of their own for a while.
#include <QToolButton>

#include "../shots.h"
#include "area.h"

namespace lix::widgets {
namespace {

using docks_test::Area;

TEST(Docks, StacksWithTheNextAndFloats) {
  Area area;
  area.show();
  ASSERT_TRUE(area.docks->stackWithNext("pictures"));
  area.settle();
  EXPECT_TRUE(area.stacked("pictures", "captions"));
  EXPECT_TRUE(area.docks->isInFront("pictures"));
  ASSERT_TRUE(area.docks->toggleFloating("pictures"));
  area.settle();
  QDockWidget* floating = area.docks->dock("pictures");
  EXPECT_TRUE(floating->isFloating());
  EXPECT_TRUE(area.docks->isInFront("pictures"));
  EXPECT_FALSE(floating->windowFlags().testFlag(Qt::FramelessWindowHint)) << "a frame of the desktop's own";
  EXPECT_TRUE(floating->windowFlags().testFlag(Qt::WindowTitleHint));
  EXPECT_EQ(floating->windowTitle(), "PICTURES");
  shoot(*floating, "docks-floating");
  const QByteArray kept = area.docks->layout();
  ASSERT_TRUE(area.docks->toggleFloating("pictures"));
  area.settle();
  EXPECT_FALSE(floating->isFloating());
  EXPECT_TRUE(floating->titleBarWidget() != nullptr);
  ASSERT_TRUE(area.docks->setLayout(kept));
  area.settle();
  EXPECT_TRUE(floating->isFloating()) << "kept in layouts as well";
  EXPECT_FALSE(floating->windowFlags().testFlag(Qt::FramelessWindowHint));
  area.docks->reset();
  area.settle();
  EXPECT_FALSE(floating->isFloating());
  for (const char* id : {"captions", "scores", "weights", "map"}) {
    area.docks->dock(id)->close();
  }
  EXPECT_FALSE(area.docks->stackWithNext("pictures")) << "there is no other";
}

TEST(Docks, APanelThatIsDockedAgainStandsWhereItStood) {
  Area area;
  area.show();
  for (const char* id : {"pictures", "captions", "scores", "weights", "map"}) {
    area.docks->showPanel(id);
    area.settle();
    const QRect place = area.at(id);
    const bool stacked = area.stacked("weights", "map");
    ASSERT_TRUE(area.docks->toggleFloating(id));
    area.settle();
    ASSERT_TRUE(area.docks->dock(id)->isFloating());
    ASSERT_TRUE(area.docks->toggleFloating(id));
    area.settle();
    EXPECT_EQ(area.at(id), place) << id;
    EXPECT_EQ(area.stacked("weights", "map"), stacked) << id;
    EXPECT_TRUE(area.docks->isInFront(id)) << id;
    auto* button = area.docks->dock(id)->titleBarWidget()->findChild<QToolButton*>();
    ASSERT_TRUE(area.docks->toggleFloating(id));
    area.settle();
    area.docks->hide();  // another page meanwhile
    area.settle();
    area.docks->show();
    area.settle();
    QTest::mouseClick(button, Qt::LeftButton);
    area.settle();
    EXPECT_FALSE(area.docks->dock(id)->isFloating()) << id;
    EXPECT_EQ(area.at(id), place) << id << ", after another page";
    EXPECT_TRUE(area.docks->isInFront(id)) << id;
  }
}

TEST(Docks, FloatingPanelsAreSeenWithTheirPageOnly) {
  Area area;
  area.show();
  ASSERT_TRUE(area.docks->toggleFloating("pictures"));
  area.settle();
  QDockWidget* floating = area.docks->dock("pictures");
  const QPoint place = floating->pos();
  const QByteArray kept = area.docks->layout();
  area.docks->hide();  // as a page behind another
  area.settle();
  EXPECT_FALSE(floating->isVisible());
  EXPECT_FALSE(area.docks->isInFront("pictures")) << "so it rests";
  EXPECT_EQ(area.docks->layout(), kept) << "what is kept meanwhile is how it stood";
  area.docks->show();
  area.settle();
  EXPECT_TRUE(floating->isVisible() && floating->isFloating());
  EXPECT_EQ(floating->pos(), place);
  area.docks->hide();
  ASSERT_TRUE(area.docks->setLayout(kept));
  area.settle();
  EXPECT_FALSE(floating->isVisible()) << "a layout of a page that is behind opens no window";
  area.docks->show();
  area.settle();
  EXPECT_TRUE(floating->isVisible());
  floating->close();
  area.docks->hide();
  area.docks->show();
  area.settle();
  EXPECT_FALSE(floating->isVisible()) << "closed stays closed";
}

}  // namespace
}  // namespace lix::widgets
