// What the view shows; scatter_input.cpp has mouse and keys.
#include "scatter_view/scatter_view.h"

#include <QEvent>
#include <QPainter>
#include <QTimer>
#include <algorithm>

#include "figure_view/figure_export.h"
#include "theme/theme.h"

namespace lix::widgets {
namespace {

constexpr std::size_t kWhileMoving = 100'000;  // points that are drawn while the view moves
constexpr int kSettleMs = 120;
constexpr int kMargin = 24;

}  // namespace

ScatterView::ScatterView(QWidget* parent) : QWidget(parent), settle_(new QTimer(this)) {
  setMouseTracking(true);
  setFocusPolicy(Qt::StrongFocus);
  export_ = new FigureExport(this, [this]() -> std::shared_ptr<const figures::Figure> {
    return isEmpty() ? nullptr : figure_;
  });
  export_->serve(this);
  connect(export_, &FigureExport::failed, this, &ScatterView::failed);
  settle_->setSingleShot(true);
  settle_->setInterval(kSettleMs);
  connect(settle_, &QTimer::timeout, this, [this] {
    rest_ = Rest::Drawn;
    image_ = {};
    update();
  });
}

ScatterView::~ScatterView() = default;

void ScatterView::setData(figures::ScatterData shown) {
  figure_ = std::make_shared<figures::ScatterFigure>(std::move(shown));
  index_ = figure_->data().points ? PointIndex(*figure_->data().points) : PointIndex();
  lasso_.clear();
  pressed_.reset();
  image_ = {};
  setCurrent({});
  update();
}

void ScatterView::setEmptyText(const QString& text) {
  emptyText_ = text;
  if (isEmpty()) {
    setAccessibleDescription(text);
  }
  update();
}

void ScatterView::setMarked(std::vector<std::uint32_t> points) {
  if (figure_) {
    figure_->setMarked(std::move(points));
    update();
  }
}

void ScatterView::setGroups(std::shared_ptr<const std::vector<std::int8_t>> groups, std::vector<std::string> names,
                            std::string otherName) {
  if (!figure_) {
    return;
  }
  figures::ScatterData shown = figure_->data();
  shown.groups = std::move(groups);
  shown.names = std::move(names);
  shown.otherName = std::move(otherName);
  figure_ = std::make_shared<figures::ScatterFigure>(std::move(shown));
  image_ = {};
  update();
}

void ScatterView::setDrag(Drag drag) {
  if (drag_ != drag) {
    drag_ = drag;
    Q_EMIT dragChanged();
  }
}

QRectF ScatterView::window() const { return isEmpty() ? QRectF() : places().window; }

QPointF ScatterView::placeOf(std::uint32_t point) const {
  if (isEmpty() || point >= figure_->data().size()) {
    return {};
  }
  const auto& points = *figure_->data().points;
  return places().at(points[2 * point], points[2 * point + 1]);
}

void ScatterView::showAll() {
  if (!isEmpty()) {
    figure_->setWindow({});
    changed();
  }
}

/// Another part of the plane is seen.
void ScatterView::changed() {
  image_ = {};
  if (figure_->data().size() > kWhileMoving) {
    rest_ = Rest::Coarse;
    settle_->start();
  }
  update();
}

void ScatterView::setCurrent(std::optional<std::uint32_t> point) {
  const bool other = current_ != point;
  current_ = point;
  setAccessibleDescription(isEmpty() ? emptyText_ : current_ && describe_ ? describe_(*current_) : QString());
  if (other) {
    update();
    Q_EMIT currentChanged();
  }
}

void ScatterView::drawPoints(QPainter& painter) {
  const auto where = places();
  const double scale = devicePixelRatioF();
  const QSize pixels = (where.plot.size() * scale).toSize();
  const figures::Theme theme = themeOf(palette());
  if (image_.size() != pixels) {
    const std::size_t count = figure_->data().size();
    const std::size_t stride = rest_ == Rest::Coarse ? (count + kWhileMoving - 1) / kWhileMoving : 1;
    image_ = figure_->pointsImage(where.window, pixels, scale, theme, stride);
  }
  painter.drawImage(where.plot, image_);
  figure_->drawMarks(painter, where, theme);
}

void ScatterView::drawOverlays(QPainter& painter) const {
  const Colours& colour = colours(themeOf(palette()));
  if (current_) {
    const QPointF at = placeOf(*current_);
    if (places().plot.adjusted(-1, -1, 1, 1).contains(at)) {
      painter.setBrush(Qt::NoBrush);
      painter.setPen(QPen(figures::palette(themeOf(palette())).background, 5));
      painter.drawEllipse(at, 8, 8);
      painter.setPen(QPen(colour.accent, 2.5));
      painter.drawEllipse(at, 8, 8);
    }
  }
  if (lasso_.size() > 1) {
    QColor within = colour.accent;
    within.setAlpha(40);
    painter.setBrush(within);
    painter.setPen(QPen(colour.accent, 1.5, Qt::DashLine));
    painter.drawPolygon(lasso_);
  }
}

void ScatterView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const figures::Theme theme = themeOf(palette());
  painter.fillRect(rect(), figures::palette(theme).background);
  if (isEmpty()) {
    painter.setPen(colours(theme).muted);
    painter.drawText(rect().adjusted(kMargin, kMargin, -kMargin, -kMargin), Qt::AlignCenter | Qt::TextWordWrap, emptyText_);
  } else {
    figure_->drawAround(painter, rect(), theme);
    drawPoints(painter);
    drawOverlays(painter);
  }
  if (hasFocus()) {
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(colours(theme).accent, 2));
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 4, 4);
  }
}

void ScatterView::resizeEvent(QResizeEvent* event) {
  image_ = {};
  QWidget::resizeEvent(event);
}

void ScatterView::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange) {
    image_ = {};
    update();
  }
  QWidget::changeEvent(event);
}

}  // namespace lix::widgets
