#pragma once
#include <QAbstractTableModel>
#include <QColor>
#include <QPixmap>
#include <QTableView>
#include <functional>
#include <vector>

#include "figures/theme.h"
#include "pages/inspect/score_sheet.h"

namespace lix::app {

/// Which cells of the matrix carry a mark beside their colour.
enum class BestMark { None, CaptionOfPicture, PictureOfCaption };

/// Scores as a table: a row a picture, a column a caption, in the order in which captions are listed.
class ScoreModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  using QAbstractTableModel::QAbstractTableModel;
  enum Role { ValueRole = Qt::UserRole + 1, BestRole };

  void set(ScoreSheet sheet);
  /// Captions by their own numbers as columns from left to right; one that is no order of all of them is taken as their
  /// own order.
  void setOrder(std::vector<std::size_t> order);
  void setBest(BestMark best);
  const ScoreSheet& sheet() const { return sheet_; }
  const std::vector<std::size_t>& order() const { return order_; }
  BestMark best() const { return best_; }
  ScoreKind kind() const { return sheet_.kind(); }
  /// The ends of the colour scale: lowest and highest value, or 0 and 1 for probabilities, or even ends around zero.
  double low() const { return sheet_.low(); }
  double high() const { return sheet_.high(); }
  QColor colour(double value, figures::Theme theme) const;
  /// The column of a caption, -1 for none.
  int columnOf(int caption) const;

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  void findOrder();
  void findBest();
  ScoreSheet sheet_;
  std::vector<std::size_t> wanted_, order_;
  BestMark best_ = BestMark::CaptionOfPicture;
  std::vector<float> bestValues_;  // one a picture or one a caption
};

/// The coloured matrix with thumbnails before its rows and captions above its columns; arrows move, the chosen cell is
/// framed.
class ScoreMatrix : public QTableView {
  Q_OBJECT

 public:
  explicit ScoreMatrix(QWidget* parent = nullptr);
  /// Where the thumbnails of rows come from; null pixmaps are drawn as quiet squares.
  void setThumbnails(std::function<QPixmap(int row)> thumbnails);
  /// Columns share the width between what numbers need and what looks well; where captions have no room in one line,
  /// their headers take several lines.
  void fitColumns();
  void setEmptyText(const QString& text);

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void paintEvent(QPaintEvent* event) override;

 private:
  int headerLines(int width) const;
  QString emptyText_;
};

/// A thin strip that shows what the colours mean: lowest number, colours, highest number.
class ScaleStrip : public QWidget {
  Q_OBJECT

 public:
  explicit ScaleStrip(QWidget* parent = nullptr);
  void setScale(const ScoreSheet& sheet);
  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QString end(double value) const;
  double low_ = 0.0, high_ = 1.0;
  ScoreKind kind_ = ScoreKind::Cosine;
  bool diverging_ = false;
};

}  // namespace lix::app
