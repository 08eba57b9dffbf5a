// Datasets taken out of the workspace and put back, found at another place, read anew.
#include <QFileDialog>
#include <algorithm>

#include "data/recognise.h"
#include "base/text.h"
#include "desk/tasks.h"
#include "desk/thumbnails.h"
#include "pages/data/data_page.h"
#include "pages/data/dataset_panel.h"
#include "shared/dataset_row.h"

namespace lix::app {
namespace {

namespace fs = std::filesystem;

QString text(const std::string& utf8) { return QString::fromStdString(utf8); }

}  // namespace

void DataPage::removeDataset(const std::string& name) {
  const auto entries = desk().datasets().entries();
  const auto found = std::ranges::find(entries, name, &DatasetShelf::Entry::name);
  if (found == entries.end() || found->builtIn) {
    desk().say(widgets::Severity::Info, tr("Only datasets that were added to the workspace can be removed from it."));
    return;
  }
  auto row = std::make_shared<store::DatasetRow>();
  desk().write(
      [name, row](const store::Workspace& workspace) -> Result<void> {
        LIX_TRY(*row, store::DatasetStore(workspace).find(name));
        return store::DatasetStore(workspace).remove(name);
      },
      [this, name, row](bool done) {
        if (done) {
          removed_ = row;
          undo_ = Undo::Dataset;
          known_.erase(name);
          datasets_->offerUndo(tr("Removed %1 from the workspace. Its pictures were not touched.").arg(text(name)));
          desk().datasets().forget(name);
          desk().datasets().refresh();
        }
      });
}

void DataPage::undoRemoval() {
  if (!removed_) {
    return;
  }
  desk().write(
      [row = removed_](const store::Workspace& workspace) -> Result<void> {
        LIX_CHECK(store::DatasetStore(workspace).add(*row));
        return {};
      },
      [this, row = removed_](bool done) {
        if (done) {
          removed_ = removed_ == row ? nullptr : removed_;
          pending_ = row->name;
          desk().datasets().refresh();
        } else if (removed_ == row) {
          undo_ = Undo::Dataset;
          datasets_->offerUndo(tr("%1 could not be put back; undo tries it again.").arg(text(row->name)));
        }
      });
}

void DataPage::chooseNewPlace() {
  const std::string name = browser_->name();
  const auto entries = desk().datasets().entries();
  const auto found = std::ranges::find(entries, name, &DatasetShelf::Entry::name);
  if (found == entries.end()) {
    return;
  }
  const QString title = tr("Where does %1 lie now?").arg(text(name));
  const QString place = data::mayBeDataset(found->spec.path)
                            ? QFileDialog::getOpenFileName(this, title, {}, tr("Datasets (*.csv *.tsv *.tab *.txt *.json *.tar);;All files (*)"))
                            : QFileDialog::getExistingDirectory(this, title);
  if (!place.isEmpty()) {
    locate(name, place.toStdString());
  }
}

void DataPage::locate(const std::string& name, const fs::path& place) {
  const auto entries = desk().datasets().entries();
  const auto found = std::ranges::find(entries, name, &DatasetShelf::Entry::name);
  if (found == entries.end() || found->builtIn) {
    return;
  }
  data::DatasetSpec spec = found->spec;
  spec.path = fs::absolute(place).lexically_normal().string();
  desk().tasks().start(
      tr("Reading %1").arg(text(name)),
      // As when it was added: what cannot be read counted for nothing then.
      [spec, name](const Progress& progress) -> Result<std::size_t> {
        LIX_TRY(data::Dataset set, data::open(spec, name));
        LIX_TRY(const ReadDataset read, readDataset(std::move(set), spec, PictureCheck::BySize, progress));
        return read.dataset.samples.size();
      },
      [this, spec, name, before = picturesIn(found->counts)](std::size_t pictures) {
        if (before && *before != pictures) {
          desk().say(widgets::Severity::Warning, tr("%1 has %2 pictures at its new place; there were %3 when it was added.")
                                                     .arg(text(name)).arg(pictures).arg(*before));
        }
        const auto work = [name, path = spec.path](const store::Workspace& workspace) -> Result<void> {
          LIX_TRY(store::DatasetRow row, store::DatasetStore(workspace).find(name));
          row.path = path;
          return store::DatasetStore(workspace).update(row);
        };
        desk().write(work, [this, name](bool done) {
          if (done) {
            desk().thumbnails().forget();
            desk().datasets().forget(name);
            desk().datasets().refresh();
          }
        });
      });
}

void DataPage::checkEvery() {
  const std::string name = browser_->name();
  const auto entries = desk().datasets().entries();
  const auto found = std::ranges::find(entries, name, &DatasetShelf::Entry::name);
  if (found == entries.end() || found->builtIn || desk().isReadOnly()) {
    desk().say(widgets::Severity::Info,
               tr("Only datasets that were added to a workspace that can be written to can be checked; show one first."));
    return;
  }
  desk().tasks().start(
      tr("Checking %1").arg(text(name)),
      [spec = found->spec, name](const Progress& progress) -> Result<std::shared_ptr<const ReadDataset>> {
        LIX_TRY(data::Dataset set, data::open(spec, name));
        LIX_TRY(ReadDataset read, readDataset(std::move(set), spec, PictureCheck::Every, progress));
        return std::make_shared<const ReadDataset>(std::move(read));
      },
      [this, name](const std::shared_ptr<const ReadDataset>& read) {
        const auto work = [name, read](const store::Workspace& workspace) -> Result<void> {
          LIX_TRY(store::DatasetRow row, store::DatasetStore(workspace).find(name));
          row.counts = read->row.counts;
          row.fingerprint = read->row.fingerprint;
          return store::DatasetStore(workspace).update(row);
        };
        desk().write(work, [this, name, read](bool done) {
          if (!done) {
            return;
          }
          const bool isClean = read->dataset.skipped.empty() && read->duplicates.empty();
          desk().say(isClean ? widgets::Severity::Info : widgets::Severity::Warning,
                     tr("Checked %1: %2 pictures are whole. Left out: %3. Pictures that stand in two splits, so that results on "
                        "the later split flatter: %4.")
                         .arg(text(name)).arg(read->dataset.samples.size()).arg(read->dataset.skipped.size())
                         .arg(read->duplicates.size()));
          desk().datasets().forget(name);
          desk().datasets().refresh();
        });
      });
}

void DataPage::reread() {
  desk().thumbnails().forget();
  met_.clear();
  updateSkipped();
  if (!browser_->name().empty()) {
    desk().datasets().forget(browser_->name());
    browser_->collection() ? browser_->reopen() : openDataset(browser_->name());
  }
}

}  // namespace lix::app
