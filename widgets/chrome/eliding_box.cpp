#include "chrome/eliding_box.h"

#include <QHelpEvent>
#include <QStylePainter>
#include <QToolTip>

namespace lix::widgets {

QString ElidingBox::shownText() const {
  QStyleOptionComboBox option;
  initStyleOption(&option);
  const int room = style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, this).width() - 2;
  const int icon = option.currentIcon.isNull() ? 0 : option.iconSize.width() + 4;
  return fontMetrics().elidedText(option.currentText, Qt::ElideRight, room - icon);
}

bool ElidingBox::event(QEvent* event) {
  if (event->type() == QEvent::ToolTip && shownText() != currentText()) {
    const QString tip = toolTip().isEmpty() ? currentText() : currentText() + '\n' + toolTip();
    QToolTip::showText(static_cast<QHelpEvent*>(event)->globalPos(), tip, this);
    return true;
  }
  return QComboBox::event(event);
}

void ElidingBox::paintEvent(QPaintEvent*) {
  QStylePainter painter(this);
  painter.setPen(palette().color(QPalette::Text));
  QStyleOptionComboBox option;
  initStyleOption(&option);
  painter.drawComplexControl(QStyle::CC_ComboBox, option);
  option.currentText = shownText();
  painter.drawControl(QStyle::CE_ComboBoxLabel, option);
}

}  // namespace lix::widgets
