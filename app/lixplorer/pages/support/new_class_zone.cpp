#include "pages/support/new_class_zone.h"

#include <QDragEnterEvent>
#include <QDropEvent>
#include <QMimeData>
#include <QPushButton>

namespace lix::app {
namespace {

constexpr int kLeast = 72;  // in which its words can be read
constexpr int kGap = 8;
constexpr int kLeftMs = 30;  // who leaves a column enters the next one at once

}  // namespace

NewClassZone::NewClassZone(QWidget* viewport, QPushButton* add, std::function<int()> columnsEnd)
    : QLabel(tr("Drop here: a new class"), viewport), add_(add), columnsEnd_(std::move(columnsEnd)) {
  setObjectName("support.newClassZone");
  setAlignment(Qt::AlignCenter);
  setWordWrap(true);
  setAttribute(Qt::WA_TransparentForMouseEvents);
  hide();
  add_->setAcceptDrops(true);
  watch(viewport);
  watch(add_);
  left_.setSingleShot(true);
  left_.setInterval(kLeftMs);
  connect(&left_, &QTimer::timeout, this, [this] { light(Light::Off, Light::Off); });
}

void NewClassZone::watch(QWidget* target) { target->installEventFilter(this); }

void NewClassZone::light(Light beside, Light button) {
  const auto dress = [](QWidget* widget, const QString& style) {
    if (widget->styleSheet() != style) {
      widget->setStyleSheet(style);
    }
  };
  // Colours alone on the button, whose neighbours must not move.
  dress(add_, button == Light::Off     ? QString()
              : button == Light::Place ? QStringLiteral("QPushButton { border-color: palette(highlight); }")
                                       : QStringLiteral("QPushButton { background: palette(highlight); "
                                                        "color: palette(highlighted-text); }"));
  const QRect room = parentWidget()->rect().adjusted(columnsEnd_() + kGap, 0, 0, 0);
  if (beside == Light::Off || room.width() < kLeast) {
    hide();
    return;
  }
  dress(this, QStringLiteral("QLabel { background: palette(%1); border: 2px %2 palette(highlight); border-radius: 8px; "
                             "padding: 4px; font-weight: 600; }")
                  .arg(beside == Light::Target ? "button" : "window", beside == Light::Target ? "solid" : "dashed"));
  setGeometry(room);
  raise();
  show();
}

bool NewClassZone::onButton(QEvent* event) {
  if (event->type() == QEvent::DragEnter) {
    auto* enter = static_cast<QDragEnterEvent*>(event);
    if (canRead(*enter->mimeData())) {
      enter->acceptProposedAction();
    }
  } else if (event->type() == QEvent::DragMove) {
    static_cast<QDragMoveEvent*>(event)->acceptProposedAction();
  } else if (event->type() == QEvent::Drop) {
    auto* drop = static_cast<QDropEvent*>(event);
    drop->acceptProposedAction();
    Q_EMIT dropped(fromMime(*drop->mimeData()), drop->modifiers());
  } else {
    return false;
  }
  return true;
}

bool NewClassZone::eventFilter(QObject* object, QEvent* event) {
  if (event->type() == QEvent::DragEnter && canRead(*static_cast<QDragEnterEvent*>(event)->mimeData())) {
    left_.stop();
    light(object == parent() ? Light::Target : Light::Place, object == add_ ? Light::Target : Light::Place);
  } else if (event->type() == QEvent::DragLeave) {
    left_.start();
  } else if (event->type() == QEvent::Drop) {
    left_.stop();
    light(Light::Off, Light::Off);
  }
  return object == add_ && onButton(event);
}

}  // namespace lix::app
