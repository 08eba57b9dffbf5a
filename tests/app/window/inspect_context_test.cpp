// Inspect's context: sources, temperatures, and what becomes of one that is not waited for.
#include <QComboBox>
#include <QJsonArray>
#include <QLabel>
#include <QSlider>
#include <QSpinBox>
#include <QTabBar>
#include <QToolButton>
#include <fstream>
#include <stop_token>

#include "figure_view/figure_view.h"
#include "figures/table_figure.h"
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
  EXPECT_TRUE(part<widgets::FigureView>("context")->accessibleDescription().contains("Llip"));
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

TEST_F(InspectPageTest, ASupportSetIsEmbeddedAnewOnlyWhereItChanged) {
  const auto pictures = testPictures(test, 5);
  std::vector<store::SupportClassRow> classes(2);
  for (std::size_t i = 0; i < 4; ++i) {
    classes[i % 2].name = i % 2 == 0 ? "even" : "odd";
    classes[i % 2].pictures.push_back(data::toText(pictures[i]));
  }
  const store::Workspace workspace = test.workspace();
  const store::SupportStore sets(workspace);
  ASSERT_TRUE(sets.saveDraft("mine", classes));
  begin("siglixp-tiny-emoji");
  part<QComboBox>("contextSource")->setCurrentIndex(1);
  page->docks()->showPanel("context");
  ASSERT_TRUE(waitContext());
  const auto base = context().answer()->question.base;
  const auto comeBack = [&] {
    page->docks()->showPanel("weights");
    test.settle();
    page->docks()->showPanel("context");
    test.settle();
    ASSERT_TRUE(waitContext());
  };
  comeBack();
  EXPECT_EQ(context().answer()->question.base, base) << "the set is as it was";
  classes[0].pictures.push_back(data::toText(pictures[4]));
  ASSERT_TRUE(sets.saveDraft("mine", classes));
  comeBack();
  ASSERT_TRUE(waitFor([&] { return context().answer() && context().answer()->question.base->pictures.size() == 5; }));
}

TEST_F(InspectPageTest, OneCheckpointUnderTwoTransformsReadsTwoPictures) {
  const auto folder = test.scratch() / "cropped";
  std::filesystem::copy(test.model("siglip-tiny-emoji"), folder, std::filesystem::copy_options::recursive);
  std::ofstream(folder / "preprocessor_config.json")
      << R"({"image_processor_type": "SiglipImageProcessor", "size": {"shortest_edge": 64}})";
  const auto whole = study::Reader::open(test.model("siglip-tiny-emoji")), cropped = study::Reader::open(folder);
  ASSERT_TRUE(whole && cropped);
  EXPECT_EQ((*whole)->facts().weightsHash, (*cropped)->facts().weightsHash);
  imaging::Image wide{.width = 40, .height = 16, .pixels = std::vector<std::uint8_t>(40 * 16 * 3)};
  for (std::size_t i = 0; i < wide.pixels.size(); ++i) {
    wide.pixels[i] = std::uint8_t(i % 120 * 2);
  }
  const LoadedPicture picture{.ref = {}, .name = {}, .label = {},
                              .image = std::make_shared<const imaging::Image>(wide), .hash = 7};
  PreparedPictures prepared;
  const auto first = prepared.get(**whole, picture), second = prepared.get(**cropped, picture);
  EXPECT_EQ(first->shown->width, 40);
  EXPECT_EQ(second->shown->width, 16) << "the middle square";
  EXPECT_NE(first->read.pixels, second->read.pixels);
  EXPECT_EQ(prepared.get(**whole, picture), first);
}

TEST_F(InspectPageTest, AVoidReadingEndsBeforeItsNextPicture) {
  begin();
  std::stop_source stop;
  stop.request_stop();
  PreparedPictures prepared;
  const auto answer =
      readPictures(test.desk().checkpoints(), page->reading()->question, prepared, stop.get_token());
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::Cancelled);
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


TEST_F(InspectPageTest, CardsAreSortedByWeightOrContribution) {
  begin("siglixp-tiny-emoji");
  part<QSpinBox>("contextMost")->setValue(48);
  page->docks()->showPanel("context");
  ASSERT_TRUE(waitContext());
  const auto items = [&] {
    return static_cast<const figures::ContextFigure*>(part<widgets::FigureView>("context")->figure())->items();
  };
  const auto falls = [&](double figures::ContextItem::* key) {
    const auto shown = items();  // the masked self first
    return shown.at(0).masked && std::ranges::is_sorted(shown.begin() + 1, shown.end(), std::greater<>(), key);
  };
  EXPECT_TRUE(falls(&figures::ContextItem::weight));
  QTest::keyClick(part<QComboBox>("contextOrder"), Qt::Key_Down);
  EXPECT_TRUE(falls(&figures::ContextItem::contribution));
}

