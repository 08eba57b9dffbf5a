#include "frame/page_parts.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "theme/theme.h"

namespace lix::app {

PageHeader::PageHeader(const QString& title, const QString& hint, QWidget* parent) : QWidget(parent) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(12);
  auto* words = new QVBoxLayout;
  words->setSpacing(0);
  auto* heading = new QLabel(title);
  heading->setProperty("heading", true);
  hint_ = new QLabel(hint);
  hint_->setProperty("muted", true);
  hint_->setWordWrap(true);
  words->addWidget(heading);
  words->addWidget(hint_);
  row->addLayout(words, 1);
  controls_ = new QHBoxLayout;
  controls_->setSpacing(8);
  row->addLayout(controls_);
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
}

void PageHeader::addControl(QWidget* control) { controls_->addWidget(control, 0, Qt::AlignBottom); }

void PageHeader::setHint(const QString& hint) { hint_->setText(hint); }

QWidget* labelled(const QString& label, QWidget* control) {
  auto* box = new QWidget;
  auto* column = new QVBoxLayout(box);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(2);
  auto* name = new QLabel(label);
  name->setProperty("muted", true);
  name->setBuddy(control);
  if (control->accessibleName().isEmpty()) {
    control->setAccessibleName(label);
  }
  column->addWidget(name);
  column->addWidget(control);
  return box;
}

QScrollArea* scrolled(QWidget* content) {
  auto* area = new QScrollArea;
  area->setWidget(content);
  area->setWidgetResizable(true);
  area->setFrameShape(QFrame::NoFrame);
  area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  area->setFocusPolicy(Qt::NoFocus);  // what stands in it takes the keyboard
  return area;
}

EmptyState::EmptyState(const QString& icon, const QString& title, const QString& text, QWidget* parent)
    : QWidget(parent), icon_(icon), picture_(new QLabel) {
  auto* column = new QVBoxLayout(this);
  column->setSpacing(8);
  column->addStretch(2);
  picture_->setPixmap(widgets::icon(icon_).pixmap(40, 40));
  picture_->setAlignment(Qt::AlignCenter);
  title_ = new QLabel(title);
  title_->setAlignment(Qt::AlignCenter);
  title_->setProperty("heading", true);
  text_ = new QLabel(text);
  text_->setAlignment(Qt::AlignCenter);
  text_->setWordWrap(true);
  text_->setProperty("muted", true);
  column->addWidget(picture_);
  column->addWidget(title_);
  column->addWidget(text_);
  column->addStretch(3);
}

QPushButton* EmptyState::addButton(const QString& text) {
  auto* button = new QPushButton(text);
  button->setToolTip(text);
  auto* column = static_cast<QVBoxLayout*>(layout());
  column->insertWidget(column->count() - 1, button, 0, Qt::AlignHCenter);
  return button;
}

void EmptyState::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) {
    picture_->setPixmap(widgets::icon(icon_).pixmap(40, 40));
  }
}

void EmptyState::setText(const QString& title, const QString& text) {
  title_->setText(title);
  text_->setText(text);
}

}  // namespace lix::app
