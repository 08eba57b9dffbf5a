// Similarity search on the Data page: to selected pictures, to a caption, to a dropped picture.
#include <QLineEdit>
#include <QSpinBox>
#include <span>

#include "explore_support.h"
#include "study/reader/reader.h"

namespace lix::app {
namespace {

using testing_support::dropOn;
using testing_support::ShownSquares;
using testing_support::waitFor;

TEST(ExploreSimilar, TheNearestToTheSelectedComeWithTheirCosines) {
  ShownSquares shown;
  shown.open("similar");
  EXPECT_FALSE(shown.child<QPushButton>("data.similarSelected")->isEnabled()) << "nothing is selected";
  shown.child<QSpinBox>("data.similarCount")->setValue(5);
  shown.select({12, 14});
  ASSERT_TRUE(shown.child<QPushButton>("data.similarSelected")->isEnabled());
  shown.click("data.similarSelected");
  ASSERT_TRUE(shown.shows(5));

  // As plain loops over the vectors say.
  const auto vectors = shown.source()->vectors();
  ASSERT_TRUE(vectors);
  ASSERT_EQ(vectors->samples.size(), 30u);
  const auto query = vectors->rows.meanDirection(vectors->rowsOf({12, 14}));
  ASSERT_TRUE(query);
  std::vector<std::pair<float, std::uint32_t>> plain;
  std::vector<float> row(vectors->rows.width());
  for (std::uint32_t i = 0; i < 30; ++i) {
    vectors->rows.read(std::size_t(vectors->rowOf[i]), 1, row);
    float sum = 0.f;
    for (std::size_t d = 0; d < row.size(); ++d) {
      sum += row[d] * (*query)[d];
    }
    plain.emplace_back(-sum, i);
  }
  std::ranges::sort(plain);
  const auto samples = shown.shown();
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_TRUE(shown.tip(int(i)).startsWith(QString("cosine %1").arg(double(-plain[i].first), 0, 'f', 3).left(11))) << shown.tip(int(i)).toStdString();
  }
  EXPECT_EQ(samples[0] / 10, 1u) << "a green one";
  EXPECT_TRUE(shown.table_->conflicts().empty());
}

TEST(ExploreSimilar, ACaptionFindsByTheTextTower) {
  ShownSquares shown;
  shown.open("similar");
  auto* caption = shown.child<QLineEdit>("data.similarCaption");
  shown.child<QSpinBox>("data.similarCount")->setValue(30);
  caption->setFocus();
  QTest::keyClicks(caption, "blue square");
  QTest::keyClick(caption, Qt::Key_Return);
  ASSERT_TRUE(waitFor([&] { return shown.tip(0).startsWith("cosine"); }));
  const auto vectors = shown.source()->vectors();
  const auto reader = shown.test->desk().checkpoints().open(shown.source()->checkpoint());
  ASSERT_TRUE(reader);
  const auto text = (*reader)->captionVectors({"blue square"});
  ASSERT_TRUE(text);
  const auto found = adapt::nearest(text->values, vectors->rows.view(), 30);
  const auto samples = shown.shown();
  for (std::size_t i = 0; i < 30; ++i) {
    EXPECT_EQ(samples[i], vectors->samples[found[i].row]);
  }
}

TEST(ExploreSimilar, ADroppedPictureFindsItselfFirst) {
  ShownSquares shown;
  shown.open("similar");
  shown.child<QSpinBox>("data.similarCount")->setValue(3);
  auto* panel = shown.child<QWidget>("data.similar");
  ASSERT_TRUE(dropOn(panel, {.pictures = {data::PictureRef::sample("squares", shown.page->collection()->samples()[25].key)}, .captions = {}, .paths = {}}));
  ASSERT_TRUE(shown.shows(3));
  EXPECT_TRUE(shown.tip(0).startsWith("cosine 1.00") || shown.tip(0).startsWith("cosine 0.99")) << shown.tip(0).toStdString();
  const auto vectors = shown.source()->vectors();
  EXPECT_EQ(shown.shown()[0] / 10, 2u);
  // The same by keys, from the grid's selection; the vectors are there already.
  shown.page->clearMatches();
  ASSERT_TRUE(shown.shows(30));
  shown.select({0});
  shown.table_->action("data.nearestToSelected")->trigger();
  ASSERT_TRUE(shown.shows(3));
  EXPECT_EQ(shown.source()->vectors(), vectors) << "read once";
}

TEST(ExploreSimilar, SaysWhatIsMissing) {
  ShownSquares shown;
  shown.open("similar");
  shown.source()->setCheckpoint({});
  EXPECT_TRUE(shown.child<QLabel>("data.similarLine")->text().contains("Choose a checkpoint"));
  EXPECT_FALSE(shown.child<QPushButton>("data.similarSelected")->isEnabled());
  shown.table_->action("data.nearestToCaption")->trigger();
  auto* caption = shown.child<QLineEdit>("data.similarCaption");
  EXPECT_TRUE(caption->hasFocus());
  QTest::keyClicks(caption, "red");
  QTest::keyClick(caption, Qt::Key_Return);
  EXPECT_FALSE(shown.source()->isBusy()) << "nothing to ask";
}

}  // namespace
}  // namespace lix::app
