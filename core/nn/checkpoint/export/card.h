#pragma once
#include <string>
#include <vector>

#include "nn/checkpoint/checkpoint.h"
#include "nn/checkpoint/export/export.h"

namespace lix::nn::detail {

/// The model card: README.md with the front matter that hubs read, how to load it, the recipe, the data and what was
/// measured. What is not known is left out.
std::string cardText(const Checkpoint& checkpoint, ExportFormat format, const ModelCard& card,
                     const std::vector<std::string>& notes);

}  // namespace lix::nn::detail
