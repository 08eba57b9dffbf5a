#include "base/file.h"
#include "base/text.h"
#include "data/open_kept.h"
#include "lixp/data_features.h"
#include "lixp/data_selections.h"
#include "lixp/workspace_access.h"
#include "nn/checkpoint/checkpoint.h"
#include "nn/config.h"
#include "nn/ops/tensor.h"
#include "nn/recipe.h"
#include "nn/text/tokenizer.h"
#include "shared/dataset_row.h"
#include "store/dataset_store.h"
#include "study/prepare/prepare.h"

namespace lix::app {
namespace {
using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::size_t kSkippedShown = 10;

std::string inWords(const json& about) {
  std::string text = cat(about["name"].get<std::string>(), ": ", about["pictures"], " pictures, ", about["captions"], " captions (train ", about["splits"]["train"],
                         ", validation ", about["splits"]["validation"], ", test ", about["splits"]["test"], ")\n");
  for (const auto& set : about["label_sets"]) {
    text += cat("  label set ", set["name"].get<std::string>(), ": ", set["classes"], " classes\n");
  }
  if (about.contains("looks_like")) {
    text += cat("  ", about["looks_like"].get<std::string>(), "\n");
  }
  const auto& skipped = about["skipped"];
  if (!skipped.empty()) {
    text += cat("  skipped: ", skipped.size(), "\n");
  }
  for (std::size_t i = 0; i < std::min(skipped.size(), kSkippedShown); ++i) {
    text += cat("    ", skipped[i]["key"].get<std::string>(), ": ", skipped[i]["reason"].get<std::string>(), "\n");
  }
  return text + (skipped.size() > kSkippedShown ? cat("    and ", skipped.size() - kSkippedShown, " more (--json lists all)\n") : "");
}

struct AddOrder {
  fs::path path;
  std::string name, options = "{}";
  bool unchecked = false, checkAll = false;
};

/// Where a workspace is already, what a long reading finds is kept in it.
Result<data::Dataset> openForAdding(const Session& session, const data::DatasetSpec& spec, const std::string& name) {
  data::Keeping keeping;
  if (!session.workspace.empty() ? store::Workspace::isIn(session.workspace) : store::Workspace::isIn(".")) {
    LIX_TRY(const store::Workspace workspace, openWorkspace(session, store::OpenMode::ReadOnly));
    keeping.folder = workspace.cache();
  }
  return data::open(spec, name, keeping);
}

/// What was read, in words and numbers.
Output told(ReadDataset read) {
  json duplicates = json::array();
  for (const auto& pair : read.duplicates) {
    duplicates.push_back(json{{"first", read.dataset.samples[pair.first].key},
                              {"second", read.dataset.samples[pair.second].key},
                              {"kind", pair.kind == data::DuplicateKind::Exact ? "exact" : "near"}});
  }
  json about = std::move(read.about);
  about["duplicates_across_splits"] = duplicates;
  std::string text = inWords(about);
  if (const std::string looked = lookedAtSentence(about, "--check-all, or later 'lixp data check " + about["name"].get<std::string>() + "', decodes every one"); !looked.empty()) {
    text += cat("  ", looked, "\n");
  }
  if (!duplicates.empty()) {
    text += cat("  ", duplicates.size(), " pictures stand in two splits (or nearly so); the first: ", duplicates[0]["first"].get<std::string>(), " and ",
                duplicates[0]["second"].get<std::string>(), ". Results on such a split flatter; --json lists all.\n");
  }
  return Output{about, text};
}

Result<Output> add(const Session& session, const AddOrder& order) {
  LIX_TRY(data::DatasetSpec spec, data::recognise(order.path.string()));
  spec.options = order.options;
  const std::string name = order.name.empty() ? datasetNameFor(order.path) : order.name;
  LIX_TRY(data::Dataset dataset, openForAdding(session, spec, name));  // a set that cannot be read makes no workspace
  LIX_TRY(const store::Workspace workspace, openWorkspace(session, store::OpenMode::Create));
  const PictureCheck check = order.unchecked ? PictureCheck::None : order.checkAll ? PictureCheck::Every : PictureCheck::BySize;
  LIX_TRY(ReadDataset read, readDataset(std::move(dataset), spec, check, session.progress()));
  LIX_CHECK(store::DatasetStore(workspace).add(read.row));
  Output output = told(std::move(read));
  output.text = "Added " + output.text;
  return output;
}

/// Decodes every picture of a dataset that was added before, and keeps what is found.
Result<Output> check(const Session& session, const std::string& name) {
  LIX_TRY(const store::Workspace workspace, openWorkspace(session, store::OpenMode::ReadWrite));
  LIX_TRY(store::DatasetRow row, store::DatasetStore(workspace).find(name));
  const data::DatasetSpec spec{row.kind, row.path.string(), row.options};
  LIX_TRY(data::Dataset dataset, data::open(spec, name, data::Keeping{workspace.cache()}));
  LIX_TRY(ReadDataset read, readDataset(std::move(dataset), spec, PictureCheck::Every, session.progress()));
  row.counts = read.row.counts;
  row.fingerprint = read.row.fingerprint;
  LIX_CHECK(store::DatasetStore(workspace).update(row));
  Output output = told(std::move(read));
  output.text = "Checked " + output.text;
  return output;
}

Result<Output> list(const Session& session) {
  json all = json::array();
  std::string text = "built in: emoji, scenes, symbola\n";
  if (!session.workspace.empty() || store::Workspace::isIn(".")) {
    LIX_TRY(const store::Workspace workspace, openWorkspace(session, store::OpenMode::ReadOnly));
    LIX_TRY(const auto rows, store::DatasetStore(workspace).list());
    for (const auto& row : rows) {
      all.push_back({{"name", row.name}, {"kind", row.kind}, {"path", row.path.string()}, {"counts", json::parse(row.counts, nullptr, false)}});
      text += cat(row.name, "  (", row.kind, " ", row.path.string(), ")\n");
    }
  }
  for (const char* name : {"emoji", "scenes", "symbola"}) {
    all.push_back({{"name", name}, {"kind", name}});
  }
  return Output{all, text};
}

Result<Output> show(const Session& session, const std::string& name) {
  std::optional<store::Workspace> workspace;
  if (!session.workspace.empty() || store::Workspace::isIn(".")) {
    LIX_TRY(store::Workspace opened, openWorkspace(session, store::OpenMode::ReadOnly));
    workspace = std::move(opened);
  }
  LIX_TRY(const data::Dataset dataset, openDataset(workspace ? &*workspace : nullptr, name));
  const json about = describe(dataset);
  std::string text = inWords(about);
  for (std::size_t i = 0; i < std::min<std::size_t>(3, dataset.samples.size()); ++i) {
    text += cat("  ", dataset.samples[i].key, ": ", join(dataset.samples[i].captions, " | "), "\n");
  }
  return Output{about, text};
}

struct PackOrder {
  std::string name, recipe = "siglip", size = "tiny", checkpoint;
  fs::path out;
};

/// What will train from the pack: the model of a checkpoint as it is, or the recipe's of a size that starts from nothing.
Result<nn::ModelConfig> configFor(const PackOrder& order) {
  if (!order.checkpoint.empty()) {
    LIX_TRY(const nn::Checkpoint checkpoint, nn::loadCheckpoint(order.checkpoint));
    return checkpoint.model.config;
  }
  LIX_TRY(const nn::Recipe recipe, nn::findRecipe(order.recipe));
  return nn::presetConfig(order.size, {.towers = recipe.towers, .head = recipe.head});
}

Result<Output> pack(const Session& session, const PackOrder& order) {
  std::optional<store::Workspace> workspace;
  if (!session.workspace.empty() || store::Workspace::isIn(".")) {
    LIX_TRY(store::Workspace opened, openWorkspace(session, store::OpenMode::ReadOnly));
    workspace = std::move(opened);
  }
  LIX_TRY(const data::Dataset dataset, openDataset(workspace ? &*workspace : nullptr, order.name));
  std::shared_ptr<const nn::Tokenizer> tokenizer;
  if (!order.checkpoint.empty()) {
    LIX_TRY(tokenizer, nn::loadTokenizer(order.checkpoint));
  }
  LIX_TRY(const nn::ModelConfig config, configFor(order));
  const study::PrepareSettings settings = study::prepareSettingsFor(config);
  std::size_t packed = 0, cut = 0;
  std::error_code ignored;
  if (fs::exists(order.out, ignored) && !fs::is_empty(order.out, ignored) && !fs::exists(order.out / "pack.json", ignored)) {
    return fail(ErrorCode::BadInput, cat(order.out.string(), " exists and is no pack; it would be replaced. Choose another --out."));
  }
  LIX_CHECK(replaceFolder(order.out, [&](const fs::path& folder) -> Result<void> {
    LIX_TRY(const study::TrainData data, study::prepareTrainData(dataset, settings, tokenizer, folder, session.progress()));
    packed = data.pack.samples().size();
    cut = data.truncated;
    for (const auto& entry : fs::directory_iterator(data.pack.folder())) {
      fs::rename(entry.path(), folder / entry.path().filename());
    }
    fs::remove(data.pack.folder());
    return study::writeTokens(data, folder);
  }));
  return Output{{{"pack", order.out.string()}, {"pictures", packed}, {"truncated", cut}},
                cat("Packed ", packed, " pictures of ", order.name, " into ", order.out.string(), "\n",
                    cut == 0 ? "" : cat("  ", cut, cut == 1 ? " caption is" : " captions are", " longer than the ",
                                        settings.contextLength, " tokens that will be read and cut off there\n"))};
}

}  // namespace

void addDataVerb(CLI::App& app, Session& session) {
  CLI::App* verb = app.add_subcommand("data", "Add, list, show, pack and export datasets, and make features of them");
  verb->require_subcommand(1);
  auto adding = std::make_shared<AddOrder>();
  CLI::App* addVerb = verb->add_subcommand("add", "Add a dataset: what it is, is found by looking (docs/data-formats.md); decodes its pictures once to find damaged ones, of more than 50000 a sample");
  addVerb->add_option("path", adding->path, "Folder, table, list, JSON, IDX, CIFAR, shard, or a pattern such as 'shards/{00000..00012}.tar'")->required();
  addVerb->add_option("--name", adding->name, "Name in the workspace (default: the file's name)");
  addVerb->add_option("--options", adding->options, "Options of the source as JSON, for example {\"caption_columns\": \"title\", \"split_column\": \"part\"}; "
                      "a table has path_column, caption_columns, label_columns and split_column");
  CLI::Option* unchecked = addVerb->add_flag("--unchecked", adding->unchecked, "Do not decode the pictures now (no list of damaged ones or duplicates)");
  addVerb->add_flag("--check-all", adding->checkAll, "Decode every picture, however many there are")->excludes(unchecked);
  addVerb->callback([&session, adding] { session.action = [&session, adding] { return add(session, *adding); }; });
  auto checked = std::make_shared<std::string>();
  CLI::App* checkVerb = verb->add_subcommand("check", "Decode every picture of a dataset of the workspace, list the damaged ones and those in two splits");
  checkVerb->add_option("name", *checked, "Dataset")->required();
  checkVerb->callback([&session, checked] { session.action = [&session, checked] { return check(session, *checked); }; });
  CLI::App* listVerb = verb->add_subcommand("list", "List the datasets");
  listVerb->callback([&session] { session.action = [&session] { return list(session); }; });
  auto named = std::make_shared<std::string>();
  CLI::App* showVerb = verb->add_subcommand("show", "Counts, label sets, skipped files and a few captions");
  showVerb->add_option("name", *named, "Dataset")->required();
  showVerb->callback([&session, named] { session.action = [&session, named] { return show(session, *named); }; });
  auto packing = std::make_shared<PackOrder>();
  CLI::App* packVerb = verb->add_subcommand("pack", "Write a dataset as a pack that trains anywhere (uint8 pictures and token ids)");
  packVerb->add_option("name", packing->name, "Dataset")->required();
  packVerb->add_option("--out", packing->out, "Folder of the pack")->required();
  packVerb->add_option("--recipe", packing->recipe, "Recipe that will train from it: CLIP and Llip see pictures cropped, SigLIP squashed");
  packVerb->add_option("--size", packing->size, "Size preset that will train from it");
  packVerb->add_option("--tokenizer", packing->checkpoint,
                       "Checkpoint whose tokenizer, picture size and context length to use, in place of --recipe and --size "
                       "(default: train a tokenizer on the captions)");
  packVerb->callback([&session, packing] { session.action = [&session, packing] { return pack(session, *packing); }; });
  for (CLI::App* part : {addVerb, checkVerb, listVerb, showVerb, packVerb, addFeaturesVerb(*verb, session)}) {
    part->fallthrough();
  }
  for (CLI::App* part : addSelectionVerbs(*verb, session)) {
    part->fallthrough();
  }
}

}  // namespace lix::app
