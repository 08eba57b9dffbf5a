// Selections that are kept under names, and what the data page writes into files.
#include <QFileDialog>
#include <QTabBar>
#include <algorithm>

#include "base/text.h"
#include "chrome/action_table.h"
#include "data/export.h"
#include "desk/drag_out.h"
#include "desk/tasks.h"
#include "image_grid/image_grid.h"
#include "pages/data/data_page.h"
#include "pages/data/dataset_panel.h"
#include "pages/data/details_panel.h"

namespace lix::app {
namespace {

namespace fs = std::filesystem;

QString text(const std::string& utf8) { return QString::fromStdString(utf8); }

std::vector<std::string> keysOf(const std::shared_ptr<const Collection>& collection, const std::vector<std::uint32_t>& samples) {
  std::vector<std::string> keys;
  for (const std::uint32_t sample : samples) {
    keys.push_back(collection->samples()[sample].key);
  }
  return keys;
}

}  // namespace

void DataPage::connectSelections() {
  connect(selections_, &SelectionShelf::changed, this, &DataPage::updateList);
  connect(selections_, &SelectionShelf::edited, this, &DataPage::onSelectionEdited);
  connect(selections_, &SelectionShelf::undoOffered, this, [this](const QString& sentence) {
    undo_ = Undo::Selection;
    datasets_->offerUndo(sentence);
  });
  connect(datasets_, &DatasetPanel::selectionChosen, this, &DataPage::openSelection);
  connect(datasets_, &DatasetPanel::selectionRenameAsked, this, &DataPage::askRenaming);
  connect(datasets_, &DatasetPanel::selectionRemoveAsked, this, [this](const QString& dataset, const QString& name) {
    selections_->remove(dataset.toStdString(), name.toStdString());
  });
  connect(details_, &DetailsPanel::keepAsked, this, &DataPage::askKeeping);
  connect(details_, &DetailsPanel::exportAsked, this, [this](PictureExport what) { chooseExport(what); });
  datasets_->list()->payload = [this](const QString& dataset, const QString& name) { return dragOf(dataset, name); };
}

void DataPage::addSelectionActions(widgets::ActionTable& table) {
  const QString menu = tr("&Data"), scope = pageName(id());
  table.add({.id = "data.keep", .menu = menu, .text = tr("Keep selection as..."),
             .help = tr("Keeps the selected pictures under a name, adds them to a kept selection or takes them out of it."),
             .icon = "save", .key = QKeySequence("Ctrl+Shift+K"), .run = [this](bool) { askKeeping(); }, .scope = scope});
  table.add({.id = "data.exportTable", .menu = menu, .text = tr("Export table..."),
             .help = tr("Writes paths, captions and classes of the selected pictures (or of all that are shown) as a CSV table."),
             .icon = "save", .key = QKeySequence("Ctrl+Shift+X"), .run = [this](bool) { chooseExport(Export::Table); }, .scope = scope});
  table.add({.id = "data.exportShards", .menu = menu, .text = tr("Export shards..."),
             .help = tr("Writes the selected pictures (or all that are shown) as WebDataset shards in a new folder, a folder a split."),
             .icon = "save", .run = [this](bool) { chooseExport(Export::Shards); }, .scope = scope});
  table.add({.id = "data.exportFolders", .menu = menu, .text = tr("Export copies..."),
             .help = tr("Copies the selected pictures (or all that are shown) into a new folder with a folder a class."),
             .icon = "folder", .run = [this](bool) { chooseExport(Export::Folders); }, .scope = scope});
}

void DataPage::openSelection(const QString& dataset, const QString& name) {
  matched_.wanted = {dataset, name};
  if (shownOf_ && browser_->name() == dataset.toStdString()) {
    showSelection();
  } else {
    openDataset(dataset.toStdString());
  }
}

/// The wanted one, of the dataset that is shown.
void DataPage::showSelection() {
  const NamedSelection wanted = matched_.wanted;
  selections_->read(wanted.dataset.toStdString(), wanted.name.toStdString(), [this, wanted](std::vector<std::string> keys) {
    if (wanted != matched_.wanted || browser_->name() != wanted.dataset.toStdString() || !browser_->collection()) {
      return;  // something else was chosen meanwhile
    }
    Filter filter = browser_->filter();
    filter.matches = std::make_shared<const Matches>(Matches{nullptr, {}, std::move(keys)});
    matched_.title = tr("Selection %1").arg(wanted.name);
    matched_.opened = wanted;
    matched_.wanted = {};
    tabs_->setCurrentIndex(int(Tab::Pictures));
    browser_->setFilter(filter);
  });
}

void DataPage::onSelectionEdited(const QString& dataset, const QString& from, const QString& to) {
  if (matched_.opened != NamedSelection{dataset, from} || from.isEmpty()) {
    return;
  }
  if (to.isEmpty()) {
    clearMatches();
  } else {
    matched_.wanted = {dataset, to};
    showSelection();
  }
}

void DataPage::askKeeping() {
  if (selectedCount() == 0) {
    desk().say(widgets::Severity::Info, tr("No picture is selected; click some in the grid, or press Ctrl+A there."));
    return;
  }
  if (shownOf_->isLoose()) {
    desk().say(widgets::Severity::Info, tr("Dropped pictures belong to no dataset, so they cannot be kept as a selection; "
                                           "add their folder as a dataset first."));
    return;
  }
  auto* dialog = new SelectionDialog(std::size_t(selectedCount()), selections_->of(browser_->name()), this);
  connect(dialog, &SelectionDialog::answered, this, &DataPage::keepSelected);
  dialog->open();
}

void DataPage::keepSelected(SelectionDialog::Way way, const QString& name, const QString& note) {
  const std::string dataset = browser_->name(), called = name.toStdString();
  const auto keys = keysOf(shownOf_, selectedSamples());
  switch (way) {
    case SelectionDialog::Way::New:
      selections_->keep({.dataset = dataset, .name = called, .note = note.toStdString()}, keys);
      break;
    case SelectionDialog::Way::Add:
      selections_->include(dataset, called, keys);
      break;
    case SelectionDialog::Way::TakeOut:
      selections_->exclude(dataset, called, keys);
      break;
  }
}

void DataPage::askRenaming(const QString& dataset, const QString& name) {
  const auto rows = selections_->of(dataset.toStdString());
  const auto row = std::ranges::find(rows, name.toStdString(), &store::SelectionRow::name);
  if (row == rows.end()) {
    return;
  }
  auto* dialog = new SelectionDialog(*row, this);
  connect(dialog, &SelectionDialog::answered, this, [this, before = *row](SelectionDialog::Way, const QString& to, const QString& note) {
    selections_->rename(before.dataset, before.name, to.toStdString(), note.toStdString());
  });
  dialog->open();
}

/// Of the opened selection, those that are in the dataset.
std::vector<data::PictureRef> DataPage::picturesOfSelection() const {
  std::vector<data::PictureRef> pictures;
  const auto& matches = browser_->filter().matches;
  for (std::size_t i = 0; shownOf_ && matches && i < matches->keys.size(); ++i) {
    if (shownOf_->set->byKey.contains(matches->keys[i])) {
      pictures.push_back(data::PictureRef::sample(shownOf_->set->set.name, matches->keys[i]));
    }
  }
  return pictures;
}

QMimeData* DataPage::dragOf(const QString& dataset, const QString& name) {
  if (matched_.opened != NamedSelection{dataset, name} || !browser_->filter().matches) {
    desk().say(widgets::Severity::Info, tr("%1 is still being read; drag it once its pictures are shown.").arg(name));
    return nullptr;
  }
  auto pictures = picturesOfSelection();
  if (pictures.empty()) {
    desk().say(widgets::Severity::Info,
               tr("None of the pictures of %1 is in the dataset now, so there is nothing to drag.").arg(name));
  }
  if (pictures.empty() || refuseTooMany(qsizetype(pictures.size()))) {
    return nullptr;
  }
  return toMime({.pictures = std::move(pictures), .captions = {}, .paths = {}}, desk());
}

void DataPage::chooseExport(Export what) {
  if (!shownOf_ || !rows_ || rows_->rows.empty()) {
    desk().say(widgets::Severity::Info, tr("No pictures are shown that could be exported."));
    return;
  }
  if (what == Export::Table && !exportedSamples().empty() && shownOf_->set->set.pictures->file(exportedSamples().front()).empty()) {
    desk().say(widgets::Severity::Info,
               tr("These pictures are drawn by the program or lie in shards or other archives, so a table cannot name their files; "
                  "export copies or shards instead."));
    return;
  }
  const QString name = matched_.opened.name.isEmpty() ? text(browser_->name()) : matched_.opened.name;
  const QString place = what == Export::Table
                            ? QFileDialog::getSaveFileName(this, tr("Export a table"), name + ".csv", tr("Tables (*.csv)"))
                            : QFileDialog::getSaveFileName(this, tr("Name of the new folder"), name);
  if (!place.isEmpty()) {
    exportPictures(what, fs::path(place.toStdString()));
  }
}

/// What is selected, or all that is shown.
std::vector<std::uint32_t> DataPage::exportedSamples() const { return selectedCount() > 0 ? selectedSamples() : rows_->rows; }

void DataPage::exportPictures(Export what, const fs::path& place) {
  if (!shownOf_ || !rows_) {
    return;
  }
  const auto samples = std::make_shared<const std::vector<std::uint32_t>>(exportedSamples());
  const std::size_t sets = shownOf_->set->set.labelSets.size();
  const auto labels = sets == 0 ? std::nullopt : std::optional(std::min(browser_->filter().labelSet, sets - 1));
  desk().tasks().start(
      tr("Exporting %1").arg(text(place.filename().string())),
      [set = shownOf_->set, samples, labels, what, place](const Progress& progress) -> Result<std::size_t> {
        LIX_CHECK(what == Export::Table     ? data::exportTable(set->set, *samples, place, progress)
                  : what == Export::Folders ? data::exportFolders(set->set, *samples, labels, place, progress)
                                            : data::exportShards(set->set, *samples, {.labelSet = labels}, place, progress));
        return samples->size();
      },
      [this, place, what](std::size_t count) {
        const QString where = text(place.string());
        desk().say(widgets::Severity::Info,
                   what != Export::Folders ? counted(count, tr("Wrote 1 picture into %2."), tr("Wrote %1 pictures into %2.")).arg(where)
                                           : counted(count, tr("Copied 1 picture into %2."), tr("Copied %1 pictures into %2.")).arg(where));
      });
}

}  // namespace lix::app
