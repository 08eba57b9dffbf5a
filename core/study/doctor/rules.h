#pragma once
#include "nn/checkpoint/import/source.h"
#include "nn/checkpoint/preprocess.h"
#include "nn/config.h"
#include "study/doctor/report.h"

namespace lix::study::doctor {

/// What of an open checkpoint is unusual for its family as published, and so may be a mistake: findings that are
/// indications.
void compareWithFamily(const nn::detail::Source& source, const nn::ModelConfig& config, const nn::Preprocess& preprocess,
                       Report& report);

}  // namespace lix::study::doctor
