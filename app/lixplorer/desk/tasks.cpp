#include "desk/tasks.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QProcessEnvironment>
#include <QRegularExpression>
#include <QTimer>
#include <csignal>

#include "desk/desk.h"
#include "desk/run_watch.h"

namespace lix::app {
namespace {

constexpr int kReportMs = 100;       // progress reaches the window at most so often
constexpr int kEndGraceMs = 5000;    // for a child that was asked to stop when the window closes
constexpr int kStartLookMs = 250;

QString lastLine(const QByteArray& text) {
  const QString all = QString::fromUtf8(text).replace('\r', '\n').trimmed();
  return all.mid(all.lastIndexOf('\n') + 1).trimmed();
}

/// Asks a program to end. One that has none any more has no id either, and kill(0) reaches the whole own process group.
void interrupt(const QProcess& process) {
  if (const qint64 id = process.processId(); id > 0) {
    ::kill(static_cast<pid_t>(id), SIGINT);
  }
}

}  // namespace

QString lixpProgram() {
  const QString given = qEnvironmentVariable("LIXP");
  return given.isEmpty() ? QDir(QCoreApplication::applicationDirPath()).filePath("lixp") : given;
}

Tasks::Tasks(Desk& desk) : desk_(desk), lane_("background") {}

Tasks::~Tasks() {
  for (auto& [id, task] : tasks_) {
    task->cancelled = true;
    task->ticket.request_stop();
    if (task->process != nullptr) {
      task->process->disconnect();
      interrupt(*task->process);
    }
  }
  for (auto& [id, task] : tasks_) {
    if (task->process != nullptr && !task->process->waitForFinished(kEndGraceMs)) {
      task->process->kill();
      task->process->waitForFinished(kEndGraceMs);
    }
  }
}

QString Tasks::begin(const QString& title) {
  const QString id = QStringLiteral("task:%1").arg(next_++);
  auto task = std::make_shared<Task>();
  task->id = id;
  task->title = title;
  task->begunMs = QDateTime::currentMSecsSinceEpoch();
  tasks_[id] = std::move(task);
  Q_EMIT changed();
  return id;
}

Progress Tasks::progressOf(const QString& id, std::stop_token stop) {
  return [this, id, stop, last = qint64(0)](std::string_view what, long long done, long long total) mutable {
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    if (now - last >= kReportMs || done >= total) {
      last = now;
      QMetaObject::invokeMethod(
          this, [this, id, text = QString::fromUtf8(what.data(), qsizetype(what.size())), done, total] { report(id, text, done, total); },
          Qt::QueuedConnection);
    }
    return !stop.stop_requested();
  };
}

void Tasks::report(const QString& id, const QString& what, long long done, long long total) {
  const auto found = tasks_.find(id);
  if (found == tasks_.end()) {
    return;
  }
  found->second->what = what;
  found->second->done = done;
  found->second->total = total;
  Q_EMIT changed();
}

void Tasks::finish(const QString& id, const Error* error) {
  const auto found = tasks_.find(id);
  if (found == tasks_.end()) {
    return;
  }
  const bool cancelled = found->second->cancelled;
  tasks_.erase(found);
  if (error != nullptr && !cancelled) {
    desk_.say(*error);
  }
  Q_EMIT changed();
}

QString Tasks::runLixp(const QString& title, const QStringList& arguments, std::function<void(bool)> done) {
  return runLixpForOutput(title, arguments, [done = std::move(done)](bool worked, const QByteArray&) {
    if (done) {
      done(worked);
    }
  });
}

QString Tasks::runLixpForOutput(const QString& title, const QStringList& arguments,
                                std::function<void(bool, const QByteArray&)> done) {
  const QString id = begin(title);
  auto* process = new QProcess(this);
  tasks_[id]->process = process;
  auto errors = std::make_shared<QByteArray>();
  connect(process, &QProcess::readyReadStandardError, this, [this, id, process, errors] {
    errors->append(process->readAllStandardError());
    readProgress(id, lastLine(*errors));
    errors->remove(0, std::max<qsizetype>(0, errors->size() - 64 * 1024));
  });
  const auto ended = [this, id, process, errors, done = std::move(done)](bool worked) {
    if (!tasks_.contains(id)) {
      return;
    }
    process->deleteLater();
    const bool cancelled = tasks_[id]->cancelled;
    const QString line = lastLine(*errors);
    const Error error{ErrorCode::Io, (line.isEmpty() ? tr("lixp ended without saying why.") : line).toStdString()};
    finish(id, worked || cancelled ? nullptr : &error);
    if (done) {
      done(worked && !cancelled, process->readAllStandardOutput());
    }
  };
  connect(process, &QProcess::finished, this,
          [ended](int code, QProcess::ExitStatus status) { ended(status == QProcess::NormalExit && code == 0); });
  connect(process, &QProcess::errorOccurred, this, [this, process, ended](QProcess::ProcessError error) {
    if (error == QProcess::FailedToStart) {
      desk_.say(widgets::Severity::Error, tr("%1 could not be started: %2. Build it, or name it in LIXP.").arg(lixpProgram(), process->errorString()));
      ended(false);
    }
  });
  // The window and what a person does in it go first.
  process->start("nice", QStringList{"-n", "10", lixpProgram()} << arguments << "--workspace" << QString::fromStdString(desk_.folder().string()));
  return id;
}

void Tasks::readProgress(const QString& id, const QString& line) {
  static const QRegularExpression pattern("^(.*?) (\\d+)(?: of (\\d+))?(?:, .* left)?$");
  if (const auto match = pattern.match(line); match.hasMatch()) {
    report(id, match.captured(1), match.captured(2).toLongLong(), match.captured(3).toLongLong());
  } else if (!line.isEmpty()) {
    report(id, line, 0, 0);
  }
}

void Tasks::startTraining(const QStringList& arguments, std::function<void(bool)> done) {
  if (desk_.isReadOnly()) {
    desk_.say(widgets::Severity::Warning, tr("This workspace is open for reading only, so nothing can be trained in it."));
    if (done) {
      done(false);
    }
    return;
  }
  const QString folder = QString::fromStdString((desk_.cache() / "logs").string());
  QDir().mkpath(folder);
  const QString log = QStringLiteral("%1/train-%2.log").arg(folder, QDateTime::currentDateTimeUtc().toString("yyyyMMdd-HHmmss-zzz"));
  QProcess process;
  process.setProgram("/usr/bin/setsid");  // a session of its own: what ends the window's does not end it
  process.setArguments(QStringList{"nice", "-n", "10", lixpProgram(), "train"} << arguments << "--workspace"
                                                                              << QString::fromStdString(desk_.folder().string()));
  process.setStandardInputFile(QProcess::nullDevice());
  process.setStandardOutputFile(QProcess::nullDevice());
  process.setStandardErrorFile(log);
  qint64 pid = 0;
  if (!process.startDetached(&pid)) {
    desk_.say(widgets::Severity::Error, tr("The training could not be started: %1.").arg(process.errorString()));
    if (done) {
      done(false);
    }
    return;
  }
  watchStart(pid, log, std::move(done));
}

void Tasks::watchStart(qint64 pid, const QString& log, std::function<void(bool)> done) {
  const QString id = begin(tr("Starting the training"));
  tasks_[id]->canCancel = false;  // once its run is there it can be
  auto* timer = new QTimer(this);
  timer->setInterval(kStartLookMs);
  connect(timer, &QTimer::timeout, this, [this, pid, log, id, timer, done] {
    const auto& runs = desk_.runs().runs();
    const bool here = std::ranges::any_of(runs, [&](const store::RunRow& run) {
      return run.process.pid == pid && desk_.runs().isHere(run);
    });
    const bool gone = ::kill(static_cast<pid_t>(pid), 0) != 0;
    if (!here && !gone) {
      return;
    }
    timer->deleteLater();
    finish(id, nullptr);
    if (gone && !here) {
      QFile file(log);
      const QString line = file.open(QIODevice::ReadOnly) ? lastLine(file.readAll().right(4096)) : QString();
      desk_.say(widgets::Severity::Error, line.isEmpty() ? tr("The training ended before it began; %1 may say why.").arg(log) : line);
    }
    if (done) {
      done(here || !gone);
    }
  });
  timer->start();
}

std::vector<widgets::JobLine> Tasks::lines() const {
  std::vector<widgets::JobLine> lines;
  const qint64 now = QDateTime::currentMSecsSinceEpoch();
  for (const auto& [id, task] : tasks_) {
    widgets::JobLine line{.id = id, .title = task->title, .detail = task->what, .canCancel = task->canCancel};
    if (task->total > 0) {
      line.done = double(task->done) / double(task->total);
      line.detail = tr("%1, %2 of %3").arg(task->what).arg(task->done).arg(task->total);
      const double seconds = double(now - task->begunMs) / 1000.0;
      line.secondsLeft = task->done > 0 && seconds > 1.0 ? seconds * double(task->total - task->done) / double(task->done) : -1.0;
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

void Tasks::cancel(const QString& id) {
  const auto found = tasks_.find(id);
  if (found == tasks_.end()) {
    return;
  }
  const auto task = found->second;
  task->cancelled = true;
  if (task->process != nullptr) {
    interrupt(*task->process);
    return;  // it is told when it ended
  }
  task->ticket.request_stop();
  finish(id, nullptr);
}

}  // namespace lix::app
