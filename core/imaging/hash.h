#pragma once
#include <array>
#include <bit>
#include <cstdint>

#include "imaging/image.h"

namespace lix::imaging {

/// Hash of size and decoded pixels: equal for the same pixels whatever the file format. Not for security.
std::uint64_t contentHash(const Image& image);

/// 64-bit DCT hash ("pHash"): the picture is squashed to 32 x 32 grey (ITU-R BT.601), its DCT-II is taken, and each of
/// the 8 x 8 lowest frequencies gives one bit: whether it exceeds the median of the 63 without the constant term (whose
/// bit is always 0). Survives rescaling and recompression; a flat picture gives 0. Bit 8 * v + u is frequency u across,
/// v down.
std::uint64_t perceptualHash(const Image& image);

/// Mean colours of a 4 x 4 grid: what the perceptual hash does not see (a red and a blue heart have the same one).
using ColourSketch = std::array<std::uint8_t, 48>;
ColourSketch colourSketch(const Image& image);

/// Mean absolute difference of two sketches in grey levels, 0 to 255.
double colourDistance(const ColourSketch& a, const ColourSketch& b);

inline int hammingDistance(std::uint64_t a, std::uint64_t b) { return std::popcount(a ^ b); }

}  // namespace lix::imaging
