#include "pages/train/undo_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

#include "theme/theme.h"

namespace lix::app {

UndoBar::UndoBar(const QString& name, const QString& tip, QWidget* parent)
    : QWidget(parent), text_(new QLabel), undo_(new QPushButton(widgets::icon("undo"), tr("Undo"))) {
  text_->setObjectName(name + ".removed");
  text_->setTextFormat(Qt::PlainText);
  undo_->setObjectName(name + ".undo");
  undo_->setToolTip(tip);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->addWidget(text_, 1);
  row->addWidget(undo_);
  connect(undo_, &QPushButton::clicked, this, &UndoBar::asked);
  hide();
}

void UndoBar::offer(const QString& sentence) {
  text_->setText(sentence);
  undo_->setAccessibleName(tr("Undo: %1").arg(sentence));
  show();
}

void UndoBar::focusButton() { undo_->setFocus(); }

}  // namespace lix::app
