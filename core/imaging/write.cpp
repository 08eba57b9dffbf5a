#include "imaging/write.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "base/contracts.h"
#include "base/file.h"
#include "imaging/opencv_guard.h"

namespace lix::imaging {

Result<std::string> encodePng(const Image& image) {
  LIX_REQUIRE(image.width > 0 && image.height > 0);
  return guardOpenCv("encoding a PNG", [&]() -> Result<std::string> {
    const cv::Mat rgb(image.height, image.width, CV_8UC3, const_cast<std::uint8_t*>(image.pixels.data()));
    cv::Mat bgr;
    cv::cvtColor(rgb, bgr, cv::COLOR_RGB2BGR);
    std::vector<std::uint8_t> bytes;
    if (!cv::imencode(".png", bgr, bytes)) {
      return fail(ErrorCode::Io, "A picture could not be encoded as PNG.");
    }
    return std::string(bytes.begin(), bytes.end());
  });
}

Result<void> writePng(const std::filesystem::path& path, const Image& image) {
  LIX_TRY(const std::string bytes, encodePng(image));
  return writeFile(path, bytes);
}

}  // namespace lix::imaging
