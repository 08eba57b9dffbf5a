#pragma once
#include <cstdint>
#include <vector>

namespace lix::imaging {

/// 8-bit RGB picture, rows top to bottom, interleaved: pixels[(y * width + x) * 3 + channel].
struct Image {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> pixels;

  std::uint8_t* row(int y) { return pixels.data() + std::size_t(y) * width * 3; }
  const std::uint8_t* row(int y) const { return pixels.data() + std::size_t(y) * width * 3; }
  bool operator==(const Image&) const = default;
};

/// 8-bit mask of one picture, 255 = inside: values[y * width + x].
struct Mask {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> values;
};

}  // namespace lix::imaging
