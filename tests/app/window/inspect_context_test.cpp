// Inspect's context: sources, temperatures, and what becomes of one that is not waited for.
#include <QComboBox>
#include <QLabel>
#include <QSlider>
#include <QSpinBox>
#include <QTabWidget>
#include <QToolButton>

#include "figure_view/figure_view.h"
#include "inspect_page_support.h"
#include "pages/inspect/log_slider.h"
#include "store/support_store.h"
#include "study/reader/reader.h"

namespace lix::app {
namespace {
using testing_support::grabPage;
using testing_support::InspectPageTest;
using testing_support::testPictures;
using testing_support::waitFor;

TEST_F(InspectPageTest, ContextWithTheLearnedTemperature) {
  begin("siglixp-tiny-emoji");
  part<QSpinBox>("contextMost")->setValue(48);
  page->docks()->showPanel("context");
  ASSERT_TRUE(waitContext());
  const study::ContextReading first = context().answer()->reading;
  EXPECT_EQ(first.weights.size(), 48u);
  EXPECT_EQ(std::ranges::count(first.masked, true), 1) << "the picture lies in the split itself";
  EXPECT_EQ(first.weights[std::size_t(std::ranges::find(first.masked, true) - first.masked.begin())], 0.0);
  const auto reader = study::Reader::open(test.model("siglixp-tiny-emoji"));
  EXPECT_DOUBLE_EQ(context().answer()->tau.value, *(*reader)->facts().tauContext);
  EXPECT_TRUE(part<QLabel>("contextTauSaid")->text().contains("learned"));
  EXPECT_FALSE(part<QToolButton>("contextOwnTau")->isEnabled());
  grabPage(*page, "inspect-context");
  QTest::keyClick(part<LogSlider>("contextTau")->findChild<QSlider*>(), Qt::Key_PageUp);
  ASSERT_TRUE(waitFor([&] { return context().answer()->tau.source == study::ContextTau::Source::Given; }));
  EXPECT_GT(context().answer()->reading.effectiveNeighbours, first.effectiveNeighbours);
  EXPECT_TRUE(part<QLabel>("neighbours")
                  ->text()
                  .contains(QString::number(context().answer()->reading.effectiveNeighbours, 'f', 1)));
  QTest::mouseClick(part<QToolButton>("contextOwnTau"), Qt::LeftButton);
  EXPECT_TRUE(waitFor([&] { return context().answer()->tau.source == study::ContextTau::Source::Checkpoint; }));
  EXPECT_DOUBLE_EQ(context().answer()->reading.effectiveNeighbours, first.effectiveNeighbours);
}

TEST_F(InspectPageTest, ContextWithoutATemperatureStartsAtAQuarter) {
  begin("siglip-tiny-emoji");
  part<QSpinBox>("contextMost")->setValue(40);
  page->docks()->showPanel("context");
  ASSERT_TRUE(waitContext());
  EXPECT_NEAR(context().answer()->reading.effectiveNeighbours, 39 / 4.0, 0.01);
  EXPECT_TRUE(part<QLabel>("contextTauSaid")->text().contains("not in this checkpoint"));
  chooseModel("llip16-tiny-emoji");
  EXPECT_TRUE(waitFor([&] { return context().answer() == nullptr && test.desk().tasks().isIdle(); }))
      << "a Llip has no vector that could attend";
  EXPECT_TRUE(test.said().isEmpty()) << test.said().join('\n').toStdString();
}

TEST_F(InspectPageTest, ContextOfASupportSetAndOfThePage) {
  const auto pictures = testPictures(test, 6);
  std::vector<store::SupportClassRow> classes(2);
  for (std::size_t i = 0; i < 6; ++i) {
    classes[i % 2].name = i % 2 == 0 ? "even" : "odd";
    classes[i % 2].pictures.push_back(data::toText(pictures[i]));
  }
  ASSERT_TRUE(store::SupportStore(test.workspace()).saveDraft("mine", classes));
  begin("siglixp-tiny-emoji");
  part<QComboBox>("contextSource")->setCurrentIndex(1);
  page->docks()->showPanel("context");
  ASSERT_TRUE(waitContext());
  EXPECT_EQ(context().answer()->question.base->name, "6 pictures of the support set mine");
  EXPECT_EQ(context().answer()->question.base->labels[0], "even");
  EXPECT_EQ(std::ranges::count(context().answer()->reading.masked, true), 1);
  part<QComboBox>("contextSource")->setCurrentIndex(2);
  ASSERT_TRUE(waitFor([&] { return context().answer() && context().answer()->question.base->pictures.size() == 2; }));
  EXPECT_EQ(context().answer()->reading.effectiveNeighbours, 1.0) << "one other picture";
}

TEST_F(InspectPageTest, ACancelledContextIsNotWaitedForAndCanBeAskedAgain) {
  begin("siglixp-tiny-emoji");
  part<QSpinBox>("contextMost")->setValue(512);
  page->docks()->showPanel("context");
  ASSERT_FALSE(test.desk().tasks().isIdle());
  auto* busy = context().findChild<BusyLine*>();
  EXPECT_TRUE(busy->isBusy());
  test.desk().tasks().cancel(test.desk().tasks().lines().at(0).id);
  EXPECT_FALSE(busy->isBusy());
  EXPECT_TRUE(part<widgets::FigureView>("context")->accessibleDescription().contains("was stopped"));
  test.settle();
  EXPECT_EQ(context().answer(), nullptr);
  matrix().setCurrentIndex(scores().index(1, 0));
  EXPECT_TRUE(waitContext()) << "another picture begins anew";
}

TEST_F(InspectPageTest, AContextOfAnotherSourceIsNotShownUnderThisOne) {
  begin("siglixp-tiny-emoji");
  part<QSpinBox>("contextMost")->setValue(512);
  page->docks()->showPanel("context");
  ASSERT_FALSE(test.desk().tasks().isIdle());
  part<QComboBox>("contextSource")->setCurrentIndex(1);
  EXPECT_TRUE(test.desk().tasks().isIdle()) << "there is no support set, and the dataset is not wanted any more";
  test.settle();
  EXPECT_EQ(context().answer(), nullptr);
  EXPECT_TRUE(part<widgets::FigureView>("context")->accessibleDescription().contains("no support set yet"));
  EXPECT_FALSE(context().findChild<BusyLine*>()->isBusy());
  part<QSpinBox>("contextMost")->setValue(32);
  part<QComboBox>("contextSource")->setCurrentIndex(0);
  ASSERT_TRUE(waitContext());
  EXPECT_EQ(context().answer()->question.base->pictures.size(), 32u);
}

}  // namespace
}  // namespace lix::app
