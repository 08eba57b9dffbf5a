#include "pages/inspect/weights_view.h"

#include <QKeyEvent>
#include <QPainter>
#include <QScrollArea>
#include <QScrollBar>
#include <QTimer>
#include <algorithm>

#include "pages/inspect/panel_parts.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr double kHeadRoom = 18.0;     // left of a heatmap: its heads' numbers
constexpr double kTokenRoom = 44.0;    // below it: means and tokens' numbers
constexpr double kCaptionRoom = 36.0;  // above it: the caption
constexpr int kRevealMargin = 60;
constexpr int kLayoutTime = 80;  // milliseconds

}  // namespace

WeightsView::WeightsView(QWidget* parent) : FigureView(parent) {
  setMouseTracking(true);
  connect(this, &FigureView::clicked, this, &WeightsView::onClick);
}

void WeightsView::showWeights(std::shared_ptr<const figures::WeightsFigure> figure, int heads, int tokens,
                              int current) {
  weights_ = figure;
  heads_ = heads;
  tokens_ = tokens;
  current_ = current;
  cell_ = {std::clamp(cell_.head, 0, std::max(heads - 1, 0)), std::clamp(cell_.token, 0, std::max(tokens - 1, 0))};
  placesOf_ = QRectF();
  setFigure(std::move(figure));
}

void WeightsView::setSelected(std::vector<int> heads) {
  selected_ = std::move(heads);
  update();
}

void WeightsView::setCell(Cell cell) {
  cell.head = std::clamp(cell.head, 0, std::max(heads_ - 1, 0));
  cell.token = std::clamp(cell.token, 0, std::max(tokens_ - 1, 0));
  cell_ = cell;
  update();
  Q_EMIT cellMoved();
}

const figures::WeightsFigure::Places& WeightsView::places() const {
  const QRectF rect = figureRect();
  if (weights_ && rect != placesOf_) {
    places_ = weights_->places(rect);
    placesOf_ = rect;
  }
  return places_;
}

WeightsView::Hit WeightsView::hitAt(const QPointF& at) const {
  if (!weights_ || heads_ == 0 || tokens_ == 0) {
    return {};
  }
  const auto& heatmaps = places().heatmaps;
  for (std::size_t i = 0; i < heatmaps.size(); ++i) {
    const QRectF& heat = heatmaps[i];
    const auto hit = [&](Part part, const QRectF& room) -> Hit {
      const QPointF inside(std::clamp(at.x(), heat.left(), heat.right()), std::clamp(at.y(), heat.top(), heat.bottom()));
      const auto cell = room.contains(at) ? cellAt(heat, heads_, tokens_, inside) : std::nullopt;
      return cell ? Hit{part, int(i), {cell->first, cell->second}} : Hit{};
    };
    for (const Hit& found : {hit(Part::Cell, heat), hit(Part::Head, heat.adjusted(-kHeadRoom, 0, -heat.width(), 0)),
                             hit(Part::Token, QRectF(heat.bottomLeft(), QSizeF(heat.width(), kTokenRoom))),
                             hit(Part::Caption, QRectF(heat.left(), heat.top() - kCaptionRoom, heat.width(), kCaptionRoom))}) {
      if (found.part != Part::None) {
        return found;
      }
    }
  }
  return {};
}

void WeightsView::onClick(const QPointF& at) {
  const Hit hit = hitAt(at);
  switch (hit.part) {
    case Part::Cell:
      setCell(hit.cell);
      [[fallthrough]];
    case Part::Caption:
      clicking_ = true;
      Q_EMIT captionChosen(hit.panel);
      clicking_ = false;
      break;
    case Part::Head:
      Q_EMIT headToggled(hit.cell.head);
      break;
    case Part::Token:
      setCell({cell_.head, hit.cell.token});  // what goes by the current token goes by the one that was pressed
      Q_EMIT tokenToggled(hit.cell.token);
      break;
    case Part::None:
      break;
  }
}

bool WeightsView::act(int key) {
  switch (key) {
    case Qt::Key_Left:
    case Qt::Key_Right:
      setCell({cell_.head, cell_.token + (key == Qt::Key_Right ? 1 : -1)});
      return true;
    case Qt::Key_Up:
    case Qt::Key_Down:
      setCell({cell_.head + (key == Qt::Key_Down ? 1 : -1), cell_.token});
      return true;
    case Qt::Key_Home:
    case Qt::Key_End:
      setCell({cell_.head, key == Qt::Key_Home ? 0 : tokens_ - 1});
      return true;
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
      Q_EMIT captionStepped(key == Qt::Key_PageDown ? 1 : -1);
      return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
      Q_EMIT headIsolated(cell_.head);
      return true;
    case Qt::Key_Space:
      Q_EMIT headToggled(cell_.head);
      return true;
    case Qt::Key_Delete:
    case Qt::Key_Backspace:
      Q_EMIT tokenToggled(cell_.token);
      return true;
    case Qt::Key_Escape:
      Q_EMIT resetAsked();
      return true;
    default:
      return false;
  }
}

