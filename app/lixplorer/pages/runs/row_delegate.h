#pragma once
#include <QApplication>
#include <QPainter>
#include <QStyledItemDelegate>

namespace lix::app {

/// Cells of a table whose rows are chosen as wholes: no cell has a focus frame of its own, and texts stand where the
/// header's do.
class RowDelegate : public QStyledItemDelegate {
  Q_OBJECT

 public:
  using QStyledItemDelegate::QStyledItemDelegate;

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    cell.state &= ~QStyle::State_HasFocus;
    const QStyle* style = cell.widget != nullptr ? cell.widget->style() : QApplication::style();
    style->drawPrimitive(QStyle::PE_PanelItemViewItem, &cell, painter, cell.widget);
    cell.rect.adjust(kPadding, 0, -kPadding, 0);
    style->drawControl(QStyle::CE_ItemViewItem, &cell, painter, cell.widget);
  }

 private:
  static constexpr int kPadding = 5;
};

}  // namespace lix::app
