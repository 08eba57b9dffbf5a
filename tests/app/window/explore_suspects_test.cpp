// Duplicates, leaks, outliers and doubtful labels on the Data page.
#include <QDoubleSpinBox>
#include <QListWidget>
#include <QSignalSpy>
#include <QSlider>

#include "explore_support.h"
#include "pages/data/explore_suspects.h"

namespace lix::app {
namespace {

using testing_support::grabPage;
using testing_support::ShownSquares;
using testing_support::waitFor;
using Kind = ExploreSuspects::Kind;

struct ShownSuspects : ShownSquares {
  ShownSuspects() {
    open("suspects");
    panel = page->findChild<ExploreSuspects*>();
    QObject::connect(panel, &ExploreSuspects::listed, [this] { ++listed; });
  }
  bool look(Kind kind) {
    const int before = listed;
    panel->setKind(kind);
    if (listed == before && !source()->vectors()) {
      click("data.suspectsLook");
    }
    return waitFor([&] { return listed > before; });
  }
  QString line() { return child<QLabel>("data.suspectsLine")->text(); }
  ExploreSuspects* panel;
  int listed = 0;
};

TEST(ExploreSuspects, EqualPicturesAreOneGroup) {
  ShownSuspects shown;
  ASSERT_TRUE(shown.look(Kind::Equal)) << shown.source()->status().toStdString();
  ASSERT_EQ(shown.panel->list()->count(), 1);
  ASSERT_TRUE(shown.shows(2));
  EXPECT_EQ(shown.shown(), (std::vector<std::uint32_t>{2, 3}));
  EXPECT_TRUE(shown.tip(0).startsWith("group 1"));
  EXPECT_TRUE(shown.panel->list()->item(0)->text().contains("train, test")) << shown.panel->list()->item(0)->text().toStdString();
}

TEST(ExploreSuspects, NearOnesFollowTheLimitAndLeaksAreThoseBetweenSplits) {
  ShownSuspects shown;
  ASSERT_TRUE(shown.look(Kind::Near)) << shown.source()->status().toStdString();
  ASSERT_TRUE(waitFor([&] { return shown.source()->graph() != nullptr; }));
  auto* field = shown.child<QDoubleSpinBox>("data.suspectsLimitField");
  EXPECT_TRUE(field->isVisible());
  const auto graph = shown.source()->graph();
  for (const double limit : {0.6, 0.99}) {
    const int before = shown.listed;
    field->setValue(limit);
    ASSERT_TRUE(waitFor([&] { return shown.listed > before; }));
    std::size_t pictures = 0;
    for (const auto& group : study::nearGroups(*graph, float(limit))) {
      pictures += group.size();
    }
    ASSERT_TRUE(shown.shows(pictures)) << limit;
    EXPECT_EQ(shown.source()->graph(), graph) << "compared once";
  }
  ASSERT_TRUE(shown.look(Kind::Crossing));
  const auto crossed = [&] { return shown.shown(); };
  EXPECT_TRUE(waitFor([&] { return std::ranges::count(crossed(), 3u) == 1 && std::ranges::count(crossed(), 2u) == 1; }));
  EXPECT_TRUE(shown.line().contains("more than one split"));
}

TEST(ExploreSuspects, ADoubtfulLabelIsNamedWithTheNearerClass) {
  ShownSuspects shown;
  ASSERT_TRUE(shown.look(Kind::Doubtful)) << shown.source()->status().toStdString();
  bool named = false;
  for (int i = 0; i < shown.panel->list()->count(); ++i) {
    named = named || (shown.panel->list()->item(i)->text().startsWith("blue, nearer to red") &&
                      shown.panel->list()->item(i)->text().contains("one red box number 7"));
  }
  EXPECT_TRUE(named) << shown.line().toStdString();
  grabPage(*shown.window, "explore-suspects");
}

TEST(ExploreSuspects, OutliersAreSortedAndARowComesAlone) {
  ShownSuspects shown;
  ASSERT_TRUE(shown.look(Kind::Alone)) << shown.source()->status().toStdString();
  ASSERT_EQ(shown.panel->list()->count(), 30);
  ASSERT_TRUE(shown.shows(30));
  double before = 3.0;
  for (int i = 0; i < 30; ++i) {
    const double distance = shown.panel->list()->item(i)->text().section(' ', 0, 0).toDouble();
    EXPECT_LE(distance, before);
    before = distance;
  }
  auto* list = shown.panel->list();
  QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualItemRect(list->item(1)).center());
  ASSERT_TRUE(shown.shows(1));
  QTest::keyClick(list, Qt::Key_Down, Qt::ShiftModifier);
  ASSERT_TRUE(shown.shows(2));
  shown.click("data.suspectsAll");
  ASSERT_TRUE(shown.shows(30));
}

}  // namespace
}  // namespace lix::app
