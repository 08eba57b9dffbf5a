// How the data page was left, and how it comes back.
#include <QComboBox>
#include <QJsonObject>
#include <QLineEdit>
#include <QSlider>
#include <QSplitter>
#include <QTabBar>
#include <algorithm>

#include "pages/data/data_page.h"
#include "pages/data/explore_panels.h"

namespace lix::app {
namespace {

QString text(const std::string& utf8) { return QString::fromStdString(utf8); }

}  // namespace

QJsonObject DataPage::state() const {
  if (!begun_ && !restored_.isEmpty()) {
    QJsonObject state = restored_;  // nobody looked: as it was
    state["explore"] = exploreState(*this);
    return state;
  }
  const Filter& filter = browser_->filter();
  QJsonObject state{{"dataset", text(browser_->name())},
                    {"split", splits_->currentIndex()},
                    {"text", search_->text()},
                    {"side", grid_->side()},
                    {"tab", tabs_->currentIndex()},
                    {"columns", QString::fromLatin1(across_->saveState().toBase64())},
                    {"left", QString::fromLatin1(left_->saveState().toBase64())},
                    {"explore", exploreState(*this)}};
  if (const auto& collection = browser_->collection(); collection && filter.labelSet < collection->set->set.labelSets.size()) {
    const auto& set = collection->set->set.labelSets[filter.labelSet];
    state["labelSet"] = text(set.name);
    if (filter.wantedClass >= 0) {
      state["class"] = text(set.classes[std::size_t(filter.wantedClass)]);
    }
  }
  return state;
}

void DataPage::restore(const QJsonObject& state) {
  across_->restoreState(QByteArray::fromBase64(state["columns"].toString().toLatin1()));
  left_->restoreState(QByteArray::fromBase64(state["left"].toString().toLatin1()));
  if (const int side = state["side"].toInt(); side > 0) {
    grid_->setSide(std::clamp(side, size_->minimum(), size_->maximum()));
    size_->setValue(grid_->side());
  }
  splits_->setCurrentIndex(std::clamp(state["split"].toInt(), 0, splits_->count() - 1));
  search_->setText(state["text"].toString());
  tabs_->setCurrentIndex(std::clamp(state["tab"].toInt(), 0, tabs_->count() - 1));
  restoreExplore(*this, state["explore"].toObject());
  const QString dataset = state["dataset"].toString();
  if (dataset.isEmpty()) {
    return;
  }
  restored_ = state;
  if (begun_ || isVisible()) {
    openDataset(dataset.toStdString());
  } else {
    pending_ = dataset.toStdString();
  }
}

/// Label set and class are kept by name: their numbers change when the data does.
Filter DataPage::restoredFilter(const Collection& collection) const {
  Filter filter = browser_->filter();
  const auto set = collection.set->set.labelSet(restored_["labelSet"].toString().toStdString());
  filter.labelSet = set.value_or(0);
  if (set && restored_.contains("class")) {
    const auto& classes = collection.set->set.labelSets[*set].classes;
    const auto found = std::ranges::find(classes, restored_["class"].toString().toStdString());
    filter.wantedClass = found == classes.end() ? kAnyClass : int(found - classes.begin());
  }
  return filter;
}

}  // namespace lix::app
