#include "chrome/wheel_guard.h"

#include <QAbstractItemView>
#include <QAbstractSpinBox>
#include <QApplication>
#include <QComboBox>
#include <QScrollBar>
#include <QSlider>
#include <QWheelEvent>

namespace lix::widgets {
namespace {

constexpr int kOneScrollMs = 600;  // turns nearer to each other are one scroll

/// The setting that a wheel over this widget would change, or null: a spin box's line edit belongs to the box.
QWidget* settingOf(QWidget* widget) {
  for (QWidget* at : {widget, widget->parentWidget()}) {
    const bool isSlider = qobject_cast<QSlider*>(at) != nullptr;
    if (isSlider || qobject_cast<QComboBox*>(at) != nullptr || qobject_cast<QAbstractSpinBox*>(at) != nullptr) {
      return at;
    }
  }
  return nullptr;
}

}  // namespace

void WheelGuard::install() {
  static auto* const guard = [] {
    auto* made = new WheelGuard(qApp);
    qApp->installEventFilter(made);
    return made;
  }();
  (void)guard;
}

bool WheelGuard::isScrolling() const { return scrolled_.isValid() && scrolled_.elapsed() < kOneScrollMs; }

bool WheelGuard::eventFilter(QObject* object, QEvent* event) {
  const bool asks = event->type() == QEvent::Wheel || event->type() == QEvent::Polish;
  auto* widget = asks && object->isWidgetType() ? static_cast<QWidget*>(object) : nullptr;
  if (widget == nullptr) {
    return false;
  }
  if (event->type() == QEvent::Polish) {
    if (settingOf(widget) == widget && widget->focusPolicy() == Qt::WheelFocus) {
      widget->setFocusPolicy(Qt::StrongFocus);
    }
    return false;
  }
  QWidget* setting = settingOf(widget);
  // The list that a box has opened is a window of its own.
  const bool isList = qobject_cast<QAbstractItemView*>(widget) != nullptr || qobject_cast<QScrollBar*>(widget) != nullptr;
  if (setting == nullptr || isList || setting->window() != widget->window()) {
    scrolled_.start();
    return false;
  }
  if (setting->hasFocus() && !isScrolling()) {
    return false;
  }
  event->ignore();  // goes on to what it stands in
  return true;
}

}  // namespace lix::widgets
