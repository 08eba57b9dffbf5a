#include "frame/rail.h"

#include <QDragEnterEvent>
#include <QDropEvent>
#include <QMimeData>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kWidth = 84;
constexpr int kRestMs = 600;

}  // namespace

Rail::Rail(QWidget* parent) : QWidget(parent) {
  setObjectName("rail");
  setAccessibleName(tr("Pages"));
  setFixedWidth(kWidth);
  setAttribute(Qt::WA_StyledBackground);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(2, 10, 3, 8);
  column->setSpacing(4);
  for (int i = 0; i < kPageCount; ++i) {
    const auto page = static_cast<PageId>(i);
    auto* button = new QToolButton;
    button->setObjectName("rail." + pageName(page));
    button->setText(pageTitle(page));
    button->setIcon(widgets::icon(pageName(page)));
    button->setIconSize({24, 24});
    button->setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
    button->setCheckable(true);
    button->setAutoExclusive(true);
    button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    button->setProperty("rail", true);
    button->setAcceptDrops(true);
    button->setToolTip(tr("Shows the page %1 (Ctrl+%2). Pictures can be dropped here.").arg(pageTitle(page)).arg(i + 1));
    button->installEventFilter(this);
    connect(button, &QToolButton::clicked, this, [this, page] { Q_EMIT chosen(page); });
    buttons_[static_cast<std::size_t>(i)] = button;
    column->addWidget(button);
  }
  column->addStretch(1);
  rest_.setSingleShot(true);
  rest_.setInterval(kRestMs);
  connect(&rest_, &QTimer::timeout, this, [this] { Q_EMIT chosen(under_); });
}

void Rail::setCurrent(PageId page) { button(page)->setChecked(true); }

bool Rail::eventFilter(QObject* object, QEvent* event) {
  const auto found = std::ranges::find(buttons_, object);
  if (found == buttons_.end()) {
    return QWidget::eventFilter(object, event);
  }
  const auto page = static_cast<PageId>(found - buttons_.begin());
  switch (event->type()) {
    case QEvent::DragEnter: {
      auto* drag = static_cast<QDragEnterEvent*>(event);
      if (canRead(*drag->mimeData())) {
        drag->setDropAction(Qt::CopyAction);
        drag->accept();
        (*found)->setDown(true);
        under_ = page;
        rest_.start();
      }
      return true;
    }
    case QEvent::DragLeave:
      (*found)->setDown(false);
      rest_.stop();
      return true;
    case QEvent::Drop: {
      auto* drop = static_cast<QDropEvent*>(event);
      (*found)->setDown(false);
      rest_.stop();
      drop->setDropAction(Qt::CopyAction);
      drop->accept();
      Q_EMIT dropped(page, fromMime(*drop->mimeData()));
      return true;
    }
    default:
      return QWidget::eventFilter(object, event);
  }
}

}  // namespace lix::app
