#pragma once
#include <QAbstractTableModel>
#include <QTableView>
#include <string>
#include <vector>

namespace lix::app {

/// Counts of a confusion matrix as a table; rows are true classes, columns predicted ones.
class ConfusionModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  using QAbstractTableModel::QAbstractTableModel;

  /// counts [names][names]. Keeps places where the classes stay as many.
  void setCounts(std::vector<std::string> names, std::vector<std::size_t> counts);
  std::size_t count(int row, int column) const;
  /// The highest of all.
  std::size_t most() const;
  /// Share of the row's queries; 0 for a row without any.
  double share(int row, int column) const;
  QString name(int index) const { return QString::fromStdString(names_[static_cast<std::size_t>(index)]); }

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override { return rowCount(parent); }
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  std::vector<std::string> names_;
  std::vector<std::size_t> counts_, of_;
};

/// Draws it as squares, coloured by share where a count is not 0; names of columns are written upwards. Cells are
/// smaller where all of them have room then.
class ConfusionTable : public QTableView {
  Q_OBJECT

 public:
  explicit ConfusionTable(ConfusionModel* model, QWidget* parent = nullptr);

 Q_SIGNALS:
  void opened();  ///< Enter on the current cell

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void fit();
};

}  // namespace lix::app
