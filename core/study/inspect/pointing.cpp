#include "study/inspect/pointing.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "base/contracts.h"

namespace lix::study {
namespace {

/// How many cells of each patch of the grid the mask covers: each pixel is cut into columns x rows cells and each patch
/// holds width x height of them, so that patches may end within a pixel.
std::vector<double> covered(const imaging::Mask& mask, std::size_t rows, std::size_t columns) {
  const auto width = std::size_t(mask.width), height = std::size_t(mask.height);
  // The part of pixel `at` that lies in patch `patch` along one axis, in cells.
  const auto overlap = [](std::size_t at, std::size_t patch, std::size_t pixels, std::size_t patches) {
    return std::min((at + 1) * patches, (patch + 1) * pixels) - std::max(at * patches, patch * pixels);
  };
  std::vector<double> cells(rows * columns, 0.0);
  for (std::size_t y = 0; y < height; ++y) {
    for (std::size_t x = 0; x < width; ++x) {
      if (mask.values[y * width + x] == 0) {
        continue;
      }
      for (std::size_t r = y * rows / height; r * height < (y + 1) * rows; ++r) {
        for (std::size_t c = x * columns / width; c * width < (x + 1) * columns; ++c) {
          cells[r * columns + c] += double(overlap(x, c, width, columns) * overlap(y, r, height, rows));
        }
      }
    }
  }
  return cells;
}

}  // namespace

std::optional<Pointing> pointing(const MapReading& map, std::size_t caption, const imaging::Mask& mask) {
  const std::size_t patches = map.rows * map.columns;
  LIX_REQUIRE(patches > 0 && (caption + 1) * patches <= map.values.size());
  LIX_REQUIRE(mask.width > 0 && mask.height > 0 &&
              mask.values.size() == std::size_t(mask.width) * std::size_t(mask.height));
  const std::span<const float> values = std::span(map.values).subspan(caption * patches, patches);
  double sum = 0.0;
  for (const float value : values) {
    sum += value;
  }
  const std::vector<double> cells = covered(mask, map.rows, map.columns);
  const double perPatch = double(mask.width) * mask.height;
  double all = 0.0, inside = 0.0;
  for (std::size_t p = 0; p < patches; ++p) {
    all += cells[p];
    inside += values[p] * cells[p] / perPatch;
  }
  if (!(sum > 0.0) || !std::isfinite(sum) || all == 0.0) {
    return std::nullopt;
  }
  const auto highest = std::size_t(std::ranges::max_element(values) - values.begin());
  const std::size_t x = (2 * (highest % map.columns) + 1) * std::size_t(mask.width) / (2 * map.columns);
  const std::size_t y = (2 * (highest / map.columns) + 1) * std::size_t(mask.height) / (2 * map.rows);
  return Pointing{mask.values[y * std::size_t(mask.width) + x] != 0, inside / sum, all / (perPatch * double(patches))};
}

}  // namespace lix::study
