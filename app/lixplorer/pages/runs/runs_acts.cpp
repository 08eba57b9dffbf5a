// What a person does with the chosen runs, and which columns they have.
#include <QClipboard>
#include <QDesktopServices>
#include <QGuiApplication>
#include <QHeaderView>
#include <QMenu>
#include <QTableView>
#include <QUrl>
#include <algorithm>

#include "desk/run_watch.h"
#include "pages/run_parts/run_text.h"
#include "pages/runs/column_menu.h"
#include "pages/runs/run_details.h"
#include "pages/runs/run_differences.h"
#include "pages/runs/run_table_model.h"
#include "pages/runs/runs_page.h"

namespace lix::app {
namespace {
using Archive = store::RunSearch::Archive;

Result<void> toTrash(const store::Workspace& workspace, long long run) { return store::RunStore(workspace).trash(run); }
Result<void> fromTrash(const store::Workspace& workspace, long long run) { return store::RunStore(workspace).restore(run); }
Result<void> toArchive(const store::Workspace& workspace, long long run) {
  return store::RunSearch(workspace).archive({&run, 1}, Archive::PutIn);
}
Result<void> fromArchive(const store::Workspace& workspace, long long run) {
  return store::RunSearch(workspace).archive({&run, 1}, Archive::TakeOut);
}

}  // namespace

void RunsPage::toggleColumn(const RunColumn& column, bool on) {
  std::vector<RunColumn> extra(model_->columns().begin() + RunTableModel::kColumns, model_->columns().end());
  std::erase(extra, column);
  if (on) {
    extra.push_back(column);
  }
  model_->setExtraColumns(std::move(extra));
  if (column.of == RunColumn::Of::Metric && on) {
    readAnew();
  }
}

void RunsPage::fillColumns(QMenu& menu) {
  fillColumnMenu(menu, *table_, model_->columns(), {settingNames(items_), seriesNames_},
                 [this](const RunColumn& column, bool on) { toggleColumn(column, on); });
}

void RunsPage::showColumnMenu(const QPoint& at) {
  // Names of series are asked first: a few milliseconds, off the window's thread.
  desk().ask(
      namesRelay_, [](const store::Workspace& workspace) { return store::RunSearch(workspace).seriesNames(); },
      [this, at](Result<std::vector<std::string>> names) {
        if (names) {
          seriesNames_ = std::move(*names);
        } else {
          desk().say(names.error());
        }
        fillColumns(*columnMenu_);
        columnMenu_->popup(at);
      });
}

void RunsPage::rename() {
  if (const QModelIndex index = table_->currentIndex();
      index.isValid() && !desk().isReadOnly() && view_ != View::Trash) {
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
  const RunItem* item = model_->run(run);
  if (item == nullptr) {
    return;
  }
  const std::string before = item->row.name;
  const auto to = [](std::string text) -> RunChange::Act {
    return [text = std::move(text)](const store::Workspace& workspace, long long id) {
      return store::RunStore(workspace).rename(id, text);
    };
  };
  history_.make({.runs = {{run, name}},
                 .made = tr("Renamed: %1.", "%1 is the new name"),
                 .takenBack = tr("It has its old name again, not %1."),
                 .make = to(name.toStdString()),
                 .takeBack = to(before)});
}

void RunsPage::onHistory() {
  desk().runs().refresh();
  read();
  readTrash();
}

void RunsPage::moveToTrash() {
  if (view_ == View::Trash) {
    return;
  }
  details_->save();
  history_.make({.runs = chosenNames(),
                 .made = tr("Moved to the trash: %1."),
                 .takenBack = tr("Out of the trash again: %1."),
                 .make = toTrash,
                 .takeBack = fromTrash});
}

void RunsPage::restoreChosen() {
  if (view_ == View::Archive) {
    archiveOrBack();
  } else if (view_ == View::Trash) {
    history_.make({.runs = chosenNames(),
                   .made = tr("Taken out of the trash: %1."),
                   .takenBack = tr("In the trash again: %1."),
                   .make = fromTrash,
                   .takeBack = toTrash});
  }
}

void RunsPage::archiveOrBack() {
  if (view_ == View::Trash) {
    return;
  }
  details_->save();
  if (view_ == View::Archive) {
    history_.make({.runs = chosenNames(),
                   .made = tr("Taken out of the archive: %1."),
                   .takenBack = tr("Archived again: %1."),
                   .make = fromArchive,
                   .takeBack = toArchive});
  } else {
    history_.make({.runs = chosenNames(),
                   .made = tr("Archived: %1."),
                   .takenBack = tr("Out of the archive again: %1."),
                   .make = toArchive,
                   .takeBack = fromArchive});
  }
}

void RunsPage::copyTable() const {
  std::vector<int> columns;
  const QHeaderView* header = table_->horizontalHeader();
  for (int visual = 0; visual < header->count(); ++visual) {
    if (const int column = header->logicalIndex(visual); !header->isSectionHidden(column)) {
      columns.push_back(column);
    }
  }
  const auto line = [&](const auto& textOf) {
    QStringList fields;
    for (const int column : columns) {
      fields << csvField(textOf(column));
    }
    return fields.join(',') + '\n';
  };
  QString csv = line([this](int column) { return model_->columns()[std::size_t(column)].title(); });
  QModelIndexList rows = table_->selectionModel()->selectedRows();
  std::ranges::sort(rows, {}, &QModelIndex::row);
  for (const QModelIndex& row : rows) {
    csv += line([&](int column) { return row.siblingAtColumn(column).data().toString(); });
  }
  QGuiApplication::clipboard()->setText(csv);
}

void RunsPage::showInTrain() {
  if (const store::RunRow* run = current(); run && view_ != View::Trash) {
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

}  // namespace lix::app
