#pragma once
#include <QPlainTextEdit>
#include <QStringList>
#include <QWidget>
#include <string>
#include <vector>

class QListWidget;
class QListWidgetItem;
class QPushButton;

namespace lix::app {

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
  void keyPressEvent(QKeyEvent* event) override;
  void insertFromMimeData(const QMimeData* mime) override;
  bool canInsertFromMimeData(const QMimeData* mime) const override;
  void changeEvent(QEvent* event) override;

 private:
  void fitHeight();
};

/// The captions as rows that can be edited and removed, and the line that adds one. Long ones are elided, with the
/// whole text as tooltip; those that a model cuts are marked.
class CaptionPanel : public QWidget {
  Q_OBJECT

 public:
  explicit CaptionPanel(QWidget* parent = nullptr);

  /// Trimmed, none empty.
  QStringList captions() const;
  void setCaptions(const QStringList& captions);
  /// Adds those that are not empty; returns how many did not fit beside kMostCaptions.
  int addCaptions(const QStringList& captions);
  int current() const;
  void setCurrent(int row);
  /// One a caption: why it is marked, or "".
  void setMarks(const std::vector<std::string>& marks);
  void focusEntry();

 Q_SIGNALS:
  void changed();
  void currentChanged(int row);
  void refused(int count);
  void otherPasted();

 private:
  void append(const QString& caption);
  void onEdited(QListWidgetItem* item);
  void removeSelected();
  QListWidget* list_;
  CaptionEntry* entry_;
  QPushButton* remove_;
  bool filling_ = false;
};

/// Text for a tooltip: escaped, wrapped, at most some 2,000 characters.
QString tooltipText(const QString& text);

}  // namespace lix::app
