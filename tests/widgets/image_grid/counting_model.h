#pragma once
#include <QAbstractListModel>
#include <QMimeData>
#include <QPixmap>
#include <set>

#include "image_grid/image_grid.h"

namespace lix::widgets::test {

/// Rows of plain pictures that remembers for which rows a picture was wanted, and what was dropped.
class CountingModel : public QAbstractListModel {
 public:
  explicit CountingModel(int count) : rows(count) {}

  int rowCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : rows; }
  QVariant data(const QModelIndex& index, int role) const override {
    switch (role) {
      case Qt::DisplayRole:
        return QString("%1picture %2").arg(QChar('a' + index.row() % 26)).arg(index.row());
      case Qt::DecorationRole: {
        asked.insert(index.row());
        if (!ready) {
          return QPixmap();
        }
        QPixmap picture(64, 48);
        picture.fill(QColor::fromHsv(index.row() * 37 % 360, 90, 200));
        return picture;
      }
      case BadgeRole:
        return decorated && index.row() % 3 == 0 ? QString("test") : QString();
      case FrameRole:
        return decorated ? index.row() % 4 : 0;
      case BarRole:
        return decorated ? QVariant(index.row() % 10 / 9.0) : QVariant();
      case SecondBarRole:
        return decorated && index.row() % 2 == 0 ? QVariant(1.0 - index.row() % 10 / 9.0) : QVariant();
      case DetailRole:
        return decorated ? QString("weight 0.%1").arg(index.row()) : QString();
      default:
        return {};
    }
  }
  Qt::ItemFlags flags(const QModelIndex& index) const override {
    return QAbstractListModel::flags(index) | Qt::ItemIsDragEnabled | Qt::ItemIsDropEnabled;
  }
  QStringList mimeTypes() const override { return {"text/plain"}; }
  Qt::DropActions supportedDropActions() const override { return Qt::CopyAction; }
  bool dropMimeData(const QMimeData* data, Qt::DropAction, int, int, const QModelIndex&) override {
    dropped.push_back(data->text());
    return true;
  }
  void removeFirst(int count) {
    beginRemoveRows({}, 0, count - 1);
    rows -= count;
    endRemoveRows();
  }
  void finish(int first, int last) {
    ready = true;
    Q_EMIT dataChanged(index(first, 0), index(last, 0), {Qt::DecorationRole});
  }

  int rows;
  bool ready = true, decorated = false;
  mutable std::set<int> asked;
  QStringList dropped;
};

}  // namespace lix::widgets::test
