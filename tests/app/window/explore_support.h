#pragma once
#include <QLabel>
#include <QPushButton>
#include <QTest>
#include <QVBoxLayout>
#include <fstream>
#include <optional>

#include "base/text.h"
#include "chrome/action_table.h"
#include "desk/checkpoint_shelf.h"
#include "desk/dataset_shelf.h"
#include "docks/dock_area.h"
#include "frame/choices.h"
#include "frame/picture_model.h"
#include "imaging/write.h"
#include "pages/data/data_page.h"
#include "pages/data/explore_source.h"
#include "store/dataset_store.h"
#include "window_support.h"

namespace lix::app::testing_support {

/// A square with a coloured middle; `shade` moves it a little.
inline imaging::Image colourSquare(int red, int green, int blue, int shade) {
  imaging::Image image{.width = 48, .height = 48, .pixels = std::vector<std::uint8_t>(48 * 48 * 3, 235)};
  for (int y = 10; y < 38; ++y) {
    for (int x = 10; x < 38; ++x) {
      std::uint8_t* pixel = image.pixels.data() + (y * 48 + x) * 3;
      pixel[0] = std::uint8_t(std::clamp(red + shade, 0, 255));
      pixel[1] = std::uint8_t(std::clamp(green + shade, 0, 255));
      pixel[2] = std::uint8_t(std::clamp(blue + shade, 0, 255));
    }
  }
  return image;
}

/// The Data page with the shipped checkpoints and a table "squares" of 30 coloured pictures: ten each of red, green and
/// blue with captions; 3 is equal to 2 and stands in another split, 7 (red) is labelled blue, 29 has no caption.
struct ShownSquares {
  ShownSquares() {
    test.emplace();
    std::ofstream table(test->scratch() / "squares.csv");
    table << "image,caption,label,split\n";
    const char* names[] = {"red", "green", "blue"};
    for (int i = 0; i < 30; ++i) {
      const int hue = i / 10;
      const int shade = i == 3 ? 4 : 2 * (i % 10);
      const auto name = cat("square", i, ".png");
      EXPECT_TRUE(imaging::writePng(test->scratch() / name, colourSquare(hue == 0 ? 200 : 30, hue == 1 ? 200 : 30, hue == 2 ? 200 : 30, shade)));
      table << name << ',' << (i == 29 ? std::string() : i % 10 < 2 ? cat("a ", names[hue], " square") : cat("one ", names[hue], " box number ", i))
            << ',' << (i == 7 ? "blue" : names[hue]) << ',' << (i == 3 ? "test" : "train") << '\n';
    }
    table.close();
    const auto workspace = test->workspace();
    const auto added = store::DatasetStore(workspace).add({.name = "squares", .kind = "table", .path = test->scratch() / "squares.csv"});
    EXPECT_TRUE(added);
    test->desk().datasets().refresh();
    test->settle();
    window = std::make_unique<QWidget>();
    auto* layout = new QVBoxLayout(window.get());
    layout->setContentsMargins(0, 0, 0, 0);
    page = static_cast<DataPage*>(makeDataPage(test->desk()));
    layout->addWidget(page);
    table_ = new widgets::ActionTable(window.get());
    page->addActions(*table_);
    table_->setScope("data");
    window->resize(1280, 760);
    window->show();
    window->activateWindow();
    EXPECT_TRUE(waitFor([&] { return page->collection() && page->collection()->samples().size() == 30; }));
    source()->setCheckpoint(test->model("siglip-tiny-emoji"));
  }
  ~ShownSquares() { window.reset(); }

  ExploreSource* source() { return page->findChild<ExploreSource*>(); }
  template <class T>
  T* child(const char* name) {
    T* found = page->findChild<T*>(name);
    EXPECT_NE(found, nullptr) << name;
    return found;
  }
  void click(const char* name) { QTest::mouseClick(child<QPushButton>(name), Qt::LeftButton); }
  void open(const char* panel) {
    page->docks()->showPanel(panel);
    QCoreApplication::processEvents();
  }
  /// The samples in the grid, in its order.
  std::vector<std::uint32_t> shown() {
    auto* model = static_cast<PictureModel*>(page->grid()->model());
    std::vector<std::uint32_t> samples;
    for (int row = 0; row < model->rowCount(); ++row) {
      samples.push_back(std::uint32_t(page->collection()->set->byKey.at(model->picture(model->index(row, 0)).key)));
    }
    return samples;
  }
  bool shows(std::size_t count) {
    const bool came = waitFor([&] { return shown().size() == count; });
    EXPECT_TRUE(came) << shown().size() << " " << source()->status().toStdString() << " " << test->said().join("|").toStdString();
    return came;
  }
  QString tip(int row) { return page->grid()->model()->index(row, 0).data(Qt::ToolTipRole).toString(); }
  void select(const std::vector<std::uint32_t>& samples) {
    auto* model = page->grid()->model();
    const auto rows = shown();
    page->grid()->selectionModel()->clear();
    for (const std::uint32_t sample : samples) {
      const auto row = int(std::ranges::find(rows, sample) - rows.begin());
      page->grid()->selectionModel()->select(model->index(row, 0), QItemSelectionModel::Select);
    }
  }

  std::optional<TestDesk> test;
  std::unique_ptr<QWidget> window;
  widgets::ActionTable* table_ = nullptr;
  DataPage* page = nullptr;
};

}  // namespace lix::app::testing_support
