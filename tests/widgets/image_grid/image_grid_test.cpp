#include "image_grid/image_grid.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QDragEnterEvent>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

#include "counting_model.h"
#include "image_grid/drag_picture.h"
#include "shots.h"

namespace lix::widgets {
namespace {

using figures::Theme;

class ImageGridTest : public testing::Test {
 protected:
  void SetUp() override { applyTheme(*qobject_cast<QApplication*>(QCoreApplication::instance()), ThemeChoice::Light); }

  void show(int rows) {
    model.rows = rows;
    grid.setModel(&model);
    grid.resize(600, 420);
    grid.show();
    grid.setFocus();
    QCoreApplication::processEvents();
    ASSERT_GE(grid.columns(), 4);
  }
  QPoint middle(int row) const { return grid.visualRect(model.index(row, 0)).center(); }
  void click(int row, Qt::KeyboardModifiers keys = Qt::NoModifier) {
    QTest::mouseClick(grid.viewport(), Qt::LeftButton, keys, middle(row));
  }
  void band(const QPoint& from, const QPoint& to, Qt::KeyboardModifiers keys = Qt::NoModifier) {
    QTest::mousePress(grid.viewport(), Qt::LeftButton, keys, from);
    for (const QPoint& at : {(from + to) / 2, to}) {
      QMouseEvent move(QEvent::MouseMove, QPointF(at), QPointF(grid.viewport()->mapToGlobal(at)), Qt::NoButton,
                       Qt::LeftButton, keys);
      QApplication::sendEvent(grid.viewport(), &move);
    }
    QTest::mouseRelease(grid.viewport(), Qt::LeftButton, keys, to);
  }
  std::set<int> selected() const {
    std::set<int> rows;
    for (const QModelIndex& index : grid.selectionModel()->selectedIndexes()) {
      rows.insert(index.row());
    }
    return rows;
  }
  static std::set<int> run(int first, int last) {
    std::set<int> rows;
    for (int row = first; row <= last; ++row) {
      rows.insert(row);
    }
    return rows;
  }

