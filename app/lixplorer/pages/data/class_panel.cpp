#include "pages/data/class_panel.h"

#include <QComboBox>
#include <QLabel>
#include <QListView>
#include <QLocale>
#include <QScopedValueRollback>
#include <QVBoxLayout>
#include <algorithm>

#include "pages/data/two_text_delegate.h"

namespace lix::app {

const std::vector<std::string>& ClassModel::names() const {
  static const std::vector<std::string> none;
  return collection_ && labelSet_ < collection_->set->set.labelSets.size() ? collection_->set->set.labelSets[labelSet_].classes
                                                                           : none;
}

void ClassModel::setClasses(std::shared_ptr<const Collection> collection, std::size_t labelSet) {
  beginResetModel();
  collection_ = std::move(collection);
  labelSet_ = labelSet;
  shown_ = nullptr;
  hasUnlabelled_ = !names().empty() && collection_->withoutClass[labelSet_] > 0;
  endResetModel();
}

void ClassModel::setCounts(std::shared_ptr<const Shown> shown) {
  shown_ = shown && shown->perClass.size() == names().size() ? std::move(shown) : nullptr;
  if (rowCount() > 0) {
    Q_EMIT dataChanged(index(0), index(rowCount() - 1), {TwoTextDelegate::kSecondRole});
  }
}

int ClassModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() || names().empty() ? 0 : int(names().size()) + 1 + (hasUnlabelled_ ? 1 : 0);
}

int ClassModel::rowOf(int wantedClass) const {
  const int classes = int(names().size());
  return wantedClass == kAnyClass ? 0 : wantedClass == kNoClass ? classes + 1 : wantedClass + 1;
}

int ClassModel::classAt(int row) const {
  const int classes = int(names().size());
  return row <= 0 ? kAnyClass : row > classes ? kNoClass : row - 1;
}

QVariant ClassModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) {
    return {};
  }
  const int label = classAt(index.row());
  if (role == Qt::DisplayRole || role == Qt::ToolTipRole) {
    return label == kAnyClass ? tr("All classes")
           : label == kNoClass ? tr("Without class")
                               : QString::fromStdString(names()[std::size_t(label)]);
  }
  if (role == TwoTextDelegate::kSecondRole && shown_) {
    const std::size_t count = label == kAnyClass ? shown_->anyClass
                              : label == kNoClass ? shown_->withoutClass
                                                  : shown_->perClass[std::size_t(label)];
    return QLocale(QLocale::English).toString(qulonglong(count));
  }
  return {};
}

ClassPanel::ClassPanel(QWidget* parent)
    : QWidget(parent), model_(new ClassModel(this)), sets_(new QComboBox), list_(new QListView) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(6);
  auto* heading = new QLabel(tr("Classes"));
  heading->setProperty("heading", "section");
  heading->setBuddy(list_);
  sets_->setObjectName("data.labelSets");
  sets_->setAccessibleName(tr("Label set"));
  sets_->setToolTip(tr("Which way of sorting the pictures into classes the list shows (arrows change it)."));
  list_->setObjectName("data.classes");
  list_->setAccessibleName(tr("Classes"));
  list_->setToolTip(tr("Shows the pictures of one class alone (arrows, or type the first letters of its name)."));
  list_->setModel(model_);
  list_->setUniformItemSizes(true);
  list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  list_->setItemDelegate(new TwoTextDelegate(TwoTextDelegate::Place::Right, list_));
  column->addWidget(heading);
  column->addWidget(sets_);
  column->addWidget(list_, 1);
  connect(sets_, &QComboBox::currentIndexChanged, this, [this](int set) {
    if (!filling_ && set >= 0) {
      {
        const QScopedValueRollback guard(filling_, true);
        model_->setClasses(collection_, std::size_t(set));
        select(kAnyClass);
      }
      Q_EMIT chosen(set, kAnyClass);
    }
  });
  connect(list_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& index) {
    if (!filling_ && index.isValid()) {
      Q_EMIT chosen(std::max(0, sets_->currentIndex()), model_->classAt(index.row()));
    }
  });
}

void ClassPanel::setCollection(std::shared_ptr<const Collection> collection, const Filter& filter) {
  const QScopedValueRollback guard(filling_, true);
  collection_ = std::move(collection);
  sets_->clear();
  const bool labelled = collection_ && !collection_->set->set.labelSets.empty();
  if (labelled) {
    for (const auto& set : collection_->set->set.labelSets) {
      sets_->addItem(tr("By %1").arg(QString::fromStdString(set.name)));
    }
    sets_->setCurrentIndex(int(std::min(filter.labelSet, collection_->set->set.labelSets.size() - 1)));
  }
  sets_->setVisible(sets_->count() > 1);
  model_->setClasses(collection_, std::size_t(std::max(0, sets_->currentIndex())));
  select(filter.wantedClass);
  setVisible(labelled);
}

void ClassPanel::select(int wantedClass) {
  const int row = model_->rowOf(wantedClass);
  if (row < model_->rowCount()) {
    list_->setCurrentIndex(model_->index(row));
  }
}

void ClassPanel::setCounts(std::shared_ptr<const Shown> shown) { model_->setCounts(std::move(shown)); }

}  // namespace lix::app
