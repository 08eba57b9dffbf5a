#pragma once
#include <QByteArray>
#include <QHash>
#include <QMainWindow>
#include <QString>
#include <QStringList>
#include <functional>

class QDockWidget;

namespace lix::widgets {

/// Panels that a person moves, splits, stacks as tabs, floats and closes, around a centre or without one. A page is one
/// such area; the whole window is not, so that pages keep layouts of their own.
class DockArea : public QMainWindow {
  Q_OBJECT

 public:
  /// Without a centre the panels fill the area.
  explicit DockArea(QWidget* centre = nullptr, QWidget* parent = nullptr);
  /// Tells nobody that its panels disappear. A page deletes it before what hears of its panels.
  ~DockArea() override;

  /// A panel; `id` names it in layouts that are kept, so it never changes. Stands nowhere until arrange() places it.
  QDockWidget* add(const QString& id, const QString& title, QWidget* panel);
  QStringList ids() const { return ids_; }
  /// Null for an unknown id.
  QDockWidget* dock(const QString& id) const { return docks_.value(id); }
  /// How panels stand at first and after reset(): places them by addDockWidget, splitDockWidget, tabifyDockWidget and
  /// resizeDocks. Runs when the area has its size; panels that it does not place are closed.
  void setArrangement(std::function<void(DockArea&)> arrange);
  void reset();

  /// How panels stand, of this version of the program; empty before they stood.
  QByteArray layout() const;
  /// False (and nothing is changed) where the bytes are none of layout(). Before the area is shown it takes effect then.
  bool setLayout(const QByteArray& layout);

  /// Opens it where it was closed, in front of those it is stacked with.
  void showPanel(const QString& id);
  /// Whether a person can see it now: open, in front, and the area is shown.
  bool isInFront(const QString& id) const { return front_.value(id, false); }

  QMenu* createPopupMenu() override;

 Q_SIGNALS:
  /// isInFront has changed.
  void frontChanged(const QString& id, bool inFront);
  /// Panels were moved, opened or closed.
  void layoutChanged();

 protected:
  void showEvent(QShowEvent* event) override;
  bool event(QEvent* event) override;

 private:
  void arrange();
  void begin();
  /// Titles stand on panels that are alone in their place; of stacked ones the tabs say them.
  void showTitles();

  QStringList ids_;
  QHash<QString, QDockWidget*> docks_;
  QHash<QString, bool> front_;
  std::function<void(DockArea&)> arrange_;
  QByteArray pending_;  // a layout that waits for the area's first showing
  bool begun_ = false;
  bool titling_ = false;
};

}  // namespace lix::widgets
