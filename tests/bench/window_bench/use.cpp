#include <QDockWidget>
#include <QScrollBar>
#include <algorithm>
#include <array>

#include "bench.h"
#include "docks/dock_area.h"
#include "frame/main_window.h"
#include "image_grid/image_grid.h"
#include "pages/data/data_page.h"
#include "pages/inspect/inspect_page.h"
#include "pages/support/support_page.h"

namespace lix::bench {
namespace {

using app::PageId;

/// Brings one panel after the other to the front and takes one to another side and back.
void usePanels(widgets::DockArea* docks, int round) {
  if (docks == nullptr) {
    return;
  }
  for (const QString& id : docks->ids()) {
    docks->showPanel(id);
    QTest::qWait(60);
  }
  constexpr std::array kSides{Qt::LeftDockWidgetArea, Qt::RightDockWidgetArea, Qt::BottomDockWidgetArea};
  QDockWidget* moved = docks->dock(docks->ids().at(round % docks->ids().size()));
  docks->addDockWidget(kSides[std::size_t(round) % kSides.size()], moved);
  QTest::qWait(60);
  if (round % 4 == 3) {
    docks->reset();
    QTest::qWait(60);
  }
}

void scroll(QScrollBar* bar) {
  for (int step = 0; step < 40; ++step) {
    bar->setValue((bar->value() + bar->pageStep()) % std::max(1, bar->maximum()));
    QTest::qWait(16);
  }
}

void movePictures(app::SupportPage& page) {
  for (int step = 0; step < 6; ++step) {
    const auto classes = page.book().document().set.classes;  // every edit makes a new value
    const auto full = std::ranges::find_if(classes, [](const auto& one) { return !one.pictures.empty(); });
    if (classes.size() < 2 || full == classes.end()) {
      return;
    }
    page.assign({full->pictures.front()}, int(classes.size()) - 1 - step % 2);
    QTest::qWait(60);
  }
}

}  // namespace

void use(app::MainWindow& window, app::DataPage& data, app::InspectPage& inspect, app::SupportPage& support,
         double seconds) {
  QElapsedTimer timer;
  timer.start();
  for (int i = 0; double(timer.elapsed()) < seconds * 1000.0; ++i) {
    window.showPage(static_cast<PageId>(i % app::kPageCount));
    QTest::qWait(60);
    switch (window.currentPage()) {
      case PageId::Data:
        scroll(data.grid()->verticalScrollBar());
        break;
      case PageId::Inspect:
        for (int step = 0; step < 10; ++step) {
          inspect.setCaptions({"a fox", QString("caption %1 of %2").arg(step).arg(i)});
          QTest::qWait(50);
        }
        usePanels(inspect.docks(), i / app::kPageCount);
        break;
      case PageId::Support:
        movePictures(support);
        usePanels(support.docks(), i / app::kPageCount);
        break;
      default:
        break;
    }
  }
}

}  // namespace lix::bench
