#pragma once
#include <QStyledItemDelegate>

namespace lix::app {

/// Rows of a list with a second text: muted below the name, or muted at its right.
class TwoTextDelegate : public QStyledItemDelegate {
 public:
  enum class Place { Below, Right };
  static constexpr int kSecondRole = Qt::UserRole + 20;
  static constexpr int kIndentRole = Qt::UserRole + 21;  ///< int, pixels that a row stands in

  TwoTextDelegate(Place place, QObject* parent) : QStyledItemDelegate(parent), place_(place) {}
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

 private:
  Place place_;
};

}  // namespace lix::app
