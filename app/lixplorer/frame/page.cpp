#include "frame/page.h"

#include <QDragEnterEvent>
#include <QDropEvent>
#include <QMimeData>
#include <array>

#include "chrome/wheel_guard.h"

namespace lix::app {
namespace {

constexpr std::array kNames{"data", "train", "inspect", "support", "curves", "compare", "runs"};

}  // namespace

QString pageName(PageId page) { return QString::fromLatin1(kNames[static_cast<std::size_t>(page)]); }

QString pageTitle(PageId page) {
  switch (page) {
    case PageId::Data:
      return Page::tr("Data");
    case PageId::Train:
      return Page::tr("Train");
    case PageId::Inspect:
      return Page::tr("Inspect");
    case PageId::Support:
      return Page::tr("Support");
    case PageId::Curves:
      return Page::tr("Curves");
    case PageId::Compare:
      return Page::tr("Compare");
    case PageId::Runs:
      return Page::tr("Runs");
  }
  return {};
}

Page::Page(Desk& desk, PageId id, QWidget* parent) : QWidget(parent), desk_(desk), id_(id) {
  setObjectName(pageName(id) + "Page");
  setAccessibleName(pageTitle(id));
  setAcceptDrops(true);
  widgets::WheelGuard::install();
}

void Page::dragEnterEvent(QDragEnterEvent* event) {
  if (canRead(*event->mimeData())) {
    event->setDropAction(Qt::CopyAction);
    event->accept();
  }
}

void Page::dropEvent(QDropEvent* event) {
  const Payload payload = fromMime(*event->mimeData());
  if (accepts(payload)) {
    event->setDropAction(Qt::CopyAction);
    event->accept();
    receive(payload);
  } else {
    refuse(payload);
  }
}

void Page::refuse(const Payload& payload) {
  if (payload.isEmpty()) {
    desk_.say(widgets::Severity::Warning, tr("The page %1 found nothing in what was dropped; drop pictures, folders or text.").arg(pageTitle(id_)));
  } else if (desk_.isReadOnly()) {
    desk_.say(widgets::Severity::Warning,
              tr("The page %1 takes nothing here: this workspace is open for reading only.").arg(pageTitle(id_)));
  } else {
    desk_.say(widgets::Severity::Warning,
              tr("The page %1 has no use for what was dropped; drop pictures on Inspect, Support or Data.").arg(pageTitle(id_)));
  }
}

}  // namespace lix::app
