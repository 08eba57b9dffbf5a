#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nn/checkpoint/safetensors.h"

namespace lix::nn::detail {

inline constexpr std::uint64_t kMaxHeader = 100'000'000;  ///< the format's own limit, in bytes
inline constexpr std::size_t kMaxTensors = 1'000'000;
inline constexpr std::size_t kMaxRank = 16;
inline constexpr std::size_t kMaxName = 1024;
inline constexpr std::string_view kMetadata = "__metadata__";

/// One entry of the header, not yet compared with the file.
struct HeaderEntry {
  std::string name;
  DType type = DType::F32;
  std::vector<std::int64_t> shape;
  std::uint64_t begin = 0;  ///< bytes after the header
  std::uint64_t end = 0;
};

struct Header {
  std::vector<HeaderEntry> entries;
  std::map<std::string, std::string> metadata;
};

std::optional<DType> parseDType(std::string_view text);
/// Bytes of a tensor, or nothing where the product does not fit 63 bits.
std::optional<std::uint64_t> byteSize(DType type, const std::vector<std::int64_t>& shape);
/// A name for people: quoted, shortened where it is long.
std::string shown(std::string_view name);
/// Reads the JSON of a header; `path` is only named in errors. Rejects duplicate names, wrong types and excess of any
/// kind.
Result<Header> parseHeader(std::string_view json, const std::filesystem::path& path);

}  // namespace lix::nn::detail
