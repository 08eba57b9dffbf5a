#pragma once
#include <QPointF>
#include <cmath>

#include "figures/axis.h"

namespace lix::widgets {

// Values as a chart draws them: over their log10 on a logarithmic axis.

inline bool drawable(double value, figures::Scale scale) {
  return std::isfinite(value) && (scale == figures::Scale::Linear || value > 0.0);
}

inline double drawn(double value, figures::Scale scale) {
  return scale == figures::Scale::Log ? std::log10(value) : value;
}

inline bool isGap(const QPointF& point) { return std::isnan(point.y()); }

}  // namespace lix::widgets
