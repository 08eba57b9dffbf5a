#pragma once
#include <cmath>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "figures/scatter_figure.h"

namespace lix::figures::test {

/// Three clouds and some points between them, the same every time.
inline ScatterData clouds(std::size_t count) {
  std::mt19937 random(7);
  const auto normal = [&] {  // of the standard's generator alone: distributions differ between libraries
    double sum = 0.0;
    for (int i = 0; i < 12; ++i) {
      sum += double(random()) / 4294967296.0;
    }
    return sum - 6.0;
  };
  auto points = std::make_shared<std::vector<float>>();
  auto groups = std::make_shared<std::vector<std::int8_t>>();
  for (std::size_t i = 0; i < count; ++i) {
    const int group = int(i % 4) - 1;
    const double angle = 2.1 * group, far = group < 0 ? 0.0 : 3.0;
    points->push_back(float(far * std::cos(angle) + normal() * (group < 0 ? 2.0 : 0.7)));
    points->push_back(float(far * std::sin(angle) + normal() * (group < 0 ? 2.0 : 0.5)));
    groups->push_back(std::int8_t(group));
  }
  return {.headings = {},
          .xLabel = "component 1 (41.2 % of the variance)",
          .yLabel = "component 2 (17.9 %)",
          .points = points,
          .groups = groups,
          .names = {"green frog", "red fox", "blue whale"},
          .otherName = "other classes",
          .marked = {0, 1, 2},
          .window = {},
          .name = {}};
}

/// Points of no group at given places.
inline ScatterData pointsAt(std::vector<float> values) {
  ScatterData data;
  data.points = std::make_shared<const std::vector<float>>(std::move(values));
  data.xLabel = std::string("x");
  data.yLabel = std::string("y");
  return data;
}

}  // namespace lix::figures::test
