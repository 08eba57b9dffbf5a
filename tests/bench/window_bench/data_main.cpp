// A dataset of a million pictures on the Data page, in a window offscreen: data_page_bench [PICTURES] [FRAMES]
// Prints and never fails: time to open and to the first pictures, frames of scrolling by the wheel and by the thumb over all
// of it, searches and filters, peak memory. The pictures are a table's rows on 500 JPEG files of 640 x 480.
#include <QApplication>
#include <QComboBox>
#include <QFile>
#include <QImage>
#include <QLineEdit>
#include <QListView>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QWheelEvent>
#include <cstdio>
#include <ctime>
#include <fstream>

#include "base/text.h"
#include "bench.h"
#include "desk/dataset_shelf.h"
#include "desk/thumbnails.h"
#include "frame/timing.h"
#include "image_grid/image_grid.h"
#include "pages/data/data_page.h"
#include "store/dataset_store.h"
#include "theme/theme.h"

namespace {
using namespace lix;
using namespace lix::bench;
namespace fs = std::filesystem;

constexpr int kFiles = 500, kBenchClasses = 1000;
constexpr double kFrameMs = 1000.0 / 60.0;

double peakMegabytes() {
  QFile status("/proc/self/status");
  (void)status.open(QIODevice::ReadOnly);
  for (const QByteArray& line : status.readAll().split('\n')) {
    if (line.startsWith("VmHWM:")) {
      return line.simplified().split(' ').value(1).toDouble() / 1024.0;
    }
  }
  return 0.0;
}

fs::path makeTable(const fs::path& folder, int pictures) {
  fs::create_directories(folder / "pictures");
  for (int i = 0; i < kFiles; ++i) {
    QImage image(640, 480, QImage::Format_RGB32);
    for (int y = 0; y < image.height(); ++y) {
      auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
      for (int x = 0; x < image.width(); ++x) {
        line[x] = qRgb((x * (i % 7 + 1) / 5) & 255, (y + i * 11) & 255, ((x ^ y) + i) & 255);
      }
    }
    image.save(QString::fromStdString((folder / "pictures" / cat(i, ".jpg")).string()), "JPG", 85);
  }
  std::ofstream table(folder / "million.csv");
  table << "path,caption,label,split\n";
  for (int i = 0; i < pictures; ++i) {
    const int copy = i / kFiles;
    if (i % kFiles == 0 && copy > 0) {
      fs::create_directory_symlink("pictures", folder / cat("copy", copy));
    }
    table << (copy == 0 ? "pictures" : cat("copy", copy)) << "/" << i % kFiles << ".jpg,a photo of thing number " << i << " in a row,kind "
          << (i * 7919LL) % kBenchClasses << "," << (i % 5 == 0 ? "test" : i % 5 == 1 ? "val" : "train") << "\n";
  }
  return folder / "million.csv";
}

/// Milliseconds that this thread has worked: what a frame costs where other programs use the cores as well.
double workedMs() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return double(now.tv_sec) * 1e3 + double(now.tv_nsec) * 1e-6;
}

struct Frames {
  std::vector<double> ms, worked;
};

/// Runs `act` once a frame; a frame costs `act`, what came from other threads meanwhile, and the paint.
Frames frames(int count, const std::function<void(int)>& act) {
  Frames frames;
  for (int i = 0; i < count; ++i) {
    QElapsedTimer timer;
    const double before = workedMs();
    timer.start();
    act(i);
    QCoreApplication::processEvents();
    frames.ms.push_back(since(timer));
    frames.worked.push_back(workedMs() - before);
    while (since(timer) < kFrameMs) {
      QTest::qSleep(1);
    }
  }
  return frames;
}

void report(const char* what, Frames frames) {
  const auto at = [](std::vector<double>& of, double share) {
    std::ranges::sort(of);
    return of[std::min(of.size() - 1, std::size_t(share * double(of.size())))];
  };
  std::printf("%-44s p50 %.2f ms, p99 %.2f ms, longest %.1f ms; the thread worked p50 %.2f ms, p99 %.2f ms (p99 at most 16)\n", what,
              at(frames.ms, 0.5), at(frames.ms, 0.99), at(frames.ms, 1.0), at(frames.worked, 0.5), at(frames.worked, 0.99));
}

bool isPainted(const widgets::ImageGrid& grid) {
  const auto [first, last] = grid.visibleRows();
  for (int row = first; row >= 0 && row <= last; ++row) {
    if (grid.model()->index(row, 0).data(Qt::DecorationRole).value<QPixmap>().isNull()) {
      return false;
    }
  }
  return first >= 0;
}

