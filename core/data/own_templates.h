#pragma once
#include <filesystem>
#include <optional>

#include "data/dataset.h"

namespace lix::data {

/// The file of prompt templates that came with a dataset, one a line with "{c}" for the class (CLIP_benchmark's
/// zeroshot_classification_templates.txt, in the folder of the shards or above it); nothing where there is none.
std::optional<std::filesystem::path> ownTemplates(const DatasetSpec& spec);

}  // namespace lix::data
