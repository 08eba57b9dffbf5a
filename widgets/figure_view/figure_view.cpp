#include "figure_view/figure_view.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "figure_view/figure_export.h"
#include "figure_view/picture.h"
#include "theme/theme.h"

namespace lix::widgets {
namespace {

constexpr int kLeastWidth = 160;  // what figures::save takes at least
constexpr int kLeastHeight = 96;
constexpr int kTextMargin = 24;
constexpr int kMostTextWidth = 420;

/// Where the empty text stands: a column in the middle, narrow enough to be read.
QRect textRect(const QRect& rect) {
  const int width = std::min(kMostTextWidth, std::max(1, rect.width() - 2 * kTextMargin));
  return {rect.x() + (rect.width() - width) / 2, rect.y(), width, rect.height()};
}

}  // namespace

FigureView::FigureView(QWidget* parent)
    : QWidget(parent), picture_(std::make_unique<Picture>()), export_(new FigureExport(this, [this] { return figure_; })) {
  QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
  policy.setHeightForWidth(true);
  setSizePolicy(policy);
  setFocusPolicy(Qt::StrongFocus);
  setAccessibleName(tr("Figure"));
  setToolTip(FigureExport::hint());
  connect(export_, &FigureExport::failed, this, &FigureView::failed);
}

FigureView::~FigureView() = default;

void FigureView::setFigure(std::shared_ptr<const figures::Figure> figure) {
  figure_ = std::move(figure);
  picture_->forget();
  setAccessibleDescription(figure_ ? QString() : emptyText_);
  updateGeometry();
  update();
}

void FigureView::setEmptyText(const QString& text) {
  emptyText_ = text;
  setAccessibleDescription(figure_ ? QString() : emptyText_);
  updateGeometry();
  update();
}

QRectF FigureView::figureRect() const {
  if (!figure_) {
    return {};
  }
  const int least = heightForWidth(width());
  return QRectF(0, 0, width(), std::clamp(height(), least, std::max(least, int(figure_->mostHeight(width())))));
}

int FigureView::heightForWidth(int width) const {
  if (figure_) {
    return picture_->heightFor(*figure_, std::max(width, kLeastWidth));
  }
  const QRect room = textRect(QRect(0, 0, width, kLeastHeight));
  const QRect text = fontMetrics().boundingRect(room, Qt::AlignCenter | Qt::TextWordWrap, emptyText_);
  return std::max(kLeastHeight, text.height() + 2 * kTextMargin);
}

QSize FigureView::sizeHint() const {
  const int width = figure_ ? int(std::ceil(figure_->naturalWidth())) : kMostTextWidth;
  return {width, heightForWidth(width)};
}

QSize FigureView::minimumSizeHint() const { return {kLeastWidth, kLeastHeight}; }

void FigureView::copy() { export_->copy(); }

void FigureView::saveAs() { export_->saveAs(); }

void FigureView::paintEvent(QPaintEvent* event) {
  QPainter painter(this);
  const figures::Theme theme = themeOf(palette());
  if (figure_) {
    const QRect all = figureRect().toRect();
    painter.fillRect(event->rect(), figures::palette(theme).background);
    const QRect shown = event->rect().intersected(all);
    if (!shown.isEmpty()) {
      picture_->paint(painter, *figure_, all.size(), shown, theme);
    }
  } else {
    painter.setPen(colours(theme).muted);
    painter.drawText(textRect(rect()), Qt::AlignCenter | Qt::TextWordWrap, emptyText_);
  }
  if (hasFocus()) {
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colours(theme).accent, 2));
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 4, 4);
  }
}

bool FigureView::event(QEvent* event) {
  if (event->type() == QEvent::ToolTip && hint_ && figure_) {
    const auto* help = static_cast<QHelpEvent*>(event);
    const QString text = hint_(QPointF(help->pos()));
    if (text.isEmpty()) {
      QToolTip::hideText();
      event->ignore();
    } else {
      // Only for this point: the next one may have something else to say.
      QToolTip::showText(help->globalPos(), text, this, QRect(help->pos() - QPoint(3, 3), QSize(7, 7)));
    }
    return true;
  }
  return QWidget::event(event);
}

void FigureView::mousePressEvent(QMouseEvent* event) {
  QWidget::mousePressEvent(event);
  if (figure_ && event->button() == Qt::LeftButton && figureRect().contains(event->position())) {
    event->accept();
    Q_EMIT clicked(event->position());
  }
}

}  // namespace lix::widgets
