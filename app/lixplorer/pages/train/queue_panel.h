#pragma once
#include <QWidget>

class QCheckBox;
class QLabel;
class QPushButton;
class QTreeWidget;

namespace lix::app {

class Desk;
class RunQueue;
class UndoBar;

/// The runs that wait, in their order: moved, planned anew, removed, or held.
class QueuePanel : public QWidget {
  Q_OBJECT

 public:
  QueuePanel(Desk& desk, RunQueue& queue, QWidget* parent = nullptr);

 Q_SIGNALS:
  /// Its settings shall come into the form.
  void editAsked(qlonglong run);
  void countChanged(int count);

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  void build();
  QPushButton* action(const char* name, const QString& icon, const QString& text, const QString& tip);
  void fill();
  void update();
  long long chosen() const;
  void move(int places);
  void remove();

  Desk& desk_;
  RunQueue& queue_;
  QTreeWidget* list_;
  QLabel *empty_, *state_;
  QCheckBox* hold_;
  QPushButton *up_, *down_, *edit_, *remove_;
  UndoBar* undo_;
};

}  // namespace lix::app
