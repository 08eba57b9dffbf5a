#include "frame/page.h"

#include <QDragEnterEvent>
#include <QDropEvent>
#include <QMimeData>
#include <array>

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
  }
}

}  // namespace lix::app
