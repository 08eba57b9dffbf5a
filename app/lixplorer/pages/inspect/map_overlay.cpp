#include "pages/inspect/map_overlay.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <cstring>

#include "figures/colour_map.h"
#include "pages/inspect/panel_parts.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kScaleHeight = 30;  // the colour scale below the picture
constexpr int kPoints = 160;      // of a smoothed map along its longer side
constexpr int kStep = 5;          // percent of opacity a key press

bool isFinite(const figures::CaptionMap& map) {
  return map.rows > 0 && map.columns > 0 && map.values.size() == std::size_t(map.rows) * std::size_t(map.columns) &&
         std::ranges::all_of(map.values, [](float value) { return std::isfinite(value); });
}

/// Where each of `length` pixels lies among `count` cells: the cell before it and the part of the way to the next, in
/// 256ths; `patches` holds the value within a cell.
struct Place {
  int before = 0;
  int part = 0;
};
std::vector<Place> placesOf(int length, int count, MapOverlay::Cells cells) {
  std::vector<Place> places;
  places.reserve(std::size_t(length));
  for (int i = 0; i < length; ++i) {
    if (cells == MapOverlay::Cells::Patches) {
      places.push_back({int(std::int64_t(i) * count / length), 0});
      continue;
    }
    const double at = std::clamp((i + 0.5) / length * count - 0.5, 0.0, double(count - 1));
    const int before = std::min(int(at), std::max(count - 2, 0));
    places.push_back({before, int((at - before) * 256.0)});
  }
  return places;
}

void dim(const QRgb* in, QRgb* out, int width, unsigned keep) {
  for (int x = 0; x < width; ++x) {
    const unsigned redBlue = (((in[x] & 0xff00ffU) * keep) >> 8) & 0xff00ffU;
    const unsigned green = (((in[x] & 0x00ff00U) * keep) >> 8) & 0x00ff00U;
    out[x] = 0xff000000U | redBlue | green;
  }
}

QString shortValue(double value) { return QString::number(value, 'g', 3); }

QString signedValue(double value) {
  return (value > 0.0 ? QStringLiteral("+") : value < 0.0 ? QStringLiteral("−") : QString()) + shortValue(std::abs(value));
}

}  // namespace

MapOverlay::MapOverlay(QWidget* parent) : QWidget(parent) {
  setMouseTracking(true);
  setFocusPolicy(Qt::StrongFocus);
  QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Expanding);
  setSizePolicy(policy);
}

MapShades MapOverlay::shadesOf(const figures::CaptionMap& map, double low, double high, Cells cells) {
  if (!isFinite(map)) {
    return {};
  }
  MapShades shades{map.rows, map.columns, {}};
  std::vector<float> values = map.values;
  if (cells == Cells::Smooth) {
    const int points = std::max(1, kPoints / std::max(map.rows, map.columns));
    shades.rows *= points;
    shades.columns *= points;
    values = figures::upsampled(map.values, map.rows, map.columns, shades.rows, shades.columns);
  }
  const double steps = high > low ? 255.0 / (high - low) : 0.0;
  std::ranges::transform(values, std::back_inserter(shades.steps), [&](float value) {
    return static_cast<std::uint8_t>(std::clamp((value - low) * steps, 0.0, 255.0) + 0.5);
  });
  return shades;
}

MapOverlay::Colours MapOverlay::coloursOf(figures::Theme theme, int opacityPercent, figures::MapScale scale) {
  Colours colours;
  for (std::size_t i = 0; i < colours.size(); ++i) {
    const double share = double(i) / 255.0;
    const QColor colour = scale == figures::MapScale::Diverging ? figures::diverging(2.0 * share - 1.0, theme)
                                                                : figures::viridis(share, theme);
    const auto part = [&](int channel) { return channel * opacityPercent / 100; };
    colours[i] = qRgba(part(colour.red()), part(colour.green()), part(colour.blue()), 0);
  }
  return colours;
}

