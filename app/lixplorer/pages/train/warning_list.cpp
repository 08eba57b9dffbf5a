#include "pages/train/warning_list.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>

#include "theme/theme.h"

namespace lix::app {

WarningList::WarningList(const QString& name, QWidget* parent) : QWidget(parent) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  mark_ = new QLabel;
  text_ = new QLabel;
  text_->setObjectName(name);
  text_->setWordWrap(true);
  text_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  row->addWidget(mark_, 0, Qt::AlignTop);
  row->addWidget(text_, 1);
  drawMark();
  hide();
}

void WarningList::setSentences(const QStringList& sentences) {
  sentences_ = sentences;
  text_->setText(sentences.join("\n\n"));
  setVisible(!sentences.isEmpty());
}

void WarningList::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) {
    drawMark();
  }
}

void WarningList::drawMark() {
  QPixmap pixmap = widgets::icon("warning").pixmap(16, 16);
  QPainter painter(&pixmap);
  painter.setCompositionMode(QPainter::CompositionMode_SourceIn);  // keeps the shape, takes the colour
  painter.fillRect(pixmap.rect(), widgets::colours(widgets::themeOf(palette())).warning);
  painter.end();
  mark_->setPixmap(pixmap);
}

}  // namespace lix::app
