// The pictures of docs/guide from the real window on a demo workspace of its own: guide_pictures FOLDER
#include <QAbstractButton>
#include <QApplication>
#include <QDockWidget>
#include <QImageWriter>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <array>
#include <cstdio>
#include <map>

#include "desk/checkpoint_shelf.h"
#include "desk/desk.h"
#include "desk/run_watch.h"
#include "desk/tasks.h"
#include "docks/dock_area.h"
#include "frame/choices.h"
#include "frame/demo_workspace.h"
#include "frame/doctor_sheet.h"
#include "frame/main_window.h"
#include "pages/inspect/inspect_page.h"
#include "pages/support/confusion_table.h"
#include "pages/support/moved_by_panel.h"
#include "pages/support/support_page.h"
#include "theme/theme.h"

namespace {
using namespace lix;
using app::PageId;

constexpr int kPatience = 180000;
constexpr int kColours = 256;

void waitFor(const std::function<bool()>& condition) {
  if (!QTest::qWaitFor(condition, kPatience)) {
    std::printf("something that the pictures show did not come\n");
  }
}

/// The colours that a picture has most of, each the mean of those that differ little from it.
QVector<QRgb> coloursOf(const QImage& image) {
  struct Bin {
    qint64 count = 0, red = 0, green = 0, blue = 0;
  };
  std::map<int, Bin> bins;
  for (int y = 0; y < image.height(); ++y) {
    const auto* line = reinterpret_cast<const QRgb*>(image.constScanLine(y));
    for (int x = 0; x < image.width(); ++x) {
      const QRgb pixel = line[x];
      Bin& bin = bins[(qRed(pixel) >> 2) << 12 | (qGreen(pixel) >> 2) << 6 | qBlue(pixel) >> 2];
      ++bin.count;
      bin.red += qRed(pixel);
      bin.green += qGreen(pixel);
      bin.blue += qBlue(pixel);
    }
  }
  std::vector<Bin> most;
  for (const auto& entry : bins) {
    most.push_back(entry.second);
  }
  std::ranges::sort(most, std::greater(), &Bin::count);
  QVector<QRgb> colours;
  const auto distance = [](QRgb a, QRgb b) {
    return std::abs(qRed(a) - qRed(b)) + std::abs(qGreen(a) - qGreen(b)) + std::abs(qBlue(a) - qBlue(b));
  };
  // Near ones only once at first, so that rare colours of pictures have a place beside the greys of letters.
  for (const int apart : {18, 6, 0}) {
    for (const Bin& bin : most) {
      const QRgb colour = qRgb(int(bin.red / bin.count), int(bin.green / bin.count), int(bin.blue / bin.count));
      if (colours.size() < kColours &&
          std::ranges::none_of(colours, [&](QRgb other) { return distance(colour, other) <= apart; })) {
        colours.push_back(colour);
      }
    }
  }
  return colours;
}

void save(const QImage& grabbed, const QString& path) {
  const QImage image = grabbed.convertToFormat(QImage::Format_RGB32);
  const QImage small = image.convertToFormat(QImage::Format_Indexed8, coloursOf(image), Qt::ThresholdDither);
  QImageWriter writer(path, "png");
  writer.setCompression(100);
  std::printf("%s %s\n", writer.write(small) ? "wrote" : "could not write", qPrintable(path));
}

/// A window on the demo workspace and what is photographed of it.
class Guide {
 public:
  Guide(std::unique_ptr<app::Desk> desk, QString folder) : window_(std::move(desk)), folder_(std::move(folder)) {
    window_.setAttribute(Qt::WA_DeleteOnClose, false);
    window_.resize(1360, 900);
    window_.show();
    QTest::qWait(500);
    if (auto* tour = window_.findChild<QAbstractButton*>("guide.close")) {
      tour->click();
    }
  }
  app::InspectPage& inspect() { return static_cast<app::InspectPage&>(*window_.page(PageId::Inspect)); }
  app::SupportPage& support() { return static_cast<app::SupportPage&>(*window_.page(PageId::Support)); }
  app::Page* page(PageId id) { return window_.page(id); }
  app::Desk& desk() { return window_.desk(); }
  void showPage(PageId page) { window_.showPage(page); }
  static void theme(widgets::ThemeChoice choice) { widgets::applyTheme(*qApp, choice); }

