// What the context panel asks for, and when.
#include "pages/inspect/context_panel.h"

#include <QPointer>
#include <algorithm>
#include <utility>

#include "desk/checkpoint_shelf.h"
#include "desk/dataset_shelf.h"
#include "desk/desk.h"
#include "desk/tasks.h"
#include "pages/inspect/context_source.h"
#include "pages/inspect/log_slider.h"

namespace lix::app {
namespace {

/// Starts embedding as a task; a failure but a cancelled one is part of the answer: it is shown in the figure's place.
template <class Answer>
QString startEmbedding(Desk& desk, const QString& title, const std::filesystem::path& checkpoint,
                       const ContextChoice& choice, Answer answer) {
  using Base = Result<std::shared_ptr<const ContextBase>>;
  // The shelves outlive the background lane's tasks: the desk ends its lanes first.
  const auto work = [shelf = &desk.checkpoints(), sets = &desk.datasets(), checkpoint, choice,
                     cache = desk.featureCache()](const Progress& progress) -> Result<Base> {
    Base base = embedContext(*shelf, *sets, checkpoint, choice, cache, progress);
    if (!base && base.error().code == ErrorCode::Cancelled) {
      return std::unexpected(base.error());
    }
    return base;
  };
  return desk.tasks().start(title, work, std::move(answer));
}

bool isGone(const Tasks& tasks, const QString& id) {
  const auto lines = tasks.lines();
  return !id.isEmpty() && std::ranges::find(lines, id, &widgets::JobLine::id) == lines.end();
}

}  // namespace

void ContextPanel::look(const InspectView& view) {
  const auto captions = view.answer ? view.answer->question.captions : std::vector<std::string>();
  const bool same = view.checkpoint == checkpoint_ && view.other == other_ && view.picture == current_ &&
                    std::ranges::equal(view.pictures, pictures_, {}, &LoadedPicture::ref, &LoadedPicture::ref);
  const bool sameCaptions = captions == captions_;
  checkpoint_ = view.checkpoint;
  other_ = view.other == view.checkpoint ? std::filesystem::path() : view.other;
  pictures_ = view.pictures;
  current_ = view.picture;
  captions_ = captions;
  const bool opened = !std::exchange(active_, true);
  if (opened) {
    bar_->refresh();
  }
  if (opened || !same) {
    ask();
  } else if (!sameCaptions && showsCaptions()) {
    read();
  }
}

ContextChoice ContextPanel::choice() const {
  ContextChoice choice = bar_->choice();
  if (choice.source == ContextChoice::Source::Selection) {
    choice.pictures = selection_;
  } else if (choice.source != ContextChoice::Source::Support) {
    for (const LoadedPicture& picture : pictures_) {
      if (choice.source == ContextChoice::Source::Page || picture.ref.dataset == choice.name) {
        choice.pictures.push_back(picture.ref);
        choice.labels.push_back(picture.label);
      }
    }
  }
  return choice;
}

QString ContextPanel::reasonNotToAsk(const ContextChoice& wanted) const {
  if (checkpoint_.empty() || current_ < 0 || current_ >= int(pictures_.size())) {
    return tr("Choose a checkpoint and a picture to see what the picture attends to.");
  }
  if (const QString problem = bar_->problem(); !problem.isEmpty()) {
    return problem;
  }
  if (wanted.source == ContextChoice::Source::Page && wanted.pictures.size() < 2) {
    return tr("A context needs two pictures or more: add pictures at the left.");
  }
  if (wanted.source == ContextChoice::Source::Selection && wanted.pictures.size() < 2) {
    return tr("Drop two pictures or more onto this panel, from the Data page or the file manager, or paste them with "
              "Ctrl+V: the current picture may then attend to them.");
  }
  return {};
}

void ContextPanel::ask() {
  if (!active_) {
    return;
  }
  const ContextChoice wanted = choice();
  if (const QString reason = reasonNotToAsk(wanted); !reason.isEmpty()) {
    giveUp(reason);
    return;
  }
  if (asked_ == wanted && askedFor_ == checkpoint_) {
    embedOther();
    read();
    return;
  }
  dropQuestion();
  asked_ = wanted;
  askedFor_ = checkpoint_;
  bar_->load(wanted, [this](Result<ContextChoice> resolved) {
    if (!resolved) {
      giveUp(QString::fromStdString(resolved.error().message));
      return;
    }
    resolved_ = std::move(*resolved);
    embed();
  });
}

void ContextPanel::askWhereChanged() {
  const bool embedded = resolved_ && (base_ || !task_.isEmpty());
  if (!active_ || !embedded || asked_ != choice() || askedFor_ != checkpoint_) {
    asked_.reset();
    ask();
    return;
  }
  bar_->load(*asked_, [this](const Result<ContextChoice>& now) {
    if (now && resolved_ == *now) {
      return;
    }
    asked_.reset();
    ask();
  });
}

void ContextPanel::dropOther() {
  otherFor_.clear();
  otherBase_.reset();
  otherProblem_.clear();
  if (const QString task = std::exchange(otherTask_, QString()); !task.isEmpty()) {
    desk_.tasks().cancel(task);
  }
}

/// The base that is shown, or on its way, is not wanted any more.
void ContextPanel::dropQuestion() {
  asked_.reset();
  resolved_.reset();
  base_.reset();
  reading_.drop();
  bar_->drop();
  dropOther();
  if (const QString task = std::exchange(task_, QString()); !task.isEmpty()) {
    desk_.tasks().cancel(task);  // which tells that tasks changed
  }
}

void ContextPanel::giveUp(const QString& text) {
  if (!base_) {
    dropQuestion();  // a base that is there may be asked for again
  }
  say(text);
}

void ContextPanel::onTasks() {
  if (isGone(desk_.tasks(), task_)) {
    task_.clear();  // over before its answer came: cancelled, or failed and told
    asked_.reset();
    say(tr("Embedding the context was stopped. Choose another picture or source, or open this tab again, to begin "
           "anew."));
  }
  if (isGone(desk_.tasks(), otherTask_)) {
    otherTask_.clear();
    otherProblem_ = tr("Embedding the context for the second checkpoint was stopped; choose it again to begin anew.");
    describe();
  }
}

void ContextPanel::embed() {
  busy_->setBusy(true);
  task_ = startEmbedding(desk_, tr("Embedding a context"), checkpoint_, *resolved_,
                         [this, guard = QPointer(this)](Result<std::shared_ptr<const ContextBase>> base) {
                           if (guard.isNull()) {
                             return;
                           }
                           task_.clear();
                           if (!base) {
                             asked_.reset();  // the same choice may be asked for again
                             say(QString::fromStdString(base.error().message));
                             return;
                           }
                           takeBase(std::move(*base));
                         });
}

void ContextPanel::takeBase(std::shared_ptr<const ContextBase> base) {
  base_ = std::move(base);
  if (!base_->skipped.empty()) {
    QStringList lines;
    for (const data::Skipped& one : base_->skipped) {
      lines << QString::fromStdString(one.reason);
    }
    desk_.say(widgets::Severity::Warning,
              tr("%n pictures of the context could not be read and were left out.", nullptr, int(lines.size())),
              lines.join('\n'));
  }
  embedOther();
  read();
}

void ContextPanel::embedOther() {
  if (other_.empty() || !base_) {
    dropOther();
    return;
  }
  if (otherFor_ == other_) {
    return;
  }
  dropOther();
  otherFor_ = other_;
  otherTask_ = startEmbedding(desk_, tr("Embedding the context for the second checkpoint"), other_, *resolved_,
                              [this, guard = QPointer(this)](Result<std::shared_ptr<const ContextBase>> base) {
                                if (guard.isNull()) {
                                  return;
                                }
                                otherTask_.clear();
                                if (base) {
                                  otherBase_ = std::move(*base);
                                } else {
                                  otherProblem_ = QString::fromStdString(base.error().message);
                                }
                                read();
                              });
}

void ContextPanel::read() {
  if (!active_ || !base_ || current_ < 0 || current_ >= int(pictures_.size())) {
    return;
  }
  ContextQuestion question{.base = base_, .picture = pictures_[std::size_t(current_)], .tau = tau()};
  if (showsCaptions()) {
    question.captions = captions_;
  }
  std::optional<ContextQuestion> second;
  if (otherBase_) {
    second = question;
    second->base = otherBase_;
    second->tau.reset();
  }
  if (const ContextAnswer* before = answer()) {
    question.query = before->question.query;
    question.captionVectors = before->question.captionVectors;
    if (!tau() && before->quarter && before->question.base == base_) {
      question.tau = before->tau.value;  // one temperature for all pictures of the page
    }
  }
  if (second && pair_.second) {
    second->query = pair_.second->question.query;
    second->captionVectors = pair_.second->question.captionVectors;
  }
  busy_->setBusy(true);
  reading_.ask(
      [question, second, shelf = &desk_.checkpoints(), sets = &desk_.datasets(), prepared = prepared_](
          std::stop_token) { return readContexts(*shelf, *sets, question, second, *prepared); },
      [this](Result<ContextPair> answer) { showAnswer(std::move(answer)); });
}

void ContextPanel::showAnswer(Result<ContextPair> answer) {
  if (!answer) {
    asked_.reset();  // weights that were replaced are embedded anew when the same is chosen
    base_.reset();
    say(QString::fromStdString(answer.error().message));
    return;
  }
  busy_->setBusy(false);
  const bool quarter = pair_.first && pair_.first->quarter && !tau() &&
                       pair_.first->question.base == answer->first->question.base;
  if (quarter && !answer->first->quarter) {
    auto same = std::make_shared<ContextAnswer>(*answer->first);
    same->quarter = true;
    answer->first = std::move(same);
  }
  pair_ = std::move(*answer);
  draw();
  drawCaptions();
  describe();
  Q_EMIT contextShown();
}

void ContextPanel::say(const QString& text) {
  reading_.drop();
  busy_->setBusy(false);
  pair_ = {};
  figure_.reset();
  pairFigure_.reset();
  for (widgets::FigureView* view : {view_, captionsView_}) {
    view->setEmptyText(text);
    view->setFigure(nullptr);
  }
  describe();
}

}  // namespace lix::app
