#include <map>
#include <vector>

#include "base/text.h"
#include "imaging/image_header.h"

namespace lix::imaging::detail {
namespace {

enum Tag : std::uint32_t {
  kWidth = 256, kHeight = 257, kCompression = 259, kPhotometric = 262, kStripOffsets = 273, kOrientation = 274,
  kStripBytes = 279, kTileOffsets = 324, kTileBytes = 325
};

/// First directory of a TIFF structure. Values of type BYTE, SHORT and LONG only; everything is checked against the
/// bytes.
class TiffDirectory {
 public:
  explicit TiffDirectory(ByteView file) : file_(file), big_(file.byte(0) == 'M') {
    const std::size_t start = number(4, 4);
    if (!file.has(0, 8) || !file.has(start, 2)) {
      return;
    }
    const std::size_t count = number(start, 2);
    whole_ = file.has(start + 2, count * 12);
    for (std::size_t i = 0; whole_ && i < count; ++i) {
      entries_.emplace(number(start + 2 + i * 12, 2), start + 2 + i * 12);
    }
  }

  bool whole() const { return whole_; }

  /// All values of a tag, or nothing where it is absent, of another type, or outside the file.
  std::vector<std::uint32_t> values(std::uint32_t tag) const {
    const auto found = entries_.find(tag);
    if (found == entries_.end()) {
      return {};
    }
    const std::uint32_t type = number(found->second + 2, 2);
    const std::size_t count = number(found->second + 4, 4), each = type == 1 ? 1 : type == 3 ? 2 : type == 4 ? 4 : 0;
    if (each == 0 || count > file_.size() / each) {
      return {};
    }
    const std::size_t at = count * each <= 4 ? found->second + 8 : number(found->second + 8, 4);
    if (!file_.has(at, count * each)) {
      return {};
    }
    std::vector<std::uint32_t> result(count);
    for (std::size_t i = 0; i < count; ++i) {
      result[i] = number(at + i * each, int(each));
    }
    return result;
  }

  std::uint32_t value(std::uint32_t tag, std::uint32_t otherwise) const {
    const auto all = values(tag);
    return all.empty() ? otherwise : all.front();
  }

 private:
  std::uint32_t number(std::size_t at, int count) const {
    return big_ ? file_.big(at, count) : file_.little(at, count);
  }

  ByteView file_;
  bool big_;
  bool whole_ = false;
  std::map<std::uint32_t, std::size_t> entries_;  // tag -> position of its 12 bytes
};

}  // namespace

int tiffOrientation(ByteView tiff) {
  if (!tiff.startsWith("II") && !tiff.startsWith("MM")) {
    return 1;
  }
  const std::uint32_t value = TiffDirectory(tiff).value(kOrientation, 1);
  return value >= 1 && value <= 8 ? int(value) : 1;
}

Result<ImageHeader> readTiffHeader(ByteView file, std::string_view name) {
  const TiffDirectory directory(file);
  if (!directory.whole()) {
    return truncated(name, "TIFF");
  }
  ImageHeader header{.format = Format::Tiff,
                     .width = directory.value(kWidth, 0),
                     .height = directory.value(kHeight, 0),
                     .orientation = tiffOrientation(file)};
  if (header.width == 0 || header.height == 0) {
    return damaged(name, "its TIFF directory states no size");
  }
  if (directory.value(kPhotometric, 0) == 5) {
    return fail(ErrorCode::Unsupported,
                cat("The picture '", name, "' is a CMYK TIFF, which is not read; convert it to RGB or to JPEG."));
  }
  auto offsets = directory.values(kStripOffsets), lengths = directory.values(kStripBytes);
  if (offsets.empty()) {
    offsets = directory.values(kTileOffsets);
    lengths = directory.values(kTileBytes);
  }
  if (offsets.empty() || offsets.size() != lengths.size()) {
    return damaged(name, "its TIFF directory does not say where the pixels are");
  }
  std::uint64_t stored = 0;
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    if (!file.has(offsets[i], lengths[i])) {
      return truncated(name, "TIFF");
    }
    stored += lengths[i];
  }
  // No compression of TIFF packs more than 2000 : 1 of at least one bit a pixel (deflate and LZW stay below).
  const double ratio = directory.value(kCompression, 1) == 1 ? 1.0 : 2000.0;
  if (double(header.width) * double(header.height) / 8.0 > double(stored) * ratio) {
    return lying(name, header);
  }
  return header;
}

}  // namespace lix::imaging::detail
