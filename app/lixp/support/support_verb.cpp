#include <algorithm>
#include <filesystem>
#include <numeric>

#include "base/csv.h"
#include "base/file.h"
#include "base/text.h"
#include "data/export.h"
#include "data/file_pictures.h"
#include "lixp/eval/subject.h"
#include "lixp/support/pictures.h"
#include "lixp/support/sets.h"
#include "shared/support_pictures.h"
#include "store/support_store.h"
#include "store/window_lock.h"
#include "study/few_shot/draw.h"
#include "support/support_set.h"

namespace lix::app {
namespace {
using nlohmann::json;
namespace fs = std::filesystem;

struct SupportOrder {
  std::string name, className, note;
  std::vector<std::string> words;  ///< classes, or pictures
  std::string data, labels, split = "train";
  std::size_t shots = 4;
  std::uint64_t seed = 0;
  long long version = 0;
  fs::path out;
  bool copies = false, shards = false;
};

json toJson(const support::SupportSet& set) {
  json classes = json::array();
  for (const auto& one : set.classes) {
    json pictures = json::array();
    for (const auto& picture : one.pictures) {
      pictures.push_back(data::toText(picture));
    }
    classes.push_back({{"name", one.name}, {"pictures", pictures}});
  }
  return {{"name", set.name}, {"classes", classes}};
}

std::string inWords(const support::SupportSet& set) {
  std::string text = cat(set.name, ": ", set.size(), " pictures in ", set.classes.size(), " classes\n");
  for (const auto& one : set.classes) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < std::min<std::size_t>(one.pictures.size(), 4); ++i) {
      names.push_back(data::shortName(one.pictures[i]));
    }
    text += cat("  ", one.name, " (", one.pictures.size(), ")", names.empty() ? "" : ": ", join(names, ", "),
                one.pictures.size() > names.size() ? ", ..." : "", "\n");
  }
  return text;
}

/// A window keeps its sets in memory and writes them as their drafts, so that a change beside it would be lost: held
/// while a set is changed, refused where a window is open. A disk without locks has no windows for editing either.
Result<std::optional<store::WindowLock>> editing(const store::Workspace& workspace) {
  auto lock = store::WindowLock::take(workspace.folder());
  if (!lock && lock.error().code == ErrorCode::Busy) {
    return fail(ErrorCode::Busy, cat("A window has the workspace ", workspace.folder().string(),
                                     " open and would write over the set; change the set there, or close the window."));
  }
  return lock ? std::optional(std::move(*lock)) : std::nullopt;
}

/// Keeps the set as its next version and tells of it.
Result<Output> kept(const store::Workspace& workspace, const support::SupportSet& set, const std::string& note,
                    const std::vector<std::string>& notes = {}) {
  LIX_CHECK(support::check(set));
  LIX_TRY(const long long version, store::SupportStore(workspace).saveVersion(set.name, rowsOf(set), note));
  json about = toJson(set);
  about["version"] = version;
  about["notes"] = notes;
  return Output{about, cat(inWords(set), "Kept as version ", version, ".\n", linesOf(notes))};
}

/// The sentence on classes that are too short to draw from.
std::string leftOut(const std::vector<std::string>& few, std::size_t needed, const std::string& split) {
  constexpr std::size_t kNamed = 8;
  const std::vector<std::string> named(few.begin(), few.begin() + std::ptrdiff_t(std::min(kNamed, few.size())));
  return cat(few.size(), few.size() == 1 ? " class has" : " classes have", " fewer than ", needed,
             " pictures in the ", split, " split and ", few.size() == 1 ? "is" : "are", " left out: ",
             join(named, ", "), few.size() > kNamed ? ", and so on." : ".");
}

