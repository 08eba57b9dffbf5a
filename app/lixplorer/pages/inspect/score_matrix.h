#pragma once
#include <QAbstractTableModel>
#include <QColor>
#include <QPixmap>
#include <QTableView>
#include <functional>
#include <memory>

#include "figures/theme.h"
#include "pages/inspect/inspect_reading.h"

namespace lix::app {

/// Scores as a table: a row a picture, a column a caption.
class ScoreModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  using QAbstractTableModel::QAbstractTableModel;
  enum Role { ValueRole = Qt::UserRole + 1 };

  /// Null: empty.
  void set(std::shared_ptr<const ReadAnswer> answer, ScoreKind kind);
  const ReadAnswer* answer() const { return answer_.get(); }
  ScoreKind kind() const { return kind_; }
  /// The ends of the colour scale: lowest and highest value, or 0 and 1 for probabilities.
  double low() const { return low_; }
  double high() const { return high_; }
  QColor colour(double value, figures::Theme theme) const;

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  QString meaning(std::size_t row, std::size_t column) const;
  std::shared_ptr<const ReadAnswer> answer_;
  ScoreKind kind_ = ScoreKind::Cosine;
  double low_ = 0.0, high_ = 1.0;
};

/// The number of one kind of score as it stands in a cell.
QString scoreText(double value, ScoreKind kind);

/// The coloured matrix with thumbnails before its rows and captions above its columns; arrows move, the chosen cell is
/// framed.
class ScoreMatrix : public QTableView {
  Q_OBJECT

 public:
  explicit ScoreMatrix(QWidget* parent = nullptr);
  /// Where the thumbnails of rows come from; null pixmaps are drawn as quiet squares.
  void setThumbnails(std::function<QPixmap(int row)> thumbnails);
  /// Columns share the width between what numbers need and what looks well.
  void fitColumns();
  void setEmptyText(const QString& text);

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void paintEvent(QPaintEvent* event) override;

 private:
  QString emptyText_;
};

/// A thin strip that shows what the colours mean: lowest number, viridis, highest number.
class ScaleStrip : public QWidget {
  Q_OBJECT

 public:
  explicit ScaleStrip(QWidget* parent = nullptr);
  void setScale(double low, double high, ScoreKind kind);
  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  double low_ = 0.0, high_ = 1.0;
  ScoreKind kind_ = ScoreKind::Cosine;
};

}  // namespace lix::app
