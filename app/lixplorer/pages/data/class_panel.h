#pragma once
#include <QAbstractListModel>
#include <QWidget>
#include <memory>

#include "pages/data/collection.h"

class QComboBox;
class QListView;

namespace lix::app {

/// "All classes", then the classes of one label set, then "Without class" where there are such pictures; counts at the
/// right are of what the other filters leave.
class ClassModel : public QAbstractListModel {
  Q_OBJECT

 public:
  using QAbstractListModel::QAbstractListModel;
  void setClasses(std::shared_ptr<const Collection> collection, std::size_t labelSet);
  void setCounts(std::shared_ptr<const Shown> shown);
  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  int rowOf(int wantedClass) const;
  int classAt(int row) const;

 private:
  const std::vector<std::string>& names() const;
  std::shared_ptr<const Collection> collection_;
  std::size_t labelSet_ = 0;
  std::shared_ptr<const Shown> shown_;
  bool hasUnlabelled_ = false;
};

/// Chooses a label set and one of its classes.
class ClassPanel : public QWidget {
  Q_OBJECT

 public:
  explicit ClassPanel(QWidget* parent = nullptr);
  /// Another collection; hidden where it has no labels.
  void setCollection(std::shared_ptr<const Collection> collection, const Filter& filter);
  void setCounts(std::shared_ptr<const Shown> shown);

 Q_SIGNALS:
  void chosen(int labelSet, int wantedClass);

 private:
  void select(int wantedClass);
  ClassModel* model_;
  QComboBox* sets_;
  QListView* list_;
  std::shared_ptr<const Collection> collection_;
  bool filling_ = false;
};

}  // namespace lix::app
