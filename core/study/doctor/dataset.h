#pragma once
#include <filesystem>

#include "base/progress.h"
#include "base/result.h"
#include "study/doctor/report.h"

namespace lix::study::doctor {

/// So many pictures, spread evenly, are decoded of a dataset.
inline constexpr std::size_t kPicturesTried = 64;

/// examine() of a dataset: what recognise() and open() make of it, and a sample of its pictures.
Result<Report> examineDataset(const std::filesystem::path& path, const Progress& progress);

}  // namespace lix::study::doctor
