#include "pages/support/class_bars_panel.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPainter>
#include <QSignalBlocker>
#include <QStyledItemDelegate>
#include <QTableWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "desk/desk.h"
#include "figure_view/figure_export.h"
#include "figures/bars_figure.h"
#include "pages/support/adapter_box.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

enum Column { kClass, kBar, kShare, kCount, kColumns };
enum Role { kClassRole = Qt::UserRole, kShareRole, kLowRole, kHighRole };
constexpr double kPercent = 100.0;
constexpr int kRowHeight = 24, kBarHeight = 10, kTick = 3;
constexpr int kLeastNames = 60, kNameShare = 35;  // of the width, in percent

/// A bar from 0 to 1 with its interval as a whisker.
class BarDelegate : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    QStyledItemDelegate::paint(painter, option, index);
    const QVariant share = index.data(kShareRole);
    if (!share.isValid()) {
      return;
    }
    const auto& colours = widgets::colours(widgets::themeOf(option.palette));
    const QRectF room = QRectF(option.rect).adjusted(4, 0, -6, 0);
    const double middle = room.center().y();
    const auto at = [&](double value) { return room.left() + value * room.width(); };
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(colours.border);
    painter->drawRoundedRect(QRectF(room.left(), middle - kBarHeight / 2.0, room.width(), kBarHeight), 2, 2);
    painter->setBrush(colours.accent);
    painter->drawRoundedRect(
        QRectF(room.left(), middle - kBarHeight / 2.0, at(share.toDouble()) - room.left(), kBarHeight), 2, 2);
    const double low = at(index.data(kLowRole).toDouble()), high = at(index.data(kHighRole).toDouble());
    painter->setPen(QPen(option.palette.color(QPalette::Text), 1.2));
    painter->drawLine(QPointF(low, middle), QPointF(high, middle));
    painter->drawLine(QPointF(low, middle - kTick), QPointF(low, middle + kTick));
    painter->drawLine(QPointF(high, middle - kTick), QPointF(high, middle + kTick));
    painter->restore();
  }
};

QTableWidgetItem* cell(const QString& text, Qt::Alignment alignment, const QString& tip) {
  auto* item = new QTableWidgetItem(text);
  item->setTextAlignment(alignment | Qt::AlignVCenter);
  item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
  item->setToolTip(tip);
  return item;
}

}  // namespace

ClassBarsPanel::ClassBarsPanel(Desk& desk, LiveScores& scores, QWidget* parent)
    : SupportPanel(parent),
      scores_(scores),
      adapter_(new AdapterBox(scores.shown(), AdapterBox::Offer::All, "support.classAdapter",
                              tr("The adapter whose answers are counted."))),
      order_(new QComboBox),
      table_(new QTableWidget),
      empty_(new QLabel) {
  build();
  auto* save = new widgets::FigureExport(table_, [this] { return figure(); });
  save->serve(table_->viewport());
  connect(save, &widgets::FigureExport::failed, this,
          [&desk](const QString& sentence) { desk.say(widgets::Severity::Error, sentence); });
  for (auto signal : {&LiveScores::scored, &LiveScores::fitted, &LiveScores::statusChanged}) {
    connect(&scores_, signal, this, &ClassBarsPanel::show);
  }
  for (QComboBox* box : {static_cast<QComboBox*>(adapter_), order_}) {
    connect(box, &QComboBox::currentIndexChanged, this, &ClassBarsPanel::show);
  }
  const auto choose = [this](int row, int) { Q_EMIT classChosen(classAt(row)); };
  connect(table_, &QTableWidget::cellClicked, this, choose);
  connect(table_, &QTableWidget::cellActivated, this, choose);
}

void ClassBarsPanel::build() {
  order_->setObjectName("support.classOrder");
  order_->setAccessibleName(tr("Order of the classes"));
  order_->setToolTip(tr("Whether the classes with the most errors stand first."));
  order_->addItem(tr("Worst first"));
  order_->addItem(tr("Set's order"));
  table_->setObjectName("support.classBars");
  table_->setAccessibleName(tr("Recall of every class"));
  table_->setToolTip(
      tr("How many queries of each class are answered right, with 95 % interval. A click or Enter goes "
         "to the class on the board.") +
      QStringLiteral("\n") + widgets::FigureExport::hint());
  table_->setColumnCount(kColumns);
  table_->setHorizontalHeaderLabels({tr("Class"), tr("Right"), tr("%"), tr("n")});
  table_->verticalHeader()->hide();
  table_->verticalHeader()->setDefaultSectionSize(kRowHeight);
  table_->setShowGrid(false);
  table_->setWordWrap(false);
  table_->setTabKeyNavigation(false);
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setSelectionMode(QAbstractItemView::SingleSelection);
  table_->setItemDelegateForColumn(kBar, new BarDelegate(table_));
  QHeaderView* header = table_->horizontalHeader();
  header->setMinimumSectionSize(1);
  header->setHighlightSections(false);
  header->setSectionResizeMode(kBar, QHeaderView::Stretch);
  header->setSectionResizeMode(kShare, QHeaderView::ResizeToContents);
  header->setSectionResizeMode(kCount, QHeaderView::ResizeToContents);
  for (int column = 0; column < kColumns; ++column) {
    table_->horizontalHeaderItem(column)->setTextAlignment((column < kShare ? Qt::AlignLeft : Qt::AlignRight) |
                                                           Qt::AlignVCenter);
  }
  empty_->setObjectName("support.classesEmpty");
  empty_->setWordWrap(true);
  empty_->setProperty("muted", true);
  auto* head = new QHBoxLayout;
  head->addWidget(adapter_, 1);
  head->addWidget(order_, 1);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(8, 6, 8, 0);
  column->setSpacing(6);
  column->addLayout(head);
  column->addWidget(empty_);
  column->addWidget(table_, 1);
}

