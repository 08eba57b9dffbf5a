#pragma once
#include "imaging/image.h"

namespace lix::imaging {

enum class Filter { Bilinear, Bicubic };

/// Which pass runs first, which matters because the result is rounded to 8 bits in between: Pillow 13 runs the vertical
/// pass first where the height shrinks by more than twice as much as the width; up to 12.3 the horizontal one always
/// came first.
enum class PassOrder { Pillow13, HorizontalFirst };

/// Antialiased resize, bit for bit what Pillow's `Image.resize` gives for 8-bit RGB with BILINEAR or BICUBIC (a =
/// -0.5): fixed-point weights of 22 bits, a uint8 picture between the passes, a pass skipped where its size is
/// unchanged. Sizes must be positive, the picture not empty.
Image resize(const Image& image, int width, int height, Filter filter, PassOrder order = PassOrder::Pillow13);

}  // namespace lix::imaging
