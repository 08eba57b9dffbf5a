#pragma once
#include <zlib.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "data/pictures.h"

namespace lix::test {

/// A number as four bytes, the highest first.
inline std::string big32(std::uint32_t value) {
  return {char(value >> 24), char(value >> 16), char(value >> 8), char(value)};
}

/// An IDX file: type, dimensions, data.
inline std::string idxBytes(int type, const std::vector<std::uint32_t>& shape, const std::string& data) {
  std::string bytes{0, 0, char(type), char(shape.size())};
  for (const std::uint32_t size : shape) {
    bytes += big32(size);
  }
  return bytes + data;
}

/// The bytes as a gzip file holds them.
inline void writeGzip(const std::filesystem::path& path, const std::string& bytes) {
  std::filesystem::create_directories(path.parent_path());
  const gzFile file = gzopen(path.c_str(), "wb");
  ASSERT_NE(file, nullptr);
  ASSERT_EQ(gzwrite(file, bytes.data(), unsigned(bytes.size())), int(bytes.size()));
  ASSERT_EQ(gzclose(file), Z_OK);
}

}  // namespace lix::test
