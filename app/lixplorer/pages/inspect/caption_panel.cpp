#include "pages/inspect/caption_panel.h"

#include <QComboBox>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QShortcut>
#include <QSpinBox>
#include <QStandardItemModel>
#include <QVBoxLayout>
#include <algorithm>
#include <numeric>
#include <utility>

#include "pages/inspect/caption_entry.h"
#include "pages/inspect/caption_groups.h"
#include "pages/inspect/caption_rows.h"
#include "pages/inspect/caption_sentences.h"
#include "pages/inspect/inspect_reading.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kFirstGroups = 3;

}  // namespace

QString tooltipText(const QString& text) {
  constexpr int kMost = 2000;
  const QString shown = text.size() > kMost ? text.left(kMost) + QStringLiteral("…") : text;
  return QStringLiteral("<p style='white-space: pre-wrap'>") + shown.toHtmlEscaped() + QStringLiteral("</p>");
}

CaptionPanel::CaptionPanel(QWidget* parent)
    : QWidget(parent),
      list_(new QListWidget),
      entry_(new CaptionEntry),
      remove_(new QPushButton(tr("Remove"))),
      orders_(new QComboBox),
      count_(new QSpinBox),
      offer_(new CaptionOffer) {
  build();
  connectAll();
  setNoGroups(tr("They come with the first reading."));
}

void CaptionPanel::build() {
  shapeCaptionList(*list_);
  remove_->setObjectName("inspect.removeCaption");
  remove_->setToolTip(tr("Removes the selected captions. Key: Delete."));
  remove_->setEnabled(false);
  orders_->setObjectName("inspect.captionOrder");
  orders_->setAccessibleName(tr("Order of the captions"));
  orders_->addItems(
      {tr("As added"), tr("By score"), tr("Groups: this"), tr("Groups: all")});
  orders_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  orders_->setMinimumContentsLength(8);
  count_->setObjectName("inspect.groups");
  count_->setRange(2, kMostGroups);
  count_->setValue(kFirstGroups);
  count_->setAccessibleName(tr("Number of groups"));
  count_->setToolTip(tr("Into how many groups captions are put. Arrow keys change it."));
  count_->setVisible(false);
  setFocusProxy(entry_);
  auto* head = new QHBoxLayout;
  head->setSpacing(6);
  head->addWidget(orders_, 1);
  head->addWidget(count_);
  head->addWidget(remove_);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(8, 6, 8, 0);
  layout->setSpacing(6);
  layout->addLayout(head);
  layout->addWidget(list_, 1);
  layout->addWidget(offer_);
  layout->addWidget(entry_);
}

void CaptionPanel::connectAll() {
  connect(entry_, &CaptionEntry::entered, this, [this](const QStringList& lines) {
    if (const int left = addCaptions(lines); left > 0) {
      Q_EMIT refused(left);
    }
  });
  connect(entry_, &CaptionEntry::otherPasted, this, &CaptionPanel::otherPasted);
  connect(entry_, &QPlainTextEdit::textChanged, this, &CaptionPanel::offer);
  connect(offer_, &CaptionOffer::accepted, this, &CaptionPanel::acceptOffer);
  connect(offer_, &CaptionOffer::declined, this, [this] {
    added_.clear();
    offer_->offer({});
  });
  connect(list_, &QListWidget::itemChanged, this, &CaptionPanel::edited);
  const auto closed = [this] {
    if (std::exchange(held_, false)) {
      setMarks(std::vector(marks_));
      Q_EMIT orderWanted();
    }
  };
  connect(list_->itemDelegate(), &QAbstractItemDelegate::closeEditor, this, closed, Qt::QueuedConnection);
  connect(list_, &QListWidget::currentRowChanged, this, [this] {
    if (!filling_) {
      Q_EMIT currentChanged(current());
    }
  });
  connect(list_, &QListWidget::itemSelectionChanged, this,
          [this] { remove_->setEnabled(!list_->selectedItems().isEmpty()); });
  connect(remove_, &QPushButton::clicked, this, &CaptionPanel::removeSelected);
  connect(new QShortcut(QKeySequence::Delete, list_, nullptr, nullptr, Qt::WidgetShortcut), &QShortcut::activated, this,
          &CaptionPanel::removeSelected);
  connect(new QShortcut(Qt::Key_Return, list_, nullptr, nullptr, Qt::WidgetShortcut), &QShortcut::activated, this,
          [this] {
            if (list_->currentItem() != nullptr) {
              list_->editItem(list_->currentItem());
            }
          });
  connect(orders_, &QComboBox::currentIndexChanged, this, [this] {
    count_->setVisible(wantedOrder() >= CaptionOrder::GroupsOfPicture);
    Q_EMIT orderWanted();
  });
  connect(count_, &QSpinBox::valueChanged, this, &CaptionPanel::orderWanted);
}

QListWidgetItem* CaptionPanel::makeItem(std::size_t caption) const {
  auto* item = new QListWidgetItem(captions_[qsizetype(caption)]);
  item->setFlags(item->flags() | Qt::ItemIsEditable);
  const QString mark = caption < marks_.size() ? QString::fromStdString(marks_[caption]) : QString();
  dressCaption(*item, mark, caption < groups_.size() ? groups_[caption] : 0);
  return item;
}

