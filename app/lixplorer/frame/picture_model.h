#pragma once
#include <QAbstractListModel>
#include <QHash>
#include <functional>
#include <string>
#include <vector>

#include "data/picture_ref.h"
#include "image_grid/image_grid.h"

namespace lix::app {

class Desk;

/// One picture of a grid with what is said of it.
struct PictureItem {
  data::PictureRef picture;
  QString caption, detail, badge;
  widgets::GridFrame frame = widgets::GridFrame::None;
  double bar = -1.0, secondBar = -1.0;  ///< 0..1, negative: none
  QString tip;
};

/// Pictures as a model for ImageGrid: thumbnails come from the desk when they are ready; dragging gives a Payload. Items
/// are made when they are asked for, so that a model of a million rows costs nothing.
class PictureModel : public QAbstractListModel {
  Q_OBJECT

 public:
  explicit PictureModel(Desk& desk, QObject* parent = nullptr);

  void setItems(std::vector<PictureItem> items);
  /// `count` rows whose items `make(row)` gives.
  void setItems(int count, std::function<PictureItem(int)> make);
  PictureItem item(int row) const;
  data::PictureRef picture(const QModelIndex& index) const;
  std::vector<data::PictureRef> pictures(const QModelIndexList& indexes) const;
  /// Nobody waits any more for the thumbnails that were asked for; those in sight are asked for again when they are painted.
  void dropWishes() { asked_.clear(); }
  /// Whether drops are taken; they are told by `dropped`.
  void setDropAccepted(bool accepted) { dropAccepted_ = accepted; }

  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  Qt::ItemFlags flags(const QModelIndex& index) const override;
  QStringList mimeTypes() const override;
  QMimeData* mimeData(const QModelIndexList& indexes) const override;
  bool canDropMimeData(const QMimeData* mime, Qt::DropAction action, int row, int column,
                       const QModelIndex& parent) const override;
  bool dropMimeData(const QMimeData* mime, Qt::DropAction action, int row, int column, const QModelIndex& parent) override;
  Qt::DropActions supportedDropActions() const override { return Qt::CopyAction | Qt::MoveAction; }

 Q_SIGNALS:
  void dropped(const QMimeData* mime, int row);

 private:
  void onReady(const data::PictureRef& picture);
  Desk& desk_;
  int count_ = 0;
  std::vector<PictureItem> items_;
  std::function<PictureItem(int)> make_;
  mutable QHash<QString, QList<int>> asked_;  // rows that wait for a thumbnail
  bool dropAccepted_ = false;
};

}  // namespace lix::app