TEST_F(InspectPageTest, LabelPurityOfTheAttended) {
  begin("siglixp-tiny-emoji");
  part<QSpinBox>("contextMost")->setValue(64);
  page->docks()->showPanel("context");
  ASSERT_TRUE(waitContext());
  const ContextAnswer& answer = *context().answer();
  ASSERT_FALSE(answer.purities.empty());
  const LabelPurity& purity = answer.purities.front();
  const auto& classes = answer.question.base->labelSets.front().classes;
  ASSERT_FALSE(purity.own.empty());
  ASSERT_TRUE(purity.purity);
  double weight = 0.0, same = 0.0, others = 0.0;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    weight += classes[i] == purity.own ? answer.reading.weights[i] : 0.0;
    same += !answer.reading.masked[i] && classes[i] == purity.own ? 1.0 : 0.0;
    others += answer.reading.masked[i] ? 0.0 : 1.0;
  }
  EXPECT_NEAR(purity.purity->weight, weight, 1e-9);
  EXPECT_NEAR(purity.purity->chance, same / others, 1e-9);
  const QString said = part<QLabel>("contextPurity")->text();
  EXPECT_TRUE(said.contains(QString::fromStdString(purity.own))) << said.toStdString();
}

TEST_F(InspectPageTest, TwoCheckpointsAtEqualEffectiveNeighbours) {
  begin("siglixp-tiny-emoji");
  part<QSpinBox>("contextMost")->setValue(64);
  page->docks()->showPanel("context");
  ASSERT_TRUE(waitContext());
  part<CheckpointBox>("other")->setFolder(test.model("siglip-tiny-emoji"));
  ASSERT_TRUE(waitFor([&] { return context().pair().second != nullptr; }));
  const ContextPair& pair = context().pair();
  EXPECT_EQ(pair.first->tau.source, study::ContextTau::Source::Checkpoint);
  EXPECT_NEAR(pair.second->reading.effectiveNeighbours, pair.first->reading.effectiveNeighbours,
              0.01 * pair.first->reading.effectiveNeighbours);
  const QString said = part<QLabel>("contextCompared")->text();
  EXPECT_TRUE(said.contains(QString::number(pair.first->tau.value, 'g', 3))) << said.toStdString();
  EXPECT_TRUE(said.contains(QString::number(pair.second->tau.value, 'g', 3))) << said.toStdString();
  EXPECT_EQ(pair.overlap.top, 10);
  EXPECT_EQ(std::ranges::count(pair.overlap.first, true), pair.overlap.shared);
  EXPECT_TRUE(pair.overlap.rankCorrelation.has_value());
  grabPage(*page, "inspect-context-pair");
  QTest::keyClick(part<LogSlider>("contextTau")->findChild<QSlider*>(), Qt::Key_PageUp);
  ASSERT_TRUE(waitFor([&] { return context().pair().first->tau.source == study::ContextTau::Source::Given; }));
  EXPECT_NEAR(context().pair().second->reading.effectiveNeighbours, context().answer()->reading.effectiveNeighbours,
              0.01 * context().answer()->reading.effectiveNeighbours);
  part<CheckpointBox>("other")->setFolder(test.model("llip16-tiny-emoji"));
  EXPECT_TRUE(waitFor([&] { return part<QLabel>("contextCompared")->text().startsWith("Not compared"); }));
  EXPECT_NE(context().answer(), nullptr) << "the first is still shown";
}

TEST_F(InspectPageTest, CaptionsWithAndWithoutTheContext) {
  begin("siglixp-tiny-emoji");
  part<QSpinBox>("contextMost")->setValue(48);
  page->docks()->showPanel("context");
  ASSERT_TRUE(waitContext());
  EXPECT_TRUE(context().answer()->captions.empty()) << "not asked for";
  QTest::keyClick(part<QTabBar>("contextTabs"), Qt::Key_Right);
  ASSERT_TRUE(waitFor([&] { return context().answer() && context().answer()->captions.size() == 2; }));
  const float cosine = page->reading()->reading.scores.cosines.at(0);
  EXPECT_NEAR(context().answer()->captions[0].own, cosine, 2e-3) << "what the matrix shows, but for fp16";
  EXPECT_NE(context().answer()->captions[0].contextual, context().answer()->captions[0].own);
  EXPECT_TRUE(part<widgets::FigureView>("contextCaptions")->figure()->table().find("red apple") != std::string::npos);
  grabPage(*page, "inspect-context-captions");
}

