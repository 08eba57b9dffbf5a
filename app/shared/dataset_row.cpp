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

Result<ReadDataset> readDataset(const data::DatasetSpec& spec, const std::string& name, PictureCheck check,
                                const Progress& progress) {
  ReadDataset read;
  LIX_TRY(read.dataset, data::open(spec, name));
  if (check == PictureCheck::Decode) {
    LIX_TRY(data::CheckedDataset checked, data::checkPictures(read.dataset, progress));
    read.dataset = std::move(checked.dataset);
    read.duplicates = std::move(checked.duplicates);
  }
  read.about = describe(read.dataset);
  noteCatalogued(read.dataset, read.about);
  read.row = {.name = name,
              .kind = spec.kind,
              .path = spec.path.empty() ? fs::path() : fs::absolute(spec.path),
              .options = spec.options,
              .counts = read.about.dump(-1, ' ', false, json::error_handler_t::replace),
              .fingerprint = hex(study::fingerprint(read.dataset))};
  return read;
}

}  // namespace lix::app
