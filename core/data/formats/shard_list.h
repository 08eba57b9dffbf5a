#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace lix::data {

/// Whether a text names shards by a pattern ("{00000..00012}.tar", "a/{0..3}.tar::b/{0..3}.tar", "{a,b}.tar") and is no
/// file.
bool isShardPattern(const std::string& text);

/// The same with every part as an absolute path, so that it is found from everywhere. Addresses (https:, s3:, pipe:)
/// are refused: nothing is downloaded here.
Result<std::string> absoluteShardPattern(const std::string& text);

/// The files that a pattern names, in its order; "{00..12}" keeps its zeros. More than a million names are refused
/// before any is made.
Result<std::vector<std::string>> expandShards(const std::string& pattern);

/// Orders names as people count: 2.tar before 10.tar.
bool countsBefore(const std::string& a, const std::string& b);

/// The .tar files in a folder and the folders in it, in counting order, as paths from the folder on.
Result<std::vector<std::string>> listShards(const std::filesystem::path& folder);

}  // namespace lix::data
