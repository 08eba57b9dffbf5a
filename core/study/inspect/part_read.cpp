// The part of a picture that the image tower reads.
#include <algorithm>
#include <cmath>

#include "base/contracts.h"
#include "imaging/transform.h"
#include "study/eval/embed.h"
#include "study/inspect/inspect.h"

namespace lix::study {
namespace {

struct Part {
  int left = 0, top = 0, width = 0, height = 0;
};

Part partOf(const Evaluator& evaluator, int width, int height) {
  const nn::ModelConfig& config = evaluator.checkpoint.model.config;
  Part part{0, 0, width, height};
  if (evaluator.preprocess.fit == nn::Preprocess::Fit::ShortestEdgeCrop) {
    const int side = std::min(width, height);
    part = {(width - side) / 2, (height - side) / 2, side, side};
  }
  // Pixels right of and below the last whole patch are not read.
  const double whole = double(config.gridSide()) * config.patch / config.imageSize;
  part.width = std::max(1, int(std::lround(part.width * whole)));
  part.height = std::max(1, int(std::lround(part.height * whole)));
  return part;
}

}  // namespace

imaging::Image asRead(const Evaluator& evaluator, const imaging::Image& picture) {
  return fitted(picture, evaluator.preprocess);
}

imaging::Image partRead(const Evaluator& evaluator, const imaging::Image& picture) {
  const Part part = partOf(evaluator, picture.width, picture.height);
  return imaging::crop(picture, part.left, part.top, part.width, part.height);
}

imaging::Mask partRead(const Evaluator& evaluator, const imaging::Mask& mask) {
  LIX_REQUIRE(mask.width > 0 && mask.height > 0 &&
              mask.values.size() == std::size_t(mask.width) * std::size_t(mask.height));
  const Part part = partOf(evaluator, mask.width, mask.height);
  imaging::Mask read{part.width, part.height, {}};
  read.values.reserve(std::size_t(part.width) * std::size_t(part.height));
  for (int y = part.top; y < part.top + part.height; ++y) {
    const auto row = mask.values.begin() + std::ptrdiff_t(y) * mask.width + part.left;
    read.values.insert(read.values.end(), row, row + part.width);
  }
  return read;
}

}  // namespace lix::study
