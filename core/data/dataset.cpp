#include "data/dataset.h"

#include <algorithm>
#include <filesystem>

#include "base/contracts.h"
#include "base/random.h"
#include "base/text.h"
#include "data/file_pictures.h"
#include "data/key_index.h"
#include "data/source.h"

namespace lix::data {
namespace {

namespace fs = std::filesystem;

const Source* sourceNamed(const std::string& id) {
  for (const Source* source : sources::table()) {
    if (source->id == id) {
      return source;
    }
  }
  return nullptr;
}

bool readsFiles(const Source& source) { return source.id == "folder" || source.id == "table"; }

std::string builtInNames() {
  std::vector<std::string> names;
  for (const Source* source : sources::table()) {
    if (!readsFiles(*source)) {
      names.push_back(source->id);
    }
  }
  return names.empty() ? "none" : join(names, ", ");
}

bool isTable(const fs::path& path) {
  const std::string extension = lowered(path.extension().string());
  return extension == ".csv" || extension == ".tsv" || extension == ".tab";
}

Result<void> validate(const Dataset& dataset) {
  if (dataset.samples.empty()) {
    const std::string why = dataset.skipped.empty()
                                ? ""
                                : cat(" All ", dataset.skipped.size(), " entries were left out, the first (",
                                      dataset.skipped[0].key, ") because: ", dataset.skipped[0].reason);
    return fail(ErrorCode::BadInput, cat("The dataset '", dataset.name, "' holds no usable picture.", why));
  }
  LIX_REQUIRE(dataset.pictures != nullptr);
  KeyTable keys;
  keys.reserve(dataset.samples.size());
  for (std::size_t i = 0; i < dataset.samples.size(); ++i) {
    const Sample& sample = dataset.samples[i];
    if (!keys.add(i, dataset.samples)) {
      return fail(ErrorCode::BadInput,
                  cat("The dataset '", dataset.name, "' has two pictures with the key '", sample.key, "'."));
    }
    LIX_REQUIRE(sample.labels.size() == dataset.labelSets.size());
    for (std::size_t set = 0; set < sample.labels.size(); ++set) {
      LIX_REQUIRE(sample.labels[set] >= -1 && sample.labels[set] < int(dataset.labelSets[set].classes.size()));
    }
  }
  return {};
}

/// A folder with one table beside images/ (or beside the pictures themselves) is meant as that table.
Result<DatasetSpec> recogniseFolder(const fs::path& folder) {
  std::vector<std::string> tables;
  bool onlyImages = true;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    std::error_code ignored;
    if (fs::is_directory(at->path(), ignored)) {
      onlyImages = onlyImages && at->path().filename() == "images";
    } else if (isTable(at->path())) {
      tables.push_back(at->path().string());
    }
  }
  if (error) {
    return fail(ErrorCode::Io, cat("The folder '", folder.string(), "' cannot be read: ", error.message(), "."));
  }
  if (tables.empty() || !onlyImages) {
    return DatasetSpec{.kind = "folder", .path = folder.string()};
  }
  if (tables.size() > 1) {
    std::sort(tables.begin(), tables.end());
    return fail(ErrorCode::BadInput,
                cat("The folder '", folder.string(), "' has several tables; name one of: ", join(tables, ", "), "."));
  }
  return DatasetSpec{.kind = "table", .path = tables.front()};
}

}  // namespace

Result<std::size_t> Dataset::labelSet(const std::string& named) const {
  if (labelSets.empty()) {
    return fail(ErrorCode::NotFound, cat("The dataset '", name, "' has no labels."));
  }
  if (named.empty()) {
    return 0;
  }
  std::vector<std::string> names;
  for (std::size_t i = 0; i < labelSets.size(); ++i) {
    if (labelSets[i].name == named) {
      return i;
    }
    names.push_back(labelSets[i].name);
  }
  return fail(ErrorCode::NotFound,
              cat("The dataset '", name, "' has no label set '", named, "'; it has: ", join(names, ", "), "."));
}

Split splitOf(std::string_view key, std::uint64_t seed) {
  constexpr std::uint64_t kStreamSplit = 0x73706c6974;  // "split"
  const double draw = Random(seed, kStreamSplit, hash64(key)).uniform();
  return draw < 0.2 ? Split::Test : draw < 0.3 ? Split::Validation : Split::Train;
}

Result<Dataset> open(const DatasetSpec& spec, const std::string& name) {
  const Source* source = sourceNamed(spec.kind);
  if (!source) {
    std::vector<std::string> ids;
    for (const Source* known : sources::table()) {
      ids.push_back(known->id);
    }
    return fail(ErrorCode::NotFound,
                cat("There is no kind of dataset '", spec.kind, "'; there are: ", join(ids, ", "), "."));
  }
  LIX_TRY(Dataset dataset, source->open(spec, name));
  LIX_CHECK(validate(dataset));
  return dataset;
}

Result<DatasetSpec> recognise(const std::string& pathOrName) {
  if (const Source* source = sourceNamed(pathOrName); source && !readsFiles(*source)) {
    return DatasetSpec{.kind = source->id, .path = {}};  // a folder of that name is reached as ./name
  }
  const fs::path path(pathOrName);
  std::error_code error;
  if (fs::is_directory(path, error)) {
    return recogniseFolder(path);
  }
  if (!fs::is_regular_file(path, error)) {
    return fail(ErrorCode::NotFound, cat("There is no file, folder or built-in dataset '", pathOrName,
                                         "'; built in are: ", builtInNames(), "."));
  }
  if (isTable(path) || lowered(path.extension().string()) == ".txt") {
    return DatasetSpec{.kind = "table", .path = pathOrName};
  }
  return fail(ErrorCode::Unsupported,
              cat("The file '", pathOrName, "' is no table (.csv, .tsv); give a table or a folder of class folders."));
}

}  // namespace lix::data
