#pragma once
#include "imaging/image.h"
#include "imaging/resize.h"

namespace lix::imaging {

/// The part of the picture that starts at (x, y); what lies outside the picture is `fill` in all channels. Sizes must be
/// positive.
Image crop(const Image& image, int x, int y, int width, int height, std::uint8_t fill = 0);

/// How a picture of any shape becomes a square: the shorter side resized to the size and the middle kept (CLIP), both
/// sides resized on their own (SigLIP), or the longer side resized to the size and the rest filled (OpenCLIP's longest).
enum class Fit { CropCentre, Squash, PadLongest };

/// Where the centre crop starts when (side - size) is odd: Hugging Face truncates half of it, torchvision and OpenCLIP
/// round to even, which differs by one pixel where side - size = 3 (mod 4). Of an odd rest that is filled, OpenCLIP and
/// transformers' torchvision backend put the smaller half first, its Pillow backend the larger.
enum class CentreRule { Truncate, HalfEven };

struct SquareFit {
  Fit fit = Fit::CropCentre;
  Filter filter = Filter::Bicubic;
  Kernel kernel = Kernel::Pillow13;
  CentreRule centre = CentreRule::Truncate;
  int resized = 0;  ///< side that the picture is resized to before the crop; 0 = the size
  std::uint8_t fill = 0;
};

/// The picture as `size` x `size` pixels. The longer side is truncated to whole pixels, as torchvision does; of
/// PadLongest both are rounded half to even, at least to 1.
Image fitSquare(const Image& image, int size, const SquareFit& how = {});

}  // namespace lix::imaging
