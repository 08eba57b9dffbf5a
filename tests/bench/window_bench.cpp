// How quick the window answers, on the demo workspace with `tiny` on the CPU: window_bench [SECONDS OF USE]
// Prints and never fails. Figures are medians and 95th percentiles of 30 repeats; the handlers' times are of a scripted use
// of the pages, 50,000 pictures scrolled among them, while a training run uses the other core.
#include <QAbstractItemModel>
#include <QElapsedTimer>
#include <QProcess>
#include <QPushButton>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <functional>
#include <vector>

#include "base/text.h"
#include "desk/dataset_shelf.h"
#include "desk/run_watch.h"
#include "desk/tasks.h"
#include "frame/demo_workspace.h"
#include "frame/main_window.h"
#include "frame/timing.h"
#include "imaging/write.h"
#include "pages/data/data_page.h"
#include "pages/inspect/inspect_page.h"
#include "pages/support/support_page.h"

namespace {
using namespace lix;
using app::PageId;
namespace fs = std::filesystem;

constexpr int kRepeats = 30;
constexpr int kPatience = 60000;
constexpr int kPictures = 50000;

void print(const char* what, std::vector<double> ms) {
  std::ranges::sort(ms);
  std::printf("%-58s median %6.1f ms, 95 %% %6.1f ms (%zu)\n", what, ms[ms.size() / 2], ms[std::min(ms.size() - 1, ms.size() * 95 / 100)], ms.size());
  std::fflush(stdout);
}

/// From `act` until `signal` of the page and the paint after it.
template <class Page, class Signal>
double answerMs(Page* page, Signal signal, const std::function<void()>& act) {
  bool told = false;
  const auto connection = QObject::connect(page, signal, page, [&] { told = true; });
  QElapsedTimer timer;
  timer.start();
  act();
  QTest::qWaitFor([&] { return told; }, kPatience);
  QCoreApplication::processEvents();
  QObject::disconnect(connection);
  return double(timer.nsecsElapsed()) * 1e-6;
}

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
  print("first useful picture, from the start of lixplorer", ms);
}

/// A table that names 500 pictures 100 times each, with captions of their own.
fs::path manyPictures(const fs::path& folder) {
  fs::create_directories(folder / "pictures");
  for (int i = 0; i < 500; ++i) {
    imaging::Image image{.width = 320, .height = 240, .pixels = std::vector<std::uint8_t>(std::size_t(320) * 240 * 3)};
    for (std::size_t j = 0; j < image.pixels.size(); ++j) {
      image.pixels[j] = std::uint8_t(j * std::size_t(i + 3) >> 8);
    }
    (void)imaging::writePng(folder / "pictures" / cat(i, ".png"), image);
  }
  for (int copy = 1; copy < kPictures / 500; ++copy) {
    fs::create_directories(folder / cat("copy", copy));
    for (int i = 0; i < 500; ++i) {
      fs::create_hard_link(folder / "pictures" / cat(i, ".png"), folder / cat("copy", copy) / cat(i, ".png"));
    }
  }
  std::ofstream table(folder / "many.csv");
  table << "path,caption,split\n";
  for (int i = 0; i < kPictures; ++i) {
    table << (i < 500 ? "pictures" : cat("copy", i / 500)) << "/" << i % 500 << ".png,picture number " << i << "," << (i % 3 == 0 ? "test" : "train") << "\n";
  }
  return folder / "many.csv";
}

