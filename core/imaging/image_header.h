#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace lix::imaging {

enum class Format { Jpeg, Png, Bmp, WebP, Tiff, Pnm };

/// What a picture file says of itself before anything is decoded.
struct ImageHeader {
  Format format = Format::Png;
  std::int64_t width = 0;   ///< as stored, before `orientation` is applied
  std::int64_t height = 0;
  int orientation = 1;  ///< EXIF 1..8; 1 = upright
};

/// Reads size, format and orientation from the first bytes of a file and checks, without decoding, that the file is
/// whole: JPEG ends with EOI and PNG with IEND, strips and chunks lie inside the file, and the compressed bytes can
/// hold the claimed pixels at all. Decoders pad what is missing with grey, so this is the only place where a cut-off
/// file is noticed. Fails with one sentence that calls the picture `name`. Sources: ITU T.81, RFC 2083, RFC 9649,
/// TIFF 6.0, EXIF 2.3.
Result<ImageHeader> readHeader(std::span<const std::byte> bytes, std::string_view name);

namespace detail {

/// Bytes of a file with bounds-checked integers in both byte orders; reading outside gives 0, so check `has` first.
class ByteView {
 public:
  explicit ByteView(std::span<const std::byte> bytes) : bytes_(bytes) {}
  std::size_t size() const { return bytes_.size(); }
  bool has(std::size_t offset, std::size_t count) const { return offset <= size() && count <= size() - offset; }
  std::uint8_t byte(std::size_t offset) const { return offset < size() ? std::uint8_t(bytes_[offset]) : 0; }
  std::uint32_t big(std::size_t offset, int count) const;
  std::uint32_t little(std::size_t offset, int count) const;
  bool startsWith(std::string_view text, std::size_t offset = 0) const;
  ByteView from(std::size_t offset) const { return ByteView(bytes_.subspan(offset < size() ? offset : size())); }
  std::span<const std::byte> bytes() const { return bytes_; }

 private:
  std::span<const std::byte> bytes_;
};

/// The file ends before the picture does.
std::unexpected<Error> truncated(std::string_view name, std::string_view format);
/// The file holds fewer bytes than the size it claims can be stored in.
std::unexpected<Error> lying(std::string_view name, const ImageHeader& header);
/// The file is no valid picture of its format: `what` completes "because ...".
std::unexpected<Error> damaged(std::string_view name, std::string_view what);

/// Orientation tag of the first directory of a TIFF structure (also the payload of EXIF), 1 where there is none.
int tiffOrientation(ByteView tiff);

Result<ImageHeader> readJpegHeader(ByteView file, std::string_view name);
Result<ImageHeader> readPngHeader(ByteView file, std::string_view name);
Result<ImageHeader> readTiffHeader(ByteView file, std::string_view name);

}  // namespace detail
}  // namespace lix::imaging
