#pragma once
#include <QLabel>
#include <QListWidget>
#include <QTest>
#include <QVBoxLayout>
#include <array>
#include <optional>

#include "base/text.h"
#include "chrome/action_table.h"
#include "imaging/write.h"
#include "pages/data/data_page.h"
#include "store/dataset_store.h"
#include "window_support.h"

namespace lix::app::testing_support {

inline void writePicture(const std::filesystem::path& path, int hue, int number) {
  std::filesystem::create_directories(path.parent_path());
  imaging::Image image{.width = 24, .height = 16, .pixels = std::vector<std::uint8_t>(24 * 16 * 3, 30)};
  for (std::size_t i = 0; i < image.pixels.size(); i += 3) {
    image.pixels[i + std::size_t(hue % 3)] = std::uint8_t(60 + (number * 37 + int(i) * (number + 1)) % 190);
  }
  ASSERT_TRUE(imaging::writePng(path, image));
}

/// Three classes in the splits train, val and test; `each` pictures of each class in each split.
inline void writeClasses(const std::filesystem::path& folder, int each) {
  int number = 0;
  for (const char* split : {"train", "val", "test"}) {
    for (int hue = 0; hue < 3; ++hue) {
      for (int i = 0; i < each; ++i) {
        writePicture(folder / split / std::array{"red_fox", "green_frog", "blue_whale"}[std::size_t(hue)] / cat(i, ".png"), hue, ++number);
      }
    }
  }
}

/// The page in a window with its actions, and the dataset "animals" of 3 x 3 x 4 pictures.
struct ShownData {
  ShownData() {
    test.emplace(TestDesk::Checkpoints::None);
    writeClasses(test->scratch() / "animals", 4);
    record("animals", test->scratch() / "animals");
    show();
  }
  void record(const std::string& name, const std::filesystem::path& path) {
    const auto workspace = test->workspace();
    const auto added = store::DatasetStore(workspace).add({.name = name, .kind = "folder", .path = path});
    ASSERT_TRUE(added) << added.error().message;
    test->desk().datasets().refresh();
    test->settle();
  }
  void show() {
    window = std::make_unique<QWidget>();
    auto* layout = new QVBoxLayout(window.get());
    layout->setContentsMargins(0, 0, 0, 0);
    page = static_cast<DataPage*>(makeDataPage(test->desk()));
    layout->addWidget(page);
    table = new widgets::ActionTable(window.get());
    page->addActions(*table);
    table->setScope("data");
    window->resize(1024, 640);
    window->show();
    window->activateWindow();
  }
  /// Closes the page and the desk, opens both anew.
  void reopen() {
    window.reset();
    test->reopen();
    show();
  }
  ~ShownData() { window.reset(); }

  template <class T>
  T* child(const char* name) {
    T* found = page->findChild<T*>(name);
    EXPECT_NE(found, nullptr) << name;
    return found;
  }
  QString counts() { return child<QLabel>("data.counts")->text(); }
  QStringList listed() {
    QStringList names;
    const auto* list = child<QListWidget>("data.datasets");
    for (int i = 0; i < list->count(); ++i) {
      names << list->item(i)->text();
    }
    return names;
  }
  void choose(const QString& name) {
    auto* list = child<QListWidget>("data.datasets");
    const auto items = list->findItems(name, Qt::MatchExactly);
    ASSERT_EQ(items.size(), 1) << name.toStdString();
    QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualItemRect(items[0]).center());
  }
  bool shows(const QString& text) {
    const bool came = waitFor([&] { return counts().startsWith(text); });
    EXPECT_TRUE(came) << counts().toStdString() << " | " << page->browser().name() << page->browser().isOpening() << " | " << test->said().join("|").toStdString();
    return came;
  }
  QPoint at(int row) { return page->grid()->visualRect(page->grid()->model()->index(row, 0)).center(); }
  std::vector<store::DatasetRow> rows() { return store::DatasetStore(test->workspace()).list().value_or(std::vector<store::DatasetRow>()); }

  std::optional<TestDesk> test;
  std::unique_ptr<QWidget> window;
  widgets::ActionTable* table = nullptr;  // the window's
  DataPage* page = nullptr;
};

}  // namespace lix::app::testing_support
