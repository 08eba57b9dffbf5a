#pragma once
#include <QAbstractTableModel>
#include <unordered_map>
#include <vector>

#include "pages/runs/run_item.h"

namespace lix::app {

/// The shown runs as rows, in the order they are given. What differs alone changes, so that selection, scroll position
/// and an open editor stay while runs go on; a hundred thousand rows cost no more than those that can be seen.
class RunTableModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  /// The columns that every table has, in front; those that a person adds follow.
  enum Column { Name, Status, Recipe, Data, Steps, Loss, Started, Duration, Tags, kColumns };
  static constexpr int kIdRole = Qt::UserRole + 1;

  explicit RunTableModel(QObject* parent = nullptr);

  void setRows(std::vector<RunItemPtr> rows);
  const std::vector<RunItemPtr>& rows() const { return rows_; }
  void setEditable(bool editable) { editable_ = editable; }
  void setExtraColumns(std::vector<RunColumn> columns);
  const std::vector<RunColumn>& columns() const { return columns_; }
  /// Null where it is not shown.
  const RunItem* run(long long id) const;
  int rowOf(long long id) const;  ///< -1: not shown
  const RunItem& at(int row) const { return *rows_[std::size_t(row)]; }

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  Qt::ItemFlags flags(const QModelIndex& index) const override;
  /// A new name is asked for by renameAsked; it is shown when the database has it.
  bool setData(const QModelIndex& index, const QVariant& value, int role) override;
  /// Another order is asked for by sortAsked: it is made where it takes no time of the window.
  void sort(int column, Qt::SortOrder order) override;

 Q_SIGNALS:
  void renameAsked(qlonglong run, const QString& name);
  void sortAsked(int column, Qt::SortOrder order);

 private:
  bool removeMissing(const std::unordered_map<long long, int>& wanted);
  void appendNew(const std::vector<RunItemPtr>& rows);
  void takeOrder(std::vector<RunItemPtr> rows, const std::unordered_map<long long, int>& wanted);
  void reindex();

  std::vector<RunItemPtr> rows_;
  std::unordered_map<long long, int> places_;  ///< row by id
  std::vector<RunColumn> columns_;
  bool editable_ = true;
};

}  // namespace lix::app
