#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace lix::app {

/// Captions from a text file, one a line (UTF-8; a byte order mark and CR are dropped). An empty line or another
/// encoding is an error that names the line.
Result<std::vector<std::string>> readCaptions(const std::filesystem::path& file);

}  // namespace lix::app
