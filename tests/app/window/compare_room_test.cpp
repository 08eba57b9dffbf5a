// Compare: what narrows the pictures is said, and figures fit into the room that their panels have.
#include <QComboBox>
#include <QLineEdit>
#include <QScrollBar>

#include "compare_page_support.h"
#include "figure_view/figure_view.h"
#include "figures/heat_figure.h"
#include "figures/plot_figure.h"
#include "image_grid/image_grid.h"
#include "pages/compare/comparison_text.h"
#include "pages/compare/context_pair_panel.h"
#include "pages/compare/fit_area.h"

namespace lix::app {
namespace {
using testing_support::colourFolder;
using testing_support::TestDesk;
using testing_support::waitFor;
using Shown = testing_support::ShownCompare;

TEST(CompareNarrowing, WhatTheBoxesLeaveOutIsSaidAndTakenOff) {
  TestDesk test;
  Shown shown(test);
  shown.addFolder(colourFolder(test.scratch()));
  ASSERT_TRUE(shown.compareNow());
  auto* note = shown.find<QLabel>("compare.narrowed");
  EXPECT_FALSE(note->isVisible());
  auto* words = shown.find<QLineEdit>("compare.filter.words");
  words->setText("no picture has this name");
  EXPECT_TRUE(note->isVisible());
  EXPECT_EQ(note->text(), "0 of all 8: \u201cno picture has this name\u201d in the name");
  // A card says how many there are, which is not what the words leave of them.
  std::size_t most = 0;
  for (std::size_t i = 0; i < kVerdicts; ++i) {
    const QString text = shown.card(static_cast<Verdict>(i))->text();
    const std::size_t count = text.section('\n', 1).section(' ', 0, 0).toULong();
    if (count > 0) {
      most = count;
      QTest::mouseClick(shown.card(static_cast<Verdict>(i)), Qt::LeftButton);
      break;
    }
  }
  ASSERT_GT(most, 0u);
  EXPECT_TRUE(note->text().startsWith(QString("0 of the %1 of").arg(most))) << note->text().toStdString();
  auto* wider = shown.find<QPushButton>("compare.narrowed.clear");
  EXPECT_EQ(wider->text(), QString("Show these %1").arg(most));
  QTest::mouseClick(wider, Qt::LeftButton);
  EXPECT_FALSE(note->isVisible());
  EXPECT_EQ(words->text(), "");
  EXPECT_EQ(shown.find<widgets::ImageGrid>("compare.grid")->model()->rowCount(), int(most)) << "the card stays pressed";
}

TEST(CompareNarrowing, FiltersAreSaidInWords) {
  Comparison comparison;
  comparison.classes = {"cat", "dog"};
  EXPECT_EQ(narrowedText(comparison, {.verdict = Verdict::OnlyA}), "") << "the card says that";
  EXPECT_EQ(narrowedText(comparison, {.label = 0, .saidA = 1, .saidB = 0, .text = "tail"}),
            "true class cat, A said dog, B said cat, \u201ctail\u201d in the name");
  EXPECT_EQ(signedNumber(-0.1187, 3), "\u22120.119");
  EXPECT_EQ(signedNumber(0.5, 2), "0.50");
  EXPECT_EQ(shownName(comparison, {.key = "red/7.png", .name = "cat", .label = 0}), "7.png") << "its class stands beside";
  EXPECT_EQ(shownName(comparison, {.key = "red/7.png", .name = "red/7.png", .label = 0}), "7.png");
  EXPECT_EQ(shownName(comparison, {.key = "1F600", .name = "biohazard", .label = 0}), "biohazard");
}

figures::HeatData threeMatrices() {
  figures::HeatData data{.headings = {.title = "Confusions", .subtitle = "", .notes = ""},
                         .rowLabel = "True class",
                         .columnLabel = "Said class",
                         .valueLabel = "%",
                         .panels = {},
                         .range = {},
                         .sharedRows = true};
  const std::vector<std::string> names{"Smileys & Emotion", "People & Body", "Animals & Nature", "Food & Drink",
                                       "Travel & Places",   "Activities",    "Objects",          "Symbols"};
  for (const char* title : {"A", "B", "B less A"}) {
    data.panels.push_back({.title = title, .rows = names, .columns = names, .values = std::vector<double>(64, 12.0)});
  }
  return data;
}

/// An area of that size, shown.
struct Area {
  Area(int width, int height) : view(new widgets::FigureView), area(view) {
    area.resize(width, height);
    area.show();
    QTest::qWait(0);
  }
  widgets::FigureView* view;
  FitArea area;
};

TEST(FitArea, ThreeMatricesAreSeenWithoutScrolling) {
  Area shown(900, 330);
  const auto figure = std::make_shared<const figures::HeatFigure>(threeMatrices());
  ASSERT_GT(figure->heightFor(900), 330) << "else nothing is tried";
  shown.area.setMake([&](QSizeF room) { return stretched(figure, room, figure->leastHeightFor(room.width())); });
  ASSERT_TRUE(waitFor([&] { return shown.view->height() == 330; })) << shown.view->height();
  EXPECT_EQ(shown.area.verticalScrollBar()->maximum(), 0);
  const auto places = figure->places(shown.view->figureRect());
  ASSERT_EQ(places.grids.size(), 3u);
  for (const QRectF& grid : places.grids) {
    EXPECT_EQ(grid.top(), places.grids[0].top()) << "beside each other";
    EXPECT_TRUE(shown.view->figureRect().contains(grid));
    EXPECT_GE(grid.height(), 8 * 13.0) << "rows that can be read";
  }
  // Saved and copied it is as it is anywhere else.
  EXPECT_EQ(shown.view->figure()->heightFor(820), figure->heightFor(820));
  // Where it cannot be that small it is scrolled.
  shown.area.resize(900, 150);
  ASSERT_TRUE(waitFor([&] { return shown.area.verticalScrollBar()->maximum() > 0; }));
  EXPECT_GE(shown.view->height(), int(figure->leastHeightFor(860)) - 1);
}

TEST(FitArea, PlotsTakeAllOfTheRoom) {
  Area shown(600, 260);
  figures::PlotData data{.headings = {.title = "Cosines", .subtitle = "", .notes = ""}, .xLabel = "x", .yLabel = "y",
                         .panels = {{.title = "A", .series = {}}, {.title = "B", .series = {}}}};
  const auto figure = std::make_shared<const figures::PlotFigure>(data);
  shown.area.setMake([&](QSizeF room) { return stretched(figure, room, 200); });
  EXPECT_TRUE(waitFor([&] { return shown.view->height() == 260; }));
  shown.area.resize(600, 420);
  EXPECT_TRUE(waitFor([&] { return shown.view->height() == 420; }));
  shown.area.setMake({});
  EXPECT_EQ(shown.view->figure(), nullptr);
}

TEST(FitArea, TheContextShowsAsManyAsFit) {
  const char* subtitle = "siglip-continued-tiny-emoji; 64 pictures of the support; tau_ctx 0.0168 (given)";
  figures::ContextData one{.headings = {.title = "A", .subtitle = subtitle, .notes = ""}, .query = {}, .queryLabel = "q", .items = {}};
  for (int i = 0; i < 30; ++i) {
    one.items.push_back({.picture = {}, .label = "class", .weight = 1.0 / (i + 2), .contribution = 0.1});
  }
  const auto shownIn = [&](QSizeF room) { return fittedContext({one, one}, room); };
  EXPECT_LE(shownIn({890, 318})->heightFor(890), 318) << "what a window of 1600 x 1000 leaves";
  EXPECT_LE(shownIn({900, 340})->heightFor(900), 340);
  EXPECT_LE(shownIn({900, 520})->heightFor(900), 520);
  EXPECT_GT(shownIn({900, 60})->heightFor(900), 60) << "not even one: all, to be scrolled";
  EXPECT_EQ(shownIn({900, 340})->heightFor(1100), shownIn({900, 520})->heightFor(1100)) << "saved it has all cards";
}

}  // namespace
}  // namespace lix::app
