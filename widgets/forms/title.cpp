#include "forms/title.h"

#include <QCheckBox>
#include <QMouseEvent>

namespace lix::widgets {

Title::Title(const QString& text, QWidget& field, QWidget* parent) : QLabel(parent) {
  setTextFormat(Qt::PlainText);
  setText(QString(text).replace(u'&', QStringLiteral("&&")));  // with a buddy, & marks a key
  setWordWrap(true);
  setBuddy(&field);
}

QSize Title::sizeHint() const {
  // QLabel wraps what could stand in one line into a block of pleasant proportions.
  const int width = fontMetrics().size(Qt::TextShowMnemonic, text()).width() + 2;
  return {width, heightForWidth(width)};
}

void Title::mouseReleaseEvent(QMouseEvent* event) {
  QLabel::mouseReleaseEvent(event);
  if (event->button() != Qt::LeftButton || !rect().contains(event->position().toPoint())) {
    return;
  }
  buddy()->setFocus(Qt::MouseFocusReason);
  if (auto* box = qobject_cast<QCheckBox*>(buddy())) {
    box->click();
  }
}

}  // namespace lix::widgets
