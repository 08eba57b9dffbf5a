#pragma once
#include <filesystem>

#include "base/progress.h"
#include "base/result.h"
#include "study/doctor/report.h"

namespace lix::study::doctor {

/// Whether a path is a checkpoint rather than data, by names alone: a file of weights or an index of shards, a folder with
/// config.json, open_clip_config.json, model_config.json or weights. Asks the disk.
bool looksLikeCheckpoint(const std::filesystem::path& path);

/// Looks at a checkpoint or a dataset. A thing that is refused is a report too; this fails only where `progress` asks to
/// stop, where there is nothing at the path, or memory ends. No LibTorch in this header.
Result<Report> examine(const std::filesystem::path& path, const Progress& progress = {});

}  // namespace lix::study::doctor
