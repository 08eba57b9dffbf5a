#include <cstring>

#include "base/text.h"
#include "imaging/image_header.h"

namespace lix::imaging::detail {
namespace {

constexpr int kStartOfImage = 0xd8, kEndOfImage = 0xd9, kStartOfScan = 0xda, kExif = 0xe1;

bool standsAlone(int marker) { return marker == 0x01 || (marker >= 0xd0 && marker <= 0xd7) || marker == kStartOfImage; }
bool startsFrame(int marker) {
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/// Position after the next marker at or behind `at`, which is written to `marker`; nothing found: the end of the file.
/// Between segments stray bytes are skipped, inside a scan FF00 and restart markers belong to the data.
std::size_t nextMarker(ByteView file, std::size_t at, int& marker) {
  const auto* data = reinterpret_cast<const unsigned char*>(file.bytes().data());
  marker = 0;
  while (at + 1 < file.size()) {
    const void* found = std::memchr(data + at, 0xff, file.size() - 1 - at);
    if (!found) {
      return file.size();
    }
    at = std::size_t(static_cast<const unsigned char*>(found) - data) + 1;
    if (data[at] == 0xff || data[at] == 0 || (data[at] >= 0xd0 && data[at] <= 0xd7)) {
      continue;  // fill byte, stuffed zero, restart
    }
    marker = data[at];
    return at + 1;
  }
  return file.size();
}

struct JpegWalk {
  ImageHeader header{.format = Format::Jpeg};
  int frame = 0;               ///< marker of the frame header, 0 = none seen
  std::size_t scanBytes = 0;   ///< entropy-coded bytes of all scans
  bool ended = false;
};

void readSegment(ByteView file, std::size_t at, std::size_t length, int marker, JpegWalk& walk) {
  if (startsFrame(marker) && walk.frame == 0 && length >= 8) {
    walk.frame = marker;
    walk.header.height = file.big(at + 3, 2);
    walk.header.width = file.big(at + 5, 2);
  } else if (marker == kExif && file.startsWith(std::string_view("Exif\0\0", 6), at + 2) && length > 8) {
    walk.header.orientation = tiffOrientation(ByteView(file.bytes().subspan(at + 8, length - 8)));
  }
}

}  // namespace

Result<ImageHeader> readJpegHeader(ByteView file, std::string_view name) {
  JpegWalk walk;
  int marker = 0;
  std::size_t at = nextMarker(file, 2, marker);
  while (marker != 0 && !walk.ended) {
    if (marker == kEndOfImage) {
      walk.ended = true;
      break;
    }
    std::size_t next = at;
    if (!standsAlone(marker)) {
      const std::size_t length = file.big(at, 2);
      if (length < 2 || !file.has(at, length)) {
        return truncated(name, "JPEG");
      }
      readSegment(file, at, length, marker, walk);
      next = at + length;
    }
    const bool scan = marker == kStartOfScan;
    at = nextMarker(file, next, marker);
    walk.scanBytes += scan ? at - next : 0;
  }
  if (walk.frame == 0) {
    return walk.ended ? Result<ImageHeader>(damaged(name, "it is a JPEG without a frame header"))
                      : Result<ImageHeader>(truncated(name, "JPEG"));
  }
  if (walk.header.width == 0 || walk.header.height == 0) {
    return damaged(name, "its JPEG header states a size of zero");
  }
  // Huffman coding spends at least one bit on each 8 x 8 block; arithmetic coding (SOF9 and later) has no such bound.
  const std::int64_t blocks = (walk.header.width + 7) / 8 * ((walk.header.height + 7) / 8);
  if (walk.frame < 0xc9 && blocks / 8 > std::int64_t(walk.scanBytes)) {
    return lying(name, walk.header);
  }
  if (!walk.ended) {
    return truncated(name, "JPEG");
  }
  return walk.header;
}

}  // namespace lix::imaging::detail
