#pragma once
#include <bit>
#include <cstdint>

namespace lix::nn {

/// IEEE 754 binary16 bits to float, exact for every input (NaN stays NaN).
inline float fromHalf(std::uint16_t half) {
  constexpr std::uint32_t kExponent = 0x7C00u << 13;
  std::uint32_t bits = (half & 0x7FFFu) << 13;
  const std::uint32_t exponent = bits & kExponent;
  bits += (127u - 15u) << 23;
  if (exponent == kExponent) {  // infinity and NaN
    bits += (128u - 16u) << 23;
  } else if (exponent == 0) {  // zero and subnormal: let the subtraction renormalise
    bits += 1u << 23;
    bits = std::bit_cast<std::uint32_t>(std::bit_cast<float>(bits) - std::bit_cast<float>(113u << 23));
  }
  return std::bit_cast<float>(bits | (half & 0x8000u) << 16);
}

/// Float to binary16 bits, rounded to nearest even; beyond 65,519.99 becomes infinity.
inline std::uint16_t toHalf(float value) {
  std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t sign = bits & 0x80000000u;
  bits ^= sign;
  std::uint32_t half = 0;
  if (bits >= (127u + 16u) << 23) {
    half = bits > 255u << 23 ? 0x7E00u : 0x7C00u;
  } else if (bits < 113u << 23) {  // subnormal in half: adding this number shifts and rounds in one step
    constexpr std::uint32_t kAlign = ((127u - 15u) + (23u - 10u) + 1u) << 23;
    half = std::bit_cast<std::uint32_t>(std::bit_cast<float>(bits) + std::bit_cast<float>(kAlign)) - kAlign;
  } else {
    const std::uint32_t odd = bits >> 13 & 1u;
    half = (bits - ((127u - 15u) << 23) + 0xFFFu + odd) >> 13;
  }
  return static_cast<std::uint16_t>(half | sign >> 16);
}

/// bfloat16 bits to float, exact.
inline float fromBrain(std::uint16_t brain) { return std::bit_cast<float>(static_cast<std::uint32_t>(brain) << 16); }

/// Float to bfloat16 bits, rounded to nearest even.
inline std::uint16_t toBrain(float value) {
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
  if ((bits & 0x7FFFFFFFu) > 0x7F800000u) {
    return static_cast<std::uint16_t>(bits >> 16 | 0x40u);  // keeps a NaN whose low half held its payload
  }
  return static_cast<std::uint16_t>((bits + 0x7FFFu + (bits >> 16 & 1u)) >> 16);
}

}  // namespace lix::nn