void WeightsView::keyPressEvent(QKeyEvent* event) {
  const bool plain = (event->modifiers() & ~Qt::KeypadModifier) == Qt::NoModifier;
  if (weights_ && plain && act(event->key())) {
    reveal();
    event->accept();
  } else {
    FigureView::keyPressEvent(event);
  }
}

bool WeightsView::event(QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride && weights_) {
    const auto* key = static_cast<QKeyEvent*>(event);
    constexpr int kOwn[] = {Qt::Key_Delete, Qt::Key_Backspace, Qt::Key_Escape, Qt::Key_Return, Qt::Key_Space};
    if (key->modifiers() == Qt::NoModifier && std::ranges::find(kOwn, key->key()) != std::end(kOwn)) {
      event->accept();  // the window's own commands of these keys wait while the cursor is here
      return true;
    }
  }
  return FigureView::event(event);
}

void WeightsView::mouseMoveEvent(QMouseEvent* event) {
  const Part part = hitAt(event->position()).part;
  setCursor(part == Part::None || part == Part::Cell ? Qt::ArrowCursor : Qt::PointingHandCursor);
  FigureView::mouseMoveEvent(event);
}

QRectF WeightsView::cellRect() const {
  if (!weights_ || current_ < 0 || current_ >= int(places().heatmaps.size()) || heads_ == 0 || tokens_ == 0) {
    return {};
  }
  const QRectF& heat = places().heatmaps[std::size_t(current_)];
  const double wide = heat.width() / tokens_, tall = heat.height() / heads_;
  return {heat.left() + cell_.token * wide, heat.top() + cell_.head * tall, wide, tall};
}

void WeightsView::revealCurrent() {
  if (clicking_) {
    return;
  }
  QTimer::singleShot(0, this, [this] {
    if (!scrollToCurrent()) {  // the new figure is not laid out yet
      QTimer::singleShot(kLayoutTime, this, [this] { scrollToCurrent(); });
    }
  });
}

bool WeightsView::scrollToCurrent() {
  if (!weights_ || current_ < 0 || current_ >= int(places().heatmaps.size())) {
    return true;
  }
  const QRectF whole = places().heatmaps[std::size_t(current_)].adjusted(0, -kCaptionRoom, 0, kTokenRoom);
  for (QWidget* above = parentWidget(); above != nullptr; above = above->parentWidget()) {
    if (auto* area = qobject_cast<QScrollArea*>(above)) {
      const int top = mapTo(area->widget(), whole.topLeft().toPoint()).y();
      QScrollBar* bar = area->verticalScrollBar();
      const int wanted = std::min(std::max(bar->value(), top + int(whole.height()) - area->viewport()->height()), top);
      bar->setValue(wanted);
      return bar->value() == std::max(wanted, 0);
    }
  }
  return true;
}

void WeightsView::reveal() {
  const QRectF cell = cellRect();
  for (QWidget* above = parentWidget(); above != nullptr && !cell.isNull(); above = above->parentWidget()) {
    if (auto* area = qobject_cast<QScrollArea*>(above)) {
      const QPoint middle = mapTo(area->widget(), cell.center().toPoint());
      area->ensureVisible(middle.x(), middle.y(), kRevealMargin, kRevealMargin);
      return;
    }
  }
}

void WeightsView::paintEvent(QPaintEvent* event) {
  FigureView::paintEvent(event);
  if (!weights_ || heads_ == 0) {
    return;
  }
  QPainter painter(this);
  const widgets::Colours& colours = widgets::colours(widgets::themeOf(palette()));
  for (const QRectF& heat : places().heatmaps) {
    const double tall = heat.height() / heads_;
    for (const int head : selected_) {
      painter.fillRect(QRectF(heat.left() - 4, heat.top() + head * tall, 3, tall), colours.accent);
    }
  }
  if (const QRectF cell = cellRect(); !cell.isNull()) {
    // White within black is seen on every colour of the map.
    painter.setPen(QPen(Qt::black, 1));
    painter.drawRect(cell.adjusted(-1.5, -1.5, 1.5, 1.5));
    painter.setPen(QPen(Qt::white, 1));
    painter.drawRect(cell.adjusted(-0.5, -0.5, 0.5, 0.5));
  }
}

}  // namespace lix::app
