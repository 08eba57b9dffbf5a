#include "pages/train/warning_list.h"

#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QPainter>

#include "theme/theme.h"

namespace lix::app {

WarningList::WarningList(const QString& name, QWidget* parent) : QWidget(parent), name_(name) {
  grid_ = new QGridLayout(this);
  grid_->setContentsMargins(0, 0, 0, 0);
  grid_->setHorizontalSpacing(8);
  grid_->setVerticalSpacing(8);
  grid_->setColumnStretch(1, 1);
  addLine();
  hide();
}

void WarningList::addLine() {
  Line line{new QLabel, new QLabel};
  const int row = int(lines_.size());
  line.text->setObjectName(row == 0 ? name_ : QStringLiteral("%1.%2").arg(name_).arg(row));
  line.text->setWordWrap(true);
  line.text->setTextInteractionFlags(Qt::TextSelectableByMouse);
  line.mark->setPixmap(mark());
  grid_->addWidget(line.mark, row, 0, Qt::AlignTop);
  grid_->addWidget(line.text, row, 1);
  lines_.push_back(line);
}

void WarningList::setSentences(const QStringList& sentences) {
  sentences_ = sentences;
  while (lines_.size() < std::size_t(sentences.size())) {
    addLine();
  }
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    lines_[i].text->setText(sentences.value(int(i)));
    lines_[i].text->setVisible(i == 0 || int(i) < sentences.size());
    lines_[i].mark->setVisible(int(i) < sentences.size());
  }
  setVisible(!sentences.isEmpty());
}

void WarningList::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) {
    for (const Line& line : lines_) {
      line.mark->setPixmap(mark());
    }
  }
}

QPixmap WarningList::mark() const {
  QPixmap pixmap = widgets::icon("warning").pixmap(16, 16);
  QPainter painter(&pixmap);
  painter.setCompositionMode(QPainter::CompositionMode_SourceIn);  // keeps the shape, takes the colour
  painter.fillRect(pixmap.rect(), widgets::colours(widgets::themeOf(palette())).warning);
  return pixmap;
}

}  // namespace lix::app
