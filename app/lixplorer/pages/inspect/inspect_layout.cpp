// Where the page's widgets stand.
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QVBoxLayout>

#include "frame/choices.h"
#include "frame/page_parts.h"
#include "frame/picture_model.h"
#include "frame/preview.h"
#include "image_grid/image_grid.h"
#include "pages/inspect/caption_panel.h"
#include "pages/inspect/context_panel.h"
#include "pages/inspect/inspect_page.h"
#include "pages/inspect/log_slider.h"
#include "pages/inspect/reading_panels.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kDebounceMs = 15;  // of typing and of drops that come in parts
constexpr int kGridSide = 72;
constexpr int kScoresHeight = 205;  // three pictures without scrolling

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
  auto* title = new QLabel(tr("Pictures"));
  title->setProperty("heading", "section");
  title->setBuddy(grid_);
  auto* head = new QHBoxLayout;
  head->addWidget(title);
  head->addWidget(count_);
  head->addStretch(1);
  head->addWidget(remove_);
  auto* box = new QWidget;
  auto* layout = new QVBoxLayout(box);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(6);
  layout->addLayout(head);
  layout->addWidget(grid_, 1);
  layout->addWidget(add_);
  return box;
}

QWidget* InspectPage::buildFigures() {
  scores_ = new MatrixPanel;
  weights_ = new WeightsPanel;
  map_ = new MapPanel;
  context_ = new ContextPanel(desk(), prepared_);
  busy_ = new BusyLine;
  tabs_ = new QTabWidget;
  tabs_->setObjectName("inspect.tabs");
  tabs_->setAccessibleName(tr("What to look at"));
  tabs_->setDocumentMode(true);
  tabs_->addTab(weights_, tr("Mixture weights"));
  tabs_->addTab(map_, tr("Map"));
  tabs_->addTab(context_, tr("Context"));
  tabs_->setTabToolTip(0, tr("How each caption mixes the picture's tokens (Llip). Ctrl+Tab goes on."));
  tabs_->setTabToolTip(1, tr("Where in the picture the image vector comes from. Ctrl+Tab goes on."));
  tabs_->setTabToolTip(2, tr("Which other pictures the picture attends to (LIxP). Ctrl+Tab goes on."));
  right_ = new QSplitter(Qt::Vertical);
  right_->setChildrenCollapsible(false);
  right_->addWidget(scores_);
  right_->addWidget(tabs_);
  right_->setStretchFactor(0, 0);
  right_->setStretchFactor(1, 1);
  right_->setSizes({kScoresHeight, 460});
  empty_ = new EmptyState("inspect", QString(), QString());
  emptyButton_ = empty_->addButton(QString());
  emptyButton_->setObjectName("inspect.emptyButton");
  emptyButton_->setProperty("primary", true);
  stack_ = new QStackedWidget;
  stack_->addWidget(empty_);
  stack_->addWidget(right_);
  auto* box = new QWidget;
  auto* layout = new QVBoxLayout(box);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(2);
  layout->addWidget(busy_);
  layout->addWidget(stack_, 1);
  return box;
}

void InspectPage::build() {
  checkpoint_ = new CheckpointBox(desk());
  checkpoint_->setObjectName("inspect.checkpoint");
  auto* header = new PageHeader(pageTitle(PageId::Inspect),
                                tr("What a model makes of pictures and captions: scores, weights, maps, context."));
  header->addControl(labelled(tr("Checkpoint"), checkpoint_));
  captions_ = new CaptionPanel;
  setFocusProxy(captions_);
  left_ = new QSplitter(Qt::Vertical);
  left_->setChildrenCollapsible(false);
  left_->addWidget(buildPictures());
  left_->addWidget(captions_);
  across_ = new QSplitter(Qt::Horizontal);
  across_->setChildrenCollapsible(false);
  across_->addWidget(left_);
  across_->addWidget(buildFigures());
  across_->setStretchFactor(0, 0);
  across_->setStretchFactor(1, 1);
  across_->setSizes({280, 800});
  left_->setMinimumWidth(220);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(16, 16, 16, 16);
  layout->setSpacing(12);
  layout->addWidget(header);
  layout->addWidget(across_, 1);
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
  weights_->setEmptyText(waiting);
  map_->setEmptyText(waiting);
}

}  // namespace lix::app
