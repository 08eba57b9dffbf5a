#pragma once
#include <string>
#include <vector>

#include "figures/context_figure.h"
#include "figures/curves_figure.h"
#include "figures/grid_figure.h"
#include "figures/map_figure.h"
#include "figures/series_figure.h"
#include "figures/weights_figure.h"

namespace lix::figures::sample {

/// A drawn scene of two objects on a sky, different for each number.
imaging::Image scene(int number, int width = 64, int height = 64);
/// Captions as they come: short, long, without spaces, right to left, with emoji, empty.
std::vector<std::string> captions(int count);

CurvesData curves(int seriesCount, int panels = 1);
WeightsData weights(int heads, int tokens, int captionCount);
MapData maps(int captionCount);
ContextData context(int items);
SeriesData training(int runs, int steps);
GridData predictions(int count);

}  // namespace lix::figures::sample
