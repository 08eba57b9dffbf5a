#include "figures/context_figure.h"

#include <gtest/gtest.h>

#include <cmath>

#include "figure_samples.h"
#include "figure_tests.h"
#include "figures/axis.h"
#include "figures/grid_figure.h"
#include "figures/text_block.h"

namespace lix::figures {
namespace {

imaging::Image plain(std::uint8_t value) { return {4, 4, std::vector<std::uint8_t>(48, value)}; }

ContextData four() {
  ContextData data{.query = plain(200), .queryLabel = "query"};
  data.items = {{plain(90), "low", 0.1, 0.2},
                {plain(90), "high", 0.6, 0.5},
                {plain(90), "self", 0.0, 0.0, true},
                {plain(90), "middle", 0.3, 1.0}};
  data.effectiveNeighbours = 2.17;
  return data;
}

TEST(ContextFigure, TheMaskedSelfComesFirstThenFallingWeights) {
  const ContextFigure figure(four());
  std::vector<std::string> labels;
  for (const ContextItem& item : figure.items()) {
    labels.push_back(item.label);
  }
  EXPECT_EQ(labels, (std::vector<std::string>{"self", "high", "middle", "low"}));
}

TEST(ContextFigure, TheMaskedSelfIsHatchedAndTheOthersAreNot) {
  const ContextFigure figure(four());
  for (const Theme theme : {Theme::Light, Theme::Dark}) {
    const QImage image = test::painted(figure, theme, {}, 2);
    const auto cards = figure.cards(QRectF(QPointF(0, 0), figure.sizeHint()));
    const auto inner = [](const QRectF& rect) {
      const QRectF small = rect.adjusted(4, 4, -4, -4);
      return QRectF(small.topLeft() * 2, small.size() * 2);
    };
    const double area = inner(cards[0].picture).width() * inner(cards[0].picture).height();
    EXPECT_GT(test::count(image, inner(cards[0].picture), palette(theme).ink, 40), 0.05 * area);
    EXPECT_EQ(test::count(image, inner(cards[1].picture), palette(theme).ink, 40), 0);
    EXPECT_EQ(test::count(image, inner(cards[0].picture), QColor(90, 90, 90), 4), 0) << "veiled";
  }
}

TEST(ContextFigure, SmallNumbersStandBesideTheirBars) {
  ContextData data = four();
  data.items[1].weight = 7.2e-5;
  const ContextFigure figure(data);
  const double number = textWidth(shortText(7.2e-5), font(TextRole::Small));
  for (const double width : {400.0, 780.0}) {
    for (const auto& card : figure.cards(QRectF(0, 0, width, figure.heightFor(width)))) {
      EXPECT_LT(card.weightBar.right() + number, card.picture.right()) << width;
      EXPECT_GT(card.weightBar.width(), 20) << width;
    }
  }
}

TEST(ContextFigure, BarsAreAsLongAsTheirNumbers) {
  const ContextFigure figure(four());
  const QImage image = test::painted(figure, Theme::Light, {}, 4);
  const auto cards = figure.cards(QRectF(QPointF(0, 0), figure.sizeHint()));
  const auto filled = [&](const QRectF& bar, int colour) {
    int pixels = 0;
    for (double x = bar.left(); x < bar.right(); x += 0.25) {
      pixels += test::near(test::at(image, {x, bar.center().y()}, 4), categorical(Theme::Light, colour)) ? 1 : 0;
    }
    return pixels * 0.25 / bar.width();
  };
  EXPECT_NEAR(filled(cards[1].weightBar, 0), 1.0, 0.02);
  EXPECT_NEAR(filled(cards[2].weightBar, 0), 0.5, 0.02);
  EXPECT_NEAR(filled(cards[2].contributionBar, 1), 1.0, 0.02);
  EXPECT_NEAR(filled(cards[3].contributionBar, 1), 0.2, 0.02);
  EXPECT_EQ(filled(cards[0].weightBar, 0), 0.0) << "the masked self has no bars";
}

TEST(ContextFigure, CardsFitAndOddDataAreDrawn) {
  ContextData strange = four();
  strange.items[0].weight = NAN;
  strange.items[1].contribution = -INFINITY;
  strange.items[3].picture = {};
  for (const ContextData& data : {four(), strange, sample::context(100), ContextData()}) {
    const ContextFigure figure(data);
    for (const double width : {240.0, 480.0, 900.0}) {
      const QSizeF size(width, figure.heightFor(width));
      const QImage image = test::painted(figure, Theme::Dark, size);
      EXPECT_EQ(test::count(image, image.rect(), Qt::magenta, 0), 0);
      for (const auto& card : figure.cards(QRectF(QPointF(0, 0), size))) {
        EXPECT_TRUE(QRectF(QPointF(0, 0), size).contains(card.picture.united(card.label)));
      }
    }
  }
  EXPECT_LE(ContextFigure(sample::context(100)).cards(QRectF(0, 0, 900, 900)).size(), 24U);
}

TEST(GridFigure, FramesTellRightFromWrong) {
  GridData data;
  data.items = {{plain(90), "a", "a", Verdict::Right},
                {plain(90), "a", "b", Verdict::Wrong},
                {plain(90), "a", "", Verdict::None}};
  const GridFigure figure(data);
  const QImage image = test::painted(figure, Theme::Light);
  const auto tiles = figure.places(QRectF(QPointF(0, 0), figure.sizeHint()));
  const auto frame = [&](std::size_t i) { return test::at(image, {tiles[i].left() + 1.5, tiles[i].center().y()}); };
  EXPECT_TRUE(test::near(frame(0), palette(Theme::Light).right));
  EXPECT_TRUE(test::near(frame(1), palette(Theme::Light).wrong));
  EXPECT_TRUE(test::near(frame(2), QColor(90, 90, 90)));
  EXPECT_EQ(GridFigure(GridData()).places(QRectF(0, 0, 300, 300)).size(), 0U);
}

}  // namespace
}  // namespace lix::figures
