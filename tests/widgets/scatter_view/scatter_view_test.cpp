#include "scatter_view/scatter_view.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QClipboard>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>
#include <cmath>

#include "../shots.h"
#include "scatter_samples.h"

namespace lix::widgets {
namespace {

using figures::test::clouds;
using figures::test::pointsAt;
using Points = std::vector<std::uint32_t>;

struct Shown {
  explicit Shown(figures::ScatterData data) {
    view.setEmptyText("Make a map first.");
    view.setData(std::move(data));
    view.resize(640, 480);
    view.show();
    view.activateWindow();
    EXPECT_TRUE(QTest::qWaitForWindowExposed(&view));
    view.setFocus();
    QObject::connect(&view, &ScatterView::chosen, [this](const Points& points) { chosen.push_back(points); });
  }
  void drag(const QPointF& from, const std::vector<QPointF>& over, Qt::KeyboardModifiers modifiers = {}) {
    const auto send = [&](QEvent::Type type, const QPointF& at, Qt::MouseButton button, Qt::MouseButtons buttons) {
      QMouseEvent event(type, at, view.mapToGlobal(at), button, buttons, modifiers);
      QApplication::sendEvent(&view, &event);
    };
    send(QEvent::MouseButtonPress, from, Qt::LeftButton, Qt::LeftButton);
    for (const QPointF& at : over) {
      send(QEvent::MouseMove, at, Qt::NoButton, Qt::LeftButton);
    }
    send(QEvent::MouseButtonRelease, over.empty() ? from : over.back(), Qt::LeftButton, Qt::NoButton);
  }
  void wheel(const QPointF& at, int steps) {
    QWheelEvent event(at, view.mapToGlobal(at), {}, {0, 120 * steps}, Qt::NoButton, {}, Qt::NoScrollPhase, false);
    QApplication::sendEvent(&view, &event);
  }
  ScatterView view;
  std::vector<Points> chosen;
};

/// A unit square with a point in its middle.
figures::ScatterData square() { return pointsAt({0.f, 0.f, 1.f, 0.f, 0.f, 1.f, 1.f, 1.f, 0.5f, 0.5f}); }

TEST(ScatterView, TheMouseFindsPointsAndAClickTakesOne) {
  Shown shown(square());
  QTest::mouseMove(&shown.view, shown.view.placeOf(3).toPoint());
  EXPECT_EQ(shown.view.current(), 3u);
  QTest::mouseMove(&shown.view, ((shown.view.placeOf(3) + shown.view.placeOf(4)) / 2).toPoint());
  EXPECT_EQ(shown.view.current(), std::nullopt);
  QTest::mouseClick(&shown.view, Qt::LeftButton, {}, shown.view.placeOf(4).toPoint());
  EXPECT_EQ(shown.chosen, (std::vector<Points>{{4}}));
}

TEST(ScatterView, TheWheelZoomsAboutTheMouseAndDraggingMoves) {
  Shown shown(square());
  const QRectF all = shown.view.window();
  const QPointF at = shown.view.placeOf(3);
  shown.wheel(at, 3);
  EXPECT_NEAR(shown.view.window().width(), all.width() / std::pow(1.25, 3), 1e-6);
  EXPECT_NEAR(shown.view.placeOf(3).x(), at.x(), 1.5) << "numbers of the axis may take another pixel";
  EXPECT_NEAR(shown.view.placeOf(3).y(), at.y(), 1.5);
  const QPointF before = shown.view.placeOf(4);
  shown.drag({300, 200}, {{310, 205}, {340, 220}});
  EXPECT_NEAR(shown.view.placeOf(4).x(), before.x() + 40, 1.5);
  EXPECT_NEAR(shown.view.placeOf(4).y(), before.y() + 20, 1.5);
  EXPECT_TRUE(shown.chosen.empty());
  QTest::keyClick(&shown.view, Qt::Key_0);
  EXPECT_EQ(shown.view.window(), all);
  QTest::keyClick(&shown.view, Qt::Key_Plus);
  EXPECT_NEAR(shown.view.window().width(), all.width() / 1.5, 1e-6);
  QTest::keyClick(&shown.view, Qt::Key_Minus);
  EXPECT_NEAR(shown.view.window().width(), all.width(), 1e-6);
}

TEST(ScatterView, ShiftDraggingAndTheButtonLasso) {
  Shown shown(square());
  const QPointF a = shown.view.placeOf(0), b = shown.view.placeOf(1), middle = shown.view.placeOf(4);
  const std::vector<QPointF> way{{b.x() + 12, a.y() + 12}, {b.x() + 12, middle.y() + 30}, {a.x() - 12, middle.y() + 30}};
  const QPointF begin(a.x() - 12, a.y() + 12);
  shown.drag(begin, way, Qt::ShiftModifier);
  ASSERT_EQ(shown.chosen.size(), 1u);
  EXPECT_EQ(shown.chosen[0], (Points{0, 1}));
  shown.view.setDrag(ScatterView::Drag::Lassoes);
  shown.drag(begin, way);
  ASSERT_EQ(shown.chosen.size(), 2u);
  EXPECT_EQ(shown.chosen[1], (Points{0, 1}));
  const QRectF window = shown.view.window();
  shown.drag({300, 200}, {{340, 220}}, Qt::ShiftModifier);
  EXPECT_NE(shown.view.window(), window) << "Shift does the other thing";
  QTest::keyClick(&shown.view, Qt::Key_L);
  EXPECT_EQ(shown.view.drag(), ScatterView::Drag::Moves);
}

TEST(ScatterView, KeysWalkFromPointToPointAndTakeWhatIsInView) {
  Shown shown(square());
  shown.view.setDescription([](std::uint32_t point) { return QString("point %1").arg(point); });
  QTest::keyClick(&shown.view, Qt::Key_Right);
  EXPECT_EQ(shown.view.current(), 4u) << "first the one in the middle";
  QTest::keyClick(&shown.view, Qt::Key_Up);
  ASSERT_TRUE(shown.view.current());
  EXPECT_TRUE(*shown.view.current() == 2u || *shown.view.current() == 3u);
  EXPECT_EQ(shown.view.accessibleDescription(), QString("point %1").arg(*shown.view.current()));
  QTest::keyClick(&shown.view, Qt::Key_Return);
  EXPECT_EQ(shown.chosen.back(), (Points{*shown.view.current()}));
  QTest::keyClick(&shown.view, Qt::Key_A, Qt::ControlModifier);
  EXPECT_EQ(shown.chosen.back(), (Points{0, 1, 2, 3, 4}));
  QTest::keyClick(&shown.view, Qt::Key_Escape);
  EXPECT_EQ(shown.view.current(), std::nullopt);
  shown.wheel(shown.view.placeOf(4), 8);
  QTest::keyClick(&shown.view, Qt::Key_A, Qt::ControlModifier);
  EXPECT_EQ(shown.chosen.back(), (Points{4}));
  const QRectF before = shown.view.window();
  QTest::keyClick(&shown.view, Qt::Key_Right, Qt::ShiftModifier);
  EXPECT_GT(shown.view.window().left(), before.left());
}

TEST(ScatterView, EmptyOnesSayWhatToDoAndStayWhole) {
  Shown shown({});
  EXPECT_EQ(shown.view.accessibleDescription(), "Make a map first.");
  QTest::keyClick(&shown.view, Qt::Key_Right);
  QTest::keyClick(&shown.view, Qt::Key_A, Qt::ControlModifier);
  shown.drag({100, 100}, {{200, 200}});
  shown.wheel({100, 100}, 2);
  EXPECT_TRUE(shown.chosen.empty());
  shoot(shown.view, "scatter-empty");
}

TEST(ScatterView, CopiesWhatIsInView) {
  Shown shown(clouds(300));
  QGuiApplication::clipboard()->clear();
  QTest::keyClick(&shown.view, Qt::Key_C, Qt::ControlModifier);
  ASSERT_NE(QGuiApplication::clipboard()->mimeData(), nullptr);
  EXPECT_TRUE(QGuiApplication::clipboard()->mimeData()->hasImage());
}

TEST(ScatterView, ALargeOneIsWholeAgainOnceItRests) {
  Shown shown(clouds(250'000));
  shown.wheel({320, 240}, 1);
  const QImage coarse = shown.view.grab().toImage();  // some of the points
  EXPECT_TRUE(QTest::qWaitFor([&] { return shown.view.grab().toImage() != coarse; }, 30000));
  shoot(shown.view, "scatter-250000");
}

TEST(ScatterView, LooksWell) {
  Shown shown(clouds(2000));
  QTest::keyClick(&shown.view, Qt::Key_Right);
  shoot(shown.view, "scatter-2000");
  shown.view.resize(260, 220);
  shoot(shown.view, "scatter-small");
  EXPECT_FALSE(shown.view.grab().isNull());
}

}  // namespace
}  // namespace lix::widgets
