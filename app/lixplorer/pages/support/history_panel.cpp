#include "pages/support/history_panel.h"

#include <QLabel>
#include <QListWidget>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include "pages/support/words.h"
#include "theme/theme.h"

namespace lix::app {

HistoryPanel::HistoryPanel(SupportBook& book, QWidget* parent)
    : SupportPanel(parent), book_(book), hint_(new QLabel), list_(new QListWidget) {
  setObjectName("support.history");
  hint_->setObjectName("support.historyHint");
  hint_->setProperty("muted", true);
  hint_->setWordWrap(true);
  list_->setObjectName("support.steps");
  list_->setAccessibleName(tr("Steps"));
  list_->setToolTip(tr("Every change since the set was opened, the newest first: a click or Return goes there. Ctrl+Z and "
                       "Ctrl+Shift+Z go one step back and forth."));
  list_->setWordWrap(true);
  list_->setEnabled(!book.isReadOnly());
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(8, 6, 8, 0);
  column->setSpacing(6);
  column->addWidget(hint_);
  column->addWidget(list_, 1);
  const auto go = [this](const QListWidgetItem* item) { book_.goTo(item->data(Qt::UserRole).toULongLong()); };
  connect(list_, &QListWidget::itemClicked, this, go);
  connect(list_, &QListWidget::itemActivated, this, go);
  connect(&book_, &SupportBook::edited, this, &HistoryPanel::show);
  connect(&book_, &SupportBook::opened, this, &HistoryPanel::show);
  show();
}

void HistoryPanel::setActive(bool active) {
  active_ = active;
  show();
}

void HistoryPanel::show() {
  if (!active_) {
    return;
  }
  const auto& history = book_.history();
  hint_->setText(book_.isOpen() ? tr("Steps last until the set is closed; what should last longer is saved as a version.")
                                : tr("Open a set to see what is done to it."));
  const QSignalBlocker quiet(list_);
  list_->clear();
  for (std::size_t place = history.size(); place-- > 0 && book_.isOpen();) {
    const auto& state = history.value(place);
    const QString title = QString::fromStdString(history.title(place));
    const bool isFirstLeft = place == 0 && history.isCut();
    const QString what = isFirstLeft ? tr("Earlier steps are gone") : title.isEmpty() ? tr("As it was opened") : title;
    auto* item = new QListWidgetItem(what, list_);
    item->setData(Qt::UserRole, QVariant::fromValue<qulonglong>(place));
    const QString tip = isFirstLeft ? tr("The oldest state that is kept, after %1").arg(title) : what;
    item->setToolTip(tr("%1: %2 then.").arg(tip, pictureCount(state.set.size() + state.unsorted.size())));
    if (place > history.at()) {  // undone, still there to be done again
      item->setForeground(palette().brush(QPalette::PlaceholderText));
      item->setText(tr("%1 (undone)").arg(what));
    }
    if (place == history.at()) {
      list_->setCurrentItem(item);
    }
  }
  list_->scrollToItem(list_->currentItem());
}

}  // namespace lix::app
