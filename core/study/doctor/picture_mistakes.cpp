#include "study/doctor/picture_mistakes.h"

#include <utility>

namespace lix::study::doctor {
namespace {
using nn::Preprocess;

void addKernels(const Preprocess& how, std::vector<PictureMistake>& all) {
  using Kernel = Preprocess::Kernel;
  Preprocess wrong = how;
  const bool pillow = how.kernel != Kernel::Torchvision;
  wrong.kernel = pillow ? Kernel::Torchvision : Kernel::Pillow13;
  all.push_back({"torchvision", pillow ? "torchvision's 8-bit pixels in place of Pillow's" : "Pillow's pixels in place of torchvision's", wrong});
  if (pillow) {
    const bool newer = how.kernel == Kernel::Pillow13;
    wrong.kernel = newer ? Kernel::Pillow12 : Kernel::Pillow13;
    all.push_back({"pass_order", newer ? "horizontal pass first, as Pillow up to 12.3" : "pass order of Pillow 13", wrong});
  }
}

}  // namespace

std::vector<PictureMistake> pictureMistakes(const Preprocess& how) {
  const bool squash = how.fit == Preprocess::Fit::Squash, cubic = how.filter == Preprocess::Filter::Bicubic;
  std::vector<PictureMistake> all;
  addKernels(how, all);
  Preprocess wrong = how;
  wrong.filter = cubic ? Preprocess::Filter::Bilinear : Preprocess::Filter::Bicubic;
  all.push_back({"filter", cubic ? "bilinear in place of bicubic" : "bicubic in place of the file's filter", wrong});
  wrong = how;
  wrong.fit = squash ? Preprocess::Fit::ShortestEdgeCrop : Preprocess::Fit::Squash;
  wrong.resizedTo = 0;
  all.push_back({"fit", squash ? "middle cropped in place of squashing" : "squashed in place of keeping the shape", wrong});
  wrong = how;
  const Preprocess siglip = nn::siglipPreprocess(how.size), clip = nn::clipPreprocess(how.size);
  const bool half = how.mean == siglip.mean;
  wrong.mean = half ? clip.mean : siglip.mean;
  wrong.deviation = half ? clip.deviation : siglip.deviation;
  all.push_back({"statistics", half ? "mean and deviation of CLIP" : "mean and deviation 0.5", wrong});
  wrong = how;
  wrong.rescale = 1.0;
  all.push_back({"rescale", "values up to 255 in place of 1", wrong});
  return all;
}

std::vector<imaging::Image> exchanged(std::vector<imaging::Image> pictures) {
  for (imaging::Image& picture : pictures) {
    for (std::size_t i = 0; i + 2 < picture.pixels.size(); i += 3) {
      std::swap(picture.pixels[i], picture.pixels[i + 2]);
    }
  }
  return pictures;
}

}  // namespace lix::study::doctor
