// Who hears whom on the data page.
#include <QComboBox>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QScrollBar>
#include <QSlider>
#include <QStackedWidget>
#include <QTabBar>
#include <QTimer>

#include "desk/drag_out.h"
#include "desk/thumbnails.h"
#include "docks/dock_area.h"
#include "frame/picture_model.h"
#include "frame/preview.h"
#include "pages/data/class_panel.h"
#include "pages/data/data_page.h"
#include "pages/data/dataset_panel.h"
#include "pages/data/details_panel.h"
#include "pages/data/match_bar.h"

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

constexpr int kScrollMs = 50;

}  // namespace

PictureModel* DataPage::makeModel() { return new RowsModel(*this, desk()); }

void DataPage::addPanel(const QString& id, const QString& title, QWidget* panel) { docks_->add(id, title, panel); }

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
  connect(addFolder_, &QPushButton::clicked, this, &DataPage::chooseFolder);
  connect(addTable_, &QPushButton::clicked, this, &DataPage::chooseTable);
  connect(locateButton_, &QPushButton::clicked, this, &DataPage::chooseNewPlace);
  connect(againButton_, &QPushButton::clicked, this, &DataPage::reread);
  connect(lookTimer_, &QTimer::timeout, this, &DataPage::lookAgain);
  connect(datasets_, &DatasetPanel::chosen, this, [this](const QString& name) {
    matched_.wanted = {};
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
