// Inspect's mixture weights: heads and tokens by mouse and keys, live scores, differences, many captions.
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSlider>
#include <QToolButton>

#include "chrome/action_table.h"
#include "inspect_weights_support.h"
#include "pages/inspect/caption_panel.h"
#include "pages/inspect/log_slider.h"
#include "pages/inspect/tokens_panel.h"
#include "pages/inspect/weights_reading.h"
#include "shared/reading_figures.h"

namespace lix::app {
namespace {
using testing_support::grabPage;
using testing_support::InspectWeightsTest;
using testing_support::waitFor;

TEST_F(InspectWeightsTest, AClickKnocksATokenOutAndTheScoreChangesLive) {
  begin();
  const float before = page->reading()->reading.scores.cosines[0];
  EXPECT_TRUE(said().startsWith("As trained")) << said().toStdString();
  EXPECT_FALSE(part<QPushButton>("asTrained")->isEnabled());
  clickToken(4);
  ASSERT_TRUE(waitFor([&] { return shown().withoutTokens == std::vector<std::size_t>{4}; }));
  const study::Reading alone = readItself({.tau = {}, .withoutTokens = {4}, .heads = {}});
  EXPECT_FLOAT_EQ(page->reading()->reading.scores.cosines[0], alone.scores.cosines[0]);
  EXPECT_EQ(mixture().weights[4], 0.0F) << "nothing is left of it";
  const double change = double(alone.scores.cosines[0]) - before;
  EXPECT_TRUE(said().contains(QString::fromStdString(signedText(change)))) << said().toStdString();
  EXPECT_TRUE(said().contains("token 4 is knocked out"));
  EXPECT_TRUE(figure().table().find("red apple,,0,4,\n") != std::string::npos) << "struck through, so without number";
  ASSERT_TRUE(part<widgets::FigureView>("weightsEffect")->isVisibleTo(&panel()));
  clickToken(4);
  ASSERT_TRUE(waitFor([&] { return shown().withoutTokens.empty(); })) << "a second click takes it back";
  EXPECT_EQ(page->reading()->reading.scores.cosines[0], before);
}

TEST_F(InspectWeightsTest, HeadsAreSelectedAndIsolated) {
  begin();
  EXPECT_FALSE(part<QToolButton>("isolate")->isEnabled()) << "nothing is selected";
  clickHead(1);
  QTest::mouseClick(part<QToolButton>("head0"), Qt::LeftButton);
  EXPECT_TRUE(part<QToolButton>("head1")->isChecked());
  QTest::mouseClick(part<QToolButton>("isolate"), Qt::LeftButton);
  ASSERT_TRUE(waitFor([&] { return shown().heads == (std::vector<std::size_t>{0, 1}); }));
  const study::Reading alone = readItself({.tau = {}, .withoutTokens = {}, .heads = {0, 1}});
  EXPECT_FLOAT_EQ(page->reading()->reading.scores.cosines[0], alone.scores.cosines[0]);
  EXPECT_TRUE(said().contains("only heads 0, 1 count")) << said().toStdString();
  clickHead(0);
  ASSERT_TRUE(waitFor([&] { return shown().heads == (std::vector<std::size_t>{1}); })) << "live while isolated";
  QTest::mouseClick(part<QPushButton>("asTrained"), Qt::LeftButton);
  ASSERT_TRUE(waitFor([&] { return shown() == study::InspectSettings(); }));
  EXPECT_FALSE(part<QToolButton>("head1")->isChecked());
}

TEST_F(InspectWeightsTest, EverythingByKeys) {
  begin();
  view().setFocus();
  key(Qt::Key_Right);
  key(Qt::Key_Right);
  key(Qt::Key_Down);
  EXPECT_EQ(view().cell(), (WeightsView::Cell{1, 2}));
  EXPECT_TRUE(view().accessibleDescription().contains("head 1, token 2")) << view().accessibleDescription().toStdString();
  key(Qt::Key_Delete);
  ASSERT_TRUE(waitFor([&] { return shown().withoutTokens == std::vector<std::size_t>{2}; }));
  EXPECT_TRUE(view().accessibleDescription().contains("knocked out"));
  key(Qt::Key_Return);
  ASSERT_TRUE(waitFor([&] { return shown().heads == std::vector<std::size_t>{1}; }));
  EXPECT_EQ(shown().withoutTokens, std::vector<std::size_t>{2}) << "the token stays out";
  QTest::keyClick(part<LogSlider>("tau")->findChild<QSlider*>(), Qt::Key_PageUp);
  ASSERT_TRUE(waitFor([&] { return shown().tau.has_value(); }));
  EXPECT_TRUE(said().contains("instead of")) << said().toStdString();
  key(Qt::Key_PageDown);
  EXPECT_EQ(page->findChild<CaptionPanel*>()->current(), 1);
  EXPECT_TRUE(view().accessibleDescription().startsWith("a car"));
  key(Qt::Key_Escape);
  EXPECT_TRUE(waitFor([&] { return shown() == study::InspectSettings(); }));
}

TEST_F(InspectWeightsTest, UndoTakesBackKnockOutsAndHeadsByName) {
  begin();
  widgets::ActionTable table(page.get());
  page->addActions(table);
  table.setScope("inspect");
  view().setCell({0, 3});
  table.action("inspect.knockOut")->trigger();  // as the palette does
  ASSERT_TRUE(waitFor([&] { return shown().withoutTokens == std::vector<std::size_t>{3}; }));
  EXPECT_EQ(table.action("inspect.undo")->text(), "Undo: Knock out token 3 of llip16-tiny-emoji");
  key(Qt::Key_Return);
  ASSERT_TRUE(waitFor([&] { return shown().heads == std::vector<std::size_t>{0}; }));
  EXPECT_EQ(table.action("inspect.undo")->text(), "Undo: Isolate head 0 of llip16-tiny-emoji");
  type("a very old car");
  ASSERT_TRUE(waitReading({"red apple", "a car", "a very old car"}));
  table.action("inspect.undo")->trigger();
  ASSERT_TRUE(waitReading({"red apple", "a car"})) << "one history for all steps";
  EXPECT_EQ(shown().heads, std::vector<std::size_t>{0});
  table.action("inspect.undo")->trigger();
  ASSERT_TRUE(waitFor([&] { return shown().heads.empty(); }));
  EXPECT_EQ(shown().withoutTokens, std::vector<std::size_t>{3});
  table.action("inspect.undo")->trigger();
  ASSERT_TRUE(waitFor([&] { return shown() == study::InspectSettings(); }));
  table.action("inspect.redo")->trigger();
  ASSERT_TRUE(waitFor([&] { return shown().withoutTokens == std::vector<std::size_t>{3}; }));
  table.action("inspect.asTrained")->trigger();
  ASSERT_TRUE(waitFor([&] { return shown() == study::InspectSettings(); }));
  EXPECT_EQ(table.action("inspect.undo")->text(), "Undo: As trained");
}

TEST_F(InspectWeightsTest, ASliderThatMovesOnIsOneStepAndOtherModelsKeepTheirSettings) {
  begin();
  widgets::ActionTable table(page.get());
  page->addActions(table);
  table.setScope("inspect");
  for (const double tau : {2.5, 3.0, 3.5}) {
    askSettings({.tau = tau, .withoutTokens = {}, .heads = {}});
  }
  EXPECT_EQ(table.action("inspect.undo")->text(), "Undo: Change the temperature");
  table.action("inspect.undo")->trigger();
  EXPECT_EQ(table.action("inspect.redo")->text(), "Redo: Change the temperature");
  ASSERT_TRUE(waitFor([&] { return test.desk().tasks().isIdle() && !shown().tau; }));
  clickToken(2);
  ASSERT_TRUE(waitFor([&] { return !shown().withoutTokens.empty(); }));
  chooseModel("siglip-tiny-emoji");
  type("a dog");
  ASSERT_TRUE(waitReading({"red apple", "a car", "a dog"}));
  table.action("inspect.undo")->trigger();
  ASSERT_TRUE(waitReading({"red apple", "a car"}));
  EXPECT_EQ(shown(), study::InspectSettings()) << "a token of another model says nothing here";
  EXPECT_TRUE(test.said().isEmpty()) << test.said().join('\n').toStdString();
}

TEST_F(InspectWeightsTest, AKnockOutMovesNothingUnderThePointer) {
  for (const QSize size : {QSize(1180, 700), QSize(940, 560), QSize(760, 700)}) {
    make();
    page->resize(size);
    begin();
    part<QComboBox>("differenceOf")->setCurrentIndex(int(DifferenceOf::Trained));
    QTest::qWait(100);
    const auto place = [&] { return view().mapTo(page.get(), view().places().heatmaps[0].topLeft().toPoint()); };
    const QPoint before = place();
    clickToken(4);
    ASSERT_TRUE(waitFor([&] { return said().contains(QStringLiteral("→")); })) << said().toStdString();
    QTest::qWait(100);
    EXPECT_EQ(place(), before) << size.width();
    clickToken(4);
    ASSERT_TRUE(waitFor([&] { return said().startsWith("As trained"); }));
    QTest::qWait(100);
    EXPECT_EQ(place(), before) << size.width();
  }
}

TEST_F(InspectWeightsTest, TheCurrentCaptionsHeatmapIsScrolledTo) {
  begin();
  page->resize(1024, 640);
  page->setCaptions({"red apple", "a car", "a dog", "a cat", "a house", "a tree", "a boat"});
  ASSERT_TRUE(waitFor([&] { return page->reading()->question.captions.size() == 7; }));
  const auto seen = [&](std::size_t caption) {
    const QRect heat = view().places().heatmaps[caption].toRect();
    return view().visibleRegion().contains(heat) && QRegion(heat).subtracted(view().visibleRegion()).isEmpty();
  };
  page->findChild<CaptionPanel*>()->setCurrent(6);
  EXPECT_TRUE(waitFor([&] { return seen(6); }));
  page->findChild<CaptionPanel*>()->setCurrent(0);
  EXPECT_TRUE(waitFor([&] { return seen(0) && seen(1) && seen(2); })) << "three captions at 1024 x 640";
  grabPage(*page, "weights-seven");
}

TEST_F(InspectWeightsTest, QuickClicksAddUp) {
  begin();
  clickToken(1);
  clickToken(3);
  clickToken(5);
  EXPECT_EQ(panel().settings().withoutTokens, (std::vector<std::size_t>{1, 3, 5})) << "before any answer";
  ASSERT_TRUE(waitFor([&] { return shown().withoutTokens.size() == 3; }));
}

TEST_F(InspectWeightsTest, TheLastTokenStays) {
  begin();
  for (int token = 0; token < int(mixture().tokens); ++token) {
    clickToken(token);
  }
  EXPECT_TRUE(said().contains("Token 15 stays")) << said().toStdString();
  ASSERT_TRUE(waitFor([&] { return shown().withoutTokens.size() == 15; }));
  EXPECT_FLOAT_EQ(mixture().weights[15], 1.0F);
}

TEST_F(InspectWeightsTest, TheEffectOfANewCaptionIsReadAsTrainedToo) {
  begin();
  clickToken(0);
  ASSERT_TRUE(waitFor([&] { return !shown().withoutTokens.empty(); }));
  type("a very old car");
  ASSERT_TRUE(waitReading({"red apple", "a car", "a very old car"}));
  const float before = readItself({}).scores.cosines[2];
  ASSERT_TRUE(waitFor([&] { return said().contains(QStringLiteral("→")); })) << said().toStdString();
  const float now = page->reading()->reading.scores.cosines[2];
  page->findChild<CaptionPanel*>()->setCurrent(2);
  EXPECT_TRUE(said().contains(QString::fromStdString(signedText(double(now) - before)))) << said().toStdString();
  part<QComboBox>("differenceOf")->setCurrentIndex(int(DifferenceOf::Trained));
  const auto trained = readItself({});
  ASSERT_EQ(figure().contrasts().size(), 1U);
  const auto& own = *trained.pictures[0].mixture;
  const std::size_t at = 2 * own.heads * own.tokens;
  EXPECT_NEAR(figure().differences()[0], -own.weights[at], 1e-6) << "what the token had is gone";
}

TEST_F(InspectWeightsTest, DifferencesSayWhyTheyAreNotThere) {
  begin();
  InspectView view{.answer = page->reading(), .inAnswer = 0};
  view.caption = 0;
  panel().look(view);
  auto* what = part<QComboBox>("differenceOf");
  EXPECT_FALSE(part<QLabel>("noDifference")->isVisibleTo(&panel()));
  what->setFocus();
  QTest::keyClick(what, Qt::Key_Down);
  EXPECT_EQ(what->currentIndex(), int(DifferenceOf::Checkpoints));
  EXPECT_TRUE(part<QLabel>("noDifference")->text().contains("second checkpoint"))
      << part<QLabel>("noDifference")->text().toStdString();
  EXPECT_TRUE(figure().contrasts().empty());
  view.otherAnswer = page->reading();
  view.other = test.model("siglip-tiny-emoji");
  panel().look(view);
  ASSERT_EQ(figure().contrasts().size(), 1U) << "the same checkpoint twice";
  EXPECT_EQ(std::ranges::max(figure().differences()), 0.0F);
  what->setCurrentIndex(int(DifferenceOf::Both));
  EXPECT_EQ(figure().contrasts().size(), 2U);
  auto vector = std::make_shared<ReadAnswer>(*page->reading());
  vector->facts.mixture = false;
  vector->facts.name = "siglip-tiny-emoji";
  vector->reading.pictures[0].mixture.reset();
  view.otherAnswer = vector;
  panel().look(view);
  EXPECT_EQ(figure().contrasts().size(), 1U);
  EXPECT_TRUE(part<QLabel>("noDifference")->text().startsWith("siglip-tiny-emoji makes one vector"));
  auto wider = std::make_shared<ReadAnswer>(*page->reading());
  wider->facts.heads = wider->facts.tokens = 12;
  wider->reading.pictures[0].mixture->tokens = 12;
  view.otherAnswer = wider;
  panel().look(view);
  EXPECT_TRUE(part<QLabel>("noDifference")->text().contains("cannot be subtracted"));
  EXPECT_EQ(panel().state()["differenceOf"].toString(), "both");
}

TEST_F(InspectWeightsTest, OfManyCaptionsThePageAroundTheCurrentOneIsShown) {
  begin();
  QStringList captions;
  std::vector<std::string> wanted;
  for (int i = 0; i < 60; ++i) {
    captions << QString("caption number %1").arg(i);
    wanted.push_back(captions.back().toStdString());
  }
  page->setCaptions(captions);
  ASSERT_TRUE(waitReading(wanted));
  page->findChild<CaptionPanel*>()->setCurrent(30);
  EXPECT_EQ(part<QLabel>("weightsPage")->text(), "24 of 60 captions, 25 to 48: those around the current one.");
  EXPECT_EQ(view().places().heatmaps.size(), 24U);
  EXPECT_LT(view().height(), 6000);
  QTest::mouseClick(part<QToolButton>("weightsNext"), Qt::LeftButton);
  EXPECT_EQ(page->findChild<CaptionPanel*>()->current(), 48);
  EXPECT_EQ(view().places().heatmaps.size(), 12U);
  EXPECT_FALSE(part<QToolButton>("weightsNext")->isEnabled());
  const double scale = figure().highest();
  QTest::mouseClick(part<QToolButton>("weightsPrevious"), Qt::LeftButton);
  EXPECT_EQ(figure().highest(), scale) << "one scale for all pages";
  const QRectF second = view().places().heatmaps[1];
  click(second.center());
  EXPECT_EQ(page->findChild<CaptionPanel*>()->current(), 25) << "a click makes a caption the current one";
  grabPage(*page, "weights-many");
}

TEST_F(InspectWeightsTest, FitsInANarrowDock) {
  begin();
  part<QComboBox>("differenceOf")->setCurrentIndex(int(DifferenceOf::Both));
  EXPECT_LE(panel().minimumSizeHint().width(), 260);
  EXPECT_LE(page->findChild<TokensPanel*>()->minimumSizeHint().width(), 260);
}

TEST(ShownCaptions, ArePagesAroundTheCurrentOne) {
  EXPECT_EQ(shownCaptions(0, -1), (CaptionRange{0, 0}));
  EXPECT_EQ(shownCaptions(3, -1), (CaptionRange{0, 3}));
  EXPECT_EQ(shownCaptions(24, 23), (CaptionRange{0, 24}));
  EXPECT_EQ(shownCaptions(1000, 24), (CaptionRange{24, 24}));
  EXPECT_EQ(shownCaptions(1000, 999), (CaptionRange{984, 16}));
  EXPECT_EQ(shownCaptions(1000, 5000), (CaptionRange{984, 16}));
}

TEST(SignedText, HasThreeDecimalsAndATrueSign) {
  EXPECT_EQ(signedText(-0.0436), "−0.044");
  EXPECT_EQ(signedText(0.1), "+0.100");
  EXPECT_EQ(signedText(-0.0001), "0.000");
}

}  // namespace
}  // namespace lix::app
