#pragma once
#include <QByteArray>
#include <QHash>
#include <QMainWindow>
#include <QString>
#include <QStringList>
#include <functional>

class QDockWidget;
class QTabBar;

namespace lix::widgets {

/// Panels that a person moves, splits, stacks as tabs, floats and closes, around a centre or without one. A page is one
/// such area; the whole window is not, so that pages keep layouts of their own. What floats is seen with its page only.
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
  /// As at first, with the panels of this list only.
  void showOnly(const QStringList& ids);

  // What a mouse does by dragging titles, for the keyboard. False where it is not open or there is no such place.
  enum class Side { Left, Right, Above, Below };
  /// A stacked panel stands beside its stack then, any other beyond its neighbour on that side, or at the area's edge.
  bool movePanel(const QString& id, Side side);
  /// As a tab with the next panel that is open, in the order of their adding.
  bool stackWithNext(const QString& id);
  /// Takes it out of the window as a window of its own, or puts it back.
  bool toggleFloating(const QString& id);
  /// The panel with the keyboard's focus, else the one that had it last, else the first that is seen; "" for none.
  QString focusedPanel() const;
  /// Gives the keyboard to the next panel (or the one before) that is seen.
  enum class Step { Next, Previous };
  void focusPanel(Step step);
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
  void hideEvent(QHideEvent* event) override;
  bool event(QEvent* event) override;
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  void arrange();
  void begin();
  /// Floating panels go out of sight with the area and come back with it.
  void restFloating();
  void wakeFloating();
  /// Titles stand on panels that are alone in their place; of stacked ones the tabs say them.
  void showTitles();
  /// A floating panel gets the frame of a window, once no mouse drags it any more.
  void frameFloating(QDockWidget* dock);
  /// Panels that a layout of an older version did not know stand somewhere as well.
  void placeLeftOut();
  QString panelOf(const QWidget* widget) const;
  /// Those of its tabs, itself included, in the order of their adding.
  QList<QDockWidget*> stackOf(QDockWidget* dock) const;
  QDockWidget* neighbour(const QDockWidget* dock, Side side) const;
  void place(QDockWidget* dock, QDockWidget* beside, Side side);

  QStringList ids_;
  QHash<QString, QDockWidget*> docks_;
  QHash<QString, bool> front_;
  std::function<void(DockArea&)> arrange_;
  QString focused_;     // the panel that had the keyboard last
  QByteArray pending_;  // a layout that waits for the area's first showing
  QByteArray rested_;   // how panels stood before the floating ones went out of sight, empty while none did
  QStringList resting_;
  bool begun_ = false;
  bool titling_ = false;
  bool placing_ = false;  // all panels are being placed: none is docked by a person
};

}  // namespace lix::widgets
