#include "pages/train/train_page.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSplitter>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include "chrome/action_table.h"
#include "desk/checkpoint_shelf.h"
#include "desk/dataset_shelf.h"
#include "desk/run_watch.h"
#include "desk/tasks.h"
#include "frame/page_parts.h"
#include "pages/run_parts/run_buttons.h"
#include "pages/run_parts/run_text.h"
#include "pages/train/dry_run_card.h"
#include "pages/train/live_view.h"
#include "pages/train/train_form.h"
#include "study/train/params.h"
#include "theme/theme.h"

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

TrainPage::TrainPage(Desk& desk) : Page(desk, PageId::Train), looking_(desk.io()) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(16, 16, 16, 16);
  column->setSpacing(12);
  column->addWidget(new PageHeader(
      pageTitle(id()), tr("Train from nothing or go on from a checkpoint. Runs are programs of their own: they go on "
                          "when this window is closed.")));
  splitter_ = new QSplitter;
  splitter_->setChildrenCollapsible(false);
  splitter_->addWidget(setUp());
  live_ = new LiveView(desk);
  live_->setMinimumWidth(320);
  splitter_->addWidget(live_);
  splitter_->setStretchFactor(1, 1);
  splitter_->setSizes({380, 700});
  column->addWidget(splitter_, 1);
  connect(form_, &TrainForm::changed, this, [this] {
    card_->setOutdated();
    refresh();
  });
  connect(&desk.runs(), &RunWatch::ended, this, [this](qlonglong run) {
    ended_.push_back(run);
    this->desk().checkpoints().refresh();  // told when it is known what they left
  });
  connect(&desk.checkpoints(), &CheckpointShelf::changed, this, &TrainPage::tellEnds);
  connect(&desk.runs(), &RunWatch::changed, this, &TrainPage::tellNotices);
  connect(&desk.datasets(), &DatasetShelf::added, this, [this](const QString& name) {
    const auto entries = this->desk().datasets().entries();
    const auto entry = std::ranges::find(entries, name.toStdString(), &DatasetShelf::Entry::name);
    if (entry != entries.end() && isAdding(entry->spec.path)) {
      adding_.clear();
      form_->setData(entry->name);
    }
  });
  connect(&desk.checkpoints(), &CheckpointShelf::added, this, [this](const QString& folder) {
    if (isAdding(folder.toStdString())) {
      adding_.clear();
      form_->setStart(folder.toStdString());
    }
  });
  refresh();
}

QWidget* TrainPage::setUp() {
  auto* side = new QWidget;
  auto* column = new QVBoxLayout(side);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(8);
  form_ = new TrainForm(desk());
  card_ = new DryRunCard;
  auto* inner = new QWidget;
  auto* rows = new QVBoxLayout(inner);
  rows->setContentsMargins(0, 0, 0, 0);
  rows->setSpacing(12);
  rows->addWidget(form_);
  rows->addWidget(card_);
  rows->addStretch(1);
  scroll_ = new QScrollArea;
  scroll_->setFocusPolicy(Qt::NoFocus);  // what stands in it takes the keyboard
  scroll_->setWidgetResizable(true);
  scroll_->setFrameShape(QFrame::NoFrame);
  scroll_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll_->setWidget(inner);
  side->setMinimumWidth(
      std::max(320, inner->minimumSizeHint().width() + scroll_->verticalScrollBar()->sizeHint().width()));
  column->addWidget(scroll_, 1);
  obstacle_ = new QLabel;
  obstacle_->setObjectName("train.obstacle");
  obstacle_->setWordWrap(true);
  column->addWidget(obstacle_);
  column->addLayout(commandRow());
  dryRun_ = new QPushButton(tr("Dry run"));
  dryRun_->setObjectName("train.dryRun");
  start_ = new QPushButton(widgets::icon("play", widgets::IconTint::OnAccent), tr("Start"));
  start_->setObjectName("train.startButton");
  start_->setProperty("primary", true);
  connect(dryRun_, &QPushButton::clicked, this, &TrainPage::dryRun);
  connect(start_, &QPushButton::clicked, this, &TrainPage::start);
  auto* buttons = new QHBoxLayout;
  buttons->setContentsMargins(0, 0, 8, 0);
  buttons->setSpacing(8);
  buttons->addWidget(dryRun_, 1);
  buttons->addWidget(start_, 1);
  column->addLayout(buttons);
  return side;
}

