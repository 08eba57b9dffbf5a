#pragma once
#include "imaging/image.h"
#include "imaging/resize.h"

namespace lix::imaging {

/// The part of the picture that starts at (x, y); what lies outside the picture is black. Sizes must be positive.
Image crop(const Image& image, int x, int y, int width, int height);

/// How a picture of any shape becomes a square: the shorter side resized to the size and the middle kept (CLIP), or
/// both sides resized on their own (SigLIP).
enum class Fit { CropCentre, Squash };

/// Where the centre crop starts when (side - size) is odd: Hugging Face truncates half of it, torchvision and OpenCLIP
/// round to even, which differs by one pixel where side - size = 3 (mod 4).
enum class CentreRule { Truncate, HalfEven };

struct SquareFit {
  Fit fit = Fit::CropCentre;
  Filter filter = Filter::Bicubic;
  PassOrder order = PassOrder::Pillow13;
  CentreRule centre = CentreRule::Truncate;
};

/// The picture as `size` x `size` pixels. The longer side is truncated to whole pixels, as torchvision does.
Image fitSquare(const Image& image, int size, const SquareFit& how = {});

}  // namespace lix::imaging
