#include "pages/train/queue_panel.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSignalBlocker>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "desk/desk.h"
#include "desk/run_watch.h"
#include "pages/train/run_queue.h"
#include "pages/train/undo_bar.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kRowHeight = 26, kGap = 20;  // pixels

QString toQt(const std::string& text) { return QString::fromStdString(text); }

}  // namespace

QueuePanel::QueuePanel(Desk& desk, RunQueue& queue, QWidget* parent) : QWidget(parent), desk_(desk), queue_(queue) {
  build();
  connect(&queue, &RunQueue::changed, this, &QueuePanel::fill);
  connect(list_, &QTreeWidget::itemSelectionChanged, this, &QueuePanel::update);
  connect(list_, &QTreeWidget::itemActivated, this, [this] { Q_EMIT editAsked(chosen()); });
  connect(up_, &QPushButton::clicked, this, [this] { move(-1); });
  connect(down_, &QPushButton::clicked, this, [this] { move(1); });
  connect(edit_, &QPushButton::clicked, this, [this] { Q_EMIT editAsked(chosen()); });
  connect(remove_, &QPushButton::clicked, this, &QueuePanel::remove);
  connect(undo_, &UndoBar::asked, &queue, &RunQueue::undoRemove);
  connect(hold_, &QCheckBox::toggled, &queue, &RunQueue::setHeld);
  fill();
}

QPushButton* QueuePanel::action(const char* name, const QString& icon, const QString& text, const QString& tip) {
  auto* button = new QPushButton(icon.isEmpty() ? QIcon() : widgets::icon(icon), text);
  button->setObjectName(QStringLiteral("train.queue.%1").arg(QLatin1String(name)));
  button->setToolTip(tip);
  return button;
}

void QueuePanel::build() {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 8, 0, 0);
  column->setSpacing(8);
  state_ = new QLabel;
  state_->setObjectName("train.queue.state");
  state_->setWordWrap(true);
  state_->setProperty("muted", true);
  column->addWidget(state_);
  list_ = new QTreeWidget;
  list_->setObjectName("train.queue.list");
  list_->setAccessibleName(tr("Runs that wait"));
  list_->setToolTip(tr("Alt+Up and Alt+Down move a run, Return takes its settings into the form, Delete removes it."));
  list_->setHeaderLabels({tr("Run"), tr("Recipe"), tr("Data"), tr("Steps")});
  list_->setRootIsDecorated(false);
  list_->setUniformRowHeights(true);
  list_->installEventFilter(this);
  column->addWidget(list_, 1);
  empty_ = new QLabel(tr("Nothing waits. Set up a run at the left and press Queue; it starts when the ones before it "
                         "have ended, also after this window was closed and opened again."));
  empty_->setObjectName("train.queue.empty");
  empty_->setWordWrap(true);
  empty_->setProperty("muted", true);
  empty_->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  column->addWidget(empty_, 1);
  up_ = action("up", {}, tr("Up"), tr("Starts the chosen run earlier (Alt+Up)."));
  down_ = action("down", {}, tr("Down"), tr("Starts the chosen run later (Alt+Down)."));
  edit_ = action("edit", {}, tr("Edit"), tr("Takes the chosen run's settings into the form, to be changed there (Return)."));
  remove_ = action("remove", "trash", tr("Remove"), tr("Takes the chosen run out of the queue; Undo brings it back (Delete)."));
  hold_ = new QCheckBox(tr("&Hold the queue"));
  hold_->setObjectName("train.queue.hold");
  hold_->setAccessibleName(tr("Hold the queue"));
  hold_->setToolTip(tr("Nothing that waits is started while this is on; what runs goes on (Space)."));
  auto* row = new QHBoxLayout;
  row->setSpacing(6);
  for (QPushButton* each : {up_, down_, edit_, remove_}) {
    row->addWidget(each);
  }
  row->addStretch(1);
  row->addWidget(hold_);
  column->addLayout(row);
  undo_ = new UndoBar("train.queue", tr("Puts the removed run back into its place (Space)."));
  column->addWidget(undo_);
}

void QueuePanel::fill() {
  const auto rows = queue_.waiting();
  const long long before = chosen();
  {
    const QSignalBlocker quiet(list_);
    list_->clear();
    for (const store::RunRow& run : rows) {
      auto* item = new QTreeWidgetItem(
          list_, {toQt(run.name), toQt(run.recipe), toQt(run.dataset), QLocale().toString(qlonglong(run.stepsTotal))});
      item->setData(0, Qt::UserRole, qlonglong(run.id));
      item->setSizeHint(0, {0, kRowHeight});
      if (run.id == before) {
        list_->setCurrentItem(item);
      }
    }
    if (list_->currentItem() == nullptr && !rows.empty()) {
      list_->setCurrentItem(list_->topLevelItem(0));
    }
    for (int column = 0; column < 3; ++column) {
      list_->resizeColumnToContents(column);
      list_->setColumnWidth(column, list_->columnWidth(column) + kGap);
    }
  }
  const QSignalBlocker quiet(hold_);
  hold_->setChecked(queue_.isHeld());
  list_->setVisible(!rows.empty());
  empty_->setVisible(rows.empty());
  state_->setVisible(!rows.empty());
  state_->setText(queue_.isHeld() ? tr("The queue is held: nothing is started.")
                  : desk_.isReadOnly()
                      ? tr("This window only reads; the one that works in this workspace starts what waits.")
                      : tr("The first one starts when no other run is trained on this machine."));
  const auto removed = queue_.removed();
  removed ? undo_->offer(tr("%1 was taken out of the queue.").arg(toQt(removed->name))) : undo_->withdraw();
  update();
  Q_EMIT countChanged(int(rows.size()));
}

long long QueuePanel::chosen() const {
  const QTreeWidgetItem* item = list_->currentItem();
  return item == nullptr ? 0 : item->data(0, Qt::UserRole).toLongLong();
}

void QueuePanel::update() {
  const int at = list_->currentItem() ? list_->indexOfTopLevelItem(list_->currentItem()) : -1;
  const bool changeable = at >= 0 && !desk_.isReadOnly();
  up_->setEnabled(changeable && at > 0);
  down_->setEnabled(changeable && at + 1 < list_->topLevelItemCount());
  edit_->setEnabled(changeable);
  remove_->setEnabled(changeable);
  hold_->setEnabled(!desk_.isReadOnly());
}

void QueuePanel::move(int places) {
  if (const long long run = chosen(); run != 0 && !desk_.isReadOnly()) {
    queue_.move(run, places);
  }
}

void QueuePanel::remove() {
  if (const long long run = chosen(); run != 0 && !desk_.isReadOnly()) {
    queue_.remove(run);
  }
}

bool QueuePanel::eventFilter(QObject* object, QEvent* event) {
  if (object == list_ && event->type() == QEvent::KeyPress) {
    const auto* key = static_cast<QKeyEvent*>(event);
    if (key->key() == Qt::Key_Delete) {
      remove();
      return true;
    }
    if (key->modifiers() == Qt::AltModifier && (key->key() == Qt::Key_Up || key->key() == Qt::Key_Down)) {
      move(key->key() == Qt::Key_Up ? -1 : 1);
      return true;
    }
  }
  return QWidget::eventFilter(object, event);
}

}  // namespace lix::app
