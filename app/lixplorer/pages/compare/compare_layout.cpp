// Where the page's widgets stand.
#include <QComboBox>
#include <QDockWidget>
#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSpinBox>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "adapt/adapter.h"
#include "docks/dock_area.h"
#include "frame/choices.h"
#include "frame/page_parts.h"
#include "frame/picture_model.h"
#include "frame/preview.h"
#include "image_grid/image_grid.h"
#include "pages/compare/compare_page.h"
#include "pages/compare/confusion_pair_panel.h"
#include "pages/compare/context_pair_panel.h"
#include "pages/compare/curves_pair_panel.h"
#include "pages/compare/flips_panel.h"
#include "pages/compare/map_pair_panel.h"
#include "pages/compare/neighbours_panel.h"
#include "pages/compare/picture_filter_bar.h"
#include "pages/compare/similarity_panel.h"
#include "pages/compare/spectrum_pair_panel.h"
#include "pages/compare/verdict_cards.h"
#include "pages/compare/weights_pair_panel.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kMargin = 16, kSpacing = 12;
constexpr int kMostShots = 256, kMostSeed = 9999;
constexpr int kGridWidth = 472, kGridHeight = 240;  // at least, of the pictures with what stands around them
constexpr int kMostColumns = 12;
constexpr double kPicturesShare = 0.42;             // of the width, as long as that is enough for the pictures
constexpr int kTall = 600;                          // from here on panels of a picture and of all stand below each other

QComboBox* choiceBox(const char* objectName, const QString& tip) {
  auto* box = new QComboBox;
  box->setObjectName(objectName);
  box->setToolTip(tip);
  return box;
}

QSpinBox* numberBox(const char* objectName, int low, int high, int value, const QString& tip) {
  auto* box = new QSpinBox;
  box->setObjectName(objectName);
  box->setRange(low, high);
  box->setValue(value);
  box->setToolTip(tip);
  return box;
}

}  // namespace

void ComparePage::build() {
  auto* header = new PageHeader(pageTitle(id()), tr("Two checkpoints on the same pictures."));
  a_ = new CheckpointBox(desk());
  a_->setObjectName("compare.a");
  a_->setAccessibleName(tr("Checkpoint A"));
  b_ = new CheckpointBox(desk());
  b_->setObjectName("compare.b");
  b_->setAccessibleName(tr("Checkpoint B"));
  swap_ = new QToolButton;
  swap_->setObjectName("compare.swap");
  swap_->setText(QString::fromUtf8("\u21c4"));
  swap_->setAccessibleName(tr("Exchange A and B"));
  swap_->setToolTip(tr("Exchanges A and B (Ctrl+Shift+X)."));
  compare_ = new QPushButton(tr("Compare"));
  compare_->setObjectName("compare.start");
  compare_->setProperty("primary", true);
  compare_->setToolTip(tr("Classifies the pictures with both checkpoints, in the background (Ctrl+Return)."));
  presets_ = new QToolButton;
  presets_->setObjectName("compare.presets");
  presets_->setText(tr("Presets"));
  presets_->setAccessibleName(tr("Presets"));
  presets_->setToolTip(tr("Well-known comparisons: checkpoints of the workspace, a method, and the panel to look at (menu "
                          "Compare)."));
  presets_->setPopupMode(QToolButton::InstantPopup);
  auto* menu = new QMenu(presets_);
  menu->setToolTipsVisible(true);
  for (const ComparePreset& preset : comparePresets()) {
    auto* action = menu->addAction(preset.title, this, [this, preset] { usePreset(preset); });
    action->setObjectName(QString("compare.preset.") + preset.id);
    action->setToolTip(preset.help);
  }
  presets_->setMenu(menu);
  header->addControl(presets_);
  header->addControl(labelled(tr("A"), a_));
  header->addControl(swap_);
  header->addControl(labelled(tr("B"), b_));
  header->addControl(compare_);
  empty_ = new EmptyState("compare", tr("Who is right where"), {});
  emptyButton_ = empty_->addButton(tr("Compare"));
  emptyButton_->setObjectName("compare.empty.start");
  emptyButton_->setToolTip(compare_->toolTip());
  stack_ = new QStackedWidget;
  stack_->setObjectName("compare.stack");
  stack_->addWidget(empty_);
  stack_->addWidget(buildResult());
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
  column->setSpacing(kSpacing);
  column->addWidget(header);
  column->addWidget(buildChoices());
  column->addWidget(buildChosen());
  column->addWidget(stack_, 1);
  preview_ = new PicturePreview(desk(), this);
}