  /// Nothing is on its way any more.
  void settle() {
    app::Desk& desk = window_.desk();
    for (int quiet = 0; quiet < 5;) {
      QTest::qWait(100);
      const bool idle = desk.interactive().pending() + desk.io().pending() + desk.storing().pending() == 0;
      quiet = idle && desk.tasks().isIdle() ? quiet + 1 : 0;
    }
  }
  void whole(const char* name) {
    settle();
    window_.messages().hide();
    QTest::qWait(100);
    save(window_.grab().toImage(), folder_ + "/" + name + ".png");
  }
  /// The page with the doctor's sheet on that checkpoint beside it.
  void doctor(const std::filesystem::path& checkpoint, const char* name) {
    desk().examine(checkpoint);
    waitFor([&] { return window_.doctor().report() != nullptr; });
    whole(name);
    window_.doctor().hide();
  }
  /// One panel of a page, in front, in a window of its own size; `prepare` chooses what it shows.
  void panel(app::Page& page, const char* id, const char* name, QSize size, const std::function<void()>& prepare = {}) {
    if (page.docks()->dock(id) == nullptr) {
      std::printf("there is no panel %s\n", id);
      return;
    }
    page.docks()->showPanel(id);
    QDockWidget* dock = page.docks()->dock(id);
    dock->setFloating(true);
    dock->resize(size);
    settle();
    if (prepare) {
      prepare();
      settle();
    }
    save(dock->widget()->grab().toImage(), folder_ + "/" + name + ".png");
    dock->setFloating(false);
    page.docks()->reset();
  }

