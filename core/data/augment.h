#pragma once
#include <cstdint>

#include "base/random.h"

namespace lix::data {

/// A part of a square picture in pixels; edges may lie between pixels.
struct CropBox {
  double x = 0.0;
  double y = 0.0;
  double width = 0.0;
  double height = 0.0;
};

/// The middle of the picture: `fraction` of each side, 1 = all of it.
CropBox centreCrop(int sourceSize, double fraction = 1.0);

/// A box as torchvision's RandomResizedCrop draws it: area uniform in (minScale, 1) of the picture, log aspect ratio
/// uniform in (3/4, 4/3), place uniform (between pixels too); after ten boxes that do not fit, the whole picture.
CropBox drawCrop(Random& random, int sourceSize, double minScale);

/// Resamples a box of a square RGB picture to [3, outSize, outSize] and normalises it: (value / 255 - mean) / std.
/// `source` is 8-bit, rows top to bottom, interleaved, sourceSize * sourceSize * 3 bytes. Triangle filter that widens
/// with the reduction, so that shrinking does not alias; with the box of the whole picture and equal sizes it copies
/// exactly. `flip` mirrors left-right. The box must lie inside the picture. Writes only `out`; safe from several
/// threads.
void augment(const std::uint8_t* source, int sourceSize, const CropBox& box, bool flip, float* out, int outSize,
             const float mean[3], const float std[3]);

}  // namespace lix::data
