#include "nn/checkpoint/tensor_bits.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/text.h"

namespace lix::nn {
namespace {

/// Exponents of infinities and NaNs are all ones; whether any number has such.
template <class Bits>
bool anyAllOnes(std::span<const std::byte> bytes, Bits exponent) {
  constexpr std::size_t kBlock = 4096;  // a block without branches becomes vector instructions
  for (std::size_t at = 0; at < bytes.size(); at += kBlock) {
    const std::size_t count = std::min(kBlock, bytes.size() - at) / sizeof(Bits);
    std::array<Bits, kBlock / sizeof(Bits)> block;
    std::memcpy(block.data(), bytes.data() + at, count * sizeof(Bits));
    Bits found = 0;
    for (std::size_t i = 0; i < count; ++i) {
      found = static_cast<Bits>(found | static_cast<Bits>((block[i] & exponent) == exponent));
    }
    if (found != 0) {
      return true;
    }
  }
  return false;
}


}  // namespace

bool isFloating(DType type) {
  return type == DType::F32 || type == DType::F16 || type == DType::BF16 || type == DType::F64;
}

bool allFinite(const TensorView& view) {
  switch (view.type) {
    case DType::F32:
      return !anyAllOnes<std::uint32_t>(view.bytes, 0x7F800000u);
    case DType::F16:
      return !anyAllOnes<std::uint16_t>(view.bytes, 0x7C00u);
    case DType::BF16:
      return !anyAllOnes<std::uint16_t>(view.bytes, 0x7F80u);
    case DType::F64:
      return !anyAllOnes<std::uint64_t>(view.bytes, 0x7FF0000000000000u);
    default:
      return true;
  }
}

unsigned long long hashBytes(std::span<const std::byte> bytes, unsigned long long seed) {
  return hash64(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()), seed);
}

}  // namespace lix::nn
