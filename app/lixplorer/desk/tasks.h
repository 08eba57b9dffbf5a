#pragma once
#include <QObject>
#include <QString>
#include <QStringList>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "chrome/job_strip.h"
#include "desk/guarded.h"
#include "desk/relay.h"
#include "jobs/lane.h"

class QProcess;

namespace lix::app {

class Desk;

/// The command line program: LIXP, else beside this one.
QString lixpProgram();

/// Long work of the window: what the job strip shows beside runs. One at a time on the Background lane, and programs
/// (`lixp eval`) as processes of their own.
class Tasks : public QObject {
  Q_OBJECT

 public:
  explicit Tasks(Desk& desk);
  ~Tasks() override;

  /// work(const Progress&) -> Result<T> in the background, then answer(T) here. Failures go to the message panel;
  /// cancelled ones are not answered. Returns the task's id.
  template <class Work, class Answer>
  QString start(const QString& title, Work work, Answer answer);

  /// Runs `lixp ARGUMENTS` of this workspace as a process that ends with the window (SIGINT); its progress lines are
  /// shown. done(true) when it succeeded; its last line goes to the message panel when not.
  QString runLixp(const QString& title, const QStringList& arguments, std::function<void(bool)> done = {});
  /// The same, with what it printed on standard output (--json).
  QString runLixpForOutput(const QString& title, const QStringList& arguments,
                           std::function<void(bool worked, const QByteArray& output)> done);
  /// Starts `lixp train ARGUMENTS` as a process that outlives the window, at nice 10; what it says before its run
  /// stands in the workspace, and a start that fails, are told in the message panel.
  void startTraining(const QStringList& arguments, std::function<void(bool started)> done = {});

  std::vector<widgets::JobLine> lines() const;
  void cancel(const QString& id);
  bool isIdle() const { return tasks_.empty(); }

 Q_SIGNALS:
  void changed();

 private:
  struct Task;
  QString begin(const QString& title);
  Progress progressOf(const QString& id, std::stop_token stop);
  void report(const QString& id, const QString& what, long long done, long long total);
  void readProgress(const QString& id, const QString& line);
  void watchStart(qint64 pid, const QString& log, std::function<void(bool)> done);
  void finish(const QString& id, const Error* error);

  Desk& desk_;
  jobs::Lane lane_;
  std::map<QString, std::shared_ptr<Task>> tasks_;
  long long next_ = 1;
};

struct Tasks::Task {
  QString id, title, what;
  long long done = 0, total = 0;
  qint64 begunMs = 0;
  jobs::Lane::Ticket ticket;
  QProcess* process = nullptr;
  bool cancelled = false, canCancel = true;
};

template <class Work, class Answer>
QString Tasks::start(const QString& title, Work work, Answer answer) {
  const QString id = begin(title);
  tasks_[id]->ticket = lane_.post([this, id, work = std::move(work), answer = std::move(answer)](std::stop_token stop) mutable {
    auto result = std::make_shared<decltype(work(Progress()))>(guarded([&] { return work(progressOf(id, stop)); }));
    QMetaObject::invokeMethod(
        this,
        [this, id, result, answer = std::move(answer)]() mutable {
          const bool wanted = tasks_.contains(id) && !tasks_[id]->cancelled;
          if (wanted && *result) {  // before the task is gone from the list, which says "stopped" to who waits for it
            answer(std::move(**result));
          }
          finish(id, *result ? nullptr : &result->error());
        },
        Qt::QueuedConnection);
  });
  return id;
}

}  // namespace lix::app
