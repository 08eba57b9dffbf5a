#include "pages/runs/runs_page.h"

#include <QDesktopServices>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QUrl>
#include <algorithm>
#include <set>

#include "chrome/action_table.h"
#include "desk/checkpoint_shelf.h"
#include "desk/run_watch.h"
#include "frame/page_parts.h"
#include "pages/run_parts/run_buttons.h"
#include "pages/run_parts/run_text.h"
#include "pages/runs/run_details.h"
#include "pages/runs/run_filter.h"
#include "pages/runs/run_table_model.h"
#include "pages/runs/trash_bar.h"
#include "store/metric_store.h"

namespace lix::app {
namespace {

constexpr long long kLossWindow = 200;  // steps behind the newest one in which a loss must lie

/// The newest loss of each run, for those that have one.
Result<std::map<long long, double>> lossesOf(const store::Workspace& workspace,
                                             const std::map<long long, long long>& steps) {
  std::map<long long, double> losses;
  for (const auto& [run, step] : steps) {
    LIX_TRY(const auto points, store::MetricStore(workspace).series(run, "loss", std::max(-1LL, step - kLossWindow)));
    if (!points.empty()) {
      losses[run] = points.back().value;
    }
  }
  return losses;
}

}  // namespace

RunsPage::RunsPage(Desk& desk)
    : Page(desk, PageId::Runs), trashRelay_(desk.storing()), lossRelay_(desk.storing()), folderRelay_(desk.io()) {
  build();
  connect(&desk.runs(), &RunWatch::changed, this, &RunsPage::refreshRows);
  connect(&desk.runs(), &RunWatch::ended, &desk.checkpoints(), &CheckpointShelf::refresh);
  connect(model_, &RunTableModel::renameAsked, this, &RunsPage::changeName);
  connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this, &RunsPage::onSelection);
  connect(table_->selectionModel(), &QItemSelectionModel::currentChanged, this, &RunsPage::onSelection);
  connect(table_, &QTableView::activated, this, &RunsPage::showInTrain);
  connect(details_, &RunDetails::showInTrain, this, &RunsPage::showInTrain);
  connect(details_, &RunDetails::inspect, this, &RunsPage::inspect);
  connect(details_, &RunDetails::openFolder, this, &RunsPage::openFolder);
  connect(details_, &RunDetails::kept, this, [this] { this->desk().runs().refresh(); });
  connect(trashBar_, &TrashBar::restoreAsked, this, &RunsPage::takeFromTrash);
  connect(trashBar_, &TrashBar::emptied, this, &RunsPage::readTrash);
  connect(filter_, &QLineEdit::textChanged, this, [this](const QString& text) {
    static_cast<RunFilter*>(proxy_)->setWords(text);
    keepSomethingChosen();
  });
  readTrash();
  refreshRows();
}

void RunsPage::shown() {
  desk().checkpoints().refresh();  // a run that goes on may have written one
  readTrash();
  refreshRows();
}

void RunsPage::setView(View view) {
  details_->save();
  view_ = view;
  runsButton_->setChecked(view == View::Runs);
  trashButton_->setChecked(view == View::Trash);
  trashBar_->setVisible(view == View::Trash);
  readTrash();
  refreshRows();
}

void RunsPage::refreshRows() {
  model_->setRows(view_ == View::Trash ? trashed_ : desk().runs().runs());
  trashButton_->setText(trashed_.empty() ? tr("Trash") : tr("Trash (%1)").arg(trashed_.size()));
  const bool none = model_->rowCount() == 0;
  stack_->setCurrentIndex(none ? 1 : 0);
  details_->setVisible(!none);
  if (view_ == View::Trash) {
    empty_->setText(tr("The trash is empty"), tr("Runs that you delete wait here until you empty it."));
  } else {
    empty_->setText(tr("No runs yet"),
                    tr("Start one on the Train page, or with lixp in a terminal; it appears here while it runs."));
  }
  keepSomethingChosen();
  onSelection();
  readLosses();
}

void RunsPage::readTrash() {
  desk().ask(
      trashRelay_,
      [](const store::Workspace& workspace) { return store::RunStore(workspace).list(store::RunsShown::Trashed); },
      [this](Result<std::vector<store::RunRow>> rows) {
        if (!rows) {
          desk().say(rows.error());
          return;
        }
        trashed_ = std::move(*rows);
        std::vector<std::filesystem::path> folders;
        for (const store::RunRow& run : trashed_) {
          folders.push_back(run.out);
        }
        trashBar_->setFolders(folders);
        refreshRows();
      });
}

void RunsPage::readLosses() {
  std::map<long long, long long> wanted;
  for (int i = 0; i < model_->rowCount(); ++i) {
    const store::RunRow& run = model_->at(i);
    const auto known = lossSteps_.find(run.id);
    if (run.step > 0 && (known == lossSteps_.end() || known->second != run.step)) {
      wanted[run.id] = run.step;
    }
  }
  if (wanted.empty() || lossRelay_.busy()) {  // the next refresh asks for the rest
    return;
  }
  desk().ask(
      lossRelay_, [wanted](const store::Workspace& workspace) { return lossesOf(workspace, wanted); },
      [this, wanted](Result<std::map<long long, double>> losses) {
        if (losses) {
          for (const auto& [run, step] : wanted) {
            lossSteps_[run] = step;
          }
          model_->setLosses(*losses);
        }
      });
}

