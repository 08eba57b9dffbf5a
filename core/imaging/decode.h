#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

#include "base/result.h"
#include "imaging/image.h"

namespace lix::imaging {

/// What one picture may cost; both are checked before memory is taken.
struct DecodeLimits {
  std::int64_t maxPixels = 100'000'000;
  std::uintmax_t maxBytes = 512ULL << 20;  ///< of the file
};

/// Whether the EXIF orientation turns the picture upright (as viewers show it) or is ignored (as Pillow, OpenCLIP and
/// Hugging Face do, for parity with their numbers).
enum class Orientation { Upright, AsStored };

/// Decodes JPEG, PNG, BMP, WebP, TIFF and PNM by content, whatever the extension says, to 8-bit RGB: grey is
/// replicated, palettes are resolved, 16 bits become their high byte, alpha is composited over white, CMYK JPEG is
/// converted (Adobe polarity; no colour profile is applied), BMP alpha is dropped. Floating-point and CMYK TIFF, GIF
/// and animations are refused. Fails with one sentence that calls the picture `name`; a cut-off or lying file is
/// refused (image_header.h). Thread safe.
Result<Image> decode(std::span<const std::byte> bytes, std::string_view name, const DecodeLimits& limits = {},
                     Orientation orientation = Orientation::Upright);

/// decode() of a file, named by its path.
Result<Image> decodeFile(const std::filesystem::path& path, const DecodeLimits& limits = {},
                         Orientation orientation = Orientation::Upright);

/// decode() for a thumbnail, as decodeFileSmall() does.
Result<Image> decodeSmall(std::span<const std::byte> bytes, std::string_view name, int side, const DecodeLimits& limits = {});

/// decodeFile() for a thumbnail whose longer side is `side`: a JPEG is decoded at 1/2, 1/4 or 1/8 of its size as long as that
/// stays no smaller, in a fraction of the time (libjpeg scales in the frequency domain). Upright.
Result<Image> decodeFileSmall(const std::filesystem::path& path, int side, const DecodeLimits& limits = {});

}  // namespace lix::imaging