void wheel(widgets::ImageGrid* grid, int delta) {
  const QPointF at = grid->viewport()->rect().center();
  QWheelEvent event(at, grid->viewport()->mapToGlobal(at), {}, {0, delta}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
  QCoreApplication::sendEvent(grid->viewport(), &event);
}

void scroll(widgets::ImageGrid* grid, int count) {
  QScrollBar* bar = grid->verticalScrollBar();
  report("scrolling by the wheel", frames(count, [&](int) { wheel(grid, -120); }));
  report("scrolling by the wheel, quickly", frames(count, [&](int) { wheel(grid, -1200); }));
  report("the thumb drawn over all of it", frames(count, [&](int i) { bar->setSliderPosition(int(double(bar->maximum()) * i / (count - 1))); }));
  std::vector<double> stopped;
  for (int i = 0; i < 20; ++i) {
    bar->setValue(int(double(bar->maximum()) * ((i * 7) % 20 + 0.5) / 20.0));
    QElapsedTimer timer;
    timer.start();
    (void)QTest::qWaitFor([&] { return isPainted(*grid); }, kPatience);
    stopped.push_back(since(timer));
  }
  print("all pictures in sight after a jump", 1000, stopped);
}

void filters(app::DataPage& page) {
  const auto timed = [&](const char* what, const std::function<void()>& act) {
    const double ms = answerMs(&page, &app::DataPage::datasetShown, act);
    std::printf("%-52s %.0f ms, %d pictures\n", what, ms, page.grid()->model()->rowCount());
  };
  auto* search = page.findChild<QLineEdit*>("data.search");
  auto* classes = page.findChild<QListView*>("data.classes");
  auto* splits = page.findChild<QComboBox*>("data.splits");
  timed("caption search \"number 99\" (150 ms of typing in it)", [&] { search->setText("number 99"); });
  timed("caption search \"THING 123456\"", [&] { search->setText("THING 123456"); });
  timed("no words again", [&] { search->setText({}); });
  timed("one class", [&] { classes->setCurrentIndex(classes->model()->index(11, 0)); });
  timed("all classes", [&] { classes->setCurrentIndex(classes->model()->index(0, 0)); });
  timed("one split", [&] { splits->setCurrentIndex(1); });
  timed("all splits", [&] { splits->setCurrentIndex(0); });
  std::vector<std::uint32_t> nearest;
  const auto count = page.collection()->samples().size();
  for (std::size_t i = 0; i < 200; ++i) {
    nearest.push_back(std::uint32_t((i * 1000003) % count));
  }
  timed("200 matches in their order", [&] { page.setMatches("Nearest to one", nearest); });
  timed("all again", [&] { page.clearMatches(); });
  QElapsedTimer timer;
  timer.start();
  page.grid()->selectAll();
  QCoreApplication::processEvents();
  std::printf("%-52s %.0f ms\n", "all selected", since(timer));
  timer.restart();
  const std::size_t selected = page.selectedSamples().size();
  std::printf("%-52s %.0f ms, %zu pictures\n", "which are selected", since(timer), selected);
  page.grid()->clearSelection();
}

}  // namespace

int main(int argc, char** argv) {
  if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
  }
  const QTemporaryDir folder;
  qputenv("LIX_SETTINGS", (folder.path() + "/settings.ini").toUtf8());
  app::TimedApplication application(argc, argv);
  const int pictures = argc > 1 ? QString(argv[1]).toInt() : 1'000'000;
  const fs::path scratch = folder.path().toStdString();
  const fs::path table = makeTable(scratch, pictures);
  {
    auto workspace = store::Workspace::open(scratch / "work", store::OpenMode::Create);
    if (!workspace || !store::DatasetStore(*workspace).add({.name = "million", .kind = "table", .path = table})) {
      std::fprintf(stderr, "no workspace could be made in %s\n", scratch.c_str());
      return 1;
    }
  }
  auto desk = app::Desk::open(scratch / "work", store::OpenMode::ReadWrite);
  if (!desk) {
    std::fprintf(stderr, "%s\n", desk.error().message.c_str());
    return 1;
  }
  widgets::applyTheme(application, widgets::ThemeChoice::Light);
  (*desk)->datasets().refresh();
  const std::unique_ptr<app::Page> made(app::makeDataPage(**desk));
  auto& page = static_cast<app::DataPage&>(*made);
  page.resize(1440, 900);
  QElapsedTimer timer;
  timer.start();
  const double before = peakMegabytes();
  page.show();
  (void)QTest::qWaitFor([&] { return page.grid()->model()->rowCount() == pictures; }, 10 * kPatience);
  std::printf("%-52s %d pictures in %.0f ms\n", "opened in the grid", page.grid()->model()->rowCount(), since(timer));
  (void)QTest::qWaitFor([&] { return isPainted(*page.grid()); }, kPatience);
  std::printf("%-52s %.0f ms\n", "first pictures seen", since(timer));
  std::printf("%-52s %.0f MB (%.0f MB before)\n", "peak memory, opened", peakMegabytes(), before);
  application.restart();
  scroll(page.grid(), argc > 2 ? std::max(2, QString(argv[2]).toInt()) : 600);
  const auto handlers = application.handlers();
  std::printf("%-52s p99 %.2f ms, p99.9 %.2f ms (at most 16), longest %.1f ms (%s)\n", "handlers while scrolling", handlers.p99,
              handlers.p999, handlers.longest, qPrintable(handlers.longestOf));
  filters(page);
  std::printf("%-52s %.0f MB (at most 1,500)\n", "peak memory", peakMegabytes());
  return 0;
}
