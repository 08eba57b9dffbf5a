// Inspect's maps: the overlay, its thumbnails, masks and pointing on scenes.
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLabel>
#include <QListView>
#include <QMimeData>
#include <QPushButton>
#include <QSlider>
#include <QSpinBox>
#include <QStandardItemModel>
#include <QTabWidget>

#include "figures/colour_map.h"
#include "figures/parts.h"
#include "inspect_page_support.h"
#include "pages/inspect/map_panel.h"
#include "pages/inspect/map_thumbs.h"
#include "study/inspect/map_contrast.h"
#include "study/reader/reader.h"

namespace lix::app {
namespace {
using testing_support::grabPage;
using testing_support::InspectPageTest;
using testing_support::waitFor;

figures::CaptionMap map(int rows, int columns, std::vector<float> values) { return {"a cat", rows, columns, std::move(values)}; }

QImage rendered(const figures::CaptionMap& map, const QImage& base, MapOverlay::Cells cells, int opacity) {
  QImage target;
  MapOverlay::render(target, base, MapOverlay::shadesOf(map, 0.0, 1.0, cells),
                     MapOverlay::coloursOf(figures::Theme::Light, opacity), cells, opacity);
  return target;
}

int difference(QRgb a, const QColor& b) {
  return std::max({std::abs(qRed(a) - b.red()), std::abs(qGreen(a) - b.green()), std::abs(qBlue(a) - b.blue())});
}

TEST(MapOverlay, PatchesAreTheColoursOfTheScale) {
  QImage base(40, 20, QImage::Format_RGB32);
  base.fill(QColor(200, 100, 50));
  const auto drawn = rendered(map(1, 2, {0.0f, 1.0f}), base, MapOverlay::Cells::Patches, 100);
  EXPECT_LE(difference(drawn.pixel(19, 10), figures::viridis(0.0, figures::Theme::Light)), 1);
  EXPECT_LE(difference(drawn.pixel(20, 10), figures::viridis(1.0, figures::Theme::Light)), 1);
  const auto nothing = rendered(map(1, 2, {0.0f, 1.0f}), base, MapOverlay::Cells::Patches, 0);
  EXPECT_LE(difference(nothing.pixel(5, 5), QColor(200, 100, 50)), 1);
  const auto half = rendered(map(1, 2, {0.0f, 1.0f}), base, MapOverlay::Cells::Patches, 50);
  const QColor high = figures::viridis(1.0, figures::Theme::Light);
  EXPECT_LE(difference(half.pixel(30, 5), QColor((200 + high.red()) / 2, (100 + high.green()) / 2, (50 + high.blue()) / 2)), 2);
}

TEST(MapOverlay, SmoothMapsFollowTheFiguresUpsampling) {
  QImage base(64, 64, QImage::Format_RGB32);
  base.fill(Qt::black);
  const auto cells = map(3, 4, {0.1f, 0.9f, 0.3f, 0.0f, 0.5f, 1.0f, 0.2f, 0.4f, 0.8f, 0.6f, 0.1f, 0.7f});
  const auto drawn = rendered(cells, base, MapOverlay::Cells::Smooth, 100);
  const auto expected = figures::upsampled(cells.values, 3, 4, 64, 64);
  for (int y = 0; y < 64; y += 3) {
    for (int x = 0; x < 64; x += 3) {
      const QColor wanted = figures::viridis(expected[std::size_t(y * 64 + x)], figures::Theme::Light);
      ASSERT_LE(difference(drawn.pixel(x, y), wanted), 6) << x << ", " << y;
    }
  }
}

TEST(MapOverlay, AnEvenMapOneCellAndBadNumbersAreDrawn) {
  QImage base(33, 17, QImage::Format_RGB32);
  base.fill(Qt::red);
  for (const auto cells : {MapOverlay::Cells::Smooth, MapOverlay::Cells::Patches}) {
    EXPECT_EQ(rendered(map(1, 1, {0.5f}), base, cells, 60).size(), base.size());
    EXPECT_EQ(rendered(map(200, 200, std::vector<float>(40'000, 0.2f)), base, cells, 60).size(), base.size());
    EXPECT_EQ(rendered(map(1, 2, {0.5f, NAN}), base, cells, 60).pixel(3, 3), base.pixel(3, 3)) << "no map";
    EXPECT_EQ(rendered(map(2, 2, {0.5f}), base, cells, 60).pixel(3, 3), base.pixel(3, 3));
    const auto even = MapOverlay::shadesOf(map(2, 2, {1, 1, 1, 1}), 1.0, 1.0, cells);
    EXPECT_TRUE(std::ranges::all_of(even.steps, [](auto step) { return step == 0; }));
  }
}

TEST(MapOverlay, EdgesSurroundTheMask) {
  // Two pixels beside each other: a box of 2 x 1, four straight runs.
  imaging::Mask mask{4, 3, std::vector<std::uint8_t>(12, 0)};
  mask.values[5] = mask.values[6] = 255;
  const auto lines = MapOverlay::edgesOf(mask);
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[0], QLineF(1, 1, 3, 1));
  EXPECT_EQ(lines[1], QLineF(1, 2, 3, 2));
  EXPECT_EQ(lines[2], QLineF(1, 1, 1, 2));
  EXPECT_EQ(lines[3], QLineF(3, 1, 3, 2));
  EXPECT_TRUE(MapOverlay::edgesOf({2, 1, {0, 0}}).empty());
  EXPECT_EQ(MapOverlay::edgesOf({1, 1, {255}}).size(), 4u) << "the picture's border is an edge";
}

TEST(MapOverlay, KeysAndMouseNameAPatch) {
  MapOverlay overlay;
  overlay.resize(200, 200 + 30);
  QImage picture(50, 50, QImage::Format_RGB32);
  picture.fill(Qt::white);
  overlay.setPicture(picture);
  overlay.setMap(map(4, 4, std::vector<float>(16, 0.5f)), 0.0, 1.0);
  overlay.show();
  EXPECT_EQ(overlay.pictureRect(), QRectF(0, 0, 200, 200));
  QTest::mouseMove(&overlay, QPoint(10, 160));
  ASSERT_TRUE(waitFor([&] { return overlay.cell().has_value(); }));
  EXPECT_EQ(*overlay.cell(), std::pair(3, 0));
  EXPECT_TRUE(overlay.cellText().contains("row 3, column 0: 0.5 × an even share"));
  QTest::keyClick(&overlay, Qt::Key_Right);
  QTest::keyClick(&overlay, Qt::Key_Up);
  EXPECT_EQ(*overlay.cell(), std::pair(2, 1));
  for (int i = 0; i < 9; ++i) {
    QTest::keyClick(&overlay, Qt::Key_Left);
  }
  EXPECT_EQ(*overlay.cell(), std::pair(2, 0)) << "it stays on the grid";
  overlay.setMap(map(2, 2, {0, 0, 0, 1}), 0.0, 1.0);
  EXPECT_FALSE(overlay.cell()) << "another grid has no such patch";
  int steps = 0, opacity = -1;
  QObject::connect(&overlay, &MapOverlay::captionStepAsked, [&](int by) { steps += by; });
  QObject::connect(&overlay, &MapOverlay::opacityAsked, [&](int percent) { opacity = percent; });
  QTest::keyClick(&overlay, Qt::Key_PageDown);
  QTest::keyClick(&overlay, Qt::Key_PageDown);
  QTest::keyClick(&overlay, Qt::Key_PageUp);
  EXPECT_EQ(steps, 1);
  QTest::keyClick(&overlay, Qt::Key_Minus);
  EXPECT_EQ(opacity, overlay.opacity() - 5);
}

class InspectMapTest : public InspectPageTest {
 protected:
  MapPanel& panel() { return *page->findChild<MapPanel*>(); }
  /// The first scene of the test split with three captions of its own and one that is not.
  void beginScene(const char* model) {
    const auto opened = test.desk().datasets().open("scenes");
    ASSERT_TRUE(opened);
    const auto found = std::ranges::find((*opened)->set.samples, data::Split::Test, &data::Sample::split);
    sample = *found;
    index = std::size_t(found - (*opened)->set.samples.begin());
    scenes = *opened;
    page->findChild<CheckpointBox*>("inspect.checkpoint")->setFolder(test.model(model));
    page->setPictures({data::PictureRef::sample("scenes", sample.key)});
    captions = {sample.captions[0], sample.captions.back(), "a photo of my house"};
    page->setCaptions({captions[0].c_str(), captions[1].c_str(), captions[2].c_str()});
    page->show();
    ASSERT_TRUE(waitReading(captions));
    page->docks()->showPanel("map");
    ASSERT_TRUE(waitFor([&] { return panel().known().size() == 3; }));
  }
  std::shared_ptr<const OpenDataset> scenes;
  data::Sample sample;
  std::size_t index = 0;
  std::vector<std::string> captions;
};

TEST_F(InspectMapTest, ScenesShowWhatIsSpokenOfAndThePointingScore) {
  beginScene("llip16-tiny-emoji");
  const auto& known = panel().known();
  ASSERT_TRUE(known[0] && known[0]->pointing && known[1] && known[1]->pointing);
  EXPECT_FALSE(known[2]) << "not a caption of the scene";
  const auto reader = study::Reader::open(test.model("llip16-tiny-emoji"));
  for (const std::size_t i : {0u, 1u}) {
    const auto mask = study::partRead((*reader)->evaluator(),
                                      *scenes->set.pictures->mask(index, i == 0 ? 0 : sample.captions.size() - 1));
    const auto expected = study::pointing(page->reading()->reading.pictures[0].map, i, mask);
    EXPECT_EQ(known[i]->mask.values, mask.values);
    EXPECT_EQ(known[i]->pointing->hit, expected->hit);
    EXPECT_EQ(known[i]->pointing->share, expected->share);
    EXPECT_EQ(known[i]->pointing->chance, expected->chance);
  }
  EXPECT_TRUE(panel().overlay().hasOutline());
  EXPECT_TRUE(part<QLabel>("mapSaid")->text().contains("chance"));
  EXPECT_TRUE(part<QLabel>("mapKind")->text().contains("rollout"));
  auto* list = part<QListView>("mapList");
  EXPECT_EQ(list->model()->rowCount(), 3);
  EXPECT_TRUE(list->model()->index(0, 0).data(Qt::ToolTipRole).toString().contains(" %"));
  part<QCheckBox>("mapOutline")->click();
  EXPECT_FALSE(panel().overlay().hasOutline());
  part<QCheckBox>("mapOutline")->click();
  grabPage(*page, "inspect-map-scene");
  QTest::keyClick(&panel().overlay(), Qt::Key_PageDown);
  QTest::keyClick(&panel().overlay(), Qt::Key_PageDown);
  EXPECT_TRUE(waitFor([&] { return panel().overlay().map().caption == captions[2]; }));
  EXPECT_FALSE(panel().overlay().hasOutline());
  list->setCurrentIndex(list->model()->index(1, 0));
  EXPECT_TRUE(waitFor([&] { return panel().overlay().map().caption == captions[1]; }));
  EXPECT_TRUE(panel().overlay().hasOutline());
}

TEST_F(InspectMapTest, ATypedCaptionOfTheSceneCountsToo) {
  beginScene("llip16-tiny-emoji");
  type(QString::fromStdString(sample.captions[2]));
  ASSERT_TRUE(waitReading({captions[0], captions[1], captions[2], sample.captions[2]}));
  ASSERT_TRUE(waitFor([&] { return panel().known().size() == 4; }));
  EXPECT_TRUE(panel().known()[3].has_value());
}

TEST_F(InspectMapTest, PointingOverTheTestSplitIsATask) {
  beginScene("llip16-tiny-emoji");
  part<QTabWidget>("mapTabs")->setCurrentIndex(1);
  part<QSpinBox>("pointingMost")->setValue(12);
  auto* start = part<QPushButton>("pointingStart");
  ASSERT_TRUE(start->isEnabled());
  QTest::mouseClick(start, Qt::LeftButton);
  EXPECT_EQ(start->text(), "Cancel");
  ASSERT_TRUE(waitFor([&] { return panel().pointing() != nullptr && test.desk().tasks().isIdle(); }, 120'000));
  const study::PointingSet& set = panel().pointing()->set;
  EXPECT_EQ(set.pictures, 12u);
  EXPECT_TRUE(set.perCaption);
  EXPECT_EQ(set.kinds.front().kind, "all");
  EXPECT_GT(set.kinds.size(), 4u);
  EXPECT_NE(part<widgets::FigureView>("pointing")->figure(), nullptr);
  grabPage(*page, "inspect-map-test");
  part<QSpinBox>("pointingMost")->setValue(100'000);
  QTest::mouseClick(start, Qt::LeftButton);
  EXPECT_EQ(start->text(), "Cancel");
  QTest::mouseClick(start, Qt::LeftButton);
  EXPECT_TRUE(waitFor([&] { return test.desk().tasks().isIdle() && start->text() != "Cancel"; }));
  EXPECT_EQ(panel().pointing()->set.pictures, 12u) << "what was there stays";
  const auto stale = [&] { return part<QLabel>("pointingSaid")->text().contains("another checkpoint"); };
  part<QSpinBox>("pointingMost")->setValue(12);
  EXPECT_FALSE(stale());
  auto rewritten = std::make_shared<ReadAnswer>(*page->reading());
  rewritten->facts.towerKey = "another preprocessing";
  InspectView view{.pictures = {}, .picture = 0, .caption = 0, .answer = rewritten, .inAnswer = 0};
  panel().look(view);
  EXPECT_TRUE(waitFor(stale)) << "the same folder and settings";
  view.answer = page->reading();
  panel().look(view);
  EXPECT_TRUE(waitFor([&] { return !stale(); }));
  chooseModel("siglip-tiny-emoji");
  EXPECT_TRUE(waitFor(stale));
}

TEST_F(InspectMapTest, OtherPicturesHaveNoOutlineAndOneMapStandsForAll) {
  begin("siglip-tiny-emoji");
  page->docks()->showPanel("map");
  ASSERT_TRUE(waitFor([&] { return panel().known().size() == 2; }));
  EXPECT_FALSE(panel().known()[0]);
  EXPECT_FALSE(panel().overlay().hasOutline());
  EXPECT_TRUE(part<QLabel>("mapKind")->toolTip().contains("same for every caption"));
  EXPECT_EQ(part<QListView>("mapList")->model()->rowCount(), 1);
  EXPECT_EQ(part<QLabel>("mapCaption")->text(), "every caption");
  EXPECT_FALSE(part<QCheckBox>("mapOutline")->isEnabled());
  EXPECT_TRUE(part<QCheckBox>("mapOutline")->toolTip().startsWith("Nothing to outline"));
  EXPECT_EQ(part<QPushButton>("pointingStart")->text(), "Pointing over scenes");
  EXPECT_TRUE(part<QPushButton>("pointingStart")->toolTip().startsWith("No mask is known"));
  const auto* kinds = qobject_cast<QStandardItemModel*>(part<QComboBox>("mapOf")->model());
  EXPECT_FALSE(kinds->item(1)->isEnabled()) << "there is no other map to subtract";
  EXPECT_TRUE(kinds->item(1)->toolTip().contains("one map for every caption"));
  EXPECT_TRUE(kinds->item(3)->toolTip().contains("second checkpoint"));
}

TEST_F(InspectMapTest, TwoCheckpointsStandBesideEachOtherOnOneScale) {
  begin();
  page->docks()->showPanel("map");
  ASSERT_TRUE(waitFor([&] { return panel().known().size() == 2; }));
  EXPECT_FALSE(panel().otherOverlay().isVisibleTo(&panel()));
  page->findChild<CheckpointBox*>("inspect.other")->setFolder(test.model("siglip-tiny-emoji"));
  ASSERT_TRUE(waitFor([&] { return panel().otherOverlay().isVisibleTo(&panel()); }));
  EXPECT_EQ(part<QLabel>("mapModel")->text(), "A: llip16-tiny-emoji (llip)");
  EXPECT_EQ(part<QLabel>("mapOtherModel")->text(), "B, every caption: siglip-tiny-emoji (siglip)");
  EXPECT_EQ(panel().overlay().ends(), panel().otherOverlay().ends());
  const auto &mine = page->reading()->reading.pictures[0].map, &theirs = page->otherReading()->reading.pictures[0].map;
  ASSERT_EQ(mine.rows * mine.columns, theirs.values.size()) << "equal patches";
  const float even = float(theirs.values.size());
  EXPECT_FLOAT_EQ(panel().otherOverlay().map().values[5], theirs.values[5] * even);
  panel().overlay().setCell(std::pair(1, 2));
  EXPECT_EQ(panel().otherOverlay().cell(), std::pair(1, 2)) << "the same patch of both";
  grabPage(*page, "inspect-map-two");
  part<QComboBox>("mapOf")->setCurrentIndex(int(MapOf::Models));
  EXPECT_FALSE(panel().otherOverlay().isVisibleTo(&panel()));
  EXPECT_NEAR(panel().overlay().map().values[5], (mine.values[5] - theirs.values[5]) * even, 1e-5);
  EXPECT_EQ(panel().overlay().ends().first, -panel().overlay().ends().second) << "zero in the middle";
  EXPECT_EQ(panel().overlay().scale(), figures::MapScale::Diverging);
  const auto distance = study::mapDistance(study::mapOf(mine, 0), study::mapOf(theirs, 0));
  EXPECT_TRUE(part<QLabel>("mapSaid")->text().contains(
      QString("%1 % of A's map").arg(100.0 * *distance, 0, 'f', 1)))
      << part<QLabel>("mapSaid")->text().toStdString();
  grabPage(*page, "inspect-map-models");
  page->findChild<CheckpointBox*>("inspect.other")->setCurrentIndex(0);
  ASSERT_TRUE(waitFor([&] { return panel().overlay().scale() == figures::MapScale::Rising; }));
  EXPECT_FALSE(part<QLabel>("mapModel")->isVisibleTo(&panel()));
}

TEST_F(InspectMapTest, MapsMinusTheirMeanOrAnotherCaption) {
  begin();
  page->docks()->showPanel("map");
  ASSERT_TRUE(waitFor([&] { return panel().known().size() == 2; }));
  const auto& maps = page->reading()->reading.pictures[0].map;
  const std::size_t patches = maps.rows * maps.columns;
  const auto moved = [&] {  // of two captions' mean a map is half as far as from the other caption's
    double sum = 0.0;
    for (std::size_t i = 0; i < patches; ++i) {
      sum += std::abs(double(maps.values[i]) - maps.values[patches + i]);
    }
    return sum / 2.0;
  }();
  auto* of = part<QComboBox>("mapOf");
  of->setFocus();
  QTest::keyClick(of, Qt::Key_Down);
  EXPECT_EQ(of->currentIndex(), int(MapOf::LessMean));
  EXPECT_NEAR(panel().overlay().map().values[3], (maps.values[3] - maps.values[patches + 3]) / 2 * float(patches), 1e-4);
  EXPECT_TRUE(part<QLabel>("mapSaid")->text().contains(QString("%1 % of this map").arg(50.0 * moved, 0, 'f', 1)))
      << part<QLabel>("mapSaid")->text().toStdString();
  EXPECT_EQ(part<QLabel>("mapCaption")->text(), QString::fromUtf8("red apple − mean of 2 captions"));
  grabPage(*page, "inspect-map-mean");
  QTest::keyClick(of, Qt::Key_Down);
  ASSERT_TRUE(part<QComboBox>("mapMinus")->isVisibleTo(&panel()));
  part<QComboBox>("mapMinus")->setCurrentIndex(1);
  EXPECT_NEAR(panel().overlay().map().values[3], (maps.values[3] - maps.values[patches + 3]) * float(patches), 1e-4);
  EXPECT_TRUE(part<QLabel>("mapSaid")->text().contains(QString("%1 % of this map").arg(100.0 * moved, 0, 'f', 1)));
  QTest::keyClick(&panel().overlay(), Qt::Key_PageDown);
  ASSERT_TRUE(waitFor([&] { return panel().overlay().map().caption == "a car"; }));
  EXPECT_EQ(std::ranges::max(panel().overlay().map().values), 0.0F) << "minus itself";
  const QJsonObject state = panel().state();
  MapPanel other(test.desk());
  other.restore(state);
  EXPECT_EQ(other.state(), state);
}

TEST_F(InspectMapTest, StrengthSmoothnessAndCopies) {
  begin();
  page->docks()->showPanel("map");
  ASSERT_TRUE(waitFor([&] { return panel().known().size() == 2; }));
  panel().resize(500, 700);
  const QImage before = panel().overlay().composed().copy();
  QTest::keyClick(&panel().overlay(), Qt::Key_Plus);
  EXPECT_EQ(part<QSlider>("mapOpacity")->value(), 70);
  EXPECT_EQ(panel().overlay().opacity(), 70);
  const QImage stronger = panel().overlay().composed().copy();
  EXPECT_NE(stronger, before);
  part<QCheckBox>("mapSmooth")->click();
  const QImage patches = panel().overlay().composed().copy();
  EXPECT_NE(patches, stronger);
  part<QCheckBox>("mapGrey")->click();
  EXPECT_NE(panel().overlay().composed(), patches);
  const QJsonObject state = panel().state();
  MapPanel other(test.desk());
  other.restore(state);
  EXPECT_EQ(other.state(), state);
  other.restore({{"opacity", "no number"}, {"tab", 99}});
  EXPECT_EQ(other.state()["tab"].toInt(), 1);
  QTest::keyClick(&panel().overlay(), Qt::Key_C, Qt::ControlModifier);
  EXPECT_TRUE(QGuiApplication::clipboard()->mimeData()->hasImage());
  EXPECT_TRUE(QGuiApplication::clipboard()->mimeData()->hasFormat("image/svg+xml"));
  EXPECT_TRUE(test.said().isEmpty()) << test.said().join('\n').toStdString();
}

TEST_F(InspectMapTest, A260PixelsWidePanelCanBeUsed) {
  beginScene("llip16-tiny-emoji");
  MapPanel narrow(test.desk());
  narrow.resize(260, 800);
  narrow.show();
  narrow.look({.checkpoint = page->reading()->question.checkpoint,
               .pictures = page->reading()->question.pictures,
               .picture = 0,
               .caption = 0,
               .answer = page->reading(),
               .inAnswer = 0});
  ASSERT_TRUE(waitFor([&] { return narrow.known().size() == 3; }));
  ASSERT_TRUE(waitFor([&] { return narrow.minimumSizeHint().width() <= 260; }));
  narrow.resize(260, 800);
  EXPECT_EQ(narrow.width(), 260);
  EXPECT_GE(narrow.overlay().width(), 230);
  if (const QString shots = qEnvironmentVariable("LIX_SHOTS"); !shots.isEmpty()) {
    narrow.grab().save(shots + "/inspect-map-narrow.png");
  }
}

TEST_F(InspectMapTest, WithoutPicturesItSaysWhatToDo) {
  page->findChild<CheckpointBox*>("inspect.checkpoint")->setFolder(test.model("llip16-tiny-emoji"));
  page->show();
  page->docks()->showPanel("map");
  EXPECT_TRUE(panel().overlay().isEmpty());
  EXPECT_FALSE(part<QPushButton>("pointingStart")->isEnabled());
  EXPECT_FALSE(panel().overlay().grab().isNull());
}

}  // namespace
}  // namespace lix::app
