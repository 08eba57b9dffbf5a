#include "pages/support/confusion_table.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QStyle>
#include <QStyledItemDelegate>
#include <algorithm>

#include "figures/colour_map.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kCell = 30, kSmallCell = 22, kLeastNames = 44, kMostNames = 92, kPadding = 6;
constexpr double kBright = 0.55;  // luminance of a colour that wants dark text

/// Names of classes, those of columns from below upwards, in the room that the table gives them.
class NameHeader : public QHeaderView {
 public:
  NameHeader(Qt::Orientation orientation, QWidget* parent) : QHeaderView(orientation, parent) {}

  /// Of the longest name.
  int wanted() const {
    int widest = kLeastNames;
    for (int i = 0; model() != nullptr && i < count(); ++i) {
      widest = std::max(widest, fontMetrics().horizontalAdvance(text(i)) + 2 * kPadding);
    }
    return widest;
  }
  void setRoom(int room) { room_ = room; }
  QSize sizeHint() const override {
    const QSize size = QHeaderView::sizeHint();
    return orientation() == Qt::Horizontal ? QSize(size.width(), room_) : QSize(room_, size.height());
  }

 protected:
  void paintSection(QPainter* painter, const QRect& rect, int section) const override {
    const bool upwards = orientation() == Qt::Horizontal;
    painter->save();
    painter->fillRect(rect, palette().color(QPalette::Base));
    painter->setPen(palette().color(QPalette::Text));
    painter->translate(rect.left(), upwards ? rect.bottom() : rect.top());
    painter->rotate(upwards ? -90.0 : 0.0);
    const QSize size = upwards ? rect.size().transposed() : rect.size();
    const QRect room(kPadding, 0, size.width() - 2 * kPadding, size.height());
    painter->drawText(room, (upwards ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter,
                      fontMetrics().elidedText(text(section), Qt::ElideRight, room.width()));
    painter->restore();
  }

 private:
  QString text(int section) const { return model()->headerData(section, orientation(), Qt::DisplayRole).toString(); }

  int room_ = kLeastNames;
};

/// How long the names and the cells of one direction are drawn in `all` of it.
struct Lengths {
  int names = 0, cell = 0, all = 0;
};

/// Names are whole where there is room beside cells of full size. Where there is not, cells get smaller, then names,
/// then cells again; both stay readable, and what is longer then is scrolled.
Lengths share(int all, int count, int names, int leastCell) {
  names = std::min(names, std::max(kMostNames, all - count * kCell - 2 * kPadding));
  names = std::clamp(all - count * kSmallCell, std::min(kLeastNames, names), names);
  const int cell = std::clamp((all - names) / std::max(count, 1), std::min(leastCell, kCell), kCell);
  names = std::clamp(all - count * cell, std::min(kLeastNames, names), names);
  return {names, cell, names + count * cell};
}

class CellDelegate : public QStyledItemDelegate {
 public:
  CellDelegate(const ConfusionModel& model, QTableView& table)
      : QStyledItemDelegate(&table), model_(model), table_(table) {}

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    const figures::Theme theme = widgets::themeOf(option.palette);
    const auto& colours = widgets::colours(theme);
    QColor fill = index.row() == index.column() ? colours.raised : option.palette.color(QPalette::Base);
    QColor ink = option.palette.color(QPalette::Text);
    if (model_.count(index.row(), index.column()) > 0) {
      fill = figures::viridis(model_.share(index.row(), index.column()), theme);
      const double light = 0.299 * fill.redF() + 0.587 * fill.greenF() + 0.114 * fill.blueF();
      ink = light > kBright ? Qt::black : Qt::white;
    } else {
      ink = colours.muted;
    }
    painter->save();
    const QRect rect = option.rect.adjusted(0, 0, -1, -1);
    painter->fillRect(rect, fill);
    painter->setPen(ink);
    painter->drawText(rect, Qt::AlignCenter, index.data().toString());
    if (index == table_.currentIndex()) {
      painter->setPen(QPen(colours.accent, 3));
      painter->drawRect(rect.adjusted(1, 1, -1, -1));
    }
    painter->restore();
  }

 private:
  const ConfusionModel& model_;
  QTableView& table_;
};

}  // namespace

