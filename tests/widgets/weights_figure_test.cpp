#include "figures/weights_figure.h"

#include <gtest/gtest.h>

#include <cmath>

#include "figure_samples.h"
#include "figure_tests.h"
#include "figures/colour_map.h"
#include "figures/map_figure.h"

namespace lix::figures {
namespace {

WeightsData two() {
  WeightsData data{.heads = 2, .tokens = 4};
  data.captions = {{"first", {0.1F, 0.2F, 0.3F, 0.4F, 0.25F, 0.25F, 0.25F, 0.25F}},
                   {"second", {0.4F, 0.3F, 0.2F, 0.1F, 0.25F, 0.25F, 0.25F, 0.25F}}};
  data.difference = {0, 1};
  return data;
}

QPointF cell(const QRectF& heat, int row, int column, int rows, int columns) {
  return {heat.left() + (column + 0.5) * heat.width() / columns, heat.top() + (row + 0.5) * heat.height() / rows};
}

TEST(WeightsFigure, CellsHaveTheColourOfTheirWeight) {
  const WeightsFigure figure(two());
  EXPECT_FLOAT_EQ(float(figure.highest()), 0.4F);
  for (const Theme theme : {Theme::Light, Theme::Dark}) {
    const QImage image = test::painted(figure, theme);
    const auto places = figure.places(QRectF(QPointF(0, 0), figure.sizeHint()));
    ASSERT_EQ(places.heatmaps.size(), 2U);
    for (int token = 0; token < 4; ++token) {
      const double weight = 0.1 * (token + 1);
      EXPECT_TRUE(test::near(test::at(image, cell(places.heatmaps[0], 0, token, 2, 4)), viridis(weight / 0.4, theme)));
      EXPECT_TRUE(
          test::near(test::at(image, cell(places.heatmaps[1], 0, 3 - token, 2, 4)), viridis(weight / 0.4, theme)));
      EXPECT_TRUE(test::near(test::at(image, cell(places.heatmaps[1], 1, token, 2, 4)), viridis(0.25 / 0.4, theme)));
    }
  }
}

TEST(WeightsFigure, TheDifferenceIsFirstMinusSecondOnASymmetricScale) {
  const WeightsFigure figure(two());
  ASSERT_EQ(figure.differences().size(), 8U);
  EXPECT_FLOAT_EQ(figure.differences()[0], -0.3F);
  EXPECT_FLOAT_EQ(figure.differences()[3], 0.3F);
  const QImage image = test::painted(figure, Theme::Light);
  const auto places = figure.places(QRectF(QPointF(0, 0), figure.sizeHint()));
  EXPECT_TRUE(test::near(test::at(image, cell(places.difference, 0, 0, 2, 4)), diverging(-1, Theme::Light)));
  EXPECT_TRUE(test::near(test::at(image, cell(places.difference, 0, 3, 2, 4)), diverging(1, Theme::Light)));
  EXPECT_TRUE(test::near(test::at(image, cell(places.difference, 1, 2, 2, 4)), diverging(0, Theme::Light)));
}

TEST(WeightsFigure, SeveralDifferencesShareOneScale) {
  WeightsData data = two();
  data.contrasts = {{"small", "none", {0.1F, 0, 0, 0, 0, 0, 0, -0.1F}}, {"of another", "size", {1.0F}}};
  const WeightsFigure figure(data);
  ASSERT_EQ(figure.contrasts().size(), 2U) << "one that does not fit is left out";
  EXPECT_FLOAT_EQ(float(figure.widest()), 0.3F);
  const QImage image = test::painted(figure, Theme::Light);
  const auto places = figure.places(QRectF(QPointF(0, 0), figure.sizeHint()));
  ASSERT_EQ(places.contrasts.size(), 2U);
  EXPECT_FALSE(places.contrasts[0].intersects(places.contrasts[1]));
  EXPECT_TRUE(test::near(test::at(image, cell(places.contrasts[1], 0, 0, 2, 4)), diverging(1 / 3.0, Theme::Light)));
  EXPECT_TRUE(test::near(test::at(image, cell(places.contrasts[1], 1, 3, 2, 4)), diverging(-1 / 3.0, Theme::Light)));
}

TEST(WeightsFigure, WhatDoesNotCountIsBlank) {
  WeightsData data = two();
  data.counted = {1, 9};
  data.without = {2, -1};
  data.captions[0].said = "cosine 0.3";
  const WeightsFigure figure(data);
  const QImage image = test::painted(figure, Theme::Light);
  const auto places = figure.places(QRectF(QPointF(0, 0), figure.sizeHint()));
  const QColor blank = palette(Theme::Light).blank;
  EXPECT_TRUE(test::near(test::at(image, cell(places.heatmaps[0], 0, 0, 2, 4)), blank)) << "head 0 does not count";
  EXPECT_TRUE(test::near(test::at(image, cell(places.heatmaps[0], 1, 0, 2, 4)), viridis(0.25 / 0.4, Theme::Light)));
  const QPointF struck = cell(places.heatmaps[0], 1, 2, 2, 4);
  EXPECT_FALSE(test::near(test::at(image, struck), blank)) << "the line";
  EXPECT_TRUE(test::near(test::at(image, struck + QPointF(5, 0)), blank));
  EXPECT_TRUE(std::isnan(figure.contrasts()[0].values[0]));
  EXPECT_FLOAT_EQ(float(figure.widest()), 0.4F) << "head 1 is the same for both captions";
}

TEST(WeightsFigure, ThePictureGivesWayToAThirdCaption) {
  const WeightsFigure figure(sample::weights(8, 16, 5));
  const auto placed = [&](double width) { return figure.places(QRectF(0, 0, width, figure.heightFor(width))); };
  const auto narrow = placed(650), wide = placed(860);
  EXPECT_TRUE(narrow.picture.isNull());
  EXPECT_EQ(narrow.heatmaps[2].top(), narrow.heatmaps[0].top()) << "three beside each other";
  EXPECT_GE(narrow.heatmaps[0].width(), 140);
  EXPECT_FALSE(wide.picture.isNull());
  EXPECT_EQ(wide.heatmaps[2].top(), wide.heatmaps[0].top());
}

TEST(WeightsFigure, ALongerScoreMovesNothingWhereItsRoomIsKept) {
  WeightsData data = sample::weights(8, 16, 5);
  data.saidRoom = "cosine -0.000 to -0.000 (-0.000), which takes a second line";
  data.captions[0].said = "cosine 0.1";
  const double before = WeightsFigure(data).heightFor(500);
  data.captions[0].said = data.saidRoom;
  EXPECT_EQ(WeightsFigure(data).heightFor(500), before);
  data.saidRoom.clear();
  data.captions[0].said = "cosine 0.1";
  EXPECT_LT(WeightsFigure(data).heightFor(500), before) << "else it would move";
}

TEST(WeightsFigure, OddData) {
  WeightsData wrongSize = two();
  wrongSize.captions[1].weights = {1.0F};
  WeightsData nan = two();
  nan.captions[0].weights[2] = NAN;
  WeightsData outOfRange = two();
  outOfRange.difference = {0, 7};
  WeightsData equal = two();
  equal.captions[1] = equal.captions[0];
  WeightsData noTokens{.heads = 3, .tokens = 0, .captions = {{"a", {}}}};
  WeightsData negative{.heads = -3, .tokens = -5};
  for (const WeightsData& data : {wrongSize, nan, outOfRange, equal, noTokens, negative, WeightsData()}) {
    const WeightsFigure figure(data);
    const QImage image = test::painted(figure, Theme::Light);
    EXPECT_EQ(test::count(image, image.rect(), Qt::magenta, 0), 0);
  }
  const WeightsFigure figure(nan);
  const auto places = figure.places(QRectF(QPointF(0, 0), figure.sizeHint()));
  EXPECT_TRUE(test::near(test::at(test::painted(figure, Theme::Light), cell(places.heatmaps[0], 0, 2, 2, 4)),
                         palette(Theme::Light).blank));
  EXPECT_TRUE(WeightsFigure(outOfRange).differences().empty());
}

TEST(WeightsFigure, NothingOverlapsAtAnySize) {
  for (const auto& [heads, tokens, captions] :
       {std::tuple{6, 16, 1}, {6, 16, 2}, {12, 64, 12}, {1, 1, 5}, {12, 256, 3}}) {
    const WeightsFigure figure(sample::weights(heads, tokens, captions));
    for (const double width : {300.0, 560.0, 780.0, 1600.0}) {
      const QRectF rect(0, 0, width, figure.heightFor(width));
      const auto places = figure.places(rect);
      std::vector<QRectF> all = places.heatmaps;
      EXPECT_TRUE(width >= 400 || places.picture.isNull()) << "narrow panels need its room";
      EXPECT_TRUE(captions > 1 || width < 400 || !places.picture.isNull()) << "one caption leaves it";
      if (!places.picture.isNull()) {
        all.push_back(places.picture);
      }
      all.push_back(places.colourBar);
      if (!places.difference.isNull()) {
        all.insert(all.end(), places.contrasts.begin(), places.contrasts.end());
        all.push_back(places.differenceBar);
      }
      for (std::size_t i = 0; i < all.size(); ++i) {
        EXPECT_TRUE(rect.contains(all[i])) << width << " " << i << " of " << captions;
        for (std::size_t j = 0; j < i; ++j) {
          EXPECT_FALSE(all[i].intersects(all[j])) << width << ": " << i << " and " << j;
        }
      }
    }
  }
}

TEST(Upsampled, IsExactAtTheCellsAndStaysInRange) {
  const std::vector<float> grid{0, 1, 2, 5, 3, -1, 0, 0, 4};
  const auto fine = upsampled(grid, 3, 3, 45, 45);  // 15 points a cell: the 8th is its centre
  float low = 1e9F;
  float high = -1e9F;
  for (const float value : fine) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  EXPECT_GE(low, -1);
  EXPECT_LE(high, 5);
  for (int y = 0; y < 3; ++y) {
    for (int x = 0; x < 3; ++x) {
      EXPECT_NEAR(fine[std::size_t(15 * y + 7) * 45 + 15 * x + 7], grid[std::size_t(y) * 3 + x], 1e-5);
    }
  }
  EXPECT_EQ(upsampled({2.5F}, 1, 1, 4, 4), std::vector<float>(16, 2.5F));
  EXPECT_TRUE(std::isnan(upsampled({1, 2}, 3, 3, 2, 2)[0])) << "a grid of the wrong size";
}

TEST(MapFigure, IsBrightestWhereTheMapIsHighest) {
  MapData data{.picture = {8, 8, std::vector<std::uint8_t>(192, 128)}};
  data.captions = {{"left", 1, 2, {1, 0}}, {"right", 1, 2, {0, 1}}, {"none", 2, 2, {}}};
  const MapFigure figure(data);
  const QImage image = test::painted(figure, Theme::Light);
  const auto tiles = figure.places(QRectF(QPointF(0, 0), figure.sizeHint()));
  ASSERT_EQ(tiles.size(), 4U);
  EXPECT_TRUE(test::near(test::at(image, tiles[0].center()), QColor(128, 128, 128))) << "the picture itself";
  const auto bright = [&](std::size_t tile, double share) {
    const QRectF& rect = tiles[tile];
    return luminance(test::at(image, {rect.left() + share * rect.width(), rect.center().y()}));
  };
  EXPECT_GT(bright(1, 0.1), bright(1, 0.9) + 0.2);
  EXPECT_GT(bright(2, 0.9), bright(2, 0.1) + 0.2);
  EXPECT_NEAR(bright(3, 0.5), luminance(QColor(128, 128, 128)), 0.01) << "no map: the grey picture";
}

TEST(MapFigure, ADifferenceHasZeroInTheMiddleOfItsColours) {
  MapData data{.picture = {8, 8, std::vector<std::uint8_t>(192, 128)}};
  data.captions = {{"less", 1, 1, {-0.5F}}, {"alike", 1, 1, {0}}, {"more", 1, 1, {2}}};
  data.scale = MapScale::Diverging;
  const MapFigure figure(data);
  const QImage image = test::painted(figure, Theme::Light);
  const auto tiles = figure.places(QRectF(QPointF(0, 0), figure.sizeHint()));
  for (const auto& [tile, share] : {std::pair(1U, -0.25), {2U, 0.0}, {3U, 1.0}}) {
    const QColor colour = diverging(share, Theme::Light);
    const auto over = [](int c) { return int(128 + 0.62 * (c - 128)); };
    EXPECT_TRUE(test::near(test::at(image, tiles[tile].center()),
                           QColor(over(colour.red()), over(colour.green()), over(colour.blue())), 4))
        << tile;
  }
}

TEST(MapFigure, TilesFit) {
  for (const int captions : {0, 1, 4, 12}) {
    const MapFigure figure(sample::maps(captions));
    for (const double width : {240.0, 500.0, 900.0}) {
      const QRectF rect(0, 0, width, figure.heightFor(width));
      const auto tiles = figure.places(rect);
      for (std::size_t i = 0; i < tiles.size(); ++i) {
        EXPECT_TRUE(rect.contains(tiles[i]));
        for (std::size_t j = 0; j < i; ++j) {
          EXPECT_FALSE(tiles[i].intersects(tiles[j]));
        }
      }
    }
  }
}

}  // namespace
}  // namespace lix::figures