/// Random pictures of each class of a dataset; classes with fewer are named in `notes`.
Result<support::SupportSet> drawn(const store::Workspace& workspace, const SupportOrder& order,
                                  std::vector<std::string>& notes) {
  LIX_TRY(const data::Dataset dataset, openDataset(&workspace, order.data));
  LIX_TRY(const std::size_t labelSet, dataset.labelSet(order.labels));
  LIX_TRY(const data::Split split, splitNamed(order.split));
  const auto samples = samplesOf(dataset, split, labelSet);
  const auto& classes = dataset.labelSets[labelSet].classes;
  std::vector<int> labels;
  std::vector<std::size_t> counts(classes.size(), 0);
  for (const std::size_t sample : samples) {
    labels.push_back(dataset.samples[sample].labels[labelSet]);
    ++counts[std::size_t(labels.back())];
  }
  const std::size_t needed = order.shots + study::validationShots(order.shots);
  std::vector<std::size_t> chosen;
  std::vector<std::string> few;
  for (std::size_t c = 0; c < classes.size(); ++c) {
    (counts[c] >= needed ? chosen.push_back(c) : few.push_back(cat(classes[c], " (", counts[c], ")")));
  }
  if (chosen.size() < 2) {
    return fail(ErrorCode::BadInput,
                cat("Fewer than two classes of '", order.data, "' have ", needed, " pictures in the ", order.split,
                    " split (", order.shots, " and ", needed - order.shots,
                    " that few-shot evaluations keep for validation); there are: ", join(few, ", "), "."));
  }
  if (!few.empty()) {
    notes.push_back(leftOut(few, needed, order.split));
  }
  const study::Draw draw = study::drawSupport(labels, chosen, order.shots, order.seed, 0);
  support::SupportSet set{.name = order.name, .classes = {}};
  for (std::size_t i = 0; i < draw.support.size(); ++i) {
    if (i % order.shots == 0) {
      set.classes.push_back({classes[chosen[i / order.shots]], {}});
    }
    set.classes.back().pictures.push_back(
        data::PictureRef::sample(order.data, dataset.samples[samples[draw.support[i]]].key));
  }
  return set;
}

Result<Output> make(const Session& session, const SupportOrder& order) {
  LIX_TRY(const store::Workspace workspace, openWorkspace(session, store::OpenMode::Create));
  LIX_TRY(const auto lock, editing(workspace));
  const auto held = store::SupportStore(workspace).load(order.name);
  if (held) {
    return fail(ErrorCode::BadInput,
                cat("There is a support set '", order.name, "' already; lixp support add changes it."));
  }
  if (held.error().code != ErrorCode::NotFound) {
    return std::unexpected(held.error());
  }
  support::SupportSet set{.name = order.name, .classes = {}};
  std::vector<std::string> notes;
  if (!order.data.empty()) {
    LIX_TRY(set, drawn(workspace, order, notes));
  }
  for (const std::string& name : order.words) {
    LIX_TRY(set, support::withClass(set, name));
  }
  return kept(workspace, set, order.note, notes);
}

/// Adds pictures to a class, which is made where there is none.
Result<void> addTo(support::SupportSet& set, const std::string& name, const std::vector<data::PictureRef>& pictures) {
  auto at = std::size_t(std::ranges::find(set.classes, name, &support::SupportClass::name) - set.classes.begin());
  if (at == set.classes.size()) {
    LIX_TRY(set, support::withClass(set, name));
  }
  LIX_TRY(set, support::withPictures(set, pictures, at));
  return {};
}

/// Pictures by the class that they are to go to.
using Filling = std::vector<std::pair<std::string, std::vector<data::PictureRef>>>;