void ConfusionModel::setCounts(std::vector<std::string> names, std::vector<std::size_t> counts) {
  const bool reset = names.size() != names_.size();
  if (reset) {
    beginResetModel();
  }
  names_ = std::move(names);
  counts_ = std::move(counts);
  of_.assign(names_.size(), 0);
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    of_[i / names_.size()] += counts_[i];
  }
  if (reset) {
    endResetModel();
  } else if (!names_.empty()) {
    const int last = rowCount() - 1;
    Q_EMIT dataChanged(index(0, 0), index(last, last));
    Q_EMIT headerDataChanged(Qt::Horizontal, 0, last);
    Q_EMIT headerDataChanged(Qt::Vertical, 0, last);
  }
}

std::size_t ConfusionModel::count(int row, int column) const {
  return counts_[static_cast<std::size_t>(row) * names_.size() + static_cast<std::size_t>(column)];
}

std::size_t ConfusionModel::most() const { return counts_.empty() ? 0 : std::ranges::max(counts_); }

double ConfusionModel::share(int row, int column) const {
  const std::size_t of = of_[static_cast<std::size_t>(row)];
  return of == 0 ? 0.0 : static_cast<double>(count(row, column)) / static_cast<double>(of);
}

int ConfusionModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(names_.size());
}

QVariant ConfusionModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) {
    return {};
  }
  const std::size_t here = count(index.row(), index.column());
  if (role == Qt::DisplayRole) {
    return of_[static_cast<std::size_t>(index.row())] > 0 ? QString::number(here) : QString();  // what was not asked is blank
  }
  if (role == Qt::ToolTipRole || role == Qt::AccessibleTextRole) {
    return tr("%1 of %2 queries of %3 are taken for %4.")
        .arg(here)
        .arg(of_[static_cast<std::size_t>(index.row())])
        .arg(name(index.row()), name(index.column()));
  }
  return {};
}

QVariant ConfusionModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (role == Qt::DisplayRole) {
    return name(section);
  }
  if (role == Qt::ToolTipRole) {
    return orientation == Qt::Vertical ? tr("Queries of class %1").arg(name(section))
                                       : tr("Queries taken for class %1").arg(name(section));
  }
  return {};
}

ConfusionTable::ConfusionTable(ConfusionModel* model, QWidget* parent) : QTableView(parent) {
  setHorizontalHeader(new NameHeader(Qt::Horizontal, this));
  setVerticalHeader(new NameHeader(Qt::Vertical, this));
  setModel(model);
  setItemDelegate(new CellDelegate(*model, *this));
  setShowGrid(false);
  setTabKeyNavigation(false);
  setSelectionMode(QAbstractItemView::NoSelection);
  setMouseTracking(true);
  for (QHeaderView* one : {horizontalHeader(), verticalHeader()}) {
    one->setSectionResizeMode(QHeaderView::Fixed);
    one->setMinimumSectionSize(1);
    one->setHighlightSections(false);
  }
  connect(model, &QAbstractItemModel::modelReset, this, &ConfusionTable::fit);
  connect(model, &QAbstractItemModel::dataChanged, this, &ConfusionTable::fit);
  fit();
}

/// As many cells as can be read stand in the table without scrolling; a scroll bar of one direction takes room of the
/// other.
void ConfusionTable::fit() {
  const int count = model()->rowCount();
  const int least = fontMetrics().height() + 1;
  const QString most = QString::number(static_cast<const ConfusionModel*>(model())->most());
  const int widest = std::max(least, fontMetrics().horizontalAdvance(most) + kPadding);
  auto* columnNames = static_cast<NameHeader*>(horizontalHeader());
  auto* rowNames = static_cast<NameHeader*>(verticalHeader());
  const QSize all = size() - 2 * QSize(frameWidth(), frameWidth());
  const int bar = style()->pixelMetric(QStyle::PM_ScrollBarExtent, nullptr, verticalScrollBar());
  const auto across = [&](int width) { return share(width, count, rowNames->wanted(), widest); };
  const auto down = [&](int height) { return share(height, count, columnNames->wanted(), least); };
  Lengths wide = across(all.width()), high = down(all.height());
  if (high.all > all.height()) {
    wide = across(all.width() - bar);
  }
  if (wide.all > all.width()) {
    high = down(all.height() - bar);
  }
  rowNames->setRoom(wide.names);
  columnNames->setRoom(high.names);
  columnNames->setDefaultSectionSize(wide.cell);
  rowNames->setDefaultSectionSize(high.cell);
  updateGeometries();
}

void ConfusionTable::resizeEvent(QResizeEvent* event) {
  QTableView::resizeEvent(event);
  fit();
}

void ConfusionTable::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
    Q_EMIT opened();
  } else {
    QTableView::keyPressEvent(event);
  }
}

}  // namespace lix::app
