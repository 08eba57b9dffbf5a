#include "pages/inspect/caption_entry.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QMimeData>
#include <QPushButton>
#include <QToolButton>

namespace lix::app {

QStringList linesOf(const QString& text) {
  QString plain = text;
  plain.replace(QChar::ParagraphSeparator, QChar('\n')).replace(QChar::LineSeparator, QChar('\n'));
  return plain.replace(QChar('\r'), QChar('\n')).split('\n', Qt::SkipEmptyParts);
}

CaptionEntry::CaptionEntry(QWidget* parent) : QPlainTextEdit(parent) {
  setObjectName("inspect.captionEntry");
  setLineWrapMode(QPlainTextEdit::NoWrap);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setTabChangesFocus(true);
  setAcceptDrops(false);  // the page takes them
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

bool CaptionEntry::event(QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride) {
    const auto* key = static_cast<QKeyEvent*>(event);
    if ((key->matches(QKeySequence::Undo) && !document()->isUndoAvailable()) ||
        (key->matches(QKeySequence::Redo) && !document()->isRedoAvailable())) {
      event->ignore();  // nothing typed to take back: the page's own steps are meant
      return false;
    }
  }
  return QPlainTextEdit::event(event);
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

CaptionOffer::CaptionOffer(QWidget* parent)
    : QWidget(parent), text_(new QLabel), split_(new QPushButton(tr("Split"))) {
  text_->setObjectName("inspect.splitText");
  text_->setProperty("muted", true);
  text_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  split_->setObjectName("inspect.split");
  split_->setAccessibleName(tr("Split into sentences"));
  split_->setToolTip(tr("Makes a caption of each sentence; Ctrl+Z takes that back. Key: Ctrl+Shift+J."));
  auto* no = new QToolButton;
  no->setObjectName("inspect.splitNo");
  no->setText(QStringLiteral("×"));
  no->setAccessibleName(tr("Leave the text as it is"));
  no->setToolTip(tr("Leaves the text as it is. Key: Space."));
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(6);
  row->addWidget(text_, 1);
  row->addWidget(split_);
  row->addWidget(no);
  connect(split_, &QPushButton::clicked, this, &CaptionOffer::accepted);
  connect(no, &QToolButton::clicked, this, &CaptionOffer::declined);
  hide();
}

void CaptionOffer::offer(const QString& text) {
  text_->setText(text);
  text_->setToolTip(text);
  setVisible(!text.isEmpty());
}

}  // namespace lix::app
