#include "pages/runs/runs_page.h"

#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <algorithm>

#include "desk/checkpoint_shelf.h"
#include "desk/run_watch.h"
#include "frame/page_parts.h"
#include "pages/runs/archive_bar.h"
#include "pages/runs/column_menu.h"
#include "pages/runs/run_comparison.h"
#include "pages/runs/run_details.h"
#include "pages/runs/run_table_model.h"
#include "pages/runs/trash_bar.h"

namespace lix::app {
namespace {

constexpr std::size_t kAtOnce = 2000;  // runs that are filtered and sorted within a few milliseconds
constexpr std::size_t kFirst = 500;    // shown while the others are read

}  // namespace

RunsPage::RunsPage(Desk& desk)
    : Page(desk, PageId::Runs),
      readRelay_(desk.storing()),
      trashRelay_(desk.storing()),
      detailsRelay_(desk.storing()),
      compareRelay_(desk.storing()),
      namesRelay_(desk.storing()),
      arrangeRelay_(desk.io()),
      folderRelay_(desk.io()),
      history_(desk) {
  build();
  connect(&desk.runs(), &RunWatch::changed, this, &RunsPage::read);
  connect(&desk.runs(), &RunWatch::ended, &desk.checkpoints(), &CheckpointShelf::refresh);
  connect(model_, &RunTableModel::renameAsked, this, &RunsPage::changeName);
  connect(model_, &RunTableModel::sortAsked, this, [this](int column, Qt::SortOrder order) {
    order_.by = model_->columns()[std::size_t(column)];
    order_.order = order;
    arrange();
  });
  connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this, &RunsPage::onSelection);
  connect(table_->selectionModel(), &QItemSelectionModel::currentChanged, this, &RunsPage::onSelection);
  connect(model_, &QAbstractItemModel::modelReset, this, &RunsPage::keepSomethingChosen);
  connect(table_, &QTableView::activated, this, &RunsPage::showInTrain);
  connect(details_, &RunDetails::showInTrain, this, &RunsPage::showInTrain);
  connect(details_, &RunDetails::inspect, this, &RunsPage::inspect);
  connect(details_, &RunDetails::openFolder, this, &RunsPage::openFolder);
  connect(details_, &RunDetails::kept, this, [this] { this->desk().runs().refresh(); });
  connect(comparison_, &RunComparison::closed, this, [this] { showComparison(false); });
  connect(trashBar_, &TrashBar::restoreAsked, this, &RunsPage::restoreChosen);
  connect(archiveBar_, &ArchiveBar::restoreAsked, this, &RunsPage::restoreChosen);
  connect(trashBar_, &TrashBar::emptied, this, [this] {
    history_.forget();
    readTrash();
  });
  connect(&history_, &RunHistory::changed, this, &RunsPage::onHistory);
  connect(filter_, &QLineEdit::textChanged, this, [this](const QString& text) {
    order_.words = text;
    arrange();
  });
  readTrash();
  read();
}

void RunsPage::shown() {
  desk().checkpoints().refresh();  // a run that goes on may have written one
  readTrash();
  read();
}

void RunsPage::setView(View view) {
  details_->save();
  view_ = view;
  runsButton_->setChecked(view == View::Runs);
  archiveButton_->setChecked(view == View::Archive);
  trashButton_->setChecked(view == View::Trash);
  trashBar_->setVisible(view == View::Trash);
  archiveBar_->setVisible(view == View::Archive);
  order_.archived = view == View::Archive ? RunOrder::Archived::Alone : RunOrder::Archived::Hidden;
  readTrash();
  arrange();
}

std::vector<std::string> RunsPage::shownSeries() const {
  std::set<std::string> series;
  for (const RunColumn& column : model_->columns()) {
    series.insert(column.series());
  }
  series.erase("");
  return {series.begin(), series.end()};
}

void RunsPage::readAnew() {
  mark_ = 0;
  readRelay_.drop();
  items_.clear();
  read();
  readTrash();
}

