#include "pages/support/class_name.h"

#include <QAbstractItemView>
#include <QAction>
#include <QCompleter>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QStringListModel>

#include "theme/theme.h"

namespace lix::app {

ClassName::ClassName(bool canEdit, QWidget* parent)
    : QLineEdit(parent), canEdit_(canEdit), choices_(new QStringListModel(this)), completer_(new QCompleter(this)) {
  completer_->setModel(choices_);
  completer_->setCaseSensitivity(Qt::CaseInsensitive);
  completer_->setFilterMode(Qt::MatchContains);
  completer_->popup()->setAccessibleName(tr("Labels of the dataset"));
  list_ = addAction(widgets::icon("tag"), QLineEdit::TrailingPosition);
  list_->setText(tr("Labels of the dataset"));
  list_->setToolTip(tr("Names that the queries have: the labels of the dataset (Down)."));
  connect(list_, &QAction::triggered, this, &ClassName::offer);
  connect(completer_, qOverload<const QString&>(&QCompleter::activated), this, [this](const QString& name) {
    setText(name);
    keep(Refused::GoOn);
  });
  setCompleter(completer_);  // which says nothing while the line is a title: it is read-only then
  setAcceptDrops(false);  // pictures that are let go here are for the column
  end();
}

void ClassName::setName(const QString& name) {
  if (name == name_) {
    return;
  }
  name_ = name;
  end();
}

void ClassName::setChoices(const QStringList& names) {
  choices_->setStringList(names);
  list_->setVisible(isEdited_ && !names.isEmpty());
}

void ClassName::edit() {
  if (!canEdit_) {
    return;
  }
  isEdited_ = true;
  setReadOnly(false);
  setFocusPolicy(Qt::StrongFocus);
  setContextMenuPolicy(Qt::DefaultContextMenu);
  setCursor(Qt::IBeamCursor);
  list_->setVisible(!choices_->stringList().isEmpty());
  activateWindow();  // a drop comes from elsewhere
  setFocus(Qt::OtherFocusReason);
  selectAll();
  update();
}

void ClassName::end() {
  isEdited_ = false;
  setReadOnly(true);
  setFocusPolicy(canEdit_ ? Qt::TabFocus : Qt::NoFocus);
  setContextMenuPolicy(Qt::NoContextMenu);
  setCursor(Qt::ArrowCursor);
  list_->setVisible(false);
  setText(name_);
  setCursorPosition(0);
  update();
}

void ClassName::keep(Refused refused) {
  if (text().trimmed() == name_) {
    end();
  } else {
    Q_EMIT named(text().trimmed());
  }
  if (isEdited_ && refused == Refused::GiveUp) {
    end();
  } else if (isEdited_) {
    selectAll();
  } else if (hasFocus()) {
    Q_EMIT finished();
  }
}

void ClassName::offer() {
  completer_->setCompletionPrefix({});
  completer_->complete();
}

/// F2 is the window's key for the whole set: here it is for this name.
bool ClassName::event(QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride && canEdit_ && static_cast<QKeyEvent*>(event)->key() == Qt::Key_F2) {
    event->accept();
    return true;
  }
  return QLineEdit::event(event);
}

void ClassName::paintEvent(QPaintEvent* event) {
  if (isEdited_) {
    QLineEdit::paintEvent(event);
    return;
  }
  QPainter painter(this);
  QFont bold = font();
  bold.setWeight(QFont::DemiBold);
  painter.setFont(bold);
  painter.setPen(palette().color(QPalette::Text));
  const QRect room = rect().adjusted(4, 0, -4, 0);
  painter.drawText(room, Qt::AlignLeft | Qt::AlignVCenter,
                   QFontMetrics(bold).elidedText(name_, Qt::ElideRight, room.width()));
  if (hasFocus()) {
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(widgets::colours(widgets::themeOf(palette())).accent, 1.5));
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 4, 4);
  }
}

void ClassName::keyPressEvent(QKeyEvent* event) {
  const bool isReturn = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
  if (!isEdited_) {
    if (canEdit_ && (isReturn || event->key() == Qt::Key_F2)) {
      edit();
      event->accept();
    } else {
      event->ignore();
    }
    return;
  }
  if (isReturn) {
    completer_->popup()->hide();
    keep(Refused::GoOn);
    event->accept();
  } else if (event->key() == Qt::Key_Escape) {
    end();
    Q_EMIT finished();
    event->accept();
  } else if (event->key() == Qt::Key_Down && !completer_->popup()->isVisible()) {
    offer();
    event->accept();
  } else {
    QLineEdit::keyPressEvent(event);
  }
}

void ClassName::mousePressEvent(QMouseEvent* event) {
  if (isEdited_) {
    QLineEdit::mousePressEvent(event);
  } else {
    event->accept();  // the second one of a double click comes here, too
  }
}

void ClassName::mouseDoubleClickEvent(QMouseEvent* event) {
  if (isEdited_) {
    QLineEdit::mouseDoubleClickEvent(event);
  } else {
    edit();
    event->accept();
  }
}

void ClassName::focusOutEvent(QFocusEvent* event) {
  QLineEdit::focusOutEvent(event);
  if (isEdited_ && event->reason() != Qt::PopupFocusReason && event->reason() != Qt::ActiveWindowFocusReason) {
    keep(Refused::GiveUp);
  }
  update();
}

}  // namespace lix::app
