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

/// Which pictures are decoded once, so that damaged ones and duplicates across splits are found: every one, those that the
/// size of the set allows (data::picturesToCheck), or none.
enum class PictureCheck { BySize, Every, None };

/// Describes a dataset that was opened from `spec`, and checks its pictures. `about` says as "looked_at" how many.
Result<ReadDataset> readDataset(data::Dataset dataset, const data::DatasetSpec& spec, PictureCheck check,
                                const Progress& progress = {});

/// A sentence where not every picture was looked at, "" where every one was; `remedy` says how more are.
std::string lookedAtSentence(const nlohmann::json& about, const std::string& remedy);

/// Counts, label sets and skipped files.
nlohmann::json describe(const data::Dataset& dataset);

/// What the catalogue knows a dataset as, by its name and the classes of its first label set.
std::optional<study::Recognised> recogniseDataset(const data::Dataset& dataset);
/// Writes that into its description: "catalogue" (the entry's id) and "looks_like" (a sentence).
void noteCatalogued(const data::Dataset& dataset, nlohmann::json& about);

/// The folder's or the table's own name, also for "pictures/" and ".".
std::string datasetNameFor(const std::filesystem::path& path);

}  // namespace lix::app
