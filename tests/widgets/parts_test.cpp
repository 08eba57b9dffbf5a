#include "figures/parts.h"

#include <gtest/gtest.h>

#include <QFontDatabase>
#include <cmath>

#include "base/random.h"
#include "figure_tests.h"

namespace lix::figures {
namespace {

TEST(TextBlock, WrapsAndElidesWithinItsBox) {
  const std::string caption = "a striped cup left of a green box with the low evening sun behind both of them";
  for (const double width : {30.0, 80.0, 200.0, 1000.0}) {
    const TextBlock block(caption, font(TextRole::Label), width, 2);
    EXPECT_LE(block.lineCount(), 2);
    EXPECT_LE(block.naturalWidth(), width);
    EXPECT_EQ(block.text().endsWith(QChar(0x2026)), width < 500) << width;
  }
  EXPECT_EQ(TextBlock(caption, font(TextRole::Label), 1000, 1).text().toStdString(), caption);
}

TEST(TextBlock, HoldsWhateverPeopleWrite) {
  const std::string cat =
      "🐈‍⬛🌙🐈‍⬛🌙🐈‍⬛🌙🐈‍⬛🌙🐈‍⬛🌙🐈‍⬛🌙🐈‍⬛🌙🐈‍⬛"
      "🌙";
  for (const std::string& text :
       {std::string(), std::string(100000, 'w'), cat, std::string("\xff\xfe broken"),
        std::string("قطة سوداء تحت القمر وكرة حمراء على العشب"), std::string("a\0b\x01", 4)}) {
    const TextBlock block(text, font(TextRole::Small), 90, 2);
    EXPECT_LE(block.lineCount(), 2);
    EXPECT_LE(block.naturalWidth(), 90);
    EXPECT_LT(block.height(), 40);
  }
}

TEST(TextBlock, InkStaysInTheBox) {
  QImage image(400, 200, QImage::Format_RGB32);
  image.fill(Qt::white);
  QPainter painter(&image);
  const TextBlock block(std::string("Quick foxes jump over several lazy dogs, again and again and again"),
                        font(TextRole::Label), 120, 3);
  block.draw(painter, {100, 50}, Qt::black);
  painter.end();
  int outside = 0;
  int inside = 0;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      if (image.pixelColor(x, y) != Qt::white) {
        (QRectF(99, 49, 122, block.height() + 2).contains(x, y) ? inside : outside)++;
      }
    }
  }
  EXPECT_EQ(outside, 0);
  EXPECT_GT(inside, 200);
}

TEST(Cleaned, LeavesOutWhatXmlForbids) {
  EXPECT_EQ(cleaned(std::string("a\x01 b\n\tc\x7f")), "a b c");
  EXPECT_EQ(cleaned("\xef\xbf\xbe!"), "!") << "U+FFFE";
  EXPECT_EQ(cleaned("é 🌙"), QString::fromUtf8("é 🌙"));
}

TEST(Spread, KeepsOrderDistanceAndRoom) {
  Random random(1, 2);
  for (int round = 0; round < 200; ++round) {
    std::vector<double> wanted;
    for (std::uint64_t i = 0; i < 1 + random.below(9); ++i) {
      wanted.push_back(random.uniform(-30, 180));
    }
    const auto middles = spread(wanted, 15, 0, 150);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      EXPECT_GE(middles[i], 7.5 - 1e-9);
      EXPECT_LE(middles[i], 142.5 + 1e-9);
      for (std::size_t j = 0; j < i; ++j) {
        EXPECT_GE(std::abs(middles[i] - middles[j]), 15 - 1e-9);
        if (wanted[i] < wanted[j]) {
          EXPECT_LT(middles[i], middles[j]);
        }
      }
    }
  }
  EXPECT_EQ(spread({50, 100}, 15, 0, 150), (std::vector<double>{50, 100})) << "nothing in the way: nothing moves";
  EXPECT_EQ(spread({50, 50}, 10, 0, 150), (std::vector<double>{45, 55}));
}

TEST(Legend, WrapsAndIsAsHighAsItSays) {
  const std::vector<LegendEntry> entries(5, LegendEntry{"a long name of a series", {Qt::red}});
  EXPECT_EQ(placeLegend(entries, {}, 5000, nullptr, Theme::Light), 17);
  EXPECT_EQ(placeLegend(entries, {}, 60, nullptr, Theme::Light), 5 * 17);
  EXPECT_EQ(placeLegend({}, {}, 60, nullptr, Theme::Light), 0);
}

TEST(Columns, FillRowsEvenly) {
  EXPECT_EQ(columnsFor(1, 800, 100, 10, 4), 1);
  EXPECT_EQ(columnsFor(6, 800, 100, 10, 4), 3) << "3 + 3, not 4 + 2";
  EXPECT_EQ(columnsFor(4, 800, 100, 10, 4), 4);
  EXPECT_EQ(columnsFor(5, 50, 100, 10, 4), 1);
}

TEST(Picture, LiesInTheMiddleOfItsBox) {
  imaging::Image wide{2, 1, {255, 0, 0, 0, 0, 255}};
  const QImage image = toQImage(wide);
  EXPECT_EQ(image.pixelColor(0, 0), QColor(Qt::red));
  EXPECT_EQ(image.pixelColor(1, 0), QColor(Qt::blue));
  QImage target(100, 100, QImage::Format_RGB32);
  target.fill(Qt::white);
  QPainter painter(&target);
  EXPECT_EQ(drawPicture(painter, QRectF(0, 0, 100, 100), image, Theme::Light), QRectF(0, 25, 100, 50));
  EXPECT_TRUE(toQImage({3, 3, {1, 2}}).isNull()) << "too few pixels";
  EXPECT_TRUE(toQImage({}).isNull());
}

TEST(Hatch, StaysInItsRectangle) {
  QImage target(80, 80, QImage::Format_RGB32);
  target.fill(Qt::white);
  QPainter painter(&target);
  drawHatch(painter, QRectF(20, 20, 40, 30), Qt::black);
  painter.end();
  const int all = target.width() * target.height() - test::count(target, QRectF(0, 0, 80, 80), Qt::white, 0);
  const int inner = 44 * 34 - test::count(target, QRectF(18, 18, 44, 34), Qt::white, 0);
  EXPECT_EQ(all, inner);
  EXPECT_GT(inner, 100);
}

TEST(ColourBar, ShowsItsEnds) {
  QImage target(80, 200, QImage::Format_RGB32);
  target.fill(Qt::white);
  QPainter painter(&target);
  drawColourBar(
      painter, QRectF(10, 10, 58, 180), -1, 1, QString(),
      [](double value) { return value > 0 ? QColor(Qt::red) : QColor(Qt::blue); }, Theme::Light);
  painter.end();
  EXPECT_EQ(target.pixelColor(14, 14), QColor(Qt::red));
  EXPECT_EQ(target.pixelColor(14, 186), QColor(Qt::blue));
}

}  // namespace
}  // namespace lix::figures