 private:
  app::MainWindow window_;
  QString folder_;
};

void inspectPictures(Guide& guide) {
  app::InspectPage& page = guide.inspect();
  guide.showPage(PageId::Inspect);
  std::vector<data::PictureRef> pictures;
  for (const char* key : {"1F98A", "1F697", "1F34E", "1F431", "1F333", "1F3E0"}) {
    pictures.push_back(data::PictureRef::sample("emoji", key));
  }
  const QStringList captions{"a fox", "a red apple", "a car on the road", "a tree", "a cat's face", "a house"};
  page.setPictures(pictures);
  page.setCaptions(captions);
  waitFor([&] {
    return page.reading() && page.reading()->question.pictures.size() == pictures.size() &&
           page.reading()->question.captions.size() == std::size_t(captions.size());
  });
  Guide::theme(widgets::ThemeChoice::Light);
  guide.whole("guide-inspect");
  guide.panel(page, "weights", "guide-weights", {900, 560});
  guide.panel(page, "map", "guide-map", {900, 420});
  for (const app::CheckpointShelf::Entry& one : guide.desk().checkpoints().entries()) {
    if (one.label == "SigLIxP") {
      page.findChild<app::CheckpointBox*>("inspect.checkpoint")->setFolder(one.folder);
      waitFor([&] { return page.reading() && page.reading()->facts.folder == one.folder; });
    }
  }
  guide.panel(page, "context", "guide-context", {900, 560});
}

/// The cell with most of what was taken for another class.
void chooseMistake(app::SupportPage& page) {
  auto* table = page.findChild<app::ConfusionTable*>("support.confusion");
  const auto* model = static_cast<const app::ConfusionModel*>(table->model());
  QModelIndex most;
  for (int row = 0; row < model->rowCount(); ++row) {
    for (int column = 0; column < model->columnCount(); ++column) {
      if (row != column && (!most.isValid() || model->count(row, column) > model->count(most.row(), most.column()))) {
        most = model->index(row, column);
      }
    }
  }
  table->setCurrentIndex(most);
}

void supportPictures(Guide& guide) {
  app::SupportPage& page = guide.support();
  guide.showPage(PageId::Support);
  page.findChild<QPushButton*>("support.example")->click();
  waitFor([&] { return page.scores().isCurrent() && page.scores().scores() != nullptr; });
  Guide::theme(widgets::ThemeChoice::Dark);
  guide.whole("guide-support");
  Guide::theme(widgets::ThemeChoice::Light);
  guide.panel(page, "accuracy", "guide-accuracy", {420, 420});
  guide.panel(page, "suggestions", "guide-suggestions", {820, 380});
  guide.panel(page, "confusion", "guide-confusion", {820, 420}, [&] { chooseMistake(page); });
  guide.panel(page, "shots", "guide-shots", {700, 420});
  guide.panel(page, "settings", "guide-settings", {820, 420});
  guide.panel(page, "surface", "guide-surface", {820, 480});
  guide.panel(page, "movedBy", "guide-moved", {820, 340},
              [&] { page.findChild<app::MovedByPanel*>()->explain(data::PictureRef::sample("emoji", "1F34E")); });
}

/// A real run of a minute at most, with the program that was built beside this one.
void trainPictures(Guide& guide) {
  qputenv("LIXP", (QCoreApplication::applicationDirPath() + "/../bin/lixp").toUtf8());
  guide.showPage(PageId::Train);
  guide.desk().tasks().startTraining({"siglixp", "--data", "emoji", "--steps", "120", "--batch", "48", "--keep-every", "40",
                                      "--scalar-multiplier", "60", "--threads", "1"});
  waitFor([&] {
    const auto& runs = guide.desk().runs().runs();
    return !runs.empty() && runs.front().status == store::RunStatus::Done;
  });
  Guide::theme(widgets::ThemeChoice::Light);
  guide.whole("guide-train");
}

/// Few-shot results of the demo's checkpoints, measured by the program that was built beside this one.
void curvesPictures(Guide& guide) {
  QStringList arguments{"eval", "few-shot"}, labels;
  for (const app::CheckpointShelf::Entry& one : guide.desk().checkpoints().entries()) {
    if (one.label == "SigLIP" || one.label == "SigLIxP") {
      arguments << QString::fromStdString(one.folder.string());
      labels << "--label" << QString::fromStdString(one.label);
    }
  }
  arguments << "--data" << "emoji" << "--shots" << "1,2,4,8,16" << "--draws" << "3" << "--adapters" << "prototype,tip-adapter-x";
  bool measured = false;
  guide.desk().tasks().runLixp("Measuring", arguments + labels, [&measured](bool) { measured = true; });
  waitFor([&measured] { return measured; });
  guide.showPage(PageId::Curves);
  Guide::theme(widgets::ThemeChoice::Light);
  guide.whole("guide-curves");
}

void comparePictures(Guide& guide) {
  app::Page& page = *guide.page(PageId::Compare);
  guide.showPage(PageId::Compare);
  guide.settle();
  const auto choose = [&](const char* box, const char* label) {
    for (const app::CheckpointShelf::Entry& one : guide.desk().checkpoints().entries()) {
      if (one.label == label) {
        page.findChild<app::CheckpointBox*>(box)->setFolder(one.folder);
      }
    }
  };
  choose("compare.a", "SigLIP");
  choose("compare.b", "SigLIxP");
  auto* start = page.findChild<QAbstractButton*>("compare.start");
  waitFor([start] { return start->isEnabled(); });
  start->click();
  guide.settle();
  Guide::theme(widgets::ThemeChoice::Dark);
  guide.whole("guide-compare");
  Guide::theme(widgets::ThemeChoice::Light);
  guide.panel(page, "flips", "guide-flips", {760, 420});
  guide.panel(page, "similarity", "guide-similarity", {760, 560});
}

void dataPictures(Guide& guide) {
  app::Page& page = *guide.page(PageId::Data);
  guide.showPage(PageId::Data);
  Guide::theme(widgets::ThemeChoice::Light);
  guide.whole("guide-data");
  const auto press = [&](const char* name) { page.findChild<QAbstractButton*>(name)->click(); };
  guide.panel(page, "map", "guide-data-map", {760, 560}, [&] { press("data.mapMake"); });
  guide.panel(page, "captions", "guide-data-captions", {700, 620}, [&] { press("data.captionsCount"); });
}

void doctorPicture(Guide& guide) {
  guide.showPage(PageId::Inspect);
  Guide::theme(widgets::ThemeChoice::Light);
  const auto entries = guide.desk().checkpoints().entries();
  const auto siglip = std::ranges::find_if(
      entries, [](const auto& entry) { return entry.folder.filename() == "siglip-tiny-emoji"; });
  guide.doctor((siglip == entries.end() ? entries.front() : *siglip).folder, "guide-doctor");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "guide_pictures FOLDER\n");
    return 2;
  }
  qputenv("OMP_WAIT_POLICY", "passive");
  const QTemporaryDir scratch;
  qputenv("LIX_DEMO_WORKSPACE", (scratch.path() + "/demo").toUtf8());
  qputenv("LIX_SETTINGS", (scratch.path() + "/settings.ini").toUtf8());
  qputenv("LIXP", "/bin/true");  // no curves are measured meanwhile
  QApplication application(argc, argv);
  const auto demo = app::makeDemoWorkspace();
  auto desk = demo ? app::Desk::open(*demo, store::OpenMode::ReadWrite) : std::unexpected(demo.error());
  if (!desk) {
    std::fprintf(stderr, "%s\n", desk.error().message.c_str());
    return 1;
  }
  Guide guide(std::move(*desk), argv[1]);
  inspectPictures(guide);
  supportPictures(guide);
  trainPictures(guide);
  curvesPictures(guide);
  comparePictures(guide);
  dataPictures(guide);
  doctorPicture(guide);
  return 0;
}
