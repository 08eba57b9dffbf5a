#pragma once
#include <QAbstractTableModel>
#include <QWidget>
#include <vector>

#include "pages/data/collection.h"

class QLabel;
class QTableView;

namespace lix::app {

/// Files that were left out, and why; shows those that hold all words of a text.
class SkippedModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  using QAbstractTableModel::QAbstractTableModel;
  /// What a collection left out (null: nothing), and pictures that turned out unreadable later.
  void setSkipped(std::shared_ptr<const Collection> collection, std::vector<data::Skipped> later);
  void setWords(std::vector<std::string> words);
  std::size_t total() const;
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : 2; }
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  void choose();
  const data::Skipped& at(std::size_t index) const;
  std::shared_ptr<const Collection> collection_;
  std::vector<data::Skipped> later_;
  std::vector<std::size_t> rows_;
  std::vector<std::string> words_;
};

/// The list with a button that copies it.
class SkippedView : public QWidget {
  Q_OBJECT

 public:
  explicit SkippedView(QWidget* parent = nullptr);
  SkippedModel& model() { return *model_; }
  QTableView* table() const { return table_; }
  /// The selected rows, or all shown ones, to the clipboard: a file, a tab and its reason a line.
  void copy() const;

 private:
  void updateNote();
  SkippedModel* model_;
  QTableView* table_;
  QLabel* note_;
};

}  // namespace lix::app
