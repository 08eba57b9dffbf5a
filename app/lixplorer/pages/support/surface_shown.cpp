// What the surface shows, and how one of its cells is chosen.
#include <QLabel>
#include <QPushButton>
#include <memory>

#include "figure_view/figure_view.h"
#include "pages/support/surface_panel.h"

namespace lix::app {
namespace {

constexpr double kPercent = 100.0;

std::vector<std::string> names(const std::vector<double>& values) {
  std::vector<std::string> out;
  for (const double value : values) {
    out.push_back(QString::number(value, 'g', 3).toStdString());
  }
  return out;
}

std::vector<double> percents(std::vector<double> shares) {
  for (double& share : shares) {
    share *= kPercent;
  }
  return shares;
}

}  // namespace

void SurfacePanel::draw() {
  status_->setVisible(!status_->text().isEmpty());
  for (QWidget* part : {static_cast<QWidget*>(figure_), static_cast<QWidget*>(cursor_), static_cast<QWidget*>(best_),
                        static_cast<QWidget*>(lock_)}) {
    part->setVisible(surface_.has_value());
  }
  unlock_->setVisible(surface_ && !isUnlocked());
  if (!surface_) {
    figure_->setFigure(nullptr);
    return;
  }
  lock_->setText(
      isUnlocked()
          ? tr("The test half is unlocked for this set and these queries. Whoever chooses alpha and beta by it "
               "has no honest test number any more.")
          : tr("The test half of the queries (%1) is locked. It is for one look when alpha and beta have been "
               "chosen on the validation half (%2): what is chosen by it is no honest test number. "
               "Accuracy, Classes and Confusion count both halves.")
                .arg(surface_->testQueries)
                .arg(surface_->validationQueries));
  const int columns = static_cast<int>(surface_->grid.alphas.size());
  const auto panel = [&](const QString& title, const std::vector<double>& shares) {
    return figures::HeatPanel{
        .title = title.toStdString(),
        .rows = names(surface_->grid.betas),
        .columns = names(surface_->grid.alphas),
        .values = percents(shares),
        .marked = std::pair(static_cast<int>(place_) / columns, static_cast<int>(place_) % columns)};
  };
  heat_ = {.headings = {.title = tr("Tip-Adapter over alpha and beta").toStdString(),
                        .subtitle = tr("Best on validation: alpha %1, beta %2")
                                        .arg(surface_->bestAlpha(), 0, 'g', 3)
                                        .arg(surface_->bestBeta(), 0, 'g', 3)
                                        .toStdString(),
                        .notes = {}},
           .rowLabel = tr("Beta").toStdString(),
           .columnLabel = tr("Alpha").toStdString(),
           .valueLabel = tr("Accuracy, %").toStdString(),
           .panels = {panel(tr("Validation, %1 queries").arg(surface_->validationQueries), surface_->validation)},
           .range = {}};
  if (!surface_->test.empty()) {
    heat_.panels.push_back(panel(tr("Test, %1 queries").arg(surface_->testQueries), surface_->test));
  }
  figure_->setFigure(std::make_shared<figures::HeatFigure>(heat_));
  cursor_->setText(words(place_));
}

QString SurfacePanel::words(std::size_t place) const {
  const std::size_t columns = surface_->grid.alphas.size();
  QString text = tr("Alpha %1, beta %2: %3 % on validation")
                     .arg(surface_->grid.alphas[place % columns], 0, 'g', 3)
                     .arg(surface_->grid.betas[place / columns], 0, 'g', 3)
                     .arg(surface_->validation[place] * kPercent, 0, 'f', 1);
  if (!surface_->test.empty()) {
    text += tr(", %1 % on test").arg(surface_->test[place] * kPercent, 0, 'f', 1);
  }
  return text + (place == surface_->best ? tr(" (the best)") : QString());
}

std::optional<std::size_t> SurfacePanel::placeAt(const QPointF& at) const {
  const auto* heat = dynamic_cast<const figures::HeatFigure*>(figure_->figure());
  if (heat == nullptr || !surface_) {
    return std::nullopt;
  }
  const auto places = heat->places(figure_->figureRect());
  const std::size_t columns = surface_->grid.alphas.size();
  for (int panel = 0; panel < static_cast<int>(heat_.panels.size()); ++panel) {
    for (std::size_t place = 0; place < surface_->validation.size(); ++place) {
      if (places.cell(panel, static_cast<int>(place / columns), static_cast<int>(place % columns), heat_)
              .contains(at)) {
        return place;
      }
    }
  }
  return std::nullopt;
}

void SurfacePanel::moveTo(std::size_t place) {
  place_ = place;
  draw();
}

void SurfacePanel::choose(std::size_t place) {
  moveTo(place);
  const std::size_t columns = surface_->grid.alphas.size();
  Q_EMIT chosen(surface_->grid.alphas[place % columns], surface_->grid.betas[place / columns]);
}

bool SurfacePanel::onKey(int key) {
  const std::size_t columns = surface_->grid.alphas.size(), rows = surface_->grid.betas.size();
  const std::size_t row = place_ / columns, column = place_ % columns;
  if (key == Qt::Key_Left && column > 0) {
    moveTo(place_ - 1);
  } else if (key == Qt::Key_Right && column + 1 < columns) {
    moveTo(place_ + 1);
  } else if (key == Qt::Key_Up && row > 0) {
    moveTo(place_ - columns);
  } else if (key == Qt::Key_Down && row + 1 < rows) {
    moveTo(place_ + columns);
  } else if (key == Qt::Key_Return || key == Qt::Key_Enter) {
    choose(place_);
  } else {
    return key == Qt::Key_Left || key == Qt::Key_Right || key == Qt::Key_Up || key == Qt::Key_Down;
  }
  return true;
}

}  // namespace lix::app
