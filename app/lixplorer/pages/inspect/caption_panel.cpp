#include "pages/inspect/caption_panel.h"

#include <QKeyEvent>
#include <QLabel>
#include <QListWidget>
#include <QMimeData>
#include <QPushButton>
#include <QShortcut>
#include <QStyledItemDelegate>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>

#include "pages/inspect/inspect_reading.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kMostCharacters = 20'000;  // of one caption: any text tower reads a small part of it
constexpr int kEditorRoom = 8;  // of a row around its text
constexpr int kMarkRole = Qt::UserRole + 1;

/// One line without control characters at its ends.
QString cleanLine(const QString& text) {
  QString line = text.left(kMostCharacters).trimmed();
  line.replace(QChar('\n'), QChar(' ')).replace(QChar('\t'), QChar(' ')).remove(QChar(0));
  return line;
}

QStringList linesOf(const QString& text) {
  QString plain = text;
  plain.replace(QChar::ParagraphSeparator, QChar('\n')).replace(QChar::LineSeparator, QChar('\n'));
  return plain.replace(QChar('\r'), QChar('\n')).split('\n', Qt::SkipEmptyParts);
}

/// Rows in which the editor of a caption has room for its text.
class CaptionDelegate : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;
  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    const QSize size = QStyledItemDelegate::sizeHint(option, index);
    return {size.width(), std::max(size.height(), option.fontMetrics.height() + kEditorRoom)};
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

QString tooltipText(const QString& text) {
  constexpr int kMost = 2000;
  const QString shown = text.size() > kMost ? text.left(kMost) + QStringLiteral("…") : text;
  return QStringLiteral("<p style='white-space: pre-wrap'>") + shown.toHtmlEscaped() + QStringLiteral("</p>");
}

CaptionEntry::CaptionEntry(QWidget* parent) : QPlainTextEdit(parent) {
  setLineWrapMode(QPlainTextEdit::NoWrap);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setTabChangesFocus(true);
  setPlaceholderText(tr("Type a caption, Return adds it"));
  setAccessibleName(tr("New caption"));
  setToolTip(
      tr("Type a caption and press Return to add it. Text of several lines gives a caption a line. Key: Ctrl+L."));
  fitHeight();
}

void CaptionEntry::fitHeight() {
  setFixedHeight(fontMetrics().lineSpacing() + 2 * int(document()->documentMargin()) + 2 * frameWidth());
}

void CaptionEntry::changeEvent(QEvent* event) {
  QPlainTextEdit::changeEvent(event);
  if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
    fitHeight();
  }
}

void CaptionEntry::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
    const QStringList lines = linesOf(toPlainText());
    clear();
    Q_EMIT entered(lines);
    return;
  }
  QPlainTextEdit::keyPressEvent(event);
}

bool CaptionEntry::canInsertFromMimeData(const QMimeData* mime) const { return mime->hasText() && !mime->hasUrls(); }

void CaptionEntry::insertFromMimeData(const QMimeData* mime) {
  if (!canInsertFromMimeData(mime)) {
    Q_EMIT otherPasted();
    return;
  }
  const QStringList lines = linesOf(mime->text());
  if (lines.size() > 1) {
    Q_EMIT entered(lines);
  } else if (!lines.isEmpty()) {
    insertPlainText(lines.front());
  }
}

