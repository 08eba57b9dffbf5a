#pragma once
#include <QTableWidget>
#include <QTest>
#include <algorithm>
#include <fstream>
#include <memory>

#include "desk/dataset_shelf.h"
#include "docks/dock_area.h"
#include "frame/choices.h"
#include "frame/picture_model.h"
#include "image_grid/image_grid.h"
#include "imaging/write.h"
#include "pages/support/label_sorting.h"
#include "pages/support/support_board.h"
#include "pages/support/support_page.h"
#include "window_support.h"

namespace lix::app::testing_support {
namespace fs = std::filesystem;
using data::PictureRef;

inline constexpr const char* kModel = "siglip-tiny-emoji";

inline fs::path colourPicture(const fs::path& path, std::uint8_t red, std::uint8_t blue) {
  fs::create_directories(path.parent_path());
  imaging::Image image{.width = 32, .height = 32, .pixels = std::vector<std::uint8_t>(32 * 32 * 3, 60)};
  for (std::size_t i = 0; i < image.pixels.size(); i += 3) {
    image.pixels[i] = red;
    image.pixels[i + 2] = static_cast<std::uint8_t>(blue + i % 5);
  }
  EXPECT_TRUE(imaging::writePng(path, image));
  return path;
}

inline void writeText(const fs::path& path, const char* text) { std::ofstream(path) << text; }

/// 4 classes of 4 emoji each.
inline SupportDocument emojiDocument(Desk& desk) {
  auto document = exampleDocument(desk.datasets(), "emoji", 4, 4);
  EXPECT_TRUE(document) << test::messageOf(document);
  return document.value_or(SupportDocument());
}

/// A page on a desk of its own with a set that is open in it.
class SupportPageTest : public testing::Test {
 protected:
  void SetUp() override { begin(store::OpenMode::ReadWrite); }

  void begin(store::OpenMode mode) {
    page_.reset();
    desk_ = std::make_unique<TestDesk>(TestDesk::Checkpoints::Shipped, mode);
  }
  void show() {
    page_ = std::make_unique<SupportPage>(desk_->desk());
    page_->resize(1280, 800);
    page_->show();
    page_->shown();
    find<CheckpointBox>("support.checkpoint")->setFolder(desk_->model(kModel));
  }
  void showWith(const SupportDocument& document, const std::string& name = "mine") {
    const auto workspace = desk_->workspace();
    LIX_ASSERT_OK(store::SupportStore(workspace).saveDraft(name, toRows(document)));
    show();
    ASSERT_TRUE(waitFor([&] { return page_->book().isOpen(); }));
  }
  void waitForScores() {
    ASSERT_TRUE(waitFor([&] { return page_->scores().isCurrent(); })) << page_->scores().status().toStdString();
  }
  /// Those of adapters that take long, too.
  void waitForAll() {
    ASSERT_TRUE(waitFor([&] {
      const auto scores = page_->scores().scores();
      return page_->scores().isCurrent() && std::ranges::none_of(scores->adapters, &study::AdapterScore::waiting);
    })) << page_->scores().status().toStdString();
  }
  template <class T>
  T* find(const char* name) {
    T* found = page_->findChild<T*>(name);
    EXPECT_NE(found, nullptr) << name;
    return found;
  }
  SupportBoard* board() { return find<SupportBoard>("support.board"); }
  SupportColumn* column(int index) { return board()->column(index); }
  const SupportDocument& document() { return page_->book().document(); }
  const std::vector<PictureRef>& pictures(std::size_t index) { return document().set.classes[index].pictures; }
  void select(SupportColumn* column, int row) {
    column->grid()->setFocus();
    column->grid()->setCurrentIndex(column->model()->index(row, 0));
  }
  std::vector<store::SupportClassRow> stored(const std::string& name, std::optional<long long> version = {}) {
    const auto workspace = desk_->workspace();
    return store::SupportStore(workspace).load(name, version).value_or(std::vector<store::SupportClassRow>());
  }
  QString accuracyText(const std::string& title) {
    auto* table = find<QTableWidget>("support.scores");
    for (int row = 0; row < table->rowCount(); ++row) {
      if (table->item(row, 0)->text().toStdString() == title) {
        return table->item(row, 1)->text();
      }
    }
    return {};
  }

  std::unique_ptr<TestDesk> desk_;
  std::unique_ptr<SupportPage> page_;
};

}  // namespace lix::app::testing_support
