#include "pages/train/train_page.h"

#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QPointer>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSplitter>
#include <QTabWidget>
#include <QTimer>
#include <algorithm>
#include <set>
#include <utility>

#include "desk/checkpoint_shelf.h"
#include "desk/dataset_shelf.h"
#include "desk/run_watch.h"
#include "desk/tasks.h"
#include "pages/train/command_field.h"
#include "pages/train/data_preview.h"
#include "pages/train/dry_run_card.h"
#include "pages/train/live_view.h"
#include "pages/train/post_train_dialog.h"
#include "pages/train/run_queue.h"
#include "pages/train/train_form.h"
#include "study/doctor/doctor.h"
#include "study/train/params.h"

namespace lix::app {
namespace {

/// As a shell reads it.
QString quoted(const QString& word) {
  static const QString kPlain =
      QStringLiteral("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=:,+@%");
  if (!word.isEmpty() && std::ranges::all_of(word, [](QChar c) { return kPlain.contains(c); })) {
    return word;
  }
  return "'" + QString(word).replace("'", "'\\''") + "'";
}

}  // namespace

QStringList TrainPage::arguments() const {
  QStringList words;
  if (const auto settings = form_->settings()) {
    for (const std::string& word : study::trainArguments(*settings)) {
      words << QString::fromStdString(word);
    }
  }
  return words;
}

void TrainPage::refresh() {
  const QString obstacle = form_->obstacle();
  obstacle_->setText(obstacle);
  obstacle_->setVisible(!obstacle.isEmpty());
  if (!editing_.isEmpty() && !isWaiting(editing_)) {
    editing_.clear();  // it has begun, or was removed
  }
  QStringList words = arguments();
  preview_->setArguments(obstacle.isEmpty() ? words : QStringList());
  words << QStringLiteral("--workspace") << QString::fromStdString(desk().folder().string());
  std::ranges::transform(words, words.begin(), quoted);
  command_->setCommand(form_->settings() ? "lixp train " + words.join(' ') : QString());
  dryRun_->setEnabled(obstacle.isEmpty());
  dryRun_->setText(trying_.isEmpty() ? tr("Dry run") : tr("Stop dry run"));
  dryRun_->setToolTip(
      trying_.isEmpty() ? tr("Prepares the data and takes four steps to tell memory and time; keeps nothing (Ctrl+D).")
                        : tr("Calls the dry run off (Ctrl+D)."));
  start_->setEnabled(obstacle.isEmpty() && !starting_);
  start_->setText(starting_ ? tr("Starting...") : tr("Start"));
  start_->setToolTip(obstacle.isEmpty() ? tr("Starts the run as a program of its own (Ctrl+Return).") : obstacle);
  queueIt_->setEnabled(obstacle.isEmpty() && !queueing_);
  queueIt_->setText(editing_.isEmpty() ? tr("Queue") : tr("Save in queue"));
  queueIt_->setToolTip(!obstacle.isEmpty()   ? obstacle
                       : editing_.isEmpty() ? tr("Lets the run wait until those before it have ended (Ctrl+Shift+Return).")
                                            : tr("Gives %1 these settings; it keeps its place (Ctrl+Shift+Return).").arg(editing_));
  editingRow_->setVisible(!editing_.isEmpty());
  editingText_->setText(tr("Settings of %1, which waits.").arg(editing_));
}

bool TrainPage::isWaiting(const QString& name) const {
  return std::ranges::any_of(queue_->waiting(), [&](const store::RunRow& run) { return run.name == name.toStdString(); });
}

void TrainPage::queue() {
  if (queueing_ || !form_->obstacle().isEmpty()) {
    return;
  }
  queueing_ = true;
  const QString name = editing_;
  const QStringList how = name.isEmpty() ? QStringList{"--queue"} : QStringList{"--requeue", name};
  desk().tasks().runLixp(name.isEmpty() ? tr("Queueing the run") : tr("Saving %1 in the queue").arg(name),
                         QStringList{"train"} << arguments() << how,
                         [this, name, self = QPointer<TrainPage>(this)](bool worked) {
                           if (!self) {
                             return;
                           }
                           queueing_ = false;
                           if (worked) {
                             editing_.clear();
                             desk().say(widgets::Severity::Info,
                                        name.isEmpty() ? tr("The run waits in the queue.") : tr("%1 has these settings now.").arg(name));
                           }
                           desk().runs().refresh();
                           refresh();
                         });
  refresh();
}

void TrainPage::editQueued(qlonglong id) {
  const auto run = desk().runs().run(id);
  if (!run || !run->queuePlace) {
    return;
  }
  const auto settings = study::settingsFromJson(run->settings);
  if (!settings) {
    desk().say(settings.error());
    return;
  }
  form_->setSettings(*settings);
  editing_ = QString::fromStdString(run->name);
  refresh();
  scroll_->verticalScrollBar()->setValue(0);
}

void TrainPage::postTrain() {
  PostTrainDialog dialog(desk(), form_->draft(), this);
  if (dialog.exec() == QDialog::Accepted) {
    form_->setSettings(dialog.settings());
    desk().say(widgets::Severity::Info, tr("The form is filled; try a dry run, queue the run or start it."));
    start_->setFocus();
  }
}

void TrainPage::dryRun() {
  if (!trying_.isEmpty()) {
    desk().tasks().cancel(trying_);
    return;
  }
  if (!form_->obstacle().isEmpty()) {
    return;
  }
  card_->hide();
  trying_ = desk().tasks().runLixpForOutput(
      tr("Dry run"),
      QStringList{"train"} << arguments() << "--dry-run"
                           << "--json",
      [this, self = QPointer<TrainPage>(this)](bool worked, const QByteArray& output) {
        if (!self) {
          return;
        }
        trying_.clear();
        refresh();
        if (const auto text = worked ? dryRunText(output) : std::nullopt) {
          showDryRun(*text);
        } else if (worked) {
          desk().say(widgets::Severity::Error,
                     tr("The dry run ended without numbers; is lixp of the same version as this program?"));
        }
      });
  refresh();
}

void TrainPage::showDryRun(DryRunText text) {
  const QStringList& known = form_->warnings();  // stand above the card already
  text.warnings.removeIf([&](const QString& sentence) { return known.contains(sentence); });
  card_->setText(text);
  QTimer::singleShot(0, card_, [this] { scroll_->verticalScrollBar()->setValue(card_->y() - 8); });
}

void TrainPage::start() {
  if (starting_ || !form_->obstacle().isEmpty()) {
    return;
  }
  starting_ = true;
  refresh();
  tabs_->setCurrentWidget(live_);
  live_->await(form_->draft());
  desk().tasks().startTraining(arguments(), [this, self = QPointer<TrainPage>(this)](bool) {
    if (self) {
      starting_ = false;
      refresh();
    }
  });
}

void TrainPage::copyCommand() {
  QApplication::clipboard()->setText(command_->text());
  desk().say(widgets::Severity::Info, tr("The command line was copied."));
}

bool TrainPage::accepts(const Payload& payload) const { return !payload.paths.empty() || !payload.pictures.empty(); }

void TrainPage::receive(const Payload& payload) {
  if (!payload.paths.empty()) {
    take(payload.paths.front());
    return;
  }
  std::set<std::string> names;
  for (const data::PictureRef& picture : payload.pictures) {
    names.insert(picture.dataset);
  }
  if (names.size() == 1 && !names.begin()->empty()) {
    form_->setData(*names.begin());
    desk().say(widgets::Severity::Info,
               tr("A run learns from a whole dataset: '%1' was chosen.").arg(QString::fromStdString(*names.begin())));
  } else {
    desk().say(widgets::Severity::Warning,
               tr("A run learns from a dataset, not from single pictures; drop a folder or a table of them."));
  }
}

void TrainPage::take(const std::filesystem::path& path) {
  looking_.ask(
      [path](std::stop_token) { return study::doctor::looksLikeCheckpoint(path); },
      [this, path](bool isCheckpoint) {
        adding_ = std::filesystem::absolute(path).lexically_normal();
        if (isCheckpoint) {
          desk().checkpoints().add(path);
        } else {
          desk().datasets().add(path);
        }
      });
}

bool TrainPage::isAdding(const std::filesystem::path& path) const {
  const auto normal = std::filesystem::absolute(path).lexically_normal();
  return !adding_.empty() && (normal == adding_ || normal.parent_path() == adding_);  // a folder may hold one table
}

void TrainPage::open(const QString& what) {
  if (what.startsWith("run:")) {
    tabs_->setCurrentWidget(live_);
    live_->choose(what.mid(4).toLongLong());
  } else if (what.startsWith("checkpoint:")) {
    form_->setStart(what.mid(11).toStdString());
  } else if (what.startsWith("dataset:")) {
    form_->setData(what.mid(8).toStdString());
  }
}

void TrainPage::shown() { live_->setLive(true); }
void TrainPage::hidden() { live_->setLive(false); }

QJsonObject TrainPage::state() const {
  return {{"form", form_->state()},
          {"live", live_->state()},
          {"tab", tabs_->currentIndex()},
          {"queueHeld", queue_->isHeld()},
          {"splitter", QString::fromLatin1(splitter_->saveState().toBase64())}};
}

void TrainPage::restore(const QJsonObject& state) {
  form_->restore(state.value("form").toObject());
  live_->restore(state.value("live").toObject());
  tabs_->setCurrentIndex(std::clamp(state.value("tab").toInt(), 0, tabs_->count() - 1));
  queue_->setHeld(state.value("queueHeld").toBool());
  splitter_->restoreState(QByteArray::fromBase64(state.value("splitter").toString().toLatin1()));
}

Page* makeTrainPage(Desk& desk) { return new TrainPage(desk); }

}  // namespace lix::app
