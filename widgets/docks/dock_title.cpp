#include "docks/dock_title.h"

#include <QDockWidget>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

#include "theme/theme.h"

namespace lix::widgets {

DockTitle::DockTitle(QDockWidget* dock)
    : QWidget(dock), title_(new QLabel(dock->windowTitle())), float_(new QToolButton), close_(new QToolButton) {
  title_->setProperty("heading", "section");
  float_->setIcon(icon("float"));
  float_->setAccessibleName(tr("Float %1").arg(dock->windowTitle()));
  float_->setToolTip(tr("Takes the panel out of the window, or puts it back. Double-click on its title does the same."));
  close_->setIcon(icon("cancel"));
  close_->setAccessibleName(tr("Close %1").arg(dock->windowTitle()));
  close_->setToolTip(tr("Closes the panel; View > Panels opens it again."));
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(2, 0, 0, 4);
  row->setSpacing(2);
  row->addWidget(title_, 1);
  for (QToolButton* button : {float_, close_}) {
    button->setAutoRaise(true);
    button->setIconSize({14, 14});
    row->addWidget(button);
  }
  connect(float_, &QToolButton::clicked, dock, [dock] { dock->setFloating(!dock->isFloating()); });
  connect(close_, &QToolButton::clicked, dock, &QWidget::close);
  connect(dock, &QWidget::windowTitleChanged, title_, &QLabel::setText);
}

void DockTitle::setCollapsed(bool collapsed) {
  if (collapsed_ == collapsed) {
    return;
  }
  collapsed_ = collapsed;
  for (QWidget* part : {static_cast<QWidget*>(title_), static_cast<QWidget*>(float_), static_cast<QWidget*>(close_)}) {
    part->setVisible(!collapsed);
  }
  layout()->setContentsMargins(collapsed ? QMargins() : QMargins(2, 0, 0, 4));
  updateGeometry();
}

QSize DockTitle::sizeHint() const { return collapsed_ ? QSize(0, 0) : QWidget::sizeHint(); }

QSize DockTitle::minimumSizeHint() const { return collapsed_ ? QSize(0, 0) : QWidget::minimumSizeHint(); }

}  // namespace lix::widgets
