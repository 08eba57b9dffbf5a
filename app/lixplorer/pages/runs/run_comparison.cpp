#include "pages/runs/run_comparison.h"

#include <QCheckBox>
#include <QClipboard>
#include <QEvent>
#include <QFontMetrics>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <numeric>

#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kLeastColumn = 90, kMostColumn = 420, kColumnGap = 16, kRowHeight = 26;

QString partTitle(ComparedLine::Part part) {
  return part == ComparedLine::Part::Run        ? RunComparison::tr("Run")
         : part == ComparedLine::Part::Settings ? RunComparison::tr("Settings")
                                                : RunComparison::tr("Last values");
}

}  // namespace

RunComparison::RunComparison(QWidget* parent) : QFrame(parent) {
  setObjectName("runs.comparison");
  setProperty("card", true);
  words_ = new QLabel;
  words_->setObjectName("runs.comparison.words");
  words_->setProperty("muted", true);
  words_->setWordWrap(true);
  only_ = new QCheckBox(tr("Differences only"));
  only_->setObjectName("runs.comparison.only");
  only_->setChecked(true);
  only_->setToolTip(tr("Leaves out what is the same for all of them (Ctrl+Shift+E)."));
  reference_ = new QPushButton(tr("Make reference"));
  reference_->setObjectName("runs.comparison.reference");
  reference_->setToolTip(tr("Puts the run of the chosen column leftmost, where the others are compared with it. Dragging "
                            "a column's head does so too."));
  copy_ = new QPushButton(widgets::icon("copy"), tr("Copy as CSV"));
  copy_->setObjectName("runs.comparison.copy");
  copy_->setToolTip(tr("Puts the table on the clipboard, as it stands."));
  auto* close = new QToolButton;
  close->setIcon(widgets::icon("cancel"));
  close->setAccessibleName(tr("Close the comparison"));
  close->setToolTip(tr("Closes the comparison (Esc, Ctrl+D)."));
  connect(close, &QToolButton::clicked, this, &RunComparison::closed);
  table_ = new QTableWidget;
  table_->setObjectName("runs.comparison.table");
  table_->setAccessibleName(tr("Comparison of the chosen runs"));
  table_->setToolTip(tr("The leftmost run is the reference; the others' numbers say how far they are from it."));
  table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  table_->setTabKeyNavigation(false);
  table_->setWordWrap(false);
  table_->setTextElideMode(Qt::ElideMiddle);
  table_->horizontalHeader()->setSectionsMovable(true);
  table_->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  table_->viewport()->installEventFilter(this);
  table_->horizontalHeader()->setTextElideMode(Qt::ElideMiddle);
  table_->verticalHeader()->setDefaultSectionSize(kRowHeight);
  table_->verticalHeader()->setDefaultAlignment(Qt::AlignRight | Qt::AlignVCenter);
  auto* head = new QHBoxLayout;
  head->setSpacing(8);
  head->addWidget(words_, 1);
  for (QWidget* one : std::initializer_list<QWidget*>{only_, reference_, copy_, close}) {
    head->addWidget(one);
  }
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(10, 8, 10, 10);
  column->setSpacing(6);
  column->addLayout(head);
  column->addWidget(table_, 1);
  setMinimumHeight(150);
  connect(only_, &QCheckBox::toggled, this, &RunComparison::fill);
  connect(reference_, &QPushButton::clicked, this, &RunComparison::makeReference);
  connect(copy_, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(csv()); });
  connect(table_->horizontalHeader(), &QHeaderView::sectionMoved, this, &RunComparison::takeMoved, Qt::QueuedConnection);
  setRuns({}, 0);
}

void RunComparison::setRuns(std::vector<ComparedRun> runs, int chosen) {
  const auto place = [this](const ComparedRun& run) {
    return std::ranges::find(wanted_, run.row.id) - wanted_.begin();
  };
  std::ranges::stable_sort(runs, {}, place);
  chosen_ = chosen;
  runs_ = std::move(runs);
  lines_ = comparedLines(runs_);
  words_->setText(runs_.size() < 2 ? tr("Choose two or more runs above (Ctrl+click, Shift+arrows) to compare them.")
                  : chosen > kMostRuns
                      ? tr("%1 of the %2 chosen runs; %3 is the reference.")
                            .arg(runs_.size())
                            .arg(chosen)
                            .arg(QString::fromStdString(runs_.front().row.name))
                      : tr("%1 is the reference.").arg(QString::fromStdString(runs_.front().row.name)));
  fill();
}

