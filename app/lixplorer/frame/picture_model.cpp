#include "frame/picture_model.h"

#include <QMimeData>
#include <QRegularExpression>
#include <QPixmap>
#include <algorithm>

#include "desk/desk.h"
#include "desk/drag_out.h"
#include "desk/thumbnails.h"

namespace lix::app {
namespace {

QString keyOf(const data::PictureRef& picture) { return QString::fromStdString(data::toText(picture)); }

}  // namespace

PictureModel::PictureModel(Desk& desk, QObject* parent) : QAbstractListModel(parent), desk_(desk) {
  connect(&desk.thumbnails(), &Thumbnails::ready, this, &PictureModel::onReady);
  connect(&desk.thumbnails(), &Thumbnails::failed, this, &PictureModel::onReady);
}

void PictureModel::setItems(std::vector<PictureItem> items) {
  beginResetModel();
  items_ = std::move(items);
  make_ = nullptr;
  count_ = static_cast<int>(items_.size());
  asked_.clear();
  endResetModel();
}

void PictureModel::setItems(int count, std::function<PictureItem(int)> make) {
  beginResetModel();
  items_.clear();
  make_ = std::move(make);
  count_ = count;
  asked_.clear();
  endResetModel();
}

PictureItem PictureModel::item(int row) const { return make_ ? make_(row) : items_[static_cast<std::size_t>(row)]; }

data::PictureRef PictureModel::picture(const QModelIndex& index) const {
  return index.isValid() && index.row() < count_ ? item(index.row()).picture : data::PictureRef();
}

std::vector<data::PictureRef> PictureModel::pictures(const QModelIndexList& indexes) const {
  std::vector<int> rows;
  for (const QModelIndex& index : indexes) {
    rows.push_back(index.row());
  }
  std::ranges::sort(rows);
  std::vector<data::PictureRef> pictures;
  for (const int row : rows) {
    pictures.push_back(item(row).picture);
  }
  return pictures;
}

int PictureModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : count_; }

QVariant PictureModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= count_) {
    return {};
  }
  const PictureItem shown = item(index.row());
  switch (role) {
    case Qt::DisplayRole:
      return shown.caption;
    case Qt::AccessibleTextRole:
      return QStringList{shown.caption, shown.detail, shown.badge}.filter(QRegularExpression(".")).join(", ");
    case Qt::DecorationRole: {
      const QPixmap pixmap = desk_.thumbnails().get(shown.picture);
      if (pixmap.isNull()) {
        QList<int>& rows = asked_[keyOf(shown.picture)];
        if (!rows.contains(index.row())) {
          rows.append(index.row());
        }
      }
      return pixmap;
    }
    case Qt::ToolTipRole: {
      const QString problem = desk_.thumbnails().problem(shown.picture);
      return problem.isEmpty() ? (shown.tip.isEmpty() ? shown.caption : shown.tip) : problem;
    }
    case widgets::BadgeRole:
      return desk_.thumbnails().problem(shown.picture).isEmpty() ? shown.badge : tr("unreadable");
    case widgets::FrameRole:
      return static_cast<int>(shown.frame);
    case widgets::BarRole:
      return shown.bar;
    case widgets::SecondBarRole:
      return shown.secondBar;
    case widgets::DetailRole:
      return shown.detail;
    default:
      return {};
  }
}

Qt::ItemFlags PictureModel::flags(const QModelIndex& index) const {
  const Qt::ItemFlags drops = dropAccepted_ ? Qt::ItemIsDropEnabled : Qt::NoItemFlags;
  return index.isValid() ? Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsDragEnabled | drops : drops;
}

QStringList PictureModel::mimeTypes() const {
  return {"application/x-lixplorer-pictures", "text/uri-list", "text/plain"};
}

QMimeData* PictureModel::mimeData(const QModelIndexList& indexes) const {
  return toMime({.pictures = pictures(indexes), .captions = {}, .paths = {}}, desk_);
}

bool PictureModel::canDropMimeData(const QMimeData* mime, Qt::DropAction, int, int, const QModelIndex&) const {
  return dropAccepted_ && canRead(*mime);
}

bool PictureModel::dropMimeData(const QMimeData* mime, Qt::DropAction action, int row, int column, const QModelIndex& parent) {
  if (!canDropMimeData(mime, action, row, column, parent)) {
    return false;
  }
  Q_EMIT dropped(mime, parent.isValid() ? parent.row() : row);
  return true;
}

void PictureModel::onReady(const data::PictureRef& picture) {
  const auto found = asked_.constFind(keyOf(picture));
  if (found == asked_.constEnd()) {
    return;
  }
  const QList<int> rows = *found;
  asked_.erase(found);
  for (const int row : rows) {
    if (row < count_) {
      Q_EMIT dataChanged(index(row), index(row), {Qt::DecorationRole, widgets::BadgeRole, Qt::ToolTipRole});
    }
  }
}

}  // namespace lix::app
