#include "imaging/transform.h"

#include <algorithm>
#include <cmath>

#include "base/contracts.h"

namespace lix::imaging {
namespace {

int centreOffset(int side, int size, CentreRule rule) {
  const int spare = side - size;
  if (rule == CentreRule::Truncate || spare % 2 == 0) {
    return spare / 2;
  }
  const int below = spare / 2;
  return below % 2 == 0 ? below : below + 1;
}

}  // namespace

Image crop(const Image& image, int x, int y, int width, int height) {
  LIX_REQUIRE(width > 0 && height > 0);
  Image result{width, height, std::vector<std::uint8_t>(std::size_t(width) * height * 3)};
  const int left = std::max(x, 0), right = std::min(x + width, image.width);
  for (int row = std::max(y, 0); row < std::min(y + height, image.height) && left < right; ++row) {
    const std::uint8_t* in = image.row(row) + std::size_t(left) * 3;
    std::copy(in, in + std::size_t(right - left) * 3, result.row(row - y) + std::size_t(left - x) * 3);
  }
  return result;
}

Image fitSquare(const Image& image, int size, const SquareFit& how) {
  LIX_REQUIRE(size > 0 && image.width > 0 && image.height > 0);
  if (how.fit == Fit::Squash) {
    return resize(image, size, size, how.filter, how.order);
  }
  const bool wide = image.width > image.height;
  const int shorter = std::min(image.width, image.height), longer = std::max(image.width, image.height);
  const int other = int(double(size) * longer / shorter);
  const Image scaled = resize(image, wide ? other : size, wide ? size : other, how.filter, how.order);
  if (scaled.width == size && scaled.height == size) {
    return scaled;
  }
  return crop(scaled, centreOffset(scaled.width, size, how.centre), centreOffset(scaled.height, size, how.centre), size,
              size);
}

}  // namespace lix::imaging
