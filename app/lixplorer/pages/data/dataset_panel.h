#pragma once
#include <QListWidget>
#include <QWidget>
#include <functional>
#include <vector>

class QLabel;
class QFrame;

namespace lix::app {

/// One row of the list: a dataset, or below it a selection that is kept of it.
struct DatasetLine {
  QString name;   ///< of the dataset; empty for the dropped files
  QString title;
  QString detail;  ///< counts, where it comes from
  QString tip;
  bool removable = false;
  QString selection = {};  ///< its name, empty for the dataset itself
};

/// The list itself: a selection can be dragged out of it as its pictures.
class DatasetList : public QListWidget {
  Q_OBJECT

 public:
  using QListWidget::QListWidget;
  /// What a drag of that selection carries; null where it cannot be dragged now.
  std::function<QMimeData*(const QString& dataset, const QString& selection)> payload;

 protected:
  QMimeData* mimeData(const QList<QListWidgetItem*>& items) const override;
  Qt::DropActions supportedDropActions() const override { return Qt::CopyAction; }
};

/// The datasets there are; Delete takes one out of the list, and a bar below offers to undo that.
class DatasetPanel : public QWidget {
  Q_OBJECT

 public:
  explicit DatasetPanel(QWidget* parent = nullptr);
  /// Keeps the current row where it is still there.
  void setLines(const std::vector<DatasetLine>& lines);
  /// Shows that this one is open, or that none is where it is not in the list; tells nobody.
  void setCurrent(const QString& name, bool isLoose, const QString& selection = {});
  /// "Removed pets..." with an Undo button until it is pressed or closed.
  void offerUndo(const QString& sentence);
  DatasetList* list() const { return list_; }

 Q_SIGNALS:
  void chosen(const QString& name);
  void removeAsked(const QString& name);
  void selectionChosen(const QString& dataset, const QString& selection);
  void selectionRemoveAsked(const QString& dataset, const QString& selection);
  void selectionRenameAsked(const QString& dataset, const QString& selection);
  void undoAsked();

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  void buildUndo();
  void askRemoval();
  void askRenaming();
  void showMenu(const QPoint& at);
  DatasetList* list_;
  QFrame* undo_;
  QLabel* undoText_;
  bool filling_ = false;
};

}  // namespace lix::app
