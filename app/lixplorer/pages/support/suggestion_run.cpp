#include "pages/support/suggestion_run.h"

#include <QPointer>
#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "desk/dataset_shelf.h"
#include "desk/tasks.h"
#include "pages/support/duplicates.h"
#include "pages/support/running.h"
#include "pages/support/set_features.h"
#include "pages/support/words.h"

namespace lix::app {
namespace {

/// Training samples of a dataset, at most kMostInPool, evenly over them.
Result<std::vector<data::PictureRef>> trainingPictures(const DatasetShelf& shelf, const std::string& name) {
  LIX_TRY(const auto open, shelf.open(name));
  std::vector<std::size_t> train;
  for (std::size_t i = 0; i < open->set.samples.size(); ++i) {
    if (open->set.samples[i].split == data::Split::Train) {
      train.push_back(i);
    }
  }
  const std::size_t count = std::min(train.size(), kMostInPool);
  std::vector<data::PictureRef> pictures;
  for (std::size_t k = 0; k < count; ++k) {
    pictures.push_back(data::PictureRef::sample(name, open->set.samples[train[k * train.size() / count]].key));
  }
  return pictures;
}

/// Scores that have an adapter's best and second class of every picture with their margin, and nothing for the others:
/// all that doubt is about.
std::vector<float> scoresOf(const Predictions& predictions, const SetFeatures& set) {
  std::map<std::string, std::size_t> places;
  for (std::size_t c = 0; c < set.names.size(); ++c) {
    places.emplace(set.names[c], c);
  }
  std::vector<float> scores(predictions.rows.size() * set.names.size(), std::numeric_limits<float>::lowest());
  for (std::size_t i = 0; i < predictions.rows.size(); ++i) {
    const Prediction& one = predictions.rows[i];
    scores[i * set.names.size() + places.at(one.second)] = 0.f;
    scores[i * set.names.size() + places.at(one.best)] = one.margin;
  }
  return scores;
}

/// What a question of the interactive lane needs; its own copies.
struct Question {
  std::shared_ptr<const study::Reader> reader;
  std::shared_ptr<SupportScorer> scorer;
  std::shared_ptr<const QueryPictures> queries;
  std::shared_ptr<const EmbeddedPictures> pool;
  support::SupportSet set;
  SuggestionWish wish;
  study::AdapterSettings settings;
};

Result<std::shared_ptr<const SuggestionList>> answer(const Question& asked, const std::stop_token& stop) {
  LIX_TRY(const SetFeatures set, asked.scorer->features(*asked.reader, asked.set));
  const auto place = std::ranges::find(set.names, asked.wish.className);
  if (place == set.names.end()) {
    return fail(ErrorCode::NotFound, "Choose the class that pictures are suggested for.");
  }
  const EmbeddedPictures& pool = *asked.pool;
  study::SuggestTask task{.pool = {pool.vectors.values, pool.pictures.size(), pool.vectors.width},
                          .poolHashes = pool.hashes,
                          .support = set.labelled(),
                          .supportHashes = set.hashes,
                          .queryHashes = {},
                          .classes = set.names.size(),
                          .scores = {},
                          .text = {},
                          .queries = {},
                          .nearCosine = kNearCosine};
  if (asked.queries) {
    const EmbeddedPictures& queries = asked.queries->embedded;
    task.queryHashes = queries.hashes;
    if (asked.queries->weightsHash == asked.reader->facts().weightsHash) {
      task.queries = {queries.vectors.values, queries.pictures.size(), queries.vectors.width};
    }
  }
  study::Vectors text;
  if (asked.wish.by == study::SuggestBy::Caption && !asked.wish.caption.empty()) {
    LIX_TRY(text, asked.reader->captionVectors({asked.wish.caption}));
    task.text = text.values;
  }
  std::vector<float> scores;
  const std::string& adapter = asked.wish.adapter;
  // Prototypes at their defaults are what a task without scores is ranked by.
  const bool plain = adapter.empty() || (adapter == "prototype" && !asked.settings.contains(adapter));
  if (asked.wish.by == study::SuggestBy::Uncertain && !plain) {
    LIX_TRY(const Predictions predictions,
            asked.scorer->predict(*asked.reader, asked.set, pool, adapter, asked.settings, stop));
    if (!predictions.refusal.empty()) {
      return fail(ErrorCode::BadInput, predictions.refusal);
    }
    scores = scoresOf(predictions, set);
    task.scores = {scores, pool.pictures.size(), set.names.size()};
  }
  auto list = std::make_shared<SuggestionList>();
  list->wish = asked.wish;
  list->pool = pool.pictures.size();
  const auto index = static_cast<std::size_t>(place - set.names.begin());
  LIX_TRY(list->counts, study::suggest(task, asked.wish.by, index, kMostSuggested, stop));
  for (const study::Suggestion& one : std::exchange(list->counts.rows, {})) {
    list->rows.push_back({pool.pictures[one.row], one.score});
  }
  return list;
}

}  // namespace

SuggestionRun::SuggestionRun(Desk& desk, LiveScores& scores)
    : desk_(desk), scores_(scores), listRelay_(desk.io()), rankRelay_(desk.interactive()), fitRelay_(scores.slowLane()) {
  connect(&desk.tasks(), &Tasks::changed, this, [this] {
    if (!task_.isEmpty() && !isRunning(desk_.tasks(), task_)) {
      task_.clear();
      waiting_ = pictures_.size();
      allowed_ = false;
      say(tr("Reading the pool was stopped."));
    }
  });
  connect(&scores, &LiveScores::readerChanged, this, [this] {
    dropRanking();
    embedded_.reset();
    list_.reset();
    if (asked_ && !pictures_.empty()) {
      embed();
    } else {
      Q_EMIT changed();
    }
  });
}

SuggestionRun::~SuggestionRun() { stop(); }

void SuggestionRun::say(const QString& status) {
  status_ = status;
  Q_EMIT changed();
}

void SuggestionRun::stop() {
  listRelay_.drop();
  dropRanking();
  if (!task_.isEmpty()) {
    desk_.tasks().cancel(std::exchange(task_, {}));
  }
  pictures_.clear();
  embedded_.reset();
  list_.reset();
  waiting_ = 0;
  allowed_ = false;
}

void SuggestionRun::usePool(const std::string& dataset) {
  stop();
  if (dataset.empty()) {
    say({});
    return;
  }
  say(tr("Listing the training pictures..."));
  listRelay_.ask([shelf = &desk_.datasets(), dataset](std::stop_token) { return trainingPictures(*shelf, dataset); },
                 [this, dataset](Result<std::vector<data::PictureRef>> pictures) {
                   if (!pictures) {
                     desk_.say(pictures.error());
                     say(QString::fromStdString(pictures.error().message));
                   } else if (pictures->empty()) {
                     say(tr("%1 has no training pictures; choose another dataset or drop a folder.")
                             .arg(QString::fromStdString(dataset)));
                   } else {
                     take(std::move(*pictures));
                   }
                 });
}

void SuggestionRun::usePool(const Payload& payload) {
  stop();
  if (payload.paths.empty()) {
    takeListing({}, payload.pictures);
    return;
  }
  say(tr("Listing the pictures..."));
  listRelay_.ask([paths = payload.paths](
                     std::stop_token token) { return listFolders(paths, FolderUse::Flat, kMostInPool, token); },
                 [this, pictures = payload.pictures](const FolderListing& listing) { takeListing(listing, pictures); });
}

void SuggestionRun::takeListing(const FolderListing& listing, std::vector<data::PictureRef> pictures) {
  for (const auto& path : listing.loose) {
    pictures.push_back(data::PictureRef::ofFile(path));
  }
  if (listing.skippedCount > 0) {
    desk_.say(widgets::Severity::Info, tr("Passed over: %1.").arg(fileCount(listing.skippedCount)),
              QString::fromStdString(linesOf(listing.skipped, listing.skippedCount)));
  }
  if (listing.cut || pictures.size() > kMostInPool) {
    pictures.resize(std::min(pictures.size(), kMostInPool));
    desk_.say(widgets::Severity::Warning, tr("Only the first %1 pictures of the pool are looked at.").arg(kMostInPool));
  }
  if (pictures.empty()) {
    say(tr("No picture was found there; choose a folder with .jpg, .png or other pictures."));
    return;
  }
  take(std::move(pictures));
}

void SuggestionRun::take(std::vector<data::PictureRef> pictures) {
  pictures_ = std::move(pictures);
  if (asked_) {
    embed();
  } else {
    say({});
  }
}

void SuggestionRun::read() {
  allowed_ = true;
  if (!pictures_.empty() && task_.isEmpty()) {
    embed();
  }
}

void SuggestionRun::embed() {
  if (!task_.isEmpty()) {
    desk_.tasks().cancel(std::exchange(task_, {}));
  }
  const auto reader = scores_.reader();
  if (!reader) {
    say(tr("Choose a checkpoint in Accuracy: the pool is read with it."));
    return;
  }
  waiting_ = pictures_.size() > kReadUnasked && !allowed_ ? pictures_.size() : 0;
  if (waiting_ > 0) {
    say(tr("The checkpoint has to read the pool once; that may take minutes."));
    return;
  }
  say(tr("Reading %1 of the pool...").arg(pictureCount(pictures_.size())));
  task_ = desk_.tasks().start(
      tr("Pool of suggestions"),
      [reader, shelf = &desk_.datasets(), pictures = pictures_,
       cache = desk_.featureCache()](const Progress& progress) -> Result<std::shared_ptr<const EmbeddedPictures>> {
        LIX_TRY(auto embedded, embedPictures(*reader, *shelf, pictures, cache, progress));
        return std::make_shared<const EmbeddedPictures>(std::move(embedded));
      },
      [self = QPointer<SuggestionRun>(this)](std::shared_ptr<const EmbeddedPictures> embedded) {
        if (self) {
          self->task_.clear();
          self->embedded_ = std::move(embedded);
          if (const auto& skipped = self->embedded_->skipped; !skipped.empty()) {
            self->desk_.say(widgets::Severity::Warning,
                            tr("Not in the pool, because unreadable: %1.").arg(pictureCount(skipped.size())),
                            QString::fromStdString(linesOf(skipped, skipped.size())));
          }
          self->rank();
        }
      });
}

void SuggestionRun::rest() {
  asked_ = false;
  dropRanking();
}

void SuggestionRun::ask(const SuggestionWish& wish, const support::SupportSet& set) {
  asked_ = true;
  wish_ = wish;
  set_ = set;
  if (embedded_) {
    rank();
  } else if (!pictures_.empty() && task_.isEmpty()) {
    embed();
  }
}

void SuggestionRun::dropRanking() {
  rankRelay_.drop();
  fitRelay_.drop();
}

bool SuggestionRun::needsFit() const {
  const auto adapter = adapt::find(wish_.adapter);
  return wish_.by == study::SuggestBy::Uncertain && adapter && !study::isQuick(**adapter);
}

void SuggestionRun::rank() {
  if (!asked_ || !embedded_ || !scores_.reader()) {
    return;
  }
  if (embedded_->pictures.empty()) {
    say(tr("None of the pictures could be read; the messages say why."));
    return;
  }
  dropRanking();
  (needsFit() ? fitRelay_ : rankRelay_).ask(
      [question = Question{scores_.reader(), scores_.scorer(), scores_.queries(), embedded_, set_, wish_, scores_.settings()}](
          std::stop_token token) { return answer(question, token); },
      [this](Result<std::shared_ptr<const SuggestionList>> list) {
        if (list) {
          list_ = std::move(*list);
          say({});
        } else if (list.error().code != ErrorCode::Cancelled) {
          list_.reset();
          say(QString::fromStdString(list.error().message));
        }
      });
}

}  // namespace lix::app
