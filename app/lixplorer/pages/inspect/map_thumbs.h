#pragma once
#include <QAbstractListModel>
#include <QImage>
#include <QPixmap>
#include <map>
#include <vector>

#include "figures/map_figure.h"
#include "figures/theme.h"
#include "pages/inspect/map_overlay.h"

namespace lix::app {

/// The captions' maps as small pictures, drawn when they are first seen.
class MapThumbs : public QAbstractListModel {
  Q_OBJECT

 public:
  static constexpr int kSide = 84;
  using QAbstractListModel::QAbstractListModel;

  void show(const QImage& picture, std::vector<figures::CaptionMap> maps, double low, double high,
            figures::MapScale scale = figures::MapScale::Rising);
  /// A line below each caption ("" for none); as many as maps.
  void setLines(std::vector<QString> lines);
  void setLook(MapOverlay::Cells cells, figures::Theme theme, double scale);
  const std::vector<figures::CaptionMap>& maps() const { return maps_; }

  int rowCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : int(maps_.size()); }
  QVariant data(const QModelIndex& index, int role) const override;

 private:
  QPixmap thumb(int row) const;
  void redraw();

  std::vector<figures::CaptionMap> maps_;
  std::vector<QString> lines_;
  QImage picture_;
  mutable QImage base_;
  double low_ = 0.0, high_ = 1.0, scale_ = 1.0;
  figures::MapScale mapScale_ = figures::MapScale::Rising;
  MapOverlay::Cells cells_ = MapOverlay::Cells::Smooth;
  figures::Theme theme_ = figures::Theme::Light;
  mutable std::map<int, QPixmap> drawn_;
};

}  // namespace lix::app
