#include "imaging/transform.h"

#include <algorithm>
#include <cmath>

#include "base/contracts.h"

namespace lix::imaging {
namespace {

int centreOffset(int side, int size, const SquareFit& how) {
  const int spare = side - size;
  if (spare < 0) {
    const bool largerFirst = how.centre == CentreRule::Truncate && how.kernel != Kernel::Torchvision;
    return -((-spare + (largerFirst ? 1 : 0)) / 2);
  }
  const int below = spare / 2;
  return how.centre == CentreRule::HalfEven && spare % 2 != 0 && below % 2 != 0 ? below + 1 : below;
}

/// Python's round().
int halfEven(double value) {
  const double below = std::floor(value), rest = value - below;
  const bool up = rest > 0.5 || (rest == 0.5 && std::fmod(below, 2.0) != 0.0);
  return int(below) + (up ? 1 : 0);
}

Image resized(const Image& image, int side, const SquareFit& how) {
  const bool wide = image.width > image.height;
  const int shorter = std::min(image.width, image.height), longer = std::max(image.width, image.height);
  switch (how.fit) {
    case Fit::Squash:
      return resize(image, side, side, how.filter, how.kernel);
    case Fit::CropCentre: {
      const int other = int(double(side) * longer / shorter);
      return resize(image, wide ? other : side, wide ? side : other, how.filter, how.kernel);
    }
    case Fit::PadLongest: {
      const double ratio = double(longer) / side;
      return resize(image, std::max(halfEven(image.width / ratio), 1), std::max(halfEven(image.height / ratio), 1),
                    how.filter, how.kernel);
    }
  }
  return image;
}

}  // namespace

Image crop(const Image& image, int x, int y, int width, int height, std::uint8_t fill) {
  LIX_REQUIRE(width > 0 && height > 0);
  Image result{width, height, std::vector<std::uint8_t>(std::size_t(width) * height * 3, fill)};
  const int left = std::max(x, 0), right = std::min(x + width, image.width);
  for (int row = std::max(y, 0); row < std::min(y + height, image.height) && left < right; ++row) {
    const std::uint8_t* in = image.row(row) + std::size_t(left) * 3;
    std::copy(in, in + std::size_t(right - left) * 3, result.row(row - y) + std::size_t(left - x) * 3);
  }
  return result;
}

Image fitSquare(const Image& image, int size, const SquareFit& how) {
  LIX_REQUIRE(size > 0 && image.width > 0 && image.height > 0);
  const Image scaled = resized(image, how.resized > 0 ? how.resized : size, how);
  if (scaled.width == size && scaled.height == size) {
    return scaled;
  }
  return crop(scaled, centreOffset(scaled.width, size, how), centreOffset(scaled.height, size, how), size, size, how.fill);
}

}  // namespace lix::imaging
