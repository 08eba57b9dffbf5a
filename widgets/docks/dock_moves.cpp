// What a person does to panels without a mouse.
#include <QApplication>
#include <QDockWidget>
#include <QPointer>
#include <QTabBar>
#include <algorithm>

#include "docks/dock_area.h"

namespace lix::widgets {
namespace {

constexpr const char* kWantsFocus = "lixWantsFocus";  // of a panel that was asked to float

QRect placeOf(const QDockWidget* dock, const QWidget* area) { return {dock->mapTo(area, QPoint()), dock->size()}; }

int overlap(int from, int to, int otherFrom, int otherTo) { return std::min(to, otherTo) - std::max(from, otherFrom) + 1; }

Qt::DockWidgetArea areaAt(DockArea::Side side) {
  switch (side) {
    case DockArea::Side::Left:
      return Qt::LeftDockWidgetArea;
    case DockArea::Side::Right:
      return Qt::RightDockWidgetArea;
    case DockArea::Side::Above:
      return Qt::TopDockWidgetArea;
    case DockArea::Side::Below:
      return Qt::BottomDockWidgetArea;
  }
  return Qt::RightDockWidgetArea;
}

}  // namespace

QString DockArea::panelOf(const QWidget* widget) const {
  for (const QWidget* at = widget; at != nullptr; at = at->parentWidget()) {
    if (const auto* bar = qobject_cast<const QTabBar*>(at); bar != nullptr && bar->parentWidget() == this) {
      // The tabs of stacked panels are Qt's own: they say titles and nothing else that is public.
      const auto shown = std::ranges::find_if(
          ids_, [&](const QString& id) { return docks_[id]->windowTitle() == bar->tabText(bar->currentIndex()); });
      return shown == ids_.end() ? QString() : *shown;
    }
    if (const auto* dock = qobject_cast<const QDockWidget*>(at)) {
      return docks_.key(const_cast<QDockWidget*>(dock));
    }
  }
  return {};
}

QString DockArea::focusedPanel() const {
  for (const QString& id : ids_) {
    if (docks_[id]->property(kWantsFocus).toBool()) {
      return id;  // its window is about to be active
    }
  }
  if (const QString id = panelOf(QApplication::focusWidget()); !id.isEmpty()) {
    return id;
  }
  if (isInFront(focused_)) {
    return focused_;
  }
  const auto first = std::ranges::find_if(ids_, [this](const QString& id) { return isInFront(id); });
  return first == ids_.end() ? QString() : *first;
}

void DockArea::focusPanel(Step step) {
  QStringList seen;
  std::ranges::copy_if(ids_, std::back_inserter(seen), [this](const QString& id) { return isInFront(id); });
  if (seen.isEmpty()) {
    return;
  }
  const qsizetype now = seen.indexOf(panelOf(QApplication::focusWidget()));
  const qsizetype next = now < 0 ? 0 : (now + (step == Step::Next ? 1 : seen.size() - 1)) % seen.size();
  QDockWidget* panel = dock(seen[next]);
  QWidget* target = panel->widget();
  for (QWidget* child : panel->widget()->findChildren<QWidget*>()) {
    if (child->isVisible() && child->isEnabled() && (child->focusPolicy() & Qt::TabFocus) != 0) {
      target = child;
      break;
    }
  }
  panel->activateWindow();
  target->setFocus(Qt::TabFocusReason);
  focused_ = seen[next];
}

QList<QDockWidget*> DockArea::stackOf(QDockWidget* dock) const {
  const QList<QDockWidget*> others = tabifiedDockWidgets(dock);
  QList<QDockWidget*> stack;
  for (const QString& id : ids_) {
    QDockWidget* one = docks_[id];
    if (one == dock || (others.contains(one) && !one->isHidden())) {
      stack.append(one);
    }
  }
  return stack;
}

QDockWidget* DockArea::neighbour(const QDockWidget* dock, Side side) const {
  const QRect own = placeOf(dock, this);
  QDockWidget* best = nullptr;
  int bestGap = 0, bestShared = 0;
  for (const QString& id : ids_) {
    QDockWidget* other = docks_[id];
    if (other == dock || other->isFloating() || !isInFront(id)) {
      continue;
    }
    const QRect place = placeOf(other, this);
    const bool acrossX = side == Side::Left || side == Side::Right;
    const int shared = acrossX ? overlap(own.top(), own.bottom(), place.top(), place.bottom())
                               : overlap(own.left(), own.right(), place.left(), place.right());
    const int gap = side == Side::Left    ? own.left() - place.right()
                    : side == Side::Right ? place.left() - own.right()
                    : side == Side::Above ? own.top() - place.bottom()
                                          : place.top() - own.bottom();
    if (gap <= 0 || shared <= 0) {
      continue;
    }
    if (best == nullptr || gap < bestGap || (gap == bestGap && shared > bestShared)) {
      best = other;
      bestGap = gap;
      bestShared = shared;
    }
  }
  return best;
}

void DockArea::place(QDockWidget* dock, QDockWidget* beside, Side side) {
  // Beside a stacked panel Qt would make one more tab: its stack is taken apart and put together again.
  QList<QDockWidget*> stack = stackOf(beside);
  stack.removeAll(dock);
  QDockWidget* anchor = stack.first();
  QDockWidget* front = anchor;
  for (QDockWidget* one : std::as_const(stack)) {
    front = isInFront(docks_.key(one)) ? one : front;
  }
  // Elsewhere and not removed: what is removed keeps its place among the tabs, and the anchor would stay one of them.
  const Qt::DockWidgetArea area = dockWidgetArea(anchor);
  addDockWidget(area, dock);
  for (QDockWidget* one : std::as_const(stack)) {
    if (one != anchor) {
      addDockWidget(area, one);
    }
  }
  const auto across = side == Side::Left || side == Side::Right ? Qt::Horizontal : Qt::Vertical;
  splitDockWidget(anchor, dock, across);
  if (side == Side::Left || side == Side::Above) {
    splitDockWidget(dock, anchor, across);
  }
  anchor->show();
  for (QDockWidget* one : std::as_const(stack)) {
    if (one != anchor) {
      tabifyDockWidget(anchor, one);
      one->show();
    }
  }
  front->raise();
}

bool DockArea::movePanel(const QString& id, Side side) {
  QDockWidget* panel = dock(id);
  if (panel == nullptr || panel->isHidden()) {
    return false;
  }
  const QPointer<QWidget> focus = panelOf(QApplication::focusWidget()) == id ? QApplication::focusWidget() : nullptr;
  panel->setFloating(false);
  QList<QDockWidget*> stack = stackOf(panel);
  stack.removeAll(panel);
  QDockWidget* beside = stack.isEmpty() ? neighbour(panel, side) : stack.first();
  if (beside == nullptr && dockWidgetArea(panel) == areaAt(side)) {
    return false;
  }
  if (beside != nullptr) {
    place(panel, beside, side);
  } else {
    addDockWidget(areaAt(side), panel);
  }
  panel->show();
  panel->raise();
  if (!focus.isNull()) {
    focus->setFocus(Qt::OtherFocusReason);
  }
  showTitles();
  Q_EMIT layoutChanged();
  return true;
}

bool DockArea::stackWithNext(const QString& id) {
  QDockWidget* panel = dock(id);
  if (panel == nullptr || panel->isHidden()) {
    return false;
  }
  const QList<QDockWidget*> stack = stackOf(panel);
  for (qsizetype i = 1; i < ids_.size(); ++i) {
    QDockWidget* next = docks_[ids_[(ids_.indexOf(id) + i) % ids_.size()]];
    if (!next->isHidden() && !next->isFloating() && !stack.contains(next)) {
      const QPointer<QWidget> focus = panelOf(QApplication::focusWidget()) == id ? QApplication::focusWidget() : nullptr;
      panel->setFloating(false);
      tabifyDockWidget(next, panel);
      panel->show();
      panel->raise();
      if (!focus.isNull()) {
        focus->setFocus(Qt::OtherFocusReason);
      }
      showTitles();
      Q_EMIT layoutChanged();
      return true;
    }
  }
  return false;
}

bool DockArea::toggleFloating(const QString& id) {
  QDockWidget* panel = dock(id);
  if (panel == nullptr || panel->isHidden()) {
    return false;
  }
  // On the way the keyboard goes to another panel; the frame of a window comes later (frameFloating).
  const QPointer<QWidget> focus = panelOf(QApplication::focusWidget()) == id ? QApplication::focusWidget() : panel->widget();
  panel->setFloating(!panel->isFloating());
  panel->setProperty(kWantsFocus, panel->isFloating());
  focus->setFocus(Qt::OtherFocusReason);
  focused_ = id;
  return true;
}

}  // namespace lix::widgets
