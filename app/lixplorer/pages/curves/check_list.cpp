#include "pages/curves/check_list.h"

#include <QKeyEvent>

namespace lix::app {
namespace {

constexpr int kName = Qt::UserRole;
constexpr int kRowHeight = 24;

std::string nameOf(const QListWidgetItem& item) { return item.data(kName).toString().toStdString(); }

}  // namespace

CheckList::CheckList(const QString& accessibleName, NewOnes newOnes, QWidget* parent)
    : QListWidget(parent), newOnes_(newOnes) {
  setAccessibleName(accessibleName);
  setSelectionMode(SingleSelection);
  setUniformItemSizes(true);
  setTextElideMode(Qt::ElideMiddle);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setToolTip(
      tr("%1: click a box, or press Space, to show or leave out. Ctrl+A checks all, again none.").arg(accessibleName));
  connect(this, &QListWidget::itemChanged, this, &CheckList::onItemChanged);
}

void CheckList::setRows(const std::vector<Row>& rows) {
  bool same = int(rows.size()) == count();
  for (int i = 0; same && i < count(); ++i) {
    same = nameOf(*item(i)) == rows[std::size_t(i)].name && item(i)->text() == rows[std::size_t(i)].title;
  }
  if (same) {
    return;  // keeps selection and scroll position
  }
  filling_ = true;
  clear();
  for (const Row& row : rows) {
    auto* item = new QListWidgetItem(row.title, this);
    item->setData(kName, QString::fromStdString(row.name));
    item->setToolTip(row.tip.isEmpty() ? row.title : row.tip);
    item->setSizeHint(QSize(0, kRowHeight));
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
    const bool isChecked = (ordinary() == Qt::Checked) != changed_.contains(row.name);
    item->setCheckState(isChecked ? Qt::Checked : Qt::Unchecked);
  }
  filling_ = false;
}

std::vector<std::string> CheckList::checked() const {
  std::vector<std::string> names;
  for (int i = 0; i < count(); ++i) {
    if (item(i)->checkState() == Qt::Checked) {
      names.push_back(nameOf(*item(i)));
    }
  }
  return names;
}

void CheckList::setChangedNames(const std::vector<std::string>& names) {
  changed_ = {names.begin(), names.end()};
  filling_ = true;
  for (int i = 0; i < count(); ++i) {
    const bool isChecked = (ordinary() == Qt::Checked) != changed_.contains(nameOf(*item(i)));
    item(i)->setCheckState(isChecked ? Qt::Checked : Qt::Unchecked);
  }
  filling_ = false;
}

void CheckList::setAll(Qt::CheckState state) {
  filling_ = true;
  for (int i = 0; i < count(); ++i) {
    item(i)->setCheckState(state);
    state == ordinary() ? void(changed_.erase(nameOf(*item(i)))) : void(changed_.insert(nameOf(*item(i))));
  }
  filling_ = false;
  Q_EMIT changed();
}

void CheckList::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_A && (event->modifiers() & Qt::ControlModifier) != 0) {
    setAll(int(checked().size()) == count() ? Qt::Unchecked : Qt::Checked);
    return;
  }
  QListWidget::keyPressEvent(event);
}

void CheckList::onItemChanged(const QListWidgetItem* item) {
  if (filling_) {
    return;
  }
  item->checkState() == ordinary() ? void(changed_.erase(nameOf(*item))) : void(changed_.insert(nameOf(*item)));
  Q_EMIT changed();
}

}  // namespace lix::app
