// Where the page's widgets stand.
#include <QDockWidget>
#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "docks/dock_area.h"
#include "frame/choices.h"
#include "frame/page_parts.h"
#include "frame/picture_model.h"
#include "frame/preview.h"
#include "image_grid/image_grid.h"
#include "pages/inspect/caption_panel.h"
#include "pages/inspect/context_panel.h"
#include "pages/inspect/inspect_page.h"
#include "pages/inspect/log_slider.h"
#include "pages/inspect/map_panel.h"
#include "pages/inspect/matrix_panel.h"
#include "pages/inspect/nearest_panel.h"
#include "pages/inspect/score_matrix.h"
#include "pages/inspect/tokens_panel.h"
#include "pages/inspect/weights_panel.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kDebounceMs = 15;  // of typing and of drops that come in parts
constexpr int kGridSide = 72;
constexpr int kMatrixHeight = 146;  // three pictures without scrolling
constexpr int kScoresHeight = 240;
constexpr int kListsWidth = 280;

}  // namespace

QWidget* InspectPage::buildPictures() {
  model_ = new PictureModel(desk(), this);
  model_->setDropAccepted(true);
  grid_ = new widgets::ImageGrid;
  grid_->setObjectName("inspect.pictures");
  grid_->setAccessibleName(tr("Pictures"));
  grid_->setToolTip(
      tr("Pictures. Arrows choose one, Space shows it large, Delete removes it; drop or paste pictures here."));
  grid_->setSide(kGridSide);
  grid_->setModel(model_);
  grid_->setEmptyText(tr("Drop pictures here"));
  add_ = new QPushButton(widgets::icon("add"), tr("Add pictures..."));
  add_->setObjectName("inspect.addPictures");
  add_->setToolTip(tr("Opens picture files. Key: Ctrl+Shift+A."));
  remove_ = new QPushButton(tr("Remove"));
  remove_->setObjectName("inspect.removePictures");
  remove_->setToolTip(tr("Removes the selected pictures from this page; their files stay. Key: Delete."));
  count_ = new QLabel;
  count_->setProperty("muted", true);
  auto* head = new QHBoxLayout;
  head->addWidget(count_);
  head->addStretch(1);
  head->addWidget(remove_);
  auto* box = new QWidget;
  auto* layout = new QVBoxLayout(box);
  layout->setContentsMargins(8, 6, 8, 0);
  layout->setSpacing(6);
  layout->addLayout(head);
  layout->addWidget(grid_, 1);
  layout->addWidget(add_);
  return box;
}

void InspectPage::addPanel(const QString& id, const QString& title, InspectPanel* panel) {
  panels_[id] = panel;
  docks_->add(id, title, panel);
}

void InspectPage::buildPanels() {
  scores_ = new MatrixPanel;
  captions_ = new CaptionPanel;
  docks_ = new widgets::DockArea;
  docks_->setObjectName("inspect.docks");
  docks_->add("pictures", tr("Pictures"), buildPictures());
  docks_->add("captions", tr("Captions"), captions_);
  empty_ = new EmptyState("inspect", QString(), QString());
  emptyButton_ = empty_->addButton(QString());
  emptyButton_->setObjectName("inspect.emptyButton");
  emptyButton_->setProperty("primary", true);
  stack_ = new QStackedWidget;
  stack_->addWidget(empty_);
  stack_->addWidget(scores_);
  scores_->matrix().setMinimumHeight(kMatrixHeight);
  docks_->add("scores", tr("Scores"), stack_);
  addPanel("weights", tr("Mixture weights"), new WeightsPanel(desk(), prepared_));
  addPanel("tokens", tr("Tokens"), new TokensPanel(desk()));
  addPanel("map", tr("Map"), new MapPanel(desk()));
  addPanel("context", tr("Context"), new ContextPanel(desk(), prepared_));
  addPanel("nearest", tr("Nearest"), new NearestPanel(desk(), prepared_));
  docks_->setArrangement([this](widgets::DockArea&) { arrangePanels(); });
}

void InspectPage::arrangePanels() {
  const auto dock = [this](const char* id) { return docks_->dock(id); };
  QDockWidget *pictures = dock("pictures"), *scores = dock("scores"), *below = dock("weights");
  docks_->addDockWidget(Qt::LeftDockWidgetArea, pictures);
  docks_->splitDockWidget(pictures, scores, Qt::Horizontal);
  docks_->splitDockWidget(pictures, dock("captions"), Qt::Vertical);
  docks_->splitDockWidget(scores, below, Qt::Vertical);
  for (const char* id : {"tokens", "map", "context", "nearest"}) {
    docks_->tabifyDockWidget(below, dock(id));
  }
  for (const char* id : {"pictures", "captions", "scores", "weights", "tokens", "map", "context", "nearest"}) {
    dock(id)->show();
  }
  below->raise();
  docks_->resizeDocks({pictures, scores}, {kListsWidth, std::max(docks_->width() - kListsWidth, kListsWidth)},
                      Qt::Horizontal);
  docks_->resizeDocks({scores, below}, {kScoresHeight, std::max(docks_->height() - kScoresHeight, kScoresHeight)},
                      Qt::Vertical);
}

void InspectPage::build() {
  checkpoint_ = new CheckpointBox(desk());
  checkpoint_->setObjectName("inspect.checkpoint");
  auto* header = new PageHeader(pageTitle(PageId::Inspect),
                                tr("What a model makes of pictures and captions: scores, weights, maps, context."));
  header->addControl(labelled(tr("Checkpoint A"), checkpoint_));
  other_ = new CheckpointBox(desk());
  other_->setObjectName("inspect.other");
  other_->setNoneText(tr("none"));
  other_->setFolder({});
  other_->setAccessibleName(tr("Compare with"));
  other_->setToolTip(tr("A second checkpoint that reads the same pictures and captions: the matrix then shows A, B or "
                        "A − B. Arrow keys choose; the last entry opens a folder."));
  header->addControl(labelled(tr("Compare with B"), other_));
  buildPanels();
  setFocusProxy(captions_);
  busy_ = new BusyLine;
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(16, 16, 16, 8);
  layout->setSpacing(4);
  layout->addWidget(header);
  layout->addWidget(busy_);
  layout->addWidget(docks_, 1);
  preview_ = new PicturePreview(desk(), this);
  debounce_.setSingleShot(true);
  debounce_.setInterval(kDebounceMs);
}

void InspectPage::showState() {
  const bool model = !checkpoint_->folder().empty();
  stack_->setCurrentIndex(model && !pictures_.empty() ? 1 : 0);
  if (!model) {
    empty_->setText(tr("No checkpoint yet"),
                    tr("Train one on the Train page, or open a checkpoint's folder with the box above."));
    emptyButton_->setText(tr("Go to Train"));
  } else {
    empty_->setText(tr("No pictures yet"),
                    tr("Drop pictures here from the Data page or the file manager, or open some. Then "
                       "type captions at the left."));
    emptyButton_->setText(tr("Add pictures..."));
  }
  const QString captions = tr("Type a caption at the left, or paste or drop some.");
  const QString waiting = captions_->captions().isEmpty() ? captions : tr("Reading…");
  scores_->setEmptyText(waiting);
  for (const auto& entry : panels_) {
    entry.second->setEmptyText(waiting);
  }
}

}  // namespace lix::app
