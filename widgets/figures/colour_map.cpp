#include "figures/colour_map.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace lix::figures {
namespace {

constexpr std::array<QRgb, 10> kViridis{0xff440154, 0xff482878, 0xff3e4989, 0xff31688e, 0xff26828e,
                                        0xff1f9e89, 0xff35b779, 0xff6ece58, 0xffb5de2b, 0xfffde725};
// From zero outwards. On white the ends are dark, on a dark page they are bright: zero recedes into the page.
constexpr std::array<QRgb, 6> kBlueOnLight{0xfff5f5f3, 0xffc9dcec, 0xff93bddc, 0xff5597c6, 0xff226ca6, 0xff0b3c6f};
constexpr std::array<QRgb, 6> kOrangeOnLight{0xfff5f5f3, 0xfff9d9b8, 0xfff1b27c, 0xffdd8439, 0xffb45a10, 0xff713403};
constexpr std::array<QRgb, 6> kBlueOnDark{0xff22262c, 0xff1c4464, 0xff1f6599, 0xff3b8ccb, 0xff78b7ea, 0xffc4e2fb};
constexpr std::array<QRgb, 6> kOrangeOnDark{0xff22262c, 0xff563a1f, 0xff8a531c, 0xffc2731f, 0xfff0a357, 0xfffdd9ae};

QColor along(std::span<const QRgb> table, double t) {
  const double at = std::clamp(t, 0.0, 1.0) * double(table.size() - 1);
  const auto low = std::min(std::size_t(at), table.size() - 2);
  const double part = at - double(low);
  const QColor a(table[low]);
  const QColor b(table[low + 1]);
  const auto mix = [part](int x, int y) { return int(std::lround(x + part * (y - x))); };
  return QColor(mix(a.red(), b.red()), mix(a.green(), b.green()), mix(a.blue(), b.blue()));
}

}  // namespace

QColor viridis(double t, Theme theme) { return std::isnan(t) ? palette(theme).blank : along(kViridis, t); }

QColor diverging(double t, Theme theme) {
  if (std::isnan(t)) {
    return palette(theme).blank;
  }
  if (theme == Theme::Light) {
    return along(t < 0 ? kBlueOnLight : kOrangeOnLight, std::abs(t));
  }
  return along(t < 0 ? kBlueOnDark : kOrangeOnDark, std::abs(t));
}

}  // namespace lix::figures
