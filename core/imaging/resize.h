#pragma once
#include "imaging/image.h"

namespace lix::imaging {

/// Pillow's filters. Nearest takes one sample; the others are antialiased, wider where the picture shrinks.
enum class Filter { Bilinear, Bicubic, Nearest, Lanczos, Box, Hamming };

/// Whose 8-bit arithmetic is followed, bit for bit.
enum class Kernel {
  Pillow13,    ///< `Image.resize` from Pillow 13 on: weights of 22 bits, and the vertical pass first where the height
               ///< shrinks by more than twice as much as the width
  Pillow12,    ///< the same up to Pillow 12.2: always the horizontal pass first (12.3 as well, but for pictures that are
               ///< more than 100 times as high as wide)
  Torchvision  ///< torchvision's resize of uint8 tensors (at::_upsample_bicubic2d_aa and its like): weights of 16 bits
};

/// Whether a kernel knows a filter: of torchvision's, bilinear and bicubic.
bool canResize(Kernel kernel, Filter filter);

/// Resize of 8-bit RGB with a picture rounded to 8 bits between the passes; a pass is skipped where its size is
/// unchanged. Cubic weights have a = -0.5. Sizes must be positive, the picture not empty, and the kernel must know the
/// filter.
Image resize(const Image& image, int width, int height, Filter filter, Kernel kernel = Kernel::Pillow13);

}  // namespace lix::imaging
