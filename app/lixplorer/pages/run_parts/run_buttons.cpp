#include "pages/run_parts/run_buttons.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPointer>
#include <QPushButton>

#include "desk/checkpoint_shelf.h"
#include "desk/desk.h"
#include "desk/run_watch.h"
#include "desk/tasks.h"
#include "pages/run_parts/run_text.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kMostNameWidth = 120;  // in the question

}  // namespace
using store::RunRequest;
using store::RunStatus;

RunButtons::RunButtons(Desk& desk, Look look, QWidget* parent) : QWidget(parent), desk_(desk), look_(look) {
  auto* whole = new QHBoxLayout(this);
  whole->setContentsMargins(0, 0, 0, 0);
  whole->setSpacing(0);
  normal_ = new QWidget;
  asking_ = new QWidget;
  whole->addWidget(normal_);
  whole->addWidget(asking_);
  auto* row = new QHBoxLayout(normal_);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(6);
  pause_ = button("pause", "pause", tr("Pause"));
  resume_ = button("resume", "play", tr("Resume"));
  stop_ = button("stop", "stop", tr("Stop"));
  cancel_ = button("cancel", "cancel", tr("Cancel"));
  goOn_ = button("continue", "play", tr("Continue"));
  goOn_->setText(tr("Continue"));  // stands alone, so there is room for the word
  for (QPushButton* each : {pause_, resume_, stop_, cancel_, goOn_}) {
    row->addWidget(each);
  }
  buildQuestion();
  connect(pause_, &QPushButton::clicked, this, &RunButtons::pauseOrResume);
  connect(resume_, &QPushButton::clicked, this, &RunButtons::pauseOrResume);
  connect(stop_, &QPushButton::clicked, this, &RunButtons::stop);
  connect(cancel_, &QPushButton::clicked, this, &RunButtons::cancel);
  connect(goOn_, &QPushButton::clicked, this, &RunButtons::goOn);
  connect(&desk.checkpoints(), &CheckpointShelf::changed, this, &RunButtons::update);
  update();
}

void RunButtons::buildQuestion() {
  // Beside the question where there is room for words, else below it.
  auto* question = new QBoxLayout(look_ == Look::Words ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom, asking_);
  question->setContentsMargins(0, 0, 0, 0);
  question->setSpacing(6);
  question_ = new QLabel;
  question_->setObjectName("run.question");
  question->addWidget(question_);
  auto* answers = new QHBoxLayout;
  answers->setSpacing(6);
  question->addLayout(answers);
  confirm_ = new QPushButton(tr("Cancel the run"));
  confirm_->setObjectName("run.confirmCancel");
  keep_ = new QPushButton(tr("Keep it"));
  keep_->setObjectName("run.keep");
  answers->addWidget(confirm_);
  answers->addWidget(keep_);
  connect(confirm_, &QPushButton::clicked, this, [this] {
    asked_.reset();
    request(RunRequest::Cancel);
    update();
  });
  connect(keep_, &QPushButton::clicked, this, [this] {
    asked_.reset();
    update();
    cancel_->setFocus();
  });
}

QPushButton* RunButtons::button(const char* id, const QString& icon, const QString& text) {
  auto* made = new QPushButton(widgets::icon(icon), look_ == Look::Words ? text : QString());
  made->setObjectName(QStringLiteral("run.%1").arg(id));
  return made;
}

void RunButtons::nameRun() {
  const QString run = run_ ? QString::fromStdString(run_->name) : tr("the run");
  const auto tell = [](QPushButton& button, const QString& name, const QString& tip) {
    button.setAccessibleName(name);
    button.setToolTip(tip);
  };
  tell(*pause_, tr("Pause %1").arg(run), tr("Writes a checkpoint of %1 and holds it; it keeps its memory (Ctrl+Shift+Space).").arg(run));
  tell(*resume_, tr("Resume %1").arg(run), tr("Lets %1 go on where it was paused (Ctrl+Shift+Space).").arg(run));
  tell(*stop_, tr("Stop %1").arg(run), tr("Writes a checkpoint of %1 and ends it; it can be continued later.").arg(run));
  tell(*cancel_, tr("Cancel %1").arg(run), tr("Ends %1 without writing a checkpoint; asks first.").arg(run));
  tell(*goOn_, tr("Continue %1").arg(run), run_ ? tr("%1: %2").arg(run, continueText(desk_, *run_)) : QString());
  tell(*confirm_, tr("Cancel %1 now").arg(run), tr("Ends %1 now; what it learned since its last checkpoint is lost.").arg(run));
  tell(*keep_, tr("Keep %1").arg(run), tr("Leaves %1 as it is.").arg(run));
  question_->setText(tr("Lose unsaved steps of %1?").arg(question_->fontMetrics().elidedText(run, Qt::ElideMiddle, kMostNameWidth)));
}

bool RunButtons::isActive() const { return run_ && desk_.runs().isActive(*run_); }

bool RunButtons::canGoOn() const { return run_ && canBeContinued(*run_); }

void RunButtons::setRun(const std::optional<store::RunRow>& run) {
  run_ = run;
  if (asked_ && (!isActive() || run_->id != *asked_)) {
    asked_.reset();
  }
  if (going_ && (!run_ || run_->id != *going_ || isActive())) {
    going_.reset();
  }
  update();
}

void RunButtons::replace(QPushButton& button, bool visible, QPushButton& successor, bool successorVisible) {
  if (successorVisible && !visible && button.hasFocus()) {
    successor.setVisible(true);
    successor.setFocus();
  }
  button.setVisible(visible);
}

void RunButtons::update() {
  const bool active = isActive(), changeable = !desk_.isReadOnly();
  asking_->setVisible(asked_.has_value());
  normal_->setVisible(!asked_);
  const bool paused = active && run_->status == RunStatus::Paused;
  const bool running = active && run_->status == RunStatus::Running;
  // The keyboard stays on what follows the pressed button, instead of going to the next one in the row.
  replace(*pause_, running, *resume_, paused);
  replace(*resume_, paused, *pause_, running);
  stop_->setVisible(active);
  cancel_->setVisible(active);
  goOn_->setVisible(canGoOn());
  nameRun();
  for (QPushButton* each : {pause_, resume_, stop_, cancel_}) {
    each->setEnabled(changeable);
  }
  goOn_->setEnabled(changeable && !going_);
}

void RunButtons::request(RunRequest request) {
  if (isActive()) {
    desk_.runs().request(run_->id, request);
  }
}

void RunButtons::pauseOrResume() {
  if (isActive()) {
    request(run_->status == RunStatus::Paused ? RunRequest::Resume : RunRequest::Pause);
  }
}

void RunButtons::stop() { request(RunRequest::Stop); }

void RunButtons::cancel() {
  if (isActive() && !desk_.isReadOnly()) {
    asked_ = run_->id;
    update();
    keep_->setFocus();  // a key pressed too often must not cancel
  }
}

void RunButtons::goOn() {
  if (!canGoOn() || going_) {
    return;
  }
  going_ = run_->id;
  update();
  desk_.tasks().startTraining({"--resume", QString::fromStdString(run_->out.string())},
                              [this, self = QPointer<RunButtons>(this)](bool) {
                                if (self) {
                                  going_.reset();
                                  update();
                                }
                              });
}

}  // namespace lix::app
