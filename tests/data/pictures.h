#pragma once
#include <filesystem>

#include "base/file.h"
#include "base/random.h"
#include "imaging/resize.h"
#include "imaging/write.h"
#include "support/support.h"

namespace lix::test {

/// A picture of smooth random patches, another for each seed.
inline imaging::Image patches(std::uint64_t seed, int side = 24) {
  Random random(seed, 99);
  imaging::Image small{8, 8, std::vector<std::uint8_t>(8 * 8 * 3)};
  for (auto& value : small.pixels) {
    value = std::uint8_t(random.below(256));
  }
  return imaging::resize(small, side, side, imaging::Filter::Bicubic);
}

/// Writes such a picture as PNG, with the folders above it.
inline void writePicture(const std::filesystem::path& path, std::uint64_t seed) {
  std::filesystem::create_directories(path.parent_path());
  ASSERT_TRUE(imaging::writePng(path, patches(seed)).has_value()) << path;
}

inline void writeText(const std::filesystem::path& path, std::string_view text) {
  std::filesystem::create_directories(path.parent_path());
  ASSERT_TRUE(writeFile(path, text).has_value()) << path;
}

}  // namespace lix::test
