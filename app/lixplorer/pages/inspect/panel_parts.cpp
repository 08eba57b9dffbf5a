#include "pages/inspect/panel_parts.h"

#include <QPainter>
#include <QStyle>
#include <algorithm>

namespace lix::app {

QLabel* mutedLabel() {
  auto* label = new QLabel;
  label->setProperty("muted", true);
  label->setWordWrap(true);
  label->setTextFormat(Qt::PlainText);
  return label;
}

std::optional<std::pair<int, int>> cellAt(const QRectF& rect, int rows, int columns, const QPointF& at) {
  if (!rect.contains(at) || rows <= 0 || columns <= 0) {
    return std::nullopt;
  }
  return std::pair(std::min(rows - 1, int((at.y() - rect.top()) / rect.height() * rows)),
                   std::min(columns - 1, int((at.x() - rect.left()) / rect.width() * columns)));
}

QString captionIn(const std::string& caption) {
  const QString text = QString::fromStdString(caption);
  return text.size() > 120 ? text.left(120) + QStringLiteral("…") : text;
}

QuietLine::QuietLine() {
  setProperty("muted", true);
  setTextFormat(Qt::PlainText);
}

void QuietLine::say(const QString& text) {
  setText(text);
  setToolTip(text.isEmpty() ? QString() : QStringLiteral("<qt>%1</qt>").arg(text.toHtmlEscaped()));
}

QSize QuietLine::minimumSizeHint() const { return {0, QLabel::minimumSizeHint().height()}; }

void QuietLine::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const QString shown = fontMetrics().elidedText(text(), Qt::ElideRight, width());
  style()->drawItemText(&painter, rect(), Qt::AlignLeft | Qt::AlignVCenter, palette(), isEnabled(), shown,
                        foregroundRole());
}

}  // namespace lix::app
