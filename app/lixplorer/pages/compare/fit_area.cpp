#include "pages/compare/fit_area.h"

#include <QPainter>
#include <QResizeEvent>
#include <QScrollBar>
#include <QVBoxLayout>
#include <algorithm>

#include "figure_view/figure_view.h"

namespace lix::app {

void FittedFigure::draw(QPainter& painter, const QRectF& rect, figures::Theme theme) const {
  if (!fits(rect.width())) {
    whole_->draw(painter, rect, theme);
    return;
  }
  painter.save();
  painter.translate(rect.topLeft());
  painter.scale(scale_, scale_);
  shown_->draw(painter, QRectF(QPointF(), rect.size() / scale_), theme);
  painter.restore();
}

std::shared_ptr<const figures::Figure> stretched(std::shared_ptr<const figures::Figure> figure, QSizeF room, double least) {
  const QSizeF size(room.width(), std::max(room.height(), least));
  return std::make_shared<const FittedFigure>(figure, figure, size);
}

FitArea::FitArea(widgets::FigureView* view, QWidget* parent) : QScrollArea(parent), view_(view) {
  auto* inside = new QWidget;
  auto* list = new QVBoxLayout(inside);
  list->setContentsMargins(0, 0, 0, 0);
  list->addWidget(view);
  list->addStretch(1);
  setWidget(inside);
  setWidgetResizable(true);
  setFrameShape(QFrame::NoFrame);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setFocusPolicy(Qt::NoFocus);  // the figure takes the keyboard
}

void FitArea::setMake(Make make) {
  make_ = std::move(make);
  fit();
}

void FitArea::fit() {
  if (!make_) {
    view_->setFigure(nullptr);
    return;
  }
  const QSize room = maximumViewportSize();
  auto figure = make_(room);
  if (figure->heightFor(room.width()) > room.height()) {  // it is scrolled, beside a bar
    figure = make_({double(room.width() - verticalScrollBar()->sizeHint().width()), double(room.height())});
  }
  view_->setFigure(std::move(figure));
}

void FitArea::resizeEvent(QResizeEvent* event) {
  QScrollArea::resizeEvent(event);
  if (make_ && event->size() != event->oldSize()) {
    fit();
  }
}

}  // namespace lix::app
