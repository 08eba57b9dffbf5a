#include "pages/support/moved_by_panel.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "adapt/adapter.h"
#include "base/text.h"
#include "desk/dataset_shelf.h"
#include "frame/picture_model.h"
#include "image_grid/image_grid.h"
#include "pages/support/adapter_box.h"
#include "pages/support/set_features.h"
#include "pages/support/support_column.h"
#include "pages/support/words.h"
#include "study/support/moved_by.h"

namespace lix::app {
namespace {

constexpr int kSide = 84;

/// The best class and the one after it.
std::pair<std::size_t, std::size_t> topTwo(const std::vector<float>& logits) {
  const auto best = static_cast<std::size_t>(std::ranges::max_element(logits) - logits.begin());
  std::size_t second = best == 0 ? 1 : 0;
  for (std::size_t c = 0; c < logits.size(); ++c) {
    second = c != best && logits[c] > logits[second] ? c : second;
  }
  return {best, second};
}

Result<std::vector<float>> vectorOf(const data::PictureRef& picture, const study::Reader& reader,
                                    const DatasetShelf& shelf, const QueryPictures* queries) {
  if (queries != nullptr) {
    const auto& known = queries->embedded;
    const auto found = std::ranges::find(known.pictures, picture);
    if (found != known.pictures.end() && queries->weightsHash == reader.facts().weightsHash) {
      const auto first = known.vectors.values.begin() +
                         (found - known.pictures.begin()) * static_cast<std::ptrdiff_t>(known.vectors.width);
      return std::vector<float>(first, first + static_cast<std::ptrdiff_t>(known.vectors.width));
    }
  }
  LIX_TRY(EmbeddedPictures embedded, embedPictures(reader, shelf, std::span(&picture, 1), std::nullopt));
  if (embedded.pictures.empty()) {
    return fail(ErrorCode::BadInput, embedded.skipped.empty()
                                         ? cat("The picture ", data::shortName(picture), " cannot be read.")
                                         : embedded.skipped.front().reason);
  }
  return std::move(embedded.vectors.values);
}

}  // namespace

struct MovedByPanel::Question {
  std::shared_ptr<const study::Reader> reader;
  std::shared_ptr<SupportScorer> scorer;
  std::shared_ptr<const QueryPictures> queries;
  const DatasetShelf* shelf = nullptr;
  support::SupportSet set;
  data::PictureRef picture;
  std::string adapter;
  ParamValues settings;
};

MovedByPanel::MovedByPanel(Desk& desk, LiveScores& scores, QWidget* parent)
    : SupportPanel(parent),
      desk_(desk),
      scores_(scores),
      relay_(scores.slowLane()),
      adapter_(new AdapterBox(scores.shown(), AdapterBox::Offer::Quick, "support.movedAdapter",
                              tr("The adapter that is fitted anew without each support picture; those that are trained take "
                                 "too long for that."))),
      status_(new QLabel),
      grid_(new widgets::ImageGrid),
      model_(new PictureModel(desk, this)) {
  setObjectName("support.movedBy");
  build();
  connect(adapter_, &QComboBox::currentIndexChanged, this, &MovedByPanel::ask);
  connect(&scores_, &LiveScores::readerChanged, this, &MovedByPanel::ask);
  connect(&scores_, &LiveScores::settingsChanged, this, [this] {
    relay_.drop();
    stale_ = true;  // the score that follows asks anew
  });
  connect(grid_, &QAbstractItemView::clicked, this, [this](const QModelIndex& index) {
    Q_EMIT selectAsked({model_->picture(index)});
    grid_->setFocus(Qt::OtherFocusReason);  // so that arrows go on here
  });
  connect(grid_, &QAbstractItemView::activated, this,
          [this](const QModelIndex& index) { Q_EMIT selectAsked({model_->picture(index)}); });
  ask();
}

void MovedByPanel::build() {
  adapter_->setAccessibleName(tr("Adapter that is asked"));
  status_->setObjectName("support.movedStatus");
  status_->setWordWrap(true);
  grid_->setObjectName("support.movedGrid");
  grid_->setAccessibleName(tr("Support pictures that moved the prediction"));
  grid_->setToolTip(tr("The upper bar is for the predicted class, the lower one against it; a click selects the picture on the "
                       "board, Space shows it large."));
  grid_->setModel(model_);
  grid_->setSide(kSide);
  grid_->setDragEnabled(true);
  grid_->setDragDropMode(QAbstractItemView::DragOnly);
  grid_->setEmptyText(tr("Select a picture in Predictions, or a query in Confusion, to see which support pictures moved "
                         "what is predicted for it."));
  auto* head = new QHBoxLayout;
  head->setSpacing(8);
  head->addWidget(adapter_);
  head->addWidget(status_, 1);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(8, 6, 8, 0);
  column->setSpacing(6);
  column->addLayout(head);
  column->addWidget(grid_, 1);
}

void MovedByPanel::setActive(bool active) {
  active_ = active;
  if (active && stale_) {
    ask();
  } else if (!active && relay_.busy()) {
    relay_.drop();
    stale_ = true;
  }
}

void MovedByPanel::setSet(const support::SupportSet& set, LiveScores::Change change) {
  if (change == LiveScores::Change::Loaded) {
    relay_.drop();
    stale_ = true;
    model_->setItems({});
    say({});
  }
  if (set_ != set) {
    set_ = set;
    relay_.drop();  // an answer about the earlier set is none about this one
    stale_ = true;
  }
}

void MovedByPanel::setScored() {
  if (stale_) {
    ask();
  }
}

void MovedByPanel::setAdapter(const std::string& adapter) { adapter_->choose(adapter); }

void MovedByPanel::explain(const data::PictureRef& picture) {
  if (picture_ != picture) {
    picture_ = picture;
    ask();
  }
}

void MovedByPanel::say(const QString& sentence) {
  status_->setText(sentence);
  status_->setAccessibleName(sentence);
}

void MovedByPanel::ask() {
  relay_.drop();
  stale_ = true;
  if (!active_ || !picture_ || !scores_.reader()) {
    return;
  }
  if (set_.size() > kMostLeftOut) {
    model_->setItems({});
    say(tr("The set has %1; leaving out each in turn is done up to %2. Take some out to see what moves a prediction.")
            .arg(pictureCount(set_.size()))
            .arg(kMostLeftOut));
    return;
  }
  stale_ = false;
  say(tr("Leaving out each of %1 in turn...").arg(pictureCount(set_.size())));
  Question question{scores_.reader(), scores_.scorer(), scores_.queries(), &desk_.datasets(), set_, *picture_, {}, {}};
  question.adapter = adapter_->id();
  if (const auto found = scores_.settings().find(question.adapter); found != scores_.settings().end()) {
    question.settings = found->second;
  }
  relay_.ask([question = std::move(question)](std::stop_token stop) { return answer(question, stop); },
             [this](Result<Answer> found) {
               if (found) {
                 show(*found);
               } else {
                 model_->setItems({});
                 say(QString::fromStdString(found.error().message));
               }
             });
}

Result<MovedByPanel::Answer> MovedByPanel::answer(const Question& asked, const std::stop_token& stop) {
  LIX_TRY(const adapt::Adapter* adapter, adapt::find(asked.adapter));
  LIX_TRY(const SetFeatures set, asked.scorer->features(*asked.reader, asked.set));
  const FilledClasses filled = filledClasses(set);
  if (filled.kept.size() < 2) {
    return fail(ErrorCode::BadInput, "A prediction needs two classes with pictures; put some into a second one.");
  }
  LIX_TRY(const std::vector<float> query, vectorOf(asked.picture, *asked.reader, *asked.shelf, asked.queries.get()));
  const adapt::Task task{.support = {set.matrix(), filled.labels},
                         .validation = {},
                         .text = {filled.text, filled.kept.size(), set.text.width},
                         .classes = filled.kept.size(),
                         .logitScale = set.logitScale};
  const adapt::Matrix queries{query, 1, query.size()};
  LIX_TRY(const auto classifier, adapter->fit(task, asked.settings));
  const std::vector<float> logits = classifier->logits(queries);
  const auto [best, second] = topTwo(logits);
  const Progress progress = [&stop](std::string_view, long long, long long) { return !stop.stop_requested(); };
  LIX_TRY(const auto moved, study::movedBy(*adapter, asked.settings, task, queries, set.pictures.size(), progress));
  Answer answer{.adapterTitle = adapter->title,
                .predicted = set.names[filled.kept[best]],
                .second = set.names[filled.kept[second]],
                .lead = logits[best] - logits[second],
                .inClass = {},
                .rows = {},
                .alone = set.pictures.size() - moved.front().size()};
  if (const auto found = std::ranges::find(set.pictures, asked.picture); found != set.pictures.end()) {
    answer.inClass = set.names[static_cast<std::size_t>(set.labels[static_cast<std::size_t>(found - set.pictures.begin())])];
  }
  for (const study::Influence& one : moved.front()) {
    if (one.change == 0.f) {
      ++answer.still;
      continue;
    }
    answer.rows.push_back({set.pictures[one.support], set.names[static_cast<std::size_t>(set.labels[one.support])],
                           one.change});
  }
  return answer;
}

void MovedByPanel::show(const Answer& answer) {
  double sum = 0.0, largest = 0.0;
  for (const Answer::Row& row : answer.rows) {
    sum += std::abs(static_cast<double>(row.change));
    largest = std::max(largest, std::abs(static_cast<double>(row.change)));
  }
  QString sentence = tr("%1 says %2 for %3, by %4 over %5. A share is a picture's part of all changes of that lead.")
                         .arg(QString::fromStdString(answer.adapterTitle), QString::fromStdString(answer.predicted),
                              captionOf(desk_, *picture_), QString::number(static_cast<double>(answer.lead), 'g', 3),
                              QString::fromStdString(answer.second));
  if (!answer.inClass.empty()) {
    sentence += " " + tr("It stands in class %1 itself, where nothing is as near to it as it is.")
                          .arg(QString::fromStdString(answer.inClass));
  }
  if (answer.alone > 0) {
    sentence += " " + tr("Not left out, as the only ones of their classes: %1.").arg(answer.alone);
  }
  if (answer.still > 0) {
    sentence += " " + tr("Without influence: %1.").arg(pictureCount(answer.still));
  }
  say(sentence);
  std::vector<PictureItem> items;
  for (const Answer::Row& row : answer.rows) {
    const double change = static_cast<double>(row.change), share = sum > 0.0 ? std::abs(change) / sum : 0.0;
    PictureItem item{.picture = row.picture};
    item.caption = QString::fromStdString(row.className);
    item.badge = (change < 0.0 ? QString(QChar(0x2212)) : QString("+")) + QString::number(100.0 * share, 'f', 1) + " %";
    item.detail = change < 0.0 ? tr("against") : tr("for");
    item.bar = change < 0.0 || largest == 0.0 ? 0.0 : change / largest;
    item.secondBar = change < 0.0 ? -change / largest : 0.0;
    item.tip = captionOf(desk_, row.picture) + "\n" +
               (change < 0.0 ? tr("Without it %1 would lead by %2 more: %3 % of all changes.")
                             : tr("Without it %1 would lead by %2 less: %3 % of all changes."))
                   .arg(QString::fromStdString(answer.predicted), QString::number(std::abs(change), 'g', 3),
                        QString::number(100.0 * share, 'f', 1));
    items.push_back(std::move(item));
  }
  model_->setItems(std::move(items));
}

QJsonObject MovedByPanel::state() const { return {{"byHand", adapter_->byHand()}}; }

void MovedByPanel::restore(const QJsonObject& state) { adapter_->restore(state["byHand"].toString()); }

}  // namespace lix::app
