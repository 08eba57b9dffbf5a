#include "shared/datasets.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "data/open_kept.h"
#include "store/dataset_store.h"

namespace lix::app {
namespace {

constexpr std::array kBuiltIn{"emoji", "scenes", "symbola"};
constexpr std::array kSplits{data::Split::Train, data::Split::Validation, data::Split::Test};

}  // namespace

Result<std::vector<std::string>> datasetNames(const store::Workspace* workspace) {
  std::vector<std::string> names(kBuiltIn.begin(), kBuiltIn.end());
  if (workspace != nullptr) {
    LIX_TRY(const auto rows, store::DatasetStore(*workspace).list());
    for (const auto& row : rows) {
      if (std::ranges::find(names, row.name) == names.end()) {
        names.push_back(row.name);
      }
    }
  }
  return names;
}

Result<data::DatasetSpec> findDataset(const store::Workspace* workspace, const std::string& name) {
  if (workspace != nullptr) {
    if (const auto row = store::DatasetStore(*workspace).find(name)) {
      return data::DatasetSpec{row->kind, row->path.string(), row->options};
    }
  }
  if (std::ranges::find(kBuiltIn, name) != kBuiltIn.end()) {
    return data::DatasetSpec{name, "", "{}"};
  }
  LIX_TRY(const auto names, datasetNames(workspace));
  return fail(ErrorCode::NotFound, cat("There is no dataset '", name, "'; there are: ", join(names, ", "),
                                       ". Add yours with 'lixp data add PATH'."));
}

Result<data::Dataset> openDataset(const store::Workspace* workspace, const std::string& name) {
  LIX_TRY(const data::DatasetSpec spec, findDataset(workspace, name));
  return workspace == nullptr ? data::open(spec, name)
                              : data::open(spec, name, data::Keeping{workspace->cache(), workspace->isReadOnly()});
}

std::vector<std::size_t> samplesOf(const data::Dataset& dataset, data::Split split,
                                   std::optional<std::size_t> labelSet) {
  std::vector<std::size_t> samples;
  for (std::size_t i = 0; i < dataset.samples.size(); ++i) {
    const data::Sample& sample = dataset.samples[i];
    if (sample.split == split && (!labelSet || sample.labels[*labelSet] >= 0)) {
      samples.push_back(i);
    }
  }
  return samples;
}

std::string_view nameOf(data::Split split) {
  switch (split) {
    case data::Split::Train:
      return "train";
    case data::Split::Validation:
      return "validation";
    case data::Split::Test:
      return "test";
  }
  return "";
}

Result<data::Split> splitNamed(const std::string& name) {
  for (const data::Split split : kSplits) {
    if (name == nameOf(split)) {
      return split;
    }
  }
  return fail(ErrorCode::BadInput, cat("There is no split '", name, "'; choose train, validation or test."));
}

}  // namespace lix::app
