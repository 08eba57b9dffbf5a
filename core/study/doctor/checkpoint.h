#pragma once
#include <filesystem>

#include "base/progress.h"
#include "base/result.h"
#include "study/doctor/report.h"

namespace lix::study::doctor {

/// examine() of a checkpoint, before the verdict of what is not refused.
Result<Report> examineCheckpoint(const std::filesystem::path& path, const Progress& progress);

}  // namespace lix::study::doctor
