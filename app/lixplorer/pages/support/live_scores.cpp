#include "pages/support/live_scores.h"

#include <QPointer>
#include <utility>

#include "base/text.h"
#include "desk/checkpoint_shelf.h"
#include "desk/dataset_shelf.h"
#include "desk/tasks.h"
#include "pages/support/running.h"
#include "pages/support/words.h"

namespace lix::app {
namespace {

constexpr std::size_t kMostAtOnce = 24;  // new pictures that the interactive lane embeds itself

struct Answer {
  std::shared_ptr<const SupportScores> scores;  // null: so many pictures are missing
  std::size_t missing = 0;
};

/// Everything that the drawing of queries depends on.
std::string keyOf(const support::SupportSet& set, const QueryChoice& choice) {
  std::string key = cat(choice.dataset, '\n', choice.labelSet, '\n', static_cast<int>(choice.split), '\n',
                        choice.dataset.empty() ? mainDataset(set) : std::string());
  for (const auto& one : set.classes) {
    key += "\n" + one.name;
  }
  return key;
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

std::optional<double> LiveScores::difference(const std::string& adapter) const {
  const auto now = shown_.find(adapter), then = before_.find(adapter);
  return now == shown_.end() || then == before_.end() ? std::nullopt : std::optional(now->second - then->second);
}

void LiveScores::setSet(const support::SupportSet& set, Change change) {
  if (change == Change::Edited && set == set_) {
    return;
  }
  set_ = set;
  scoreRelay_.drop();  // an answer about the earlier set is none about this one
  current_ = false;
  prepared_ = false;
  edited_ = change == Change::Edited && !shown_.empty();
  if (change == Change::Loaded) {
    scores_.reset();
    shown_.clear();
    before_.clear();
  }
  if (live_) {
    scoreNow();
  } else {
    say(tr("Live is off: the numbers are of an earlier state of the set."));
  }
}

void LiveScores::setModel(const std::filesystem::path& folder) {
  folder_ = folder;
  modelRelay_.drop();
  scoreRelay_.drop();
  stopTask();
  current_ = false;
  reader_.reset();
  scores_.reset();
  shown_.clear();
  before_.clear();
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
                    prepared_ = false;
                    Q_EMIT readerChanged();
                    scoreNow();
                  });
}

void LiveScores::setChoice(const QueryChoice& choice) {
  if (choice != choice_) {
    choice_ = choice;
    shown_.clear();
    before_.clear();
    scoreNow();
  }
}

void LiveScores::setLive(bool live) {
  live_ = live;
  if (live && !current_) {
    scoreNow();
  }
}

bool LiveScores::needsPlan() const { return planKey_ != keyOf(set_, choice_); }

bool LiveScores::hasQueries() const {
  return queries_ && queries_->weightsHash == reader_->facts().weightsHash &&
         queries_->plan.pictures == plan_.pictures && queries_->plan.classNames == plan_.classNames;
}

void LiveScores::scoreNow() {
  scoreRelay_.drop();
  current_ = false;
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
                   if (!plan) {
                     desk_.say(plan.error());
                   }
                   takePlan(plan ? std::move(*plan) : QueryPlan());
                 });
}

void LiveScores::takePlan(QueryPlan plan) {
  if (plan.pictures != plan_.pictures) {
    before_.clear();
    shown_.clear();
  }
  plan_ = std::move(plan);
  Q_EMIT planChanged();
  scoreNow();
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
          self->scoreNow();
        }
      });
}

void LiveScores::ask() {
  scoreRelay_.ask(
      [scorer = scorer_, reader = reader_, set = set_, queries = plan_.pictures.empty() ? nullptr : queries_,
       most = prepared_ ? set_.size() : kMostAtOnce](std::stop_token) -> Result<Answer> {
        if (const std::size_t missing = scorer->missing(*reader, set); missing > most) {
          return Answer{nullptr, missing};
        }
        LIX_TRY(auto scores, scorer->score(*reader, set, queries.get()));
        return Answer{std::make_shared<const SupportScores>(std::move(scores)), 0};
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
      [self = QPointer<LiveScores>(this), set = set_, reader = reader_](bool) {
        if (self) {
          self->task_.clear();
          self->prepared_ = self->set_ == set && self->reader_ == reader;
          self->scoreNow();
        }
      });
}

void LiveScores::takeScores(std::shared_ptr<const SupportScores> scores) {
  std::map<std::string, double> accuracies;
  for (const study::AdapterScore& one : scores->adapters) {
    if (one.accuracy) {
      accuracies.emplace(one.id, *one.accuracy);
    }
  }
  if (edited_) {
    before_ = std::move(shown_);
    edited_ = false;
  }
  shown_ = std::move(accuracies);
  scores_ = std::move(scores);
  current_ = true;
  say({});
  Q_EMIT scored();
}

}  // namespace lix::app
