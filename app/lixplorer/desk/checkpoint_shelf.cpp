#include "desk/checkpoint_shelf.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "desk/desk.h"
#include "desk/tasks.h"
#include "store/checkpoint_store.h"
#include "store/run_store.h"
#include "study/reader/reader.h"

namespace lix::app {
namespace fs = std::filesystem;

/// A model in memory, and what its file was when it was read.
struct CheckpointShelf::Kept {
  fs::path folder;
  fs::file_time_type written;
  std::uintmax_t size = 0;
  std::shared_ptr<const study::Reader> reader;
};

namespace {

constexpr std::size_t kMostKept = 4;

Result<std::vector<CheckpointShelf::Entry>> readEntries(const store::Workspace& workspace) {
  LIX_TRY(auto rows, store::CheckpointStore(workspace).list());
  LIX_TRY(const auto runs, store::RunStore(workspace).list(store::RunsShown::All));
  std::vector<CheckpointShelf::Entry> entries;
  std::set<std::string> labels;
  std::ranges::reverse(rows);  // the newest first
  for (const auto& row : rows) {
    std::string label = row.path.filename().string();
    if (row.run) {
      const auto run = std::ranges::find(runs, *row.run, &store::RunRow::id);
      if (run == runs.end() || !run->trashedAt.empty()) {
        continue;
      }
      label = run->name;
      if (const std::string name = row.path.filename().string(); row.path != run->out) {  // its best step, or a kept one
        label += name.ends_with("-best") ? std::string(", best") : cat(", step ", row.step);
      }
    }
    std::string unique = label;
    for (int i = 2; !labels.insert(unique).second; ++i) {
      unique = cat(label, " (", i, ")");
    }
    entries.push_back({row.path, unique, row.recipe, row.run.value_or(0), row.step});
  }
  return entries;
}

}  // namespace

CheckpointShelf::CheckpointShelf(Desk& desk) : desk_(desk), relay_(desk.storing()) {}
CheckpointShelf::~CheckpointShelf() = default;

void CheckpointShelf::refresh() {
  desk_.ask(relay_, readEntries, [this](Result<std::vector<Entry>> entries) {
    if (!entries) {
      desk_.say(entries.error());
      return;
    }
    entries_ = std::move(*entries);
    Q_EMIT changed();
  });
}

void CheckpointShelf::add(const fs::path& folder) {
  desk_.examine(folder);
  const auto work = [this, folder](const Progress&) -> Result<store::CheckpointRow> {
    std::error_code ignored;
    const fs::path here = fs::is_directory(folder, ignored) ? folder : folder.parent_path();
    LIX_TRY(const auto reader, open(here));
    const auto& facts = reader->facts();
    return store::CheckpointRow{.path = facts.folder, .weightsHash = facts.weightsHash, .recipe = facts.recipe};
  };
  const QString name = QString::fromStdString(folder.filename().string());
  desk_.tasks().start(tr("Reading the checkpoint %1").arg(name), work, [this](store::CheckpointRow row) {
    const QString added = QString::fromStdString(row.path.string());
    desk_.write(
        [row](const store::Workspace& workspace) -> Result<void> {
          LIX_CHECK(store::CheckpointStore(workspace).record(row));
          return {};
        },
        [this, added](bool kept) {
          if (kept) {
            refresh();
            Q_EMIT this->added(added);
          }
        });
  });
}

Result<std::shared_ptr<const study::Reader>> CheckpointShelf::open(const fs::path& folder) const {
  const std::scoped_lock guard(mutex_);
  std::error_code missing;
  const fs::path weights = folder / "model.safetensors";
  const auto written = fs::last_write_time(weights, missing);
  const auto size = missing ? 0 : fs::file_size(weights, missing);
  const auto known = std::ranges::find(kept_, folder, &Kept::folder);
  if (known != kept_.end() && !missing && known->written == written && known->size == size) {
    std::rotate(kept_.begin(), known, known + 1);
    return kept_.front().reader;
  }
  if (known != kept_.end()) {
    kept_.erase(known);
  }
  LIX_TRY(auto reader, study::Reader::open(folder));
  kept_.insert(kept_.begin(), {folder, written, size, reader});
  if (kept_.size() > kMostKept) {
    kept_.pop_back();
  }
  return reader;
}

}  // namespace lix::app
