// What stands where on the data page, and who hears whom.
#include <QComboBox>
#include <QDockWidget>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QScrollBar>
#include <QSlider>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QTimer>
#include <QVBoxLayout>

#include "desk/drag_out.h"
#include "docks/dock_area.h"
#include "desk/thumbnails.h"
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

/// Drags name the pictures alone: captions and tips of 50,000 of them need not be made.
class RowsModel : public PictureModel {
 public:
  RowsModel(DataPage& page, Desk& desk) : PictureModel(desk, &page), page_(page), desk_(desk) {}
  QMimeData* mimeData(const QModelIndexList& indexes) const override {
    if (page_.refuseTooMany(indexes.size())) {
      return nullptr;
    }
    return toMime({.pictures = page_.picturesAt(indexes), .captions = {}, .paths = {}}, desk_);
  }

 private:
  DataPage& page_;
  Desk& desk_;
};

constexpr int kTypingMs = 150;
constexpr int kMetMs = 250;
constexpr int kScrollMs = 50;
constexpr int kLookMs = 2000;  // between two looks at what others did to the workspace
constexpr int kDetailsWidth = 260;
constexpr int kSmallest = 48, kLargest = 256;

}  // namespace

void DataPage::build() {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(16, 16, 16, 16);
  column->setSpacing(12);
  column->addWidget(buildHeader());
  across_ = new QSplitter(Qt::Horizontal);
  across_->setChildrenCollapsible(false);
  across_->addWidget(buildLeft());
  buildPanels();
  across_->addWidget(docks_);
  across_->setStretchFactor(0, 0);
  across_->setStretchFactor(1, 1);
  across_->setSizes({200, 840});
  column->addWidget(across_, 1);
  preview_ = new PicturePreview(desk(), this);
  dropHint_ = new QLabel(tr("Drop folders and tables to add them as datasets, pictures to look at them."), this);
  dropHint_->setObjectName("data.dropHint");
  dropHint_->setAlignment(Qt::AlignCenter);
  dropHint_->setProperty("heading", "section");
  dropHint_->setWordWrap(true);
  dropHint_->setAttribute(Qt::WA_TransparentForMouseEvents);  // the page below takes the drop
  dropHint_->setStyleSheet("QLabel { background: palette(window); border: 2px dashed palette(highlight); border-radius: 10px; }");
  dropHint_->hide();
  typing_ = new QTimer(this);
  typing_->setSingleShot(true);
  typing_->setInterval(kTypingMs);
  metTimer_ = new QTimer(this);
  metTimer_->setSingleShot(true);
  metTimer_->setInterval(kMetMs);
  lookTimer_ = new QTimer(this);
  lookTimer_->setInterval(kLookMs);
  connect(lookTimer_, &QTimer::timeout, this, &DataPage::lookAgain);
}

void DataPage::addPanel(const QString& id, const QString& title, QWidget* panel) { docks_->add(id, title, panel); }

/// The grid in the middle, panels around it; those of a person's asking are tabs behind the details.
void DataPage::buildPanels() {
  docks_ = new widgets::DockArea(buildMiddle());
  docks_->setObjectName("data.docks");
  details_ = new DetailsPanel(desk());
  details_->setMinimumWidth(190);
  addPanel("details", tr("Details"), details_);
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
    docks.resizeDocks({details}, {kDetailsWidth}, Qt::Horizontal);
  });
}

QWidget* DataPage::buildHeader() {
  header_ = new PageHeader(tr("Data"), tr("Drop folders, tables or pictures anywhere here."));
  auto* folder = new QPushButton(widgets::icon("folder"), tr("Add folder..."));
  folder->setObjectName("data.addFolder");
  folder->setAccessibleName(tr("Add a folder as a dataset"));
  folder->setToolTip(tr("Adds a folder of pictures; its subfolders become classes (Ctrl+Shift+F). The pictures stay "
                        "where they are."));
  auto* table = new QPushButton(widgets::icon("add"), tr("Add table..."));
  table->setObjectName("data.addTable");
  table->setAccessibleName(tr("Add a table as a dataset"));
  table->setToolTip(tr("Adds a CSV or TSV table that names pictures with captions or labels (Ctrl+Shift+T)."));
  connect(folder, &QPushButton::clicked, this, &DataPage::chooseFolder);
  connect(table, &QPushButton::clicked, this, &DataPage::chooseTable);
  header_->addControl(folder);
  header_->addControl(table);
  return header_;
}

