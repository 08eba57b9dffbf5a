#include "imaging/decode.h"

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>

#include "base/file.h"
#include "base/text.h"
#include "imaging/image_header.h"
#include "imaging/opencv_guard.h"

namespace lix::imaging {
namespace {

void compositeOverWhite(const cv::Mat& bgra, Image& image) {
  for (int y = 0; y < bgra.rows; ++y) {
    const std::uint8_t* in = bgra.ptr(y);
    std::uint8_t* out = image.row(y);
    for (int x = 0; x < bgra.cols; ++x, in += 4, out += 3) {
      const int alpha = in[3], white = 255 * (255 - alpha) + 127;
      out[0] = std::uint8_t((in[2] * alpha + white) / 255);
      out[1] = std::uint8_t((in[1] * alpha + white) / 255);
      out[2] = std::uint8_t((in[0] * alpha + white) / 255);
    }
  }
}

cv::Mat turned(const cv::Mat& stored, int orientation) {
  cv::Mat result = stored;
  if (orientation >= 5) {  // 5..8 swap the axes first
    cv::transpose(stored, result);
  }
  constexpr int kNone = 2;
  // Flip codes after the transpose: 1 mirrors left-right, 0 top-bottom, -1 both.
  constexpr int kFlips[9] = {kNone, kNone, 1, -1, 0, kNone, 1, -1, 0};
  if (kFlips[orientation] != kNone) {
    cv::Mat flipped;
    cv::flip(result, flipped, kFlips[orientation]);
    return flipped;
  }
  return result;
}

/// The turn that is left to do: OpenCV's TIFF reader turns the picture itself whatever the flags, all others never do.
int turnFor(const ImageHeader& header, Orientation orientation) {
  constexpr int kInverse[9] = {1, 1, 2, 3, 4, 5, 8, 7, 6};
  if (header.format == Format::Tiff) {
    return orientation == Orientation::Upright ? 1 : kInverse[header.orientation];
  }
  return orientation == Orientation::Upright ? header.orientation : 1;
}

/// 8-bit BGR, BGRA or grey of any size to our interleaved RGB.
Image toImage(const cv::Mat& mat) {
  Image image{mat.cols, mat.rows, std::vector<std::uint8_t>(std::size_t(mat.cols) * mat.rows * 3)};
  if (mat.channels() == 4) {
    compositeOverWhite(mat, image);
    return image;
  }
  cv::Mat view(mat.rows, mat.cols, CV_8UC3, image.pixels.data());
  cv::cvtColor(mat, view, mat.channels() == 1 ? cv::COLOR_GRAY2RGB : cv::COLOR_BGR2RGB);
  return image;
}

/// By how much a JPEG can be reduced while it is decoded so that its longer side stays at least `side`; 0 asks for all.
int reductionFor(const ImageHeader& header, int side) {
  const std::int64_t longer = std::max<std::int64_t>(header.width, header.height);
  if (header.format != Format::Jpeg || side <= 0) {
    return 1;
  }
  return longer / 8 >= side ? 8 : longer / 4 >= side ? 4 : longer / 2 >= side ? 2 : 1;
}

int reducedFlag(int reduction) {
  return cv::IMREAD_IGNORE_ORIENTATION | (reduction == 8   ? cv::IMREAD_REDUCED_COLOR_8
                                          : reduction == 4 ? cv::IMREAD_REDUCED_COLOR_4
                                                           : cv::IMREAD_REDUCED_COLOR_2);
}

Result<cv::Mat> pixelsOf(std::span<const std::byte> bytes, std::string_view name, const ImageHeader& header, int side) {
  const cv::Mat raw(1, int(bytes.size()), CV_8UC1, const_cast<std::byte*>(bytes.data()));
  // BMP: the fourth byte of 32-bit files is usually unused and zero, so it is no alpha.
  const int reduction = reductionFor(header, side);
  const int flags = reduction > 1                  ? reducedFlag(reduction)
                    : header.format == Format::Bmp ? cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION
                                                   : cv::IMREAD_UNCHANGED;
  cv::Mat mat = cv::imdecode(raw, flags);
  if (mat.empty()) {
    return detail::damaged(name, "its pixels could not be decoded");
  }
  if (mat.depth() == CV_16U) {
    mat.convertTo(mat, CV_8U, 1.0 / 256.0, 1.0 / 512.0 - 0.5);  // rounds to the high byte, which Pillow takes
  }
  if (mat.depth() != CV_8U || mat.channels() == 2 || mat.channels() > 4) {
    return fail(ErrorCode::Unsupported,
                cat("The picture '", name, "' has ", mat.channels(), " channels of ", 8 * mat.elemSize1(),
                    " bits, which are not read; save it with 8 or 16 bits as grey or RGB."));
  }
  return mat;
}

Result<Image> decodeAt(std::span<const std::byte> bytes, std::string_view name, const DecodeLimits& limits,
                       Orientation orientation, int side) {
  LIX_TRY(const ImageHeader header, readHeader(bytes, name));
  if (header.width > limits.maxPixels || header.height > limits.maxPixels / header.width) {
    return fail(ErrorCode::BadInput, cat("The picture '", name, "' claims ", header.width, " x ", header.height,
                                         " pixels, more than the limit of ", limits.maxPixels, "; make it smaller."));
  }
  if (bytes.size() > limits.maxBytes || bytes.size() > 0x7fffffff) {
    return fail(ErrorCode::BadInput, cat("The picture '", name, "' has ", bytes.size(),
                                         " bytes, more than the limit of ", limits.maxBytes, "; make it smaller."));
  }
  return guardOpenCv(cat("decoding the picture '", name, "'"), [&]() -> Result<Image> {
    LIX_TRY(cv::Mat mat, pixelsOf(bytes, name, header, side));
    return toImage(turned(mat, turnFor(header, orientation)));
  });
}

}  // namespace

Result<Image> decode(std::span<const std::byte> bytes, std::string_view name, const DecodeLimits& limits,
                     Orientation orientation) {
  return decodeAt(bytes, name, limits, orientation, 0);
}

Result<Image> decodeSmall(std::span<const std::byte> bytes, std::string_view name, int side, const DecodeLimits& limits) {
  return decodeAt(bytes, name, limits, Orientation::Upright, side);
}

Result<Image> decodeFileSmall(const std::filesystem::path& path, int side, const DecodeLimits& limits) {
  LIX_TRY(const std::string text, readFile(path, limits.maxBytes));
  return decodeSmall(std::as_bytes(std::span(text.data(), text.size())), path.string(), side, limits);
}

Result<Image> decodeFile(const std::filesystem::path& path, const DecodeLimits& limits, Orientation orientation) {
  LIX_TRY(const std::string text, readFile(path, limits.maxBytes));
  return decode(std::as_bytes(std::span(text.data(), text.size())), path.string(), limits, orientation);
}

}  // namespace lix::imaging
