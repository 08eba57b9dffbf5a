#include "pages/data/two_text_delegate.h"

#include <QApplication>
#include <QPainter>

#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kSide = 8;
constexpr int kTop = 5;

}  // namespace

void TwoTextDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
  QStyleOptionViewItem item = option;
  initStyleOption(&item, index);
  const QString name = item.text;
  item.text.clear();
  const QWidget* widget = option.widget;
  (widget != nullptr ? widget->style() : QApplication::style())->drawControl(QStyle::CE_ItemViewItem, &item, painter, widget);

  const bool selected = (item.state & QStyle::State_Selected) != 0;
  const auto& colours = widgets::colours(widgets::themeOf(option.palette));
  const QColor ink = option.palette.color(selected ? QPalette::HighlightedText : QPalette::Text);
  const QString second = index.data(kSecondRole).toString();
  const QFontMetrics metrics(item.font);
  QRect box = option.rect.adjusted(kSide + index.data(kIndentRole).toInt(), kTop, -kSide, -kTop);
  painter->save();
  painter->setFont(item.font);
  if (place_ == Place::Right) {
    const int wide = second.isEmpty() ? 0 : metrics.horizontalAdvance(second) + kSide;
    painter->setPen(selected ? ink : colours.muted);
    painter->drawText(box, Qt::AlignRight | Qt::AlignVCenter, second);
    box.setRight(box.right() - wide);
    painter->setPen(ink);
    painter->drawText(box, Qt::AlignLeft | Qt::AlignVCenter, metrics.elidedText(name, Qt::ElideRight, box.width()));
  } else {
    painter->setPen(ink);
    painter->drawText(QRect(box.topLeft(), QSize(box.width(), metrics.height())), Qt::AlignLeft | Qt::AlignVCenter,
                      metrics.elidedText(name, Qt::ElideRight, box.width()));
    painter->setPen(selected ? ink : colours.muted);
    painter->drawText(QRect(box.left(), box.top() + metrics.height(), box.width(), metrics.height()),
                      Qt::AlignLeft | Qt::AlignVCenter, metrics.elidedText(second, Qt::ElideRight, box.width()));
  }
  painter->restore();
}

QSize TwoTextDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const {
  const int lines = place_ == Place::Below ? 2 : 1;
  return {80, QFontMetrics(option.font).height() * lines + 2 * kTop};
}

}  // namespace lix::app
