#pragma once
#include <QString>

class QListWidget;
class QListWidgetItem;

namespace lix::app {

/// One line of at most some 20,000 characters without breaks and spaces at its ends.
QString cleanCaption(const QString& text);
/// Rows that are edited in place, all of one height, with a coloured number before captions that stand in groups.
void shapeCaptionList(QListWidget& list);
/// Gives a row its tooltip, its warning (`mark` says why, "" for none) and its group (0: none).
void dressCaption(QListWidgetItem& item, const QString& mark, int group);

}  // namespace lix::app
