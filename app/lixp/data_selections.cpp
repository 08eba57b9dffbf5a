#include "lixp/data_selections.h"

#include <numeric>

#include "base/text.h"
#include "data/export.h"
#include "data/key_index.h"
#include "lixp/workspace_access.h"
#include "store/selection_store.h"

namespace lix::app {
namespace {
using nlohmann::json;
namespace fs = std::filesystem;

Result<Output> list(const Session& session, const std::string& dataset) {
  LIX_TRY(const store::Workspace workspace, openWorkspace(session, store::OpenMode::ReadOnly));
  LIX_TRY(const auto rows, store::SelectionStore(workspace).list());
  json all = json::array();
  std::string text;
  for (const auto& row : rows) {
    if (dataset.empty() || row.dataset == dataset) {
      all.push_back({{"dataset", row.dataset}, {"name", row.name}, {"note", row.note}, {"pictures", row.pictures},
                     {"created_at", row.createdAt}, {"changed_at", row.changedAt}});
      text += cat(row.dataset, "  ", row.name, "  ", row.pictures, " pictures", row.note.empty() ? "" : "  " + row.note, "\n");
    }
  }
  return Output{all, text.empty() ? "No selections are kept; the Data page keeps some.\n" : text};
}

struct ExportOrder {
  std::string dataset, selection, labelSet;
  fs::path out;
  bool copies = false, shards = false;
};

struct Asked {
  std::vector<std::uint32_t> samples;
  std::size_t missing = 0;  ///< of the selection: not in the dataset now
};

Result<Asked> askedOf(const data::Dataset& dataset, const store::Workspace* workspace, const ExportOrder& order) {
  Asked asked;
  if (order.selection.empty()) {
    asked.samples.resize(dataset.samples.size());
    std::iota(asked.samples.begin(), asked.samples.end(), 0U);
    return asked;
  }
  if (workspace == nullptr) {
    return fail(ErrorCode::NotFound, cat("There is no workspace here that keeps the selection '", order.selection, "'; name one by --workspace."));
  }
  LIX_TRY(const auto keys, store::SelectionStore(*workspace).keys(order.dataset, order.selection));
  const data::KeyIndex index(dataset.samples);
  for (const std::string& key : keys) {
    const auto found = index.find(key);
    found == index.end() ? void(++asked.missing) : asked.samples.push_back(std::uint32_t(found->second));
  }
  if (asked.samples.empty()) {
    return fail(ErrorCode::NotFound, cat("None of the ", keys.size(), " pictures of the selection '", order.selection,
                                         "' is in the dataset '", order.dataset, "' now."));
  }
  return asked;
}

Result<Output> exportPictures(const Session& session, const ExportOrder& order) {
  std::optional<store::Workspace> workspace;
  if (!session.workspace.empty() || store::Workspace::isIn(".")) {
    LIX_TRY(store::Workspace opened, openWorkspace(session, store::OpenMode::ReadOnly));
    workspace = std::move(opened);
  }
  LIX_TRY(const data::Dataset dataset, openDataset(workspace ? &*workspace : nullptr, order.dataset));
  LIX_TRY(const Asked asked, askedOf(dataset, workspace ? &*workspace : nullptr, order));
  std::optional<std::size_t> labels;
  if ((order.copies || order.shards) && (!dataset.labelSets.empty() || !order.labelSet.empty())) {
    LIX_TRY(labels, dataset.labelSet(order.labelSet));
  }
  if (order.shards) {
    LIX_CHECK(data::exportShards(dataset, asked.samples, {.labelSet = labels}, order.out, session.progress()));
  } else if (order.copies) {
    LIX_CHECK(data::exportFolders(dataset, asked.samples, labels, order.out, session.progress()));
  } else {
    LIX_CHECK(data::exportTable(dataset, asked.samples, order.out, session.progress()));
  }
  const std::string missing = asked.missing == 0 ? "" : cat("; ", asked.missing, " of the selection are not in the dataset now");
  return Output{{{"out", order.out.string()}, {"pictures", asked.samples.size()}, {"missing", asked.missing}},
                cat(order.copies ? "Copied " : "Wrote ", asked.samples.size(), " pictures of ", order.dataset, " into ", order.out.string(), missing, "\n")};
}

}  // namespace

std::vector<CLI::App*> addSelectionVerbs(CLI::App& data, Session& session) {
  auto named = std::make_shared<std::string>();
  CLI::App* listVerb = data.add_subcommand("selections", "List the selections that the Data page keeps");
  listVerb->add_option("dataset", *named, "Of this dataset alone");
  listVerb->callback([&session, named] { session.action = [&session, named] { return list(session, *named); }; });
  auto order = std::make_shared<ExportOrder>();
  CLI::App* exportVerb = data.add_subcommand("export", "Write pictures as a CSV table of paths, captions and classes, as copies in class folders, or as WebDataset shards");
  exportVerb->add_option("name", order->dataset, "Dataset")->required();
  exportVerb->add_option("--selection", order->selection, "A kept selection of it (default: all pictures)");
  exportVerb->add_option("--out", order->out, "The table, or with --copies or --shards a new folder")->required();
  CLI::Option* copies = exportVerb->add_flag("--copies", order->copies, "Copy the pictures, one folder a class");
  exportVerb->add_flag("--shards", order->shards, "Write tar shards that WebDataset, OpenCLIP and CLIP_benchmark read, a folder a split")->excludes(copies);
  exportVerb->add_option("--label-set", order->labelSet, "Whose classes are the folders, or the numbers in shards (default: the first)");
  exportVerb->callback([&session, order] { session.action = [&session, order] { return exportPictures(session, *order); }; });
  return {listVerb, exportVerb};
}

}  // namespace lix::app
