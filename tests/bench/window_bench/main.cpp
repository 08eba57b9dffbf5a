// How quick the whole window is, on the demo workspace with tiny models on the CPU: window_bench [SECONDS OF USE]
// Prints and never fails: the first useful picture of five starts, and how long handlers keep the window's thread in a
// scripted use of the pages, 50,000 pictures scrolled among them, while a training run uses the other core.
#include <QAbstractItemModel>
#include <QProcess>
#include <QTemporaryDir>
#include <cstdio>

#include "bench.h"
#include "desk/dataset_shelf.h"
#include "desk/run_watch.h"
#include "desk/tasks.h"
#include "frame/demo_workspace.h"
#include "frame/main_window.h"
#include "frame/timing.h"
#include "image_grid/image_grid.h"
#include "pages/data/data_page.h"
#include "pages/inspect/inspect_page.h"
#include "pages/support/support_page.h"

namespace {
using namespace lix;
using namespace lix::bench;
using app::PageId;

/// The whole program, from the start of its process.
void firstPicture(const QString& program) {
  std::vector<double> ms;
  for (int i = 0; i < 5; ++i) {
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program, {"--timing"});
    QElapsedTimer timer;
    timer.start();
    QByteArray said;
    while (!said.contains(" ms\n") && timer.elapsed() < kPatience && process.state() != QProcess::NotRunning) {
      process.waitForReadyRead(100);
      said += process.readAll();
    }
    process.kill();
    process.waitForFinished();
    const QByteArray number = said.mid(said.indexOf("first picture: ") + 15);
    ms.push_back(number.left(number.indexOf(' ')).toDouble());
  }
  print("first useful picture, from the start of lixplorer", 1500, ms);
}

void whileTraining(app::MainWindow& window, app::TimedApplication& application, const std::filesystem::path& folder,
                   double seconds) {
  auto& data = static_cast<app::DataPage&>(*window.page(PageId::Data));
  auto& inspect = static_cast<app::InspectPage&>(*window.page(PageId::Inspect));
  auto& support = static_cast<app::SupportPage&>(*window.page(PageId::Support));
  bool added = false;
  QObject::connect(&window.desk().datasets(), &app::DatasetShelf::added, &window, [&] { added = true; });
  window.desk().datasets().add(manyPictures(folder));
  (void)QTest::qWaitFor([&] { return added; }, 10 * kPatience);
  window.showPage(PageId::Data);
  const double opened = answerMs(&data, &app::DataPage::datasetShown, [&] { data.openDataset("many"); });
  std::printf("%-58s %d pictures in %.0f ms\n", "50,000 pictures opened in the grid", data.grid()->model()->rowCount(),
              opened);
  window.desk().tasks().startTraining(
      {"siglip", "--data", "emoji", "--steps", "100000", "--batch", "64", "--threads", "1"});
  app::RunWatch& watch = window.desk().runs();
  (void)QTest::qWaitFor([&] { return !watch.runs().empty() && watch.runs()[0].step > 0; }, kPatience);
  application.restart();
  use(window, data, inspect, support, seconds);
  const auto handlers = application.handlers();
  std::printf("%-58s p99 %.2f ms, p99.9 %.2f ms (at most 16), longest %.1f ms (%s), %zu events\n",
              "handlers on the window's thread while a run trains", handlers.p99, handlers.p999, handlers.longest,
              qPrintable(handlers.longestOf), handlers.events);
  if (!watch.runs().empty()) {
    watch.request(watch.runs()[0].id, store::RunRequest::Cancel);
    (void)QTest::qWaitFor([&] { return !watch.isActive(watch.runs()[0]); }, kPatience);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
  }
  qputenv("OMP_WAIT_POLICY", "passive");
  const QTemporaryDir folder;
  qputenv("LIX_DEMO_WORKSPACE", (folder.path() + "/demo").toUtf8());
  qputenv("LIX_SETTINGS", (folder.path() + "/settings.ini").toUtf8());
  app::TimedApplication application(argc, argv);
  const double seconds = argc > 1 ? QString(argv[1]).toDouble() : 30.0;
  const QString bin = QCoreApplication::applicationDirPath() + "/../bin";
  qputenv("LIXP", "/bin/true");  // the first start measures the demo's curves, which is not what is measured here
  std::printf("OMP_WAIT_POLICY=%s QT_QPA_PLATFORM=%s\n", qgetenv("OMP_WAIT_POLICY").constData(),
              qgetenv("QT_QPA_PLATFORM").constData());
  const auto demo = app::makeDemoWorkspace();
  if (!demo) {
    std::fprintf(stderr, "%s\n", demo.error().message.c_str());
    return 1;
  }
  firstPicture(bin + "/lixplorer");
  qputenv("LIXP", (bin + "/lixp").toUtf8());
  auto desk = app::Desk::open(*demo, store::OpenMode::ReadWrite);
  if (!desk) {
    std::fprintf(stderr, "%s\n", desk.error().message.c_str());
    return 1;
  }
  app::MainWindow window(std::move(*desk));
  window.setAttribute(Qt::WA_DeleteOnClose, false);
  window.resize(1440, 900);
  window.show();
  auto& inspect = static_cast<app::InspectPage&>(*window.page(PageId::Inspect));
  window.showPage(PageId::Inspect);
  answerMs(&inspect, &app::InspectPage::readingShown, [] {});
  const std::filesystem::path scratch = folder.path().toStdString();
  whileTraining(window, application, scratch / "many", seconds);
  return 0;
}
