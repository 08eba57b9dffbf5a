#include "pages/inspect/map_panel.h"

#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "pages/inspect/panel_parts.h"
#include "shared/reading_figures.h"

namespace lix::app {
namespace {

/// The largest difference of two captions' maps at one place; NaN where there is one map.
double largestDifference(const std::vector<figures::CaptionMap>& maps) {
  double largest = maps.size() < 2 ? NAN : 0.0;
  for (std::size_t i = 0; maps.size() > 1 && i < maps[0].values.size(); ++i) {
    const auto at = [i](const figures::CaptionMap& map) { return map.values[i]; };
    const auto [low, high] = std::ranges::minmax(maps, {}, at);
    largest = std::max(largest, double(at(high)) - double(at(low)));
  }
  return largest;
}

}  // namespace

MapPanel::MapPanel(QWidget* parent) : InspectPanel(parent), view_(new widgets::FigureView) {
  view_->setObjectName("inspect.map");
  view_->setAccessibleName(tr("Maps over the picture"));
  view_->setHint([this](const QPointF& at) { return hint(at); });
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 8, 0, 0);
  layout->addWidget(scrolled(view_));
}

void MapPanel::setEmptyText(const QString& text) { view_->setEmptyText(text); }

void MapPanel::look(const InspectView& view) {
  const auto& answer = view.answer;
  const auto picture = std::size_t(std::max(view.inAnswer, 0));
  if (!answer || view.inAnswer < 0 || picture >= answer->reading.pictures.size()) {
    figure_.reset();
    view_->setFigure(nullptr);
    return;
  }
  data_ = mapData(answer->reading.pictures[picture].map, answer->question.captions,
                  {*answer->shown[picture], answer->question.pictures[picture].label}, answer->model());
  if (const double most = largestDifference(data_.captions); std::isfinite(most)) {
    std::string& notes = data_.headings.notes;
    notes += cat(notes.empty() ? "" : " ", "At one place, the maps of two captions differ by at most ",
                 shortNumber(most), " even shares.");
  }
  figure_ = std::make_shared<const figures::MapFigure>(data_);
  view_->setFigure(figure_);
}

QString MapPanel::hint(const QPointF& at) const {
  if (!figure_) {
    return {};
  }
  const auto places = figure_->places(view_->figureRect());
  for (std::size_t i = 1; i < places.size() && i - 1 < data_.captions.size(); ++i) {
    const figures::CaptionMap& map = data_.captions[i - 1];
    if (const auto cell = cellAt(places[i], map.rows, map.columns, at)) {
      return tr("%1\npatch in row %2, column %3: %4 × an even share")
          .arg(captionIn(map.caption))
          .arg(cell->first)
          .arg(cell->second)
          .arg(QString::fromStdString(shortNumber(map.values[std::size_t(cell->first * map.columns + cell->second)])));
    }
  }
  return {};
}

}  // namespace lix::app
