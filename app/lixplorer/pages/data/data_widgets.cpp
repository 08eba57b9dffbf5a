#include "pages/data/data_widgets.h"

#include <QComboBox>
#include <QDockWidget>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSlider>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>

#include "docks/dock_area.h"
#include "frame/page_parts.h"
#include "frame/picture_model.h"
#include "frame/preview.h"
#include "pages/data/class_panel.h"
#include "pages/data/data_page.h"
#include "pages/data/dataset_panel.h"
#include "pages/data/details_panel.h"
#include "pages/data/match_bar.h"
#include "pages/data/skipped_view.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kTypingMs = 150;
constexpr int kMetMs = 250;
constexpr int kLookMs = 2000;  // between two looks at what others did to the workspace
constexpr int kLeastPanels = 300, kMostPanels = 460;  // their width at first, of two fifths of what they share with the grid
constexpr int kSmallest = 48, kLargest = 256;

}  // namespace

void DataWidgets::build(DataPage& page, Desk& desk, PictureModel* model) {
  model_ = model;
  auto* column = new QVBoxLayout(&page);
  column->setContentsMargins(16, 16, 16, 16);
  column->setSpacing(12);
  column->addWidget(buildHeader());
  across_ = new QSplitter(Qt::Horizontal);
  across_->setChildrenCollapsible(false);
  across_->addWidget(buildLeft());
  buildPanels(desk);
  across_->addWidget(docks_);
  across_->setStretchFactor(0, 0);
  across_->setStretchFactor(1, 1);
  across_->setSizes({200, 840});
  column->addWidget(across_, 1);
  preview_ = new PicturePreview(desk, &page);
  dropHint_ = new QLabel(DataPage::tr("Drop folders and tables to add them as datasets, pictures to look at them."), &page);
  dropHint_->setObjectName("data.dropHint");
  dropHint_->setAlignment(Qt::AlignCenter);
  dropHint_->setProperty("heading", "section");
  dropHint_->setWordWrap(true);
  dropHint_->setAttribute(Qt::WA_TransparentForMouseEvents);  // the page below takes the drop
  dropHint_->setStyleSheet("QLabel { background: palette(window); border: 2px dashed palette(highlight); border-radius: 10px; }");
  dropHint_->hide();
  typing_ = new QTimer(&page);
  typing_->setSingleShot(true);
  typing_->setInterval(kTypingMs);
  metTimer_ = new QTimer(&page);
  metTimer_->setSingleShot(true);
  metTimer_->setInterval(kMetMs);
  lookTimer_ = new QTimer(&page);
  lookTimer_->setInterval(kLookMs);
}

/// The grid in the middle, panels around it; those of a person's asking are tabs behind the details.
void DataWidgets::buildPanels(Desk& desk) {
  docks_ = new widgets::DockArea(buildMiddle());
  docks_->setObjectName("data.docks");
  details_ = new DetailsPanel(desk);
  details_->setMinimumWidth(190);
  docks_->add("details", DataPage::tr("Details"), details_);
  docks_->setArrangement([](widgets::DockArea& docks) {
    QDockWidget* details = docks.dock("details");
    docks.addDockWidget(Qt::RightDockWidgetArea, details);
    for (const QString& id : docks.ids()) {
      if (id != "details") {
        docks.tabifyDockWidget(details, docks.dock(id));
      }
      docks.dock(id)->show();
    }
    details->raise();
    docks.resizeDocks({details}, {std::clamp(docks.width() * 2 / 5, kLeastPanels, kMostPanels)}, Qt::Horizontal);
  });
}

QWidget* DataWidgets::buildHeader() {
  header_ = new PageHeader(DataPage::tr("Data"), DataPage::tr("Drop folders, tables or pictures anywhere here."));
  addFolder_ = new QPushButton(widgets::icon("folder"), DataPage::tr("Add folder..."));
  addFolder_->setObjectName("data.addFolder");
  addFolder_->setAccessibleName(DataPage::tr("Add a folder as a dataset"));
  addFolder_->setToolTip(DataPage::tr("Adds a folder of pictures; its subfolders become classes (Ctrl+Shift+F). The pictures stay "
                        "where they are."));
  addTable_ = new QPushButton(widgets::icon("add"), DataPage::tr("Add table..."));
  addTable_->setObjectName("data.addTable");
  addTable_->setAccessibleName(DataPage::tr("Add a table as a dataset"));
  addTable_->setToolTip(DataPage::tr("Adds a CSV or TSV table that names pictures with captions or labels (Ctrl+Shift+T)."));
  header_->addControl(addFolder_);
  header_->addControl(addTable_);
  return header_;
}

