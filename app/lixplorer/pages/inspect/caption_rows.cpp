#include "pages/inspect/caption_rows.h"

#include <QListWidget>
#include <QPainter>
#include <QStyledItemDelegate>
#include <algorithm>

#include "figures/theme.h"
#include "pages/inspect/caption_panel.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kMostCharacters = 20'000;  // of one caption: any text tower reads a small part of it
constexpr int kEditorRoom = 8;  // of a row around its text
constexpr int kTag = 18;        // side of a group's number
constexpr int kGroupRole = Qt::UserRole + 2;

/// Rows in which the editor of a caption has room for its text.
class CaptionDelegate : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;
  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    const QSize size = QStyledItemDelegate::sizeHint(option, index);
    return {size.width(), std::max(size.height(), option.fontMetrics.height() + kEditorRoom)};
  }
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    const int group = index.data(kGroupRole).toInt();
    if (group == 0) {
      QStyledItemDelegate::paint(painter, option, index);
      return;
    }
    QStyleOptionViewItem rest = option;
    rest.rect.adjust(kTag + 6, 0, 0, 0);
    QStyledItemDelegate::paint(painter, rest, index);
    const QColor colour = figures::categorical(widgets::themeOf(option.palette), group - 1);
    const QColor dark(16, 18, 22), light(255, 255, 255);
    const QRectF tag(option.rect.left() + 2, option.rect.center().y() - kTag / 2.0 + 1, kTag, kTag);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(colour);
    painter->drawRoundedRect(tag, 4, 4);
    painter->setPen(figures::contrast(dark, colour) >= figures::contrast(light, colour) ? dark : light);
    painter->drawText(tag, Qt::AlignCenter, QString::number(group));
    painter->restore();
  }
  QWidget* createEditor(QWidget* parent, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    QWidget* editor = QStyledItemDelegate::createEditor(parent, option, index);
    editor->setAccessibleName(CaptionPanel::tr("Caption"));
    editor->setToolTip(CaptionPanel::tr("Return keeps the change, Esc drops it."));
    // The theme's field is higher than a row.
    editor->setStyleSheet(QStringLiteral("QLineEdit, QLineEdit:focus { padding: 0 2px; border: 1px solid "
                                         "palette(highlight); border-radius: 2px; }"));
    return editor;
  }
};

}  // namespace

QString cleanCaption(const QString& text) {
  QString line = text.left(kMostCharacters).trimmed();
  return line.replace(QChar('\n'), QChar(' ')).replace(QChar('\t'), QChar(' ')).remove(QChar(0));
}

void shapeCaptionList(QListWidget& list) {
  list.setObjectName("inspect.captions");
  list.setAccessibleName(CaptionPanel::tr("Captions"));
  list.setToolTip(CaptionPanel::tr("Captions. Return or F2 edits one, Delete removes it; drop text or text files here."));
  list.setTextElideMode(Qt::ElideRight);
  list.setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  list.setUniformItemSizes(true);
  list.setItemDelegate(new CaptionDelegate(&list));
  list.setIconSize({16, 16});
  list.setSpacing(2);
  list.setSelectionMode(QAbstractItemView::ExtendedSelection);
  list.setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed);
  list.setAcceptDrops(false);  // the page takes them
}

void dressCaption(QListWidgetItem& item, const QString& mark, int group) {
  QString tip = item.text();
  if (group > 0) {
    tip = CaptionPanel::tr("Group %1").arg(group) + QStringLiteral("\n") + tip;
  }
  if (!mark.isEmpty()) {
    tip = mark + QStringLiteral("\n") + tip;
  }
  const QString shown = tooltipText(tip);
  if (item.toolTip() == shown && item.data(kGroupRole).toInt() == group && item.icon().isNull() == mark.isEmpty()) {
    return;
  }
  item.setToolTip(shown);
  item.setIcon(mark.isEmpty() ? QIcon() : widgets::icon("warning"));
  item.setData(kGroupRole, group);
  item.setData(Qt::AccessibleTextRole,
               group > 0 ? CaptionPanel::tr("Group %1: %2").arg(group).arg(item.text()) : item.text());
}

}  // namespace lix::app