void RunsPage::read() {
  if (readRelay_.busy()) {
    readAgain_ = true;
    return;
  }
  readAgain_ = false;
  const bool first = !whole_ && items_.empty();
  desk().ask(
      readRelay_,
      [first, since = mark_, series = shownSeries()](const store::Workspace& workspace) {
        return first ? readNewestRuns(workspace, kFirst, series) : readRuns(workspace, since, series);
      },
      [this](const Result<RunsRead>& found) {
        if (!found) {
          desk().say(found.error());
          return;
        }
        take(*found);
        if (!whole_ || readAgain_) {
          whole_ = true;
          read();
        }
      });
}

void RunsPage::take(const RunsRead& found) {
  const bool differs = merge(items_, found) || found.archived != archived_;
  if (found.archived != archived_) {
    archived_ = found.archived;
    for (RunItemPtr& item : items_) {
      if (item->isArchived != archived_.contains(item->row.id)) {
        auto changed = std::make_shared<RunItem>(*item);
        changed->isArchived = !item->isArchived;
        item = std::move(changed);
      }
    }
  }
  mark_ = std::max(mark_, found.mark);
  if (differs || model_->rowCount() == 0) {
    arrange();
  }
}

void RunsPage::readTrash() {
  desk().ask(
      trashRelay_, [series = shownSeries()](const store::Workspace& workspace) { return readTrashedRuns(workspace, series); },
      [this](Result<std::vector<RunItemPtr>> rows) {
        if (!rows) {
          desk().say(rows.error());
          return;
        }
        trashed_ = std::move(*rows);
        std::vector<std::filesystem::path> folders;
        for (const RunItemPtr& run : trashed_) {
          folders.push_back(run->row.out);
        }
        trashBar_->setFolders(folders);
        showCounts();
        if (view_ == View::Trash) {
          arrange();
        }
      });
}

void RunsPage::arrange() {
  const std::vector<RunItemPtr>& all = view_ == View::Trash ? trashed_ : items_;
  if (all.size() <= kAtOnce) {
    arrangeRelay_.drop();
    showRows(lix::app::arranged(all, order_));
    return;
  }
  arrangeRelay_.ask([all, order = order_](std::stop_token) { return lix::app::arranged(all, order); },
                    [this](std::vector<RunItemPtr> rows) { showRows(std::move(rows)); });
}

void RunsPage::showRows(std::vector<RunItemPtr> rows) {
  model_->setRows(std::move(rows));
  const bool none = (view_ == View::Trash ? trashed_.empty() : model_->rowCount() == 0 && filter_->text().isEmpty());
  stack_->setCurrentIndex(none ? 1 : 0);
  details_->setVisible(!none);
  comparison_->setVisible(!none && compareButton_->isChecked());
  if (view_ == View::Trash) {
    empty_->setText(tr("The trash is empty"), tr("Runs that you delete wait here until you empty it."));
  } else if (view_ == View::Archive) {
    empty_->setText(tr("Nothing is archived"),
                    tr("Runs that you archive (Ctrl+Shift+A) are kept here with all they have, out of the way."));
  } else {
    empty_->setText(tr("No runs yet"),
                    tr("Start one on the Train page, or with lixp in a terminal; it appears here while it runs."));
  }
  shareHeight();
  showCounts();
  keepSomethingChosen();
  onSelection();
  Q_EMIT arranged();
}

void RunsPage::showCounts() {
  archiveButton_->setText(archived_.empty() ? tr("Archive") : tr("Archive (%1)").arg(archived_.size()));
  trashButton_->setText(trashed_.empty() ? tr("Trash") : tr("Trash (%1)").arg(trashed_.size()));
}

std::vector<long long> RunsPage::chosen() const {
  std::vector<long long> ids;
  QModelIndexList rows = table_->selectionModel()->selectedRows();
  std::ranges::sort(rows, {}, &QModelIndex::row);
  for (const QModelIndex& index : rows) {
    ids.push_back(index.data(RunTableModel::kIdRole).toLongLong());
  }
  return ids;
}

std::vector<std::pair<long long, QString>> RunsPage::chosenNames() const {
  std::vector<std::pair<long long, QString>> named;
  for (const long long id : chosen()) {
    if (const RunItem* run = model_->run(id)) {
      named.emplace_back(id, QString::fromStdString(run->row.name));
    }
  }
  return named;
}