QWidget* DataWidgets::buildLeft() {
  left_ = new QSplitter(Qt::Vertical);
  left_->setChildrenCollapsible(false);
  datasets_ = new DatasetPanel;
  classes_ = new ClassPanel;
  left_->addWidget(datasets_);
  left_->addWidget(classes_);
  left_->setStretchFactor(0, 1);
  left_->setStretchFactor(1, 1);
  left_->setMinimumWidth(150);
  classes_->hide();
  return left_;
}

QWidget* DataWidgets::buildFilters() {
  auto* box = new QWidget;
  auto* row = new QHBoxLayout(box);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  search_ = new QLineEdit;
  search_->setObjectName("data.search");
  search_->setAccessibleName(DataPage::tr("Search captions and names"));
  search_->setPlaceholderText(DataPage::tr("Search captions and names"));
  search_->setToolTip(DataPage::tr("Shows what holds all these words, in any case (Ctrl+F; Esc empties it, Return goes to the grid)."));
  search_->setClearButtonEnabled(true);
  search_->setAcceptDrops(false);  // the page takes drops
  search_->setMinimumWidth(90);
  search_->setMaxLength(1000);
  splits_ = new QComboBox;
  splits_->setObjectName("data.splits");
  splits_->setAccessibleName(DataPage::tr("Split"));
  splits_->setToolTip(DataPage::tr("Shows the pictures of one split alone (arrows change it)."));
  for (const QString& name : {DataPage::tr("All splits"), DataPage::tr("Train"), DataPage::tr("Validation"), DataPage::tr("Test")}) {
    splits_->addItem(name);
  }
  size_ = new QSlider(Qt::Horizontal);
  size_->setObjectName("data.size");
  size_->setAccessibleName(DataPage::tr("Size of the thumbnails"));
  size_->setToolTip(DataPage::tr("Size of the thumbnails (arrows here, Ctrl and the wheel over the grid)."));
  size_->setRange(kSmallest, kLargest);
  size_->setPageStep(32);
  size_->setSingleStep(8);
  size_->setFixedWidth(96);
  row->addWidget(search_, 1);
  row->addWidget(splits_);
  row->addWidget(size_);
  return box;
}

QWidget* DataWidgets::buildProblem() {
  problemState_ = new EmptyState("warning", {}, {});
  locateButton_ = problemState_->addButton(DataPage::tr("Locate..."));
  locateButton_->setObjectName("data.locate");
  locateButton_->setProperty("primary", true);
  locateButton_->setAccessibleName(DataPage::tr("Say where the dataset lies now"));
  locateButton_->setToolTip(DataPage::tr("Chooses the new place of the folder or table (Return)."));
  againButton_ = problemState_->addButton(DataPage::tr("Try again"));
  againButton_->setObjectName("data.again");
  againButton_->setAccessibleName(DataPage::tr("Try to open the dataset again"));
  againButton_->setToolTip(DataPage::tr("Opens the dataset again, for example after its disk was mounted (F5)."));
  return problemState_;
}

QWidget* DataWidgets::buildMiddle() {
  auto* box = new QWidget;
  auto* column = new QVBoxLayout(box);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(8);
  tabs_ = new QTabBar;
  tabs_->setObjectName("data.tabs");
  tabs_->setAccessibleName(DataPage::tr("Pictures or skipped files"));
  tabs_->setToolTip(DataPage::tr("Pictures, or the files that were left out with the reasons (arrows change it)."));
  tabs_->setExpanding(false);
  tabs_->setDrawBase(false);
  tabs_->addTab(DataPage::tr("Pictures"));
  tabs_->addTab(DataPage::tr("Skipped"));
  grid_ = new widgets::ImageGrid;
  grid_->setObjectName("data.grid");
  grid_->setAccessibleName(DataPage::tr("Pictures"));
  grid_->setToolTip(DataPage::tr("Pictures. Arrows choose one, Space shows it large; drag them to other pages or to the file manager."));
  grid_->setSelectionMode(QAbstractItemView::ExtendedSelection);
  grid_->setDragEnabled(true);
  grid_->setDragDropMode(QAbstractItemView::DragOnly);  // the page takes drops
  grid_->setMinimumWidth(240);
  grid_->setModel(model_);
  matchBar_ = new MatchBar;
  skipped_ = new SkippedView;
  stack_ = new QStackedWidget;
  stack_->addWidget(grid_);
  stack_->addWidget(skipped_);
  stack_->addWidget(buildProblem());
  counts_ = new QLabel;
  counts_->setObjectName("data.counts");
  counts_->setProperty("muted", true);
  counts_->setAccessibleName(DataPage::tr("How many pictures there are"));
  column->addWidget(buildFilters());
  column->addWidget(tabs_);
  column->addWidget(matchBar_);
  column->addWidget(stack_, 1);
  column->addWidget(counts_);
  size_->setValue(grid_->side());
  return box;
}

}  // namespace lix::app
