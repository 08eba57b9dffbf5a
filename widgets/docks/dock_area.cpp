#include "docks/dock_area.h"

#include <QDockWidget>
#include <QEvent>
#include <QMenu>
#include <QTabBar>
#include <QTimer>
#include <utility>

#include "docks/dock_title.h"

namespace lix::widgets {
namespace {

constexpr int kLayoutVersion = 1;

}  // namespace

DockArea::DockArea(QWidget* centre, QWidget* parent) : QMainWindow(parent) {
  setWindowFlags(Qt::Widget);
  setDockOptions(AllowNestedDocks | AllowTabbedDocks | GroupedDragging);
  setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
  setDocumentMode(true);
  if (centre != nullptr) {
    setCentralWidget(centre);
  }
}

DockArea::~DockArea() {
  blockSignals(true);
  for (QDockWidget* dock : std::as_const(docks_)) {
    dock->disconnect(this);
  }
}

QDockWidget* DockArea::add(const QString& id, const QString& title, QWidget* panel) {
  auto* dock = new QDockWidget(title, this);
  dock->setObjectName("dock." + id);
  dock->setWidget(panel);
  dock->setTitleBarWidget(new DockTitle(dock));
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
  connect(dock, &QDockWidget::topLevelChanged, this, &DockArea::layoutChanged);
  connect(dock, &QDockWidget::dockLocationChanged, this, &DockArea::layoutChanged);
  return dock;
}

void DockArea::setArrangement(std::function<void(DockArea&)> arrange) { arrange_ = std::move(arrange); }

void DockArea::arrange() {
  for (QDockWidget* dock : std::as_const(docks_)) {
    dock->setFloating(false);
    removeDockWidget(dock);
  }
  if (arrange_) {
    arrange_(*this);
  }
  showTitles();
}

void DockArea::reset() {
  pending_.clear();
  if (begun_) {
    arrange();
    Q_EMIT layoutChanged();
  }
}

void DockArea::begin() {
  begun_ = true;
  arrange();
  if (const QByteArray wanted = std::exchange(pending_, {}); !wanted.isEmpty()) {
    restoreState(wanted, kLayoutVersion);
  }
}

QByteArray DockArea::layout() const { return begun_ ? saveState(kLayoutVersion) : pending_; }

bool DockArea::setLayout(const QByteArray& layout) {
  if (!begun_) {
    pending_ = layout;
    return true;
  }
  const bool done = restoreState(layout, kLayoutVersion);
  showTitles();
  return done;
}

void DockArea::showPanel(const QString& id) {
  if (QDockWidget* panel = dock(id)) {
    panel->show();
    panel->raise();
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

void DockArea::showTitles() {
  for (QDockWidget* dock : std::as_const(docks_)) {
    bool stacked = false;
    for (const QDockWidget* other : tabifiedDockWidgets(dock)) {
      stacked = stacked || other->isVisibleTo(this);
    }
    static_cast<DockTitle*>(dock->titleBarWidget())->setCollapsed(stacked && !dock->isFloating());
  }
  // The tab bars are Qt's own: named for screen readers, reached by Tab.
  for (QTabBar* bar : findChildren<QTabBar*>(QString(), Qt::FindDirectChildrenOnly)) {
    bar->setAccessibleName(tr("Panels"));
    bar->setFocusPolicy(Qt::TabFocus);
    bar->setExpanding(false);
    bar->setDrawBase(false);
    bar->setElideMode(Qt::ElideRight);
  }
}

}  // namespace lix::widgets
