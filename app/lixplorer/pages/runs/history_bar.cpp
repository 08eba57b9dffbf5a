#include "pages/runs/history_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

#include "pages/runs/run_history.h"
#include "theme/theme.h"

namespace lix::app {

HistoryBar::HistoryBar(RunHistory& history, QWidget* parent) : QFrame(parent), history_(history) {
  setObjectName("runs.undoBar");
  setProperty("card", true);
  words_ = new QLabel;
  words_->setObjectName("runs.undoWords");
  words_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  undo_ = new QPushButton(widgets::icon("undo"), tr("Undo"));
  undo_->setObjectName("runs.undo");
  undo_->setAccessibleName(tr("Undo what this note says"));
  undo_->setToolTip(tr("Takes back what this note says (Ctrl+Z)."));
  redo_ = new QPushButton(widgets::icon("redo"), tr("Redo"));
  redo_->setObjectName("runs.redo");
  redo_->setAccessibleName(tr("Do again what was undone"));
  redo_->setToolTip(tr("Does again what was undone (Ctrl+Shift+Z)."));
  auto* close = new QToolButton;
  close->setObjectName("runs.undoClose");
  close->setIcon(widgets::icon("cancel"));
  close->setAccessibleName(tr("Close this note"));
  close->setToolTip(tr("Closes this note; Ctrl+Z still takes it back (Space)."));
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(10, 4, 4, 4);
  row->setSpacing(8);
  row->addWidget(words_, 1);
  for (QWidget* one : std::initializer_list<QWidget*>{undo_, redo_, close}) {
    row->addWidget(one);
  }
  hide();
  connect(&history, &RunHistory::changed, this, &HistoryBar::tell);
  connect(undo_, &QPushButton::clicked, &history, &RunHistory::undo);
  connect(redo_, &QPushButton::clicked, &history, &RunHistory::redo);
  connect(close, &QToolButton::clicked, this, &QWidget::hide);
}

void HistoryBar::tell(const QString& sentence) {
  const bool any = !sentence.isEmpty();
  words_->setText(sentence);
  words_->setToolTip(sentence);
  undo_->setVisible(any && !history_.isTakenBack());
  redo_->setVisible(any && history_.isTakenBack());
  setVisible(any);
}

}  // namespace lix::app