TEST_F(InspectPageTest, DroppedPicturesBecomeTheContext) {
  begin("siglixp-tiny-emoji");
  page->docks()->showPanel("context");
  ASSERT_TRUE(waitContext());
  EXPECT_TRUE(testing_support::dropOn(&context(), {.pictures = testPictures(test, 9), .captions = {}, .paths = {}}));
  ASSERT_TRUE(waitFor([&] { return context().answer() && context().answer()->question.base->pictures.size() == 9; }));
  EXPECT_EQ(context().answer()->question.base->name, "9 pictures of the selection");
  EXPECT_EQ(part<QComboBox>("contextSource")->currentIndex(), 3);
  const QJsonObject kept = context().state();
  ContextPanel again(test.desk(), std::make_shared<PreparedPictures>());
  again.restore(kept);
  EXPECT_EQ(again.state()["selection"].toArray().size(), 9);
  testing_support::dropOn(&context(), {.pictures = {testPictures(test, 1)}, .captions = {}, .paths = {}});
  EXPECT_TRUE(waitFor([&] { return context().answer() == nullptr; })) << "one picture is no context";
  EXPECT_TRUE(part<widgets::FigureView>("context")->accessibleDescription().contains("two pictures"));
}

TEST_F(InspectPageTest, AContextWhosePicturesAreGoneIsOneClearLine) {
  const auto folder = test.scratch() / "gone";
  std::filesystem::create_directories(folder);
  std::vector<data::PictureRef> files;
  for (std::uint8_t i = 0; i < 3; ++i) {
    files.push_back(data::PictureRef::ofFile(
        testing_support::picture(folder / cat("p", int(i), ".png"), std::uint8_t(40 * i))));
  }
  begin("siglixp-tiny-emoji");
  page->docks()->showPanel("context");
  ASSERT_TRUE(waitContext());
  std::filesystem::remove_all(folder);
  testing_support::dropOn(&context(), {.pictures = files, .captions = {}, .paths = {}});
  const auto said = [&] { return part<widgets::FigureView>("context")->accessibleDescription(); };
  ASSERT_TRUE(waitFor([&] { return said().contains("0 readable pictures"); })) << said().toStdString();
  EXPECT_EQ(context().answer(), nullptr);
  std::filesystem::create_directories(folder);
  for (std::uint8_t i = 0; i < 3; ++i) {
    testing_support::picture(folder / cat("p", int(i), ".png"), std::uint8_t(40 * i));
  }
  page->docks()->showPanel("weights");
  page->docks()->showPanel("context");
  ASSERT_TRUE(waitContext()) << "they are back: " << said().toStdString();
  EXPECT_EQ(context().answer()->question.base->pictures.size(), 3u);
}

TEST(ContextNumbers, OverlapOfTwoReadings) {
  const std::vector<data::PictureRef> first{testing_support::emoji("a"), testing_support::emoji("b"),
                                            testing_support::emoji("c"), testing_support::emoji("d")};
  const std::vector<data::PictureRef> second{first[3], first[2], first[1], first[0]};
  const study::ContextReading one{.weights = {0.0, 0.5, 0.3, 0.2}, .masked = {true, false, false, false}};
  const study::ContextReading two{.weights = {0.6, 0.1, 0.3, 0.0}, .masked = {false, false, false, true}};
  const ContextOverlap overlap = compareContexts(first, one, second, two, 2);
  EXPECT_EQ(overlap.top, 2);
  EXPECT_EQ(overlap.shared, 1) << "b; not c and d, nor the masked a";
  EXPECT_EQ(overlap.first, (std::vector<bool>{false, true, false, false}));
  EXPECT_EQ(overlap.second, (std::vector<bool>{false, false, true, false}));
  EXPECT_NEAR(*overlap.rankCorrelation, -1.0 / 3.0, 1e-12) << "b > c > d against d > b > c";
}

TEST(ContextNumbers, CosinesOfCaptions) {
  const std::vector<float> own{3.0F, 4.0F}, contextual{0.0F, 2.0F};
  const auto cosines = captionCosines(own, contextual, {2, {1.0F, 0.0F, 0.0F, 1.0F}});
  ASSERT_EQ(cosines.size(), 2u);
  EXPECT_FLOAT_EQ(cosines[0].own, 0.6F);
  EXPECT_FLOAT_EQ(cosines[0].contextual, 0.0F);
  EXPECT_FLOAT_EQ(cosines[1].difference(), 0.2F);
}

}  // namespace
}  // namespace lix::app
