#include "pages/runs/trash_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPointer>
#include <QPushButton>
#include <QStringList>

#include "desk/desk.h"
#include "desk/tasks.h"
#include "pages/run_parts/run_text.h"
#include "store/run_store.h"
#include "theme/theme.h"

namespace lix::app {
namespace fs = std::filesystem;
namespace {

/// Bytes of the files below the folders; what cannot be read counts nothing.
double measured(const std::vector<fs::path>& folders, std::stop_token stop) {
  double bytes = 0.0;
  for (const fs::path& folder : folders) {
    std::error_code ignored;
    for (fs::recursive_directory_iterator at(folder, ignored), end; !ignored && at != end && !stop.stop_requested();
         at.increment(ignored)) {
      std::error_code none;
      if (at->is_regular_file(none) && !at->is_symlink(none)) {
        const std::uintmax_t size = at->file_size(none);  // 2^64 - 1 where it cannot be told
        bytes += none ? 0.0 : static_cast<double>(size);
      }
    }
  }
  return bytes;
}

/// What emptying came to.
struct Emptied {
  int removed = 0;
  QStringList left;  ///< folders that are still there, with the reasons
};

Result<Emptied> removed(const std::vector<fs::path>& folders, const Progress& progress) {
  Emptied all;
  for (std::size_t i = 0; i < folders.size(); ++i) {
    const bool goOn = report(progress, "removing folders", static_cast<long long>(i), static_cast<long long>(folders.size()));
    std::error_code problem;
    if (goOn) {
      all.removed += fs::remove_all(folders[i], problem) > 0 && !problem;
    }
    if (!goOn || problem) {
      all.left << QStringLiteral("%1: %2").arg(QString::fromStdString(folders[i].string()),
                                              goOn ? QString::fromStdString(problem.message()) : TrashBar::tr("called off"));
    }
  }
  return all;
}

}  // namespace

TrashBar::TrashBar(Desk& desk, QWidget* parent) : QWidget(parent), desk_(desk), measuring_(desk.io()) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  words_ = new QLabel;
  words_->setObjectName("runs.trashWords");
  row->addWidget(words_, 1);
  restore_ = new QPushButton(widgets::icon("undo"), tr("Restore"));
  restore_->setObjectName("runs.restore");
  restore_->setToolTip(tr("Takes the chosen runs out of the trash (Ctrl+R)."));
  empty_ = new QPushButton(widgets::icon("trash"), tr("Empty trash"));
  empty_->setObjectName("runs.emptyTrash");
  empty_->setToolTip(tr("Deletes the runs in the trash and their folders for good; asks first."));
  confirm_ = new QPushButton(tr("Delete for good"));
  confirm_->setObjectName("runs.confirmEmpty");
  confirm_->setToolTip(tr("Deletes them now; this cannot be undone."));
  keep_ = new QPushButton(tr("Keep them"));
  keep_->setObjectName("runs.keepTrash");
  keep_->setToolTip(tr("Leaves the trash as it is."));
  for (QPushButton* button : {restore_, empty_, confirm_, keep_}) {
    row->addWidget(button);
  }
  connect(restore_, &QPushButton::clicked, this, &TrashBar::restoreAsked);
  connect(empty_, &QPushButton::clicked, this, &TrashBar::askToEmpty);
  connect(confirm_, &QPushButton::clicked, this, &TrashBar::empty);
  connect(keep_, &QPushButton::clicked, this, [this] {
    asking_ = false;
    update();
    empty_->setFocus();
  });
  update();
}

void TrashBar::setFolders(const std::vector<fs::path>& folders) {
  if (folders != folders_) {
    folders_ = folders;
    bytes_ = -1.0;
    asking_ = false;
    measuring_.ask([folders](std::stop_token stop) { return measured(folders, stop); },
                   [this](double bytes) {
                     bytes_ = bytes;
                     update();
                   });
  }
  update();
}

void TrashBar::setSelected(int runs) {
  selected_ = runs;
  update();
}

QString TrashBar::sizeText() const { return bytes_ < 0.0 ? tr("being measured") : bytesText(bytes_); }

void TrashBar::update() {
  const int count = int(folders_.size());
  const QString runs = count == 1 ? tr("1 run") : tr("%1 runs").arg(count);
  words_->setText(busy_        ? tr("Emptying the trash...")
                  : asking_    ? tr("Delete %1 and the checkpoints (%2) for good?").arg(runs, sizeText())
                  : count == 0 ? tr("The trash is empty.")
                               : tr("%1 in the trash, %2").arg(runs, sizeText()));
  const bool changeable = !desk_.isReadOnly() && !busy_;
  restore_->setVisible(!asking_);
  empty_->setVisible(!asking_);
  confirm_->setVisible(asking_);
  keep_->setVisible(asking_);
  restore_->setEnabled(changeable && selected_ > 0);
  empty_->setEnabled(changeable && count > 0);
}

void TrashBar::askToEmpty() {
  if (desk_.isReadOnly() || busy_ || folders_.empty()) {
    return;
  }
  asking_ = true;
  update();
  keep_->setFocus();  // Return must not delete
}

void TrashBar::empty() {
  asking_ = false;
  busy_ = true;
  update();
  auto folders = std::make_shared<std::vector<fs::path>>();
  desk_.write(
      [folders](const store::Workspace& workspace) -> Result<void> {
        LIX_TRY(*folders, store::RunStore(workspace).emptyTrash());
        return {};
      },
      [this, folders, self = QPointer<TrashBar>(this)](bool worked) {
        if (!self) {
          return;
        }
        busy_ = false;
        update();
        Q_EMIT emptied();
        if (worked) {
          desk_.tasks().start(
              tr("Emptying the trash"), [folders](const Progress& progress) { return removed(*folders, progress); },
              [this, self](const Emptied& all) {
                if (!self) {
                  return;
                }
                const QString gone = all.removed == 1 ? tr("The trash was emptied; 1 folder was removed.")
                                                      : tr("The trash was emptied; %1 folders were removed.").arg(all.removed);
                if (all.left.isEmpty()) {
                  desk_.say(widgets::Severity::Info, gone);
                } else {
                  desk_.say(widgets::Severity::Warning,
                            gone + " " + tr("%1 could not be; their runs are gone, so remove them by hand.").arg(all.left.size()),
                            all.left.join('\n'));
                }
              });
        }
      });
}

}  // namespace lix::app
