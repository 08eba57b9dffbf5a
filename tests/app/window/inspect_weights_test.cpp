// Inspect's mixture weights and tokens: heads and tokens by mouse and keys, live scores, differences, many captions.
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSlider>
#include <QToolButton>
#include <numeric>

#include "chrome/action_table.h"
#include "inspect_page_support.h"
#include "pages/inspect/caption_panel.h"
#include "pages/inspect/log_slider.h"
#include "pages/inspect/tokens_panel.h"
#include "pages/inspect/weights_panel.h"
#include "pages/inspect/weights_reading.h"
#include "shared/reading_figures.h"
#include "study/reader/reader.h"
#include "theme/theme.h"

namespace lix::app {
namespace {
using testing_support::grabPage;
using testing_support::InspectPageTest;
using testing_support::testPictures;
using testing_support::waitFor;

class InspectWeightsTest : public InspectPageTest {
 protected:
  WeightsPanel& panel() { return *page->findChild<WeightsPanel*>(); }
  WeightsView& view() { return panel().view(); }
  const figures::WeightsFigure& figure() { return dynamic_cast<const figures::WeightsFigure&>(*view().figure()); }
  const study::InspectSettings& shown() { return page->reading()->question.settings; }
  const study::MixtureReading& mixture() { return *page->reading()->reading.pictures[0].mixture; }
  QString said() { return part<QLabel>("weightsSaid")->text(); }

  /// Clicks beside a heatmap: at a head's number (left of it) or a token's (below it).
  void clickHead(int head) {
    const QRectF heat = view().places().heatmaps[0];
    click({heat.left() - 8, heat.top() + (head + 0.5) * heat.height() / double(mixture().heads)});
  }
  void clickToken(int token) {
    const QRectF heat = view().places().heatmaps[0];
    click({heat.left() + (token + 0.5) * heat.width() / double(mixture().tokens), heat.bottom() + 12});
  }
  void click(const QPointF& at) { QTest::mouseClick(&view(), Qt::LeftButton, {}, at.toPoint()); }
  void key(Qt::Key key) { QTest::keyClick(&view(), key); }

  /// What a reader of the test's own makes of the first picture.
  study::Reading readItself(const study::InspectSettings& settings, const char* model = "llip16-tiny-emoji") {
    const auto reader = study::Reader::open(test.model(model));
    const auto picture = test.desk().datasets().load(testPictures(test, 1)[0]);
    auto reading = (*reader)->read({*picture}, page->reading()->question.captions, settings);
    EXPECT_TRUE(reading) << reading.error().message;
    return std::move(*reading);
  }
};

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

/// The panel of tokens in front.
class InspectTokensTest : public InspectWeightsTest {
 protected:
  TokensPanel& tokens() { return *page->findChild<TokensPanel*>(); }
  QString summary() { return part<QLabel>("tokensSaid")->text(); }
  bool bring() {
    page->docks()->showPanel("tokens");
    return waitFor([&] { return tokens().answer() != nullptr; });
  }
  /// Tokens that no head of the first pictures uses by a tenth of an even share, counted here.
  std::vector<std::size_t> deadIn(std::size_t pictures) {
    const auto& read = page->reading()->reading;
    const std::size_t heads = mixture().heads, count = mixture().tokens, captions = mixture().captions;
    std::vector<std::size_t> dead;
    for (std::size_t token = 0; token < count; ++token) {
      double most = 0.0;
      for (std::size_t head = 0; head < heads; ++head) {
        double sum = 0.0;
        for (std::size_t line = 0; line < pictures * captions; ++line) {
          sum += read.pictures[line / captions].mixture->weights[((line % captions) * heads + head) * count + token];
        }
        most = std::max(most, sum / double(pictures * captions));
      }
      if (most < 0.1 / double(count)) {
        dead.push_back(token);
      }
    }
    return dead;
  }
};

TEST_F(InspectTokensTest, ItsNumbersAreThoseOfTheReading) {
  begin();
  ASSERT_TRUE(bring());
  const study::TokenUse use = tokens().answer()->use;
  EXPECT_NEAR(use.meanDistance, mixture().distances()[1], 1e-7) << "two captions are one pair";
  EXPECT_GT(use.meanDistance, 0.0);
  EXPECT_TRUE(summary().startsWith("Captions move this picture's embedding by " +
                                   QString::fromStdString(shortNumber(use.meanDistance))))
      << summary().toStdString();
  EXPECT_NEAR(use.entropies[0], mixture().entropies[0], 1e-5);
  EXPECT_EQ(tokens().answer()->dead, deadIn(1));
  EXPECT_NE(part<widgets::FigureView>("tokensUse")->figure()->table().find("\n15,"), std::string::npos);
  auto* of = part<QComboBox>("tokensOf");
  of->setFocus();
  QTest::keyClick(of, Qt::Key_Down);
  ASSERT_TRUE(waitFor([&] { return tokens().answer()->use.pictures == 2; }));
  const auto& pictures = page->reading()->reading.pictures;
  EXPECT_NEAR(tokens().answer()->use.meanDistance,
              (double(pictures[0].mixture->distances()[1]) + double(pictures[1].mixture->distances()[1])) / 2, 1e-7);
  EXPECT_EQ(tokens().answer()->dead, deadIn(2));
  EXPECT_TRUE(summary().contains("these 2 pictures")) << summary().toStdString();
  grabPage(*page, "inspect-tokens");
}

TEST_F(InspectTokensTest, AKnockedOutTokenIsNotCalledDead) {
  begin();
  clickToken(0);
  ASSERT_TRUE(waitFor([&] { return !shown().withoutTokens.empty(); }));
  ASSERT_TRUE(bring());
  EXPECT_EQ(tokens().answer()->use.shares[0], 0.0);
  EXPECT_EQ(std::ranges::count(tokens().answer()->dead, 0u), 0);
  EXPECT_TRUE(summary().contains("for evaluation only")) << summary().toStdString();
}

TEST_F(InspectTokensTest, AModelWithoutMixtureHasZeroByConstruction) {
  begin();
  chooseModel("siglip-tiny-emoji");
  page->docks()->showPanel("tokens");
  EXPECT_FALSE(part<QLabel>("tokensSaid")->isVisibleTo(&tokens()));
  EXPECT_TRUE(part<widgets::FigureView>("tokensUse")->accessibleDescription().contains("by 0, by construction"));
  EXPECT_EQ(tokens().answer(), nullptr);
}

TEST_F(InspectTokensTest, OneCaptionAndManyOfThem) {
  begin();
  page->setCaptions({"only one"});
  ASSERT_TRUE(waitReading({"only one"}));
  ASSERT_TRUE(bring());
  EXPECT_TRUE(summary().startsWith("Type a second caption")) << summary().toStdString();
  EXPECT_FALSE(part<widgets::FigureView>("tokensDistances")->isVisibleTo(&tokens()));
  QStringList captions;
  for (int i = 0; i < 40; ++i) {
    captions << QString("caption number %1").arg(i);
  }
  page->setCaptions(captions);
  ASSERT_TRUE(waitFor([&] { return tokens().answer() && tokens().answer()->use.captions == 40; }));
  const auto& counts = tokens().answer()->pairs.counts;
  EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), std::size_t(0)), 40u * 39 / 2) << "every pair is counted";
  EXPECT_TRUE(part<widgets::FigureView>("tokensDistances")->figure()->table().starts_with("from,to,value\n0,"));
}

