#pragma once
#include <QSortFilterProxyModel>
#include <QStringList>

namespace lix::app {

/// Keeps the runs in whose texts every typed word is found.
class RunFilter : public QSortFilterProxyModel {
  Q_OBJECT

 public:
  using QSortFilterProxyModel::QSortFilterProxyModel;
  void setWords(const QString& text);

 protected:
  bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

 private:
  QStringList words_;
};

}  // namespace lix::app
