// The map of the Data page: made once, coloured, a lasso into the grid, the selection ringed.
#include <QComboBox>
#include <QFrame>
#include <QMouseEvent>

#include "explore_support.h"
#include "pages/data/explore_map.h"
#include "scatter_view/scatter_view.h"

namespace lix::app {
namespace {

using testing_support::grabPage;
using testing_support::ShownSquares;
using testing_support::waitFor;

struct ShownMap : ShownSquares {
  ShownMap() {
    open("map");
    view = child<widgets::ScatterView>("data.mapView");
    click("data.mapMake");
    EXPECT_TRUE(waitFor([&] { return view->figure() && view->figure()->data().size() == 30; }))
        << source()->status().toStdString();
  }
  widgets::ScatterView* view;
};

TEST(ExploreMap, ShowsEveryPictureAtItsComponents) {
  ShownMap shown;
  const auto* map = shown.page->findChild<ExploreMap*>();
  const auto plane = map->projection();
  ASSERT_TRUE(plane);
  EXPECT_EQ(*shown.view->figure()->data().points, plane->points);
  EXPECT_GT(plane->share[0], plane->share[1]);
  EXPECT_TRUE(shown.child<QLabel>("data.mapLine")->text().contains("PCA"));
  EXPECT_EQ(shown.view->figure()->data().names.size(), 3u) << "classes";
  auto* colour = shown.child<QComboBox>("data.mapColour");
  colour->setCurrentIndex(colour->findText("By split"));
  EXPECT_EQ(shown.view->figure()->data().names, (std::vector<std::string>{"train", "test"}));
  EXPECT_EQ((*shown.view->figure()->data().groups)[3], 1);
  grabPage(*shown.window, "explore-map");
}

TEST(ExploreMap, ALassoTakesPicturesIntoTheGridAndTheSelectionIsRinged) {
  ShownMap shown;
  QTest::keyClick(shown.view, Qt::Key_A, Qt::ControlModifier);
  ASSERT_TRUE(waitFor([&] { return shown.child<QLabel>("data.matches")->text() == "Taken in the map (30)"; }));
  // A lasso around one point.
  const QPointF at = shown.view->placeOf(29);
  const auto send = [&](QEvent::Type type, const QPointF& where, Qt::MouseButton button, Qt::MouseButtons buttons) {
    QMouseEvent event(type, where, shown.view->mapToGlobal(where), button, buttons, Qt::ShiftModifier);
    QCoreApplication::sendEvent(shown.view, &event);
  };
  send(QEvent::MouseButtonPress, at + QPointF(-6, -6), Qt::LeftButton, Qt::LeftButton);
  for (const QPointF& step : {QPointF(6, -6), QPointF(6, 6), QPointF(-6, 6)}) {
    send(QEvent::MouseMove, at + step, Qt::NoButton, Qt::LeftButton);
  }
  send(QEvent::MouseButtonRelease, at + QPointF(-6, 6), Qt::LeftButton, Qt::NoButton);
  ASSERT_TRUE(waitFor([&] { return shown.shown().size() < 30 && std::ranges::count(shown.shown(), 29u) == 1; }));
  shown.select({29});
  const auto vectors = shown.source()->vectors();
  EXPECT_EQ(shown.view->figure()->data().marked, vectors->rowsOf({29}));
}

TEST(ExploreMap, PointingShowsThePictureAndItsCaption) {
  ShownMap shown;
  auto* card = shown.child<QFrame>("data.mapCard");
  EXPECT_FALSE(card->isVisible());
  const QPointF at = shown.view->placeOf(0);
  QMouseEvent move(QEvent::MouseMove, at, shown.view->mapToGlobal(at), Qt::NoButton, Qt::NoButton, {});
  QCoreApplication::sendEvent(shown.view, &move);
  EXPECT_TRUE(card->isVisible());
  ASSERT_TRUE(shown.view->current());
  const auto sample = shown.source()->vectors()->samples[*shown.view->current()];
  const auto& captions = shown.page->collection()->samples()[sample].captions;
  EXPECT_TRUE(shown.child<QLabel>("data.mapCardText")->text().contains(QString::fromStdString(captions.front())));
  EXPECT_TRUE(shown.view->accessibleDescription().contains(QString::fromStdString(captions.front())));
  EXPECT_TRUE(shown.view->rect().contains(card->geometry()));
}

TEST(ExploreMap, AnotherCheckpointMakesItVoid) {
  ShownMap shown;
  shown.source()->setCheckpoint(shown.test->model("llip16-tiny-emoji"));
  EXPECT_EQ(shown.view->figure()->data().size(), 0u);
  EXPECT_FALSE(shown.child<QPushButton>("data.mapLasso")->isEnabled());
  shown.click("data.mapMake");
  EXPECT_TRUE(waitFor([&] { return shown.view->figure()->data().size() == 30; }));
}

}  // namespace
}  // namespace lix::app
