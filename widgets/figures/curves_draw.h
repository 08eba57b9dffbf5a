#pragma once
#include <QPainter>
#include <QPointF>
#include <vector>

#include "figures/curves_figure.h"
#include "figures/curves_parts.h"

namespace lix::figures {

// One panel's curves within its plot, as a saved figure and a chart on the screen both draw them.

/// A usable point: its positions in the panel, and where its dot's middle lies.
struct CurveDot {
  int series = 0;
  int point = 0;
  QPointF at;
};
/// In the order of the series. Those of zero shots stand side by side, so that equal ones can be told apart.
std::vector<CurveDot> dotsOf(const CurvesFigure::PanelPlace& place, const CurvesPanel& panel);

/// References below bands, bands below lines, dots above all; false where the panel has none of them.
bool drawCurves(QPainter& painter, const CurvesFigure::PanelPlace& place, const CurvesPanel& panel, const Styles& styles,
                Theme theme);

}  // namespace lix::figures
