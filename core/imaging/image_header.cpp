#include "imaging/image_header.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <cstring>

#include "base/text.h"

namespace lix::imaging {
namespace detail {

std::uint32_t ByteView::big(std::size_t offset, int count) const {
  std::uint32_t value = 0;
  for (int i = 0; i < count; ++i) {
    value = value << 8 | byte(offset + i);
  }
  return value;
}

std::uint32_t ByteView::little(std::size_t offset, int count) const {
  std::uint32_t value = 0;
  for (int i = count - 1; i >= 0; --i) {
    value = value << 8 | byte(offset + i);
  }
  return value;
}

bool ByteView::startsWith(std::string_view text, std::size_t offset) const {
  return has(offset, text.size()) && std::memcmp(bytes_.data() + offset, text.data(), text.size()) == 0;
}

std::unexpected<Error> truncated(std::string_view name, std::string_view format) {
  return fail(ErrorCode::BadInput, cat("The picture '", name, "' is cut off: its ", format,
                                       " data ends before the picture does. Copy or download it again."));
}

std::unexpected<Error> lying(std::string_view name, const ImageHeader& header) {
  return fail(ErrorCode::BadInput, cat("The picture '", name, "' claims ", header.width, " x ", header.height,
                                       " pixels, which its few bytes cannot hold; it is damaged or forged."));
}

std::unexpected<Error> damaged(std::string_view name, std::string_view what) {
  return fail(ErrorCode::BadInput, cat("The picture '", name, "' is damaged: ", what, "."));
}

}  // namespace detail

namespace {

using namespace detail;

Result<ImageHeader> readBmpHeader(ByteView file, std::string_view name) {
  constexpr std::size_t kFileHeader = 14;
  if (!file.has(0, kFileHeader + 40) || file.little(kFileHeader, 4) < 40) {
    return damaged(name, "its BMP header is too short");
  }
  ImageHeader header{.format = Format::Bmp};
  header.width = std::int32_t(file.little(18, 4));
  header.height = std::llabs(std::int64_t(std::int32_t(file.little(22, 4))));  // negative = rows top to bottom
  const std::uint32_t bits = file.little(28, 2), compression = file.little(30, 4), start = file.little(10, 4);
  if (header.width <= 0 || header.height <= 0 || bits == 0 || bits > 32) {
    return damaged(name, "its BMP header states an impossible size");
  }
  const bool runLength = compression == 1 || compression == 2;
  if (runLength) {
    return header;  // any size may hide in few bytes; the pixel limit of the caller holds
  }
  const std::uint64_t stride = (std::uint64_t(header.width) * bits + 31) / 32 * 4;
  if (stride > file.size() || std::uint64_t(header.height) > file.size() / stride) {
    return lying(name, header);
  }
  if (!file.has(start, stride * header.height)) {
    return truncated(name, "BMP");
  }
  return header;
}

/// EXIF orientation in the chunks that follow VP8X.
int webpOrientation(ByteView file, std::size_t end) {
  std::size_t at = 12;
  while (at + 8 <= end) {
    const std::uint32_t length = file.little(at + 4, 4);
    if (file.startsWith("EXIF", at) && file.has(at + 8, length)) {
      const std::size_t skip = file.startsWith(std::string_view("Exif\0\0", 6), at + 8) ? 6 : 0;
      return tiffOrientation(file.from(at + 8 + skip));
    }
    at += 8 + std::size_t(length) + (length & 1);
  }
  return 1;
}

Result<ImageHeader> readWebpHeader(ByteView file, std::string_view name) {
  const std::size_t end = std::size_t(file.little(4, 4)) + 8;
  if (!file.has(0, 30) || !file.has(0, end)) {
    return truncated(name, "WebP");
  }
  ImageHeader header{.format = Format::WebP};
  if (file.startsWith("VP8X", 12)) {
    if (file.byte(20) & 0x02) {
      return fail(
          ErrorCode::Unsupported,
          cat("The picture '", name, "' is an animated WebP, which is not read; save one frame as PNG or JPEG."));
    }
    header.width = file.little(24, 3) + 1;
    header.height = file.little(27, 3) + 1;
    header.orientation = webpOrientation(file, end);
  } else if (file.startsWith("VP8L", 12) && file.byte(20) == 0x2f) {
    const std::uint32_t packed = file.little(21, 4);
    header.width = (packed & 0x3fff) + 1;
    header.height = (packed >> 14 & 0x3fff) + 1;
  } else if (file.startsWith("VP8 ", 12) && file.big(23, 3) == 0x9d012a) {
    header.width = file.little(26, 2) & 0x3fff;
    header.height = file.little(28, 2) & 0x3fff;
  } else {
    return damaged(name, "its WebP header is not valid");
  }
  return header;
}

/// One decimal number of a PNM header, after white space and comments; -1 where there is none below 2^31.
std::int64_t pnmNumber(ByteView file, std::size_t& at) {
  while (at < file.size() && (std::isspace(file.byte(at)) || file.byte(at) == '#')) {
    if (file.byte(at) == '#') {
      while (at < file.size() && file.byte(at) != '\n') {
        ++at;
      }
    } else {
      ++at;
    }
  }
  std::int64_t value = -1;
  while (std::isdigit(file.byte(at)) && value < (1LL << 31)) {
    value = (value < 0 ? 0 : value) * 10 + (file.byte(at++) - '0');
  }
  return value < (1LL << 31) ? value : -1;
}

Result<ImageHeader> readPnmHeader(ByteView file, std::string_view name) {
  const char kind = char(file.byte(1));
  std::size_t at = 2;
  ImageHeader header{.format = Format::Pnm};
  header.width = pnmNumber(file, at);
  header.height = pnmNumber(file, at);
  const std::int64_t most = pnmNumber(file, at);
  if (header.width <= 0 || header.height <= 0 || most <= 0 || most > 65535) {
    return damaged(name, "its PNM header is not valid");
  }
  const std::uint64_t channels = kind == '3' || kind == '6' ? 3 : 1;
  // Binary: one or two bytes a sample after one white space. Text: at least a digit and a separator, but for the last.
  const bool binary = kind == '5' || kind == '6';
  const std::uint64_t each = binary ? (most > 255 ? 2 : 1) : 2;
  const std::uint64_t rest = file.size() - std::min(at, file.size()) + (binary ? 0 : 1);
  const std::uint64_t row = std::uint64_t(header.width) * channels * each;
  if (row > rest || std::uint64_t(header.height) > rest / row) {
    return row > rest ? lying(name, header) : truncated(name, "PNM");
  }
  return header;
}

std::unexpected<Error> unknownFormat(ByteView file, std::string_view name) {
  std::string what = "is no picture in a known format";
  if (file.startsWith("GIF8")) {
    what = "is a GIF, which is not read";
  } else if (file.startsWith("ftyp", 4)) {
    what = "is a HEIC, AVIF or MP4 file, which is not read";
  } else if (file.startsWith("<")) {
    what = "is text (SVG or a web page), not a picture in pixels";
  }
  return fail(ErrorCode::Unsupported,
              cat("The file '", name, "' ", what, "; convert it to JPEG, PNG, BMP, WebP, TIFF or PNM."));
}

}  // namespace

Result<ImageHeader> readHeader(std::span<const std::byte> bytes, std::string_view name) {
  const ByteView file(bytes);
  if (bytes.empty()) {
    return fail(ErrorCode::BadInput, cat("The picture '", name, "' is an empty file; copy or download it again."));
  }
  if (file.big(0, 3) == 0xffd8ff) {
    return readJpegHeader(file, name);
  }
  if (file.startsWith("\x89PNG\r\n\x1a\n")) {
    return readPngHeader(file, name);
  }
  if (file.startsWith("BM")) {
    return readBmpHeader(file, name);
  }
  if (file.startsWith("RIFF") && file.startsWith("WEBP", 8)) {
    return readWebpHeader(file, name);
  }
  if (file.startsWith(std::string_view("II*\0", 4)) || file.startsWith(std::string_view("MM\0*", 4))) {
    return readTiffHeader(file, name);
  }
  const char kind = char(file.byte(1));
  if (file.byte(0) == 'P' && (kind == '2' || kind == '3' || kind == '5' || kind == '6') && std::isspace(file.byte(2))) {
    return readPnmHeader(file, name);
  }
  return unknownFormat(file, name);
}

}  // namespace lix::imaging
