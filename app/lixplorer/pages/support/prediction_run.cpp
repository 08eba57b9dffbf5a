#include "pages/support/prediction_run.h"

#include <QPointer>
#include <algorithm>
#include <utility>

#include "desk/dataset_shelf.h"
#include "desk/tasks.h"
#include "pages/support/running.h"
#include "pages/support/words.h"

namespace lix::app {

PredictionRun::PredictionRun(Desk& desk, jobs::Lane& slow)
    : desk_(desk), listRelay_(desk.io()), predictRelay_(desk.interactive()), fitRelay_(slow) {
  connect(&desk.tasks(), &Tasks::changed, this, [this] {
    // Over before its answer came: cancelled, or failed and told.
    if (!task_.isEmpty() && !isRunning(desk_.tasks(), task_)) {
      task_.clear();
      say(tr("Reading the pictures was stopped; drop them again to go on."));
    }
  });
}

PredictionRun::~PredictionRun() { clear(); }

void PredictionRun::say(const QString& status) {
  status_ = status;
  Q_EMIT changed();
}

void PredictionRun::dropQuestions() {
  predictRelay_.drop();
  fitRelay_.drop();
}

void PredictionRun::clear() {
  listRelay_.drop();
  dropQuestions();
  if (!task_.isEmpty()) {
    desk_.tasks().cancel(std::exchange(task_, {}));
  }
  pictures_.clear();
  embedded_.reset();
  predictions_.reset();
  current_ = false;
  say({});
}

void PredictionRun::start(const Payload& payload) {
  clear();
  if (payload.paths.empty()) {
    take(payload.pictures, {});
    return;
  }
  say(tr("Listing the pictures..."));
  listRelay_.ask([paths = payload.paths](
                     std::stop_token stop) { return listFolders(paths, FolderUse::Flat, kMostPredicted, stop); },
                 [this, pictures = payload.pictures](FolderListing listing) mutable {
                   for (auto& path : listing.loose) {
                     pictures.push_back(data::PictureRef::ofFile(std::move(path)));
                   }
                   take(std::move(pictures), listing);
                 });
}

void PredictionRun::take(std::vector<data::PictureRef> pictures, const FolderListing& listing) {
  if (listing.skippedCount > 0) {
    desk_.say(widgets::Severity::Info, tr("Passed over: %1.").arg(fileCount(listing.skippedCount)),
              QString::fromStdString(linesOf(listing.skipped, listing.skippedCount)));
  }
  if (listing.cut || pictures.size() > kMostPredicted) {
    pictures.resize(std::min(pictures.size(), kMostPredicted));
    desk_.say(widgets::Severity::Warning,
              tr("Only the first %1 pictures are classified; drop the rest by itself.").arg(kMostPredicted));
  }
  pictures_ = std::move(pictures);
  toldSkipped_ = false;
  if (pictures_.empty()) {
    say(tr("No picture was found there; choose a folder with .jpg, .png or other pictures."));
    return;
  }
  embed();
}

void PredictionRun::setReader(std::shared_ptr<const study::Reader> reader, std::shared_ptr<SupportScorer> scorer) {
  reader_ = std::move(reader);
  scorer_ = std::move(scorer);
  dropQuestions();  // an answer of the earlier model
  embedded_.reset();
  predictions_.reset();
  current_ = false;
  awaiting_ = true;  // the set meets the new model where it is scored
  if (!pictures_.empty()) {
    embed();  // which tells that there are no predictions now
  }
}

void PredictionRun::setSet(const support::SupportSet& set) {
  set_ = set;
  awaiting_ = false;
  ask();
}

void PredictionRun::await(const support::SupportSet& set, LiveScores::Change change) {
  const bool lacks = std::ranges::any_of(set_.classes, [&](const auto& one) {
    return std::ranges::find(set.classes, one.name, &support::SupportClass::name) == set.classes.end();
  });
  if (change == LiveScores::Change::Edited && !lacks) {
    return;
  }
  awaiting_ = true;
  dropQuestions();
  predictions_.reset();
  current_ = false;
  if (embedded_) {
    ask();  // which tells what is waited for
  } else {
    Q_EMIT changed();
  }
}

void PredictionRun::setAdapter(const std::string& adapter) {
  if (adapter != adapter_) {
    adapter_ = adapter;
    ask();
  }
}

void PredictionRun::setSettings(const study::AdapterSettings& settings) {
  if (settings != settings_) {
    settings_ = settings;
    dropQuestions();
    current_ = false;
    Q_EMIT changed();
  }
}

void PredictionRun::setSorting(Sorting sorting) {
  sorting_ = sorting;
  ask();
}

void PredictionRun::embed() {
  if (!task_.isEmpty()) {
    desk_.tasks().cancel(std::exchange(task_, {}));
  }
  if (!reader_) {
    say(tr("Choose a checkpoint: the pictures are classified as soon as it is read."));
    return;
  }
  say(tr("Reading %1...").arg(pictureCount(pictures_.size())));
  task_ = desk_.tasks().start(
      tr("Pictures to classify"),
      [reader = reader_, shelf = &desk_.datasets(), pictures = pictures_,
       cache = desk_.featureCache()](const Progress& progress) -> Result<std::shared_ptr<const EmbeddedPictures>> {
        LIX_TRY(auto embedded, embedPictures(*reader, *shelf, pictures, cache, progress));
        return std::make_shared<const EmbeddedPictures>(std::move(embedded));
      },
      [self = QPointer<PredictionRun>(this)](std::shared_ptr<const EmbeddedPictures> embedded) {
        if (!self) {
          return;
        }
        self->task_.clear();
        self->embedded_ = std::move(embedded);
        const auto& skipped = self->embedded_->skipped;
        if (!skipped.empty() && !std::exchange(self->toldSkipped_, true)) {
          self->desk_.say(widgets::Severity::Warning,
                          tr("Not classified, because unreadable: %1.").arg(pictureCount(skipped.size())),
                          QString::fromStdString(linesOf(skipped, skipped.size())));
        }
        self->ask();
      });
}

void PredictionRun::ask() {
  if (!embedded_ || !reader_ || adapter_.empty()) {
    return;
  }
  current_ = false;
  if (awaiting_) {
    say(tr("The pictures are classified as soon as the set is scored."));
    return;
  }
  if (embedded_->pictures.empty()) {
    say(tr("None of the pictures could be read; the messages say why."));
    return;
  }
  dropQuestions();
  const auto adapter = adapt::find(adapter_);
  const bool quick = !adapter || study::isQuick(**adapter);
  if (!quick) {
    say(tr("%1 is fitted first...").arg(QString::fromStdString((*adapter)->title)));
  }
  (quick ? predictRelay_ : fitRelay_).ask(
      [scorer = scorer_, reader = reader_, set = set_, pictures = embedded_, adapter = adapter_,
       settings = settings_, sorting = sorting_](std::stop_token stop) -> Result<std::shared_ptr<const Predictions>> {
        LIX_TRY(Predictions predictions, scorer->predict(*reader, set, *pictures, adapter, settings, stop));
        if (sorting == Sorting::LeastSureFirst) {
          std::ranges::stable_sort(predictions.rows, {}, &Prediction::margin);
        }
        return std::make_shared<const Predictions>(std::move(predictions));
      },
      [this](Result<std::shared_ptr<const Predictions>> predictions) {
        if (!predictions) {
          predictions_.reset();
          say(QString::fromStdString(predictions.error().message));
          return;
        }
        predictions_ = std::move(*predictions);
        current_ = true;
        say(QString::fromStdString(predictions_->refusal));
      });
}

}  // namespace lix::app
