// What a person does on the data page: add, drop, remove, locate, send, copy, look.
#include <QApplication>
#include <QClipboard>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QTabBar>
#include <QTimer>
#include <algorithm>

#include "base/text.h"
#include "chrome/action_table.h"
#include "desk/drag_out.h"
#include "frame/picture_model.h"
#include "frame/preview.h"
#include "pages/data/data_page.h"
#include "pages/data/dataset_panel.h"
#include "pages/data/explore_panels.h"
#include "pages/data/skipped_view.h"

namespace lix::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostDatasets = 20;  // of one drop

QString text(const std::string& utf8) { return QString::fromStdString(utf8); }

}  // namespace

void DataPage::addActions(widgets::ActionTable& table) {
  const QString menu = tr("&Data"), scope = pageName(id());
  const auto add = [&](const char* verb, const QString& text, const QString& help, const QString& icon,
                       const QKeySequence& key, auto run) {
    table.add({.id = QStringLiteral("data.") + verb, .menu = menu, .text = text, .help = help, .icon = icon, .key = key,
               .run = [run](bool) { run(); }, .scope = scope});
  };
  add("addFolder", tr("Add folder..."), tr("Adds a folder of pictures as a dataset; its subfolders become classes."),
      "folder", QKeySequence("Ctrl+Shift+F"), [this] { chooseFolder(); });
  add("addTable", tr("Add table..."), tr("Adds a CSV or TSV table as a dataset."), "add", QKeySequence("Ctrl+Shift+T"),
      [this] { chooseTable(); });
  add("remove", tr("Remove dataset"), tr("Takes the shown dataset out of the workspace; its pictures stay where they are."),
      "trash", {}, [this] { removeDataset(browser_->name()); });
  add("reread", tr("Read again"), tr("Reads the shown dataset anew from the disk."), "redo", QKeySequence(Qt::Key_F5),
      [this] { reread(); });
  add("checkEvery", tr("Check every picture"),
      tr("Decodes every picture of the shown dataset and lists the damaged ones and those that stand in two splits; of large "
         "datasets only a part is looked at when they are added."),
      "check", {}, [this] { checkEvery(); });
  add("search", tr("Search pictures"), tr("Goes to the search field."), "search", QKeySequence("Ctrl+F"), [this] {
    search_->setFocus(Qt::ShortcutFocusReason);
    search_->selectAll();
  });
  add("copy", tr("Copy names"), tr("Copies the paths or names of the selected pictures, or the list of skipped files."),
      "copy", QKeySequence(QKeySequence::Copy), [this] { copy(); });
  add("preview", tr("Quick preview"), tr("Shows the current picture large (Space in the grid)."), "picture", {},
      [this] { preview(grid_->currentIndex()); });
  add("inspect", tr("Inspect selection"), tr("Sends the selected pictures to the Inspect page."), "inspect",
      QKeySequence("Ctrl+Shift+I"), [this] { send(PageId::Inspect); });
  add("support", tr("Selection into support set"), tr("Sends the selected pictures to the Support page."), "support",
      QKeySequence("Ctrl+Shift+S"), [this] { send(PageId::Support); });
  add("compare", tr("Compare on dataset"), tr("Opens the Compare page with the shown dataset."), "compare",
      QKeySequence("Ctrl+Shift+C"), [this] { send(PageId::Compare); });
  add("train", tr("Train on dataset"), tr("Opens the Train page with the shown dataset."), "train",
      QKeySequence("Ctrl+Shift+R"), [this] { send(PageId::Train); });
  addSelectionActions(table);
  for (const char* id : {"data.preview", "data.inspect", "data.support", "data.copy", "data.keep"}) {
    grid_->addAction(table.action(id));
  }
  addExploreActions(*this, table);
  grid_->setContextMenuPolicy(Qt::ActionsContextMenu);
}

void DataPage::chooseFolder() {
  const QString folder = QFileDialog::getExistingDirectory(this, tr("Add a folder of pictures"));
  if (!folder.isEmpty()) {
    receivePaths({fs::path(folder.toStdString())});
  }
}

