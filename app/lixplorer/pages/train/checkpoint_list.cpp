#include "pages/train/checkpoint_list.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLocale>
#include <QPointer>
#include <QPushButton>
#include <QToolButton>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "desk/checkpoint_shelf.h"
#include "desk/desk.h"
#include "desk/run_watch.h"
#include "frame/page_parts.h"
#include "pages/run_parts/run_text.h"
#include "pages/train/undo_bar.h"
#include "study/train/train.h"
#include "theme/theme.h"

namespace lix::app {
namespace {
namespace fs = std::filesystem;
using store::CheckpointRow;

constexpr qint64 kReadMs = 2000;  // of a run that goes on, at most so often
constexpr int kRows = 4;          // in sight
constexpr int kRowHeight = 26, kGap = 20;  // pixels

fs::path asideOf(const fs::path& folder) { return folder.string() + ".removed"; }

/// Out of sight at once, on the same disk; what is left there by a window that crashed goes for good.
Result<void> setAside(const store::Workspace& workspace, const fs::path& folder) {
  std::error_code problem;
  fs::remove_all(asideOf(folder), problem);
  fs::rename(folder, asideOf(folder), problem);
  if (problem && fs::exists(folder)) {
    return fail(ErrorCode::Io, folder.string() + " cannot be removed: " + problem.message() + ".");
  }
  return store::CheckpointStore(workspace).forget(folder);
}

Result<void> bringBack(const store::Workspace& workspace, const CheckpointRow& row) {
  std::error_code problem;
  fs::rename(asideOf(row.path), row.path, problem);
  if (problem) {
    return fail(ErrorCode::Io, row.path.string() + " cannot be brought back: " + problem.message() + ".");
  }
  LIX_CHECK(store::CheckpointStore(workspace).record(row));
  return {};
}

}  // namespace

CheckpointList::CheckpointList(Desk& desk, QWidget* parent) : QWidget(parent), desk_(desk), relay_(desk.storing()) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(4);
  auto* top = new QHBoxLayout;
  top->setSpacing(6);
  fold_ = new QToolButton;
  fold_->setObjectName("train.checkpoints");
  fold_->setCheckable(true);
  fold_->setArrowType(Qt::RightArrow);
  fold_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  fold_->setFocusPolicy(Qt::StrongFocus);
  fold_->setToolTip(tr("Shows or hides the checkpoints of this run: newest, best and kept steps (Space)."));
  keep_ = action("keepStep", "save", tr("Keep step"),
                 tr("Makes a copy of the present step that stays beside the newest checkpoint (Ctrl+Shift+K)."));
  top->addWidget(fold_);
  top->addStretch(1);
  top->addWidget(keep_);
  column->addLayout(top);
  body_ = actions();
  body_->hide();
  column->addWidget(body_);
  connect(fold_, &QToolButton::toggled, this, [this](bool on) {
    fold_->setArrowType(on ? Qt::DownArrow : Qt::RightArrow);
    body_->setVisible(on);
    update();
  });
  connect(keep_, &QPushButton::clicked, this, &CheckpointList::keepStep);
  connect(list_, &QTreeWidget::itemSelectionChanged, this, &CheckpointList::update);
  connect(list_, &QTreeWidget::itemActivated, this, [this] { open(int(PageId::Inspect)); });
  connect(inspect_, &QPushButton::clicked, this, [this] { open(int(PageId::Inspect)); });
  connect(measure_, &QPushButton::clicked, this, [this] { open(int(PageId::Curves)); });
  connect(compare_, &QPushButton::clicked, this, [this] { open(int(PageId::Compare)); });
  connect(remove_, &QPushButton::clicked, this, &CheckpointList::remove);
  connect(undo_, &UndoBar::asked, this, &CheckpointList::undo);
  update();
}

CheckpointList::~CheckpointList() { forgetRemoved(); }

QPushButton* CheckpointList::action(const char* name, const QString& icon, const QString& text, const QString& tip) {
  auto* button = new QPushButton(widgets::icon(icon), text);
  button->setObjectName(QStringLiteral("train.checkpoint.%1").arg(QLatin1String(name)));
  button->setToolTip(tip);
  return button;
}

