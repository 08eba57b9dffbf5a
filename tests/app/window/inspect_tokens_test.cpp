// Inspect's tokens: how much each is used, which are dead, how far captions move a picture.
#include <QComboBox>
#include <QLabel>
#include <QToolButton>
#include <numeric>

#include "inspect_weights_support.h"
#include "pages/inspect/tokens_panel.h"
#include "shared/reading_figures.h"
#include "theme/theme.h"

namespace lix::app {
namespace {
using testing_support::grabPage;
using testing_support::InspectWeightsTest;
using testing_support::waitFor;

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

}  // namespace
}  // namespace lix::app
