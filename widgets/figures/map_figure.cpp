#include "figures/map_figure.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "figures/colour_map.h"
#include "figures/parts.h"

namespace lix::figures {
namespace {

constexpr double kGap = 14.0;
constexpr int kCaptionLines = 3;
constexpr int kMapPixels = 384;     // longer side of a blended picture
constexpr double kMapShare = 0.62;  // of the map's colour over the grey picture

struct Taps {
  std::array<int, 4> index;
  std::array<double, 4> weight;
};

/// Catmull-Rom weights of the four cells around a point of an axis of `count` cells that spans `length` points.
Taps tapsAt(int point, int length, int count) {
  const double at = (point + 0.5) / length * count - 0.5;
  const double t = at - std::floor(at);
  Taps taps;
  for (int k = 0; k < 4; ++k) {
    taps.index[std::size_t(k)] = std::clamp(int(std::floor(at)) + k - 1, 0, count - 1);
  }
  taps.weight = {((-0.5 * t + 1) * t - 0.5) * t, (1.5 * t - 2.5) * t * t + 1, ((-1.5 * t + 2) * t + 0.5) * t,
                 (0.5 * t - 0.5) * t * t};
  return taps;
}

}  // namespace

std::vector<float> upsampled(const std::vector<float>& values, int rows, int columns, int height, int width) {
  std::vector<float> result(std::size_t(height) * std::size_t(width), NAN);
  if (rows <= 0 || columns <= 0 || values.size() != std::size_t(rows) * std::size_t(columns)) {
    return result;
  }
  float low = INFINITY;
  float high = -INFINITY;
  for (const float value : values) {
    low = std::isfinite(value) ? std::min(low, value) : low;
    high = std::isfinite(value) ? std::max(high, value) : high;
  }
  std::vector<Taps> across;
  for (int x = 0; x < width; ++x) {
    across.push_back(tapsAt(x, width, columns));
  }
  std::vector<double> wide(std::size_t(rows) * std::size_t(width));  // across first, then down: 8 taps instead of 16
  for (int row = 0; row < rows; ++row) {
    for (int x = 0; x < width; ++x) {
      const Taps& taps = across[std::size_t(x)];
      double sum = 0.0;
      for (std::size_t i = 0; i < 4; ++i) {
        const float value = values[std::size_t(row) * columns + taps.index[i]];
        sum += taps.weight[i] == 0.0 ? 0.0 : taps.weight[i] * value;
      }
      wide[std::size_t(row) * width + x] = sum;
    }
  }
  for (int y = 0; y < height; ++y) {
    const Taps down = tapsAt(y, height, rows);
    for (int x = 0; x < width; ++x) {
      double sum = 0.0;
      for (std::size_t j = 0; j < 4; ++j) {
        sum += down.weight[j] == 0.0 ? 0.0 : down.weight[j] * wide[std::size_t(down.index[j]) * width + x];
      }
      result[std::size_t(y) * width + x] = std::isfinite(sum) ? std::clamp(float(sum), low, high) : NAN;
    }
  }
  return result;
}

namespace {

/// The map's share of a colour over a grey picture, in steps too small to be seen; over middle grey the sum is what the
/// colour bar shows.
using Shares = std::array<std::array<double, 3>, 512>;
QColor colourAt(double share, MapScale scale, Theme theme) {
  return scale == MapScale::Diverging ? diverging(2.0 * share - 1.0, theme) : viridis(share, theme);
}

Shares sharesOf(MapScale scale, Theme theme) {
  Shares shares;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const QColor colour = colourAt(double(i) / double(shares.size() - 1), scale, theme);
    shares[i] = {kMapShare * colour.red(), kMapShare * colour.green(), kMapShare * colour.blue()};
  }
  return shares;
}

QColor overGrey(const QColor& colour, int grey) {
  const auto mix = [grey](int c) { return int(grey + kMapShare * (c - grey)); };
  return QColor(mix(colour.red()), mix(colour.green()), mix(colour.blue()));
}

/// What lies under the maps: the picture in grey at the size of a blended one, middle grey where there is none.
QImage greyOf(const QImage& picture) {
  if (picture.isNull()) {
    QImage grey(kMapPixels, kMapPixels, QImage::Format_Grayscale8);
    grey.fill(128);
    return grey;
  }
  return picture.scaled(kMapPixels, kMapPixels, Qt::KeepAspectRatio, Qt::SmoothTransformation)
      .convertToFormat(QImage::Format_Grayscale8);
}

QImage blended(const QImage& grey, const CaptionMap& map, double low, double high, const Shares& shares) {
  const QSize size = grey.size();
  QImage result(size, QImage::Format_RGB32);  // what is painted without a conversion
  const auto values = upsampled(map.values, map.rows, map.columns, size.height(), size.width());
  const double steps = high > low ? double(shares.size() - 1) / (high - low) : 0.0;
  for (int y = 0; y < size.height(); ++y) {
    auto* out = reinterpret_cast<QRgb*>(result.scanLine(y));
    const uchar* in = grey.constScanLine(y);
    for (int x = 0; x < size.width(); ++x) {
      const float value = values[std::size_t(y) * size.width() + x];
      const int below = in[x];
      if (std::isnan(value)) {
        out[x] = qRgb(below, below, below);
        continue;
      }
      const auto step = std::size_t(std::clamp((value - low) * steps, 0.0, double(shares.size() - 1)) + 0.5);
      const auto mixed = [&](std::size_t c) { return int((1.0 - kMapShare) * below + shares[step][c]); };
      out[x] = qRgb(mixed(0), mixed(1), mixed(2));
    }
  }
  return result;
}

}  // namespace

