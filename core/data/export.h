#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>

#include "base/progress.h"
#include "base/result.h"
#include "data/dataset.h"

namespace lix::data {

/// Writes samples as a CSV table: path (absolute), caption (several as a JSON list), a column a label set, split. It can be
/// added as a dataset again and then holds the same. Whole or not at all; an existing file is replaced. Fails where a picture
/// lies in no file (drawn ones), and where `progress` asks it to stop.
Result<void> exportTable(const Dataset& dataset, std::span<const std::uint32_t> samples, const std::filesystem::path& file,
                         const Progress& progress = {});

/// Copies samples into a new folder, one folder a class of the label set (nullopt: all beside each other; those without a class
/// into "no class"): files as they are, drawn pictures as PNG. Names that meet get a number. The folder is there whole or not at
/// all: one that exists and is not empty is refused, and nothing is left where a picture cannot be read or `progress` asks it
/// to stop.
Result<void> exportFolders(const Dataset& dataset, std::span<const std::uint32_t> samples,
                           std::optional<std::size_t> labelSet, const std::filesystem::path& folder,
                           const Progress& progress = {});

/// The sentence of the error where a person asked an export to stop.
inline constexpr const char* kExportStopped = "The export was stopped; nothing was written.";

}  // namespace lix::data
