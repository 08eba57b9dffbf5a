#include <QScrollBar>
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/text.h"
#include "bench.h"
#include "desk/dataset_shelf.h"
#include "desk/desk.h"
#include "pages/inspect/inspect_page.h"
#include "pages/inspect/map_overlay.h"
#include "pages/inspect/matrix_panel.h"
#include "pages/inspect/score_matrix.h"
#include "pages/support/label_sorting.h"
#include "pages/support/support_page.h"

namespace lix::bench {

void newCaptions(app::InspectPage& page) {
  std::vector<double> ms;
  for (int i = 0; i < kRepeats; ++i) {
    ms.push_back(answerMs(&page, &app::InspectPage::readingShown, [&] {
      page.setCaptions({"a fox", "an animal face", QString("something number %1").arg(i)});
    }));
  }
  print("new caption to new heatmap", 50, ms);
}

void movedPictures(app::Desk& desk, app::SupportPage& page, const std::filesystem::path& folder) {
  bool added = false;
  app::DatasetShelf& datasets = desk.datasets();
  const auto connection = QObject::connect(&datasets, &app::DatasetShelf::added, [&] { added = true; });
  datasets.add(classFolders(folder));
  (void)QTest::qWaitFor([&] { return added; }, kPatience);
  QObject::disconnect(connection);
  const std::string name = folder.filename().string();
  auto made = app::exampleDocument(datasets, name, kClasses, kShots);
  if (!made) {
    std::printf("moved picture: %s\n", made.error().message.c_str());
    return;
  }
  answerMs(&page, &app::SupportPage::scored, [&] { page.book().create("bench", std::move(*made)); });
  const auto embedded = [&] { return page.scores().isCurrent() && page.scores().scores() != nullptr; };
  (void)QTest::qWaitFor(embedded, 10 * kPatience);
  std::printf("%-58s %zu queries, %zu classes\n", "support set of the moves", page.scores().plan().pictures.size(),
              page.book().document().set.classes.size());
  std::vector<double> ms;
  for (int i = 0; i < kRepeats; ++i) {
    const auto classes = page.book().document().set.classes;  // every edit makes a new value
    const int from = (7 * i) % kClasses, to = (7 * i + 3) % kClasses;
    const auto& pictures = classes[std::size_t(from)].pictures;
    if (!pictures.empty()) {
      ms.push_back(
          answerMs(&page, &app::SupportPage::scored, [&] { page.assign({pictures.front()}, to); }));
    }
  }
  print("moved picture to new accuracy, 2,000 queries, 100 classes", 100, ms);
}

namespace {

std::shared_ptr<const app::ReadAnswer> tableOf(std::size_t pictures, std::size_t captions) {
  auto answer = std::make_shared<app::ReadAnswer>();
  for (std::size_t i = 0; i < pictures; ++i) {
    answer->question.pictures.push_back({.ref = {}, .name = cat("picture ", i), .label = cat("picture ", i), .image = {}});
  }
  for (std::size_t i = 0; i < captions; ++i) {
    answer->question.captions.push_back(cat("a photo of something number ", i));
  }
  study::ScoreTable& scores = answer->reading.scores;
  scores.pictures = pictures;
  scores.captions = captions;
  scores.rule.sigmoid = true;
  for (std::size_t i = 0; i < pictures * captions; ++i) {
    scores.cosines.push_back(float(0.6 * std::sin(double(i) * 12.9898)));
    scores.logits.push_back(10.0F * scores.cosines.back());
    scores.probabilities.push_back(1.0F / (1.0F + std::exp(-scores.logits.back())));
  }
  answer->cut.resize(captions);
  return answer;
}

}  // namespace

void matrix() {
  app::MatrixPanel panel;
  panel.resize(1400, 860);
  panel.show();
  panel.showReading(tableOf(50, 200));
  QTest::qWait(200);
  QWidget* cells = panel.matrix().viewport();
  std::vector<double> repaints, scrolls;
  for (int i = 0; i < kRepeats; ++i) {
    QElapsedTimer timer;
    timer.start();
    cells->repaint();
    repaints.push_back(since(timer));
  }
  for (int i = 0; i < kRepeats; ++i) {
    QElapsedTimer timer;
    timer.start();
    panel.matrix().horizontalScrollBar()->setValue(400 * (i + 1));
    panel.matrix().verticalScrollBar()->setValue(40 * (i + 1));
    panel.repaint();
    scrolls.push_back(since(timer));
  }
  print("matrix of 50 x 200 redrawn (1400 x 860)", 16, repaints);
  print("the same scrolled, with its headers", 16, scrolls);
}

void overlay() {
  constexpr int kSide = 1024, kPatches = 14;
  app::MapOverlay view;
  QImage picture(kSide, kSide, QImage::Format_RGB32);
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      picture.setPixel(x, y, qRgb(x / 4, y / 4, (x * y) >> 12 & 255));
    }
  }
  figures::CaptionMap map{.caption = "a caption", .rows = kPatches, .columns = kPatches, .values = {}};
  for (int i = 0; i < kPatches * kPatches; ++i) {
    map.values.push_back(float(1.0 + std::sin(i * 0.7)));
  }
  view.setPicture(picture);
  view.setMap(map, 0.0, 2.0);
  view.resize(kSide + 60, kSide + 60);
  view.show();
  QTest::qWait(100);
  std::vector<double> opacities, maps;
  for (int i = 0; i < kRepeats; ++i) {
    QElapsedTimer timer;
    timer.start();
    view.setOpacity(30 + i);
    (void)view.composed();
    opacities.push_back(since(timer));
    std::ranges::rotate(map.values, map.values.begin() + 1);
    timer.restart();
    view.setMap(map, 0.0, 2.0);
    (void)view.composed();
    maps.push_back(since(timer));
  }
  const QSizeF size = view.pictureRect().size();
  std::printf("%-58s %.0f x %.0f\n", "overlay", size.width(), size.height());
  print("overlay with another opacity", 4, opacities);
  print("overlay of another caption", 4, maps);
}

}  // namespace lix::bench