/// The use of the pages while something trains: scrolling, typing, changing pages, moving support pictures.
void use(app::MainWindow& window, app::DataPage* data, app::InspectPage* inspect, app::SupportPage* support, double seconds) {
  QElapsedTimer timer;
  timer.start();
  for (int i = 0; double(timer.elapsed()) < seconds * 1000.0; ++i) {
    window.showPage(static_cast<PageId>(i % app::kPageCount));
    QTest::qWait(60);
    if (window.currentPage() == PageId::Data) {
      QScrollBar* bar = data->grid()->verticalScrollBar();
      for (int step = 0; step < 40; ++step) {
        bar->setValue((bar->value() + bar->pageStep()) % std::max(1, bar->maximum()));
        QTest::qWait(16);
      }
    } else if (window.currentPage() == PageId::Inspect) {
      for (int step = 0; step < 10; ++step) {
        inspect->setCaptions({"a fox", QString("caption %1 of %2").arg(step).arg(i)});
        QTest::qWait(50);
      }
    } else if (window.currentPage() == PageId::Support && !support->book().document().set.classes.empty()) {
      for (int step = 0; step < 6; ++step) {
        const auto classes = support->book().document().set.classes;  // every edit makes a new value
        support->assign({classes[0].pictures.empty() ? classes[1].pictures.front() : classes[0].pictures.front()}, step % 2);
        QTest::qWait(60);
      }
    }
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
  std::printf("OMP_WAIT_POLICY=%s QT_QPA_PLATFORM=%s\n", qgetenv("OMP_WAIT_POLICY").constData(), qgetenv("QT_QPA_PLATFORM").constData());

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
  auto* inspect = static_cast<app::InspectPage*>(window.page(PageId::Inspect));
  auto* support = static_cast<app::SupportPage*>(window.page(PageId::Support));
  auto* data = static_cast<app::DataPage*>(window.page(PageId::Data));
  answerMs(inspect, &app::InspectPage::readingShown, [] {});

  std::vector<double> captions;
  for (int i = 0; i < kRepeats; ++i) {
    captions.push_back(answerMs(inspect, &app::InspectPage::readingShown,
                                [&] { inspect->setCaptions({"a fox", "an animal face", QString("something number %1").arg(i)}); }));
  }
  print("new caption to new heatmap", captions);

  window.showPage(PageId::Support);
  answerMs(support, &app::SupportPage::scored, [&] { window.findChild<QPushButton*>("support.example")->click(); });
  std::vector<double> moves;
  for (int i = 0; i < kRepeats; ++i) {
    const auto picture = support->book().document().set.classes[std::size_t(i % 2)].pictures.front();
    moves.push_back(answerMs(support, &app::SupportPage::scored, [&] { support->assign({picture}, 1 - i % 2); }));
  }
  print("moved support image to new accuracy", moves);

  bool added = false;
  QObject::connect(&window.desk().datasets(), &app::DatasetShelf::added, [&] { added = true; });
  window.desk().datasets().add(manyPictures(folder.path().toStdString() + "/many"));
  QTest::qWaitFor([&] { return added; }, 10 * kPatience);
  window.showPage(PageId::Data);
  const double opened = answerMs(data, &app::DataPage::datasetShown, [&] { data->openDataset("many"); });
  std::printf("%-58s %d pictures in %.0f ms\n", "50,000 pictures opened in the grid", data->grid()->model()->rowCount(), opened);

  window.desk().tasks().startTraining({"siglip", "--data", "emoji", "--steps", "100000", "--batch", "64", "--threads", "1"});
  app::RunWatch& watch = window.desk().runs();
  QTest::qWaitFor([&] { return !watch.runs().empty() && watch.runs()[0].step > 0; }, kPatience);
  application.restart();
  use(window, data, inspect, support, seconds);
  const auto handlers = application.handlers();
  std::printf("%-58s p99 %.2f ms, p99.9 %.2f ms, longest %.1f ms (%s), %zu events\n", "handlers on the window's thread while a run trains",
              handlers.p99, handlers.p999, handlers.longest, qPrintable(handlers.longestOf), handlers.events);
  if (!watch.runs().empty()) {
    watch.request(watch.runs()[0].id, store::RunRequest::Cancel);
    QTest::qWaitFor([&] { return !watch.isActive(watch.runs()[0]); }, kPatience);
  }
  return 0;
}
