#pragma once
#include <QPlainTextEdit>
#include <QStringList>

class QLabel;
class QPushButton;

namespace lix::app {

/// Lines of a text, whatever breaks them; empty ones are left out.
QStringList linesOf(const QString& text);

/// One line to type a caption into: Return hands it over, text of several lines (pasted or dropped) is handed over line
/// by line.
class CaptionEntry : public QPlainTextEdit {
  Q_OBJECT

 public:
  explicit CaptionEntry(QWidget* parent = nullptr);

 Q_SIGNALS:
  void entered(const QStringList& lines);
  void otherPasted();  ///< pictures or files: not for a line of text

 protected:
  bool event(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void insertFromMimeData(const QMimeData* mime) override;
  bool canInsertFromMimeData(const QMimeData* mime) const override;
  void changeEvent(QEvent* event) override;

 private:
  void fitHeight();
};

/// A quiet line that offers to split text into sentences and can be sent away.
class CaptionOffer : public QWidget {
  Q_OBJECT

 public:
  explicit CaptionOffer(QWidget* parent = nullptr);
  /// "": nothing is offered.
  void offer(const QString& text);

 Q_SIGNALS:
  void accepted();
  void declined();

 private:
  QLabel* text_;
  QPushButton* split_;
};

}  // namespace lix::app
