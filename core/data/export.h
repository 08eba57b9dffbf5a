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
/// lies in no file of its own (drawn ones, those in shards), and where `progress` asks it to stop.
Result<void> exportTable(const Dataset& dataset, std::span<const std::uint32_t> samples, const std::filesystem::path& file,
                         const Progress& progress = {});

/// Copies samples into a new folder, one folder a class of the label set (nullopt: all beside each other; those without a class
/// into "no class"): files and what lies in shards as they are, drawn pictures as PNG. Names that meet get a number. The folder is there whole or not at
/// all: one that exists and is not empty is refused, and nothing is left where a picture cannot be read or `progress` asks it
/// to stop.
Result<void> exportFolders(const Dataset& dataset, std::span<const std::uint32_t> samples,
                           std::optional<std::size_t> labelSet, const std::filesystem::path& folder,
                           const Progress& progress = {});

/// How shards are written.
struct ShardExport {
  std::optional<std::size_t> labelSet;  ///< whose numbers go into members .cls and names into classnames.txt
  std::size_t perShard = 10'000;
};

/// Writes samples as WebDataset shards into a new folder, in the layout of CLIP_benchmark, which is read here again: a folder a
/// split (train, val, test) with 0.tar, 1.tar, ... and nshards.txt; members .jpg, .png or .webp (as stored, others and drawn
/// ones as PNG), .txt (a caption a line), .cls and .json (the sample's key); classnames.txt and dataset_type.txt. Whole or not
/// at all, as exportFolders.
Result<void> exportShards(const Dataset& dataset, std::span<const std::uint32_t> samples, const ShardExport& wanted,
                          const std::filesystem::path& folder, const Progress& progress = {});

/// Refuses a place that exists already and is no empty folder.
Result<void> checkNewFolder(const std::filesystem::path& folder);

/// The sentence of the error where a person asked an export to stop.
inline constexpr const char* kExportStopped = "The export was stopped; nothing was written.";

}  // namespace lix::data