/// Folders of class folders, each class by its folder's name.
Result<Filling> fromFolders(const store::Workspace& workspace, const std::vector<std::string>& words) {
  Filling filling;
  for (const std::string& word : words) {
    std::error_code ignored;
    std::vector<fs::path> folders;
    for (const auto& entry : fs::directory_iterator(word, ignored)) {
      if (entry.is_directory(ignored)) {
        folders.push_back(entry.path());
      }
    }
    if (folders.empty()) {
      return fail(ErrorCode::BadInput,
                  cat("'", word, "' has no subfolders to take as classes; name the class with --class."));
    }
    std::ranges::sort(folders);
    for (const fs::path& folder : folders) {
      LIX_TRY(auto pictures, picturesNamed(workspace, {folder.string()}));
      filling.emplace_back(data::spoken(folder.filename().string()), std::move(pictures));
    }
  }
  return filling;
}

Result<Output> add(const Session& session, const SupportOrder& order) {
  LIX_TRY(const store::Workspace workspace, openWorkspace(session, store::OpenMode::ReadWrite));
  LIX_CHECK(loadSet(workspace, order.name));
  Filling filling;
  if (order.className.empty()) {
    LIX_TRY(filling, fromFolders(workspace, order.words));
  } else {
    LIX_TRY(auto pictures, picturesNamed(workspace, order.words));
    filling.emplace_back(order.className, std::move(pictures));
  }
  std::vector<data::PictureRef> all;
  for (const auto& [name, pictures] : filling) {
    all.insert(all.end(), pictures.begin(), pictures.end());
  }
  LIX_CHECK(checkPictures(session, workspace, all));
  LIX_TRY(const auto lock, editing(workspace));
  LIX_TRY(support::SupportSet set, loadSet(workspace, order.name));
  for (const auto& [name, pictures] : filling) {
    LIX_CHECK(addTo(set, name, pictures));
  }
  return kept(workspace, set, order.note);
}

Result<Output> show(const Session& session, const SupportOrder& order) {
  LIX_TRY(const store::Workspace workspace, openWorkspace(session, store::OpenMode::ReadOnly));
  LIX_TRY(const support::SupportSet set,
          loadSet(workspace, order.name, order.version > 0 ? std::optional(order.version) : std::nullopt));
  LIX_TRY(const auto versions, store::SupportStore(workspace).versions(order.name));
  json about = toJson(set);
  about["versions"] = json::array();
  std::string text = inWords(set);
  for (const auto& version : versions) {
    about["versions"].push_back({{"version", version.version}, {"saved_at", version.savedAt}, {"note", version.note}});
    text += cat("  version ", version.version, ", ", version.savedAt, version.note.empty() ? "" : ": ", version.note,
                "\n");
  }
  return Output{about, text};
}

Result<Output> list(const Session& session) {
  LIX_TRY(const store::Workspace workspace, openWorkspace(session, store::OpenMode::ReadOnly));
  LIX_TRY(const auto sets, store::SupportStore(workspace).list());
  Output output{.json = json::array(), .text = sets.empty() ? "There are no support sets.\n" : ""};
  for (const auto& set : sets) {
    output.json.push_back({{"name", set.name}, {"versions", set.versions}, {"changed_at", set.changedAt}});
    output.text += cat(set.name, "  ", set.versions, set.versions == 1 ? " version" : " versions", ", changed ",
                       set.changedAt, "\n");
  }
  return output;
}

/// Copies in class folders, or shards of WebDataset.
Result<void> exportPictures(const Session& session, const store::Workspace& workspace, const support::SupportSet& set,
                            const SupportOrder& order) {
  const DatasetOpener open = [&](const std::string& name) -> Result<std::shared_ptr<const data::Dataset>> {
    LIX_TRY(data::Dataset dataset, openDataset(&workspace, name));
    return std::make_shared<const data::Dataset>(std::move(dataset));
  };
  if (set.size() == 0) {
    return fail(ErrorCode::BadInput, cat("The support set '", set.name, "' holds no pictures that could be written."));
  }
  LIX_TRY(const data::Dataset dataset, datasetOf(set, open));
  std::vector<std::uint32_t> all(dataset.samples.size());
  std::iota(all.begin(), all.end(), 0U);
  return order.shards ? data::exportShards(dataset, all, {.labelSet = 0}, order.out, session.progress())
                      : data::exportFolders(dataset, all, 0, order.out, session.progress());
}