void MapOverlay::render(QImage& target, const QImage& base, const MapShades& shades, const Colours& colours,
                        Cells cells, int opacityPercent) {
  const int width = base.width(), height = base.height();
  if (target.size() != base.size() || target.format() != QImage::Format_RGB32) {
    target = QImage(base.size(), QImage::Format_RGB32);
  }
  if (shades.steps.empty()) {  // a map that is not finite: there are no cells to find
    for (int y = 0; y < height; ++y) {
      std::memcpy(target.scanLine(y), base.constScanLine(y), std::size_t(width) * sizeof(QRgb));
    }
    return;
  }
  const auto across = placesOf(width, shades.columns, cells), down = placesOf(height, shades.rows, cells);
  const auto keep = unsigned(256 * (100 - opacityPercent) / 100);
  std::vector<int> row(std::size_t(shades.columns) + 1);  // 256ths of steps; one more, so that the last has a next
  for (int y = 0; y < height; ++y) {
    auto* out = reinterpret_cast<QRgb*>(target.scanLine(y));
    const auto* in = reinterpret_cast<const QRgb*>(base.constScanLine(y));
    const Place& at = down[std::size_t(y)];
    const std::uint8_t* upper = shades.steps.data() + std::ptrdiff_t(at.before) * shades.columns;
    const std::uint8_t* lower = at.before + 1 < shades.rows ? upper + shades.columns : upper;
    for (int x = 0; x < shades.columns; ++x) {
      row[std::size_t(x)] = upper[x] * (256 - at.part) + lower[x] * at.part;
    }
    row.back() = row[std::size_t(shades.columns) - 1];
    dim(in, out, width, keep);
    for (int x = 0; x < width; ++x) {
      const Place& place = across[std::size_t(x)];
      const int step = (row[std::size_t(place.before)] * (256 - place.part) +
                        row[std::size_t(place.before) + 1] * place.part) >> 16;
      out[x] += colours[std::size_t(step)];
    }
  }
}

std::vector<QLineF> MapOverlay::edgesOf(const imaging::Mask& mask) {
  const auto inside = [&](int x, int y) {
    return x >= 0 && y >= 0 && x < mask.width && y < mask.height &&
           mask.values[std::size_t(y) * std::size_t(mask.width) + std::size_t(x)] != 0;
  };
  std::vector<QLineF> lines;
  // One direction after the other: runs of cell sides between an inside and an outside pixel.
  const auto sweep = [&](int rows, int length, const auto& crosses, const auto& line) {
    for (int r = 0; r <= rows; ++r) {
      for (int begin = 0; begin < length; ++begin) {
        int end = begin;
        while (end < length && crosses(r, end)) {
          ++end;
        }
        if (end > begin) {
          lines.push_back(line(r, begin, end));
          begin = end;
        }
      }
    }
  };
  sweep(mask.height, mask.width, [&](int y, int x) { return inside(x, y - 1) != inside(x, y); },
        [](int y, int from, int to) { return QLineF(from, y, to, y); });
  sweep(mask.width, mask.height, [&](int x, int y) { return inside(x - 1, y) != inside(x, y); },
        [](int x, int from, int to) { return QLineF(x, from, x, to); });
  return lines;
}

void MapOverlay::stale() {
  composed_ = {};
  update();
}

void MapOverlay::setPicture(const QImage& picture) {
  picture_ = picture;
  base_ = {};
  stale();
}

void MapOverlay::setMap(const figures::CaptionMap& map, double low, double high, figures::MapScale scale) {
  const bool sameGrid = map.rows == map_.rows && map.columns == map_.columns;
  map_ = map;
  low_ = low;
  high_ = high;
  scale_ = scale;
  shades_ = shadesOf(map_, low_, high_, cells_);
  setCell(sameGrid ? cell_ : std::nullopt);
  stale();
  Q_EMIT cellChanged();
}

void MapOverlay::clear() {
  picture_ = base_ = {};
  map_ = {};
  shades_ = {};
  outline_.clear();
  cell_.reset();
  stale();
}

void MapOverlay::setOutline(const std::optional<imaging::Mask>& mask) {
  outline_.clear();
  if (mask && mask->width > 0 && mask->height > 0) {
    for (const QLineF& line : edgesOf(*mask)) {
      outline_.append(QLineF(line.x1() / mask->width, line.y1() / mask->height, line.x2() / mask->width,
                             line.y2() / mask->height));
    }
  }
  update();
}

void MapOverlay::setEmptyText(const QString& text) {
  emptyText_ = text;
  update();
}

void MapOverlay::setOpacity(int percent) {
  opacity_ = std::clamp(percent, 0, 100);
  stale();
}

void MapOverlay::setCells(Cells cells) {
  cells_ = cells;
  shades_ = shadesOf(map_, low_, high_, cells_);
  stale();
}

