#pragma once
#include <QAbstractTableModel>
#include <map>
#include <vector>

#include "store/run_store.h"

namespace lix::app {

/// Runs as rows. New rows of the database change only the cells that differ, so that selection, scroll position and an
/// open editor stay while runs go on.
class RunTableModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { Name, Status, Recipe, Data, Steps, Loss, Started, Duration, Tags, kColumns };
  /// Sorting compares what lies under this role.
  static constexpr int kSortRole = Qt::UserRole;
  static constexpr int kIdRole = Qt::UserRole + 1;

  explicit RunTableModel(QObject* parent = nullptr);

  void setRows(const std::vector<store::RunRow>& rows);
  void setLosses(const std::map<long long, double>& losses);
  void setEditable(bool editable) { editable_ = editable; }
  /// Null where it is not there.
  const store::RunRow* row(long long id) const;
  const store::RunRow& at(int row) const { return rows_[std::size_t(row)]; }

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  Qt::ItemFlags flags(const QModelIndex& index) const override;
  /// A new name is asked for by renameAsked; it is shown when the database has it.
  bool setData(const QModelIndex& index, const QVariant& value, int role) override;

 Q_SIGNALS:
  void renameAsked(qlonglong run, const QString& name);

 private:
  QString text(const store::RunRow& run, int column) const;
  QVariant sortKey(const store::RunRow& run, int column) const;

  std::vector<store::RunRow> rows_;
  std::map<long long, double> losses_;
  bool editable_ = true;
};

}  // namespace lix::app