QWidget* ComparePage::buildChoices() {
  dataset_ = new DatasetBox(desk());
  dataset_->setObjectName("compare.dataset");
  labels_ = choiceBox("compare.labels", tr("Which labels are told apart; arrows change it."));
  labels_->setMinimumContentsLength(9);
  split_ = choiceBox("compare.split", tr("Pictures of this split are classified; arrows change it."));
  split_->addItem(tr("test"), int(data::Split::Test));
  split_->addItem(tr("validation"), int(data::Split::Validation));
  split_->addItem(tr("train"), int(data::Split::Train));
  method_ = choiceBox("compare.method", tr("How the pictures are classified: by the names of the classes, or by a few "
                                           "pictures of each, the same for A and B."));
  method_->addItem(tr("Zero-shot"), kZeroShot);
  for (const adapt::Adapter* adapter : adapt::table()) {
    if (adapter->id != kZeroShot) {
      method_->addItem(QString::fromStdString(adapter->title), QString::fromStdString(adapter->id));
    }
  }
  method_->setCurrentIndex(std::max(0, method_->findData("prototype")));
  shots_ = numberBox("compare.shots", 1, kMostShots, 8, tr("Pictures per class that the adapter sees."));
  seed_ = numberBox(
      "compare.seed", 0, kMostSeed, 0,
      tr("Seed of the draw: of the support, and of the pictures where there are more than are asked for."));
  most_ = choiceBox("compare.most", tr("At most so many pictures. Features that were made before are read from the "
                                       "workspace's cache, so that only new pictures take time."));
  for (const std::size_t most : {std::size_t(200), kMostQueries, std::size_t(5000), std::size_t(20000), kMostPictures}) {
    most_->addItem(locale().toString(qulonglong(most)), qulonglong(most));
  }
  most_->setCurrentIndex(most_->findData(qulonglong(kMostQueries)));
  auto* row = new QWidget;
  auto* line = new QHBoxLayout(row);
  line->setContentsMargins(0, 0, 0, 0);
  line->setSpacing(8);
  line->addWidget(labelled(tr("Dataset"), dataset_), 3);
  line->addWidget(labelled(tr("Label set"), labels_), 2);
  line->addWidget(labelled(tr("Split"), split_), 2);
  line->addWidget(labelled(tr("Method"), method_), 3);
  line->addWidget(labelled(tr("Shots"), shots_), 1);
  line->addWidget(labelled(tr("Draw seed"), seed_), 1);
  line->addWidget(labelled(tr("At most"), most_), 1);
  return row;
}

QWidget* ComparePage::buildChosen() {
  chosen_ = new QWidget;
  chosenText_ = new QLabel;
  chosenText_->setObjectName("compare.chosen");
  auto* all = new QPushButton(tr("All pictures of the split"));
  all->setObjectName("compare.chosen.all");
  all->setToolTip(tr("Compares on the whole split again (Space while it has the focus)."));
  connect(all, &QPushButton::clicked, this, [this] { restrictTo({}, {}); });
  auto* line = new QHBoxLayout(chosen_);
  line->setContentsMargins(0, 0, 0, 0);
  line->addWidget(chosenText_);
  line->addWidget(all);
  line->addStretch(1);
  chosen_->hide();
  return chosen_;
}