  test::CountingModel model{0};
  ImageGrid grid;
};

TEST_F(ImageGridTest, EveryPointOfACellLeadsBackToItsRow) {
  show(1'000'000);
  for (const int row : {0, 1, 7, 123'456, 999'999}) {
    const QModelIndex index = model.index(row, 0);
    grid.scrollTo(index);
    const QRect at = grid.visualRect(index);
    EXPECT_TRUE(grid.viewport()->rect().contains(at)) << row;
    for (const QPoint& point : {at.topLeft(), at.center(), at.bottomRight()}) {
      EXPECT_EQ(grid.indexAt(point).row(), row);
    }
    const auto [first, last] = grid.visibleRows();
    EXPECT_LE(first, row);
    EXPECT_GE(last, row);
    EXPECT_LT(last - first, 100);
  }
  EXPECT_EQ(grid.verticalScrollBar()->value(), grid.verticalScrollBar()->maximum());
  EXPECT_FALSE(grid.indexAt({-1, -1}).isValid());
}

TEST_F(ImageGridTest, PicturesAreWantedOfVisibleRowsOnly) {
  show(1'000'000);
  for (const int row : {0, 500'000, 999'999, 250'000}) {
    grid.scrollTo(model.index(row, 0));
    model.asked.clear();
    grid.grab();
    const auto [first, last] = grid.visibleRows();
    ASSERT_FALSE(model.asked.empty());
    EXPECT_GE(*model.asked.begin(), first);
    EXPECT_LE(*model.asked.rbegin(), last);
    EXPECT_TRUE(model.asked.contains(row));
  }
  model.asked.clear();
  grid.selectAll();
  EXPECT_EQ(grid.selectionModel()->selection().size(), 1) << "one range, not a million";
  EXPECT_TRUE(model.asked.empty());
}

TEST_F(ImageGridTest, ClicksSelectAsAPersonExpects) {
  show(100);
  const int across = grid.columns();
  click(1);
  EXPECT_EQ(selected(), (std::set<int>{1}));
  click(3, Qt::ControlModifier);
  EXPECT_EQ(selected(), (std::set<int>{1, 3}));
  click(1, Qt::ControlModifier);
  EXPECT_EQ(selected(), (std::set<int>{3}));
  click(2);
  click(across + 1, Qt::ShiftModifier);
  EXPECT_EQ(selected(), run(2, across + 1)) << "in the order of reading, not a rectangle";
  click(across + 3);
  click(1, Qt::ShiftModifier);
  EXPECT_EQ(selected(), run(1, across + 3)) << "backwards too";
  QTest::mouseClick(grid.viewport(), Qt::LeftButton, {}, QPoint(grid.viewport()->width() - 1, 2));
  EXPECT_TRUE(selected().empty()) << "beside the cells";
}

TEST_F(ImageGridTest, KeysMoveAndSelect) {
  show(103);
  const int across = grid.columns();
  const auto row = [&] { return grid.currentIndex().row(); };
  const auto press = [&](int key, Qt::KeyboardModifiers keys = {}) { QTest::keyClick(&grid, Qt::Key(key), keys); };
  click(0);
  press(Qt::Key_Right);
  EXPECT_EQ(row(), 1);
  press(Qt::Key_Down);
  EXPECT_EQ(row(), 1 + across);
  press(Qt::Key_Down, Qt::ShiftModifier);
  EXPECT_EQ(selected(), run(1 + across, 1 + 2 * across));
  press(Qt::Key_End);
  EXPECT_EQ(row(), 102);
  EXPECT_EQ(grid.visibleRows().second, 102);
  press(Qt::Key_Right);
  EXPECT_EQ(row(), 102) << "nothing behind the last";
  press(Qt::Key_Down);
  EXPECT_EQ(row(), 102);
  press(Qt::Key_PageUp);
  EXPECT_LT(row(), 102);
  press(Qt::Key_Home);
  EXPECT_EQ(row(), 0);
  press(Qt::Key_Up);
  press(Qt::Key_Left);
  EXPECT_EQ(row(), 0);
  press(Qt::Key_PageDown);
  EXPECT_GE(row(), across);
  EXPECT_TRUE(grid.viewport()->rect().contains(grid.visualRect(grid.currentIndex())));
  press(Qt::Key_A, Qt::ControlModifier);
  EXPECT_EQ(selected().size(), 103U);
}

TEST_F(ImageGridTest, TypingFindsARow) {
  show(60);
  click(0);
  QTest::keyClicks(&grid, "kp");
  EXPECT_EQ(grid.currentIndex().row(), 10);
}

TEST_F(ImageGridTest, SpaceAsksForAPreviewOfTheCurrentRow) {
  show(20);
  QSignalSpy asked(&grid, &ImageGrid::previewAsked);
  QTest::keyClick(&grid, Qt::Key_Space);
  click(4);
  asked.clear();
  QTest::keyClick(&grid, Qt::Key_Space);
  ASSERT_EQ(asked.size(), 1);
  EXPECT_EQ(asked[0][0].toModelIndex().row(), 4);
  EXPECT_EQ(selected(), (std::set<int>{4})) << "and the selection stays";
}

TEST_F(ImageGridTest, ARubberBandTakesWhatItTouches) {
  model.rows = 30;
  show(grid.columns() * 2 + 60);
  const int across = grid.columns();
  const QRect last = grid.visualRect(model.index(across - 1, 0));
  const QPoint beside(last.right() + 6, last.center().y());
  ASSERT_LT(beside.x(), grid.viewport()->width());
  band(beside, middle(across - 2));
  EXPECT_EQ(selected(), (std::set<int>{across - 2, across - 1}));
  band(beside, beside + QPoint(1, 60));
  EXPECT_TRUE(selected().empty()) << "touches no cell";
  band(beside, middle(2 * across - 2));
  EXPECT_EQ(selected(), (std::set<int>{across - 2, across - 1, 2 * across - 2, 2 * across - 1})) << "a rectangle";
  click(0);
  band(beside, middle(across - 1), Qt::ControlModifier);
  EXPECT_EQ(selected(), (std::set<int>{0, across - 1})) << "with Ctrl it adds";
}

TEST_F(ImageGridTest, DropsReachTheModel) {
  show(10);
  QMimeData mime;
  mime.setText("a folder");
  const QPoint at = middle(2);
  QDragEnterEvent enter(at, Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(grid.viewport(), &enter);
  EXPECT_TRUE(enter.isAccepted());
  QDragMoveEvent move(at, Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(grid.viewport(), &move);
  EXPECT_TRUE(move.isAccepted());
  const QImage during = grid.viewport()->grab().toImage();
  EXPECT_EQ(during.pixelColor(during.width() / 2, 1), colours(Theme::Light).accent) << "where it would fall is shown";
  QDropEvent drop(at, Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(grid.viewport(), &drop);
  EXPECT_TRUE(drop.isAccepted());
  EXPECT_EQ(model.dropped, QStringList{"a folder"});
  QMimeData other;
  other.setData("application/octet-stream", "x");
  QDragEnterEvent refused(at, Qt::CopyAction, &other, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(grid.viewport(), &refused);
  EXPECT_FALSE(refused.isAccepted()) << "what the model does not take";
}

TEST(DragPicture, IsAStackWithTheCountInBothThemesAndScales) {
  QPixmap red(60, 60);
  red.fill(Qt::red);
  for (const ThemeChoice choice : {ThemeChoice::Light, ThemeChoice::Dark}) {
    applyTheme(*qobject_cast<QApplication*>(QCoreApplication::instance()), choice);
    const QPalette palette = QApplication::palette();
    for (const double scale : {1.0, 2.0}) {
      const QPixmap one = dragPicture({red}, 1, palette, QApplication::font(), scale);
      const QPixmap many = dragPicture({red, red, QPixmap()}, 12'345, palette, QApplication::font(), scale);
      EXPECT_EQ(one.devicePixelRatio(), scale);
      EXPECT_EQ(many.height(), int(many.deviceIndependentSize().height() * scale));
      EXPECT_EQ(one.toImage().pixelColor(int(30 * scale), int(50 * scale)), QColor(Qt::red));
      const QColor badge = many.toImage().pixelColor(int(many.width() - 10 * scale), int(3 * scale));
      EXPECT_EQ(badge, colours(themeOf(palette)).accent);
      const QPoint third(int(60 * scale), int((10 + 16 + 70) * scale));
      EXPECT_EQ(one.toImage().pixelColor(third).alpha(), 0);
      EXPECT_GT(many.toImage().pixelColor(third).alpha(), 200) << "the third card";
    }
  }
}

TEST_F(ImageGridTest, RowsThatGoAndComeMoveTheRest) {
  show(100);
  const int before = grid.verticalScrollBar()->maximum();
  ASSERT_GT(before, 0);
  model.removeFirst(90);
  ASSERT_TRUE(QTest::qWaitFor([&] { return grid.verticalScrollBar()->maximum() == 0; }));
  EXPECT_EQ(grid.visibleRows(), std::pair(0, 9));
  model.removeFirst(10);
  EXPECT_EQ(grid.visibleRows(), std::pair(-1, -1));
  EXPECT_FALSE(grid.indexAt({20, 20}).isValid());
  grid.setEmptyText("Drop pictures here");
  QTest::keyClick(&grid, Qt::Key_Down);
  QTest::keyClick(&grid, Qt::Key_Space);
  band({5, 5}, {200, 200});
  EXPECT_TRUE(selected().empty());
}

TEST_F(ImageGridTest, APictureThatIsReadyReplacesItsPlaceholder) {
  model.ready = false;
  show(50);
  const QPoint at = middle(0) - QPoint(0, 10);
  EXPECT_EQ(grid.viewport()->grab().toImage().pixelColor(at), colours(Theme::Light).raised) << "quiet placeholder";
  model.finish(0, 0);
  EXPECT_EQ(grid.viewport()->grab().toImage().pixelColor(at).rgb(), QColor::fromHsv(0, 90, 200).rgb());
}

TEST_F(ImageGridTest, WheelAndSetterChangeTheSizeWithinItsBounds) {
  show(1000);
  QSignalSpy changed(&grid, &ImageGrid::sideChanged);
  const auto wheel = [&](int delta) {
    QWheelEvent event(QPointF(50, 50), QPointF(50, 50), {}, QPoint(0, delta), Qt::NoButton, Qt::ControlModifier,
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(grid.viewport(), &event);
  };
  const int side = grid.side(), across = grid.columns();
  wheel(120);
  EXPECT_GT(grid.side(), side);
  EXPECT_LE(grid.columns(), across);
  ASSERT_EQ(changed.size(), 1);
  EXPECT_EQ(changed[0][0].toInt(), grid.side());
  grid.setSide(1);
  EXPECT_EQ(grid.side(), 48);
  wheel(-120);
  EXPECT_EQ(grid.side(), 48);
  grid.setSide(100'000);
  EXPECT_EQ(grid.side(), 256);
  grid.resize(40, 40);
  EXPECT_EQ(grid.columns(), 1) << "narrower than a cell";
}

TEST_F(ImageGridTest, FramesBarsAndSelectionShowInBothThemes) {
  model.decorated = true;
  show(60);
  click(5);
  click(6, Qt::ControlModifier);
  shoot(grid, "image_grid");
  auto* application = qobject_cast<QApplication*>(QCoreApplication::instance());
  for (const ThemeChoice choice : {ThemeChoice::Light, ThemeChoice::Dark}) {
    applyTheme(*application, choice);
    QCoreApplication::processEvents();
    const Colours& own = colours(themeOf(grid.palette()));
    const QImage image = grid.viewport()->grab().toImage();
    const auto holds = [&](int row, const QColor& colour) {
      const QRect at = grid.visualRect(model.index(row, 0));
      for (int y = at.top(); y <= at.bottom(); ++y) {
        for (int x = at.left(); x <= at.right(); ++x) {
          if (image.rect().contains(x, y) && image.pixelColor(x, y) == colour) {
            return true;
          }
        }
      }
      return false;
    };
    EXPECT_TRUE(holds(1, own.good));
    EXPECT_FALSE(holds(1, own.bad));
    EXPECT_TRUE(holds(2, own.bad));
    EXPECT_TRUE(holds(1, own.accent)) << "its bar";
    EXPECT_TRUE(holds(0, own.warning)) << "its second bar";
    EXPECT_TRUE(holds(0, own.border)) << "a track";
    EXPECT_EQ(image.pixelColor(image.width() - 1, image.height() - 1), own.surface);
    const QRect chosen = grid.visualRect(model.index(6, 0));
    const QRect plain = grid.visualRect(model.index(7, 0));
    EXPECT_NE(image.pixelColor(chosen.left() + 4, chosen.center().y()),
              image.pixelColor(plain.left() + 4, plain.center().y()));
  }
}

}  // namespace
}  // namespace lix::widgets
