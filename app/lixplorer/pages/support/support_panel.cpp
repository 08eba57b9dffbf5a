#include "pages/support/support_panel.h"

#include <QDragEnterEvent>
#include <QDropEvent>
#include <QMimeData>

namespace lix::app {

constexpr int kLeastWidth = 260;

QSize SupportPanel::minimumSizeHint() const { return {kLeastWidth, QWidget::minimumSizeHint().height()}; }

void SupportPanel::dragEnterEvent(QDragEnterEvent* event) {
  if (canRead(*event->mimeData())) {
    event->acceptProposedAction();
  }
}

void SupportPanel::dropEvent(QDropEvent* event) {
  event->acceptProposedAction();
  take(fromMime(*event->mimeData()));
}

}  // namespace lix::app
