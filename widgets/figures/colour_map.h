#pragma once
#include <QColor>

#include "figures/theme.h"

namespace lix::figures {

/// Viridis (Smith and van der Walt, 2015) at t in 0..1, from ten points of its table joined linearly: its luminance
/// rises with t. A t outside is taken to the nearer end; NaN gives the theme's blank colour.
QColor viridis(double t, Theme theme);

/// Diverging map at t in -1..1: blue below zero, orange above, neutral at zero (near the theme's background); the
/// luminance goes one way from zero to either end.
QColor diverging(double t, Theme theme);

}  // namespace lix::figures
