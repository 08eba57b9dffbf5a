#include "figures/axis.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lix::figures {
namespace {

constexpr QChar kMinus(0x2212);

QString fixed(double value, int decimals) {
  QString text = QString::number(value, 'f', std::clamp(decimals, 0, 12));
  if (text.toDouble() == 0.0 && text.startsWith('-')) {
    text.remove(0, 1);
  }
  return text.replace('-', kMinus);
}

int decimalsOf(double step) {
  if (!(step > 0)) {
    return 2;
  }
  int decimals = 0;
  double scaled = step;
  while (decimals < 10 && std::abs(scaled - std::round(scaled)) > 1e-6 * std::max(scaled, 1.0)) {
    scaled *= 10;
    ++decimals;
  }
  return decimals;
}

QString scientific(double value) {
  return QString::number(value, 'g', 3)
      .replace("e-0", "e-")
      .replace("e+0", "e")
      .replace("e+", "e")
      .replace('-', kMinus);
}

std::vector<double> decadeTicks(double low, double high, const std::vector<double>& factors) {
  std::vector<double> ticks;
  for (int power = int(std::floor(std::log10(low))); power <= int(std::ceil(std::log10(high))); ++power) {
    for (const double factor : factors) {
      const double value = factor * std::pow(10.0, power);
      if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)) {
        ticks.push_back(value);
      }
    }
  }
  return ticks;
}

/// The power of ten of a number's last digit, looking at four digits.
double lastPlace(double value) {
  double place = std::pow(10.0, std::floor(std::log10(value) + 1e-9));
  for (int i = 0; i < 3 && std::abs(value / place - std::round(value / place)) > 1e-6; ++i) {
    place /= 10;
  }
  return place;
}

/// What a tick of a logarithmic axis is told apart by: its own first digit, or within a decade the last digit of any.
std::vector<double> logPlaces(const std::vector<double>& ticks) {
  std::vector<double> own;
  double least = INFINITY;
  bool longer = false;  // than one digit
  for (const double tick : ticks) {
    own.push_back(std::pow(10.0, std::floor(std::log10(tick) + 1e-9)));
    least = std::min(least, lastPlace(tick));
    longer = longer || lastPlace(tick) < 0.5 * own.back();
  }
  return longer ? std::vector<double>(ticks.size(), least) : own;
}

}  // namespace

double Axis::map(double value, double atLow, double atHigh) const {
  const bool log = scale == Scale::Log;
  const double a = log ? std::log(low) : low;
  const double b = log ? std::log(high) : high;
  const double v = log ? std::log(value) : value;
  return atLow + (v - a) / (b - a) * (atHigh - atLow);
}

double niceStep(double low, double high, int most) {
  const double span = high - low;
  if (!(span > 0) || !std::isfinite(span)) {
    return 1.0;
  }
  const double rough = span / std::max(most, 2);
  const double decade = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 2.5, 5.0, 10.0, 20.0}) {
    const double step = factor * decade;
    const double count = std::floor(high / step + 1e-9) - std::ceil(low / step - 1e-9) + 1;
    if (count <= most) {
      return step;
    }
  }
  return 50.0 * decade;
}

std::vector<double> niceTicks(double low, double high, int most) {
  std::vector<double> ticks;
  if (!std::isfinite(low) || !std::isfinite(high) || low > high) {
    return ticks;
  }
  if (low == high) {
    return {low};
  }
  const double step = niceStep(low, high, most);
  const double first = std::ceil(low / step - 1e-9);
  const double last = std::floor(high / step + 1e-9);
  for (int i = 0; first + i <= last && i < 1000; ++i) {
    const double tick = (first + i) * step;
    ticks.push_back(tick == 0.0 ? 0.0 : tick);
  }
  return ticks;
}

std::vector<double> logTicks(double low, double high, int most) {
  if (!(low > 0) || !std::isfinite(high) || low > high) {
    return {};
  }
  for (const auto& factors : {std::vector<double>{1, 2, 5}, std::vector<double>{1, 3}, std::vector<double>{1}}) {
    const auto ticks = decadeTicks(low, high, factors);
    if (int(ticks.size()) >= 2 && int(ticks.size()) <= most) {
      return ticks;
    }
  }
  auto ticks = decadeTicks(low, high, {1});
  if (int(ticks.size()) <= std::max(most, 2)) {
    return niceTicks(low, high, most);
  }
  const auto stride = (ticks.size() + std::size_t(most) - 1) / std::size_t(std::max(most, 1));
  std::vector<double> thinned;
  for (std::size_t i = 0; i < ticks.size(); i += stride) {
    thinned.push_back(ticks[i]);
  }
  return thinned;
}

QString tickText(double value, double step) {
  if (!std::isfinite(value)) {
    return QString();
  }
  const double size = std::abs(value);
  if (size != 0.0 && (size < 1e-4 || size >= 1e9)) {
    return scientific(value);
  }
  if (size >= 1e6 && step >= 1e4) {
    return fixed(value / 1e6, decimalsOf(step / 1e6)) + "M";
  }
  if (size >= 1000 && step >= 100) {
    return fixed(value / 1e3, decimalsOf(step / 1e3)) + "k";
  }
  return fixed(value, decimalsOf(step));
}

QString percentText(double fraction, double step) { return fixed(fraction * 100, decimalsOf(step * 100)); }

QString shortText(double value) {
  if (!std::isfinite(value)) {
    return QStringLiteral("–");
  }
  const double size = std::abs(value);
  if (size == 0.0) {
    return QStringLiteral("0");
  }
  if (size < 1e-3 || size >= 1e6) {
    return QString::number(value, 'e', 1)
        .replace("e-0", "e-")
        .replace("e+0", "e")
        .replace("e+", "e")
        .replace('-', kMinus);
  }
  const int digits = int(std::floor(std::log10(size)));
  return fixed(value, std::clamp(2 - digits, 0, 3));
}

Axis axisFor(const std::vector<double>& values, Scale scale, int most) {
  double low = INFINITY;
  double high = -INFINITY;
  for (const double value : values) {
    if (std::isfinite(value) && (scale == Scale::Linear || value > 0)) {
      low = std::min(low, value);
      high = std::max(high, value);
    }
  }
  Axis axis{.scale = scale};
  if (scale == Scale::Log) {
    axis.low = low <= high ? low : 0.1;
    axis.high = low <= high ? high : 1.0;
    // One value needs room around it; several a little, so that lines do not run in the frame.
    const double air = axis.high > axis.low * 1.02 ? std::pow(axis.high / axis.low, 0.06) : 1.5;
    axis.low /= air;
    axis.high *= air;
    axis.ticks = logTicks(axis.low, axis.high, most);
  } else {
    axis.low = low <= high ? low : 0.0;
    axis.high = low <= high ? high : 1.0;
    const double span = axis.high - axis.low;
    const double size = std::max(std::abs(axis.low), std::abs(axis.high));
    const double air = span > 1e-9 * size ? 0.06 * span : (size > 0 ? 0.1 * size : 0.5);
    const bool fromZero = low >= 0 && low <= 0.35 * high;
    axis.low = fromZero ? 0.0 : axis.low - air;
    axis.high += air;
    axis.ticks = niceTicks(axis.low, axis.high, most);
  }
  const std::vector<double> steps = scale == Scale::Log
                                        ? logPlaces(axis.ticks)
                                        : std::vector<double>(axis.ticks.size(), niceStep(axis.low, axis.high, most));
  for (std::size_t i = 0; i < axis.ticks.size(); ++i) {
    axis.texts.push_back(tickText(axis.ticks[i], steps[i]));
  }
  return axis;
}

}  // namespace lix::figures
