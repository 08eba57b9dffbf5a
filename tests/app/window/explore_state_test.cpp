// What was chosen in the exploring panels of the Data page comes back with the workspace.
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QJsonArray>
#include <QJsonObject>
#include <QLineEdit>
#include <QSpinBox>

#include "explore_support.h"

namespace lix::app {
namespace {

using testing_support::ShownSquares;
using testing_support::waitFor;

/// Another page on the same desk that is given a state, as after a restart; hidden until show().
struct Restarted {
  Restarted(ShownSquares& shown, const QJsonObject& state) : page(static_cast<DataPage*>(makeDataPage(shown.test->desk()))) {
    page->resize(1280, 760);
    page->restore(state);
  }
  void show() {
    page->show();
    EXPECT_TRUE(waitFor([&] { return page->collection() && page->collection()->samples().size() == 30; }));
  }
  template <class T>
  T* child(const char* name) {
    T* found = page->findChild<T*>(name);
    EXPECT_NE(found, nullptr) << name;
    return found;
  }
  std::unique_ptr<DataPage> page;
};

void chooseEverything(ShownSquares& shown) {
  shown.source()->setCheckpoint(shown.test->model("llip16-tiny-emoji"));
  shown.child<QLineEdit>("data.similarCaption")->setText("a blue \"box\"");
  shown.child<QSpinBox>("data.similarCount")->setValue(17);
  auto* colour = shown.child<QComboBox>("data.mapColour");
  colour->setCurrentIndex(colour->findText("By split"));
  shown.child<QPushButton>("data.mapLasso")->setChecked(true);
  shown.child<QComboBox>("data.suspectsKind")->setCurrentIndex(1);
  shown.child<QDoubleSpinBox>("data.suspectsLimitField")->setValue(0.87);
  shown.child<QComboBox>("data.captionsUnit")->setCurrentIndex(1);
}

void expectEverything(ShownSquares& shown, Restarted& after) {
  EXPECT_EQ(after.page->findChild<ExploreSource*>()->checkpoint(), shown.test->model("llip16-tiny-emoji"));
  for (const char* box : {"data.similarCheckpoint", "data.mapCheckpoint", "data.suspectsCheckpoint", "data.captionsCheckpoint"}) {
    EXPECT_EQ(after.child<CheckpointBox>(box)->folder(), shown.test->model("llip16-tiny-emoji")) << box;
  }
  EXPECT_EQ(after.child<QLineEdit>("data.similarCaption")->text(), "a blue \"box\"");
  EXPECT_EQ(after.child<QSpinBox>("data.similarCount")->value(), 17);
  EXPECT_EQ(after.child<QComboBox>("data.mapColour")->currentText(), "By split");
  EXPECT_TRUE(after.child<QPushButton>("data.mapLasso")->isChecked());
  EXPECT_EQ(after.child<QComboBox>("data.suspectsKind")->currentIndex(), 1);
  EXPECT_DOUBLE_EQ(after.child<QDoubleSpinBox>("data.suspectsLimitField")->value(), 0.87);
  EXPECT_EQ(after.child<QComboBox>("data.captionsUnit")->currentIndex(), 1);
}

TEST(ExploreState, ComesBackAndNothingIsMadeByIt) {
  ShownSquares shown;
  chooseEverything(shown);
  Restarted after(shown, shown.page->state());
  after.show();
  expectEverything(shown, after);
  EXPECT_FALSE(after.page->findChild<ExploreSource*>()->isBusy());
  EXPECT_FALSE(after.page->findChild<ExploreSource*>()->vectors());
  EXPECT_EQ(after.page->state()["explore"], shown.page->state()["explore"]);
}

TEST(ExploreState, APageThatNobodyLookedAtKeepsIt) {
  ShownSquares shown;
  chooseEverything(shown);
  Restarted unseen(shown, shown.page->state());
  Restarted after(shown, unseen.page->state());
  after.show();
  expectEverything(shown, after);
}

TEST(ExploreState, ADamagedOneIsPassedOver) {
  ShownSquares shown;
  QJsonObject state = shown.page->state();
  state["explore"] = QJsonObject{{"checkpoint", QJsonArray{1}},
                                 {"data.similar", QJsonObject{{"caption", 5}, {"count", -3}}},
                                 {"data.map", "x"},
                                 {"data.suspects", QJsonObject{{"kind", "unheard of"}, {"limit", 77}, {"labels", 1}}},
                                 {"data.captions", QJsonObject{{"unit", QJsonArray{}}}}};
  Restarted after(shown, state);
  after.show();
  EXPECT_FALSE(after.page->findChild<ExploreSource*>()->checkpoint().empty()) << "the first there is";
  EXPECT_EQ(after.child<QSpinBox>("data.similarCount")->value(), 1);
  EXPECT_EQ(after.child<QComboBox>("data.suspectsKind")->currentIndex(), 0);
  EXPECT_EQ(after.child<QDoubleSpinBox>("data.suspectsLimitField")->value(), 1.0);
  EXPECT_EQ(after.child<QComboBox>("data.mapColour")->currentIndex(), 0);
}

}  // namespace
}  // namespace lix::app
