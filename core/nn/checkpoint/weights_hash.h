#pragma once
#include <filesystem>
#include <string>

#include "base/result.h"

namespace lix::nn {

/// Checkpoint::weightsHash of a checkpoint folder, without making its tensors.
Result<std::string> weightsHash(const std::filesystem::path& folder);

}  // namespace lix::nn
