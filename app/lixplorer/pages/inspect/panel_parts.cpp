#include "pages/inspect/panel_parts.h"

#include <QPainter>
#include <QStyle>
#include <QTextLayout>
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

void QuietLine::setLines(int lines) {
  if (lines != lines_) {
    lines_ = lines;
    updateGeometry();
    update();
  }
}

QSize QuietLine::sizeHint() const { return {QLabel::sizeHint().width(), minimumSizeHint().height()}; }

QSize QuietLine::minimumSizeHint() const {
  return {0, QLabel::minimumSizeHint().height() + (lines_ - 1) * fontMetrics().lineSpacing()};
}

void QuietLine::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  QTextLayout layout(text(), font());
  layout.beginLayout();
  QStringList shown;
  for (QTextLine line = layout.createLine(); line.isValid() && shown.size() < lines_; line = layout.createLine()) {
    line.setLineWidth(width());
    const bool last = shown.size() + 1 == lines_;
    const QString rest = text().mid(line.textStart(), last ? -1 : line.textLength()).trimmed().section(QChar::LineSeparator, 0, 0);
    shown << fontMetrics().elidedText(rest, Qt::ElideRight, width());
  }
  layout.endLayout();
  const int vertical = lines_ == 1 ? Qt::AlignVCenter : Qt::AlignTop;
  style()->drawItemText(&painter, rect(), Qt::AlignLeft | vertical, palette(), isEnabled(), shown.join(QLatin1Char('\n')),
                        foregroundRole());
}

}  // namespace lix::app