/// What it looks like, with $LIX_SHOTS: not a test.
class Shots : public InspectTokensTest {
 protected:
  void grab(QWidget& widget, const QString& name, QSize size) {
    for (const auto& [theme, mark] : {std::pair(widgets::ThemeChoice::Light, "light"), {widgets::ThemeChoice::Dark, "dark"}}) {
      widgets::applyTheme(*qApp, theme);
      widget.resize(size);
      QTest::qWait(200);
      widget.grab().save(QStringLiteral("%1/%2-%3.png").arg(qEnvironmentVariable("LIX_SHOTS"), name, mark));
    }
    widgets::applyTheme(*qApp, widgets::ThemeChoice::Light);
  }
};

TEST_F(InspectWeightsTest, FitsInANarrowDock) {
  begin();
  part<QComboBox>("differenceOf")->setCurrentIndex(int(DifferenceOf::Both));
  EXPECT_LE(panel().minimumSizeHint().width(), 260);
  EXPECT_LE(page->findChild<TokensPanel*>()->minimumSizeHint().width(), 260);
}

TEST_F(Shots, WeightsAndTokens) {
  begin();
  page->setCaptions({"red apple", "a car", "a face that blows a kiss to somebody", "a smiling face"});
  ASSERT_TRUE(waitFor([&] { return page->reading()->question.captions.size() == 4; }));
  clickToken(6);
  clickToken(2);
  clickHead(1);
  clickHead(3);
  clickHead(4);
  QTest::mouseClick(part<QToolButton>("isolate"), Qt::LeftButton);
  ASSERT_TRUE(waitFor([&] { return shown().heads.size() == 3 && said().contains(QStringLiteral("→")); }));
  part<QComboBox>("differenceOf")->setCurrentIndex(int(DifferenceOf::Both));
  grabPage(*page, "weights-out");
  const InspectView view{.pictures = {}, .picture = 0, .caption = 0, .answer = page->reading(), .inAnswer = 0};
  WeightsPanel narrow(test.desk(), std::make_shared<PreparedPictures>());
  narrow.look(view);
  narrow.show();
  ASSERT_TRUE(waitFor([&] { return narrow.findChild<widgets::FigureView*>("inspect.weightsEffect")->isVisible(); }));
  grab(narrow, "weights-narrow", {260, 1100});
  grab(narrow, "weights-wide", {900, 1200});
  TokensPanel counts(test.desk());
  counts.look(view);
  counts.show();
  ASSERT_TRUE(waitFor([&] { return counts.answer() != nullptr; }));
  grab(counts, "tokens-narrow", {260, 1100});
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