QWidget* CheckpointList::actions() {
  auto* body = new QWidget;
  auto* column = new QVBoxLayout(body);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(4);
  list_ = new QTreeWidget;
  list_->setObjectName("train.checkpointList");
  list_->setAccessibleName(tr("Checkpoints of the run"));
  list_->setToolTip(tr("Arrow keys choose a checkpoint, Return looks into it."));
  list_->setHeaderLabels({tr("Step"), tr("What it is"), tr("Written")});
  list_->setRootIsDecorated(false);
  list_->setUniformRowHeights(true);
  list_->header()->setStretchLastSection(true);
  list_->setFixedHeight(kRowHeight * (kRows + 1) + 12);
  column->addWidget(list_);
  auto* row = new QHBoxLayout;
  row->setSpacing(6);
  inspect_ = action("inspect", "inspect", tr("Inspect"), tr("Looks into the chosen checkpoint on the Inspect page."));
  measure_ = action("measure", "curves", tr("Measure"), tr("Goes to the Curves page with the chosen checkpoint."));
  compare_ = action("compare", "compare", tr("Compare"), tr("Sets the chosen checkpoint beside another one."));
  remove_ = action("remove", "trash", tr("Remove"), {});
  for (QPushButton* each : {inspect_, measure_, compare_, remove_}) {
    row->addWidget(each);
  }
  row->addStretch(1);
  column->addLayout(row);
  undo_ = new UndoBar("train.checkpoint", tr("Brings the removed step back (Space)."));
  column->addWidget(undo_);
  return body;
}

void CheckpointList::setRun(const std::optional<store::RunRow>& run) {
  const bool other = run.has_value() != run_.has_value() || (run && run->id != run_->id);
  const bool grown = run && run_ && (run->step != run_->step || run->status != run_->status);
  const bool going = run && desk_.runs().isActive(*run);
  run_ = run;
  if (other) {
    entries_.clear();
  }
  if (run && (other || (grown && (!going || !sinceRead_.isValid() || sinceRead_.elapsed() >= kReadMs)))) {
    read();
  }
  update();
}

void CheckpointList::read() {
  sinceRead_.start();
  const store::RunRow run = *run_;
  desk_.ask(
      relay_,
      [run](const store::Workspace& workspace) -> Result<std::vector<Entry>> {
        LIX_TRY(const auto rows, store::CheckpointStore(workspace).list(run.id));
        std::vector<Entry> entries;
        for (const CheckpointRow& row : rows) {
          std::error_code missing;
          if (fs::exists(row.path / "model.safetensors", missing)) {
            const Kind kind = row.path == run.out                      ? Kind::Last
                              : row.path == study::bestFolder(run.out) ? Kind::Best
                                                                       : Kind::Kept;
            entries.push_back({kind, row});
          }
        }
        return entries;
      },
      [this, id = run.id](Result<std::vector<Entry>> entries) {
        if (entries && run_ && run_->id == id) {
          take(std::move(*entries));
        }
      });
}

void CheckpointList::take(std::vector<Entry> entries) {
  std::ranges::sort(entries, [](const Entry& a, const Entry& b) {
    return std::pair(a.kind, -a.row.step) < std::pair(b.kind, -b.row.step);
  });
  entries_ = std::move(entries);
  const QString before = list_->currentItem() ? list_->currentItem()->data(0, Qt::UserRole).toString() : QString();
  list_->clear();
  for (const Entry& entry : entries_) {
    auto* item = new QTreeWidgetItem(
        list_, {QLocale().toString(qlonglong(entry.row.step)), textOf(entry), momentText(entry.row.createdAt)});
    const QString path = QString::fromStdString(entry.row.path.string());
    item->setData(0, Qt::UserRole, path);
    item->setToolTip(0, path);
    item->setSizeHint(0, {0, kRowHeight});
    if (path == before) {
      list_->setCurrentItem(item);
    }
  }
  if (list_->currentItem() == nullptr && list_->topLevelItemCount() > 0) {
    list_->setCurrentItem(list_->topLevelItem(0));
  }
  for (const int column : {0, 1}) {
    list_->resizeColumnToContents(column);
    list_->setColumnWidth(column, list_->columnWidth(column) + kGap);
  }
  update();
}

