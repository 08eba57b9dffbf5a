#include "base/text.h"
#include "imaging/image_header.h"

namespace lix::imaging::detail {
namespace {

int channelsOf(int colourType) {
  switch (colourType) {
    case 0: case 3: return 1;
    case 2: return 3;
    case 4: return 2;
    case 6: return 4;
    default: return 0;
  }
}

}  // namespace

Result<ImageHeader> readPngHeader(ByteView file, std::string_view name) {
  if (!file.has(0, 33)) {
    return truncated(name, "PNG");
  }
  if (file.big(8, 4) != 13 || !file.startsWith("IHDR", 12)) {
    return damaged(name, "its PNG header is not valid");
  }
  ImageHeader header{.format = Format::Png, .width = file.big(16, 4), .height = file.big(20, 4)};
  const int channels = channelsOf(file.byte(25));
  const std::int64_t bits = file.byte(24);
  constexpr std::int64_t kMost = 0x7fffffff;
  if (header.width < 1 || header.height < 1 || header.width > kMost || header.height > kMost || channels == 0 ||
      bits < 1 || bits > 16) {
    return damaged(name, "its PNG header states an impossible size or colour type");
  }
  std::uint64_t compressed = 0;
  bool ended = false;
  std::size_t at = 8;
  while (!ended && file.has(at, 12)) {
    const std::size_t length = file.big(at, 4);
    if (!file.has(at, length + 12)) {
      break;
    }
    if (file.startsWith("IDAT", at + 4)) {
      compressed += length;
    } else if (file.startsWith("eXIf", at + 4)) {
      header.orientation = tiffOrientation(ByteView(file.bytes().subspan(at + 8, length)));
    }
    ended = file.startsWith("IEND", at + 4);
    at += length + 12;
  }
  if (!ended) {
    return truncated(name, "PNG");
  }
  // Deflate cannot shrink by more than 1032 : 1 (RFC 1951: 258 bytes from two bits).
  const double raw = (double(header.width) * channels * double(bits) / 8.0) * double(header.height);
  if (raw > double(compressed) * 1032.0) {
    return lying(name, header);
  }
  return header;
}

}  // namespace lix::imaging::detail
