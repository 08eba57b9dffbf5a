// Compare: what its panels do on the page.
#include <QComboBox>
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
#include "pages/compare/zoom_figure.h"

namespace lix::app {
namespace {
using testing_support::colourFolder;
using testing_support::kLong;
using testing_support::TestDesk;
using testing_support::waitFor;
using Shown = testing_support::ShownCompare;

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
