// How the Runs page is laid out, its actions, and what it remembers.
#include <QHBoxLayout>
#include <QHeaderView>
#include <QJsonArray>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <functional>

#include "chrome/action_table.h"
#include "frame/page_parts.h"
#include "pages/run_parts/run_buttons.h"
#include "pages/runs/archive_bar.h"
#include "pages/runs/row_delegate.h"
#include "pages/runs/run_comparison.h"
#include "pages/runs/run_details.h"
#include "pages/runs/run_table_model.h"
#include "pages/runs/runs_page.h"
#include "pages/runs/trash_bar.h"
#include "pages/runs/history_bar.h"
#include "theme/theme.h"

namespace lix::app {

void RunsPage::buildTable() {
  model_ = new RunTableModel(this);
  model_->setEditable(!desk().isReadOnly());
  table_ = new QTableView;
  table_->setObjectName("runs.table");
  table_->setAccessibleName(tr("Runs"));
  table_->setToolTip(tr("Double click or Return shows a run's curves, F2 renames it, Delete moves it to the trash, Ctrl+click "
                        "chooses several; the right mouse button on the head chooses columns."));
  table_->setModel(model_);
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setSelectionMode(QAbstractItemView::ExtendedSelection);
  table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  table_->setSortingEnabled(true);
  table_->sortByColumn(RunTableModel::Started, Qt::DescendingOrder);
  table_->setShowGrid(false);
  table_->setItemDelegate(new RowDelegate(table_));
  table_->setWordWrap(false);
  table_->setTabKeyNavigation(false);
  table_->verticalHeader()->hide();
  table_->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
  QHeaderView* header = table_->horizontalHeader();
  header->setHighlightSections(false);
  header->setSectionsMovable(true);
  header->setContextMenuPolicy(Qt::CustomContextMenu);
  connect(header, &QWidget::customContextMenuRequested, this,
          [this, header](const QPoint& at) { showColumnMenu(header->mapToGlobal(at)); });
  table_->horizontalHeader()->setStretchLastSection(true);
  constexpr std::array kWidths{118, 118, 76, 76, 88, 96, 104, 86, 90};
  for (int column = 0; column < RunTableModel::kColumns; ++column) {
    table_->setColumnWidth(column, kWidths[std::size_t(column)]);
  }
  table_->setColumnWidth(RunTableModel::Steps, table_->fontMetrics().horizontalAdvance("100000 / 100000") + 24);
}

QWidget* RunsPage::buildLeft() {
  empty_ = new EmptyState("runs", {}, {});
  stack_ = new QStackedWidget;
  stack_->addWidget(table_);
  stack_->addWidget(empty_);
  comparison_ = new RunComparison;
  comparison_->hide();
  left_ = new QSplitter(Qt::Vertical);
  left_->setChildrenCollapsible(false);
  left_->addWidget(stack_);
  left_->addWidget(comparison_);
  connect(left_, &QSplitter::splitterMoved, this, [this] { bordersMoved_ = true; });
  trashBar_ = new TrashBar(desk());
  trashBar_->hide();
  archiveBar_ = new ArchiveBar(!desk().isReadOnly());
  archiveBar_->hide();
  historyBar_ = new HistoryBar(history_);
  auto* left = new QWidget;
  auto* column = new QVBoxLayout(left);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(8);
  column->addWidget(left_, 1);
  column->addWidget(historyBar_);
  column->addWidget(trashBar_);
  column->addWidget(archiveBar_);
  return left;
}

void RunsPage::build() {
  buildTable();
  columnMenu_ = new QMenu(this);
  details_ = new RunDetails(desk());
  splitter_ = new QSplitter;
  splitter_->setChildrenCollapsible(false);
  splitter_->addWidget(buildLeft());
  splitter_->addWidget(details_);
  splitter_->setStretchFactor(0, 1);
  splitter_->setSizes({660, 280});
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(16, 16, 16, 16);
  column->setSpacing(12);
  auto* header = new PageHeader(pageTitle(id()), tr("Every training of this workspace, whoever started it."));
  header->addControl(controls());
  column->addWidget(header);
  column->addWidget(splitter_, 1);
}

QWidget* RunsPage::controls() {
  auto* box = new QWidget;
  auto* row = new QHBoxLayout(box);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  filter_ = new QLineEdit;
  filter_->setObjectName("runs.filter");
  filter_->setPlaceholderText(tr("Filter"));
  filter_->setAccessibleName(tr("Filter"));
  filter_->setToolTip(
      tr("Shows the runs in whose name, status, recipe, data, tags or notes all these words are (Ctrl+F)."));
  filter_->setClearButtonEnabled(true);
  filter_->setMinimumWidth(120);
  const auto choice = [&](const char* name, const QString& icon, const QString& text, const QString& tip, View view) {
    auto* button = new QPushButton(widgets::icon(icon), text);
    button->setObjectName(QLatin1String(name));
    button->setCheckable(true);
    button->setToolTip(tip);
    connect(button, &QPushButton::clicked, this, [this, view] { setView(view); });
    return button;
  };
  runsButton_ = choice("runs.viewRuns", "runs", tr("Runs"), tr("Shows the runs (Ctrl+Shift+R)."), View::Runs);
  runsButton_->setChecked(true);
  archiveButton_ = choice("runs.viewArchive", "folder", tr("Archive"),
                          tr("Shows the runs that were put aside (Ctrl+Shift+V)."), View::Archive);
  trashButton_ =
      choice("runs.viewTrash", "trash", tr("Trash"), tr("Shows the deleted runs (Ctrl+Shift+T)."), View::Trash);
  columnsButton_ = new QPushButton(tr("Columns"));
  columnsButton_->setObjectName("runs.columns");
  columnsButton_->setToolTip(tr("Chooses the columns of the table: settings and last values of series, too (Ctrl+Shift+L)."));
  connect(columnsButton_, &QPushButton::clicked, this,
          [this] { showColumnMenu(columnsButton_->mapToGlobal(QPoint(0, columnsButton_->height()))); });
  compareButton_ = new QPushButton(widgets::icon("compare"), tr("Compare"));
  compareButton_->setObjectName("runs.compare");
  compareButton_->setCheckable(true);
  compareButton_->setToolTip(tr("Shows the chosen runs side by side below the table: what differs, by how much (Ctrl+D)."));
  connect(compareButton_, &QPushButton::clicked, this, &RunsPage::showComparison);
  row->addWidget(filter_);
  row->addWidget(columnsButton_);
  row->addWidget(compareButton_);
  row->addWidget(runsButton_);
  row->addWidget(archiveButton_);
  row->addWidget(trashButton_);
  return box;
}

void RunsPage::addActions(widgets::ActionTable& table) {
  const QString scope = pageName(id());
  QString menu = tr("&Edit");
  const auto add = [&](const char* name, const QString& text, const QString& help, const QString& icon,
                       const QKeySequence& key, std::function<void()> run) {
    table.add({.id = QStringLiteral("runs.%1").arg(QLatin1String(name)),
               .menu = menu,
               .text = text,
               .help = help,
               .icon = icon,
               .key = key,
               .run = [run = std::move(run)](bool) { run(); },
               .scope = scope});
  };
  add("undo", tr("Undo"), tr("Takes back what was done to runs last: trash, archive, names."), "undo",
      QKeySequence("Ctrl+Z"), [this] { history_.undo(); });
  add("redo", tr("Redo"), tr("Does to runs again what was undone."), "redo", QKeySequence("Ctrl+Shift+Z"),
      [this] { history_.redo(); });
  menu = tr("&Runs");
  add("show", tr("Show the run's curves"), tr("Shows the chosen run on the Train page."), "curves",
      QKeySequence("Ctrl+E"), [this] { showInTrain(); });
  add("inspect", tr("Inspect its checkpoint"), tr("Looks into the chosen run's checkpoint on the Inspect page."),
      "inspect", QKeySequence("Ctrl+I"), [this] { inspect(); });
  add("openFolder", tr("Open its folder"), tr("Opens the chosen run's checkpoint folder in the file manager."),
      "folder", {}, [this] { openFolder(); });
  add("rename", tr("Rename"), tr("Gives the chosen run another name, in place."), "", QKeySequence("F2"),
      [this] { rename(); });
  add("tags", tr("Edit tags"), tr("Goes to the tags of the chosen run."), "tag", QKeySequence("Ctrl+T"),
      [this] { details_->editTags(); });
  add("pause", tr("Pause or resume"), tr("Holds the chosen run, or lets it go on."), "pause",
      QKeySequence("Ctrl+Shift+Space"), [this] { details_->buttons().pauseOrResume(); });
  add("stop", tr("Stop"), tr("Writes a checkpoint and ends the chosen run."), "stop", {},
      [this] { details_->buttons().stop(); });
  add("cancel", tr("Cancel..."), tr("Ends the chosen run without a checkpoint; asks first."), "cancel", {},
      [this] { details_->buttons().cancel(); });
  add("continue", tr("Continue"), tr("Goes on with the chosen run from its newest checkpoint."), "play", {},
      [this] { details_->buttons().goOn(); });
  add("trash", tr("Move to the trash"), tr("Moves the chosen runs to the trash; they can be restored."), "trash",
      QKeySequence::Delete, [this] { moveToTrash(); });
  add("archive", tr("Archive, or take out"),
      tr("Puts the chosen runs aside: they are kept with all they have and listed under Archive; there it takes them out "
         "again."),
      "folder", QKeySequence("Ctrl+Shift+A"), [this] { archiveOrBack(); });
  add("compare", tr("Compare the chosen runs"), tr("Shows the chosen runs side by side, or closes the comparison."),
      "compare", QKeySequence("Ctrl+D"), [this] { showComparison(!compareButton_->isChecked()); });
  add("differences", tr("Differences only"), tr("Leaves out of the comparison what is the same for all runs, or shows it."),
      "", QKeySequence("Ctrl+Shift+E"), [this] { comparison_->setDifferencesOnly(!comparison_->isDifferencesOnly()); });
  add("reference", tr("Make it the reference"), tr("Compares the others with the run of the chosen column."), "", {},
      [this] { comparison_->makeReference(); });
  add("columns", tr("Columns..."), tr("Chooses the columns of the table."), "", QKeySequence("Ctrl+Shift+L"),
      [this] { showColumnMenu(columnsButton_->mapToGlobal(QPoint(0, columnsButton_->height()))); });
  add("copy", tr("Copy as CSV"), tr("Puts the chosen runs with the columns that are shown on the clipboard."), "copy",
      QKeySequence("Ctrl+Shift+C"), [this] { copyTable(); });
  add("showArchive", tr("Show the archive"), tr("Shows the runs that were put aside."), "folder",
      QKeySequence("Ctrl+Shift+V"), [this] { setView(View::Archive); });
  add("restore", tr("Restore"), tr("Takes the chosen runs out of the trash or the archive."), "undo",
      QKeySequence("Ctrl+R"), [this] { restoreChosen(); });
  add("showTrash", tr("Show the trash"), tr("Shows the deleted runs."), "trash", QKeySequence("Ctrl+Shift+T"),
      [this] { setView(View::Trash); });
  add("showRuns", tr("Show the runs"), tr("Shows the runs that are not deleted."), "runs", QKeySequence("Ctrl+Shift+R"),
      [this] { setView(View::Runs); });
  add("emptyTrash", tr("Empty trash..."), tr("Deletes the runs in the trash for good; asks first."), "", {}, [this] {
    setView(View::Trash);
    trashBar_->askToEmpty();
  });
  add("filter", tr("Filter"), tr("Goes to the filter field."), "search", QKeySequence("Ctrl+F"), [this] {
    filter_->setFocus(Qt::ShortcutFocusReason);
    filter_->selectAll();
  });
}

QJsonObject RunsPage::state() const {
  const QHeaderView* header = table_->horizontalHeader();
  QJsonArray columns;
  for (std::size_t i = RunTableModel::kColumns; i < model_->columns().size(); ++i) {
    columns.append(model_->columns()[i].id());
  }
  return {{"filter", filter_->text()},
          {"columns", columns},
          {"sort", header->sortIndicatorSection()},
          {"descending", header->sortIndicatorOrder() == Qt::DescendingOrder},
          {"header", QString::fromLatin1(header->saveState().toBase64())},
          {"compare", compareButton_->isChecked()},
          {"differences", comparison_->isDifferencesOnly()},
          {"splitter", QString::fromLatin1(splitter_->saveState().toBase64())},
          {"left", bordersMoved_ ? QString::fromLatin1(left_->saveState().toBase64()) : QString()}};
}

void RunsPage::restore(const QJsonObject& state) {
  const auto bytes = [&](const char* key) { return QByteArray::fromBase64(state.value(key).toString().toLatin1()); };
  std::vector<RunColumn> extra;
  for (const QJsonValue& id : state.value("columns").toArray()) {
    const RunColumn column = RunColumn::from(id.toString());
    if (column.of != RunColumn::Of::Row && std::ranges::find(extra, column) == extra.end()) {
      extra.push_back(column);
    }
  }
  const bool others = extra.size() + RunTableModel::kColumns != model_->columns().size() || !extra.empty();
  model_->setExtraColumns(std::move(extra));
  filter_->setText(state.value("filter").toString());
  table_->horizontalHeader()->restoreState(bytes("header"));
  table_->horizontalHeader()->setSectionHidden(RunTableModel::Name, false);
  if (const int column = state.value("sort").toInt(-1); column >= 0 && column < model_->columnCount()) {
    table_->sortByColumn(column, state.value("descending").toBool(true) ? Qt::DescendingOrder : Qt::AscendingOrder);
  }
  splitter_->restoreState(bytes("splitter"));
  bordersMoved_ = left_->restoreState(bytes("left"));
  comparison_->setDifferencesOnly(state.value("differences").toBool(true));
  showComparison(state.value("compare").toBool(false));
  if (others) {
    readAnew();
  }
}

}  // namespace lix::app
