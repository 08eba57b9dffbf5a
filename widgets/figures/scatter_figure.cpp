#include "figures/scatter_figure.h"

#include <QLocale>
#include <QPainter>
#include <algorithm>
#include <array>
#include <cmath>

#include "base/csv.h"
#include "figures/plot_parts.h"

namespace lix::figures {
namespace {

constexpr double kShape = 0.72;   // height of a plot over its width
constexpr double kAir = 0.03;     // around the points
constexpr double kTop = 18.0;     // the y axis' name
constexpr std::size_t kMostMarks = 5000;

/// How large and opaque a dot is where so many are drawn.
struct Dot {
  double radius, opacity;
};

Dot dotFor(std::size_t count) {
  if (count <= 500) {
    return {4.0, 0.85};
  }
  if (count <= 5'000) {
    return {2.8, 0.75};
  }
  if (count <= 30'000) {
    return {1.8, 0.65};
  }
  return count <= 150'000 ? Dot{1.0, 0.55} : Dot{0.5, 0.35};
}

/// Shares of a pixel that a disc around the middle of the middle one covers, nearly; rows of an odd number of pixels.
struct Stamp {
  int reach = 0;
  std::vector<float> shares;
};

Stamp stampOf(double radius) {
  Stamp stamp{.reach = std::max(0, int(std::ceil(radius - 0.5))), .shares = {}};
  for (int y = -stamp.reach; y <= stamp.reach; ++y) {
    for (int x = -stamp.reach; x <= stamp.reach; ++x) {
      stamp.shares.push_back(float(std::clamp(radius + 0.5 - std::hypot(x, y), 0.0, 1.0)));
    }
  }
  return stamp;
}

/// The colours of groups -1, 0, 1, ...
std::vector<QColor> coloursOf(const ScatterData& data, Theme theme) {
  std::vector<QColor> colours{data.names.empty() ? categorical(theme, 0) : palette(theme).muted};
  for (std::size_t i = 0; i < data.names.size(); ++i) {
    colours.push_back(categorical(theme, int(i)));
  }
  return colours;
}

std::size_t colourOf(const ScatterData& data, std::size_t point) {
  const int group = data.groups ? (*data.groups)[point] : -1;
  return group >= 0 && group < int(data.names.size()) ? std::size_t(group) + 1 : 0;
}

Axis axisOver(double low, double high, int most) {
  Axis axis{.low = low, .high = high, .scale = Scale::Linear, .ticks = niceTicks(low, high, most), .texts = {}};
  const double step = niceStep(low, high, most);
  for (const double tick : axis.ticks) {
    axis.texts.push_back(tickText(tick, step));
  }
  return axis;
}

}  // namespace

ScatterFigure::ScatterFigure(ScatterData data) : data_(std::move(data)), bounds_(boundsOf(data_)) {}

QRectF ScatterFigure::boundsOf(const ScatterData& data) {
  double left = INFINITY, right = -INFINITY, low = INFINITY, high = -INFINITY;
  for (std::size_t i = 0; i < data.size(); ++i) {
    const double x = (*data.points)[2 * i], y = (*data.points)[2 * i + 1];
    if (std::isfinite(x) && std::isfinite(y)) {
      left = std::min(left, x);
      right = std::max(right, x);
      low = std::min(low, y);
      high = std::max(high, y);
    }
  }
  if (left > right) {
    return {-1, -1, 2, 2};
  }
  const double air = std::max({kAir * (right - left), kAir * (high - low), 1e-6});
  return QRectF(left, low, right - left, high - low).adjusted(-air, -air, air, air);
}

QPointF ScatterFigure::Places::at(double px, double py) const {
  return {plot.left() + (px - window.left()) / window.width() * plot.width(),
          plot.bottom() - (py - window.top()) / window.height() * plot.height()};
}

QPointF ScatterFigure::Places::planeAt(const QPointF& at) const {
  return {window.left() + (at.x() - plot.left()) / plot.width() * window.width(),
          window.top() + (plot.bottom() - at.y()) / plot.height() * window.height()};
}

/// The window widened until a unit is as long across as up.
QRectF ScatterFigure::fitted(const QRectF& plot) const {
  const QRectF wanted = data_.window.value_or(bounds_);
  const double unit = std::max(wanted.width() / plot.width(), wanted.height() / plot.height());
  const QSizeF size = plot.size() * unit;
  return {wanted.center().x() - size.width() / 2, wanted.center().y() - size.height() / 2, size.width(), size.height()};
}

double ScatterFigure::legend(double width, QPainter* painter, const QPointF& at, Theme theme) const {
  const std::vector<QColor> colours = coloursOf(data_, theme);
  std::vector<LegendEntry> entries;
  for (std::size_t i = 0; i < data_.names.size(); ++i) {
    entries.push_back({cleaned(data_.names[i]), {colours[i + 1], Dash::Solid, Marker::Circle}, Swatch::Dot});
  }
  if (!data_.otherName.empty()) {
    entries.push_back({cleaned(data_.otherName), {colours[0], Dash::Solid, Marker::Circle}, Swatch::Dot});
  }
  return entries.empty() ? 0.0 : placeLegend(entries, at, width, painter, theme) + 6;
}

double ScatterFigure::heightFor(double width) const {
  const double body = width - 2 * kMargin;
  return headingsHeight(data_.headings, width) + legend(body, nullptr, {}, Theme::Light) + kTop +
         std::max(kShape * body, 120.0) + kBottomAxis;
}

ScatterFigure::Places ScatterFigure::places(const QRectF& rect) const {
  const QRectF body = placeHeadings(data_.headings, rect, nullptr, Theme::Light);
  const double top = body.top() + legend(body.width(), nullptr, {}, Theme::Light) + kTop;
  Places places;
  const auto plotWithin = [&](double gutter) {
    return QRectF(body.left() + gutter, top, std::max(body.width() - gutter, 20.0),
                  std::max(body.bottom() - kBottomAxis - top, 20.0));
  };
  places.plot = plotWithin(30);  // the numbers' width needs the axis, and the axis the plot's shape
  for (int round = 0; round < 2; ++round) {
    places.window = fitted(places.plot);
    places.y = axisOver(places.window.top(), places.window.bottom(), std::clamp(int(places.plot.height() / 40), 2, 8));
    places.plot = plotWithin(numbersWidth(places.y));
  }
  places.window = fitted(places.plot);
  places.x = axisOver(places.window.left(), places.window.right(), std::clamp(int(places.plot.width() / 60), 2, 9));
  places.y = axisOver(places.window.top(), places.window.bottom(), std::clamp(int(places.plot.height() / 40), 2, 8));
  return places;
}

bool ScatterFigure::isIn(std::size_t point, const QRectF& window) const {
  const double x = (*data_.points)[2 * point], y = (*data_.points)[2 * point + 1];
  return x >= window.left() && x <= window.right() && y >= window.top() && y <= window.bottom();  // no NaN is
}

void ScatterFigure::drawAround(QPainter& painter, const QRectF& rect, Theme theme) const {
  const QRectF body = placeHeadings(data_.headings, rect, &painter, theme);
  legend(body.width(), &painter, body.topLeft(), theme);
  const Places where = places(rect);
  drawVerticalAxis(painter, where.plot, where.y, Numbers::Shown, theme);
  drawHorizontalAxis(painter, where.plot, where.x, data_.xLabel, theme);
  drawLine(painter, {where.plot.left(), where.plot.top() - 9}, cleaned(data_.yLabel), font(TextRole::Small),
           palette(theme).muted);
  if (data_.size() == 0) {
    drawNothing(painter, where.plot, QStringLiteral("No points"), theme);
  }
}

void ScatterFigure::drawMarks(QPainter& painter, const Places& places, Theme theme) const {
  const double radius = dotFor(data_.size()).radius + 2.5;
  std::size_t drawn = 0;
  for (const std::uint32_t point : data_.marked) {
    if (point < data_.size() && isIn(point, places.window) && drawn++ < kMostMarks) {
      const QPointF at = places.at((*data_.points)[2 * point], (*data_.points)[2 * point + 1]);
      painter.setBrush(Qt::NoBrush);
      painter.setPen(QPen(palette(theme).background, 3.4));
      painter.drawEllipse(at, radius, radius);
      painter.setPen(QPen(palette(theme).ink, 1.6));
      painter.drawEllipse(at, radius, radius);
    }
  }
}

void ScatterFigure::draw(QPainter& painter, const QRectF& rect, Theme theme) const {
  painter.save();
  drawAround(painter, rect, theme);
  const Places where = places(rect);
  std::vector<std::uint32_t> seen;
  for (std::size_t i = 0; i < data_.size(); ++i) {
    if (isIn(i, where.window)) {
      seen.push_back(std::uint32_t(i));
    }
  }
  painter.setRenderHint(QPainter::Antialiasing);
  if (seen.size() > kMostDots) {
    constexpr double kScale = 2.0;  // pixels a logical one
    painter.drawImage(where.plot, pointsImage(where.window, (where.plot.size() * kScale).toSize(), kScale, theme));
  } else {
    const std::vector<QColor> colours = coloursOf(data_, theme);
    const Dot dot = dotFor(data_.size());
    painter.setPen(Qt::NoPen);
    for (const std::uint32_t point : seen) {
      QColor colour = colours[colourOf(data_, point)];
      colour.setAlphaF(float(dot.opacity));
      painter.setBrush(colour);
      painter.drawEllipse(where.at((*data_.points)[2 * point], (*data_.points)[2 * point + 1]), dot.radius, dot.radius);
    }
  }
  drawMarks(painter, where, theme);
  painter.restore();
}

QImage ScatterFigure::pointsImage(const QRectF& window, const QSize& pixels, double scale, Theme theme,
                                  std::size_t stride) const {
  const int width = std::max(1, pixels.width()), height = std::max(1, pixels.height());
  const std::size_t count = data_.size();
  const Dot dot = dotFor(count / std::max<std::size_t>(1, stride));
  const Stamp stamp = stampOf(dot.radius * scale);
  const std::vector<QColor> colours = coloursOf(data_, theme);
  std::vector<std::array<float, 4>> each;  // of a group: its colour, and 1
  for (const QColor& colour : colours) {
    each.push_back({float(colour.red()), float(colour.green()), float(colour.blue()), 1.f});
  }
  std::vector<std::array<float, 4>> sums(std::size_t(width) * std::size_t(height), {0.f, 0.f, 0.f, 0.f});
  const float perX = float(width / window.width()), perY = float(height / window.height());
  const float left = float(window.left()), high = float(window.bottom());
  const int side = 2 * stamp.reach + 1;
  for (std::size_t i = 0; i < count; i += std::max<std::size_t>(1, stride)) {
    const float fx = ((*data_.points)[2 * i] - left) * perX, fy = (high - (*data_.points)[2 * i + 1]) * perY;
    if (!(fx >= 0.f && fx < float(width) && fy >= 0.f && fy < float(height))) {
      continue;
    }
    const int x = int(fx), y = int(fy);
    const std::array<float, 4>& colour = each[colourOf(data_, i)];
    for (int dy = std::max(-stamp.reach, -y); dy <= std::min(stamp.reach, height - 1 - y); ++dy) {
      for (int dx = std::max(-stamp.reach, -x); dx <= std::min(stamp.reach, width - 1 - x); ++dx) {
        const float share = stamp.shares[std::size_t((dy + stamp.reach) * side + dx + stamp.reach)];
        auto& sum = sums[std::size_t(y + dy) * std::size_t(width) + std::size_t(x + dx)];
        for (std::size_t c = 0; c < 4; ++c) {
          sum[c] += share * colour[c];
        }
      }
    }
  }
  QImage image(width, height, QImage::Format_ARGB32);
  const float keep = float(std::log(1.0 - dot.opacity));
  for (int y = 0; y < height; ++y) {
    auto* out = reinterpret_cast<QRgb*>(image.scanLine(y));
    for (int x = 0; x < width; ++x) {
      const auto& sum = sums[std::size_t(y) * std::size_t(width) + std::size_t(x)];
      const float over = sum[3] > 0.f ? 1.f / sum[3] : 0.f;
      out[x] = sum[3] > 0.f ? qRgba(int(sum[0] * over + 0.5f), int(sum[1] * over + 0.5f), int(sum[2] * over + 0.5f),
                                    int(255.f * (1.f - std::exp(keep * sum[3])) + 0.5f))
                            : 0u;
    }
  }
  return image;
}

std::string ScatterFigure::table() const {
  if (data_.size() == 0) {
    return {};
  }
  std::vector<std::uint32_t> marked = data_.marked;
  std::ranges::sort(marked);
  const auto text = [](float value) {
    return std::isfinite(value) ? QString::number(double(value), 'g', 9).toStdString() : std::string();
  };
  std::string csv = "x,y,group,marked,name\n";
  for (std::size_t i = 0; i < data_.size(); ++i) {
    const std::size_t colour = colourOf(data_, i);
    csv += text((*data_.points)[2 * i]) + "," + text((*data_.points)[2 * i + 1]) + "," +
           (colour == 0 ? std::string() : csvField(data_.names[colour - 1])) + "," +
           (std::ranges::binary_search(marked, std::uint32_t(i)) ? "1" : "0") + "," +
           (data_.name ? csvField(data_.name(i)) : std::string()) + "\n";
  }
  return csv;
}

}  // namespace lix::figures
