#include "pages/inspect/map_thumbs.h"

#include <QIcon>

#include "pages/inspect/panel_parts.h"

namespace lix::app {
namespace {

constexpr int kOpacity = 65;
constexpr std::size_t kMostDrawn = 256;  // pictures that are kept

}  // namespace

void MapThumbs::show(const QImage& picture, std::vector<figures::CaptionMap> maps, double low, double high,
                     figures::MapScale scale) {
  const bool sameCount = maps.size() == maps_.size();
  if (!sameCount) {
    beginResetModel();
  }
  picture_ = picture;
  base_ = {};
  maps_ = std::move(maps);
  lines_.assign(maps_.size(), QString());
  low_ = low;
  high_ = high;
  mapScale_ = scale;
  if (!sameCount) {
    drawn_.clear();
    endResetModel();
  } else {
    redraw();
  }
}

void MapThumbs::setLines(std::vector<QString> lines) {
  lines_ = std::move(lines);
  lines_.resize(maps_.size());
  if (!maps_.empty()) {
    Q_EMIT dataChanged(index(0), index(int(maps_.size()) - 1));
  }
}

void MapThumbs::setLook(MapOverlay::Cells cells, figures::Theme theme, double scale) {
  if (cells != cells_ || theme != theme_ || scale != scale_) {
    cells_ = cells;
    theme_ = theme;
    scale_ = scale;
    base_ = {};
    redraw();
  }
}

void MapThumbs::redraw() {
  drawn_.clear();
  if (!maps_.empty()) {
    Q_EMIT dataChanged(index(0), index(int(maps_.size()) - 1));
  }
}

QPixmap MapThumbs::thumb(int row) const {
  if (const auto found = drawn_.find(row); found != drawn_.end()) {
    return found->second;
  }
  if (picture_.isNull()) {
    return {};
  }
  if (base_.isNull()) {
    const int side = int(kSide * scale_);
    base_ = picture_.scaled(side, side, Qt::KeepAspectRatio, Qt::SmoothTransformation)
                .convertToFormat(QImage::Format_Grayscale8)
                .convertToFormat(QImage::Format_RGB32);
  }
  QImage image;
  MapOverlay::render(image, base_, MapOverlay::shadesOf(maps_[std::size_t(row)], low_, high_, cells_),
                     MapOverlay::coloursOf(theme_, kOpacity, mapScale_), cells_, kOpacity);
  QPixmap pixmap = QPixmap::fromImage(image);
  pixmap.setDevicePixelRatio(scale_);
  if (drawn_.size() >= kMostDrawn) {
    drawn_.clear();
  }
  return drawn_[row] = pixmap;
}

QVariant MapThumbs::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) {
    return {};
  }
  const auto row = std::size_t(index.row());
  const QString caption = captionIn(maps_[row].caption);
  switch (role) {
    case Qt::DecorationRole: {
      QIcon icon(thumb(index.row()));
      icon.addPixmap(thumb(index.row()), QIcon::Selected);  // a tint would change what the colours say
      return icon;
    }
    case Qt::DisplayRole:
      return lines_[row].isEmpty() ? caption : caption + QChar::LineSeparator + lines_[row];
    case Qt::AccessibleTextRole:
      return lines_[row].isEmpty() ? caption : caption + QStringLiteral(", ") + lines_[row];
    case Qt::ToolTipRole:
      return lines_[row].isEmpty() ? caption : caption + QLatin1Char('\n') + lines_[row];
    default:
      return {};
  }
}

}  // namespace lix::app
