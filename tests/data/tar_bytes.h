#pragma once
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "data/pictures.h"

namespace lix::test {

/// A tar header (ustar) with a right sum; a field may be overwritten first by `at` and `text`.
inline std::string tarHeader(const std::string& name, std::size_t size, char type = '0', std::size_t at = 0,
                             const std::string& text = "") {
  std::string block(512, '\0');
  const auto put = [&](std::size_t where, const std::string& what) { block.replace(where, what.size(), what); };
  char number[13];
  std::snprintf(number, sizeof number, "%011zo", size);
  put(0, name.substr(0, 100));
  put(100, "0000644");
  put(124, number);
  put(156, std::string(1, type));
  put(257, std::string("ustar\0"
                       "00",
                       8));
  put(at, text);
  put(148, std::string(8, ' '));
  unsigned sum = 0;
  for (const char c : block) {
    sum += static_cast<unsigned char>(c);
  }
  std::snprintf(number, sizeof number, "%06o", sum);
  put(148, std::string(number, 6) + '\0');
  return block;
}

inline std::string padded(std::string content) {
  content.resize((content.size() + 511) / 512 * 512, '\0');
  return content;
}

using Members = std::vector<std::pair<std::string, std::string>>;

/// A tar file of these members, with the two blocks at its end.
inline std::string tarOf(const Members& members) {
  std::string bytes;
  for (const auto& [name, content] : members) {
    bytes += tarHeader(name, content.size()) + padded(content);
  }
  return bytes + std::string(1024, '\0');
}

/// A small PNG, another for each seed.
inline std::string pngOf(std::uint64_t seed) { return imaging::encodePng(patches(seed)).value(); }

}  // namespace lix::test
