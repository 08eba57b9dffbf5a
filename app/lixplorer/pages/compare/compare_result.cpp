#include <QComboBox>
#include <QItemSelectionModel>
#include <QLabel>
#include <QPointer>
#include <QPushButton>
#include <QSpinBox>
#include <QStackedWidget>
#include <algorithm>
#include <array>

#include "desk/checkpoint_shelf.h"
#include "desk/dataset_shelf.h"
#include "desk/tasks.h"
#include "frame/choices.h"
#include "frame/page_parts.h"
#include "frame/picture_model.h"
#include "frame/preview.h"
#include "image_grid/image_grid.h"
#include "pages/compare/compare_page.h"
#include "pages/compare/comparison_text.h"
#include "pages/compare/pair_curves.h"
#include "pages/compare/pair_reading.h"
#include "pages/compare/picture_panel.h"
#include "pages/compare/verdict_cards.h"
#include "study/reader/reader.h"

namespace lix::app {
namespace {

constexpr std::size_t kMostKnown = 16;  // comparisons in memory
constexpr const char* kZeroShot = "zero-shot";

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

/// What the models said, each class once.
std::vector<std::string> captionsOf(const Comparison& comparison, const ComparedPicture& picture) {
  std::vector<std::string> captions{comparison.classes[std::size_t(picture.saidA)]};
  if (picture.saidB != picture.saidA) {
    captions.push_back(comparison.classes[std::size_t(picture.saidB)]);
  }
  return captions;
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
                        .only = only_};
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
  const auto found = missing.isEmpty() ? known_.find(order()) : known_.end();
  if (found != known_.end()) {
    if (found->second != shown_) {
      showComparison(found->second);
    }
    stack_->setCurrentIndex(1);
  } else {
    shown_.reset();
    rows_.clear();
    readingRelay_.drop();
    stack_->setCurrentIndex(0);
    empty_->setText(tr("Who is right where"),
                    missing.isEmpty() ? tr("Classifies up to %1 pictures with both checkpoints and shows where they "
                                           "differ, what they look at, and their few-shot curves.")
                                            .arg(kMostQueries)
                                      : missing);
  }
  onTasks();
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
  if (known_.size() >= kMostKnown && !known_.contains(made->order)) {
    known_.erase(known_.begin());
  }
  known_[made->order] = std::move(made);
  onChoice();
}

void ComparePage::onTasks() {
  if (!task_.isEmpty()) {
    const auto lines = desk().tasks().lines();
    if (std::ranges::find(lines, task_, &widgets::JobLine::id) == lines.end()) {
      task_.clear();  // done, failed or cancelled
    }
  }
  for (QPushButton* button : {compare_, emptyButton_}) {
    button->setText(task_.isEmpty() ? tr("Compare") : tr("Cancel"));
    button->setEnabled(!task_.isEmpty() || problem().isEmpty());
  }
}

void ComparePage::showComparison(std::shared_ptr<const Comparison> comparison) {
  shown_ = std::move(comparison);
  rows_.clear();
  summary_->setText(summaryText(*shown_, a_->currentText(), b_->currentText()));
  notes_->setText(notesText(*shown_));
  cards_->setCounts(countVerdicts(shown_->pictures));
  showPictures();
  askCurves();
}

void ComparePage::showPictures() {
  if (shown_ == nullptr) {
    return;
  }
  const int before = grid_->currentIndex().row();
  const auto looked =
      before >= 0 && std::size_t(before) < rows_.size() ? std::optional(rows_[std::size_t(before)]) : std::nullopt;
  const auto order = static_cast<PictureOrder>(sort_->currentData().toInt());
  rows_ = chosenPictures(shown_->pictures, cards_->chosen(), order);
  model_->setItems(int(rows_.size()),
                   [shown = shown_, rows = rows_](int row) { return itemOf(*shown, rows[std::size_t(row)]); });
  filtered_->setText(cards_->chosen() ? tr("%1: %2").arg(verdictTitle(*cards_->chosen())).arg(rows_.size())
                                      : tr("All pictures: %1").arg(rows_.size()));
  // What was looked at stays; else the first, so that there is something to see at once.
  const auto kept = looked ? std::ranges::find(rows_, *looked) : rows_.end();
  grid_->setCurrentIndex(rows_.empty() ? QModelIndex()
                                       : model_->index(kept == rows_.end() ? 0 : int(kept - rows_.begin())));
  onSelected();
}

void ComparePage::onSelected() {
  const QModelIndexList selected = grid_->selectionModel()->selectedIndexes();
  if (shown_ == nullptr || selected.isEmpty()) {
    readingRelay_.drop();
    panel_->setPicture({}, {});
    return;
  }
  const QModelIndex current = grid_->currentIndex();
  const int row = (selected.contains(current) ? current : selected.front()).row();
  const ComparedPicture& picture = shown_->pictures[rows_[std::size_t(row)]];
  panel_->setPicture(tr("%1, true class %2").arg(text(picture.name), text(shown_->classes[std::size_t(picture.label)])),
                     saidText(*shown_, picture, 0) + "\n" + saidText(*shown_, picture, 1),
                     tipText(*shown_, picture));
  askReading(picture);
  verify();
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
        if (weights && *weights != shown->weights) {
          known_.erase(shown->order);
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

void ComparePage::askReading(const ComparedPicture& picture) {
  const ComparisonOrder order = shown_->order;
  const std::vector<std::string> captions = captionsOf(*shown_, picture);
  readingRelay_.ask(
      [order, captions, key = picture.key, name = picture.name, &checkpoints = desk().checkpoints(),
       &datasets = desk().datasets()](std::stop_token) -> Result<PairReading> {
        LIX_TRY(const auto a, checkpoints.open(order.checkpointA));
        LIX_TRY(const auto b, checkpoints.open(order.checkpointB));
        LIX_TRY(const imaging::Image image, datasets.load(data::PictureRef::sample(order.dataset, key)));
        return readPair({a.get(), b.get()}, image, name, captions);
      },
      [this](const Result<PairReading>& reading) {
        if (reading) {
          panel_->setReading(*reading);
        } else {
          panel_->clearReading(text(reading.error().message));
        }
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
          panel_->setCurves(*curves);
        } else {
          desk().say(curves.error());
        }
      });
}

void ComparePage::inspect() {
  const auto selected = grid_->selectionModel()->selectedIndexes();
  if (shown_ == nullptr || selected.isEmpty()) {
    desk().say(widgets::Severity::Info, tr("Select the pictures that Inspect is to open."));
    return;
  }
  Payload payload{.pictures = model_->pictures(selected), .captions = {}, .paths = {}};
  for (const QModelIndex& index : selected) {
    const ComparedPicture& picture = shown_->pictures[rows_[std::size_t(index.row())]];
    for (const std::string& caption : captionsOf(*shown_, picture)) {
      if (std::ranges::find(payload.captions, caption) == payload.captions.end()) {
        payload.captions.push_back(caption);
      }
    }
  }
  desk().handOver(PageId::Inspect, payload);
}

Page* makeComparePage(Desk& desk) { return new ComparePage(desk); }

}  // namespace lix::app
