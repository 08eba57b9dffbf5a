#include "figures/curves_figure.h"

#include <gtest/gtest.h>

#include <cmath>

#include "figure_samples.h"
#include "figure_tests.h"
#include "figures/parts.h"

namespace lix::figures {
namespace {

CurvesData one() {
  CurvesData data;
  CurveSeries series{.label = "A", .points = {{0, 0.3, NAN, NAN, 1}}};
  for (const double shots : {1.0, 2.0, 4.0, 8.0}) {
    series.points.push_back({shots, 0.4 + 0.05 * shots, 0.3 + 0.05 * shots, 0.5 + 0.05 * shots, 5});
  }
  data.panels = {{.series = {series}}};
  return data;
}

constexpr int kScale = 4;

TEST(CurvesFigure, PointsLieWhereTheDataSay) {
  for (const Theme theme : {Theme::Light, Theme::Dark}) {
    const CurvesFigure figure(one());
    const QImage image = test::painted(figure, theme, {}, kScale);
    const auto place = figure.places(QRectF(QPointF(0, 0), figure.sizeHint())).front();
    for (const double shots : {1.0, 2.0, 4.0, 8.0}) {
      EXPECT_TRUE(test::near(test::at(image, place.at(shots, 0.4 + 0.05 * shots), kScale), categorical(theme, 0)))
          << shots;
    }
    const QPointF between = (place.at(4, 0.6) + place.at(8, 0.8)) / 2;
    EXPECT_TRUE(test::near(test::at(image, between, kScale), categorical(theme, 0))) << "the line";
  }
}

TEST(CurvesFigure, ZeroShotIsHollow) {
  const CurvesFigure figure(one());
  const QImage image = test::painted(figure, Theme::Light, {}, kScale);
  const auto place = figure.places(QRectF(QPointF(0, 0), figure.sizeHint())).front();
  const QPointF zero = place.at(0, 0.3);
  EXPECT_EQ(test::at(image, zero, kScale), palette(Theme::Light).background);
  for (const QPointF& side : {QPointF(3.75, 0), QPointF(-3.75, 0), QPointF(0, 3.75), QPointF(0, -3.75)}) {
    EXPECT_TRUE(test::near(test::at(image, zero + side, kScale), categorical(Theme::Light, 0), 40));
  }
  EXPECT_LT(zero.x(), place.at(1, 0.3).x());
  const QPointF joined = (zero + place.at(1, 0.45)) / 2;
  EXPECT_FALSE(test::near(test::at(image, joined, kScale), categorical(Theme::Light, 0), 40)) << "no line leads to it";
}

TEST(CurvesFigure, BandsAreTinted) {
  const CurvesFigure figure(one());
  const QImage image = test::painted(figure, Theme::Light, {}, kScale);
  const auto place = figure.places(QRectF(QPointF(0, 0), figure.sizeHint())).front();
  const QColor line = categorical(Theme::Light, 0);
  const auto tint = [](int c) { return int(std::lround(255 + 0.17 * (c - 255))); };
  const QColor expected(tint(line.red()), tint(line.green()), tint(line.blue()));
  const QPointF upper = (place.at(4, 0.67) + place.at(8, 0.87)) / 2;
  const QPointF outside = (place.at(4, 0.74) + place.at(8, 0.94)) / 2;
  EXPECT_TRUE(test::near(test::at(image, upper, kScale), expected))
      << test::at(image, upper, kScale).name().toStdString();
  EXPECT_FALSE(test::near(test::at(image, outside, kScale), expected));
}

TEST(CurvesFigure, ShotsAreLogarithmic) {
  const CurvesFigure figure(one());
  const auto place = figure.places(QRectF(0, 0, 700, 450)).front();
  EXPECT_NEAR(place.at(2, 0).x() - place.at(1, 0).x(), place.at(8, 0).x() - place.at(4, 0).x(), 1e-9);
  EXPECT_GT(place.at(1, 0.2).y(), place.at(1, 0.9).y());
}

TEST(CurvesFigure, PanelsShareTheirAxesAndDoNotOverlap) {
  const CurvesFigure figure(sample::curves(4, 6));
  for (const double width : {300.0, 500.0, 820.0, 1400.0}) {
    const QRectF rect(0, 0, width, figure.heightFor(width));
    const auto places = figure.places(rect);
    ASSERT_EQ(places.size(), 6U);
    for (std::size_t i = 0; i < places.size(); ++i) {
      EXPECT_TRUE(rect.contains(places[i].plot)) << width;
      EXPECT_EQ(places[i].yHigh, places[0].yHigh);
      EXPECT_NEAR(places[i].plot.height(), places[0].plot.height(), 1e-6);
      for (std::size_t j = 0; j < i; ++j) {
        EXPECT_FALSE(places[i].cell.intersects(places[j].cell)) << width;
      }
    }
  }
}

TEST(CurvesFigure, LabelsNeverStandInThePlot) {
  // All ink of the text colour is a label or title: none may lie in the plot.
  const CurvesFigure figure(sample::curves(8));
  for (const double width : {320.0, 480.0, 660.0, 1000.0}) {
    const QSizeF size(width, figure.heightFor(width));
    const QImage image = test::painted(figure, Theme::Light, size);
    const auto place = figure.places(QRectF(QPointF(0, 0), size)).front();
    EXPECT_EQ(test::count(image, place.plot.adjusted(2, 2, -2, -2), palette(Theme::Light).ink, 2), 0) << width;
  }
}

TEST(CurvesFigure, OddData) {
  CurvesData single = one();
  single.panels[0].series[0].points = {{4, 0.5, 0.5, 0.5, 1}};
  CurvesData broken = one();
  broken.panels[0].series[0].points[2].mean = NAN;
  broken.panels[0].series[0].points[3].low = NAN;
  CurvesData onlyZero = one();
  onlyZero.panels[0].series[0].points.resize(1);
  CurvesData nothing;
  nothing.panels = {{.series = {{.label = "A"}}}};
  CurvesData reference;
  reference.panels = {{.references = {{"chance", 0.1}, {"unknown", NAN}}}};
  for (const CurvesData& data : {single, broken, onlyZero, nothing, reference, CurvesData()}) {
    const CurvesFigure figure(data);
    const QImage image = test::painted(figure, Theme::Dark);
    EXPECT_EQ(test::count(image, image.rect(), Qt::magenta, 0), 0) << "background everywhere";
    const auto place = figure.places(QRectF(QPointF(0, 0), figure.sizeHint())).front();
    EXPECT_TRUE(std::isfinite(place.at(4, 0.5).x()) && std::isfinite(place.at(4, 0.5).y()));
  }
}

TEST(CurvesFigure, AMissingPointBreaksTheLine) {
  CurvesData data = one();
  data.panels[0].series[0].points[2].mean = NAN;  // two shots
  const CurvesFigure figure(data);
  const QImage image = test::painted(figure, Theme::Light, {}, kScale);
  const auto place = figure.places(QRectF(QPointF(0, 0), figure.sizeHint())).front();
  const QPointF straight = (place.at(1, 0.45) + place.at(4, 0.6)) / 2;
  EXPECT_FALSE(test::near(test::at(image, straight, kScale), categorical(Theme::Light, 0), 40));
}

}  // namespace
}  // namespace lix::figures
