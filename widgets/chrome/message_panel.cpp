#include "chrome/message_panel.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QDateTime>
#include <QHeaderView>
#include <QLabel>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <deque>
#include <utility>

#include "theme/theme.h"

namespace lix::widgets {
namespace {

constexpr int kMostMessages = 1000;
constexpr int kMostDetails = 500;  // lines shown under one message; copying gives all

constexpr int kTime = 0;
constexpr int kSentence = 1;
constexpr int kPad = 3;
constexpr int kIconRoom = 22;

struct Message {
  Severity severity = Severity::Info;
  QString sentence;
  QString details;
  QDateTime time;
  int times = 1;
  bool read = false;
  QTreeWidgetItem* item = nullptr;
};

QIcon iconOf(Severity severity) {
  switch (severity) {
    case Severity::Error:
      return icon(QStringLiteral("error"));
    case Severity::Warning:
      return icon(QStringLiteral("warning"));
    case Severity::Info:
      break;
  }
  return icon(QStringLiteral("info"));
}

QString nameOf(Severity severity) {
  return severity == Severity::Error     ? MessagePanel::tr("Error")
         : severity == Severity::Warning ? MessagePanel::tr("Warning")
                                         : MessagePanel::tr("Information");
}

/// Sentences in as many lines as they need: the tree's own delegate cuts them off under a style sheet.
class WrapDelegate : public QStyledItemDelegate {
 public:
  explicit WrapDelegate(QTreeWidget* tree) : QStyledItemDelegate(tree), tree_(tree) {}

  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    QSize size = QStyledItemDelegate::sizeHint(option, index);
    const QRect room(0, 0, std::max(textRoom(index), 60), 100'000);
    const QRect text = option.fontMetrics.boundingRect(room, Qt::TextWordWrap, index.data().toString());
    size.setHeight(std::max(text.height(), 16) + 2 * kPad);
    return size;
  }

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    QStyleOptionViewItem own(option);
    initStyleOption(&own, index);
    const QString text = std::exchange(own.text, QString());
    const QIcon mark = std::exchange(own.icon, QIcon());
    tree_->style()->drawControl(QStyle::CE_ItemViewItem, &own, painter, tree_);
    const bool chosen = option.state.testFlag(QStyle::State_Selected);
    const Colours& tone = colours(themeOf(option.palette));
    const QRect inner = option.rect.adjusted(kPad, kPad, -kPad, -kPad);
    if (!mark.isNull()) {
      mark.paint(painter, QRect(inner.topLeft(), QSize(16, 16)), Qt::AlignCenter,
                 chosen ? QIcon::Selected : QIcon::Normal);
    }
    const bool detail = index.parent().isValid();
    painter->setFont(option.font);
    painter->setPen(chosen                                  ? own.palette.color(QPalette::HighlightedText)
                    : detail || index.column() == kTime ? tone.muted
                                                            : option.palette.color(QPalette::Text));
    painter->drawText(inner.adjusted(mark.isNull() ? 0 : kIconRoom, 0, 0, 0), Qt::TextWordWrap, text);
  }

 private:
  int textRoom(const QModelIndex& index) const {
    const int depth = index.parent().isValid() ? 2 : 1;
    const bool mark = !index.data(Qt::DecorationRole).isNull();
    return index.column() == kTime ? 1000
                                   : tree_->columnWidth(kSentence) - depth * tree_->indentation() - 2 * kPad -
                                         (mark ? kIconRoom : 0);
  }

  QTreeWidget* tree_;
};

/// A tree that says so where it is empty.
class MessageTree : public QTreeWidget {
 public:
  using QTreeWidget::QTreeWidget;

 protected:
  void paintEvent(QPaintEvent* event) override {
    QTreeWidget::paintEvent(event);
    if (topLevelItemCount() == 0) {
      QPainter painter(viewport());
      painter.setPen(colours(themeOf(palette())).muted);
      painter.drawText(viewport()->rect().adjusted(12, 8, -12, -8), Qt::AlignTop | Qt::AlignLeft | Qt::TextWordWrap,
                       MessagePanel::tr("No messages yet. What fails or is skipped is told here."));
    }
  }

  void resizeEvent(QResizeEvent* event) override {
    QTreeWidget::resizeEvent(event);
    scheduleDelayedItemsLayout();  // wrapped sentences have other heights now
  }
};

}  // namespace

class MessagePanel::Parts : public QObject {
 public:
  using QObject::QObject;

  MessageTree* tree = nullptr;
  std::deque<Message> messages;  // newest first

