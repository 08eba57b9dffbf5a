#pragma once
#include <QString>
#include <vector>

namespace lix::figures {

enum class Scale { Linear, Log };

/// A range of numbers, with what its ticks say.
struct Axis {
  double low = 0.0;
  double high = 1.0;
  Scale scale = Scale::Linear;
  std::vector<double> ticks;
  std::vector<QString> texts;  ///< one a tick

  /// Where a value lies between the positions of low and high.
  double map(double value, double atLow, double atHigh) const;
};

/// At most `most` (>= 2) round numbers (1, 2, 2.5 or 5 times a power of ten apart) within [low, high], rising.
std::vector<double> niceTicks(double low, double high, int most);
/// The distance of niceTicks.
double niceStep(double low, double high, int most);
/// Powers of ten within [low, high], low > 0, thinned to `most`; with 2s and 5s where there are few decades, and
/// niceTicks where there are none.
std::vector<double> logTicks(double low, double high, int most);

/// A number as an axis with ticks `step` apart shows it: no more decimals than told apart, k and M for thousands and
/// millions, a true minus sign.
QString tickText(double value, double step);
/// A fraction as a percentage, "62.5".
QString percentText(double fraction, double step);
/// A single number in three significant digits, as written beside bars.
QString shortText(double value);

/// An axis that holds all finite values (positive ones for Log) with a little air; 0..1 where there are none.
Axis axisFor(const std::vector<double>& values, Scale scale, int most);

}  // namespace lix::figures
