// What the Train page tells of runs: notices while they go on, and how they ended.
#include <utility>

#include "desk/run_watch.h"
#include "pages/run_parts/run_text.h"
#include "pages/train/train_page.h"

namespace lix::app {

void TrainPage::tellNotices() {
  for (const store::RunRow& run : desk().runs().runs()) {
    const bool going = run.status == store::RunStatus::Running || run.status == store::RunStatus::Paused;
    if (going && !run.message.empty() && std::exchange(noticed_[run.id], run.message) != run.message) {
      const QString message = messageText(run);
      desk().say(isRemark(message) ? widgets::Severity::Info : widgets::Severity::Warning,
                 QStringLiteral("%1: %2").arg(QString::fromStdString(run.name), message));
    }
  }
}

void TrainPage::tellEnds() {
  for (const long long run : std::exchange(ended_, {})) {
    tellEnd(run);
  }
}

void TrainPage::tellEnd(long long id) {
  const auto run = desk().runs().run(id);
  if (!run) {
    return;
  }
  const QString name = QString::fromStdString(run->name), message = messageText(*run);
  const auto with = [&](const QString& sentence) { return message.isEmpty() ? sentence : sentence + " " + message; };
  switch (run->status) {
    case store::RunStatus::Done:
      desk().say(widgets::Severity::Info, tr("The run %1 is done.").arg(name));
      break;
    case store::RunStatus::Failed:
      desk().say(widgets::Severity::Error, with(tr("The run %1 failed.").arg(name)));
      break;
    case store::RunStatus::Interrupted:
      if (run->message.starts_with("Stopped")) {
        desk().say(widgets::Severity::Info,
                   tr("The run %1 was stopped at step %2 and can be continued.").arg(name).arg(run->step));
      } else {
        desk().say(widgets::Severity::Warning,
                   with(tr("The run %1 ended at step %2 of %3. %4")
                            .arg(name)
                            .arg(run->step)
                            .arg(run->stepsTotal)
                            .arg(continueText(desk(), *run))));
      }
      break;
    case store::RunStatus::Cancelled:
      desk().say(widgets::Severity::Info, tr("The run %1 was cancelled.").arg(name));
      break;
    default:
      break;
  }
}

}  // namespace lix::app