void RunComparison::takeMoved() {
  QHeaderView* header = table_->horizontalHeader();
  std::vector<long long> moved;
  for (int visual = 0; visual < header->count() && header->count() == int(runs_.size()); ++visual) {
    moved.push_back(runs_[std::size_t(header->logicalIndex(visual))].row.id);
  }
  const QSignalBlocker quiet(header);  // columns are filled in the new order instead
  for (int i = 0; i < header->count(); ++i) {
    header->moveSection(header->visualIndex(i), i);
  }
  if (!moved.empty()) {
    wanted_ = std::move(moved);
    setRuns(std::move(runs_), chosen_);
  }
}

void RunComparison::makeReference() {
  const int column = table_->currentColumn();
  if (column < 1 || column >= int(runs_.size())) {
    return;
  }
  wanted_.clear();
  wanted_.push_back(runs_[std::size_t(column)].row.id);
  for (const ComparedRun& run : runs_) {
    if (run.row.id != wanted_.front()) {
      wanted_.push_back(run.row.id);
    }
  }
  setRuns(std::move(runs_), chosen_);
  table_->setCurrentCell(0, 0);
}

void RunComparison::setDifferencesOnly(bool only) { only_->setChecked(only); }
bool RunComparison::isDifferencesOnly() const { return only_->isChecked(); }

void RunComparison::fillCell(int row, int column, const ComparedLine& line) {
  const auto at = std::size_t(column);
  const QString delta = column == 0 ? QString() : deltaText(line.numbers[at], line.numbers[0]);
  const QString shown = line.cells[at].isEmpty() ? QStringLiteral("–") : line.cells[at];
  auto* item = new QTableWidgetItem(delta.isEmpty() ? shown : tr("%1  (%2)", "a number and its difference").arg(shown, delta));
  item->setToolTip(item->text());
  if (line.cells[at] != line.cells[0]) {
    QFont font = table_->font();
    font.setBold(true);
    item->setFont(font);
  }
  table_->setItem(row, column, item);
}

void RunComparison::fill() {
  const int before = table_->currentColumn();
  if (table_->columnCount() != int(runs_.size())) {
    table_->clear();
    table_->setColumnCount(int(runs_.size()));
  }
  table_->clearSpans();
  table_->setRowCount(0);
  QStringList names, rows;
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    const QString name = QString::fromStdString(runs_[i].row.name);
    names << (i == 0 ? tr("%1 (reference)").arg(name) : name);
  }
  table_->setHorizontalHeaderLabels(names);
  std::optional<ComparedLine::Part> part;
  for (const ComparedLine& line : lines_) {
    if (only_->isChecked() && !line.differs && runs_.size() > 1) {
      continue;
    }
    const bool begins = part != line.part;
    part = line.part;
    table_->insertRow(table_->rowCount());
    rows << (begins ? tr("%1:  %2", "part of a table: name").arg(partTitle(line.part), line.name) : line.name);
    for (int column = 0; column < int(runs_.size()); ++column) {
      fillCell(table_->rowCount() - 1, column, line);
    }
  }
  table_->setVerticalHeaderLabels(rows);
  widths_.clear();
  QFont bold = table_->font();
  bold.setBold(true);
  const QFontMetrics metrics(bold);
  for (int column = 0; column < int(runs_.size()); ++column) {
    int width = metrics.horizontalAdvance(names[column]);
    for (int row = 0; row < table_->rowCount(); ++row) {
      width = std::max(width, metrics.horizontalAdvance(table_->item(row, column)->text()));
    }
    widths_.push_back(std::clamp(width + kColumnGap, kLeastColumn, kMostColumn));
  }
  fitColumns();
  table_->setVisible(runs_.size() > 1);
  reference_->setEnabled(runs_.size() > 1);
  copy_->setEnabled(runs_.size() > 1);
  if (runs_.size() > 1 && rows.isEmpty()) {
    words_->setText(tr("These runs do not differ in anything that is kept of them."));
  }
  if (before >= 0 && before < table_->columnCount() && table_->rowCount() > 0) {
    table_->setCurrentCell(0, before);
  }
}

void RunComparison::fitColumns() {
  const int columns = table_->columnCount();
  if (columns == 0 || int(widths_.size()) != columns) {
    return;
  }
  const int wanted = std::accumulate(widths_.begin(), widths_.end(), 0);
  const int spare = std::max(0, table_->viewport()->width() - wanted);
  for (int column = 0; column < columns; ++column) {
    table_->setColumnWidth(column, widths_[std::size_t(column)] + spare / columns + (column < spare % columns ? 1 : 0));
  }
}

bool RunComparison::eventFilter(QObject* watched, QEvent* event) {
  if (watched == table_->viewport() && event->type() == QEvent::Resize) {
    fitColumns();
  }
  return QFrame::eventFilter(watched, event);
}

QString RunComparison::csv() const { return comparisonCsv(runs_, lines_, only_->isChecked()); }

void RunComparison::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape) {
    Q_EMIT closed();
    return;
  }
  QFrame::keyPressEvent(event);
}

}  // namespace lix::app
