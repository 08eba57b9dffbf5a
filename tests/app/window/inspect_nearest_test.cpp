// Inspect's nearest pictures and captions.
#include <QComboBox>
#include <QLabel>
#include <QTabBar>

#include "image_grid/image_grid.h"
#include "inspect_page_support.h"
#include "pages/inspect/nearest_panel.h"
#include "study/reader/reader.h"

namespace lix::app {
namespace {
using testing_support::grabPage;
using testing_support::InspectPageTest;
using testing_support::testPictures;
using testing_support::waitFor;

class NearestTest : public InspectPageTest {
 protected:
  NearestPanel& nearest() { return *page->findChild<NearestPanel*>(); }
  bool waitNearest() {
    return waitFor([&] { return nearest().answer() != nullptr && test.desk().tasks().isIdle(); });
  }
  QString said() { return part<QLabel>("nearestSaid")->text(); }
};

TEST_F(NearestTest, ThePictureItselfIsNearestAndSaidToBeTheSame) {
  begin("siglip-tiny-emoji");
  page->docks()->showPanel("nearest");
  ASSERT_TRUE(waitNearest());
  const NearAnswer& answer = *nearest().answer();
  ASSERT_EQ(answer.pictures.size(), 24u);
  EXPECT_TRUE(answer.samePicture[0]);
  EXPECT_EQ(answer.question.base->pictures[answer.pictures[0].row], testPictures(test, 1)[0]);
  EXPECT_NEAR(answer.pictures[0].cosine, 1.0F, 1e-3);
  EXPECT_TRUE(std::ranges::is_sorted(answer.pictures, std::greater<>(), &NearRow::cosine));
  EXPECT_EQ(part<widgets::ImageGrid>("nearestPictures")->model()->index(0, 0).data(widgets::BadgeRole), "same");
  EXPECT_EQ(part<CaptionList>("nearestCaptions")->topLevelItemCount(), 24);
  grabPage(*page, "inspect-nearest");
}

TEST_F(NearestTest, CaptionsAgreeWithTheReader) {
  begin("siglip-tiny-emoji");
  page->docks()->showPanel("nearest");
  ASSERT_TRUE(waitNearest());
  const auto first = nearest().answer()->question.base;
  QTest::keyClick(part<QTabBar>("nearestTabs"), Qt::Key_Right);
  ASSERT_TRUE(waitFor([&] { return nearest().answer() && !nearest().answer()->question.picture; }));
  const NearAnswer& answer = *nearest().answer();
  EXPECT_EQ(answer.question.base, first) << "nothing is embedded twice";
  EXPECT_EQ(answer.question.caption, "red apple");
  const auto reader = study::Reader::open(test.model("siglip-tiny-emoji"));
  const auto& best = first->captions[answer.captions[0].row];
  const auto vectors = (*reader)->captionVectors({"red apple", best});
  ASSERT_TRUE(vectors);
  double cosine = 0.0;
  for (std::size_t i = 0; i < vectors->width; ++i) {
    cosine += double(vectors->values[i]) * double(vectors->values[vectors->width + i]);
  }
  EXPECT_NEAR(answer.captions[0].cosine, cosine, 1e-4);
}

TEST_F(NearestTest, EnterAddsWhatIsNear) {
  begin("siglip-tiny-emoji");
  QObject::connect(&test.desk(), &Desk::handedOver, page.get(), [&](PageId id, const Payload& payload) {
    ASSERT_EQ(id, PageId::Inspect);
    page->receive(payload);
  });
  page->docks()->showPanel("nearest");
  ASSERT_TRUE(waitNearest());
  const NearBase& base = *nearest().answer()->question.base;
  const data::PictureRef second = base.pictures[nearest().answer()->pictures[1].row];
  const std::string caption = base.captions[nearest().answer()->captions[0].row];
  auto* grid = part<widgets::ImageGrid>("nearestPictures");
  grid->setCurrentIndex(grid->model()->index(1, 0));
  QTest::keyClick(grid, Qt::Key_Return);
  ASSERT_TRUE(waitFor([&] { return page->reading() && page->reading()->question.pictures.size() == 3; }));
  EXPECT_EQ(page->reading()->question.pictures[2].ref, second);
  ASSERT_TRUE(waitNearest());
  auto* list = part<CaptionList>("nearestCaptions");
  const std::string first = list->topLevelItem(0)->data(1, Qt::UserRole).toString().toStdString();
  list->setCurrentItem(list->topLevelItem(0));
  QTest::keyClick(list, Qt::Key_Return);
  EXPECT_TRUE(waitReading({"red apple", "a car", first}));
}

TEST_F(NearestTest, ALlipIsAskedByItsPooledVector) {
  begin();
  page->docks()->showPanel("nearest");
  ASSERT_TRUE(waitNearest());
  EXPECT_TRUE(nearest().answer()->question.base->pooled);
  EXPECT_TRUE(said().contains("pooled")) << said().toStdString();
  EXPECT_TRUE(nearest().answer()->samePicture[0]);
}

TEST_F(NearestTest, WhatCannotBeAskedIsOneClearLine) {
  begin("siglip-tiny-emoji");
  part<QComboBox>("nearestSource")->setCurrentIndex(1);
  page->docks()->showPanel("nearest");
  ASSERT_TRUE(waitFor([&] { return said().contains("no support set yet"); }));
  EXPECT_EQ(nearest().answer(), nullptr);
  part<QComboBox>("nearestSource")->setCurrentIndex(0);
  ASSERT_FALSE(test.desk().tasks().isIdle());
  test.desk().tasks().cancel(test.desk().tasks().lines().at(0).id);
  EXPECT_TRUE(said().contains("was stopped"));
  test.settle();
  EXPECT_EQ(nearest().answer(), nullptr);
  EXPECT_TRUE(test.said().isEmpty()) << test.said().join('\n').toStdString();
}

TEST_F(NearestTest, ADatasetThatIsGoneAndCaptionsBeyondTheBound) {
  const auto& desk = test.desk();
  auto& checkpoints = test.desk().checkpoints();
  ContextChoice choice{.name = "no such set"};
  const auto gone = embedNear(checkpoints, test.desk().datasets(), test.model("siglip-tiny-emoji"), choice,
                              desk.featureCache(), {});
  ASSERT_FALSE(gone);
  EXPECT_NE(gone.error().message.find("no such set"), std::string::npos) << gone.error().message;
  choice = {.source = ContextChoice::Source::Support, .name = "mine", .pictures = testPictures(test, 4)};
  const auto base = embedNear(checkpoints, test.desk().datasets(), test.model("siglip-tiny-emoji"), choice,
                              desk.featureCache(), {}, 2);
  ASSERT_TRUE(base) << base.error().message;
  EXPECT_EQ((*base)->captions.size(), 2u);
  EXPECT_GT((*base)->captionsLeftOut, 0u);
}

TEST_F(NearestTest, ContextAndNearestFitANarrowDock) {
  begin("siglixp-tiny-emoji");
  part<CheckpointBox>("other")->setFolder(test.model("siglip-tiny-emoji"));
  for (const char* id : {"context", "nearest"}) {
    page->docks()->showPanel(id);
    ASSERT_TRUE(id == std::string("nearest") ? waitNearest() : waitFor([&] { return context().pair().second != nullptr; }));
    auto* panel = id == std::string("nearest") ? static_cast<QWidget*>(&nearest()) : &context();
    EXPECT_LE(panel->minimumSizeHint().width(), 260) << id;
    test.settle();
    if (const QString folder = qEnvironmentVariable("LIX_SHOTS"); !folder.isEmpty()) {
      panel->resize(260, 800);
      QTest::qWait(50);
      panel->grab().save(QString("%1/narrow-%2.png").arg(folder, id));
    }
  }
}

TEST(NearestRows, ByHand) {
  const study::Vectors rows{2, {1.0F, 0.0F, 0.0F, 1.0F, 0.6F, 0.8F, 1.0F, 0.0F}};
  const std::vector<float> query{0.0F, 5.0F};
  const auto near = nearestRows(query, rows, 3);
  ASSERT_EQ(near.size(), 3u);
  EXPECT_EQ(near[0], (NearRow{1, 1.0F}));
  EXPECT_EQ(near[1].row, 2u);
  EXPECT_FLOAT_EQ(near[1].cosine, 0.8F);
  EXPECT_EQ(near[2], (NearRow{0, 0.0F})) << "the lower of two equal rows";
  EXPECT_TRUE(nearestRows(std::vector<float>{1.0F}, rows, 3).empty());
}

}  // namespace
}  // namespace lix::app
