#pragma once
#include <QObject>
#include <QString>
#include <filesystem>
#include <memory>
#include <optional>

#include "base/result.h"
#include "chrome/message_panel.h"
#include "desk/payload.h"
#include "desk/relay.h"
#include "jobs/lane.h"
#include "store/window_lock.h"
#include "store/workspace.h"

namespace lix::app {

class CheckpointShelf;
class DatasetShelf;
class RunWatch;
class Tasks;
class Thumbnails;

enum class PageId { Data, Train, Inspect, Support, Curves, Compare, Runs };
inline constexpr int kPageCount = 7;

/// One open workspace as the window knows it: lanes, shelves, runs, tasks. Pages see this and never each other.
class Desk : public QObject {
  Q_OBJECT

 public:
  /// Opens (or with Create makes) the workspace. Where another window has it, or it cannot be written to, it is opened
  /// read-only and `notice` says why.
  static Result<std::unique_ptr<Desk>> open(const std::filesystem::path& workspace, store::OpenMode mode);
  ~Desk() override;

  const std::filesystem::path& folder() const { return folder_; }
  std::filesystem::path cache() const { return folder_ / "cache"; }
  bool isReadOnly() const { return readOnly_; }
  /// What a person should be told about how it was opened, "" for nothing.
  const QString& notice() const { return notice_; }

  jobs::Lane& interactive() { return interactive_; }  ///< encode, mix, score, adapt
  jobs::Lane& io() { return io_; }                    ///< decode, thumbnails; newest first
  jobs::Lane& storing() { return storing_; }          ///< the database, oldest first
  /// Where features of pictures are kept; none in a read-only workspace.
  std::optional<std::filesystem::path> featureCache() const;

  /// work(const store::Workspace&) -> Result<T> on the storing lane; answer(Result<T>) here, through the relay (made
  /// for storing()).
  template <class Work, class Answer>
  void ask(Relay& relay, Work work, Answer answer) {
    relay.ask([work = std::move(work), workspace = workspace_](std::stop_token) mutable { return work(*workspace); },
              std::move(answer));
  }
  /// A change of the database: done in order, never dropped. A failure goes to the message panel; then `done` runs here
  /// (with whether it worked). Refused with a sentence where the workspace is read-only.
  void write(std::function<Result<void>(const store::Workspace&)> work, std::function<void(bool)> done = {});

  DatasetShelf& datasets() { return *datasets_; }
  CheckpointShelf& checkpoints() { return *checkpoints_; }
  RunWatch& runs() { return *runs_; }
  Tasks& tasks() { return *tasks_; }
  Thumbnails& thumbnails() { return *thumbnails_; }

  /// One sentence for the message panel, with details (a list) that can be unfolded.
  void say(widgets::Severity severity, const QString& sentence, const QString& details = {});
  void say(const Error& error);
  /// Hands pictures, captions or paths to another page and shows it.
  void handOver(PageId page, const Payload& payload);
  /// Shows a page; `what` may name a run ("run:12") or checkpoint ("checkpoint:/folder") to open there.
  void show(PageId page, const QString& what = {});
  /// Has what lies at a path looked at by the doctor, beside whatever page is shown.
  void examine(const std::filesystem::path& path);

 Q_SIGNALS:
  void said(lix::widgets::Severity severity, const QString& sentence, const QString& details);
  void handedOver(lix::app::PageId page, const lix::app::Payload& payload);
  void showAsked(lix::app::PageId page, const QString& what);
  void examineAsked(const QString& path);

 private:
  Desk(store::Workspace workspace, std::optional<store::WindowLock> lock, QString notice);

  std::filesystem::path folder_;
  bool readOnly_;
  QString notice_;
  std::optional<store::WindowLock> lock_;
  std::shared_ptr<const store::Workspace> workspace_;  // touched on the storing lane alone
  std::unique_ptr<DatasetShelf> datasets_;
  std::unique_ptr<CheckpointShelf> checkpoints_;
  std::unique_ptr<Thumbnails> thumbnails_;
  std::unique_ptr<Tasks> tasks_;
  std::unique_ptr<RunWatch> runs_;
  jobs::Lane interactive_, io_, storing_;  // last, so that their tasks end before what they use
};

}  // namespace lix::app
