#pragma once
#include <array>
#include <filesystem>

#include "base/result.h"

namespace lix::app {

/// A checkpoint that comes with the program.
struct ShippedModel {
  const char* folder;
  const char* label;  ///< of its curves
};
inline constexpr std::array<ShippedModel, 4> kShippedModels{{{"siglip-tiny-emoji", "SigLIP"},
                                                             {"siglixp-tiny-emoji", "SigLIxP"},
                                                             {"siglip-continued-tiny-emoji", "SigLIP continued"},
                                                             {"llip16-tiny-emoji", "Llip_16"}}};

/// Where the shipped checkpoints lie: LIX_MODELS, else share/lixplorer/models beside the program's folder, else the
/// source tree. The error names those that are missing.
Result<std::filesystem::path> modelsFolder();

}  // namespace lix::app
