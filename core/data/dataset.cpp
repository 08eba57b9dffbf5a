#include "data/dataset.h"

#include "base/contracts.h"
#include "base/random.h"
#include "base/text.h"
#include "data/key_index.h"
#include "data/open_kept.h"
#include "data/source.h"

namespace lix::data {
namespace {

const Source* sourceNamed(const std::string& id) {
  for (const Source* source : sources::table()) {
    if (source->id == id) {
      return source;
    }
  }
  return nullptr;
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

Result<Dataset> open(const DatasetSpec& spec, const std::string& name) { return open(spec, name, Keeping{}); }

Result<Dataset> open(const DatasetSpec& spec, const std::string& name, const Keeping& keeping) {
  const Source* source = sourceNamed(spec.kind);
  if (!source) {
    std::vector<std::string> ids;
    for (const Source* known : sources::table()) {
      ids.push_back(known->id);
    }
    return fail(ErrorCode::NotFound,
                cat("There is no kind of dataset '", spec.kind, "'; there are: ", join(ids, ", "), "."));
  }
  const bool isKept = source->openKept != nullptr && !keeping.folder.empty();
  LIX_TRY(Dataset dataset, isKept ? source->openKept(spec, name, keeping) : source->open(spec, name));
  LIX_CHECK(validate(dataset));
  return dataset;
}

}  // namespace lix::data
