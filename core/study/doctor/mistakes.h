#pragma once
#include "base/progress.h"
#include "study/doctor/report.h"
#include "study/eval/embed.h"

namespace lix::study::doctor {

/// Runs the known pairs and makes every mistake with them; fills the report's pairs and mistakes. `folder` holds the
/// tokenizer's files. Fails where `progress` asks to stop. Sizes compare with those of SigLIP's and CLIP's small
/// reference models: activation family 4e-3, tanh or erf 5e-5, epsilon 1e-3, resize 3e-4 to 2e-3, masks 0.3 to 0.5.
Result<void> makeMistakes(const Evaluator& evaluator, const std::filesystem::path& folder, Report& report,
                          const Progress& progress);

}  // namespace lix::study::doctor
