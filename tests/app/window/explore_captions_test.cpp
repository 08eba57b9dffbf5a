// Statistics of captions on the Data page.
#include <QComboBox>
#include <QTreeWidget>
#include <QTreeWidgetItemIterator>

#include "explore_support.h"
#include "figure_view/figure_view.h"
#include "pages/data/explore_captions.h"

namespace lix::app {
namespace {

using testing_support::grabPage;
using testing_support::ShownSquares;
using testing_support::waitFor;

struct ShownCaptions : ShownSquares {
  ShownCaptions() {
    open("captions");
    panel = page->findChild<ExploreCaptions*>();
    click("data.captionsCount");
    EXPECT_TRUE(waitFor([&] { return panel->report() != nullptr; })) << source()->status().toStdString();
  }
  QTreeWidgetItem* row(const QString& text) {
    for (QTreeWidgetItemIterator it(panel->list()); *it != nullptr; ++it) {
      if ((*it)->text(0) == text) {
        return *it;
      }
    }
    ADD_FAILURE() << text.toStdString();
    return nullptr;
  }
  void choose(const QString& text) {
    if (auto* item = row(text)) {
      panel->list()->scrollToItem(item);
      QTest::mouseClick(panel->list()->viewport(), Qt::LeftButton, {}, panel->list()->visualItemRect(item).center());
    }
  }
  ExploreCaptions* panel;
};

TEST(ExploreCaptions, NumbersAndListsAreThoseOfTheTable) {
  ShownCaptions shown;
  const auto report = shown.panel->report();
  EXPECT_EQ(report->words.captions, 29u);
  EXPECT_EQ(report->words.samples, 30u);
  // 6 captions of 3 words, 23 of 5.
  EXPECT_EQ(report->words.words, 6u * 3 + 23u * 5);
  EXPECT_TRUE(shown.child<QLabel>("data.captionsNumbers")->text().startsWith("29 captions of 30 pictures; 1 picture has none."));
  ASSERT_FALSE(report->tokens.empty());
  std::size_t counted = 0;
  for (const std::size_t count : report->tokens) {
    counted += count;
  }
  EXPECT_EQ(counted, 29u);
  EXPECT_EQ(report->cutCaptions, 0u);

  shown.choose("Pictures without a caption");
  ASSERT_TRUE(shown.shows(1));
  EXPECT_EQ(shown.shown(), (std::vector<std::uint32_t>{29}));
  shown.choose("a green square");
  ASSERT_TRUE(shown.shows(2));
  EXPECT_EQ(shown.shown(), (std::vector<std::uint32_t>{10, 11}));
  auto* words = shown.row("Frequent words");
  ASSERT_NE(words, nullptr);
  words->setExpanded(true);
  shown.choose("blue");
  ASSERT_TRUE(shown.shows(9)) << "ten, and one has no caption";
}

TEST(ExploreCaptions, TheHistogramCountsWordsOrTokens) {
  ShownCaptions shown;
  auto* figure = shown.child<widgets::FigureView>("data.captionsFigure");
  ASSERT_NE(figure->figure(), nullptr);
  EXPECT_EQ(figure->figure()->table(), "number,value,flagged\n0,0,0\n1,0,0\n2,0,0\n3,6,0\n4,0,0\n5,23,0\n");
  shown.child<QComboBox>("data.captionsUnit")->setCurrentIndex(1);
  EXPECT_NE(figure->figure()->table().find("number"), std::string::npos);
  EXPECT_EQ(figure->figure()->table().find("\n3,6,0"), std::string::npos) << "tokens, with their end marks";
  grabPage(*shown.window, "explore-captions");
}

TEST(ExploreCaptions, AnotherDatasetEmptiesIt) {
  ShownCaptions shown;
  shown.page->openDataset("emoji");
  ASSERT_TRUE(waitFor([&] { return shown.panel->report() == nullptr; }));
  EXPECT_EQ(shown.panel->list()->topLevelItemCount(), 0);
  EXPECT_TRUE(waitFor([&] { return shown.child<QLabel>("data.captionsLine")->text().contains("Count"); }))
      << shown.child<QLabel>("data.captionsLine")->text().toStdString();
}

}  // namespace
}  // namespace lix::app
