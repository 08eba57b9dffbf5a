#include "pages/train/command_field.h"

#include <QPainter>
#include <QStyle>
#include <QStyleOptionFrame>

namespace lix::app {
namespace {

constexpr int kSide = 2;  // pixels that QLineEdit leaves beside its text

}  // namespace

CommandField::CommandField(QWidget* parent) : QLineEdit(parent) { setReadOnly(true); }

void CommandField::setCommand(const QString& command) {
  setText(command);
  setCursorPosition(0);
  const QString whole = tr("The command line that starts the same run in a terminal (Ctrl+Shift+C copies it):");
  setToolTip(QStringLiteral("<qt>%1<br><code>%2</code></qt>").arg(whole.toHtmlEscaped(), command.toHtmlEscaped()));
}

QRect CommandField::textPlace() const {
  QStyleOptionFrame option;
  initStyleOption(&option);
  return style()->subElementRect(QStyle::SE_LineEditContents, &option, this).adjusted(kSide, 0, -kSide, 0);
}

QString CommandField::shownText() const { return fontMetrics().elidedText(text(), Qt::ElideRight, textPlace().width()); }

void CommandField::paintEvent(QPaintEvent* event) {
  const QString shown = shownText();
  if (hasFocus() || shown == text()) {
    QLineEdit::paintEvent(event);
    return;
  }
  QStyleOptionFrame option;
  initStyleOption(&option);
  QPainter painter(this);
  style()->drawPrimitive(QStyle::PE_PanelLineEdit, &option, &painter, this);
  painter.setPen(palette().color(QPalette::Text));
  painter.drawText(textPlace(), Qt::AlignVCenter | Qt::AlignLeft, shown);
}

}  // namespace lix::app