void MapOverlay::setUnder(Under under) {
  under_ = under;
  base_ = {};
  stale();
}

QRectF MapOverlay::pictureRect() const {
  if (picture_.isNull()) {
    return {};
  }
  const QSizeF room(width(), std::max(1, height() - kScaleHeight));
  const QSizeF size = QSizeF(picture_.size()).scaled(room, Qt::KeepAspectRatio);
  return {std::round((room.width() - size.width()) / 2), std::round((room.height() - size.height()) / 2),
          std::max(1.0, std::round(size.width())), std::max(1.0, std::round(size.height()))};
}

const QImage& MapOverlay::composed() {
  if (picture_.isNull()) {
    return composed_;
  }
  const double scale = devicePixelRatioF();
  if (base_.isNull()) {
    const QSize size = (pictureRect().size() * scale).toSize().expandedTo({1, 1});
    QImage scaled = picture_.scaled(size, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
    if (under_ == Under::Grey) {
      scaled = scaled.convertToFormat(QImage::Format_Grayscale8);
    }
    base_ = scaled.convertToFormat(QImage::Format_RGB32);
    base_.setDevicePixelRatio(1.0);
  }
  if (composed_.isNull()) {
    render(composed_, base_, shades_, coloursOf(widgets::themeOf(palette()), opacity_, scale_), cells_, opacity_);
    composed_.setDevicePixelRatio(scale);
  }
  return composed_;
}

void MapOverlay::setCell(std::optional<std::pair<int, int>> cell) {
  if (cell && (cell->first < 0 || cell->second < 0 || cell->first >= map_.rows || cell->second >= map_.columns)) {
    cell.reset();
  }
  if (cell != cell_) {
    cell_ = cell;
    update();
    Q_EMIT cellChanged();
  }
}

QString MapOverlay::cellText() const {
  if (!cell_ || map_.values.empty()) {
    return {};
  }
  const float value = map_.values[std::size_t(cell_->first) * std::size_t(map_.columns) + std::size_t(cell_->second)];
  const bool difference = scale_ == figures::MapScale::Diverging;
  return (difference ? tr("Patch in row %1, column %2: a difference of %3 × an even share")
                     : tr("Patch in row %1, column %2: %3 × an even share"))
      .arg(cell_->first)
      .arg(cell_->second)
      .arg(difference ? signedValue(value) : shortValue(value));
}

QString MapOverlay::cellValue() const {
  if (!cell_ || map_.values.empty()) {
    return {};
  }
  const float value = map_.values[std::size_t(cell_->first) * std::size_t(map_.columns) + std::size_t(cell_->second)];
  return tr("%1 ×").arg(scale_ == figures::MapScale::Diverging ? signedValue(value) : shortValue(value));
}

void MapOverlay::resizeEvent(QResizeEvent* event) {
  base_ = {};
  composed_ = {};
  QWidget::resizeEvent(event);
}

void MapOverlay::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange) {
    stale();
  }
  QWidget::changeEvent(event);
}

void MapOverlay::mouseMoveEvent(QMouseEvent* event) {
  setCell(cellAt(pictureRect(), map_.rows, map_.columns, event->position()));
}

void MapOverlay::leaveEvent(QEvent*) {
  if (!hasFocus()) {
    setCell(std::nullopt);
  }
}

void MapOverlay::keyPressEvent(QKeyEvent* event) {
  const auto move = [&](int rows, int columns) {
    const auto [row, column] = cell_.value_or(std::pair(map_.rows / 2, map_.columns / 2));
    setCell(std::pair(std::clamp(row + rows, 0, std::max(map_.rows - 1, 0)),
                      std::clamp(column + columns, 0, std::max(map_.columns - 1, 0))));
  };
  switch (event->key()) {
    case Qt::Key_Up: return move(-1, 0);
    case Qt::Key_Down: return move(1, 0);
    case Qt::Key_Left: return move(0, -1);
    case Qt::Key_Right: return move(0, 1);
    case Qt::Key_PageUp: return Q_EMIT captionStepAsked(-1);
    case Qt::Key_PageDown: return Q_EMIT captionStepAsked(1);
    case Qt::Key_Plus: return Q_EMIT opacityAsked(opacity_ + kStep);
    case Qt::Key_Minus: return Q_EMIT opacityAsked(opacity_ - kStep);
    default: QWidget::keyPressEvent(event);
  }
}

}  // namespace lix::app
