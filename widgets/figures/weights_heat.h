#pragma once
#include <QColor>
#include <QRectF>
#include <functional>
#include <vector>

#include "figures/theme.h"

class QPainter;

namespace lix::figures {

inline constexpr double kMeanHeight = 22.0, kMeanGap = 4.0;      // the strip of means over heads, below the heatmap
inline constexpr double kTokenAxis = 18.0, kTokenAxisName = 14.0;  // numbers of tokens, and below the lowest their name

/// Weights of tokens, or differences of weights, as a heatmap.
struct WeightsHeat {
  QRectF heat;
  const std::vector<float>& values;  ///< [heads, tokens]; NaN is blank
  int heads;
  int tokens;
  const std::vector<int>& without;  ///< tokens that are struck through
  double low;                       ///< of the strip of means; 0 has the even share dotted
  double high;
  QColor above;  ///< its bars
  QColor below;
};

/// Mean of each token over the heads that have a number; NaN where none has.
std::vector<double> meanOverHeads(const std::vector<float>& weights, int heads, int tokens);

/// Tokens are always numbered; heads where it is the first of its row, and "mixture token" stands below the lowest.
enum class HeatNames { None, Rows, Columns, Both };
void drawWeightsHeat(QPainter& painter, const WeightsHeat& panel, const std::function<QColor(double)>& colour,
                     HeatNames names, Theme theme);

}  // namespace lix::figures