QString CheckpointList::textOf(const Entry& entry) const {
  switch (entry.kind) {
    case Kind::Last:
      return tr("Newest");
    case Kind::Best:
      return tr("Best by the canary");
    case Kind::Kept:
      break;
  }
  return tr("Kept");
}

const CheckpointList::Entry* CheckpointList::chosen() const {
  const auto items = list_->selectedItems();
  if (items.isEmpty()) {
    return nullptr;
  }
  const fs::path path = items.front()->data(0, Qt::UserRole).toString().toStdString();
  const auto found = std::ranges::find(entries_, path, [](const Entry& entry) { return entry.row.path; });
  return found == entries_.end() ? nullptr : &*found;
}

void CheckpointList::update() {
  const auto kept = std::ranges::count(entries_, Kind::Kept, &Entry::kind);
  QStringList parts;
  for (const Entry& entry : entries_) {
    if (entry.kind != Kind::Kept) {
      parts << (entry.kind == Kind::Last ? tr("newest %1") : tr("best %1")).arg(entry.row.step);
    }
  }
  if (kept > 0) {
    parts << tr("%n kept", nullptr, int(kept));
  }
  fold_->setText(parts.isEmpty() ? tr("No checkpoint yet") : tr("Checkpoints: %1").arg(parts.join(", ")));
  fold_->setAccessibleName(fold_->text());
  const bool going = run_ && desk_.runs().isActive(*run_);
  keep_->setVisible(going);
  keep_->setEnabled(!desk_.isReadOnly());
  const Entry* one = chosen();
  for (QPushButton* each : {inspect_, measure_, compare_}) {
    each->setEnabled(one != nullptr);
  }
  const bool removable = one != nullptr && one->kind == Kind::Kept && !desk_.isReadOnly();
  remove_->setEnabled(removable);
  remove_->setToolTip(removable ? tr("Removes this kept step; Undo brings it back (Space).")
                                : tr("Only kept steps are removed; the newest and the best are the run's own."));
  removed_ ? undo_->offer(tr("Step %1 was removed.").arg(removed_->step)) : undo_->withdraw();
}

void CheckpointList::keepStep() {
  if (run_ && desk_.runs().isActive(*run_)) {
    desk_.runs().request(run_->id, store::RunRequest::Keep);
    desk_.say(widgets::Severity::Info,
              tr("The run %1 keeps its next step.").arg(QString::fromStdString(run_->name)));
  }
}

void CheckpointList::open(int page) {
  if (const Entry* one = chosen()) {
    desk_.checkpoints().refresh();  // a step that was kept a moment ago is not on the shelf yet
    desk_.show(PageId(page), QStringLiteral("checkpoint:%1").arg(QString::fromStdString(one->row.path.string())));
  }
}

void CheckpointList::remove() {
  const Entry* one = chosen();
  if (one == nullptr || one->kind != Kind::Kept) {
    return;
  }
  forgetRemoved();
  const CheckpointRow row = one->row;
  desk_.write([row](const store::Workspace& workspace) { return setAside(workspace, row.path); },
              [this, row, self = QPointer<CheckpointList>(this)](bool worked) {
                if (!self || !worked) {
                  return;
                }
                removed_ = row;
                desk_.checkpoints().refresh();
                if (run_) {
                  read();
                }
                update();
                undo_->focusButton();
              });
}

void CheckpointList::undo() {
  if (!removed_) {
    return;
  }
  const CheckpointRow row = *removed_;
  removed_.reset();
  desk_.write([row](const store::Workspace& workspace) { return bringBack(workspace, row); },
              [this, self = QPointer<CheckpointList>(this)](bool) {
                if (self) {
                  desk_.checkpoints().refresh();
                  if (run_) {
                    read();
                  }
                }
              });
  update();
}

void CheckpointList::forgetRemoved() {
  if (removed_) {
    desk_.write([folder = asideOf(removed_->path)](const store::Workspace&) -> Result<void> {
      std::error_code problem;
      fs::remove_all(folder, problem);
      return {};
    });
    removed_.reset();
  }
}

}  // namespace lix::app
