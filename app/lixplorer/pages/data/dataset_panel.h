#pragma once
#include <QWidget>
#include <vector>

class QLabel;
class QListWidget;
class QFrame;

namespace lix::app {

/// One row of the list of datasets.
struct DatasetLine {
  QString name;   ///< empty for the dropped files
  QString title;
  QString detail;  ///< counts, where it comes from
  QString tip;
  bool removable = false;
};

/// The datasets there are; Delete takes one out of the list, and a bar below offers to undo that.
class DatasetPanel : public QWidget {
  Q_OBJECT

 public:
  explicit DatasetPanel(QWidget* parent = nullptr);
  /// Keeps the current row where it is still there.
  void setLines(const std::vector<DatasetLine>& lines);
  /// Shows that this one is open, or that none is where it is not in the list; tells nobody.
  void setCurrent(const QString& name, bool isLoose);
  /// "Removed pets..." with an Undo button until it is pressed or closed.
  void offerUndo(const QString& sentence);
  QListWidget* list() const { return list_; }

 Q_SIGNALS:
  void chosen(const QString& name);
  void removeAsked(const QString& name);
  void undoAsked();

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  void buildUndo();
  void askRemoval();
  QListWidget* list_;
  QFrame* undo_;
  QLabel* undoText_;
  bool filling_ = false;
};

}  // namespace lix::app
