#include <QComboBox>
#include <QItemSelectionModel>
#include <QLabel>
#include <QPointer>
#include <QPushButton>
#include <QSpinBox>
#include <QStackedWidget>
#include <algorithm>
#include <array>
#include <utility>

#include "desk/checkpoint_shelf.h"
#include "desk/dataset_shelf.h"
#include "desk/tasks.h"
#include "docks/dock_area.h"
#include "frame/choices.h"
#include "frame/page_parts.h"
#include "frame/picture_model.h"
#include "frame/preview.h"
#include "image_grid/image_grid.h"
#include "pages/compare/caption_line.h"
#include "pages/compare/compare_page.h"
#include "pages/compare/comparison_text.h"
#include "pages/compare/curves_pair_panel.h"
#include "pages/compare/pair_curves.h"
#include "pages/compare/pair_reading.h"
#include "pages/compare/picture_filter_bar.h"
#include "pages/compare/verdict_cards.h"
#include "study/reader/reader.h"

namespace lix::app {
namespace {

constexpr std::size_t kMostKnown = 16, kMostKnownBytes = 512ULL << 20;  // comparisons in memory

QString text(const std::string& words) { return QString::fromStdString(words); }

widgets::GridFrame frameOf(Verdict verdict) {
  return verdict == Verdict::Both      ? widgets::GridFrame::Right
         : verdict == Verdict::Neither ? widgets::GridFrame::Wrong
                                       : widgets::GridFrame::None;
}

PictureItem itemOf(const Comparison& comparison, std::size_t which) {
  const ComparedPicture& picture = comparison.pictures[which];
  PictureItem item;
  item.picture = data::PictureRef::sample(comparison.order.dataset, picture.key);
  item.badge = text(comparison.classes[std::size_t(picture.label)]);
  item.caption = saidText(comparison, picture, 0);
  item.detail = saidText(comparison, picture, 1);
  item.frame = frameOf(picture.verdict());
  item.tip = tipText(comparison, picture);
  return item;
}

}  // namespace

ComparisonOrder ComparePage::order() const {
  ComparisonOrder order{.checkpointA = a_->folder(),
                        .checkpointB = b_->folder(),
                        .dataset = dataset_->name(),
                        .labelSet = labels_->currentText().toStdString(),
                        .split = static_cast<data::Split>(split_->currentData().toInt()),
                        .method = method_->currentData().toString().toStdString(),
                        .shots = shots_->value(),
                        .seed = seed_->value(),
                        .only = only_,
                        .most = std::size_t(most_->currentData().toULongLong())};
  if (order.method == kZeroShot) {
    order.shots = 0;
  }
  if (!only_.empty()) {
    order.split = data::Split::Test;  // has no part in it
  }
  return order;
}

QString ComparePage::problem() const {
  if (a_->folder().empty() || b_->folder().empty()) {
    return tr("Two checkpoints are compared here: train one, or open a checkpoint's folder.");
  }
  if (dataset_->name().empty()) {
    return tr("Choose a dataset; your own pictures are added on the Data page.");
  }
  return labelProblem_;
}

void ComparePage::onChoice() {
  shots_->setEnabled(method_->currentData().toString() != kZeroShot);
  const QString missing = problem();
  const auto found = missing.isEmpty() ? known(order()) : nullptr;
  if (found != nullptr) {
    if (found != shown_) {
      showComparison(found);
    }
    stack_->setCurrentIndex(1);
    if (!wantedPanel_.isEmpty()) {
      QMetaObject::invokeMethod(  // once the panels stand
          this, [this] { docks_->showPanel(std::exchange(wantedPanel_, {})); }, Qt::QueuedConnection);
    }
  } else {
    shown_.reset();
    rows_.clear();
    picture_.reset();
    reading_ = nullptr;
    readingRelay_.drop();
    stack_->setCurrentIndex(0);
    lookAll();
  }
  onTasks();
}

std::shared_ptr<const Comparison> ComparePage::known(const ComparisonOrder& order) {
  const auto found = std::ranges::find_if(known_, [&](const auto& one) { return one->order == order; });
  if (found == known_.end()) {
    return nullptr;
  }
  known_.splice(known_.end(), known_, found);
  return known_.back();
}

void ComparePage::start() {
  if (const QString missing = problem(); !missing.isEmpty()) {
    desk().say(widgets::Severity::Warning, missing);
    return;
  }
  const ComparisonOrder wanted = order();
  using Answer = Result<std::shared_ptr<const Comparison>>;
  const auto work = [wanted, cache = desk().featureCache(), &checkpoints = desk().checkpoints(),
                     &datasets = desk().datasets()](const Progress& progress) -> Answer {
    LIX_TRY(const auto a, checkpoints.open(wanted.checkpointA));
    LIX_TRY(const auto b, checkpoints.open(wanted.checkpointB));
    LIX_TRY(const auto opened, datasets.open(wanted.dataset));
    LIX_TRY(Comparison made, compare(*a, *b, opened->set, wanted, cache, progress));
    return std::make_shared<const Comparison>(std::move(made));
  };
  task_ = desk().tasks().start(tr("Comparing %1 and %2").arg(a_->currentText(), b_->currentText()), work,
                               [self = QPointer<ComparePage>(this)](std::shared_ptr<const Comparison> made) {
                                 if (self) {
                                   self->keep(std::move(made));
                                 }
                               });
  onTasks();
}

void ComparePage::keep(std::shared_ptr<const Comparison> made) {
  known_.remove_if([&](const auto& one) { return one->order == made->order; });
  known_.push_back(std::move(made));
  std::size_t bytes = 0;
  for (const auto& one : known_) {
    bytes += one->bytes();
  }
  while (known_.size() > 1 && (known_.size() > kMostKnown || bytes > kMostKnownBytes)) {
    bytes -= known_.front()->bytes();
    known_.pop_front();
  }
  onChoice();
}

void ComparePage::onTasks() {
  QString doing;
  if (!task_.isEmpty()) {
    const auto lines = desk().tasks().lines();
    const auto line = std::ranges::find(lines, task_, &widgets::JobLine::id);
    if (line == lines.end()) {
      task_.clear();  // done, failed or cancelled
    } else {
      doing = line->detail.isEmpty() ? tr("Comparing.") : tr("Comparing: %1").arg(line->detail);
      if (line->secondsLeft >= 0.0) {
        doing += tr(", %1 left").arg(widgets::durationText(line->secondsLeft));
      }
    }
  }
  for (QPushButton* button : {compare_, emptyButton_}) {
    button->setText(task_.isEmpty() ? tr("Compare") : tr("Cancel"));
    button->setEnabled(!task_.isEmpty() || problem().isEmpty());
  }
  const QString missing = problem();
  empty_->setText(tr("Who is right where"),
                  !doing.isEmpty()    ? doing
                  : missing.isEmpty() ? tr("Classifies up to %1 pictures with both checkpoints and shows where they "
                                           "differ, what they look at, and their few-shot curves.")
                                            .arg(most_->currentText())
                                      : missing);
}

void ComparePage::showComparison(std::shared_ptr<const Comparison> comparison) {
  const bool otherClasses = shown_ == nullptr || shown_->classes != comparison->classes;
  shown_ = std::move(comparison);
  rows_.clear();
  picture_.reset();
  summary_->setText(summaryText(*shown_, a_->currentText(), b_->currentText()));
  summary_->setToolTip(intervalText());
  notes_->setText(notesText(*shown_));
  notes_->setVisible(!notes_->text().isEmpty());
  cards_->setCounts(countVerdicts(shown_->pictures));
  filters_->setClasses(shown_->classes);
  if (otherClasses) {
    filter_ = {.verdict = filter_.verdict};
  }
  setFilter(filter_);
  askCurves();
}

void ComparePage::setFilter(const PictureFilter& filter) {
  filter_ = filter;
  cards_->setChosen(filter.verdict);
  filters_->setFilter(filter);
  showPictures();
}

void ComparePage::showPictures() {
  if (shown_ == nullptr) {
    return;
  }
  const auto looked = picture_;
  const auto order = static_cast<PictureOrder>(sort_->currentData().toInt());
  rows_ = chosenPictures(shown_->pictures, filter_, order);
  model_->setItems(int(rows_.size()),
                   [shown = shown_, rows = rows_](int row) { return itemOf(*shown, rows[std::size_t(row)]); });
  const QString count = locale().toString(qulonglong(rows_.size()));
  filtered_->setText(rows_.size() == shown_->pictures.size()
                         ? tr("All pictures: %1").arg(count)
                         : tr("%1 of %2 pictures").arg(count, locale().toString(qulonglong(shown_->pictures.size()))));
  showNarrowing();
  // What was looked at stays; else the first, so that there is something to see at once.
  const auto kept = looked ? std::ranges::find(rows_, *looked) : rows_.end();
  grid_->setCurrentIndex(rows_.empty() ? QModelIndex()
                                       : model_->index(kept == rows_.end() ? 0 : int(kept - rows_.begin())));
  onSelected();
}

void ComparePage::showNarrowing() {
  const QString narrowed = narrowedText(*shown_, filter_);
  const VerdictCounts counts = countVerdicts(shown_->pictures);
  const std::size_t all = filter_.verdict ? counts[*filter_.verdict] : counts.all();
  const QString left = locale().toString(qulonglong(rows_.size())), of = locale().toString(qulonglong(all));
  narrowed_->setText(filter_.verdict
                         ? tr("%1 of the %2 of \u201c%3\u201d: %4").arg(left, of, verdictTitle(*filter_.verdict), narrowed)
                         : tr("%1 of all %2: %3").arg(left, of, narrowed));
  wider_->setText(filter_.verdict ? tr("Show these %1").arg(of) : tr("Show all %1").arg(of));
  wider_->setAccessibleName(wider_->text());
  narrowing_->setVisible(!narrowed.isEmpty());
  grid_->setEmptyText(narrowed.isEmpty() ? tr("No picture is among these.")
                                         : tr("None of them: %1.").arg(narrowed) + "\n" +
                                               tr("\u201c%1\u201d above takes that off.").arg(wider_->text()));
}

/// In the grid, which shows all again where the picture is not among its pictures.
void ComparePage::choosePicture(std::size_t position) {
  if (shown_ == nullptr || position >= shown_->pictures.size()) {
    return;
  }
  if (std::ranges::find(rows_, position) == rows_.end()) {
    setFilter({});
  }
  const auto found = std::ranges::find(rows_, position);
  grid_->setCurrentIndex(model_->index(int(found - rows_.begin())));
  onSelected();
}

void ComparePage::onSelected() {
  const QModelIndexList selected = grid_->selectionModel()->selectedIndexes();
  const auto before = picture_;
  if (shown_ == nullptr || selected.isEmpty()) {
    picture_.reset();
    title_->setText(tr("No picture selected"));
    said_->clear();
  } else {
    const QModelIndex current = grid_->currentIndex();
    const int row = (selected.contains(current) ? current : selected.front()).row();
    picture_ = rows_[std::size_t(row)];
    const ComparedPicture& picture = shown_->pictures[*picture_];
    title_->setText(tr("%1, true class %2").arg(text(picture.name), text(shown_->classes[std::size_t(picture.label)])));
    title_->setToolTip(tipText(*shown_, picture));
    said_->setText(saidText(*shown_, picture, 0) + "    " + saidText(*shown_, picture, 1));
    said_->setToolTip(tipText(*shown_, picture));
  }
  inspect_->setEnabled(picture_.has_value());
  if (picture_ != before || !picture_) {
    reading_ = nullptr;
    readingProblem_.clear();
    readingRelay_.drop();
    verify();
  }
  lookAll();
}

CompareView ComparePage::view() const {
  return {.comparison = shown_,
          .picture = picture_,
          .a = a_->currentText(),
          .b = b_->currentText(),
          .captions = typedCaptions_,
          .reading = reading_,
          .problem = readingProblem_};
}

void ComparePage::lookAll() {
  const CompareView now = view();
  bool wanted = false;
  for (const auto& [id, panel] : panels_) {
    if (docks_->isInFront(id)) {
      panel->look(now);
      wanted = wanted || panel->wantsReading();
    }
  }
  if (wanted && picture_ && reading_ == nullptr && readingProblem_.isEmpty() && !readingRelay_.busy()) {
    askReading();
  }
}

void ComparePage::verify() {
  if (shown_ == nullptr) {
    return;
  }
  verifyRelay_.ask(
      [order = shown_->order, &checkpoints = desk().checkpoints()](
          std::stop_token) -> Result<std::array<std::string, 2>> {
        LIX_TRY(const auto a, checkpoints.open(order.checkpointA));
        LIX_TRY(const auto b, checkpoints.open(order.checkpointB));
        return std::array{a->facts().weightsHash, b->facts().weightsHash};
      },
      [this, shown = shown_](const Result<std::array<std::string, 2>>& weights) {
        if (weights && *weights != shown->weights()) {
          known_.remove(shown);
          onChoice();
          desk().say(widgets::Severity::Info,
                     tr("A checkpoint has other weights than when it was compared, so these answers are gone; compare "
                        "again."));
        }
      });
}

void ComparePage::preview(int row) {
  if (shown_ == nullptr || row < 0 || std::size_t(row) >= rows_.size()) {
    return;
  }
  grid_->setCurrentIndex(model_->index(row));
  const ComparedPicture& picture = shown_->pictures[rows_[std::size_t(row)]];
  preview_->show(data::PictureRef::sample(shown_->order.dataset, picture.key),
                 saidText(*shown_, picture, 0) + "   " + saidText(*shown_, picture, 1));
}

void ComparePage::askReading() {
  const ComparedPicture& picture = shown_->pictures[*picture_];
  const std::vector<std::string> typed = captionsIn(typedCaptions_);
  readingRelay_.ask(
      [order = shown_->order, captions = typed.empty() ? captionsOf(*shown_, picture) : typed, key = picture.key,
       name = picture.name, &checkpoints = desk().checkpoints(),
       &datasets = desk().datasets()](std::stop_token stop) -> Result<PairReading> {
        LIX_TRY(const auto a, checkpoints.open(order.checkpointA));
        LIX_TRY(const auto b, checkpoints.open(order.checkpointB));
        LIX_TRY(const imaging::Image image, datasets.load(data::PictureRef::sample(order.dataset, key)));
        return readPair({a.get(), b.get()}, image, name, captions, stop);
      },
      [this](const Result<PairReading>& reading) {
        reading_ = reading ? std::make_shared<const PairReading>(*reading) : nullptr;
        readingProblem_ = reading ? QString() : text(reading.error().message);
        lookAll();
      });
}

void ComparePage::askCurves() {
  const ComparisonOrder order = shown_->order;
  desk().ask(
      curvesRelay_,
      [order](const store::Workspace& workspace) -> Result<PairCurves> {
        LIX_TRY(const auto rows, store::EvaluationStore(workspace).list(
                                     {.dataset = order.dataset, .labelSet = order.labelSet, .metric = "top1"}));
        LIX_TRY(const auto outcomes,
                store::EvaluationStore(workspace).outcomes(
                    {.kind = "few-shot", .dataset = order.dataset, .labelSet = order.labelSet, .metric = "top1"}));
        return pairCurves(rows, {order.checkpointA, order.checkpointB}, order.dataset, order.labelSet, order.method,
                          outcomes);
      },
      [this](const Result<PairCurves>& curves) {
        if (curves) {
          curves_->setCurves(*curves);
        } else {
          desk().say(curves.error());
        }
      });
}

Page* makeComparePage(Desk& desk) { return new ComparePage(desk); }

}  // namespace lix::app
