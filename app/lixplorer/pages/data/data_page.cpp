#include "pages/data/data_page.h"

#include <QComboBox>
#include <QJsonObject>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QLocale>
#include <QPushButton>
#include <QScrollBar>
#include <QSlider>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QTimer>
#include <algorithm>

#include "frame/page_parts.h"
#include "frame/picture_model.h"
#include "pages/data/class_panel.h"
#include "pages/data/dataset_panel.h"
#include "pages/data/details_panel.h"
#include "pages/data/explore_panels.h"
#include "pages/data/match_bar.h"
#include "pages/data/picture_text.h"
#include "pages/data/skipped_view.h"

namespace lix::app {
namespace {

constexpr int kProblemPage = 2;  // of the stack in the middle

QString text(const std::string& utf8) { return QString::fromStdString(utf8); }

QString number(std::size_t value) { return QLocale(QLocale::English).toString(qulonglong(value)); }

}  // namespace

DataPage::DataPage(Desk& desk)
    : Page(desk, PageId::Data), browser_(new DataBrowser(desk, this)), selections_(new SelectionShelf(desk, this)),
      sorting_(desk.io()) {
  build(*this, desk, makeModel());
  connectBrowser();
  connectControls();
  connectSelections();
  updateList();
  updateMiddle();
  updateCounts();
}

void DataPage::openDataset(const std::string& name) {
  const std::string wanted = name;  // may be pending_ itself
  begun_ = true;
  pending_.clear();
  wantLoose_ = false;
  if (matched_.wanted.dataset != text(wanted)) {
    matched_.wanted = {};
  }
  if (matched_.opened.dataset != text(wanted)) {
    matched_.opened = {};
  }
  browser_->openDataset(wanted);
  datasets_->setCurrent(text(wanted), false, matched_.selection());
}

void DataPage::open(const QString& what) {
  const QString prefix = QStringLiteral("dataset:");
  openDataset((what.startsWith(prefix) ? what.mid(prefix.size()) : what).toStdString());
}

void DataPage::begin() {
  if (begun_) {
    return;
  }
  if (!pending_.empty()) {
    openDataset(pending_);
  } else {
    showFirst();
  }
}

/// The first dataset of a person's own, or the first there is.
void DataPage::showFirst() {
  const auto entries = desk().datasets().entries();
  if (entries.empty()) {
    return;  // they are being read; onShelfChanged comes back here
  }
  const auto own = std::ranges::find(entries, false, &DatasetShelf::Entry::builtIn);
  openDataset(own != entries.end() ? own->name : entries.front().name);
}

void DataPage::onShelfChanged() {
  updateList();
  if (!begun_ && !isVisible()) {
    return;
  }
  const auto entries = desk().datasets().entries();
  const auto isThere = [&](const std::string& name) {
    return std::ranges::find(entries, name, &DatasetShelf::Entry::name) != entries.end();
  };
  if (!pending_.empty() && isThere(pending_)) {
    openDataset(pending_);
  } else if (browser_->name().empty() && !browser_->collection()) {
    showFirst();
  } else if (!browser_->name().empty() && !isThere(browser_->name())) {
    browser_->clear();
    showFirst();
  } else if (!browser_->isOpening()) {
    browser_->reopen();
  }
}

void DataPage::onCollection() {
  const auto& collection = browser_->collection();
  const bool another = !shownOf_ || shownOf_->set->set.name != collection->set->set.name;
  problem_.clear();
  if (another) {
    met_.clear();
    shownOf_ = nullptr;
    rows_ = nullptr;
    model_->setItems({});
  }
  if (!restored_.isEmpty() && restored_["dataset"].toString() == text(browser_->name())) {
    browser_->setFilter(restoredFilter(*collection));
    restored_ = {};
  }
  if (!collection->isLoose()) {
    known_[collection->set->set.name] = counted(collection->samples().size(), tr("1 picture"), tr("%1 pictures"));
  }
  spec_ = {};
  for (const auto& entry : desk().datasets().entries()) {
    if (!collection->isLoose() && entry.name == collection->set->set.name) {
      spec_ = entry.spec;
    }
  }
  classes_->setCollection(collection, browser_->filter());
  updateList();
  datasets_->setCurrent(text(browser_->name()), collection->isLoose(), matched_.selection());
  if (matched_.wanted.dataset == text(browser_->name()) && !matched_.wanted.name.isEmpty()) {
    showSelection();
  }
  details_->setTrainable(!collection->isLoose());
  header_->setHint(statistics(*collection));
  updateSkipped();
  updateMiddle();
  announce();
}

void DataPage::onShown() {
  const bool another = !shownOf_ || shownOf_->set->set.name != browser_->collection()->set->set.name;
  const bool grown = !another && rows_ && browser_->collection() != shownOf_;
  const int scroll = grid_->verticalScrollBar()->value();
  const auto& matches = browser_->filter().matches;
  const bool otherMatches = matches && matches != matched_.shown;  // seen from the first of them
  matched_.shown = matches;
  const ChosenPictures chosen = another || otherMatches || !rows_ ? ChosenPictures() : chosenNow();
  shownOf_ = browser_->collection();
  rows_ = browser_->shown();
  const bool noted = matches && matched_.notes && matched_.notes->of == matches && matched_.notes->set == shownOf_->set;
  model_->setItems(int(rows_->rows.size()), [of = shownOf_, rows = rows_, labelSet = browser_->filter().labelSet,
                                             notes = noted ? matched_.notes : nullptr](int row) {
    const std::uint32_t sample = rows->rows[std::size_t(row)];
    PictureItem item = itemOf(*of, sample, labelSet);
    if (notes && notes->texts.contains(sample)) {
      item.detail = notes->texts.at(sample);
      item.tip = item.detail + "\n" + item.tip;
    }
    return item;
  });
  choose(chosen);
  if (otherMatches) {
    grid_->verticalScrollBar()->setValue(0);
  } else if (grown) {
    grid_->verticalScrollBar()->setValue(scroll);
  }
  classes_->setCounts(rows_);
  const std::size_t matched = matches ? matches->size() : 0, there = matched - std::min(matched, rows_->missing);
  matchBar_->setMatches(matches ? matched_.title : QString(), matched, rows_->missing, there - std::min(there, rows_->rows.size()));
  if (!matches) {
    matched_.opened = {};
  }
  datasets_->setCurrent(text(browser_->name()), shownOf_->isLoose(), matched_.selection());
  selectPictures();
  updateMiddle();
  updateCounts();
  announce();
  Q_EMIT selectionChanged();
  Q_EMIT datasetShown();
}

void DataPage::onFailed(const QString& sentence, bool placeIsMissing) {
  shownOf_ = nullptr;
  rows_ = nullptr;
  met_.clear();
  model_->setItems({});
  classes_->setCollection(nullptr, {});
  details_->setTrainable(false);
  QString title = tr("%1 cannot be opened").arg(text(browser_->name()));
  problem_ = sentence;
  if (placeIsMissing) {
    title = tr("%1 is not where it was").arg(text(browser_->name()));
    problem_ = tr("%1 It was moved or renamed, or its disk is not mounted. Say where it lies now; nothing of the "
                  "workspace is lost.")
                   .arg(sentence);
  }
  problemState_->setText(title, problem_);
  locateButton_->setVisible(placeIsMissing);
  locateButton_->setEnabled(!desk().isReadOnly());
  header_->setHint(tr("Drop folders, tables or pictures anywhere here."));
  matchBar_->setMatches({}, 0);
  updateSkipped();
  updateMiddle();
  updateCounts();
  announce();
}

void DataPage::updateList() {
  std::vector<DatasetLine> lines;
  for (const auto& entry : desk().datasets().entries()) {
    DatasetLine line{text(entry.name), text(entry.name), {}, {}, !entry.builtIn};
    const auto known = known_.find(entry.name);
    if (known != known_.end()) {
      line.detail = known->second;
    } else if (const auto pictures = picturesIn(entry.counts)) {
      line.detail = counted(*pictures, tr("1 picture"), tr("%1 pictures"));
    }
    if (entry.builtIn) {
      line.detail += line.detail.isEmpty() ? tr("built in") : tr(", built in");
    } else if (line.detail.isEmpty()) {
      line.detail = kindInWords(entry.spec.kind);
    } else if (entry.spec.kind != "folder") {
      line.detail += tr(", %1").arg(kindInWords(entry.spec.kind));
    }
    line.tip = entry.builtIn ? tr("Comes with the program.") : text(entry.spec.path);
    lines.push_back(std::move(line));
    for (const auto& row : selections_->of(entry.name)) {
      const QString detail = counted(std::size_t(row.pictures), tr("1 picture, kept"), tr("%1 pictures, kept"));
      lines.push_back({text(entry.name), text(row.name), detail,
                       row.note.empty() ? tr("A kept selection of %1.").arg(text(entry.name)) : text(row.note), true, text(row.name)});
    }
  }
  if (browser_->loose()) {
    const std::size_t count = browser_->loose()->samples().size();
    lines.push_back({{}, tr("Dropped pictures"), counted(count, tr("1 picture, not kept"), tr("%1 pictures, not kept")),
                     tr("Files that were dropped here; they stay where they are."), false});
  }
  datasets_->setLines(lines);
  const auto& shown = browser_->collection();
  if (shown || !browser_->name().empty()) {
    datasets_->setCurrent(text(browser_->name()), browser_->name().empty(), matched_.selection());
  }
}

void DataPage::updateMiddle() {
  const bool failed = !problem_.isEmpty() && !browser_->collection() && !browser_->isOpening();
  tabs_->setEnabled(!failed);
  stack_->setCurrentIndex(failed ? kProblemPage : tabs_->currentIndex());
  counts_->setVisible(tabs_->currentIndex() == int(Tab::Pictures));
  if (tabs_->currentIndex() == int(Tab::Skipped)) {
    skipped_->model().setWords(foldedWords(search_->text().toStdString()));
  }
  if (browser_->isOpening()) {
    grid_->setEmptyText(tr("Reading %1...").arg(text(browser_->name())));
    if (shownOf_) {
      shownOf_ = nullptr;
      rows_ = nullptr;
      model_->setItems({});
      matchBar_->setMatches({}, 0);
      updateCounts();
      announce();
    }
  } else if (!browser_->collection()) {
    grid_->setEmptyText(tr("Choose a dataset at the left, or drop a folder, a table or pictures here."));
  } else {
    grid_->setEmptyText(rows_ ? tr("No picture matches. Empty the search, or choose all splits and all classes.")
                              : tr("Reading..."));
  }
}

void DataPage::updateCounts() {
  const std::size_t total = shownOf_ ? shownOf_->samples().size() : 0;
  const std::size_t shown = rows_ ? rows_->rows.size() : 0;
  QStringList parts;
  if (shownOf_) {
    parts << counted(total, tr("1 picture"), tr("%1 pictures"));
    if (shown != total) {
      parts << tr("%1 shown").arg(number(shown));
    }
    if (const int selected = selectedCount(); selected > 0) {
      parts << tr("%1 selected").arg(number(std::size_t(selected)));
    }
  }
  if (browser_->waitingFiles() > 0) {
    parts << tr("%1 dropped files still to be looked at").arg(number(browser_->waitingFiles()));
  }
  counts_->setText(parts.join(", "));
  tabs_->setTabText(0, shownOf_ ? tr("Pictures (%1)").arg(number(shown)) : tr("Pictures"));
  details_->setSelected(selectedCount());
}

void DataPage::updateDetails() {
  const QModelIndex index = grid_->currentIndex();
  if (!index.isValid() || !rows_ || index.row() >= int(rows_->rows.size())) {
    details_->setPicture(nullptr, 0, {});
    return;
  }
  const std::size_t sample = rows_->rows[std::size_t(index.row())];
  details_->setPicture(shownOf_, sample, fileOf(sample));
}

void DataPage::updateSkipped() {
  const auto& collection = browser_->collection();
  std::vector<data::Skipped> later;
  for (const auto& [key, reason] : met_) {
    if (collection && !collection->skippedKeys.contains(key)) {
      later.push_back({key, reason});
    }
  }
  skipped_->model().setSkipped(collection, std::move(later));
  const std::size_t total = skipped_->model().total();
  tabs_->setTabText(1, total == 0 ? tr("Skipped") : tr("Skipped (%1)").arg(number(total)));
}

void DataPage::showEvent(QShowEvent* event) {
  Page::showEvent(event);
  if (!begun_) {
    datasets_->list()->setFocus();
  }
  begin();
  lookAgain();
  lookTimer_->start();
}

void DataPage::hideEvent(QHideEvent* event) {
  lookTimer_->stop();
  Page::hideEvent(event);
}

/// What a terminal or another window has added to the workspace.
void DataPage::lookAgain() {
  desk().datasets().look();
  selections_->refresh();
}

void DataPage::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape && search_->hasFocus() && !search_->text().isEmpty()) {
    search_->clear();
    return;
  }
  if (event->key() == Qt::Key_Escape && grid_->hasFocus() && browser_->filter().matches) {
    clearMatches();
    return;
  }
  Page::keyPressEvent(event);
}

Page* makeDataPage(Desk& desk) {
  auto* page = new DataPage(desk);
  addExplorePanels(*page, desk);
  return page;
}

}  // namespace lix::app