void DataPage::chooseTable() {
  const QString table = QFileDialog::getOpenFileName(this, tr("Add a table of pictures"), {},
                                                     tr("Tables (*.csv *.tsv *.tab *.txt);;All files (*)"));
  if (!table.isEmpty()) {
    receivePaths({fs::path(table.toStdString())});
  }
}

void DataPage::dragEnterEvent(QDragEnterEvent* event) {
  if (event->source() == grid_) {
    return;  // its own pictures are here already
  }
  Page::dragEnterEvent(event);
  if (event->isAccepted()) {
    dropHint_->setGeometry(rect().adjusted(8, 8, -8, -8));
    dropHint_->raise();
    dropHint_->show();
  }
}

void DataPage::dragLeaveEvent(QDragLeaveEvent* event) {
  dropHint_->hide();
  Page::dragLeaveEvent(event);
}

void DataPage::dropEvent(QDropEvent* event) {
  dropHint_->hide();
  Page::dropEvent(event);
}

void DataPage::receive(const Payload& payload) {
  begun_ = true;
  std::vector<std::string> files;
  std::string dataset;
  std::vector<std::string> keys;
  for (const data::PictureRef& picture : payload.pictures) {
    if (picture.isFile()) {
      files.push_back(picture.file.native());
    } else if (dataset.empty() || picture.dataset == dataset) {
      dataset = picture.dataset;
      keys.push_back(picture.key);
    }
  }
  if (!keys.empty()) {
    openDataset(dataset);
    wanted_ = std::move(keys);
    if (shownOf_ && rows_ && shownOf_->set->set.name == dataset) {
      selectPictures();
    }
  }
  if (!files.empty()) {
    wantLoose_ = true;
    browser_->addFiles(std::move(files));
    updateCounts();
  }
  if (!payload.paths.empty()) {
    receivePaths(payload.paths);
  }
  if (payload.pictures.empty() && payload.paths.empty() && !payload.captions.empty()) {
    search_->setText(text(payload.captions.front()));
  }
}

void DataPage::receivePaths(const std::vector<fs::path>& paths) {
  // What an earlier drop left unsorted is asked again with it: a newer question makes the older one void.
  unsorted_.insert(unsorted_.end(), paths.begin(), paths.end());
  sorting_.ask([all = unsorted_](std::stop_token stop) { return sortPaths(all, stop); },
               [this](const DroppedPaths& sorted) {
                 unsorted_.clear();
                 addDatasets(sorted);
               });
}

void DataPage::addDatasets(const DroppedPaths& sorted) {
  if (const QString sentence = unusableSentence(sorted); !sentence.isEmpty()) {
    desk().say(widgets::Severity::Warning, sentence, unusableDetails(sorted));
  }
  if (sorted.datasets.empty()) {
    return;
  }
  if (desk().isReadOnly()) {
    desk().say(widgets::Severity::Warning, tr("This workspace is open for reading only, so no dataset can be added; "
                                              "single pictures can still be dropped and looked at."));
    return;
  }
  if (sorted.datasets.size() > kMostDatasets) {
    desk().say(widgets::Severity::Warning,
               tr("%1 folders and tables are too many datasets at once; drop the folder that they lie in, so that they "
                  "become its classes, or at most %2 of them.")
                   .arg(sorted.datasets.size())
                   .arg(kMostDatasets));
    return;
  }
  for (const fs::path& path : sorted.datasets) {
    desk().datasets().add(path);
  }
}

void DataPage::onLooseRead(qulonglong taken, qulonglong refused, const QString& details) {
  wantLoose_ = false;
  updateCounts();
  if (refused == 0) {
    return;
  }
  const QString sentence =
      taken == 0 ? counted(refused, tr("The dropped picture cannot be read; the details say why."),
                           tr("None of the %1 dropped pictures can be read; the details say why."))
                 : counted(refused, tr("1 dropped picture cannot be read and was left out; the details say why."),
                           tr("%1 dropped pictures cannot be read and were left out; the details say why."));
  desk().say(widgets::Severity::Warning, sentence, details);
}

