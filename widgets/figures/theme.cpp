#include "figures/theme.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lix::figures {

const Palette& palette(Theme theme) {
  static const Palette light{.background = QColor(0xffffff),
                             .ink = QColor(0x1b1f24),
                             .muted = QColor(0x59626d),
                             .grid = QColor(0xe7e9ec),
                             .axis = QColor(0x98a1ab),
                             .right = QColor(0x00855f),
                             .wrong = QColor(0xc44e00),
                             .blank = QColor(0xd9dce0)};
  static const Palette dark{.background = QColor(0x15181d),
                            .ink = QColor(0xe9ebee),
                            .muted = QColor(0xa5adb7),
                            .grid = QColor(0x2a2f36),
                            .axis = QColor(0x6d7681),
                            .right = QColor(0x2cc295),
                            .wrong = QColor(0xff8a4c),
                            .blank = QColor(0x3a4048)};
  return theme == Theme::Light ? light : dark;
}

QColor categorical(Theme theme, int index) {
  static constexpr std::array<QRgb, kCategoricalCount> light{0xff0072b2, 0xffd55e00, 0xff008f68, 0xffb4578c,
                                                             0xff9c6f00, 0xff2391c9, 0xff4a4f57, 0xff7a7a00};
  static constexpr std::array<QRgb, kCategoricalCount> dark{0xff56b4e9, 0xffff8a4c, 0xff2cc295, 0xffe08dbb,
                                                            0xfff2b84b, 0xff8fa8ff, 0xffc9ced6, 0xffe6dc5a};
  const auto at = std::size_t(std::max(index, 0) % kCategoricalCount);
  return QColor(theme == Theme::Light ? light[at] : dark[at]);
}

double luminance(const QColor& colour) {
  const auto linear = [](double c) { return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
  return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

double contrast(const QColor& a, const QColor& b) {
  const auto [low, high] = std::minmax({luminance(a), luminance(b)});
  return (high + 0.05) / (low + 0.05);
}

QFont font(TextRole role) {
  QFont result;
  result.setFamilies({"sans-serif"});
  result.setStyleHint(QFont::SansSerif);
  result.setHintingPreference(QFont::PreferNoHinting);
  switch (role) {
    case TextRole::Title:
      result.setPixelSize(15);
      result.setBold(true);
      break;
    case TextRole::Subtitle:
      result.setPixelSize(12);
      break;
    case TextRole::PanelTitle:
      result.setPixelSize(12);
      result.setBold(true);
      break;
    case TextRole::Label:
      result.setPixelSize(11);
      break;
    case TextRole::Tick:
    case TextRole::Small:
      result.setPixelSize(10);
      break;
  }
  return result;
}

}  // namespace lix::figures
