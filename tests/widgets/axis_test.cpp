#include "figures/axis.h"

#include <gtest/gtest.h>

#include <cmath>

#include "figures/colour_map.h"
#include "figures/theme.h"

namespace lix::figures {
namespace {

using Ticks = std::vector<double>;

TEST(NiceTicks, AreRoundAndInside) {
  EXPECT_EQ(niceTicks(0, 1, 6), (Ticks{0, 0.2, 0.4, 0.6000000000000001, 0.8, 1}));
  EXPECT_EQ(niceTicks(0, 100, 6), (Ticks{0, 20, 40, 60, 80, 100}));
  EXPECT_EQ(niceTicks(-3, 3, 4), (Ticks{-2, 0, 2}));
  EXPECT_EQ(niceTicks(0, 10, 5), (Ticks{0, 2.5, 5, 7.5, 10}));
  EXPECT_EQ(niceTicks(0.13, 0.87, 5), (Ticks{0.2, 0.4, 0.6000000000000001, 0.8}));
}

TEST(NiceTicks, NeverMoreThanAsked) {
  for (double span = 1e-9; span < 1e9; span *= 1.37) {
    for (int most = 2; most < 12; ++most) {
      const auto ticks = niceTicks(0.3 * span, 1.3 * span, most);
      EXPECT_LE(int(ticks.size()), most) << span;
      EXPECT_GE(int(ticks.size()), 1) << span << " " << most;
      for (const double tick : ticks) {
        EXPECT_GE(tick, 0.3 * span * (1 - 1e-6));
        EXPECT_LE(tick, 1.3 * span * (1 + 1e-6));
      }
    }
  }
}

TEST(NiceTicks, OddInput) {
  EXPECT_EQ(niceTicks(4, 4, 5), Ticks{4});
  EXPECT_TRUE(niceTicks(5, 4, 5).empty());
  EXPECT_TRUE(niceTicks(NAN, 4, 5).empty());
  EXPECT_TRUE(niceTicks(0, INFINITY, 5).empty());
}

TEST(LogTicks, DecadesAndTheirParts) {
  EXPECT_EQ(logTicks(1, 100, 7), (Ticks{1, 2, 5, 10, 20, 50, 100}));
  EXPECT_EQ(logTicks(1, 1000, 7), (Ticks{1, 3, 10, 30, 100, 300, 1000}));
  EXPECT_EQ(logTicks(1, 1e4, 5).size(), 5U);
  EXPECT_LE(logTicks(1e-12, 1e12, 5).size(), 5U);
  EXPECT_EQ(logTicks(3.1, 3.9, 4), niceTicks(3.1, 3.9, 4)) << "no power of ten inside";
  EXPECT_TRUE(logTicks(0, 10, 4).empty());
  EXPECT_TRUE(logTicks(-1, 10, 4).empty());
}

TEST(TickText, SaysNoMoreThanTheStepTells) {
  EXPECT_EQ(tickText(0.5, 0.25), "0.50");
  EXPECT_EQ(tickText(-10, 5), QString(QChar(0x2212)) + "10");
  EXPECT_EQ(tickText(2000, 1000), "2k");
  EXPECT_EQ(tickText(2500, 500), "2.5k");
  EXPECT_EQ(tickText(1998, 1), "1998");
  EXPECT_EQ(tickText(3e6, 1e6), "3M");
  EXPECT_EQ(tickText(-1e-18, 0.2), QString::number(-1e-18, 'g', 3).replace('-', QChar(0x2212)));
  EXPECT_EQ(tickText(0, 0.2), "0.0");
  EXPECT_EQ(percentText(0.625, 0.025), "62.5");
  EXPECT_EQ(percentText(0.6, 0.2), "60");
}

TEST(ShortText, ThreeDigits) {
  EXPECT_EQ(shortText(21.53), "21.5");
  EXPECT_EQ(shortText(0.1234), "0.123");
  EXPECT_EQ(shortText(0), "0");
  EXPECT_EQ(shortText(127), "127");
  EXPECT_EQ(shortText(0.00012), QString("1.2e") + QChar(0x2212) + "4");
  EXPECT_EQ(shortText(NAN), "–");
}

TEST(AxisFor, HoldsItsValuesWhateverTheyAre) {
  for (const Scale scale : {Scale::Linear, Scale::Log}) {
    for (const auto& values : std::vector<Ticks>{{1, 2, 3}, {5}, {7, 7, 7}, {1e-7, 1e6}, {0.3, NAN, INFINITY}, {}}) {
      const Axis axis = axisFor(values, scale, 5);
      EXPECT_LT(axis.low, axis.high);
      EXPECT_EQ(axis.ticks.size(), axis.texts.size());
      for (const double value : values) {
        if (std::isfinite(value)) {
          EXPECT_LE(axis.low, value);
          EXPECT_GE(axis.high, value);
        }
      }
    }
  }
  EXPECT_GT(axisFor({-1, 0, 10}, Scale::Log, 5).low, 0) << "a logarithm knows no zero";
}

TEST(AxisFor, LogTicksWithinADecadeSayWhatTheyAre) {
  for (const auto& values : std::vector<Ticks>{
           {0.051, 0.059}, {0.012, 0.018}, {1.1, 1.9}, {310, 390}, {2400, 2600}, {3.001, 3.004}}) {
    const Axis axis = axisFor(values, Scale::Log, 5);
    ASSERT_GE(axis.ticks.size(), 2u) << values[0];
    for (std::size_t i = 0; i < axis.ticks.size(); ++i) {
      const QString text = axis.texts[i];
      const double said = text.endsWith('k') ? 1000 * text.chopped(1).toDouble() : text.toDouble();
      EXPECT_NEAR(said, axis.ticks[i], 1e-6 * axis.ticks[i]) << text.toStdString();
    }
  }
  EXPECT_EQ(axisFor({1, 1000}, Scale::Log, 7).texts, (std::vector<QString>{"1", "3", "10", "30", "100", "300", "1k"}));
}

TEST(Axis, Maps) {
  const Axis linear{.low = 10, .high = 20};
  EXPECT_DOUBLE_EQ(linear.map(15, 100, 200), 150);
  EXPECT_DOUBLE_EQ(linear.map(20, 300, 0), 0);
  const Axis log{.low = 1, .high = 100, .scale = Scale::Log};
  EXPECT_DOUBLE_EQ(log.map(10, 0, 50), 25);
}

TEST(ColourMaps, ViridisRisesInLuminance) {
  // In steps that are larger than the rounding to 8 bits.
  for (int i = 1; i <= 80; ++i) {
    EXPECT_GT(luminance(viridis(i / 80.0, Theme::Light)), luminance(viridis((i - 1) / 80.0, Theme::Light))) << i;
  }
  EXPECT_EQ(viridis(0, Theme::Light), QColor(0x440154));
  EXPECT_EQ(viridis(7, Theme::Light), QColor(0xfde725));
  EXPECT_EQ(viridis(NAN, Theme::Dark), palette(Theme::Dark).blank);
}

TEST(ColourMaps, DivergingGoesOneWayFromZero) {
  for (const Theme theme : {Theme::Light, Theme::Dark}) {
    const double sign = theme == Theme::Light ? -1 : 1;
    for (const double side : {-1.0, 1.0}) {
      for (int i = 1; i <= 50; ++i) {
        const double before = luminance(diverging(side * (i - 1) / 50.0, theme));
        EXPECT_GE(sign * (luminance(diverging(side * i / 50.0, theme)) - before), 0) << side * i;
      }
    }
    EXPECT_GT(diverging(0.7, theme).red(), diverging(0.7, theme).blue());
    EXPECT_LT(diverging(-0.7, theme).red(), diverging(-0.7, theme).blue());
  }
}

TEST(Theme, EverythingCanBeRead) {
  for (const Theme theme : {Theme::Light, Theme::Dark}) {
    const Palette& colours = palette(theme);
    EXPECT_GE(contrast(colours.ink, colours.background), 7);
    EXPECT_GE(contrast(colours.muted, colours.background), 4.5);
    EXPECT_GE(contrast(colours.wrong, colours.background), 4.5);
    EXPECT_GE(contrast(colours.right, colours.background), 4.5);
    for (int i = 0; i < kCategoricalCount; ++i) {
      EXPECT_GE(contrast(categorical(theme, i), colours.background), 3) << i;
      for (int j = 0; j < i; ++j) {
        EXPECT_NE(categorical(theme, i), categorical(theme, j));
      }
    }
  }
  EXPECT_NEAR(contrast(Qt::black, Qt::white), 21, 1e-3);
}

}  // namespace
}  // namespace lix::figures
