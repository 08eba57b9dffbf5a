#include "pages/runs/run_table_model.h"

#include <QApplication>
#include <QPalette>
#include <algorithm>

#include "pages/run_parts/run_text.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kIconSide = 16;
constexpr int kMostPieces = 200;  // of removed rows; where there are more, the table is told to begin anew

std::unordered_map<long long, int> placesOf(const std::vector<RunItemPtr>& rows) {
  std::unordered_map<long long, int> places;
  places.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    places.emplace(rows[i]->row.id, int(i));
  }
  return places;
}

/// Whether the last point of what the column shows is not a number.
bool isBroken(const RunItem& run, const RunColumn& column) {
  const std::string series = column.series();
  const store::SeriesEnd* end = series.empty() ? nullptr : run.end(series);
  return end != nullptr && end->gaps > 0;
}

}  // namespace

RunTableModel::RunTableModel(QObject* parent) : QAbstractTableModel(parent) {
  for (int field = 0; field < RunColumn::kFields; ++field) {
    columns_.push_back({.of = RunColumn::Of::Row, .field = RunColumn::Field(field), .key = {}});
  }
}

void RunTableModel::reindex() { places_ = placesOf(rows_); }

void RunTableModel::setRows(std::vector<RunItemPtr> rows) {
  if (rows == rows_) {
    return;
  }
  const auto wanted = placesOf(rows);
  if (!removeMissing(wanted)) {
    beginResetModel();
    rows_ = std::move(rows);
    places_ = wanted;
    endResetModel();
    return;
  }
  appendNew(rows);
  takeOrder(std::move(rows), wanted);
}

bool RunTableModel::removeMissing(const std::unordered_map<long long, int>& wanted) {
  std::vector<std::pair<int, int>> pieces;  // first and last row, from above
  for (int i = 0; i < int(rows_.size()); ++i) {
    if (wanted.contains(rows_[std::size_t(i)]->row.id)) {
      continue;
    }
    if (!pieces.empty() && pieces.back().second == i - 1) {
      pieces.back().second = i;
    } else {
      pieces.emplace_back(i, i);
    }
  }
  if (int(pieces.size()) > kMostPieces) {
    return false;
  }
  for (auto piece = pieces.rbegin(); piece != pieces.rend(); ++piece) {
    beginRemoveRows({}, piece->first, piece->second);
    rows_.erase(rows_.begin() + piece->first, rows_.begin() + piece->second + 1);
    endRemoveRows();
  }
  if (!pieces.empty()) {
    reindex();
  }
  return true;
}

void RunTableModel::appendNew(const std::vector<RunItemPtr>& rows) {
  std::vector<RunItemPtr> added;
  std::ranges::copy_if(rows, std::back_inserter(added),
                       [this](const RunItemPtr& item) { return !places_.contains(item->row.id); });
  if (!added.empty()) {
    beginInsertRows({}, int(rows_.size()), int(rows_.size() + added.size()) - 1);
    rows_.insert(rows_.end(), added.begin(), added.end());
    reindex();
    endInsertRows();
  }
}

void RunTableModel::takeOrder(std::vector<RunItemPtr> rows, const std::unordered_map<long long, int>& wanted) {
  const bool isSameOrder = std::ranges::equal(
      rows_, rows, [](const RunItemPtr& a, const RunItemPtr& b) { return a->row.id == b->row.id; });
  if (isSameOrder) {
    const auto differs = [&](std::size_t i) { return rows_[i] != rows[i]; };
    std::size_t first = 0, last = rows.size();
    while (first < rows.size() && !differs(first)) {
      ++first;
    }
    while (last > first && !differs(last - 1)) {
      --last;
    }
    rows_ = std::move(rows);
    if (first < last) {
      Q_EMIT dataChanged(index(int(first), 0),
                         index(int(last) - 1, columnCount() - 1));
    }
    return;
  }
  Q_EMIT layoutAboutToBeChanged({}, VerticalSortHint);
  const QModelIndexList before = persistentIndexList();
  QModelIndexList after;
  for (const QModelIndex& one : before) {
    after << index(wanted.at(rows_[std::size_t(one.row())]->row.id), one.column());
  }
  rows_ = std::move(rows);
  places_ = wanted;
  changePersistentIndexList(before, after);
  Q_EMIT layoutChanged({}, VerticalSortHint);
}