std::vector<long long> RunsPage::chosen() const {
  std::vector<long long> ids;
  for (const QModelIndex& index : table_->selectionModel()->selectedRows()) {
    ids.push_back(index.data(RunTableModel::kIdRole).toLongLong());
  }
  return ids;
}

const store::RunRow* RunsPage::current() const {
  const QModelIndex index = table_->currentIndex();
  return index.isValid() ? model_->row(index.data(RunTableModel::kIdRole).toLongLong()) : nullptr;
}

void RunsPage::select(long long run) {
  for (int i = 0; i < proxy_->rowCount(); ++i) {
    if (proxy_->index(i, 0).data(RunTableModel::kIdRole).toLongLong() == run) {
      table_->selectRow(i);
      table_->scrollTo(proxy_->index(i, 0));
      wanted_ = 0;
      return;
    }
  }
}

void RunsPage::keepSomethingChosen() {
  if (wanted_ != 0) {
    select(wanted_);
  }
  if (proxy_->rowCount() > 0 && table_->selectionModel()->selectedRows().isEmpty()) {
    table_->selectRow(std::max(0, std::min(table_->currentIndex().row(), proxy_->rowCount() - 1)));
  }
}

void RunsPage::onSelection() {
  const store::RunRow* run = current();
  details_->setRun(run ? std::optional(*run) : std::nullopt);
  trashBar_->setSelected(int(chosen().size()));
}

void RunsPage::rename() {
  if (const QModelIndex index = table_->currentIndex();
      index.isValid() && !desk().isReadOnly() && view_ == View::Runs) {
    table_->setFocus();
    table_->edit(index.siblingAtColumn(RunTableModel::Name));
  } else if (desk().isReadOnly()) {
    desk().say(widgets::Severity::Warning, tr("This workspace is open for reading only, so runs cannot be renamed."));
  }
}

void RunsPage::changeName(long long run, const QString& name) {
  if (name.isEmpty()) {
    desk().say(widgets::Severity::Warning, tr("A run needs a name; the old one was kept."));
    return;
  }
  desk().write([run, text = name.toStdString()](
                   const store::Workspace& workspace) { return store::RunStore(workspace).rename(run, text); },
               [this](bool) { desk().runs().refresh(); });
}

void RunsPage::moveToTrash() {
  if (view_ != View::Runs) {
    return;
  }
  details_->save();
  for (const long long run : chosen()) {
    desk().write([run](const store::Workspace& workspace) { return store::RunStore(workspace).trash(run); },
                 [this](bool) {
                   desk().runs().refresh();
                   readTrash();
                 });
    if (desk().isReadOnly()) {
      return;  // said once
    }
  }
}

void RunsPage::takeFromTrash() {
  if (view_ != View::Trash) {
    return;
  }
  for (const long long run : chosen()) {
    desk().write([run](const store::Workspace& workspace) { return store::RunStore(workspace).restore(run); },
                 [this](bool) {
                   desk().runs().refresh();
                   readTrash();
                 });
  }
}

void RunsPage::showInTrain() {
  if (const store::RunRow* run = current(); run && view_ == View::Runs) {
    desk().show(PageId::Train, QStringLiteral("run:%1").arg(run->id));
  }
}

void RunsPage::inspect() {
  const store::RunRow* run = current();
  if (run && !checkpointStep(desk(), *run)) {
    desk().say(widgets::Severity::Info, tr("The run %1 has written no checkpoint yet, so there is nothing to look into.")
                                            .arg(QString::fromStdString(run->name)));
  } else if (run) {
    desk().show(PageId::Inspect, QStringLiteral("checkpoint:%1").arg(QString::fromStdString(run->out.string())));
  }
}

void RunsPage::openFolder() {
  const store::RunRow* run = current();
  if (!run) {
    return;
  }
  folderRelay_.ask(
      [out = run->out](std::stop_token) {
        std::error_code ignored;
        return std::filesystem::is_directory(out, ignored) ? out : std::filesystem::path();
      },
      [this, out = run->out](const std::filesystem::path& found) {
        if (found.empty()) {
          desk().say(widgets::Severity::Info, tr("%1 is not there yet: the run writes it with its first checkpoint.")
                                                  .arg(QString::fromStdString(out.string())));
        } else {
          QDesktopServices::openUrl(QUrl::fromLocalFile(QString::fromStdString(found.string())));
        }
      });
}

void RunsPage::open(const QString& what) {
  if (what.startsWith("run:")) {
    wanted_ = what.mid(4).toLongLong();
    filter_->clear();
    setView(View::Runs);
  }
}

Page* makeRunsPage(Desk& desk) { return new RunsPage(desk); }

}  // namespace lix::app