CaptionPanel::CaptionPanel(QWidget* parent)
    : QWidget(parent), list_(new QListWidget), entry_(new CaptionEntry), remove_(new QPushButton(tr("Remove"))) {
  list_->setObjectName("inspect.captions");
  list_->setAccessibleName(tr("Captions"));
  list_->setToolTip(tr("Captions. Return or F2 edits one, Delete removes it; drop text or text files here."));
  list_->setTextElideMode(Qt::ElideRight);
  list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  list_->setUniformItemSizes(true);
  list_->setItemDelegate(new CaptionDelegate(list_));
  list_->setIconSize({16, 16});
  list_->setSpacing(2);
  list_->setSelectionMode(QAbstractItemView::ExtendedSelection);
  list_->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed);
  list_->setAcceptDrops(false);  // the page takes them
  entry_->setObjectName("inspect.captionEntry");
  entry_->setAcceptDrops(false);
  remove_->setObjectName("inspect.removeCaption");
  remove_->setToolTip(tr("Removes the selected captions. Key: Delete."));
  remove_->setEnabled(false);
  setFocusProxy(entry_);
  auto* head = new QHBoxLayout;
  head->addStretch(1);
  head->addWidget(remove_);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(6);
  layout->addLayout(head);
  layout->addWidget(list_, 1);
  layout->addWidget(entry_);
  connect(entry_, &CaptionEntry::entered, this, [this](const QStringList& lines) {
    if (const int left = addCaptions(lines); left > 0) {
      Q_EMIT refused(left);
    }
  });
  connect(entry_, &CaptionEntry::otherPasted, this, &CaptionPanel::otherPasted);
  connect(list_, &QListWidget::itemChanged, this, &CaptionPanel::onEdited);
  connect(list_, &QListWidget::currentRowChanged, this, [this](int row) {
    if (!filling_) {
      Q_EMIT currentChanged(row);
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
}

QStringList CaptionPanel::captions() const {
  QStringList captions;
  for (int row = 0; row < list_->count(); ++row) {
    if (const QString caption = cleanLine(list_->item(row)->text()); !caption.isEmpty()) {
      captions << caption;
    }
  }
  return captions;
}

void CaptionPanel::append(const QString& caption) {
  auto* item = new QListWidgetItem(caption);
  item->setFlags(item->flags() | Qt::ItemIsEditable);
  item->setToolTip(tooltipText(caption));
  list_->addItem(item);
}

void CaptionPanel::setCaptions(const QStringList& captions) {
  const int row = list_->currentRow();
  {
    filling_ = true;
    list_->clear();
    for (const QString& caption : captions) {
      const QString line = cleanLine(caption);
      if (!line.isEmpty() && list_->count() < int(kMostCaptions)) {
        append(line);
      }
    }
    list_->setCurrentRow(std::clamp(row, 0, std::max(list_->count() - 1, 0)));
    filling_ = false;
  }
  Q_EMIT changed();
}

int CaptionPanel::addCaptions(const QStringList& captions) {
  int refused = 0, added = 0;
  filling_ = true;
  for (const QString& caption : captions) {
    const QString line = cleanLine(caption);
    if (line.isEmpty()) {
      continue;
    }
    if (list_->count() >= int(kMostCaptions)) {
      ++refused;
      continue;
    }
    append(line);
    ++added;
  }
  filling_ = false;
  if (added > 0) {
    list_->setCurrentRow(list_->count() - 1, QItemSelectionModel::ClearAndSelect);
    Q_EMIT changed();
  }
  return refused;
}

int CaptionPanel::current() const { return list_->currentRow(); }

void CaptionPanel::setCurrent(int row) {
  if (row >= 0 && row < list_->count() && row != list_->currentRow()) {
    list_->setCurrentRow(row, QItemSelectionModel::ClearAndSelect);
  }
}

void CaptionPanel::setMarks(const std::vector<std::string>& marks) {
  filling_ = true;
  for (int row = 0; row < list_->count(); ++row) {
    QListWidgetItem* item = list_->item(row);
    const QString mark = row < int(marks.size()) ? QString::fromStdString(marks[std::size_t(row)]) : QString();
    if (item->data(kMarkRole).toString() != mark) {
      item->setData(kMarkRole, mark);
      item->setIcon(mark.isEmpty() ? QIcon() : widgets::icon("warning"));
      item->setToolTip(mark.isEmpty() ? tooltipText(item->text())
                                      : tooltipText(mark + QStringLiteral("\n") + item->text()));
    }
  }
  filling_ = false;
}

void CaptionPanel::focusEntry() { entry_->setFocus(Qt::ShortcutFocusReason); }

void CaptionPanel::onEdited(QListWidgetItem* item) {
  if (filling_) {
    return;
  }
  const QString line = cleanLine(item->text());
  if (line.isEmpty()) {  // taken out when the view is done with its editor
    QTimer::singleShot(0, this, [this] {
      for (int row = list_->count() - 1; row >= 0; --row) {
        if (cleanLine(list_->item(row)->text()).isEmpty()) {
          delete list_->takeItem(row);
        }
      }
      Q_EMIT changed();
    });
    return;
  }
  filling_ = true;
  item->setText(line);
  item->setToolTip(tooltipText(line));
  filling_ = false;
  Q_EMIT changed();
}

void CaptionPanel::removeSelected() {
  const auto selected = list_->selectedItems();
  if (selected.isEmpty()) {
    return;
  }
  const int row = list_->row(selected.front());
  filling_ = true;
  qDeleteAll(selected);
  list_->setCurrentRow(std::clamp(row, 0, std::max(list_->count() - 1, 0)), QItemSelectionModel::ClearAndSelect);
  filling_ = false;
  Q_EMIT changed();
}

}  // namespace lix::app
