#pragma once
#include <string>
#include <vector>

#include "imaging/image.h"

namespace lix::study::doctor {

/// Drawn pictures whose captions are known to be true.
struct Specimen {
  imaging::Image picture;
  std::string caption;  ///< "A photo of a red circle."
};

/// Eight single objects, no two with the same shape and colour, for a tower of `size` pixels: larger than that and of
/// other shapes, so that resizing and cropping count; the first is tall enough for Pillow's other pass order.
std::vector<Specimen> specimens(int size);

}  // namespace lix::study::doctor
