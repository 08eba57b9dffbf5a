#pragma once
#include <gtest/gtest.h>

#include <QApplication>
#include <QDockWidget>
#include <QPlainTextEdit>
#include <QPointer>
#include <QTest>

#include "docks/dock_area.h"
#include "theme/theme.h"

namespace lix::widgets::docks_test {

/// Lists at the left (one above the other), scores at the right over a stack of two.
struct Area {
  QWidget window;
  QPointer<DockArea> docks = new DockArea(nullptr, &window);
  QStringList heard;

  explicit Area(const QStringList& more = {}) {
    applyTheme(*qApp, ThemeChoice::Light);
    for (const QString& id : QStringList{"pictures", "captions", "scores", "weights", "map"} + more) {
      auto* field = new QPlainTextEdit(id);
      field->setObjectName("field." + id);
      docks->add(id, id.toUpper(), field);
    }
    docks->setArrangement([](DockArea& area) {
      area.addDockWidget(Qt::LeftDockWidgetArea, area.dock("pictures"));
      area.splitDockWidget(area.dock("pictures"), area.dock("scores"), Qt::Horizontal);
      area.splitDockWidget(area.dock("pictures"), area.dock("captions"), Qt::Vertical);
      area.splitDockWidget(area.dock("scores"), area.dock("weights"), Qt::Vertical);
      area.tabifyDockWidget(area.dock("weights"), area.dock("map"));
      for (const char* id : {"pictures", "captions", "scores", "weights", "map"}) {
        area.dock(id)->show();
      }
      area.dock("weights")->raise();
    });
    QObject::connect(docks.data(), &DockArea::frontChanged, docks.data(),
                     [this](const QString& id, bool front) { heard << (front ? "+" : "-") + id; });
    window.resize(900, 600);
    docks->setGeometry(window.rect());
  }
  ~Area() { delete docks.data(); }  // before what hears of its panels
  void show() {
    window.show();
    settle();
  }
  static void settle() { QTest::qWait(20); }
  QRect at(const char* id) const { return {docks->dock(id)->mapTo(docks, QPoint()), docks->dock(id)->size()}; }
  bool stacked(const char* a, const char* b) const {
    return docks->tabifiedDockWidgets(docks->dock(a)).contains(docks->dock(b));
  }
};

}  // namespace lix::widgets::docks_test
