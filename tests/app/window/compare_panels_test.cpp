// Compare: what its panels count, by hand, and what they do on the page.
#include <QComboBox>
#include <QFileDialog>
#include <QLineEdit>
#include <QRegularExpression>
#include <QTableWidget>
#include <QToolButton>
#include <QWheelEvent>
#include <cmath>

#include "base/file.h"
#include "compare_page_support.h"
#include "desk/checkpoint_shelf.h"
#include "docks/dock_area.h"
#include "figure_view/figure_view.h"
#include "frame/picture_model.h"
#include "image_grid/image_grid.h"
#include "pages/compare/comparison_text.h"
#include "pages/compare/confusion_pair_panel.h"
#include "pages/compare/context_pair_panel.h"
#include "pages/compare/flips_panel.h"
#include "pages/compare/map_pair_panel.h"
#include "pages/compare/neighbours_panel.h"
#include "pages/compare/similarity_panel.h"
#include "pages/compare/spectrum_pair_panel.h"
#include "pages/compare/weights_pair_panel.h"

namespace lix::app {
namespace {
using testing_support::colourFolder;
using testing_support::kLong;
using testing_support::TestDesk;
using testing_support::waitFor;
using Shown = testing_support::ShownCompare;

/// Six pictures of three classes whose vectors lie in the plane: by A at angles that follow the classes, by B not.
Comparison madeUp() {
  Comparison made;
  made.classes = {"red", "green", "blue"};
  const int labels[]{0, 0, 1, 1, 2, 2}, saidA[]{0, 0, 1, 0, 2, 1}, saidB[]{0, 1, 1, 1, 2, 1};
  const double anglesA[]{0, 5, 90, 95, 180, 185}, anglesB[]{0, 60, 5, 65, 10, 70};
  for (std::size_t i = 0; i < 6; ++i) {
    made.pictures.push_back({cat("key,", i), cat("picture ", i), labels[i], saidA[i], saidB[i], 0.5, -0.25});
    made.hashes.push_back(100 + i);
    made.vectors.pictures.push_back(i);
    made.context.keys.push_back(cat("key,", i));
    made.context.labels.push_back(made.classes[std::size_t(labels[i])]);
  }
  for (std::size_t model = 0; model < 2; ++model) {
    made.vectors.of[model].width = 2;
    for (const double angle : model == 0 ? anglesA : anglesB) {
      made.vectors.of[model].values.push_back(float(std::cos(angle * 3.14159265358979 / 180)));
      made.vectors.of[model].values.push_back(float(std::sin(angle * 3.14159265358979 / 180)));
    }
    made.context.sets[model] = study::ContextSet{2, made.vectors.of[model].values, made.hashes};
    made.facts[model].embedWidth = 2;
    made.facts[model].rule = {.scale = model == 0 ? 10.0 : 40.0, .bias = -10.0, .sigmoid = true};
  }
  made.cosines[0] = study::TrueCosines{{0.9F, 0.8F, 0.7F, 0.1F, 0.6F, 0.2F}, {0.1F, 0.2F, 0.3F, 0.5F, 0.2F, 0.4F}};
  return made;
}

TEST(PairPanels, ConfusionsAreSharesAndTheirDifference) {
  const PairConfusion found = pairConfusion(madeUp());
  EXPECT_EQ(found.classes, (std::vector<std::size_t>{0, 1, 2}));
  ASSERT_EQ(found.heat.panels.size(), 3u);
  EXPECT_EQ(found.heat.panels[0].values, (std::vector<double>{100, 0, 0, 50, 50, 0, 0, 50, 50}));
  EXPECT_EQ(found.heat.panels[1].values, (std::vector<double>{50, 50, 0, 0, 100, 0, 0, 50, 50}));
  EXPECT_EQ(found.heat.panels[2].values, (std::vector<double>{-50, 50, 0, -50, 50, 0, 0, 0, 0}));
  EXPECT_EQ(found.heat.range, (std::pair(-50.0, 50.0))) << "what is right may go beyond";
  const PairConfusion fewer = pairConfusion(madeUp(), 2);
  EXPECT_EQ(fewer.classes, (std::vector<std::size_t>{0, 1}));
  EXPECT_NE(fewer.heat.headings.notes.find("2 of 3"), std::string::npos);
}

TEST(PairPanels, FlipsAndAgreement) {
  const PairFlips found = pairFlips(madeUp());
  ASSERT_TRUE(found.agreement);
  EXPECT_NEAR(found.agreement->same, 4.0 / 6.0, 1e-12);
  EXPECT_EQ(found.classes[0].lost, 1u);
  EXPECT_EQ(found.classes[1].gained, 1u);
  EXPECT_EQ(found.classes[2].lost + found.classes[2].gained, 0u);
  EXPECT_TRUE(agreementText(*found.agreement).contains("66.7 %")) << agreementText(*found.agreement).toStdString();
}

TEST(PairPanels, SimilaritiesLieOnOneAxis) {
  const auto found = pairSimilarity(madeUp());
  ASSERT_TRUE(found);
  ASSERT_EQ(found->plot.panels.size(), 2u);
  EXPECT_EQ(found->plot.panels[0].series.size(), 2u);
  EXPECT_TRUE(found->plot.panels[1].series.empty()) << "B has none";
  EXPECT_NEAR(found->margin[0], (0.8 + 0.6 + 0.4 - 0.4 + 0.4 - 0.2) / 6.0, 1e-6);
  double sum = 0.0;
  for (const auto& point : found->plot.panels[0].series[0].points) {
    sum += point.y;
  }
  EXPECT_NEAR(sum, 100.0, 1e-9);
  Comparison none = madeUp();
  none.cosines = {};
  EXPECT_FALSE(pairSimilarity(none));
}

TEST(PairPanels, AttentionIsAtEqualNeighbours) {
  Comparison made = madeUp();
  const auto asked = pairAttention(made, 0, 2.0);
  ASSERT_TRUE(asked) << asked.error().message;
  EXPECT_NEAR(asked->readings[0].effectiveNeighbours, 2.0, 1e-3);
  EXPECT_NEAR(asked->readings[1].effectiveNeighbours, 2.0, 1e-3);
  EXPECT_TRUE(asked->readings[0].masked[0] && asked->readings[1].masked[0]) << "the picture itself";
  made.facts[1].tauContext = 0.5;
  const auto learned = pairAttention(made, 0, std::nullopt);
  ASSERT_TRUE(learned);
  EXPECT_EQ(learned->taus[1].value, 0.5);
  EXPECT_EQ(learned->taus[1].source, study::ContextTau::Source::Checkpoint);
  EXPECT_NEAR(learned->readings[0].effectiveNeighbours, learned->readings[1].effectiveNeighbours, 1e-3);
  EXPECT_EQ(learned->taus[0].source, study::ContextTau::Source::Given);
  made.context.sets[0].reset();
  const auto llip = pairAttention(made, 0, std::nullopt);
  ASSERT_FALSE(llip);
  EXPECT_NE(llip.error().message.find("A is a Llip"), std::string::npos);
  made.vectors.pictures = {1, 2, 3, 4, 5};
  EXPECT_FALSE(pairAttention(made, 0, std::nullopt));
}

TEST(PairPanels, SpectrumHasTemperaturesAndTheirRatios) {
  const PairSpectrum found = pairSpectrum(madeUp());
  ASSERT_EQ(found.plot.panels.at(0).series.size(), 2u);
  EXPECT_DOUBLE_EQ(found.plot.panels[0].series[0].points.at(0).y, 1.0);
  ASSERT_GE(found.table.rows.size(), 3u);
  EXPECT_EQ(found.table.rows[0].cells, (std::vector<std::string>{"10", "40", "4"}));
  for (const auto& row : found.table.rows) {
    EXPECT_EQ(row.name.find("mixture"), std::string::npos) << "neither has one";
  }
  Comparison one = madeUp();
  one.vectors.pictures.resize(1);
  for (auto& vectors : one.vectors.of) {
    vectors.values.resize(2);
  }
  EXPECT_FALSE(pairSpectrum(one).problem[0].empty());
}

TEST(PairPanels, WeightsDifferWhereTheyCan) {
  figures::WeightsData a{.headings = {}, .picture = {}, .heads = 1, .tokens = 2, .captions = {{"one", {0.25F, 0.75F}}}};
  figures::WeightsData b = a;
  b.captions[0].weights = {0.75F, 0.25F};
  const auto found = weightsDifference(a, b);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->panels.at(0).values, (std::vector<double>{0.5, -0.5}));
  b.tokens = 3;
  EXPECT_FALSE(weightsDifference(a, b));
}

TEST(PairPanels, CsvHoldsTheListInItsOrder) {
  const Comparison made = madeUp();
  const std::string csv = picturesCsv(made, std::vector<std::size_t>{3, 0});
  const auto lines = split(csv, '\n');
  ASSERT_EQ(lines.size(), 4u);  // the last one is empty
  EXPECT_EQ(lines[1], "\"key,3\",picture 3,green,red,green,only B,0.5,-0.25,0.1,0.5,,\r");
  EXPECT_EQ(lines[2].substr(0, 7), "\"key,0\"");
}

TEST(PairPanels, ZoomStaysInside) {
  EXPECT_EQ(within({0.2, {0.1, 0.9}}), (ZoomPlace{1.0, {0.5, 0.5}}));
  EXPECT_EQ(within({4.0, {0.0, 0.6}}), (ZoomPlace{4.0, {0.125, 0.6}}));
  EXPECT_EQ(within({1000.0, {0.5, 0.5}}).scale, kMostZoom);
  EXPECT_EQ(within({NAN, {NAN, 0.5}}), (ZoomPlace{1.0, {0.5, 0.5}}));
}

TEST(ComparePresets, TakeWhatFitsOrSayWhatIsMissing) {
  const auto presets = comparePresets();
  using Entry = CheckpointShelf::Entry;
  std::vector<Entry> entries{Entry{"/new", "new", "siglip", 3, 10}, Entry{"/x", "x", "siglixp", 2, 10},
                             Entry{"/control", "siglip continued", "siglip", 1, 10}};
  const PresetChoice found = chooseFor(presets[0], entries);
  EXPECT_EQ(found.a, "/control");
  EXPECT_EQ(found.b, "/x");
  entries.pop_back();
  EXPECT_EQ(chooseFor(presets[0], entries).a, "/new");
  const PresetChoice none = chooseFor(presets[1], entries);
  EXPECT_TRUE(none.a.empty() && none.b.empty());
  EXPECT_TRUE(none.missing.contains("llip")) << none.missing.toStdString();
  EXPECT_TRUE(chooseFor(presets[0], {}).missing.contains("siglip"));
}

/// A comparison on the colours, with B another model.
struct Colours {
  explicit Colours(const char* other = "siglixp-tiny-emoji") : shown(test) {
    shown.addFolder(colourFolder(test.scratch()));
    shown.find<CheckpointBox>("compare.a")->setFolder(test.model("siglip-tiny-emoji"));
    shown.find<CheckpointBox>("compare.b")->setFolder(test.model(other));
    EXPECT_TRUE(shown.compareNow()) << test.said().join("|").toStdString();
    const auto* docks = shown.page.docks();
    EXPECT_TRUE(waitFor([&] { return docks->isInFront("maps") && !docks->isInFront("weights"); })) << "panels stand";
  }
  widgets::ImageGrid* grid() { return shown.find<widgets::ImageGrid>("compare.grid"); }
  template <class T>
  T* find(const char* name) {
    return shown.find<T>(name);
  }
  void front(const char* id) {
    shown.page.docks()->showPanel(id);
    EXPECT_TRUE(waitFor([&] { return shown.page.docks()->isInFront(id); }));
  }
  TestDesk test;
  Shown shown;
};

TEST(ComparePanels, BothMapsAreEnlargedAndMovedTogether) {
  Colours colours;
  colours.front("maps");
  auto *a = colours.find<ZoomFigure>("compare.map.a"), *b = colours.find<ZoomFigure>("compare.map.b");
  ASSERT_TRUE(waitFor([&] { return a->figure() != nullptr && b->figure() != nullptr; }, kLong));
  const auto wheel = [](ZoomFigure* on, const QPointF& at) {
    QWheelEvent event(at, on->mapToGlobal(at), {}, {0, 240}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(on, &event);
  };
  const QPointF pointer = a->pictureRect().topLeft() + QPointF(10, 10);
  wheel(a, pointer);
  EXPECT_GT(a->place().scale, 1.4);
  EXPECT_EQ(a->place(), b->place());
  EXPECT_LT(a->place().centre.x(), 0.5) << "towards the pointer";
  const auto before = a->place().centre;
  QTest::mousePress(b, Qt::LeftButton, {}, b->rect().center());
  QTest::mouseMove(b, b->rect().center() + QPoint(-12, -9));
  QMouseEvent move(QEvent::MouseMove, QPointF(b->rect().center() + QPoint(-12, -9)),
                   b->mapToGlobal(QPointF(b->rect().center() + QPoint(-12, -9))), Qt::NoButton, Qt::LeftButton, {});
  QApplication::sendEvent(b, &move);
  QTest::mouseRelease(b, Qt::LeftButton, {}, b->rect().center() + QPoint(-12, -9));
  EXPECT_GT(a->place().centre.x(), before.x()) << "what is dragged to the left shows what is right of it";
  EXPECT_EQ(a->place(), b->place());
  QTest::mouseClick(colours.find<QToolButton>("compare.map.lock"), Qt::LeftButton);
  const ZoomPlace kept = b->place();
  QTest::mouseDClick(a, Qt::LeftButton);
  EXPECT_EQ(a->place(), ZoomPlace{});
  EXPECT_EQ(b->place(), kept) << "each by itself";
  QTest::keyClick(b, Qt::Key_0);
  EXPECT_EQ(b->place(), ZoomPlace{});
  QTest::keyClick(b, Qt::Key_Plus);
  EXPECT_GT(b->place().scale, 1.0);
  EXPECT_EQ(a->place(), ZoomPlace{});
  QTest::mouseClick(colours.find<QToolButton>("compare.map.lock"), Qt::LeftButton);
  EXPECT_EQ(a->place(), b->place()) << "locked again, B is where A is";
}

TEST(ComparePanels, TypedCaptionsAreReadByBoth) {
  Colours colours("llip16-tiny-emoji");
  colours.front("weights");
  auto* weights = colours.find<widgets::FigureView>("compare.weights.b");
  ASSERT_TRUE(waitFor([&] { return weights->figure() != nullptr; }, kLong));
  EXPECT_TRUE(weights->figure()->table().find("cat asleep") == std::string::npos);
  auto* line = colours.find<QLineEdit>("compare.weights.captions");
  line->setFocus();
  QTest::keyClicks(line, "a cat asleep; a red ball; a cat asleep");
  QTest::keyClick(line, Qt::Key_Return);
  ASSERT_TRUE(waitFor(
      [&] { return weights->figure() != nullptr && weights->figure()->table().find("cat asleep") != std::string::npos; },
      kLong));
  EXPECT_TRUE(colours.find<QWidget>("compare.weights.difference")->isHidden()) << "A is no Llip";
  colours.front("maps");
  EXPECT_TRUE(waitFor([&] {
    return colours.find<QLineEdit>("compare.map.captions")->text() == "a cat asleep; a red ball; a cat asleep";
  })) << "panels share them";
}

TEST(ComparePanels, AClassOfTheFlipsNarrowsTheGrid) {
  Colours colours;
  colours.front("flips");
  auto* table = colours.find<QTableWidget>("compare.flips");
  ASSERT_TRUE(waitFor([&] { return table->rowCount() == 2; }));
  EXPECT_TRUE(colours.find<QLabel>("compare.flips.said")->text().contains("Cohen's kappa") ||
              colours.find<QLabel>("compare.flips.said")->text().contains("100.0 %"));
  table->scrollToTop();
  QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualItemRect(table->item(1, 0)).center());
  EXPECT_EQ(colours.grid()->model()->rowCount(), 4) << "of eight, half are of either class";
  EXPECT_EQ(colours.find<QComboBox>("compare.filter.class")->currentText(), table->item(1, 0)->text());
  EXPECT_TRUE(colours.find<QLabel>("compare.filtered")->text().startsWith("4 of 8"));
  table->setCurrentCell(0, 3);
  QTest::keyClick(table, Qt::Key_Return);
  EXPECT_EQ(colours.find<QComboBox>("compare.filter.class")->currentText(), table->item(0, 0)->text());
  QTest::mouseClick(colours.find<QToolButton>("compare.filter.clear"), Qt::LeftButton);
  EXPECT_EQ(colours.grid()->model()->rowCount(), 8);
  auto* words = colours.find<QLineEdit>("compare.filter.words");
  words->setFocus();
  QTest::keyClicks(words, "DARK");
  EXPECT_EQ(colours.grid()->model()->rowCount(), 4);
}

TEST(ComparePanels, ACellOfTheConfusionNarrowsTheGrid) {
  Colours colours;
  colours.front("confusion");
  auto* view = colours.find<widgets::FigureView>("compare.confusion");
  ASSERT_TRUE(waitFor([&] { return view->figure() != nullptr; }));
  view->setFocus();
  QTest::keyClick(view, Qt::Key_Down);  // the first cell of the difference
  QTest::keyClick(view, Qt::Key_Left, Qt::ControlModifier);
  QTest::keyClick(view, Qt::Key_Left, Qt::ControlModifier);
  QTest::keyClick(view, Qt::Key_Down);
  EXPECT_TRUE(colours.find<QLabel>("compare.confusion.said")->text().startsWith("red is taken for dark") ||
              colours.find<QLabel>("compare.confusion.said")->text().startsWith("dark is taken for red"))
      << colours.find<QLabel>("compare.confusion.said")->text().toStdString();
  QTest::keyClick(view, Qt::Key_Right);
  QTest::keyClick(view, Qt::Key_Return);
  const QString name = colours.find<QComboBox>("compare.filter.class")->currentText();
  EXPECT_NE(name, "Any class");
  EXPECT_EQ(colours.find<QComboBox>("compare.filter.a")->currentText(), "A: " + name) << "the diagonal of A";
  EXPECT_EQ(colours.find<QComboBox>("compare.filter.b")->currentIndex(), 0);
}

TEST(ComparePanels, NeighboursSayWhatEnteredAndLeft) {
  Colours colours;
  colours.front("neighbours");
  colours.find<QSpinBox>("compare.neighbours.count")->setValue(3);
  auto *a = colours.find<widgets::ImageGrid>("compare.neighbours.a"), *b = colours.find<widgets::ImageGrid>("compare.neighbours.b");
  ASSERT_TRUE(waitFor([&] { return a->model()->rowCount() == 3 && b->model()->rowCount() == 3; }));
  ASSERT_TRUE(waitFor([&] { return colours.find<QLabel>("compare.neighbours.whole")->text().startsWith("Over 8"); }));
  int left = 0, entered = 0;
  for (int row = 0; row < 3; ++row) {
    left += a->model()->index(row, 0).data(widgets::BadgeRole).toString() == "left";
    entered += b->model()->index(row, 0).data(widgets::BadgeRole).toString() == "entered";
  }
  EXPECT_EQ(left, entered);
  EXPECT_TRUE(colours.find<QLabel>("compare.neighbours.said")->text().startsWith(QString("%1 of 3").arg(3 - left)));
  const auto* model = static_cast<const PictureModel*>(a->model());
  const auto wanted = model->picture(model->index(1, 0)).key;
  a->setFocus();
  a->setCurrentIndex(model->index(1, 0));
  QTest::keyClick(a, Qt::Key_Return);
  const auto* pictures = static_cast<const PictureModel*>(colours.grid()->model());
  ASSERT_TRUE(waitFor([&] { return pictures->picture(colours.grid()->currentIndex()).key == wanted; }));
}

TEST(ComparePanels, ContextSimilarityAndSpectrumOfAPair) {
  Colours colours;
  colours.front("context");
  auto* context = colours.find<widgets::FigureView>("compare.context");
  ASSERT_TRUE(waitFor([&] { return context->figure() != nullptr; }));
  EXPECT_TRUE(colours.find<QLabel>("compare.context.said")->text().contains("Effective neighbours"));
  colours.find<QSpinBox>("compare.context.neighbours")->setValue(2);
  EXPECT_TRUE(waitFor([&] { return colours.find<QLabel>("compare.context.said")->text().contains("A 2.0, B 2.0"); }));
  colours.front("similarity");
  ASSERT_TRUE(waitFor([&] { return colours.find<widgets::FigureView>("compare.similarity")->figure() != nullptr; }));
  colours.front("spectrum");
  auto* table = colours.find<widgets::FigureView>("compare.temperatures");
  ASSERT_TRUE(waitFor([&] { return table->figure() != nullptr; }));
  EXPECT_NE(table->figure()->table().find("tau_ctx"), std::string::npos) << "B has learned one";
}

TEST(ComparePanels, ALlipHasNoContextAndSaysSo) {
  Colours colours("llip16-tiny-emoji");
  colours.front("context");
  auto* context = colours.find<widgets::FigureView>("compare.context");
  EXPECT_TRUE(waitFor([&] { return context->accessibleDescription().contains("B is a Llip"); }))
      << context->accessibleDescription().toStdString();
}

TEST(ComparePanels, TheListGoesToOtherPagesAndIntoAFile) {
  Colours colours;
  colours.find<QComboBox>("compare.filter.class")->setCurrentIndex(1);
  std::optional<std::pair<PageId, Payload>> handed;
  QObject::connect(&colours.test.desk(), &Desk::handedOver,
                   [&](PageId page, const Payload& payload) { handed = std::pair(page, payload); });
  colours.find<QAction>("compare.hand.support")->trigger();
  ASSERT_TRUE(handed);
  EXPECT_EQ(handed->first, PageId::Support);
  EXPECT_EQ(handed->second.pictures.size(), 4u);
  colours.find<QAction>("compare.hand.data")->trigger();
  EXPECT_EQ(handed->first, PageId::Data);
}

TEST(ComparePanels, APresetChoosesAndBringsItsPanel) {
  TestDesk test;
  Shown shown(test);
  shown.find<QAction>("compare.preset.llip")->trigger();
  EXPECT_EQ(shown.find<CheckpointBox>("compare.b")->folder().filename(), "llip16-tiny-emoji");
  EXPECT_EQ(shown.find<CheckpointBox>("compare.a")->folder().filename(), "siglip-continued-tiny-emoji");
  EXPECT_EQ(shown.find<QComboBox>("compare.method")->currentText(), "Zero-shot");
  shown.find<QAction>("compare.preset.siglixp")->trigger();
  EXPECT_EQ(shown.find<CheckpointBox>("compare.b")->folder().filename(), "siglixp-tiny-emoji");
  EXPECT_NE(shown.find<QComboBox>("compare.method")->currentText(), "Zero-shot");
  shown.addFolder(colourFolder(test.scratch()));
  ASSERT_TRUE(shown.compareNow()) << test.said().join("|").toStdString();
  EXPECT_TRUE(waitFor([&] { return shown.page.docks()->isInFront("context") && !shown.page.docks()->isInFront("maps"); }));
  TestDesk empty(TestDesk::Checkpoints::None);
  Shown nothing(empty);
  nothing.find<QAction>("compare.preset.llip")->trigger();
  EXPECT_TRUE(empty.wasSaid("needs a checkpoint of the recipe"));
}

TEST(ComparePanels, EveryControlSaysWhatItDoes) {
  TestDesk test;
  Shown shown(test);
  int seen = 0;
  for (const QWidget* one : shown.page.findChildren<QWidget*>(QRegularExpression("^compare\\."))) {
    const bool control = qobject_cast<const QComboBox*>(one) || qobject_cast<const QAbstractButton*>(one) ||
                         qobject_cast<const QSpinBox*>(one) || qobject_cast<const QLineEdit*>(one) ||
                         qobject_cast<const QAbstractItemView*>(one) || qobject_cast<const widgets::FigureView*>(one);
    if (control) {
      ++seen;
      EXPECT_FALSE(one->toolTip().isEmpty()) << one->objectName().toStdString();
    }
  }
  EXPECT_GT(seen, 40);
}

}  // namespace
}  // namespace lix::app