QWidget* DataPage::buildLeft() {
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

QWidget* DataPage::buildFilters() {
  auto* box = new QWidget;
  auto* row = new QHBoxLayout(box);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  search_ = new QLineEdit;
  search_->setObjectName("data.search");
  search_->setAccessibleName(tr("Search captions and names"));
  search_->setPlaceholderText(tr("Search captions and names"));
  search_->setToolTip(tr("Shows what holds all these words, in any case (Ctrl+F; Esc empties it, Return goes to the grid)."));
  search_->setClearButtonEnabled(true);
  search_->setAcceptDrops(false);  // the page takes drops
  search_->setMinimumWidth(90);
  search_->setMaxLength(1000);
  splits_ = new QComboBox;
  splits_->setObjectName("data.splits");
  splits_->setAccessibleName(tr("Split"));
  splits_->setToolTip(tr("Shows the pictures of one split alone (arrows change it)."));
  for (const QString& name : {tr("All splits"), tr("Train"), tr("Validation"), tr("Test")}) {
    splits_->addItem(name);
  }
  size_ = new QSlider(Qt::Horizontal);
  size_->setObjectName("data.size");
  size_->setAccessibleName(tr("Size of the thumbnails"));
  size_->setToolTip(tr("Size of the thumbnails (arrows here, Ctrl and the wheel over the grid)."));
  size_->setRange(kSmallest, kLargest);
  size_->setPageStep(32);
  size_->setSingleStep(8);
  size_->setFixedWidth(96);
  row->addWidget(search_, 1);
  row->addWidget(splits_);
  row->addWidget(size_);
  return box;
}

QWidget* DataPage::buildProblem() {
  problemState_ = new EmptyState("warning", {}, {});
  locateButton_ = problemState_->addButton(tr("Locate..."));
  locateButton_->setObjectName("data.locate");
  locateButton_->setProperty("primary", true);
  locateButton_->setAccessibleName(tr("Say where the dataset lies now"));
  locateButton_->setToolTip(tr("Chooses the new place of the folder or table (Return)."));
  auto* again = problemState_->addButton(tr("Try again"));
  again->setObjectName("data.again");
  again->setAccessibleName(tr("Try to open the dataset again"));
  again->setToolTip(tr("Opens the dataset again, for example after its disk was mounted (F5)."));
  connect(locateButton_, &QPushButton::clicked, this, &DataPage::chooseNewPlace);
  connect(again, &QPushButton::clicked, this, &DataPage::reread);
  return problemState_;
}

QWidget* DataPage::buildMiddle() {
  auto* box = new QWidget;
  auto* column = new QVBoxLayout(box);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(8);
  tabs_ = new QTabBar;
  tabs_->setObjectName("data.tabs");
  tabs_->setAccessibleName(tr("Pictures or skipped files"));
  tabs_->setToolTip(tr("Pictures, or the files that were left out with the reasons (arrows change it)."));
  tabs_->setExpanding(false);
  tabs_->setDrawBase(false);
  tabs_->addTab(tr("Pictures"));
  tabs_->addTab(tr("Skipped"));
  grid_ = new widgets::ImageGrid;
  grid_->setObjectName("data.grid");
  grid_->setAccessibleName(tr("Pictures"));
  grid_->setToolTip(tr("Pictures. Arrows choose one, Space shows it large; drag them to other pages or to the file manager."));
  grid_->setSelectionMode(QAbstractItemView::ExtendedSelection);
  grid_->setDragEnabled(true);
  grid_->setDragDropMode(QAbstractItemView::DragOnly);  // the page takes drops
  grid_->setMinimumWidth(240);
  model_ = new RowsModel(*this, desk());
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
  counts_->setAccessibleName(tr("How many pictures there are"));
  column->addWidget(buildFilters());
  column->addWidget(tabs_);
  column->addWidget(matchBar_);
  column->addWidget(stack_, 1);
  column->addWidget(counts_);
  size_->setValue(grid_->side());
  return box;
}

void DataPage::connectBrowser() {
  connect(&desk().datasets(), &DatasetShelf::changed, this, &DataPage::onShelfChanged);
  connect(&desk().datasets(), &DatasetShelf::added, this, [this](const QString& name) { openDataset(name.toStdString()); });
  connect(browser_, &DataBrowser::opening, this, &DataPage::updateMiddle);
  connect(browser_, &DataBrowser::collectionChanged, this, &DataPage::onCollection);
  connect(browser_, &DataBrowser::shownChanged, this, &DataPage::onShown);
  connect(browser_, &DataBrowser::failed, this, &DataPage::onFailed);
  connect(browser_, &DataBrowser::looseRead, this, &DataPage::onLooseRead);
  connect(browser_, &DataBrowser::looseChanged, this, [this] {
    updateList();
    if (wantLoose_ && !browser_->loose()->samples().empty()) {
      wantLoose_ = false;
      browser_->showLoose();
    }
  });
  connect(&desk().thumbnails(), &Thumbnails::failed, this, [this](const data::PictureRef& picture, const QString& why) {
    if (!shownOf_ || picture.isFile() != shownOf_->isLoose()) {
      return;
    }
    const std::string key = picture.isFile() ? picture.file.string() : picture.key;
    if ((picture.isFile() || picture.dataset == shownOf_->set->set.name) && shownOf_->set->byKey.contains(key)) {
      met_[key] = why.toStdString();
      metTimer_->start();
    }
  });
  connect(metTimer_, &QTimer::timeout, this, &DataPage::updateSkipped);
}

void DataPage::connectControls() {
  connect(datasets_, &DatasetPanel::chosen, this, [this](const QString& name) {
    wantedSelection_ = {};
    if (name.isEmpty()) {
      browser_->showLoose();
    } else if (shownOf_ && browser_->name() == name.toStdString()) {
      clearMatches();
    } else {
      openDataset(name.toStdString());
    }
  });
  connect(datasets_, &DatasetPanel::removeAsked, this, [this](const QString& name) { removeDataset(name.toStdString()); });
  connect(datasets_, &DatasetPanel::undoAsked, this, [this] {
    undo_ == Undo::Dataset ? undoRemoval() : selections_->undo();
  });
  connect(classes_, &ClassPanel::chosen, this, [this](int set, int wanted) {
    Filter filter = browser_->filter();
    filter.labelSet = std::size_t(set);
    filter.wantedClass = wanted;
    browser_->setFilter(filter);
  });
  connect(splits_, &QComboBox::currentIndexChanged, this, [this](int index) {
    Filter filter = browser_->filter();
    filter.split = index <= 0 ? std::nullopt : std::optional(data::Split(index - 1));
    browser_->setFilter(filter);
  });
  connect(search_, &QLineEdit::textChanged, typing_, qOverload<>(&QTimer::start));
  connect(search_, &QLineEdit::returnPressed, this, [this] { stack_->currentWidget()->setFocus(); });
  connect(typing_, &QTimer::timeout, this, [this] {
    Filter filter = browser_->filter();
    filter.text = search_->text().toStdString();
    browser_->setFilter(filter);
    updateMiddle();
  });
  connect(size_, &QSlider::valueChanged, grid_, &widgets::ImageGrid::setSide);
  connect(grid_, &widgets::ImageGrid::sideChanged, size_, &QSlider::setValue);
  connect(tabs_, &QTabBar::currentChanged, this, &DataPage::updateMiddle);
  connect(grid_->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
    updateCounts();
    Q_EMIT selectionChanged();
  });
  connect(matchBar_, &MatchBar::clearAsked, this, [this] {
    clearMatches();
    grid_->setFocus();
  });
  connect(grid_->selectionModel(), &QItemSelectionModel::currentChanged, this, &DataPage::updateDetails);
  connect(model_, &QAbstractItemModel::modelReset, this, &DataPage::updateDetails);
  connect(grid_, &widgets::ImageGrid::previewAsked, this, &DataPage::preview);
  connect(details_, &DetailsPanel::previewAsked, this, [this] { preview(grid_->currentIndex()); });
  connect(details_, &DetailsPanel::sendAsked, this, &DataPage::send);
  connect(preview_, &PicturePreview::stepped, this, &DataPage::step);
  auto* rest = new QTimer(this);  // now and then while it scrolls: what was passed by is not read any more
  rest->setSingleShot(true);
  rest->setInterval(kScrollMs);
  connect(grid_->verticalScrollBar(), &QScrollBar::valueChanged, rest, [rest] {
    if (!rest->isActive()) {
      rest->start();
    }
  });
  connect(rest, &QTimer::timeout, this, [this] {
    desk().thumbnails().dropWishes();
    model_->dropWishes();
    grid_->viewport()->update();  // asks for what is seen
  });
}

}  // namespace lix::app
