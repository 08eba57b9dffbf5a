#include "pages/runs/archive_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

#include "theme/theme.h"

namespace lix::app {

ArchiveBar::ArchiveBar(bool changeable, QWidget* parent)
    : QWidget(parent), changeable_(changeable), words_(new QLabel), restore_(new QPushButton(widgets::icon("undo"), tr("Restore"))) {
  words_->setObjectName("runs.archiveWords");
  restore_->setObjectName("runs.takeOut");
  restore_->setAccessibleName(tr("Take the chosen runs out of the archive"));
  restore_->setToolTip(tr("Takes the chosen runs out of the archive, back among the others (Ctrl+R)."));
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->addWidget(words_, 1);
  row->addWidget(restore_);
  connect(restore_, &QPushButton::clicked, this, &ArchiveBar::restoreAsked);
  setCounts(0, 0);
}

void ArchiveBar::setCounts(int runs, int selected) {
  words_->setText(runs == 0   ? tr("The archive is empty.")
                  : runs == 1 ? tr("1 run in the archive; it is kept with all it has.")
                              : tr("%1 runs in the archive; they are kept with all they have.").arg(runs));
  restore_->setEnabled(changeable_ && selected > 0);
}

}  // namespace lix::app
