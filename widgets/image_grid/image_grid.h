#pragma once
#include <QAbstractItemView>
#include <utility>

namespace lix::widgets {

/// What a model of pictures gives beside Qt::DisplayRole (the caption under a picture) and Qt::DecorationRole (its
/// thumbnail as QPixmap, null while it is being made: the grid asks for visible rows only and paints a quiet
/// placeholder until dataChanged).
enum GridRole {
  BadgeRole = Qt::UserRole + 1,  ///< QString, a short word under the picture ("test", "masked"); may be empty
  FrameRole,                     ///< int GridFrame
  BarRole,                       ///< double 0..1, a bar under the picture; negative or absent: none
  SecondBarRole,                 ///< double 0..1, a second bar
  DetailRole                     ///< QString, second line under the caption
};
enum class GridFrame { None, Right, Wrong, Muted };

/// What the cells of a grid have below their thumbnails beside a caption.
struct CellRoom {
  bool badge = false, detail = false, bars = false;
};

/// Thumbnails in rows over any list model; geometry is computed, never stored, so that a million rows cost what the
/// visible ones cost. Selection, rubber band, drag (the model's mimeData) and drop (the model's dropMimeData), arrows,
/// Home, End, Page keys, typing to search, Space for a quick preview, Ctrl+wheel for the size.
class ImageGrid : public QAbstractItemView {
  Q_OBJECT

 public:
  explicit ImageGrid(QWidget* parent = nullptr);

  /// Side of a thumbnail in logical pixels, 48 to 256.
  int side() const { return side_; }
  void setSide(int side);
  /// Room for badges under all pictures though none has one yet, so that nothing moves when one gets it.
  void keepBadgeRoom();
  /// What is said in the middle when there are no rows.
  void setEmptyText(const QString& text);
  /// Rows that can be seen now, first and last, or -1, -1.
  std::pair<int, int> visibleRows() const;
  int columns() const;
  /// Width of the whole grid in which that many thumbnails stand side by side, also beside a scroll bar.
  int widthFor(int columns) const;

  void setModel(QAbstractItemModel* model) override;
  QRect visualRect(const QModelIndex& index) const override;
  void scrollTo(const QModelIndex& index, ScrollHint hint = EnsureVisible) override;
  QModelIndex indexAt(const QPoint& point) const override;
  void reset() override;

 Q_SIGNALS:
  /// Space: the host shows this row large (Esc closes it).
  void previewAsked(const QModelIndex& index);
  void sideChanged(int side);

 protected:
  QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;
  int horizontalOffset() const override { return 0; }
  int verticalOffset() const override;
  bool isIndexHidden(const QModelIndex&) const override { return false; }
  void setSelection(const QRect& rect, QItemSelectionModel::SelectionFlags command) override;
  QRegion visualRegionForSelection(const QItemSelection& selection) const override;
  void dataChanged(const QModelIndex& first, const QModelIndex& last, const QList<int>& roles) override;
  void rowsAboutToBeRemoved(const QModelIndex& parent, int first, int last) override;
  void rowsInserted(const QModelIndex& parent, int first, int last) override;
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void changeEvent(QEvent* event) override;
  void updateGeometries() override;
  void startDrag(Qt::DropActions actions) override;

 private:
  int rows() const;
  QSize cell() const;
  /// Whether rows of the model have badges, a second line or bars; the first rows tell.
  void measure();
  /// The cells that a rectangle of the viewport touches, and the rows from one point's to another's.
  QItemSelection touched(const QRect& rect) const;
  QItemSelection between(const QPoint& from, const QPoint& to) const;

  QString emptyText_;
  int side_ = 96;
  CellRoom room_;
  bool keepsBadgeRoom_ = false;
  QModelIndex hovered_;
  QRect band_;  // rubber band, in the contents' coordinates
};

}  // namespace lix::widgets