void ClassBarsPanel::setActive(bool active) {
  active_ = active;
  show();
}

int ClassBarsPanel::classAt(int row) const { return table_->item(row, kClass)->data(kClassRole).toInt(); }

void ClassBarsPanel::show() {
  if (!active_) {
    return;
  }
  const QString why = whyNothing(scores_, adapter_->id());
  empty_->setText(why);
  empty_->setVisible(!why.isEmpty());
  table_->setVisible(why.isEmpty());
  if (!why.isEmpty()) {
    return;
  }
  const auto& names = scores_.scores()->task->names;
  const auto recalls = this->recalls();
  const int selected =
      table_->currentRow() >= 0 && table_->currentRow() < table_->rowCount() ? classAt(table_->currentRow()) : -1;
  const QSignalBlocker quiet(table_);
  table_->setRowCount(static_cast<int>(recalls.size()));
  for (int row = 0; row < table_->rowCount(); ++row) {
    const study::ClassRecall& recall = recalls[static_cast<std::size_t>(row)];
    showRow(row, recall, names[recall.classIndex]);
    if (static_cast<int>(recall.classIndex) == selected) {
      table_->setCurrentCell(row, kClass);
    }
  }
  fitNames();
}

/// As wide as the names, where bars keep the larger part.
void ClassBarsPanel::fitNames() {
  const int most = std::max(kLeastNames, table_->width() * kNameShare / 100);
  const int names = static_cast<const QAbstractItemView*>(table_)->sizeHintForColumn(kClass);
  table_->horizontalHeader()->resizeSection(kClass, std::clamp(names, kLeastNames, most));
}

void ClassBarsPanel::resizeEvent(QResizeEvent* event) {
  SupportPanel::resizeEvent(event);
  fitNames();
}

void ClassBarsPanel::showRow(int row, const study::ClassRecall& recall, const std::string& name) {
  const QString title = QString::fromStdString(name);
  const auto share = recall.share();
  const QString tip = share ? tr("%1: %2 of %3 queries right, 95 % interval %4 to %5 %.")
                                  .arg(title)
                                  .arg(recall.right)
                                  .arg(recall.of)
                                  .arg(recall.interval.low * kPercent, 0, 'f', 0)
                                  .arg(recall.interval.high * kPercent, 0, 'f', 0)
                            : tr("%1: no query is of this class, or it has no pictures.").arg(title);
  auto* first = cell(title, Qt::AlignLeft, tip);
  first->setData(kClassRole, static_cast<int>(recall.classIndex));
  first->setData(Qt::AccessibleTextRole, tip);
  auto* bar = cell({}, Qt::AlignLeft, tip);
  if (share) {
    bar->setData(kShareRole, *share);
    bar->setData(kLowRole, recall.interval.low);
    bar->setData(kHighRole, recall.interval.high);
  }
  table_->setItem(row, kClass, first);
  table_->setItem(row, kBar, bar);
  const QString percent = share ? QString::number(*share * kPercent, 'f', 0) : QStringLiteral("\u2013");
  table_->setItem(row, kShare, cell(percent, Qt::AlignRight, tip));
  table_->setItem(row, kCount, cell(QString::number(recall.of), Qt::AlignRight, tip));
}

std::vector<study::ClassRecall> ClassBarsPanel::recalls() const {
  auto recalls = study::classRecalls(scores_.score(adapter_->id())->predictions, scores_.scores()->task->names.size());
  return order_->currentIndex() == 0 ? study::worstFirst(std::move(recalls)) : recalls;
}

std::shared_ptr<const figures::Figure> ClassBarsPanel::figure() const {
  if (!whyNothing(scores_, adapter_->id()).isEmpty()) {
    return nullptr;
  }
  const auto& names = scores_.scores()->task->names;
  const QString title = tr("Recall of every class, %1").arg(adapter_->currentText());
  figures::BarsData bars{.headings = {.title = title.toStdString(),
                                      .subtitle = tr("Lines: 95 % intervals over queries").toStdString(),
                                      .notes = {}},
                         .xLabel = tr("Queries answered right, %").toStdString(),
                         .series = {tr("Recall").toStdString()}};
  for (const study::ClassRecall& one : recalls()) {
    figures::Bar bar;
    if (const auto share = one.share()) {
      bar = {*share * kPercent, one.interval.low * kPercent, one.interval.high * kPercent};
    }
    bars.rows.push_back({names[one.classIndex], {bar}});
  }
  return std::make_shared<figures::BarsFigure>(std::move(bars));
}

void ClassBarsPanel::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) {
    table_->viewport()->update();
  }
}

QJsonObject ClassBarsPanel::state() const {
  return {{"byHand", adapter_->byHand()}, {"order", order_->currentIndex()}};
}

void ClassBarsPanel::restore(const QJsonObject& state) {
  adapter_->restore(state["byHand"].toString());
  order_->setCurrentIndex(state["order"].toInt() == 1 ? 1 : 0);
}

}  // namespace lix::app
