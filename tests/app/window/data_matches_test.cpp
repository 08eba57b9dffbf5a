// Pictures in an order of their own on the Data page: what similarity search, lassos and selections show.
#include <QFrame>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include "data_page_support.h"
#include "docks/dock_area.h"
#include "frame/picture_model.h"

namespace lix::app {
namespace {

namespace fs = std::filesystem;
using testing_support::ShownData;
using testing_support::waitFor;
using testing_support::writePicture;

std::string keyAt(ShownData& shown, int row) {
  auto* model = static_cast<PictureModel*>(shown.page->grid()->model());
  return model->picture(model->index(row, 0)).key;
}

TEST(DataMatches, AreShownInTheirOrderAndCleared) {
  ShownData shown;
  ASSERT_TRUE(shown.shows("36 pictures"));
  const auto& samples = shown.page->collection()->samples();
  EXPECT_FALSE(shown.child<QFrame>("data.matchBar")->isVisible());
  shown.page->setMatches("Nearest to fox", {30, 2, 17, 4000000});
  ASSERT_TRUE(shown.shows("36 pictures, 3 shown"));
  EXPECT_EQ(shown.child<QLabel>("data.matches")->text(), "Nearest to fox (3)");
  EXPECT_TRUE(shown.child<QFrame>("data.matchBar")->isVisible());
  EXPECT_EQ(keyAt(shown, 0), samples[30].key);
  EXPECT_EQ(keyAt(shown, 1), samples[2].key);
  EXPECT_EQ(keyAt(shown, 2), samples[17].key);

  // What is selected stays selected in whatever order, and is told as samples.
  const QSignalSpy selected(shown.page, &DataPage::selectionChanged);
  QTest::mouseClick(shown.page->grid()->viewport(), Qt::LeftButton, {}, shown.at(0));
  QTest::mouseClick(shown.page->grid()->viewport(), Qt::LeftButton, Qt::ControlModifier, shown.at(2));
  EXPECT_GE(selected.size(), 2);
  EXPECT_EQ(shown.page->selectedSamples(), (std::vector<std::uint32_t>{30, 17}));
  QTest::mouseClick(shown.child<QPushButton>("data.clearMatches"), Qt::LeftButton);
  ASSERT_TRUE(waitFor([&] { return shown.counts() == "36 pictures, 2 selected"; })) << shown.counts().toStdString();
  EXPECT_EQ(shown.page->selectedSamples(), (std::vector<std::uint32_t>{17, 30}));
  EXPECT_FALSE(shown.child<QFrame>("data.matchBar")->isVisible());

  shown.page->setMatches("Again", {5, 4});
  ASSERT_TRUE(shown.shows("36 pictures, 2 shown"));
  auto* search = shown.child<QLineEdit>("data.search");
  search->setText("no picture has these words");
  EXPECT_TRUE(waitFor([&] {
    return shown.child<QLabel>("data.matches")->text() ==
           "Again (2), of which words, class or split leave out 2: 0 are shown";
  })) << shown.child<QLabel>("data.matches")->text().toStdString();
  search->clear();
  ASSERT_TRUE(waitFor([&] { return shown.child<QLabel>("data.matches")->text() == "Again (2)"; }));
  EXPECT_EQ(keyAt(shown, 0), samples[5].key);
  shown.page->grid()->setFocus();
  QTest::keyClick(shown.page->grid(), Qt::Key_Escape);
  ASSERT_TRUE(waitFor([&] { return shown.counts().startsWith("36 pictures") && !shown.counts().contains("shown"); }));
}

TEST(DataMatches, AreFilteredFurtherAndFoundAgainInANewerReading) {
  ShownData shown;
  ASSERT_TRUE(shown.shows("36 pictures"));
  const auto& samples = shown.page->collection()->samples();
  std::vector<std::uint32_t> backwards;
  for (std::uint32_t i = 36; i-- > 0;) {
    backwards.push_back(i);
  }
  shown.page->setMatches("Backwards", backwards);
  ASSERT_TRUE(waitFor([&] { return keyAt(shown, 0) == samples[35].key; }));
  shown.child<QLineEdit>("data.search")->setText("fox train/");
  ASSERT_TRUE(shown.shows("36 pictures, 4 shown"));
  const std::string first = keyAt(shown, 0), last = keyAt(shown, 3);
  EXPECT_GT(first, last);

  fs::remove(shown.test->scratch() / "animals" / first);
  writePicture(shown.test->scratch() / "animals" / "train" / "red_fox" / "new.png", 0, 7);
  const QSignalSpy changed(shown.page, &DataPage::collectionChanged);
  shown.table->action("data.reread")->trigger();
  ASSERT_TRUE(shown.shows("36 pictures, 3 shown"));
  EXPECT_GE(changed.size(), 1);
  EXPECT_EQ(keyAt(shown, 2), last);
  // Another dataset begins anew.
  shown.choose("scenes");
  ASSERT_TRUE(waitFor([&] { return shown.page->collection() && shown.page->browser().name() == "scenes"; }));
  EXPECT_EQ(shown.page->browser().filter().matches, nullptr);
  EXPECT_TRUE(waitFor([&] { return !shown.child<QFrame>("data.matchBar")->isVisible(); }));
}

TEST(DataMatches, PanelsStandBesideTheGrid) {
  ShownData shown;
  ASSERT_TRUE(shown.shows("36 pictures"));
  ASSERT_NE(shown.page->docks(), nullptr);
  EXPECT_TRUE(shown.page->docks()->ids().contains("details"));
  EXPECT_TRUE(waitFor([&] { return shown.page->docks()->isInFront("details"); }));
  EXPECT_GE(shown.page->grid()->width(), 240);
}

}  // namespace
}  // namespace lix::app
