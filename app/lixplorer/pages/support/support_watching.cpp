// Panels that show what the set does, and what they have to do with each other.
#include <algorithm>
#include <iterator>
#include <set>

#include "docks/dock_area.h"
#include "frame/picture_model.h"
#include "image_grid/image_grid.h"
#include "pages/support/adapter_settings_panel.h"
#include "pages/support/class_bars_panel.h"
#include "pages/support/confusion_panel.h"
#include "pages/support/shots_panel.h"
#include "pages/support/support_board.h"
#include "pages/support/support_page.h"
#include "pages/support/surface_panel.h"

namespace lix::app {

void SupportPage::buildWatching() {
  auto* settings = new AdapterSettingsPanel(scores_);
  auto* classes = new ClassBarsPanel(desk(), scores_);
  auto* confusion = new ConfusionPanel(desk(), scores_);
  auto* surface = new SurfacePanel(desk(), scores_);
  addPanel("settings", tr("Settings"), settings);
  addPanel("classes", tr("Classes"), classes);
  addPanel("confusion", tr("Confusion"), confusion);
  addPanel("surface", tr("Surface"), surface);
  addPanel("shots", tr("Shots"), new ShotsPanel(desk(), scores_));
  connect(classes, &ClassBarsPanel::classChosen, this, [this](int index) {
    if (index >= 0 && index < board_->columnCount()) {
      SupportColumn* column = board_->column(index);
      board_->ensureWidgetVisible(column);
      column->grid()->setFocus();
      column->grid()->setCurrentIndex(column->grid()->model()->index(0, 0));
    }
  });
  connect(confusion, &ConfusionPanel::previewAsked, board_, &SupportBoard::previewAsked);
  connect(surface, &SurfacePanel::chosen, settings, &AdapterSettingsPanel::setAlphaBeta);
  for (auto signal : {&SupportBook::opened, &SupportBook::setsChanged}) {
    connect(&book_, signal, surface, [this, surface] { surface->setName(book_.name(), book_.opening()); });
  }
  connect(&book_, &SupportBook::setsChanged, surface, [this, surface] {
    std::set<std::string> names;
    std::ranges::transform(book_.sets(), std::inserter(names, names.end()), &store::SupportSetRow::name);
    surface->setNames(names);
  });
}

}  // namespace lix::app
