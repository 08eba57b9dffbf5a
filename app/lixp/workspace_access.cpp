#include "lixp/workspace_access.h"

#include "base/text.h"
#include "store/dataset_store.h"

namespace lix::app {

Result<store::Workspace> openWorkspace(const Session& session, store::OpenMode mode) {
  if (!session.workspace.empty()) {
    return store::Workspace::open(session.workspace, mode);
  }
  if (!store::Workspace::isIn(".")) {
    return fail(ErrorCode::NotFound, "The current folder is not a workspace; name one with --workspace DIR.");
  }
  return store::Workspace::open(".", mode == store::OpenMode::Create ? store::OpenMode::ReadWrite : mode);
}

Result<data::DatasetSpec> findDataset(const store::Workspace* workspace, const std::string& name) {
  std::vector<std::string> names{"emoji", "scenes", "symbola"};
  if (workspace != nullptr) {
    const store::DatasetStore datasets(*workspace);
    if (const auto row = datasets.find(name)) {
      return data::DatasetSpec{row->kind, row->path.string(), row->options};
    }
    LIX_TRY(const auto rows, datasets.list());
    for (const auto& row : rows) {
      names.push_back(row.name);
    }
  }
  for (const char* builtIn : {"emoji", "scenes", "symbola"}) {
    if (name == builtIn) {
      return data::DatasetSpec{name, "", "{}"};
    }
  }
  return fail(ErrorCode::NotFound, cat("There is no dataset '", name, "'; there are: ", join(names, ", "),
                                       ". Add yours with 'lixp data add PATH'."));
}

Result<data::Dataset> openDataset(const store::Workspace* workspace, const std::string& name) {
  LIX_TRY(const data::DatasetSpec spec, findDataset(workspace, name));
  return data::open(spec, name);
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

Result<data::Split> splitNamed(const std::string& name) {
  if (name == "train") {
    return data::Split::Train;
  }
  if (name == "validation") {
    return data::Split::Validation;
  }
  if (name == "test") {
    return data::Split::Test;
  }
  return fail(ErrorCode::BadInput, cat("There is no split '", name, "'; choose train, validation or test."));
}

}  // namespace lix::app
