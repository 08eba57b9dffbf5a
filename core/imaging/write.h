#pragma once
#include <filesystem>
#include <string>

#include "base/result.h"
#include "imaging/image.h"

namespace lix::imaging {

/// The picture as the bytes of an 8-bit RGB PNG.
Result<std::string> encodePng(const Image& image);

/// Writes an 8-bit RGB PNG, whole or not at all.
Result<void> writePng(const std::filesystem::path& path, const Image& image);

}  // namespace lix::imaging