QWidget* ComparePage::buildPictures() {
  cards_ = new VerdictCards;
  filters_ = new PictureFilterBar;
  sort_ = choiceBox("compare.sort", tr("Order of the pictures; arrows change it."));
  sort_->setAccessibleName(tr("Order of the pictures"));
  sort_->addItem(tr("B gains most first"), int(PictureOrder::GainOfB));
  sort_->addItem(tr("A is ahead most first"), int(PictureOrder::GainOfA));
  sort_->addItem(tr("Least sure first"), int(PictureOrder::LeastSure));
  sort_->addItem(tr("As in the dataset"), int(PictureOrder::Dataset));
  filtered_ = new QLabel;
  filtered_->setObjectName("compare.filtered");
  filtered_->setProperty("muted", true);
  model_ = new PictureModel(desk(), this);
  grid_ = new widgets::ImageGrid;
  grid_->setObjectName("compare.grid");
  grid_->setAccessibleName(tr("Pictures with both answers"));
  grid_->setToolTip(tr("Pictures with what A and B said. Arrows choose one, Space shows it large, Ctrl+I opens the "
                       "selected ones in Inspect."));
  grid_->setModel(model_);
  grid_->setSelectionMode(QAbstractItemView::ExtendedSelection);
  grid_->setEmptyText(tr("No picture is among these."));
  auto* hand = new QToolButton;
  hand->setObjectName("compare.hand");
  hand->setText(tr("Take all to"));
  hand->setAccessibleName(tr("Take the listed pictures to another page or file"));
  hand->setToolTip(tr("Hands all pictures of the list to another page, or saves the list as CSV (Ctrl+E)."));
  hand->setPopupMode(QToolButton::InstantPopup);
  auto* menu = new QMenu(hand);
  for (const PageId page : {PageId::Inspect, PageId::Support, PageId::Data}) {
    menu->addAction(widgets::icon(pageName(page)), pageTitle(page), this, [this, page] { handOver(page); })
        ->setObjectName("compare.hand." + pageName(page));
  }
  menu->addAction(widgets::icon("save"), tr("CSV file..."), this, &ComparePage::askForFile);
  hand->setMenu(menu);
  auto* centre = new QWidget;
  centre->setMinimumSize(kGridWidth, kGridHeight);
  auto* column = new QVBoxLayout(centre);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(6);
  auto* line = new QHBoxLayout;
  line->addWidget(filtered_, 1);
  line->addWidget(sort_);
  line->addWidget(hand);
  column->addWidget(cards_);
  column->addWidget(filters_);
  column->addWidget(buildNarrowing());
  column->addLayout(line);
  column->addWidget(grid_, 1);
  column->addWidget(buildFoot());
  return centre;
}

QWidget* ComparePage::buildNarrowing() {
  narrowed_ = new QLabel;
  narrowed_->setObjectName("compare.narrowed");
  narrowed_->setWordWrap(true);
  wider_ = new QPushButton(tr("Show all"));
  wider_->setObjectName("compare.narrowed.clear");
  wider_->setToolTip(tr("Takes off what the boxes and words leave out; the pressed button above stays (Space)."));
  auto* frame = new QFrame;
  frame->setProperty("card", true);
  auto* row = new QHBoxLayout(frame);
  row->setContentsMargins(10, 4, 4, 4);
  row->addWidget(narrowed_, 1);
  row->addWidget(wider_);
  frame->hide();
  narrowing_ = frame;
  return frame;
}

QWidget* ComparePage::buildFoot() {
  title_ = new QLabel;
  title_->setObjectName("compare.panel.title");
  title_->setProperty("heading", "section");
  said_ = new QLabel;
  said_->setObjectName("compare.panel.said");
  said_->setProperty("muted", true);
  for (QLabel* label : {title_, said_}) {
    label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  }
  inspect_ = new QPushButton(widgets::icon("inspect"), tr("Inspect"));
  inspect_->setObjectName("compare.inspect");
  inspect_->setAccessibleName(tr("Open in Inspect"));
  inspect_->setToolTip(tr("Hands the selected pictures to the Inspect page (Ctrl+I)."));
  inspect_->setEnabled(false);
  auto* words = new QVBoxLayout;
  words->setSpacing(0);
  words->addWidget(title_);
  words->addWidget(said_);
  auto* foot = new QWidget;
  auto* row = new QHBoxLayout(foot);
  row->setContentsMargins(0, 0, 0, 0);
  row->addLayout(words, 1);
  row->addWidget(inspect_);
  return foot;
}

void ComparePage::addPanel(const QString& id, const QString& title, ComparePanel* panel) {
  panels_[id] = panel;
  docks_->add(id, title, panel);
  connect(panel, &ComparePanel::failed, this,
          [this](const QString& sentence) { desk().say(widgets::Severity::Error, sentence); });
  connect(panel, &ComparePanel::filterAsked, this, &ComparePage::setFilter);
  connect(panel, &ComparePanel::pictureAsked, this, &ComparePage::choosePicture);
  connect(panel, &ComparePanel::captionsAsked, this, [this](const QString& captions) {
    if (captions != typedCaptions_) {
      typedCaptions_ = captions;
      reading_ = nullptr;
      readingProblem_.clear();
      readingRelay_.drop();
      lookAll();
    }
  });
}