QLayout* TrainPage::commandRow() {
  auto* row = new QHBoxLayout;
  row->setContentsMargins(0, 0, 8, 0);  // ends where the form's fields do
  row->setSpacing(6);
  command_ = new QLineEdit;
  command_->setObjectName("train.command");
  command_->setReadOnly(true);
  command_->setAccessibleName(tr("The same in a terminal"));
  command_->setToolTip(tr("The command line that starts the same run in a terminal."));
  auto* copy = new QPushButton(widgets::icon("copy"), QString());
  copy->setObjectName("train.copy");
  copy->setAccessibleName(tr("Copy the command line"));
  copy->setToolTip(tr("Copies the command line that starts the same run in a terminal (Ctrl+Shift+C)."));
  connect(copy, &QPushButton::clicked, this, &TrainPage::copyCommand);
  row->addWidget(command_, 1);
  row->addWidget(copy);
  return row;
}

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
  QStringList words = arguments();
  words << QStringLiteral("--workspace") << QString::fromStdString(desk().folder().string());
  std::ranges::transform(words, words.begin(), quoted);
  command_->setText(form_->settings() ? "lixp train " + words.join(' ') : QString());
  command_->setCursorPosition(0);
  dryRun_->setEnabled(obstacle.isEmpty());
  dryRun_->setText(trying_.isEmpty() ? tr("Dry run") : tr("Stop the dry run"));
  dryRun_->setToolTip(
      trying_.isEmpty() ? tr("Prepares the data and takes four steps to tell memory and time; keeps nothing (Ctrl+D).")
                        : tr("Calls the dry run off (Ctrl+D)."));
  start_->setEnabled(obstacle.isEmpty() && !starting_);
  start_->setText(starting_ ? tr("Starting...") : tr("Start"));
  start_->setToolTip(obstacle.isEmpty() ? tr("Starts the run as a program of its own (Ctrl+Return).") : obstacle);
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
  live_->awaitNew();
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

void TrainPage::tellNotices() {
  for (const store::RunRow& run : desk().runs().runs()) {
    const bool going = run.status == store::RunStatus::Running || run.status == store::RunStatus::Paused;
    if (going && !run.message.empty() && std::exchange(noticed_[run.id], run.message) != run.message) {
      desk().say(widgets::Severity::Warning,
                 QStringLiteral("%1: %2").arg(QString::fromStdString(run.name), QString::fromStdString(run.message)));
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
  const QString name = QString::fromStdString(run->name), message = QString::fromStdString(run->message);
  const auto with = [&](const QString& sentence) { return message.isEmpty() ? sentence : sentence + " " + message; };
  switch (run->status) {
    case store::RunStatus::Done:
      desk().say(widgets::Severity::Info, tr("The run %1 is done.").arg(name));
      break;
    case store::RunStatus::Failed:
      desk().say(widgets::Severity::Error, with(tr("The run %1 failed.").arg(name)));
      break;
    case store::RunStatus::Interrupted:
      if (message.startsWith("Stopped")) {
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

void TrainPage::addActions(widgets::ActionTable& table) {
  const auto add = [&](const char* name, const QString& text, const QString& help, const QString& icon,
                       const QKeySequence& key, std::function<void()> run) {
    table.add({.id = QStringLiteral("train.%1").arg(QLatin1String(name)),
               .menu = tr("&Train"),
               .text = text,
               .help = help,
               .icon = icon,
               .key = key,
               .run = [run = std::move(run)](bool) { run(); },
               .scope = pageName(id())});
  };
  add("dryRun", tr("Dry run"), tr("Tells memory and time of the run without keeping anything."), "",
      QKeySequence("Ctrl+D"), [this] { dryRun(); });
  add("start", tr("Start the run"), tr("Starts the run as a program of its own."), "play", QKeySequence("Ctrl+Return"),
      [this] { start(); });
  add("copyCommand", tr("Copy the command line"), tr("Copies the command line that starts the same run in a terminal."),
      "copy", QKeySequence("Ctrl+Shift+C"), [this] { copyCommand(); });
  add("pause", tr("Pause or resume the run"), tr("Holds the shown run, or lets it go on."), "pause",
      QKeySequence("Ctrl+Shift+Space"), [this] { live_->buttons().pauseOrResume(); });
  add("stop", tr("Stop the run"), tr("Writes a checkpoint and ends the shown run."), "stop", {},
      [this] { live_->buttons().stop(); });
  add("cancel", tr("Cancel the run..."), tr("Ends the shown run without a checkpoint; asks first."), "cancel", {},
      [this] { live_->buttons().cancel(); });
  add("continue", tr("Continue the run"), tr("Goes on with the shown run from its newest checkpoint."), "play", {},
      [this] { live_->buttons().goOn(); });
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
      [path](std::stop_token) {
        std::error_code ignored;
        return std::filesystem::exists(path / "config.json", ignored);
      },
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
          {"smoothing", live_->smoothing()},
          {"splitter", QString::fromLatin1(splitter_->saveState().toBase64())}};
}

void TrainPage::restore(const QJsonObject& state) {
  form_->restore(state.value("form").toObject());
  live_->setSmoothing(std::clamp(state.value("smoothing").toDouble(), 0.0, 0.99));
  splitter_->restoreState(QByteArray::fromBase64(state.value("splitter").toString().toLatin1()));
}

Page* makeTrainPage(Desk& desk) { return new TrainPage(desk); }

}  // namespace lix::app
