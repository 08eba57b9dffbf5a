#include "pages/support/duplicate_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

#include "pages/support/words.h"
#include "theme/theme.h"

namespace lix::app {

DuplicateBar::DuplicateBar(Desk& desk, LiveScores& scores, QWidget* parent)
    : QFrame(parent),
      desk_(desk),
      scores_(scores),
      relay_(scores.slowLane()),
      text_(new QLabel),
      select_(new QPushButton(tr("Select them"))),
      remove_(new QPushButton(tr("Remove extra copies"))) {
  setObjectName("support.duplicates");
  setProperty("card", true);
  auto* icon = new QToolButton;  // whose icon follows the theme; it is no control
  icon->setIcon(widgets::icon("warning"));
  icon->setAutoRaise(true);
  icon->setFocusPolicy(Qt::NoFocus);
  icon->setAttribute(Qt::WA_TransparentForMouseEvents);
  icon->setAccessibleName(tr("Warning"));
  text_->setObjectName("support.duplicateText");
  text_->setWordWrap(true);
  text_->setToolTip(tr("Copies are found by the content of their files. Near duplicates are pictures whose cosine, by "
                       "the checkpoint that is chosen, is above %1; the tooltips of the pictures say of what.")
                        .arg(static_cast<double>(kNearCosine)));
  select_->setObjectName("support.selectDuplicates");
  select_->setToolTip(tr("Selects these pictures in their columns, where Delete or a number key takes them elsewhere."));
  remove_->setObjectName("support.removeCopies");
  remove_->setToolTip(tr("Takes all but the first of equal pictures out of each class; Ctrl+Z brings them back. "
                         "Conflicts and near duplicates stay."));
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(8, 4, 8, 4);
  row->setSpacing(8);
  row->addWidget(icon);
  row->addWidget(text_, 1);
  row->addWidget(select_);
  row->addWidget(remove_);
  connect(select_, &QPushButton::clicked, this, [this] { Q_EMIT selectAsked(found_->pictures()); });
  connect(remove_, &QPushButton::clicked, this, [this] { Q_EMIT removeAsked(found_->extra); });
  hide();
}

void DuplicateBar::clear() {
  relay_.drop();
  if (!found_->flags.empty()) {
    take({});
  }
}

void DuplicateBar::look(const support::SupportSet& set) {
  if (!scores_.reader()) {
    clear();
    return;
  }
  relay_.ask(
      [reader = scores_.reader(), scorer = scores_.scorer(), queries = scores_.queries(),
       set](std::stop_token stop) -> Result<Duplicates> {
        LIX_TRY(const SetFeatures features, scorer->features(*reader, set));
        QueryContent content;
        if (queries) {
          content = {queries->embedded.pictures, queries->embedded.hashes};
        }
        return findDuplicates(features, content, stop);
      },
      [this, set](Result<Duplicates> found) {
        if (found) {
          seen_ = set;
          take(std::move(*found));
        } else if (found.error().code != ErrorCode::Cancelled) {
          desk_.say(found.error());
        }
      });
}

void DuplicateBar::setSet(const support::SupportSet& set) {
  set_ = set;
  showButtons();
}

void DuplicateBar::showButtons() {
  const bool isOfIt = seen_ == set_;
  select_->setEnabled(isOfIt);
  remove_->setEnabled(isOfIt && !found_->extra.empty() && !desk_.isReadOnly());
}

void DuplicateBar::take(Duplicates found) {
  found_ = std::make_shared<const Duplicates>(std::move(found));
  const QString summary = summaryOf(*found_);
  text_->setText(summary);
  showButtons();
  remove_->setVisible(!found_->extra.empty());
  remove_->setText(found_->extra.size() == 1 ? tr("Remove the extra copy")
                                             : tr("Remove %1 extra copies").arg(found_->extra.size()));
  setVisible(!summary.isEmpty());
  Q_EMIT changed();
}

}  // namespace lix::app