struct MapFigure::Grid {
  int columns = 1;
  int rows = 1;
  double tile = 1.0;
  double tileHeight = 1.0;
  double captionHeight = 0.0;
};

MapFigure::MapFigure(MapData data) : data_(std::move(data)) {
  low_ = INFINITY;
  high_ = -INFINITY;
  for (const CaptionMap& map : data_.captions) {
    for (const float value : map.values) {
      low_ = std::isfinite(value) ? std::min(low_, double(value)) : low_;
      high_ = std::isfinite(value) ? std::max(high_, double(value)) : high_;
    }
  }
  if (low_ > high_) {
    low_ = 0.0;
    high_ = 1.0;
  }
  if (data_.scale == MapScale::Diverging) {
    const double end = std::max(std::abs(low_), std::abs(high_));
    high_ = end > 0.0 ? end : 1.0;
    low_ = -high_;
  }
}

MapFigure::Grid MapFigure::grid(double bodyWidth) const {
  Grid grid;
  const double area = bodyWidth - kColourBarWidth - kGap;
  const int count = int(data_.captions.size()) + 1;
  grid.columns = columnsFor(count, area, 128, kGap, 5);
  grid.rows = (count + grid.columns - 1) / grid.columns;
  grid.tile = std::min((area - (grid.columns - 1) * kGap) / grid.columns, 230.0);
  const QSizeF shape(std::max(data_.picture.width, 1), std::max(data_.picture.height, 1));
  grid.tileHeight = std::clamp(grid.tile * shape.height() / shape.width(), 0.4 * grid.tile, 1.5 * grid.tile);
  for (const CaptionMap& map : data_.captions) {
    const TextBlock caption(captionText(map.caption), font(TextRole::Label), grid.tile, kCaptionLines);
    grid.captionHeight = std::max(grid.captionHeight, caption.height());
  }
  grid.captionHeight = std::max(grid.captionHeight, 14.0);
  return grid;
}

double MapFigure::naturalWidth() const {
  const int count = int(data_.captions.size()) + 1;
  const int columns = columnsFor(count, 760, 128, kGap, 5);
  return 2 * kMargin + columns * 170 + (columns - 1) * kGap + kColourBarWidth + kGap;
}

double MapFigure::heightFor(double width) const {
  const Grid part = grid(width - 2 * kMargin);
  return headingsHeight(data_.headings, width) + part.rows * (part.tileHeight + 5 + part.captionHeight) +
         (part.rows - 1) * kGap;
}

std::vector<QRectF> MapFigure::places(const QRectF& rect) const {
  const QRectF body = placeHeadings(data_.headings, rect, nullptr, Theme::Light);
  const Grid part = grid(body.width());
  std::vector<QRectF> tiles;
  for (int i = 0; i <= int(data_.captions.size()); ++i) {
    tiles.emplace_back(body.left() + (i % part.columns) * (part.tile + kGap),
                       body.top() + (i / part.columns) * (part.tileHeight + 5 + part.captionHeight + kGap), part.tile,
                       part.tileHeight);
  }
  return tiles;
}

void MapFigure::draw(QPainter& painter, const QRectF& rect, Theme theme) const {
  painter.save();
  const QRectF body = placeHeadings(data_.headings, rect, &painter, theme);
  const Grid part = grid(body.width());
  const auto tiles = places(rect);
  const QImage picture = toQImage(data_.picture);
  const QImage grey = greyOf(picture);
  const Shares shares = sharesOf(data_.scale, theme);
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    const QRectF& tile = tiles[i];
    const bool original = i == 0;
    const QImage shown = original ? picture : blended(grey, data_.captions[i - 1], low_, high_, shares);
    drawPicture(painter, tile, shown, theme);
    const TextBlock caption(original ? std::string("picture") : captionText(data_.captions[i - 1].caption),
                            font(TextRole::Label), part.tile, kCaptionLines);
    caption.draw(painter, {tile.left(), tile.bottom() + 5}, original ? palette(theme).muted : palette(theme).ink);
  }
  if (!data_.captions.empty()) {
    const double right = tiles[std::min(std::size_t(part.columns), tiles.size()) - 1].right();
    drawColourBar(
        painter, QRectF(right + kGap, body.top(), kColourBarWidth, part.tileHeight), low_, high_,
        cleaned(data_.scaleLabel),
        [&](double value) {
          return overGrey(colourAt(high_ > low_ ? (value - low_) / (high_ - low_) : 0.0, data_.scale, theme), 128);
        },
        theme);
  }
  painter.restore();
}

}  // namespace lix::figures
