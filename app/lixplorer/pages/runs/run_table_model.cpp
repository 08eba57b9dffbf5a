#include "pages/runs/run_table_model.h"

#include <QApplication>
#include <QPalette>
#include <algorithm>
#include <limits>

#include "chrome/job_strip.h"
#include "pages/run_parts/run_text.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kIconSide = 16;

QString toQt(const std::string& text) { return QString::fromStdString(text); }

/// Whether anything differs that the table or the panel beside it shows.
bool same(const store::RunRow& a, const store::RunRow& b) {
  return a.name == b.name && a.status == b.status && a.step == b.step && a.stepsTotal == b.stepsTotal &&
         a.tags == b.tags && a.notes == b.notes && a.message == b.message && a.startedAt == b.startedAt &&
         a.finishedAt == b.finishedAt && a.heartbeatAt == b.heartbeatAt && a.recipe == b.recipe &&
         a.dataset == b.dataset && a.settings == b.settings;
}

}  // namespace

RunTableModel::RunTableModel(QObject* parent) : QAbstractTableModel(parent) {}

void RunTableModel::setRows(const std::vector<store::RunRow>& rows) {
  for (int i = int(rows_.size()) - 1; i >= 0; --i) {
    if (std::ranges::find(rows, rows_[std::size_t(i)].id, &store::RunRow::id) == rows.end()) {
      beginRemoveRows({}, i, i);
      rows_.erase(rows_.begin() + i);
      endRemoveRows();
    }
  }
  for (const store::RunRow& row : rows) {
    const auto found = std::ranges::find(rows_, row.id, &store::RunRow::id);
    if (found == rows_.end()) {
      const int end = int(rows_.size());
      beginInsertRows({}, end, end);
      rows_.push_back(row);
      endInsertRows();
    } else if (!same(*found, row)) {
      *found = row;
      const int at = int(found - rows_.begin());
      Q_EMIT dataChanged(index(at, 0), index(at, kColumns - 1));
    }
  }
}

void RunTableModel::setLosses(const std::map<long long, double>& losses) {
  for (const auto& [run, loss] : losses) {
    const auto known = losses_.find(run);
    const auto found = std::ranges::find(rows_, run, &store::RunRow::id);
    if (found != rows_.end() && (known == losses_.end() || known->second != loss)) {
      losses_[run] = loss;
      const QModelIndex cell = index(int(found - rows_.begin()), Loss);
      Q_EMIT dataChanged(cell, cell);
    }
  }
}

const store::RunRow* RunTableModel::row(long long id) const {
  const auto found = std::ranges::find(rows_, id, &store::RunRow::id);
  return found == rows_.end() ? nullptr : &*found;
}

int RunTableModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : int(rows_.size()); }
int RunTableModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : kColumns; }

QVariant RunTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= kColumns) {
    return {};
  }
  if (role == Qt::TextAlignmentRole) {
    return int(Qt::AlignVCenter |
               (section == Steps || section == Loss || section == Duration ? Qt::AlignRight : Qt::AlignLeft));
  }
  if (role != Qt::DisplayRole) {
    return {};
  }
  const QStringList titles{tr("Name"), tr("Status"),  tr("Recipe"),   tr("Data"), tr("Steps"),
                           tr("Loss"), tr("Started"), tr("Duration"), tr("Tags")};
  return titles.at(section);
}

QString RunTableModel::text(const store::RunRow& run, int column) const {
  switch (column) {
    case Name:
      return toQt(run.name);
    case Status:
      return statusText(run);
    case Recipe:
      return toQt(run.recipe);
    case Data:
      return toQt(run.dataset);
    case Steps:
      return tr("%1 / %2").arg(run.step).arg(run.stepsTotal);
    case Loss: {
      const auto loss = losses_.find(run.id);
      return loss == losses_.end() ? QString() : QString::number(loss->second, 'g', 4);
    }
    case Started:
      return momentText(run.startedAt.empty() ? run.createdAt : run.startedAt);
    case Duration: {
      const double seconds = secondsOf(run);
      return seconds < 0.0 ? QString() : widgets::durationText(seconds);
    }
    case Tags:
      return toQt(run.tags);
    default:
      return {};
  }
}

QVariant RunTableModel::sortKey(const store::RunRow& run, int column) const {
  switch (column) {
    case Steps:
      return qlonglong(run.step);
    case Loss: {
      const auto loss = losses_.find(run.id);
      return loss == losses_.end() ? std::numeric_limits<double>::max() : loss->second;
    }
    case Started:
      return toQt(run.createdAt);  // the moments' texts sort as the moments do
    case Duration:
      return secondsOf(run);
    default:
      return text(run, column);
  }
}

QVariant RunTableModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= int(rows_.size())) {
    return {};
  }
  const store::RunRow& run = rows_[std::size_t(index.row())];
  const auto theme = widgets::themeOf(QApplication::palette());
  switch (role) {
    case Qt::DisplayRole:
      return text(run, index.column());
    case Qt::EditRole:
      return index.column() == Name ? toQt(run.name) : QVariant();
    case Qt::DecorationRole:
      return index.column() == Status ? QVariant(statusPixmap(run.status, theme, kIconSide)) : QVariant();
    case Qt::ForegroundRole:
      return index.column() == Status ? QVariant(statusColour(run.status, theme)) : QVariant();
    case Qt::TextAlignmentRole:
      return headerData(index.column(), Qt::Horizontal, Qt::TextAlignmentRole);
    case Qt::ToolTipRole:
      return index.column() == Status && !run.message.empty() ? toQt(run.message) : text(run, index.column());
    case kSortRole:
      return sortKey(run, index.column());
    case kIdRole:
      return qlonglong(run.id);
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
  const store::RunRow& run = rows_[std::size_t(index.row())];
  if (const QString name = value.toString().trimmed(); name != toQt(run.name)) {
    Q_EMIT renameAsked(qlonglong(run.id), name);
  }
  return true;
}

}  // namespace lix::app
