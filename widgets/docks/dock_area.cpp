#include "docks/dock_area.h"

#include <QApplication>
#include <QCryptographicHash>
#include <QDockWidget>
#include <QEvent>
#include <QHideEvent>
#include <QMenu>
#include <QPointer>
#include <QScopedValueRollback>
#include <QTabBar>
#include <QToolButton>
#include <QTimer>
#include <utility>

#include "docks/dock_title.h"

namespace lix::widgets {
namespace {

constexpr int kLayoutVersion = 1;
constexpr const char* kWantsFocus = "lixWantsFocus";  // of a panel that was asked to float
constexpr qsizetype kHashBytes = 16;
constexpr int kDragMs = 150;  // how often it is looked whether a drag has ended

/// Qt takes damaged bytes at their word (and asks for any amount of memory), so a hash stands before them.
QByteArray hashOf(const QByteArray& state) { return QCryptographicHash::hash(state, QCryptographicHash::Md5); }

}  // namespace

DockArea::DockArea(QWidget* centre, QWidget* parent) : QMainWindow(parent) {
  setWindowFlags(Qt::Widget);
  setDockOptions(AllowNestedDocks | AllowTabbedDocks | GroupedDragging);
  setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
  setDocumentMode(true);
  if (centre != nullptr) {
    setCentralWidget(centre);
  }
  connect(qApp, &QApplication::focusChanged, this, [this](const QWidget*, const QWidget* now) {
    if (const QString id = panelOf(now); !id.isEmpty()) {
      focused_ = id;
      for (QDockWidget* dock : std::as_const(docks_)) {
        dock->setProperty(kWantsFocus, {});
      }
    }
  });
}

DockArea::~DockArea() {
  blockSignals(true);
  disconnect(qApp, nullptr, this, nullptr);
  for (QDockWidget* dock : std::as_const(docks_)) {
    dock->disconnect(this);
  }
}

QDockWidget* DockArea::add(const QString& id, const QString& title, QWidget* panel) {
  auto* dock = new QDockWidget(title, this);
  dock->setObjectName("dock." + id);
  dock->setWidget(panel);
  dock->setTitleBarWidget(new DockTitle(dock));
  dock->installEventFilter(this);
  ids_.append(id);
  docks_.insert(id, dock);
  addDockWidget(Qt::RightDockWidgetArea, dock);
  connect(dock, &QDockWidget::visibilityChanged, this, [this, id](bool visible) {
    if (front_.value(id, false) != visible) {
      front_[id] = visible;
      Q_EMIT frontChanged(id, visible);
    }
    Q_EMIT layoutChanged();
  });
  connect(dock, &QDockWidget::topLevelChanged, this, [this, dock](bool floating) {
    if (!floating && !placing_) {
      dock->raise();  // else it is one of the tabs behind
    }
    showTitles();
    Q_EMIT layoutChanged();
  });
  connect(dock, &QDockWidget::dockLocationChanged, this, &DockArea::layoutChanged);
  return dock;
}

void DockArea::setArrangement(std::function<void(DockArea&)> arrange) { arrange_ = std::move(arrange); }

void DockArea::arrange() {
  const QScopedValueRollback placing(placing_, true);
  for (QDockWidget* dock : std::as_const(docks_)) {
    dock->setFloating(false);
    removeDockWidget(dock);
  }
  if (arrange_) {
    arrange_(*this);
  }
  showTitles();
}

void DockArea::restFloating() {
  QStringList seen;
  for (const QString& id : std::as_const(ids_)) {
    if (docks_[id]->isFloating() && !docks_[id]->isHidden()) {
      seen << id;
    }
  }
  if (seen.isEmpty()) {
    return;
  }
  rested_ = layout();
  resting_ = seen;
  for (const QString& id : std::as_const(seen)) {
    docks_[id]->hide();
  }
}

void DockArea::wakeFloating() {
  rested_.clear();
  for (const QString& id : std::exchange(resting_, {})) {
    docks_[id]->show();
  }
}

void DockArea::reset() {
  pending_.clear();
  wakeFloating();
  if (begun_) {
    arrange();
    Q_EMIT layoutChanged();
  }
}

void DockArea::begin() {
  begun_ = true;
  arrange();
  if (const QByteArray wanted = std::exchange(pending_, {}); !wanted.isEmpty()) {
    setLayout(wanted);
  }
}

QByteArray DockArea::layout() const {
  if (!begun_ || !rested_.isEmpty()) {
    return begun_ ? rested_ : pending_;
  }
  const QByteArray state = saveState(kLayoutVersion);
  return hashOf(state) + state;
}

bool DockArea::setLayout(const QByteArray& layout) {
  if (!begun_) {
    pending_ = layout;
    return true;
  }
  wakeFloating();
  const QScopedValueRollback placing(placing_, true);
  const QByteArray state = layout.mid(kHashBytes);
  const bool done = layout.left(kHashBytes) == hashOf(state) && restoreState(state, kLayoutVersion);
  placeLeftOut();
  showTitles();
  if (!isVisible()) {
    restFloating();
  }
  return done;
}

void DockArea::placeLeftOut() {
  for (QDockWidget* dock : std::as_const(docks_)) {
    if (!dock->isHidden() && !dock->isFloating() && dockWidgetArea(dock) == Qt::NoDockWidgetArea) {
      addDockWidget(Qt::RightDockWidgetArea, dock);
    }
  }
}

void DockArea::showPanel(const QString& id) {
  if (QDockWidget* panel = dock(id)) {
    wakeFloating();
    panel->show();
    placeLeftOut();
    panel->raise();
    if (!isVisible()) {
      restFloating();
    }
  }
}

void DockArea::showOnly(const QStringList& ids) {
  reset();
  for (const QString& id : std::as_const(ids_)) {
    docks_[id]->setVisible(ids.contains(id));
  }
  placeLeftOut();
  if (QDockWidget* last = ids.isEmpty() ? nullptr : dock(ids.last())) {
    last->raise();
  }
}

QMenu* DockArea::createPopupMenu() {
  auto* menu = new QMenu(this);
  for (const QString& id : std::as_const(ids_)) {
    menu->addAction(docks_[id]->toggleViewAction());
  }
  return menu;
}

void DockArea::showEvent(QShowEvent* event) {
  QMainWindow::showEvent(event);
  if (!begun_) {
    begin();
  } else if (!event->spontaneous()) {
    wakeFloating();
  }
}

void DockArea::hideEvent(QHideEvent* event) {
  QMainWindow::hideEvent(event);
  if (begun_ && !event->spontaneous()) {  // not where the window is only made small
    restFloating();
  }
}

bool DockArea::event(QEvent* event) {
  if (event->type() == QEvent::LayoutRequest && !titling_) {
    titling_ = true;  // what showTitles() changes asks for a layout again
    QTimer::singleShot(0, this, [this] {
      showTitles();
      titling_ = false;
    });
  }
  return QMainWindow::event(event);
}

bool DockArea::eventFilter(QObject* object, QEvent* event) {
  if (event->type() == QEvent::Show) {
    if (auto* dock = qobject_cast<QDockWidget*>(object); dock != nullptr && dock->isFloating()) {
      QTimer::singleShot(0, dock, [this, dock] { frameFloating(dock); });
    }
  }
  return QMainWindow::eventFilter(object, event);
}

void DockArea::frameFloating(QDockWidget* dock) {
  if (!dock->isFloating() || dock->isHidden() || !dock->windowFlags().testFlag(Qt::FramelessWindowHint)) {
    return;
  }
  if (QGuiApplication::mouseButtons() != Qt::NoButton) {
    QTimer::singleShot(kDragMs, dock, [this, dock] { frameFloating(dock); });
    return;
  }
  const QRect place = dock->geometry();
  const QPointer<QWidget> focus = dock->isAncestorOf(QApplication::focusWidget()) ? QApplication::focusWidget() : dock->widget();
  dock->setWindowFlags(Qt::Tool | Qt::CustomizeWindowHint | Qt::WindowTitleHint | Qt::WindowSystemMenuHint |
                       Qt::WindowCloseButtonHint);
  dock->setGeometry(place);
  dock->show();
  if (dock->property(kWantsFocus).toBool()) {  // not one of a layout that was restored
    dock->activateWindow();
    focus->setFocus(Qt::OtherFocusReason);
    focused_ = docks_.key(dock);
  }
}

void DockArea::showTitles() {
  for (QDockWidget* dock : std::as_const(docks_)) {
    bool stacked = false;
    for (const QDockWidget* other : tabifiedDockWidgets(dock)) {
      stacked = stacked || other->isVisibleTo(this);
    }
    auto* title = static_cast<DockTitle*>(dock->titleBarWidget());
    title->setCollapsed(stacked && !dock->isFloating());
    title->setFloating(dock->isFloating());
  }
  // The tab bars are Qt's own: named for screen readers, reached by Tab.
  for (QTabBar* bar : findChildren<QTabBar*>(QString(), Qt::FindDirectChildrenOnly)) {
    bar->setAccessibleName(tr("Panels"));
    bar->setToolTip(tr("Panels on top of each other: Left and Right choose one, a drag moves it."));
    bar->setFocusPolicy(Qt::TabFocus);
    bar->setExpanding(false);
    bar->setDrawBase(false);
    bar->setElideMode(Qt::ElideNone);  // arrows at its end lead to what has no room
    bar->setUsesScrollButtons(true);
    for (QToolButton* arrow : bar->findChildren<QToolButton*>()) {
      arrow->setFocusPolicy(Qt::NoFocus);  // Left and Right in the bar do as much
      arrow->setToolTip(tr("Shows the tabs beyond."));
    }
  }
}

}  // namespace lix::widgets
