// What the panel of nearest pictures and captions asks for, and when.
#include "pages/inspect/nearest_panel.h"

#include <QLabel>
#include <QPointer>
#include <QTabBar>
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

constexpr std::size_t kKept = 3;  // embedded sets in memory

}  // namespace

void NearestPanel::look(const InspectView& view) {
  const bool has = view.picture >= 0 && view.picture < int(view.pictures.size());
  const auto captions = view.answer ? view.answer->question.captions : std::vector<std::string>();
  const bool unread = view.caption >= 0 && view.captionInAnswer < 0;  // the one before stays until it is read
  const std::string caption = view.captionInAnswer >= 0 && view.captionInAnswer < int(captions.size())
                                  ? captions[std::size_t(view.captionInAnswer)]
                              : unread ? caption_
                                       : std::string();
  const bool same = view.checkpoint == checkpoint_ && has == picture_.has_value() &&
                    (!has || view.pictures[std::size_t(view.picture)].ref == picture_->ref) && caption == caption_;
  checkpoint_ = view.checkpoint;
  picture_ = has ? std::optional(view.pictures[std::size_t(view.picture)]) : std::nullopt;
  caption_ = caption;
  const bool opened = !std::exchange(active_, true);
  if (opened) {
    bar_->refresh();
  }
  if (opened || !same) {
    ask();
  }
}

bool NearestPanel::byCaption() const { return tabs_->currentIndex() == 1; }

void NearestPanel::ask() {
  if (!active_) {
    return;
  }
  if (checkpoint_.empty()) {
    say(tr("Choose a checkpoint above: this shows which pictures and captions of a dataset lie nearest to yours."));
    return;
  }
  if (byCaption() ? caption_.empty() : !picture_) {
    say(byCaption() ? tr("Type a caption at the left and choose it: this shows what lies nearest to it.")
                    : tr("Add a picture at the left and choose it: this shows what lies nearest to it."));
    return;
  }
  if (const QString problem = bar_->problem(); !problem.isEmpty()) {
    dropQuestion();
    say(problem);
    return;
  }
  const ContextChoice wanted = bar_->choice();
  if (asked_ == wanted && askedFor_ == checkpoint_) {
    read();
    return;
  }
  dropQuestion();
  asked_ = wanted;
  askedFor_ = checkpoint_;
  busy_->setBusy(true);
  bar_->load(wanted, [this](Result<ContextChoice> resolved) {
    if (!resolved) {
      dropQuestion();
      say(QString::fromStdString(resolved.error().message));
      return;
    }
    const auto found = std::ranges::find_if(kept_, [&](const Kept& kept) {
      return kept.choice == *resolved && kept.checkpoint == checkpoint_;
    });
    if (found != kept_.end()) {
      base_ = found->base;
      read();
    } else {
      embed(*resolved);
    }
  });
}

void NearestPanel::dropQuestion() {
  asked_.reset();
  base_.reset();
  reading_.drop();
  bar_->drop();
  if (const QString task = std::exchange(task_, QString()); !task.isEmpty()) {
    desk_.tasks().cancel(task);
  }
}

void NearestPanel::onTasks() {
  const auto lines = desk_.tasks().lines();
  if (!task_.isEmpty() && std::ranges::find(lines, task_, &widgets::JobLine::id) == lines.end()) {
    task_.clear();
    asked_.reset();
    say(tr("Embedding was stopped. Choose another picture or dataset, or open this panel again, to begin anew."));
  }
}

void NearestPanel::embed(const ContextChoice& choice) {
  using Base = Result<std::shared_ptr<const NearBase>>;
  // The shelves outlive the background lane's tasks: the desk ends its lanes first.
  const auto work = [shelf = &desk_.checkpoints(), sets = &desk_.datasets(), folder = checkpoint_, choice,
                     cache = desk_.featureCache()](const Progress& progress) -> Result<Base> {
    Base base = embedNear(*shelf, *sets, folder, choice, cache, progress);
    if (!base && base.error().code == ErrorCode::Cancelled) {
      return std::unexpected(base.error());
    }
    return base;  // other failures are shown here
  };
  say(tr("The pictures and captions are being embedded, once for this checkpoint; the job strip shows how far it is."));
  busy_->setBusy(true);
  task_ = desk_.tasks().start(tr("Embedding what may be near"), work,
                              [this, choice, folder = checkpoint_, guard = QPointer(this)](Base base) {
                                if (guard.isNull()) {
                                  return;
                                }
                                task_.clear();
                                if (!base) {
                                  asked_.reset();  // the same choice may be asked for again
                                  say(QString::fromStdString(base.error().message));
                                  return;
                                }
                                kept_.push_back({choice, folder, *base});
                                if (kept_.size() > kKept) {
                                  kept_.erase(kept_.begin());
                                }
                                takeBase(std::move(*base));
                              });
}

void NearestPanel::takeBase(std::shared_ptr<const NearBase> base) {
  base_ = std::move(base);
  if (!base_->skipped.empty()) {
    QStringList lines;
    for (std::size_t i = 0; i < std::min<std::size_t>(base_->skipped.size(), 200); ++i) {
      lines << QString::fromStdString(base_->skipped[i].reason);
    }
    desk_.say(widgets::Severity::Warning,
              tr("%n pictures could not be read and were left out.", nullptr, int(base_->skipped.size())),
              lines.join('\n'));
  }
  read();
}

void NearestPanel::read() {
  if (!active_ || !base_) {
    return;
  }
  NearQuestion question{.base = base_, .picture = {}, .caption = {}};
  if (byCaption()) {
    question.caption = caption_;
  } else {
    question.picture = picture_;
  }
  busy_->setBusy(true);
  reading_.ask([question, shelf = &desk_.checkpoints(),
                prepared = prepared_](std::stop_token) { return findNear(*shelf, question, *prepared); },
               [this](Result<std::shared_ptr<const NearAnswer>> answer) { showAnswer(std::move(answer)); });
}

void NearestPanel::showAnswer(Result<std::shared_ptr<const NearAnswer>> answer) {
  if (!answer) {
    asked_.reset();  // weights that were replaced are embedded anew
    std::erase_if(kept_, [&](const Kept& kept) { return kept.base == base_; });
    say(QString::fromStdString(answer.error().message));
    return;
  }
  busy_->setBusy(false);
  answer_ = std::move(*answer);
  said_->setText(described());
  lists_->setVisible(true);
  fillPictures();
  fillCaptions();
  Q_EMIT nearestShown();
}

}  // namespace lix::app
