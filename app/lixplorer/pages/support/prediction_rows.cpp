// The rows of PredictionPanel: what stands below each picture, and that a choice of pictures outlives new rows.
#include <QCheckBox>
#include <QItemSelection>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <map>

#include "frame/picture_model.h"
#include "image_grid/image_grid.h"
#include "pages/support/prediction_panel.h"

namespace lix::app {

std::map<data::PictureRef, std::string> PredictionPanel::classesOf(const support::SupportSet& set) {
  std::map<data::PictureRef, std::string> classes;
  for (const auto& one : set.classes) {
    for (const auto& picture : one.pictures) {
      classes.emplace(picture, one.name);
    }
  }
  return classes;
}

void PredictionPanel::show() {
  const auto predictions = run_.predictions();
  const bool remembers = remembered_ && run_.isEmpty() && run_.status().isEmpty();
  status_->setText(remembers ? rememberedText() : run_.status());
  status_->setVisible(!status_->text().isEmpty());
  again_->setVisible(remembers);
  clear_->setEnabled(!run_.isEmpty() || remembers);
  showFoot();
  auto classes = predictions ? classesOf(document_->set) : std::map<data::PictureRef, std::string>();
  std::map<data::PictureRef, Judged> judged;
  for (const Judged& one : judged_) {
    judged.emplace(one.picture, one);
  }
  const auto chosen = chosenPictures();
  model_->setItems(
      predictions ? static_cast<int>(predictions->rows.size()) : 0,
      [predictions, classes = std::move(classes), judged = std::move(judged)](int row) {
        const Prediction& one = predictions->rows[static_cast<std::size_t>(row)];
        PictureItem item{.picture = one.picture};
        item.caption = QString::fromStdString(one.best);
        const QString second = QString::fromStdString(one.second), margin = QString::number(one.margin, 'g', 2);
        item.detail = second.isEmpty() ? QString() : tr("or %1").arg(second);
        item.tip = QString::fromStdString(data::shortName(one.picture)) + "\n" + item.caption;
        if (!second.isEmpty()) {
          item.badge = tr("margin %1").arg(margin);
          item.tip += "\n" + tr("Margin %1 over %2, the second best.").arg(margin, second);
        }
        if (const auto found = classes.find(one.picture); found != classes.end()) {
          item.badge = tr("in %1").arg(QString::fromStdString(found->second));
          item.frame = found->second == one.best ? widgets::GridFrame::Right : widgets::GridFrame::Wrong;
        }
        if (const auto found = judged.find(one.picture); found != judged.end()) {
          const QString before = QString::fromStdString(found->second.predicted);
          item.frame = found->second.right ? widgets::GridFrame::Right : widgets::GridFrame::Wrong;
          item.detail = found->second.right ? tr("as predicted") : tr("was %1").arg(before);
          item.tip += "\n" + tr("Before you put it into a class it was predicted as %1.").arg(before);
        }
        return item;
      });
  keepChosen(chosen);
  why_->setEnabled(grid_->currentIndex().isValid());
}

PredictionPanel::Chosen PredictionPanel::chosenPictures() const {
  Chosen chosen;
  if (const QModelIndex current = grid_->currentIndex(); current.isValid()) {
    chosen.current = model_->picture(current);
  }
  for (const QModelIndex& index : grid_->selectionModel()->selectedIndexes()) {
    chosen.selected.insert(model_->picture(index));
  }
  return chosen;
}

/// The same pictures in whatever rows they stand now: rows are sorted by margin.
void PredictionPanel::keepChosen(const Chosen& chosen) {
  const auto predictions = run_.predictions();
  if (!predictions || (!chosen.current && chosen.selected.empty())) {
    return;
  }
  QItemSelection selection;
  QModelIndex current;
  for (std::size_t i = 0; i < predictions->rows.size(); ++i) {
    const data::PictureRef& picture = predictions->rows[i].picture;
    const QModelIndex index = model_->index(static_cast<int>(i));
    if (chosen.selected.contains(picture)) {
      selection.select(index, index);
    }
    if (chosen.current == picture) {
      current = index;
    }
  }
  showing_ = true;  // nobody has chosen another picture
  grid_->selectionModel()->setCurrentIndex(current, QItemSelectionModel::NoUpdate);
  grid_->selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
  showing_ = false;
}

}  // namespace lix::app
