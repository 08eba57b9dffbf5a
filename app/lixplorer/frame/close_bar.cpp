#include "frame/close_bar.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>

namespace lix::app {

CloseBar::CloseBar(QWidget* parent) : QWidget(parent) {
  setObjectName("closeBar");
  setProperty("card", true);
  setAttribute(Qt::WA_StyledBackground);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(16, 8, 16, 8);
  text_ = new QLabel;
  text_->setWordWrap(true);
  row->addWidget(text_, 1);
  const auto add = [&](const char* name, const QString& text, const QString& help, void (CloseBar::*told)()) {
    auto* button = new QPushButton(text);
    button->setObjectName(name);
    button->setToolTip(help);
    connect(button, &QPushButton::clicked, this, [this, told] {
      hide();
      Q_EMIT (this->*told)();
    });
    row->addWidget(button);
    return button;
  };
  auto* close = add("closeBar.close", tr("Close the window"), tr("Closes; the training goes on (Return)."), &CloseBar::closeAsked);
  close->setProperty("primary", true);
  add("closeBar.stop", tr("Stop, then close"), tr("Each run writes a checkpoint and stops; it can be resumed."), &CloseBar::stopAsked);
  add("closeBar.stay", tr("Stay"), tr("Keeps the window open (Esc)."), &CloseBar::stayed);
  setFocusProxy(close);
  hide();
}

void CloseBar::ask(const QStringList& runs) {
  text_->setText(runs.size() == 1 ? tr("The training %1 goes on when this window is closed, and will be here when it is opened again.").arg(runs.first())
                                  : tr("The trainings %1 go on when this window is closed, and will be here when it is opened again.").arg(runs.join(", ")));
  show();
  setFocus();
}

void CloseBar::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape) {
    hide();
    Q_EMIT stayed();
    return;
  }
  QWidget::keyPressEvent(event);
}

}  // namespace lix::app
