#include "docks/dock_title.h"

#include <QDockWidget>
#include <QHBoxLayout>
#include <QLabel>
#include <QStyle>
#include <QToolButton>

#include "theme/theme.h"

namespace lix::widgets {

namespace {

constexpr QMargins kMargins{8, 1, 3, 1};  // the title stands over the left edge of a panel's contents

}  // namespace

DockTitle::DockTitle(QDockWidget* dock)
    : QWidget(dock), dock_(dock), title_(new QLabel(dock->windowTitle())), float_(new QToolButton), close_(new QToolButton) {
  title_->setProperty("heading", "section");
  float_->setIcon(icon("float"));
  float_->setAccessibleName(tr("Float %1").arg(dock->windowTitle()));
  float_->setToolTip(tr("Takes the panel out of the window, or puts it back (Ctrl+J, then F). Double-click on its title does the same."));
  close_->setIcon(icon("cancel"));
  close_->setAccessibleName(tr("Close %1").arg(dock->windowTitle()));
  close_->setToolTip(tr("Closes the panel (Ctrl+J, then W); View > Panels opens it again."));
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(kMargins);
  row->setSpacing(2);
  row->addWidget(title_, 1);
  for (QToolButton* button : {float_, close_}) {
    button->setAutoRaise(true);
    button->setIconSize({14, 14});
    row->addWidget(button);
  }
  connect(float_, &QToolButton::clicked, dock, [dock] { dock->setFloating(!dock->isFloating()); });
  connect(close_, &QToolButton::clicked, dock, &QWidget::close);
  connect(dock, &QWidget::windowTitleChanged, this, &DockTitle::showParts);
}

void DockTitle::setCollapsed(bool collapsed) {
  if (collapsed_ != collapsed) {
    collapsed_ = collapsed;
    showParts();
  }
}

void DockTitle::setFloating(bool floating) {
  if (floating_ != floating) {
    floating_ = floating;
    showParts();
  }
}

void DockTitle::showParts() {
  title_->setText(floating_ ? tr("Drag this line back into the window.") : dock_->windowTitle());
  title_->setProperty("heading", floating_ ? QVariant() : QVariant("section"));
  title_->setProperty("muted", floating_);
  title_->style()->unpolish(title_);
  title_->style()->polish(title_);
  float_->setAccessibleName((floating_ ? tr("Put %1 back") : tr("Float %1")).arg(dock_->windowTitle()));
  title_->setVisible(!collapsed_);
  float_->setVisible(!collapsed_);
  close_->setVisible(!collapsed_ && !floating_);
  layout()->setContentsMargins(collapsed_ ? QMargins() : kMargins);
  updateGeometry();
}

QSize DockTitle::sizeHint() const { return collapsed_ ? QSize(0, 0) : QWidget::sizeHint(); }

QSize DockTitle::minimumSizeHint() const { return collapsed_ ? QSize(0, 0) : QWidget::minimumSizeHint(); }

}  // namespace lix::widgets
