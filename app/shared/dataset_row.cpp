#include "shared/dataset_row.h"

#include <array>

#include "base/text.h"
#include "shared/datasets.h"
#include "study/pack/pack_writer.h"

namespace lix::app {
using nlohmann::json;
namespace fs = std::filesystem;

json describe(const data::Dataset& dataset) {
  json splits, sets = json::array(), skipped = json::array();
  for (const data::Split split : {data::Split::Train, data::Split::Validation, data::Split::Test}) {
    splits[std::string(nameOf(split))] = samplesOf(dataset, split).size();
  }
  std::size_t captions = 0;
  for (const auto& sample : dataset.samples) {
    captions += sample.captions.size();
  }
  for (const auto& set : dataset.labelSets) {
    sets.push_back({{"name", set.name}, {"classes", set.classes.size()}});
  }
  for (const auto& one : dataset.skipped) {
    skipped.push_back({{"key", one.key}, {"reason", one.reason}});
  }
  return {{"name", dataset.name}, {"pictures", dataset.samples.size()}, {"captions", captions},
          {"splits", splits},     {"label_sets", sets},                 {"skipped", skipped}};
}

std::optional<study::Recognised> recogniseDataset(const data::Dataset& dataset) {
  return study::recognise(dataset.name,
                          dataset.labelSets.empty() ? std::vector<std::string>() : dataset.labelSets[0].classes);
}

void noteCatalogued(const data::Dataset& dataset, json& about) {
  const auto known = recogniseDataset(dataset);
  if (!known) {
    return;
  }
  about["catalogue"] = known->entry.id;
  about["looks_like"] = cat(
      "This looks like ", known->entry.title, "; ",
      known->classNames.empty() ? "templates" : "class names, templates", " and metric (", known->entry.metric,
      ") of the catalogue are used unless an evaluation asks for others.");
}

std::string datasetNameFor(const fs::path& path) {
  fs::path normal = fs::absolute(path).lexically_normal();
  if (normal.filename().string().find('{') != std::string::npos) {
    normal = normal.parent_path();  // a pattern of shards is called like their folder
  }
  return (normal.has_filename() ? normal : normal.parent_path()).stem().string();
}

std::string lookedAtSentence(const json& about, const std::string& remedy) {
  const auto looked = about.value("looked_at", std::size_t(0)), pictures = about.value("pictures", std::size_t(0));
  if (looked >= pictures) {
    return {};
  }
  return looked == 0 ? cat("None of its ", pictures, " pictures was decoded to see whether it is whole; ", remedy, ".")
                     : cat("Of its ", pictures, " pictures ", looked, ", spread over the whole, were decoded to see whether ",
                           "they are whole and in one split only; ", remedy, ".");
}

Result<ReadDataset> readDataset(data::Dataset dataset, const data::DatasetSpec& spec, PictureCheck check,
                                const Progress& progress) {
  ReadDataset read;
  std::size_t looked = 0;
  read.dataset = std::move(dataset);
  if (check != PictureCheck::None) {
    const std::size_t most =
        check == PictureCheck::Every ? data::kEveryPicture : data::picturesToCheck(read.dataset.samples.size());
    LIX_TRY(data::CheckedDataset checked, data::checkPictures(std::move(read.dataset), progress, 0, most));
    read.dataset = std::move(checked.dataset);
    read.duplicates = std::move(checked.duplicates);
    looked = checked.looked;
  }
  read.about = describe(read.dataset);
  read.about["looked_at"] = looked;
  noteCatalogued(read.dataset, read.about);
  read.row = {.name = read.dataset.name,
              .kind = spec.kind,
              .path = spec.path.empty() ? fs::path() : fs::absolute(spec.path),
              .options = spec.options,
              .counts = read.about.dump(-1, ' ', false, json::error_handler_t::replace),
              .fingerprint = hex(study::fingerprint(read.dataset))};
  return read;
}

}  // namespace lix::app