int DataPage::selectedCount() const {
  int count = 0;
  for (const QItemSelectionRange& range : grid_->selectionModel()->selection()) {
    count += range.height();
  }
  return count;
}

void DataPage::send(PageId page) {
  if (page == PageId::Compare && !matched_.opened.name.isEmpty()) {
    desk().handOver(page, {.pictures = picturesOfSelection(), .captions = {}, .paths = {}});
    return;
  }
  if (page == PageId::Train || page == PageId::Compare) {
    if (!browser_->name().empty()) {
      desk().show(page, QStringLiteral("dataset:") + text(browser_->name()));
    }
    return;
  }
  if (refuseTooMany(selectedCount())) {
    return;
  }
  Payload payload;
  payload.pictures = picturesAt(grid_->selectionModel()->selectedIndexes());
  if (payload.isEmpty()) {
    desk().say(widgets::Severity::Info, tr("No picture is selected; click some in the grid, or press Ctrl+A there."));
    return;
  }
  desk().handOver(page, payload);
}

bool DataPage::refuseTooMany(qsizetype pictures) const {
  if (pictures <= kMostHandedOver) {
    return false;
  }
  desk().say(widgets::Severity::Warning,
             tr("%1 pictures are too many to be handed over at once; select at most %2, or export them.")
                 .arg(pictures).arg(kMostHandedOver));
  return true;
}

std::vector<data::PictureRef> DataPage::picturesAt(const QModelIndexList& indexes) const {
  std::vector<int> at;
  for (const QModelIndex& index : indexes) {
    at.push_back(index.row());
  }
  std::ranges::sort(at);
  std::vector<data::PictureRef> pictures;
  for (const int row : at) {
    pictures.push_back(shownOf_->picture(rows_->rows[std::size_t(row)]));
  }
  return pictures;
}

/// Where the picture lies: its file, the table that names it, or nothing where the program draws it.
fs::path DataPage::fileOf(std::size_t sample) const {
  const std::string& key = shownOf_->samples()[sample].key;
  if (shownOf_->isLoose()) {
    return key;
  }
  return spec_.kind == "folder" ? fs::path(spec_.path) / key : fs::path(spec_.path);
}

/// Paths where every picture has one, otherwise names; with the pictures, so that they can be pasted elsewhere.
void DataPage::copy() {
  if (tabs_->currentIndex() == int(Tab::Skipped)) {
    skipped_->copy();
    return;
  }
  if (selectedCount() == 0 || refuseTooMany(selectedCount())) {
    return;
  }
  const auto pictures = picturesAt(grid_->selectionModel()->selectedIndexes());
  const std::string folder = spec_.kind == "folder" ? spec_.path + "/" : "";
  QStringList lines;
  for (const data::PictureRef& picture : pictures) {
    lines << text(picture.isFile() ? picture.file.native() : folder + picture.key);
  }
  QMimeData* mime = toMime({.pictures = pictures, .captions = {}, .paths = {}}, desk());
  mime->setText(lines.join('\n'));
  QApplication::clipboard()->setMimeData(mime);
}

void DataPage::preview(const QModelIndex& index) {
  if (!index.isValid() || !rows_) {
    return;
  }
  const data::Sample& sample = shownOf_->samples()[rows_->rows[std::size_t(index.row())]];
  preview_->show(model_->picture(index), sample.captions.empty() ? QString() : text(sample.captions.front()));
}

void DataPage::step(int delta) {
  const int count = model_->rowCount();
  if (count == 0) {
    return;
  }
  const int row = std::clamp(std::max(0, grid_->currentIndex().row()) + delta, 0, count - 1);
  if (row != grid_->currentIndex().row()) {
    grid_->setCurrentIndex(model_->index(row));
    grid_->scrollTo(model_->index(row));
    preview(model_->index(row));
  }
}

}  // namespace lix::app