void CaptionPanel::fill(int currentRow) {
  filling_ = true;
  list_->clear();
  for (const std::size_t caption : order_) {
    list_->addItem(makeItem(caption));
  }
  list_->setCurrentRow(std::clamp(currentRow, 0, std::max(list_->count() - 1, 0)), QItemSelectionModel::ClearAndSelect);
  filling_ = false;
  remove_->setEnabled(list_->selectionModel()->hasSelection());
}

void CaptionPanel::setCaptions(const QStringList& captions) {
  const int row = list_->currentRow();
  captions_.clear();
  for (const QString& caption : captions) {
    const QString line = cleanCaption(caption);
    if (!line.isEmpty() && captions_.size() < qsizetype(kMostCaptions)) {
      captions_ << line;
    }
  }
  order_.resize(std::size_t(captions_.size()));
  std::iota(order_.begin(), order_.end(), std::size_t(0));
  groups_.clear();
  marks_.clear();
  added_.clear();
  fill(row);
  offer();
  Q_EMIT changed({});
}

int CaptionPanel::addCaptions(const QStringList& captions) {
  int refused = 0;
  const auto before = std::size_t(captions_.size());
  added_.clear();
  filling_ = true;
  for (const QString& caption : captions) {
    const QString line = cleanCaption(caption);
    if (line.isEmpty()) {
      continue;
    }
    if (captions_.size() >= qsizetype(kMostCaptions)) {
      ++refused;
      continue;
    }
    const auto own = std::size_t(captions_.size());
    captions_ << line;
    order_.push_back(own);
    list_->addItem(makeItem(own));
    if (sentencesOf(line).size() > 1) {
      added_.push_back(own);
    }
  }
  filling_ = false;
  offer();
  if (order_.size() > before) {
    list_->setCurrentRow(list_->count() - 1, QItemSelectionModel::ClearAndSelect);
    Q_EMIT changed(tr("Add %n captions", nullptr, int(order_.size() - before)));
  }
  return refused;
}

int CaptionPanel::current() const {
  const int row = list_->currentRow();
  return row < 0 || row >= int(order_.size()) ? -1 : int(order_[std::size_t(row)]);
}

int CaptionPanel::rowOf(int caption) const {
  const auto found = std::ranges::find(order_, std::size_t(std::max(caption, 0)));
  return caption < 0 || found == order_.end() ? -1 : int(found - order_.begin());
}

void CaptionPanel::setCurrent(int caption) {
  const int row = rowOf(caption);
  if (row >= 0 && row != list_->currentRow()) {
    list_->setCurrentRow(row, QItemSelectionModel::ClearAndSelect);
  }
}

void CaptionPanel::setMarks(const std::vector<std::string>& marks) {
  marks_ = marks;
  filling_ = true;
  for (int row = 0; row < list_->count(); ++row) {
    const std::size_t caption = order_[std::size_t(row)];
    if (list_->isPersistentEditorOpen(list_->item(row))) {  // a change of the row would undo what is typed in it
      held_ = true;
      continue;
    }
    const QString mark = caption < marks_.size() ? QString::fromStdString(marks_[caption]) : QString();
    dressCaption(*list_->item(row), mark, caption < groups_.size() ? groups_[caption] : 0);
  }
  filling_ = false;
}

void CaptionPanel::focusEntry() { entry_->setFocus(Qt::ShortcutFocusReason); }

CaptionOrder CaptionPanel::wantedOrder() const { return static_cast<CaptionOrder>(std::max(orders_->currentIndex(), 0)); }

void CaptionPanel::setWantedOrder(CaptionOrder order) { orders_->setCurrentIndex(static_cast<int>(order)); }

int CaptionPanel::wantedGroups() const { return count_->value(); }

void CaptionPanel::setWantedGroups(int count) { count_->setValue(count); }

void CaptionPanel::setNoGroups(const QString& reason) {
  auto* entries = qobject_cast<QStandardItemModel*>(orders_->model());
  for (const CaptionOrder groups : {CaptionOrder::GroupsOfPicture, CaptionOrder::GroupsOfAll}) {
    QStandardItem* entry = entries->item(static_cast<int>(groups));
    entry->setEnabled(reason.isEmpty());
    entry->setToolTip(reason.isEmpty() ? tr("Captions that mix this picture, or all pictures, alike stand together.") : reason);
  }
  count_->setEnabled(reason.isEmpty());
  orders_->setToolTip(tr("How captions are listed, here and in the matrix: as they were added, by their score with the "
                         "current picture, or in groups of like mixture weights. Arrow keys choose.") +
                      (reason.isEmpty() ? QString() : QStringLiteral(" ") + tr("No groups: %1").arg(reason)));
}

void CaptionPanel::arrange(std::vector<std::size_t> order, std::vector<int> groups) {
  if (order.size() != std::size_t(captions_.size()) || (order == order_ && groups == groups_)) {
    return;
  }
  if (list_->isPersistentEditorOpen(list_->currentItem())) {
    held_ = true;  // the order comes when the editor is closed: what is typed stays
    return;
  }
  const int own = current();
  order_ = std::move(order);
  groups_ = std::move(groups);
  fill(rowOf(own));
}

}  // namespace lix::app