Result<Output> exportSet(const Session& session, const SupportOrder& order) {
  LIX_TRY(const store::Workspace workspace, openWorkspace(session, store::OpenMode::ReadOnly));
  LIX_TRY(const support::SupportSet set,
          loadSet(workspace, order.name, order.version > 0 ? std::optional(order.version) : std::nullopt));
  if (order.copies || order.shards) {
    LIX_CHECK(exportPictures(session, workspace, set, order));
  } else if (order.out.extension() == ".json") {
    LIX_CHECK(writeFile(order.out, toJson(set).dump(2) + "\n"));
  } else if (order.out.extension() == ".csv") {
    std::string table = "class,picture\n";
    for (const auto& one : set.classes) {
      for (const auto& picture : one.pictures) {
        table += cat(csvField(one.name), ",", csvField(wordOf(picture)), "\n");
      }
    }
    LIX_CHECK(writeFile(order.out, table));
  } else {
    return fail(ErrorCode::BadInput, cat("--out ", order.out.string(), " should end in .json or .csv; --copies and --shards write a folder."));
  }
  return Output{{{"file", order.out.string()}, {"pictures", set.size()}},
                cat("Wrote ", set.size(), " pictures of ", set.classes.size(), " classes to ", order.out.string(),
                    "\n")};
}

}  // namespace

void addSupportVerb(CLI::App& app, Session& session) {
  CLI::App* verb = app.add_subcommand("support", "Support sets: make, fill, show and export them");
  verb->require_subcommand(1);
  auto order = std::make_shared<SupportOrder>();
  const auto sub = [&](const char* name, const char* help, Result<Output> (*run)(const Session&, const SupportOrder&)) {
    CLI::App* one = verb->add_subcommand(name, help);
    one->add_option("name", order->name, "Name of the support set")->required();
    one->callback([&session, order, run] { session.action = [&session, order, run] { return run(session, *order); }; });
    one->fallthrough();
    return one;
  };
  CLI::App* made = sub("new", "A new support set: empty, with classes, or drawn from a dataset", make);
  made->add_option("classes", order->words, "Names of its classes");
  made->add_option("--data", order->data, "Draw pictures of every class of this dataset");
  made->add_option("--labels", order->labels, "Label set of the dataset (default: the first)");
  made->add_option("--split", order->split, "Split to draw from");
  made->add_option("--shots", order->shots, "Pictures a class")->check(CLI::Range(1, 100000));
  made->add_option("--seed", order->seed, "Seed of the draw");
  CLI::App* added = sub("add", "Add pictures to a class, or a folder whose subfolders are classes", add);
  added->add_option("pictures", order->words, "Files, folders, or DATASET:KEY")->required();
  added->add_option("--class", order->className, "The class; it is made where there is none");
  for (CLI::App* one : {made, added}) {
    one->add_option("--note", order->note, "A word on this version");
  }
  CLI::App* shown = sub("show", "Classes, pictures and versions", show);
  CLI::App* exported = sub("export", "The set as .json or .csv, as copies in class folders, or as WebDataset shards", exportSet);
  exported->add_option("--out", order->out, "The file, or with --copies or --shards a new folder")->required();
  CLI::Option* copies = exported->add_flag("--copies", order->copies, "Copy the pictures, one folder a class");
  exported->add_flag("--shards", order->shards, "Write tar shards that WebDataset, OpenCLIP and CLIP_benchmark read")->excludes(copies);
  for (CLI::App* one : {shown, exported}) {
    one->add_option("--version", order->version, "A version instead of the set as it is now");
  }
  CLI::App* listed = verb->add_subcommand("list", "All support sets");
  listed->callback([&session] { session.action = [&session] { return list(session); }; });
  listed->fallthrough();
}

}  // namespace lix::app