void RunTableModel::setExtraColumns(std::vector<RunColumn> columns) {
  const std::vector<RunColumn> before(columns_.begin() + kColumns, columns_.end());
  if (columns == before) {
    return;
  }
  if (!before.empty()) {
    beginRemoveColumns({}, kColumns, int(columns_.size()) - 1);
    columns_.erase(columns_.begin() + kColumns, columns_.end());
    endRemoveColumns();
  }
  if (!columns.empty()) {
    beginInsertColumns({}, kColumns, kColumns + int(columns.size()) - 1);
    columns_.insert(columns_.end(), columns.begin(), columns.end());
    endInsertColumns();
  }
}

const RunItem* RunTableModel::run(long long id) const {
  const int row = rowOf(id);
  return row < 0 ? nullptr : rows_[std::size_t(row)].get();
}

int RunTableModel::rowOf(long long id) const {
  const auto found = places_.find(id);
  return found == places_.end() ? -1 : found->second;
}

int RunTableModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : int(rows_.size()); }
int RunTableModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : int(columns_.size()); }

QVariant RunTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= int(columns_.size())) {
    return {};
  }
  const RunColumn& column = columns_[std::size_t(section)];
  switch (role) {
    case Qt::TextAlignmentRole:
      return int(Qt::AlignVCenter | (column.isNumeric() ? Qt::AlignRight : Qt::AlignLeft));
    case Qt::DisplayRole:
      return column.title();
    case Qt::ToolTipRole:
      return column.of == RunColumn::Of::Setting  ? tr("The setting %1. A click sorts.").arg(column.title())
             : column.of == RunColumn::Of::Metric ? tr("The last value of the series %1. A click sorts.").arg(column.title())
                                                  : tr("A click sorts by %1, again the other way round.").arg(column.title());
    default:
      return {};
  }
}

QVariant RunTableModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= int(rows_.size()) || index.column() >= int(columns_.size())) {
    return {};
  }
  const RunItem& run = at(index.row());
  const RunColumn& column = columns_[std::size_t(index.column())];
  switch (role) {
    case Qt::DisplayRole:
      return textOf(run, column);
    case Qt::EditRole:
      return index.column() == Name ? QString::fromStdString(run.row.name) : QVariant();
    case Qt::DecorationRole:
      return index.column() == Status
                 ? QVariant(statusPixmap(run.row.status, widgets::themeOf(QApplication::palette()), kIconSide))
                 : QVariant();
    case Qt::ForegroundRole:
      return index.column() == Status ? QVariant(statusColour(run.row.status, widgets::themeOf(QApplication::palette())))
             : isBroken(run, column)  ? QVariant(widgets::colours(widgets::themeOf(QApplication::palette())).warning)
                                      : QVariant();
    case Qt::TextAlignmentRole:
      return headerData(index.column(), Qt::Horizontal, Qt::TextAlignmentRole);
    case Qt::ToolTipRole:
      return tipOf(run, column);
    case kIdRole:
      return qlonglong(run.row.id);
    default:
      return {};
  }
}

Qt::ItemFlags RunTableModel::flags(const QModelIndex& index) const {
  const Qt::ItemFlags flags = QAbstractTableModel::flags(index);
  return editable_ && index.column() == Name ? flags | Qt::ItemIsEditable : flags;
}

bool RunTableModel::setData(const QModelIndex& index, const QVariant& value, int role) {
  if (role != Qt::EditRole || index.column() != Name || !index.isValid()) {
    return false;
  }
  const store::RunRow& run = at(index.row()).row;
  if (const QString name = value.toString().trimmed(); name != QString::fromStdString(run.name)) {
    Q_EMIT renameAsked(qlonglong(run.id), name);
  }
  return true;
}

void RunTableModel::sort(int column, Qt::SortOrder order) {
  if (column >= 0 && column < int(columns_.size())) {
    Q_EMIT sortAsked(column, order);
  }
}

}  // namespace lix::app