  void write(Message& message) const {
    message.item->setText(kTime, message.time.toString(QStringLiteral("HH:mm:ss")));
    message.item->setToolTip(kTime, message.time.toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")));
    message.item->setText(kSentence, message.times == 1 ? message.sentence
                                                : QStringLiteral("%1  (\u00d7%2)").arg(message.sentence).arg(message.times));
    message.item->setIcon(kSentence, iconOf(message.severity));
    message.item->setToolTip(kSentence, message.details.isEmpty()
                                    ? nameOf(message.severity)
                                    : MessagePanel::tr("%1; Right unfolds its details").arg(nameOf(message.severity)));
    message.item->setData(kSentence, Qt::AccessibleTextRole,
                          QStringLiteral("%1: %2").arg(nameOf(message.severity), message.item->text(kSentence)));
    qDeleteAll(message.item->takeChildren());
    const QStringList lines = message.details.split(u'\n', Qt::SkipEmptyParts);
    const auto shown = lines.size() > kMostDetails + 1 ? kMostDetails : lines.size();
    QList<QTreeWidgetItem*> children;
    for (qsizetype i = 0; i < shown; ++i) {
      children.append(new QTreeWidgetItem({QString(), lines[i]}));
    }
    if (shown < lines.size()) {
      children.append(new QTreeWidgetItem(
          {QString(), MessagePanel::tr("and %1 more; copying the message gives all").arg(lines.size() - shown)}));
    }
    message.item->addChildren(children);
  }

  QString copyText() const {
    QStringList lines;
    const bool all = tree->selectedItems().isEmpty();
    for (const Message& message : messages) {
      bool chosen = all || message.item->isSelected();
      for (int i = 0; !chosen && i < message.item->childCount(); ++i) {
        chosen = message.item->child(i)->isSelected();
      }
      if (chosen) {
        lines << QStringLiteral("%1 %2: %3").arg(message.item->toolTip(kTime), nameOf(message.severity), message.item->text(kSentence));
        lines << (message.details.isEmpty() ? QStringList() : message.details.split(u'\n', Qt::SkipEmptyParts));
      }
    }
    return lines.join(u'\n');
  }
};

MessagePanel::MessagePanel(QWidget* parent) : QWidget(parent), parts_(new Parts(this)) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  parts_->tree = new MessageTree(this);
  QTreeWidget* tree = parts_->tree;
  column->addWidget(tree);
  tree->setColumnCount(2);
  tree->setHeaderHidden(true);
  tree->setTreePosition(kSentence);
  tree->setItemDelegate(new WrapDelegate(tree));
  tree->setSelectionMode(QAbstractItemView::ExtendedSelection);
  tree->setFrameShape(QFrame::NoFrame);
  tree->setIndentation(18);
  tree->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  tree->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  tree->header()->setStretchLastSection(true);
  tree->header()->setSectionResizeMode(kTime, QHeaderView::Fixed);
  tree->header()->resizeSection(kTime, tree->fontMetrics().horizontalAdvance(QStringLiteral("00:00:00")) + 24);
  tree->setAccessibleName(tr("Messages"));
  tree->setToolTip(tr("What happened, newest first; Ctrl+C copies, Ctrl+Delete clears"));
  tree->setContextMenuPolicy(Qt::ActionsContextMenu);
  auto* copy = new QAction(icon(QStringLiteral("copy")), tr("Copy"), tree);
  copy->setShortcut(QKeySequence::Copy);
  copy->setStatusTip(tr("Copies the chosen messages with their details, all where none is chosen"));
  connect(copy, &QAction::triggered, this, [this] { QApplication::clipboard()->setText(parts_->copyText()); });
  auto* clear = new QAction(icon(QStringLiteral("trash")), tr("Clear"), tree);
  clear->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_Delete));
  clear->setStatusTip(tr("Removes all messages"));
  connect(clear, &QAction::triggered, this, &MessagePanel::clear);
  for (QAction* action : {copy, clear}) {
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    tree->addAction(action);
  }
}

void MessagePanel::add(Severity severity, const QString& sentence, const QString& details) {
  auto& all = parts_->messages;
  const auto same = std::find_if(all.begin(), all.end(), [&](const Message& message) {
    return message.severity == severity && message.sentence == sentence;
  });
  Message message{severity, sentence, details, QDateTime::currentDateTime()};
  bool open = false;
  if (same != all.end()) {
    message.times = same->times + 1;
    message.details = details.isEmpty() ? same->details : details;
    open = same->item->isExpanded();
    delete same->item;
    all.erase(same);
  }
  if (int(all.size()) == kMostMessages) {
    delete all.back().item;
    all.pop_back();
  }
  message.item = new QTreeWidgetItem;
  parts_->write(message);
  parts_->tree->insertTopLevelItem(0, message.item);
  message.item->setExpanded(open);
  all.push_front(message);
  Q_EMIT unreadChanged();
}

void MessagePanel::clear() {
  parts_->messages.clear();
  parts_->tree->clear();
  Q_EMIT unreadChanged();
}

int MessagePanel::count() const { return int(parts_->messages.size()); }

QStringList MessagePanel::sentences() const {
  QStringList all;
  for (const Message& message : parts_->messages) {
    all << message.sentence;
  }
  return all;
}

int MessagePanel::unread(Severity atLeast) const {
  return int(std::count_if(parts_->messages.begin(), parts_->messages.end(),
                           [&](const Message& message) { return !message.read && message.severity >= atLeast; }));
}

void MessagePanel::markRead() {
  bool any = false;
  for (Message& message : parts_->messages) {
    any = any || !message.read;
    message.read = true;
  }
  if (any) {
    Q_EMIT unreadChanged();
  }
}

}  // namespace lix::widgets