void ComparePage::buildPanels() {
  docks_ = new widgets::DockArea(buildPictures());
  docks_->setObjectName("compare.docks");
  maps_ = new MapPairPanel;
  curves_ = new CurvesPairPanel;
  addPanel("maps", tr("Maps"), maps_);
  addPanel("weights", tr("Weights"), new WeightsPairPanel);
  addPanel("context", tr("Context"), new ContextPairPanel(desk(), slow_));
  addPanel("neighbours", tr("Neighbours"), new NeighboursPanel(desk(), slow_));
  addPanel("flips", tr("Flips"), new FlipsPanel(slow_));
  addPanel("confusion", tr("Confusion"), new ConfusionPairPanel(slow_));
  addPanel("similarity", tr("Similarity"), new SimilarityPanel(slow_));
  addPanel("spectrum", tr("Spectrum"), new SpectrumPairPanel(slow_));
  addPanel("curves", tr("Curves"), curves_);
  connect(docks_, &widgets::DockArea::frontChanged, this, [this](const QString& id, bool inFront) {
    if (const auto panel = panels_.find(id); panel != panels_.end()) {
      inFront ? lookLater_.start() : panel->second->rest();
    }
  });
  lookLater_.setSingleShot(true);
  lookLater_.setInterval(0);  // of panels that only pass the front while they are arranged none looks
  connect(&lookLater_, &QTimer::timeout, this, &ComparePage::lookAll);
  docks_->setArrangement([this](widgets::DockArea&) { arrangePanels(); });
}

/// What is of the chosen picture stands above what is of all, or with it where there is little room.
void ComparePage::arrangePanels() {
  const auto dock = [this](const char* id) { return docks_->dock(id); };
  const bool tall = docks_->height() >= kTall;
  docks_->addDockWidget(Qt::RightDockWidgetArea, dock("maps"));
  if (tall) {
    docks_->splitDockWidget(dock("maps"), dock("flips"), Qt::Vertical);  // before stacks: a stack is not split
  }
  for (const char* id : {"weights", "context", "neighbours"}) {
    docks_->tabifyDockWidget(dock("maps"), dock(id));
  }
  if (!tall) {
    docks_->tabifyDockWidget(dock("maps"), dock("flips"));
  }
  for (const char* id : {"confusion", "similarity", "spectrum", "curves"}) {
    docks_->tabifyDockWidget(dock("flips"), dock(id));
  }
  for (const auto& entry : panels_) {
    docks_->dock(entry.first)->show();
  }
  if (tall) {
    dock("flips")->raise();
    docks_->resizeDocks({dock("maps"), dock("flips")}, {docks_->height() / 2, docks_->height() / 2}, Qt::Vertical);
  }
  (wantedPanel_.isEmpty() ? dock("maps") : docks_->dock(wantedPanel_))->raise();
  // Whole thumbnails side by side, nothing left over.
  const int share = std::max(kGridWidth, int(kPicturesShare * docks_->width()));
  int columns = 1;
  while (grid_->widthFor(columns + 1) <= share && columns < kMostColumns) {
    ++columns;
  }
  const int pictures = std::max(kGridWidth, grid_->widthFor(columns));
  docks_->resizeDocks({dock("maps")}, {docks_->width() - pictures}, Qt::Horizontal);
}

QWidget* ComparePage::buildResult() {
  auto* result = new QWidget;
  summary_ = new QLabel;
  summary_->setObjectName("compare.summary");
  summary_->setTextFormat(Qt::RichText);
  summary_->setWordWrap(true);
  summary_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  notes_ = new QLabel;
  notes_->setObjectName("compare.notes");
  notes_->setProperty("muted", true);
  notes_->setWordWrap(true);
  buildPanels();
  auto* all = new QVBoxLayout(result);
  all->setContentsMargins(0, 0, 0, 0);
  all->setSpacing(6);
  all->addWidget(summary_);
  all->addWidget(notes_);
  all->addWidget(docks_, 1);
  return result;
}

}  // namespace lix::app
