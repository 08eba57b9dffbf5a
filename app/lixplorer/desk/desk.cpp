#include "desk/desk.h"

#include <future>

#include "base/text.h"
#include "desk/checkpoint_shelf.h"
#include "desk/dataset_shelf.h"
#include "desk/guarded.h"
#include "desk/run_watch.h"
#include "desk/tasks.h"
#include "desk/thumbnails.h"

namespace lix::app {
namespace fs = std::filesystem;

Result<std::unique_ptr<Desk>> Desk::open(const fs::path& workspace, store::OpenMode mode) {
  std::optional<store::WindowLock> lock;
  QString notice;
  if (mode != store::OpenMode::ReadOnly) {
    auto opened = store::Workspace::open(workspace, mode);
    if (opened) {
      auto taken = store::WindowLock::take(opened->folder());
      if (taken) {
        lock = std::move(*taken);
        return std::unique_ptr<Desk>(new Desk(std::move(*opened), std::move(lock), notice));
      }
      notice = tr("%1 Close the other window and open the workspace again to work in it.")
                   .arg(QString::fromStdString(taken.error().message).section(". ", 0, 0) + '.');
    } else if (opened.error().code == ErrorCode::Io && store::Workspace::isIn(workspace)) {
      notice = QString::fromStdString(opened.error().message);
    } else {
      return std::unexpected(opened.error());
    }
    notice += tr(" Here it is open for reading only: nothing can be changed.");
  }
  LIX_TRY(auto opened, store::Workspace::open(workspace, store::OpenMode::ReadOnly));
  return std::unique_ptr<Desk>(new Desk(std::move(opened), std::nullopt, notice));
}

Desk::Desk(store::Workspace workspace, std::optional<store::WindowLock> lock, QString notice)
    : folder_(workspace.folder()),
      readOnly_(workspace.isReadOnly()),
      notice_(std::move(notice)),
      lock_(std::move(lock)),
      workspace_(std::make_shared<const store::Workspace>(std::move(workspace))),
      interactive_("interactive"),
      io_("io", jobs::Workers::One, jobs::Order::NewestFirst),
      storing_("storing") {
  datasets_ = std::make_unique<DatasetShelf>(*this);
  checkpoints_ = std::make_unique<CheckpointShelf>(*this);
  thumbnails_ = std::make_unique<Thumbnails>(*this);
  tasks_ = std::make_unique<Tasks>(*this);
  runs_ = std::make_unique<RunWatch>(*this);
  datasets_->refresh();
  checkpoints_->refresh();
}

Desk::~Desk() {
  tasks_.reset();
  std::promise<void> written;  // what a person changed last is kept before the lane drops what waits
  storing_.post([&written](std::stop_token) { written.set_value(); });
  written.get_future().wait();
}

std::optional<fs::path> Desk::featureCache() const {
  return readOnly_ ? std::nullopt : std::optional(cache() / "features");
}

void Desk::write(std::function<Result<void>(const store::Workspace&)> work, std::function<void(bool)> done) {
  if (readOnly_) {
    say(widgets::Severity::Warning, tr("This workspace is open for reading only, so that was not kept."));
    if (done) {
      done(false);
    }
    return;
  }
  storing_.post([this, work = std::move(work), done = std::move(done), workspace = workspace_](std::stop_token) {
    auto result = std::make_shared<Result<void>>(guarded([&] { return work(*workspace); }));
    QMetaObject::invokeMethod(
        this,
        [this, result, done] {
          if (!*result) {
            say(result->error());
          }
          if (done) {
            done(result->has_value());
          }
        },
        Qt::QueuedConnection);
  });
}

void Desk::say(widgets::Severity severity, const QString& sentence, const QString& details) {
  Q_EMIT said(severity, sentence, details);
}

void Desk::say(const Error& error) {
  if (error.code != ErrorCode::Cancelled) {
    say(widgets::Severity::Error, QString::fromStdString(error.message));
  }
}

void Desk::handOver(PageId page, const Payload& payload) { Q_EMIT handedOver(page, payload); }

void Desk::show(PageId page, const QString& what) { Q_EMIT showAsked(page, what); }

void Desk::examine(const std::filesystem::path& path) { Q_EMIT examineAsked(QString::fromStdString(path.string())); }

}  // namespace lix::app
