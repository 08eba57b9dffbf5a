#pragma once
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "data/check.h"
#include "data/dataset.h"
#include "store/dataset_store.h"
#include "study/suite/catalogue.h"

namespace lix::app {

/// A dataset that was read and is ready to be kept in a workspace.
struct ReadDataset {
  data::Dataset dataset;  ///< without what could not be read, which stands in `skipped`
  std::vector<data::Duplicate> duplicates;
  nlohmann::json about;  ///< counts, label sets, skipped files
  store::DatasetRow row;
};

enum class PictureCheck { Decode, Skip };

/// Reads a dataset and, with Decode, every picture of it once (damaged ones and duplicates across splits are found).
Result<ReadDataset> readDataset(const data::DatasetSpec& spec, const std::string& name, PictureCheck check,
                                const Progress& progress = {});

/// Counts, label sets and skipped files.
nlohmann::json describe(const data::Dataset& dataset);

/// What the catalogue knows a dataset as, by its name and the classes of its first label set.
std::optional<study::Recognised> recogniseDataset(const data::Dataset& dataset);
/// Writes that into its description: "catalogue" (the entry's id) and "looks_like" (a sentence).
void noteCatalogued(const data::Dataset& dataset, nlohmann::json& about);

/// The folder's or the table's own name, also for "pictures/" and ".".
std::string datasetNameFor(const std::filesystem::path& path);

}  // namespace lix::app
