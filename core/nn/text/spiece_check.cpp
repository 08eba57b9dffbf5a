#include "nn/text/spiece_check.h"

#include <cstdint>
#include <cstring>
#include <optional>
#include <vector>

namespace lix::nn::detail {
namespace {

std::optional<std::uint64_t> takeVarint(std::string_view& bytes) {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) {
      return value;
    }
  }
  return std::nullopt;
}

/// Visits the length-delimited fields numbered `wanted` of a protobuf message; false where the message is damaged.
template <class Visit>
bool forEachField(std::string_view message, std::uint64_t wanted, Visit&& visit) {
  while (!message.empty()) {
    const auto tag = takeVarint(message);
    if (!tag) {
      return false;
    }
    std::uint64_t skip = 0;
    switch (*tag & 7) {
      case 0:
        if (!takeVarint(message)) {
          return false;
        }
        break;
      case 1:
        skip = 8;
        break;
      case 5:
        skip = 4;
        break;
      case 2: {
        const auto length = takeVarint(message);
        if (!length || *length > message.size()) {
          return false;
        }
        if (*tag >> 3 == wanted) {
          visit(message.substr(0, *length));
        }
        skip = *length;
        break;
      }
      default:
        return false;
    }
    if (skip > message.size()) {
      return false;
    }
    message.remove_prefix(skip);
  }
  return true;
}

}  // namespace

/// Bit layout of darts-clone's units: 31 leaf mark, 10..30 offset, 9 wide offset, 8 has leaf, 0..7 label.
bool isCharMapSound(std::string_view map) {
  std::uint32_t size = 0;
  if (map.size() < sizeof size) {
    return false;
  }
  std::memcpy(&size, map.data(), sizeof size);
  map.remove_prefix(sizeof size);
  if (size % sizeof(std::uint32_t) != 0 || size == 0 || size >= map.size() || map.back() != '\0') {
    return false;
  }
  std::vector<std::uint32_t> units(size / sizeof(std::uint32_t));
  std::memcpy(units.data(), map.data(), size);
  if ((units[0] & 0x80000000u) != 0) {
    return false;  // every walk begins there
  }
  const std::uint64_t texts = map.size() - size;
  for (std::uint32_t i = 0; i < units.size(); ++i) {
    const std::uint32_t unit = units[i];
    if ((unit & 0x80000000u) != 0) {
      continue;  // a value, never walked from
    }
    const std::uint32_t next = i ^ ((unit >> 10) << ((unit & (1u << 9)) >> 6));
    const bool hasLeaf = (unit & (1u << 8)) != 0;
    if ((next | 0xFFu) >= units.size() || (hasLeaf && (units[next] & 0x7FFFFFFFu) >= texts)) {
      return false;
    }
  }
  return true;
}

std::string charMapProblem(std::string_view model) {
  bool sound = true;
  bool parsed = true;
  parsed = forEachField(model, 3,
                        [&](std::string_view normalizer) {
                          parsed = parsed && forEachField(normalizer, 2, [&](std::string_view map) {
                                     sound = sound && (map.empty() || isCharMapSound(map));
                                   });
                        }) &&
           parsed;
  return !parsed ? "it is no whole SentencePiece model" : !sound ? "its character map is damaged" : "";
}

}  // namespace lix::nn::detail
