#pragma once
#include <QDialog>
#include <QString>

class QListWidget;
class QTextBrowser;

namespace lix::app {

/// The guide of docs/guide, which the program carries, in a window beside the work: its pages at the left, one of them at
/// the right.
class GuideBook : public QDialog {
  Q_OBJECT

 public:
  explicit GuideBook(QWidget* parent = nullptr);
  /// "train", ..., as the file is called; what there is not shows the first page.
  void open(const QString& page);
  QTextBrowser* text() const { return text_; }

 private:
  void show(int row);

  QListWidget* pages_;
  QTextBrowser* text_;
};

}  // namespace lix::app
