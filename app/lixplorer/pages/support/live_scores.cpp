#include "pages/support/live_scores.h"

#include <QElapsedTimer>
#include <QPointer>
#include <algorithm>
#include <utility>

#include "base/text.h"
#include "desk/checkpoint_shelf.h"
#include "desk/dataset_shelf.h"
#include "desk/tasks.h"
#include "pages/support/running.h"
#include "pages/support/words.h"

namespace lix::app {
namespace {

struct Answer {
  std::shared_ptr<const SupportScores> scores;  // null: so many pictures are missing that they are read as a task
};

/// Everything that the drawing of queries depends on.
std::string keyOf(const support::SupportSet& set, const QueryChoice& choice) {
  std::string key = cat(choice.dataset, '\n', choice.labelSet, '\n', static_cast<int>(choice.split), '\n',
                        choice.most, '\n',
                        choice.dataset.empty() ? mainDataset(set) : std::string());
  for (const auto& one : set.classes) {
    key += "\n" + one.name;
  }
  return key;
}

const study::AdapterScore* answerIn(const std::shared_ptr<const SupportScores>& scores, const std::string& adapter) {
  if (!scores) {
    return nullptr;
  }
  const auto found = std::ranges::find(scores->adapters, adapter, &study::AdapterScore::id);
  return found == scores->adapters.end() || found->waiting ? nullptr : &*found;
}

/// What adapters answered that nothing has changed for (settings of others were moved) need not be fitted again.
std::shared_ptr<const SupportScores> withFittedOf(const std::shared_ptr<const SupportScores>& before,
                                                  std::shared_ptr<const SupportScores> now,
                                                  const study::AdapterSettings& settings) {
  if (!before || *before->task != *now->task) {
    return now;
  }
  auto both = std::make_shared<SupportScores>(*now);
  both->task = before->task;  // who worked on it sees that it is the same
  for (std::size_t i = 0; i < both->adapters.size(); ++i) {
    if (both->adapters[i].waiting && !settings.contains(both->adapters[i].id)) {
      both->adapters[i] = before->adapters[i];
    }
  }
  return both;
}

}  // namespace

LiveScores::LiveScores(Desk& desk)
    : desk_(desk),
      modelRelay_(desk.interactive()),
      planRelay_(desk.io()),
      scoreRelay_(desk.interactive()),
      scorer_(std::make_shared<SupportScorer>(desk.datasets())) {
  connect(&desk.tasks(), &Tasks::changed, this, [this] {
    // Over before its answer came: cancelled, or failed and told.
    if (!task_.isEmpty() && !isRunning(desk_.tasks(), task_)) {
      task_.clear();
      say(tr("Reading the pictures was stopped. Score now (Ctrl+Return) goes on with it."));
    }
  });
}

LiveScores::~LiveScores() { stopTask(); }

void LiveScores::stopTask() {
  if (!task_.isEmpty()) {
    desk_.tasks().cancel(std::exchange(task_, {}));
  }
}

void LiveScores::say(const QString& status) {
  status_ = status;
  Q_EMIT statusChanged();
}

const study::AdapterScore* LiveScores::score(const std::string& adapter) const { return answerIn(scores_, adapter); }

std::optional<study::PairedChange> LiveScores::change(const std::string& adapter) const {
  const study::AdapterScore *now = answerIn(scores_, adapter), *then = answerIn(before_, adapter);
  const bool same = now && then && scores_->task->queries == before_->task->queries;
  return same ? study::changeBetween(*then, *now) : std::nullopt;
}

std::optional<double> LiveScores::difference(const std::string& adapter) const {
  const auto change = this->change(adapter);
  return change ? std::optional(change->share.value) : std::nullopt;
}

bool LiveScores::fits() const {
  return fitting_ == Fitting::Always || (fitting_ == Fitting::Automatic && fittingTime_.value_or(0.0) <= kSoon);
}

/// Nothing is known any more, of this set or this model.
void LiveScores::forget() {
  scores_.reset();
  before_.reset();
  fittingTime_.reset();
  moved_ = false;
}

void LiveScores::dropQuestions() {
  scoreRelay_.drop();
  fitRelay_.drop();
  current_ = false;
}

void LiveScores::setSettings(const study::AdapterSettings& settings) {
  if (settings == settings_) {
    return;
  }
  settings_ = settings;
  // While they are moved, the state before is that of before the first move.
  edited_ = edited_ || (!moved_ && scores_);
  moved_ = true;
  Q_EMIT settingsChanged();
  refresh();
}

void LiveScores::setFitting(Fitting fitting) {
  fitting_ = fitting;
  if (!fits()) {
    fitRelay_.drop();
  } else if (current_ && !isFitting()) {
    fittedSoFar_ = 0.0;
    fitNext();
  }
  Q_EMIT fitted();
}

void LiveScores::setSet(const support::SupportSet& set, Change change) {
  if (change == Change::Edited && set == set_) {
    return;
  }
  set_ = set;
  dropQuestions();  // an answer about the earlier set is none about this one
  moved_ = false;
  edited_ = change == Change::Edited && scores_;
  if (change == Change::Loaded) {
    forget();
  }
  if (live_) {
    refresh();
  } else {
    say(tr("Live is off: the numbers are of an earlier state of the set."));
  }
}

void LiveScores::setModel(const std::filesystem::path& folder) {
  folder_ = folder;
  modelRelay_.drop();
  dropQuestions();
  stopTask();
  reader_.reset();
  forget();
  Q_EMIT readerChanged();
  Q_EMIT scored();  // nothing is known of this model yet
  if (folder.empty()) {
    say(tr("Choose a checkpoint to see how the set does."));
    return;
  }
  say(tr("Reading the checkpoint..."));
  modelRelay_.ask([shelf = &desk_.checkpoints(), folder](std::stop_token) { return shelf->open(folder); },
                  [this](Result<std::shared_ptr<const study::Reader>> reader) {
                    if (!reader) {
                      desk_.say(reader.error());
                      say(QString::fromStdString(reader.error().message));
                      return;
                    }
                    reader_ = std::move(*reader);
                    Q_EMIT readerChanged();
                    refresh();
                  });
}

void LiveScores::setChoice(const QueryChoice& choice) {
  if (choice != choice_) {
    choice_ = choice;
    before_.reset();
    fittingTime_.reset();
    refresh();
  }
}

void LiveScores::setLive(bool live) {
  live_ = live;
  if (live && !current_) {
    refresh();
  }
}

bool LiveScores::needsPlan() const { return planKey_ != keyOf(set_, choice_); }

bool LiveScores::hasQueries() const {
  return queries_ && queries_->weightsHash == reader_->facts().weightsHash &&
         queries_->plan.pictures == plan_.pictures && queries_->plan.classNames == plan_.classNames;
}

void LiveScores::scoreNow() {
  everything_ = true;
  retry_ = true;
  if (std::exchange(planFailed_, false)) {
    planKey_.clear();
  }
  refresh();
}

void LiveScores::refresh() {
  dropQuestions();
  if (needsPlan()) {
    makePlan();
    return;
  }
  if (!reader_) {
    return;
  }
  if (!hasQueries() && !plan_.pictures.empty()) {
    embed();
    return;
  }
  ask();
}

void LiveScores::makePlan() {
  const std::string key = keyOf(set_, choice_);
  planRelay_.ask([shelf = &desk_.datasets(), set = set_,
                  choice = choice_](std::stop_token) { return planQueries(*shelf, set, choice); },
                 [this, key](Result<QueryPlan> plan) {
                   planKey_ = key;
                   planFailed_ = !plan;
                   if (!plan) {
                     desk_.say(plan.error());
                   }
                   takePlan(plan ? std::move(*plan) : QueryPlan());
                 });
}

void LiveScores::takePlan(QueryPlan plan) {
  plan_ = std::move(plan);
  Q_EMIT planChanged();
  refresh();
}

void LiveScores::embed() {
  stopTask();
  say(tr("Reading the queries, %1...").arg(pictureCount(plan_.pictures.size())));
  task_ = desk_.tasks().start(
      tr("Query pictures of %1").arg(QString::fromStdString(plan_.dataset)),
      [reader = reader_, shelf = &desk_.datasets(), plan = plan_,
       cache = desk_.featureCache()](const Progress& progress) -> Result<std::shared_ptr<const QueryPictures>> {
        LIX_TRY(auto queries, embedQueries(*reader, *shelf, plan, cache, progress));
        return std::make_shared<const QueryPictures>(std::move(queries));
      },
      [self = QPointer<LiveScores>(this)](std::shared_ptr<const QueryPictures> queries) {
        if (self) {
          self->task_.clear();
          self->queries_ = std::move(queries);
          self->refresh();
        }
      });
}

void LiveScores::ask() {
  scoreRelay_.ask(
      [scorer = scorer_, reader = reader_, set = set_, queries = plan_.pictures.empty() ? nullptr : queries_,
       settings = settings_, retry = std::exchange(retry_, false)](std::stop_token) -> Result<Answer> {
        if (retry) {
          scorer->retryUnreadable();
        }
        if (scorer->missing(*reader, set) > kMostAtOnce) {
          return Answer();
        }
        LIX_TRY(auto scores, scorer->score(*reader, set, queries, settings));
        return Answer{std::make_shared<const SupportScores>(std::move(scores))};
      },
      [this](Result<Answer> answer) {
        if (!answer) {
          desk_.say(answer.error());
          say(QString::fromStdString(answer.error().message));
        } else if (answer->scores) {
          takeScores(std::move(answer->scores));
        } else {
          prepare();
        }
      });
}

void LiveScores::prepare() {
  stopTask();
  say(tr("Reading the pictures of the set..."));
  task_ = desk_.tasks().start(
      tr("Support pictures"),
      [scorer = scorer_, reader = reader_, set = set_,
       cache = desk_.featureCache()](const Progress& progress) -> Result<bool> {
        LIX_CHECK(scorer->prepare(*reader, set, cache, progress));
        return true;
      },
      [self = QPointer<LiveScores>(this)](bool) {
        if (self) {
          self->task_.clear();
          self->refresh();
        }
      });
}

void LiveScores::takeScores(std::shared_ptr<const SupportScores> scores) {
  if (std::exchange(edited_, false)) {
    before_ = scores_;
  }
  scores_ = withFittedOf(scores_, std::move(scores), settings_);
  current_ = true;
  fittedSoFar_ = 0.0;
  if (std::exchange(everything_, false) || fits()) {
    fitNext();
  }
  say({});
  Q_EMIT scored();
}

void LiveScores::fitNext() {
  const auto next = std::ranges::find(scores_->adapters, true, &study::AdapterScore::waiting);
  if (next == scores_->adapters.end()) {
    // Refusals and what was known before say nothing about how long fitting takes.
    const bool any = std::ranges::any_of(scores_->adapters, [](const auto& one) { return one.refusal.empty(); });
    fittingTime_ = any && fittedSoFar_ > 0.0 ? std::optional(fittedSoFar_) : fittingTime_;
    return;
  }
  struct Fit {
    study::AdapterScore score;
    double milliseconds = 0.0;
  };
  fitRelay_.ask(
      [task = scores_->task, id = next->id, settings = settings_](std::stop_token stop) -> Fit {
        QElapsedTimer timer;
        timer.start();
        const std::vector<const adapt::Adapter*> asked{adapt::find(id).value()};
        study::SupportTask stoppable = task->task();
        stoppable.stop = std::move(stop);
        auto scores = study::scoreSupport(stoppable, asked, settings);
        return {std::move(scores.front()), static_cast<double>(timer.nsecsElapsed()) / 1e6};
      },
      [this](Fit fit) { takeFitted(std::move(fit.score), fit.milliseconds); });
}

void LiveScores::takeFitted(study::AdapterScore score, double milliseconds) {
  fittedSoFar_ += milliseconds;
  auto scores = std::make_shared<SupportScores>(*scores_);
  *std::ranges::find(scores->adapters, score.id, &study::AdapterScore::id) = std::move(score);
  scores_ = std::move(scores);
  fitNext();
  Q_EMIT fitted();
}

}  // namespace lix::app
