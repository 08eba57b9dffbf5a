#include "figures/scatter_figure.h"

#include <gtest/gtest.h>

#include <QTemporaryDir>
#include <algorithm>
#include <cmath>

#include "../figure_tests.h"
#include "base/text.h"
#include "figures/save.h"
#include "scatter_samples.h"

namespace lix::figures {
namespace {

using test::clouds;
using test::pointsAt;

TEST(ScatterFigure, PointsLieWhereTheAxesSayInTheColourOfTheirGroup) {
  ScatterData data = pointsAt({0.f, 0.f, 10.f, 0.f, 0.f, 5.f});
  data.groups = std::make_shared<const std::vector<std::int8_t>>(std::vector<std::int8_t>{0, 1, -1});
  data.names = {"a", "b"};
  const ScatterFigure figure(data);
  const QRectF rect(QPointF(0, 0), figure.sizeHint());
  const auto where = figure.places(rect);
  EXPECT_NEAR(where.window.width() / where.plot.width(), where.window.height() / where.plot.height(), 1e-9)
      << "one unit across and up";
  for (const Theme theme : {Theme::Light, Theme::Dark}) {
    const QImage image = test::painted(figure, theme);
    const auto colour = [&](double x, double y) { return test::at(image, where.at(x, y)); };
    const auto over = [&](const QColor& dot) {
      const auto mix = [](int a, int b) { return int(0.85 * a + 0.15 * b); };
      const QColor ground = palette(theme).background;
      return QColor(mix(dot.red(), ground.red()), mix(dot.green(), ground.green()), mix(dot.blue(), ground.blue()));
    };
    EXPECT_TRUE(test::near(colour(0, 0), over(categorical(theme, 0)), 12));
    EXPECT_TRUE(test::near(colour(10, 0), over(categorical(theme, 1)), 12));
    EXPECT_TRUE(test::near(colour(0, 5), over(palette(theme).muted), 12));
  }
  EXPECT_NEAR(where.planeAt(where.at(3, 4)).x(), 3, 1e-9);
  EXPECT_NEAR(where.planeAt(where.at(3, 4)).y(), 4, 1e-9);
}

TEST(ScatterFigure, ManyPointsAreAsOpaqueAsTheyAreDense) {
  ScatterData data = clouds(60'000);
  const ScatterFigure figure(data);
  const QRectF window = ScatterFigure::boundsOf(data);
  const QImage image = figure.pointsImage(window, {400, 300}, 1.0, Theme::Light);
  const auto alphaAt = [&](double x, double y) {
    return image.pixelColor(int((x - window.left()) / window.width() * 400),
                            int((window.bottom() - y) / window.height() * 300)).alpha();
  };
  EXPECT_GT(alphaAt(3, 0), 250);
  EXPECT_LT(alphaAt(window.left() + 0.1, window.top() + 0.1), 60);
  // A cloud's colour is that of its group where no other lies.
  QColor middle = image.pixelColor(int((3 - window.left()) / window.width() * 400), int(window.bottom() / window.height() * 300));
  middle.setAlpha(255);
  EXPECT_TRUE(test::near(middle, categorical(Theme::Light, 0), 40)) << middle.name().toStdString();
}

TEST(ScatterFigure, TheOrderOfPointsChangesNothing) {
  ScatterData data = clouds(4000), turned = data;
  auto points = std::make_shared<std::vector<float>>();
  auto groups = std::make_shared<std::vector<std::int8_t>>();
  for (std::size_t i = data.size(); i-- > 0;) {
    points->insert(points->end(), {(*data.points)[2 * i], (*data.points)[2 * i + 1]});
    groups->push_back((*data.groups)[i]);
  }
  turned.points = points;
  turned.groups = groups;
  const QRectF window = ScatterFigure::boundsOf(data);
  const QImage one = ScatterFigure(data).pointsImage(window, {200, 200}, 1.0, Theme::Dark);
  const QImage other = ScatterFigure(turned).pointsImage(window, {200, 200}, 1.0, Theme::Dark);
  for (int y = 0; y < 200; ++y) {
    for (int x = 0; x < 200; ++x) {
      EXPECT_TRUE(test::near(one.pixelColor(x, y), other.pixelColor(x, y), 1));
    }
  }
}

TEST(ScatterFigure, ItsTable) {
  ScatterData data = pointsAt({1.f, 2.f, NAN, 0.5f});
  data.groups = std::make_shared<const std::vector<std::int8_t>>(std::vector<std::int8_t>{0, -1});
  data.names = {"a, b"};
  data.marked = {1};
  data.name = [](std::size_t i) { return cat("p", i); };
  EXPECT_EQ(ScatterFigure(data).table(), "x,y,group,marked,name\n1,2,\"a, b\",0,p0\n,0.5,,1,p1\n");
  EXPECT_EQ(ScatterFigure({}).table(), "");
}

TEST(ScatterFigure, FilesOfFewAndManyPointsAndOddData) {
  const auto svg = [](const ScatterData& data) { return rendered(ScatterFigure(data), FileKind::Svg, Theme::Light).value_or(""); };
  const std::string few = svg(clouds(300)), many = svg(clouds(30'000));
  EXPECT_NE(few.find("green frog"), std::string::npos);
  EXPECT_EQ(few.find("<image"), std::string::npos) << "dots of their own";
  EXPECT_NE(many.find("<image"), std::string::npos) << "one picture";
  EXPECT_LT(many.size(), 3'000'000u);
  for (const FileKind kind : {FileKind::Png, FileKind::Pdf}) {
    EXPECT_TRUE(rendered(ScatterFigure(clouds(300)), kind, Theme::Dark));
  }
  for (const ScatterData& data : {ScatterData{}, pointsAt({NAN, NAN}), pointsAt({3.f, 3.f}), pointsAt({INFINITY, 1.f, 0.f, 0.f})}) {
    EXPECT_TRUE(rendered(ScatterFigure(data), FileKind::Png, Theme::Light));
  }
}

}  // namespace
}  // namespace lix::figures
