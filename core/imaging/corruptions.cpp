#include "imaging/corruptions.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "base/contracts.h"
#include "base/text.h"
#include "imaging/corruption_parts.h"
#include "imaging/hash.h"
#include "imaging/opencv_guard.h"
#include "imaging/resize.h"

namespace lix::imaging {
namespace {

constexpr Corruption kTable[] = {{"gaussian_noise", "Gaussian noise"},
                                 {"shot_noise", "Shot noise"},
                                 {"impulse_noise", "Impulse noise"},
                                 {"defocus_blur", "Defocus blur"},
                                 {"glass_blur", "Glass blur"},
                                 {"motion_blur", "Motion blur"},
                                 {"zoom_blur", "Zoom blur"},
                                 {"fog", "Fog"},
                                 {"brightness", "Brightness"},
                                 {"contrast", "Contrast"},
                                 {"elastic_transform", "Elastic transform"},
                                 {"pixelate", "Pixelate"},
                                 {"jpeg_compression", "JPEG compression"}};
using Work = cv::Mat (*)(const cv::Mat&, const Strength&);
constexpr Work kWork[] = {gaussianNoise,  shotNoise, impulseNoise, defocusBlur, glassBlur,        motionBlur,
                          zoomBlur,       fog,       brightness,   contrast,    elasticTransform, pixelate,
                          jpegCompression};
static_assert(std::size(kTable) == std::size(kWork));

Image framed(const Image& image, int frame) {
  const int shorter = std::min(image.width, image.height);
  if (shorter <= frame) {
    return image;
  }
  const auto side = [&](int length) { return std::max(1, int(std::int64_t(length) * frame / shorter)); };
  return resize(image, side(image.width), side(image.height), Filter::Bicubic);
}

Image toImage(const cv::Mat& picture) {
  Image image{picture.cols, picture.rows, std::vector<std::uint8_t>(picture.total() * 3)};
  cv::Mat bytes(picture.rows, picture.cols, CV_8UC3, image.pixels.data());
  picture.convertTo(bytes, CV_8UC3, 255.0);  // rounds and clips
  LIX_REQUIRE(bytes.data == image.pixels.data());
  return image;
}

}  // namespace

std::span<const Corruption> corruptions() { return kTable; }

Result<const Corruption*> findCorruption(std::string_view name) {
  const auto found = std::ranges::find(kTable, name, &Corruption::name);
  if (found != std::end(kTable)) {
    return found;
  }
  std::vector<std::string> names;
  for (const Corruption& one : kTable) {
    names.emplace_back(one.name);
  }
  return fail(ErrorCode::NotFound, cat("There is no corruption '", name, "'; there are: ", join(names, ", "), "."));
}

Result<Image> corrupt(const Image& image, const Corruption& corruption, int severity, int frame) {
  LIX_REQUIRE(severity >= 1 && severity <= kSeverities && frame > 0 && image.width > 0 && image.height > 0);
  const auto which = std::ranges::find(kTable, corruption.name, &Corruption::name) - std::begin(kTable);
  LIX_REQUIRE(which < std::ssize(kTable));
  const Image small = framed(image, frame);
  return guardOpenCv(cat("making the corruption ", corruption.name), [&]() -> Result<Image> {
    const cv::Mat bytes(small.height, small.width, CV_8UC3, const_cast<std::uint8_t*>(small.pixels.data()));
    cv::Mat picture;
    bytes.convertTo(picture, CV_32FC3, 1.0 / 255.0);
    return toImage(kWork[which](picture, {.severity = severity,
                                          .scale = double(std::min(small.width, small.height)) / kCorruptionFrame,
                                          .seed = contentHash(image)}));
  });
}

}  // namespace lix::imaging
