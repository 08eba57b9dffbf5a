#pragma once
#include <gtest/gtest.h>

#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QStackedWidget>
#include <QTest>
#include <filesystem>

#include "base/text.h"
#include "desk/dataset_shelf.h"
#include "desk/tasks.h"
#include "frame/choices.h"
#include "imaging/write.h"
#include "pages/compare/compare_page.h"
#include "shown_page.h"
#include "window_support.h"

namespace lix::app::testing_support {

inline constexpr int kLong = 120000;

/// 24 pictures of two colours in class folders, a third of them in the test split.
inline std::filesystem::path colourFolder(const std::filesystem::path& parent) {
  for (const auto& [name, red] : {std::pair("red", 200), {"dark", 20}}) {
    for (int i = 0; i < 12; ++i) {
      const std::filesystem::path split = parent / "colours" / (i < 8 ? "train" : "test") / name;
      std::filesystem::create_directories(split);
      imaging::Image image{.width = 32, .height = 32, .pixels = std::vector<std::uint8_t>(32 * 32 * 3, 60)};
      for (std::size_t p = 0; p < image.pixels.size(); p += 3) {
        image.pixels[p] = std::uint8_t(red + i + int(p / 96) % 3);
      }
      EXPECT_TRUE(imaging::writePng(split / cat(i, ".png"), image));
    }
  }
  return parent / "colours";
}

/// The page on its desk, as a person sees it.
struct ShownCompare : testing_support::ShownPage<ComparePage> {
  using ShownPage::ShownPage;
  QPushButton* card(Verdict verdict) {
    return find<QPushButton>(qPrintable(QString("compare.card.%1").arg(int(verdict))));
  }
  bool hasResult() { return find<QStackedWidget>("compare.stack")->currentIndex() == 1; }
  void addFolder(const std::filesystem::path& folder) {
    test_.desk().datasets().add(folder);
    const QString name = QString::fromStdString(folder.filename().string());
    EXPECT_TRUE(waitFor([&] { return find<DatasetBox>("compare.dataset")->findText(name) >= 0; }));
    find<DatasetBox>("compare.dataset")->setName(name.toStdString());
    find<QSpinBox>("compare.shots")->setValue(2);
    settle();
  }
  bool compareNow() {
    QTest::mouseClick(find<QPushButton>("compare.start"), Qt::LeftButton);
    return waitFor([&] { return hasResult() && test_.desk().tasks().isIdle(); }, kLong);
  }
};

}  // namespace lix::app::testing_support