/// Whatever keys are held down: QTableView::selectRow() takes Ctrl and Shift for a person's.
void RunsPage::chooseRow(int row) {
  table_->selectionModel()->setCurrentIndex(model_->index(row, 0),
                                            QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
}

const store::RunRow* RunsPage::current() const {
  const QModelIndex index = table_->currentIndex();
  return index.isValid() && index.row() < model_->rowCount() ? &model_->at(index.row()).row : nullptr;
}

void RunsPage::select(long long run) {
  if (const int row = model_->rowOf(run); row >= 0) {
    chooseRow(row);
    table_->scrollTo(model_->index(row, 0));
    wanted_ = 0;
  }
}

void RunsPage::keepSomethingChosen() {
  if (wanted_ != 0) {
    select(wanted_);
  }
  if (model_->rowCount() > 0 && !table_->selectionModel()->hasSelection()) {
    chooseRow(std::clamp(table_->currentIndex().row(), 0, model_->rowCount() - 1));
  }
}

void RunsPage::onSelection() {
  const store::RunRow* run = current();
  details_->setRun(run ? std::optional(*run) : std::nullopt);
  const int selected = int(table_->selectionModel()->selectedRows().size());
  trashBar_->setSelected(selected);
  archiveBar_->setCounts(int(archived_.size()), selected);
  readDetails();
  compareChosen();
}

void RunsPage::readDetails() {
  const store::RunRow* run = current();
  if (run == nullptr) {
    detailsRelay_.drop();
    return;
  }
  desk().ask(
      detailsRelay_, [id = run->id](const store::Workspace& workspace) { return store::RunSearch(workspace).endsOf(id); },
      [this, id = run->id](const Result<std::map<std::string, store::SeriesEnd>>& ends) {
        if (ends && current() != nullptr && current()->id == id) {
          details_->setSeries(*ends);
        }
      });
}

void RunsPage::compareChosen() {
  if (!comparison_->isVisibleTo(this)) {
    compareRelay_.drop();
    return;
  }
  const std::vector<long long> ids = chosen();
  std::vector<ComparedRun> runs;
  for (const long long id : ids) {
    if (const RunItem* run = model_->run(id); run != nullptr && int(runs.size()) < RunComparison::kMostRuns) {
      runs.push_back({run->row, {}});
    }
  }
  desk().ask(
      compareRelay_,
      [runs](const store::Workspace& workspace) mutable -> Result<std::vector<ComparedRun>> {
        for (ComparedRun& run : runs) {
          LIX_TRY(run.ends, store::RunSearch(workspace).endsOf(run.row.id));
        }
        return runs;
      },
      [this, count = int(ids.size())](const Result<std::vector<ComparedRun>>& read) {
        if (read) {
          comparison_->setRuns(*read, count);
        } else {
          desk().say(read.error());
        }
      });
}

void RunsPage::showComparison(bool visible) {
  compareButton_->setChecked(visible);
  comparison_->setVisible(visible);
  shareHeight();
  compareChosen();
}

void RunsPage::shareHeight() {
  if (bordersMoved_ || !comparison_->isVisibleTo(this)) {
    return;
  }
  // The table gets what its rows need, at most half.
  const int all = left_->height(), rows = model_->rowCount() * table_->verticalHeader()->defaultSectionSize() +
                                          table_->horizontalHeader()->height() + 2 * table_->frameWidth() +
                                          table_->horizontalScrollBar()->sizeHint().height();
  const int top = std::clamp(rows, all / 4, std::max(all / 4, all / 2));
  left_->setSizes({top, all - top});
}

void RunsPage::open(const QString& what) {
  if (what.startsWith("run:")) {
    wanted_ = what.mid(4).toLongLong();
    filter_->clear();
    setView(archived_.contains(wanted_) ? View::Archive : View::Runs);
  }
}

Page* makeRunsPage(Desk& desk) { return new RunsPage(desk); }

}  // namespace lix::app
