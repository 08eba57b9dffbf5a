#include "pages/support/support_panel.h"

#include <QDragEnterEvent>
#include <QDropEvent>
#include <QMimeData>

namespace lix::app {

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
