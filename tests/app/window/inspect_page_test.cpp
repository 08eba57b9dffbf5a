// Inspect: what the page shows is what the Reader says, driven by mouse, keys, clipboard and drops.
#include <QAbstractItemModel>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QJsonArray>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QStyleOptionFrame>
#include <QTabWidget>
#include <QTest>
#include <QTimer>
#include <QUrl>
#include <cmath>
#include <fstream>
#include <latch>

#include "base/text.h"
#include "chrome/action_table.h"
#include "figure_view/figure_view.h"
#include "figures/weights_figure.h"
#include "image_grid/image_grid.h"
#include "inspect_page_support.h"
#include "pages/inspect/map_overlay.h"
#include "pages/inspect/inspect_panel.h"
#include "pages/inspect/log_slider.h"
#include "study/reader/reader.h"

namespace lix::app {
namespace {
namespace fs = std::filesystem;
using testing_support::dropOn;
using testing_support::grabPage;
using testing_support::InspectPageTest;
using testing_support::picture;
using testing_support::TestDesk;
using testing_support::testPictures;
using testing_support::waitFor;

TEST_F(InspectPageTest, SomethingIsSeenAtOnceWhileNothingWasChosen) {
  page->show();
  ASSERT_TRUE(waitFor([&] { return page->reading() != nullptr; }));
  EXPECT_TRUE(page->reading()->facts.mixture) << "the Llip, where there is one";
  EXPECT_EQ(scores().rowCount(), 3);
  EXPECT_EQ(scores().columnCount(), 3);
  EXPECT_FALSE(page->state().contains("pictures")) << "nothing was chosen, so nothing is kept as if it were";
  grabPage(*page, "inspect-weights");
}

TEST_F(InspectPageTest, TheMatrixIsWhatTheReaderSays) {
  begin();
  type("a very old car");
  ASSERT_TRUE(waitReading({"red apple", "a car", "a very old car"}));
  std::vector<imaging::Image> pictures;
  for (const data::PictureRef& ref : testPictures(test, 2)) {
    pictures.push_back(*test.desk().datasets().load(ref));
  }
  const auto reader = study::Reader::open(test.model("llip16-tiny-emoji"));
  const auto reading = (*reader)->read(pictures, {"red apple", "a car", "a very old car"});
  ASSERT_TRUE(reading);
  ASSERT_TRUE(reading->scores.rule.sigmoid);
  for (const auto& [kind, values] :
       {std::pair(0, &reading->scores.cosines), {1, &reading->scores.logits}, {2, &reading->scores.probabilities}}) {
    part<QComboBox>("score")->setCurrentIndex(kind);
    ASSERT_EQ(scores().rowCount() * scores().columnCount(), int(values->size()));
    for (int row = 0; row < 2; ++row) {
      for (int column = 0; column < 3; ++column) {
        const auto index = scores().index(row, column);
        const double read = (*values)[std::size_t(row * 3 + column)];  // all captions at once, not as they were typed
        EXPECT_NEAR(index.data(ScoreModel::ValueRole).toDouble(), read, 1e-5 * std::max(1.0, std::abs(read)));
        EXPECT_TRUE(index.data(Qt::ToolTipRole).toString().contains("cosine"));
      }
    }
  }
  EXPECT_EQ(scores().low(), 0.0) << "probabilities are coloured from 0 to 1";
  EXPECT_EQ(scores().high(), 1.0);
}

TEST_F(InspectPageTest, CellsChoosePictureAndCaption) {
  begin();
  matrix().setFocus();
  QTest::mouseClick(matrix().viewport(), Qt::LeftButton, {}, matrix().visualRect(scores().index(1, 1)).center());
  EXPECT_EQ(part<widgets::ImageGrid>("pictures")->currentIndex().row(), 1);
  EXPECT_EQ(part<QListWidget>("captions")->currentRow(), 1);
  QTest::keyClick(&matrix(), Qt::Key_Up);
  EXPECT_EQ(part<widgets::ImageGrid>("pictures")->currentIndex().row(), 0);
  QTest::keyClick(&matrix(), Qt::Key_Left);
  EXPECT_EQ(part<QListWidget>("captions")->currentRow(), 0);
  const auto* before = part<widgets::FigureView>("weights")->figure();
  auto* grid = part<widgets::ImageGrid>("pictures");
  QTest::mouseClick(grid->viewport(), Qt::LeftButton, {}, grid->visualRect(grid->model()->index(1, 0)).center());
  EXPECT_EQ(matrix().currentIndex(), scores().index(1, 0));
  EXPECT_NE(part<widgets::FigureView>("weights")->figure(), before) << "the figures are those of the current picture";
  QTest::mouseClick(part<QPushButton>("copyScores"), Qt::LeftButton);
  const QStringList lines = QGuiApplication::clipboard()->text().split('\n', Qt::SkipEmptyParts);
  ASSERT_EQ(lines.size(), 3);
  EXPECT_EQ(lines[0], "picture\tred apple\ta car");
  EXPECT_NEAR(lines[2].split('\t').at(1).toDouble(), page->reading()->reading.scores.cosines[2], 1e-5);
}

TEST_F(InspectPageTest, WeightsAndTheDifferenceOfTwoCaptions) {
  begin();
  type("ein altes Auto");
  ASSERT_TRUE(waitReading({"red apple", "a car", "ein altes Auto"}));
  const auto figure = [&] {
    return dynamic_cast<const figures::WeightsFigure*>(part<widgets::FigureView>("weights")->figure());
  };
  ASSERT_NE(figure(), nullptr);
  EXPECT_EQ(figure()->places(QRectF(0, 0, 900, figure()->heightFor(900))).heatmaps.size(), 3u);
  part<QComboBox>("first")->setCurrentIndex(2);
  part<QComboBox>("second")->setCurrentIndex(0);
  EXPECT_EQ(figure()->differences(), page->reading()->reading.pictures[0].mixture->difference(2, 0));
  const auto before = page->reading()->reading.pictures[0].mixture->weights;
  QTest::keyClick(part<LogSlider>("tau")->findChild<QSlider*>(), Qt::Key_PageUp);
  ASSERT_TRUE(waitFor([&] { return page->reading()->reading.pictures[0].mixture->weights != before; }));
  EXPECT_TRUE(part<QLabel>("notes")->text().contains("trained at")) << part<QLabel>("notes")->text().toStdString();
  page->docks()->showPanel("map");
  EXPECT_FALSE(part<MapOverlay>("map")->isEmpty());
  grabPage(*page, "inspect-maps");
}

TEST_F(InspectPageTest, AModelWithoutMixtureSaysSoAndShowsItsMap) {
  begin();
  chooseModel("siglip-tiny-emoji");
  EXPECT_EQ(part<widgets::FigureView>("weights")->figure(), nullptr);
  EXPECT_FALSE(part<QComboBox>("first")->isVisible());
  page->docks()->showPanel("map");
  ASSERT_FALSE(part<MapOverlay>("map")->isEmpty());
  EXPECT_FALSE(page->reading()->reading.pictures[0].map.perCaption);
  grabPage(*page, "inspect-map");
}

TEST_F(InspectPageTest, DropsOfPicturesTextAndTextFiles) {
  begin();
  const fs::path file = picture(test.scratch() / "own.png", 90);
  ASSERT_TRUE(dropOn(part<widgets::ImageGrid>("pictures"),
                     {.pictures = {data::PictureRef::ofFile(file)}, .captions = {}, .paths = {}}));
  ASSERT_TRUE(waitFor([&] { return page->reading()->question.pictures.size() == 3; }));
  EXPECT_EQ(page->reading()->question.pictures[2].label, "own.png");
  EXPECT_EQ(part<widgets::ImageGrid>("pictures")->currentIndex().row(), 2) << "what was dropped is looked at";
  auto* text = new QMimeData;
  text->setText("one\n\n  two  \n");
  ASSERT_TRUE(dropOn(page.get(), text));
  std::ofstream(test.scratch() / "lines.txt") << "\xEF\xBB\xBFthree\r\n\r\n" << std::string(12000, 'x') << "\n";
  ASSERT_TRUE(dropOn(page.get(), {.pictures = {}, .captions = {}, .paths = {test.scratch() / "lines.txt"}}));
  ASSERT_TRUE(waitReading({"red apple", "a car", "one", "two", "three", std::string(12000, 'x')}));
  EXPECT_FALSE(page->reading()->cut[5].empty());
  EXPECT_TRUE(page->reading()->cut[4].empty());
  EXPECT_TRUE(test.said().isEmpty()) << test.said().join('\n').toStdString();
}

TEST_F(InspectPageTest, DropsThatAreNoUseAreToldInASentenceEach) {
  begin();
  const fs::path place = test.scratch();
  fs::create_symlink(place / "nowhere.png", place / "dead.png");
  std::ofstream(place / "empty.png");
  std::ofstream(place / "film.mp4") << "film";
  fs::create_directory(place / "folder");
  std::string huge("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x75\x30\0\0\x75\x30\x08\x02\0\0\0", 29);
  huge += std::string(64, 'a');
  std::ofstream(place / "huge.png", std::ios::binary) << huge;
  auto* mime = new QMimeData;
  QList<QUrl> urls;
  for (const char* name : {"dead.png", "empty.png", "film.mp4", "folder", "huge.png"}) {
    urls << QUrl::fromLocalFile(QString::fromStdString((place / name).string()));
  }
  mime->setUrls(urls);
  ASSERT_TRUE(dropOn(page.get(), mime));
  ASSERT_TRUE(waitFor([&] { return test.said().size() >= 3; }));
  test.settle();
  ASSERT_EQ(test.said().size(), 3) << test.said().join('\n').toStdString();
  EXPECT_TRUE(test.wasSaid("Folders go to the Data page"));
  EXPECT_TRUE(test.wasSaid("film.mp4 is neither a picture nor a text file."));
  EXPECT_TRUE(test.wasSaid("3 pictures could not be shown") || test.wasSaid("pictures could not be shown"));
  for (const char* name : {"dead.png", "empty.png", "huge.png"}) {
    EXPECT_TRUE(test.wasSaid(name));
  }
  EXPECT_EQ(part<widgets::ImageGrid>("pictures")->model()->rowCount(), 2) << "those that were there stay";
  Payload many;
  for (int i = 0; i < 1000; ++i) {
    many.pictures.push_back(data::PictureRef::ofFile(picture(place / cat("p", i % 60, ".png"), std::uint8_t(i % 60))));
    many.pictures.back().file = place / cat("p", i, ".png");
  }
  ASSERT_TRUE(dropOn(page.get(), many));
  EXPECT_TRUE(test.wasSaid("50 pictures fit on this page; 952 more were left out."));
  EXPECT_TRUE(waitFor([&] { return page->reading()->question.pictures.size() == 50; }));
}

TEST_F(InspectPageTest, LongAndRightToLeftCaptionsKeepTheLayout) {
  begin();
  const QString hebrew = QString::fromUtf8("תפוח אדום על שולחן");
  QGuiApplication::clipboard()->setText(hebrew + "\n" + QString(10000, 'w') + "\n\n   \n");
  auto* entry = part<QPlainTextEdit>("captionEntry");
  QTest::qWait(50);  // for the layout
  const int before = page->minimumSizeHint().width();
  QTest::keyClick(entry, Qt::Key_V, Qt::ControlModifier);
  ASSERT_TRUE(waitReading({"red apple", "a car", hebrew.toStdString(), std::string(10000, 'w')}));
  auto* list = part<QListWidget>("captions");
  ASSERT_EQ(list->count(), 4) << "empty lines give none";
  EXPECT_EQ(list->visualItemRect(list->item(0)).height(), list->visualItemRect(list->item(3)).height());
  EXPECT_FALSE(list->item(3)->icon().isNull()) << "marked as cut";
  EXPECT_TRUE(list->item(3)->toolTip().contains("longer than"));
  EXPECT_TRUE(list->item(2)->toolTip().contains(hebrew));
  QTest::qWait(50);
  EXPECT_EQ(page->minimumSizeHint().width(), before);
  EXPECT_LE(before, 1024 - 84);
  EXPECT_LE(page->minimumSizeHint().height(), 640 - 64);
  for (const InspectPanel* panel : page->findChildren<InspectPanel*>()) {
    EXPECT_LE(panel->minimumSizeHint().height(), 240) << panel->metaObject()->className();
  }
  grabPage(*page, "inspect-long");
}

TEST_F(InspectPageTest, EditingAndRemoving) {
  begin();
  auto* list = part<QListWidget>("captions");
  list->setCurrentRow(0);
  list->setFocus();
  QTest::keyClick(list, Qt::Key_F2);
  auto* editor = list->findChild<QLineEdit*>();
  ASSERT_NE(editor, nullptr);
  editor->selectAll();
  QTest::keyClicks(editor, "green apple");
  QTest::keyClick(editor, Qt::Key_Return);
  ASSERT_TRUE(waitReading({"green apple", "a car"}));
  QTest::keyClick(list, Qt::Key_F2);
  editor = list->findChild<QLineEdit*>();
  editor->selectAll();
  QTest::keyClick(editor, Qt::Key_Backspace);
  QTest::keyClick(editor, Qt::Key_Return);
  ASSERT_TRUE(waitReading({"a car"}));
  page->activateWindow();
  list->setFocus();
  list->setCurrentRow(0, QItemSelectionModel::ClearAndSelect);
  QTest::mouseClick(part<QPushButton>("removeCaption"), Qt::LeftButton);
  EXPECT_TRUE(waitFor([&] { return !page->reading(); })) << "no captions, no scores";
  auto* grid = part<widgets::ImageGrid>("pictures");
  ASSERT_TRUE(QTest::qWaitForWindowActive(page.get()));
  grid->setFocus();
  QTest::keyClick(grid, Qt::Key_Delete);
  EXPECT_TRUE(waitFor([&] { return part<widgets::ImageGrid>("pictures")->model()->rowCount() == 1; }));
}

TEST_F(InspectPageTest, StateIsKept) {
  begin("siglixp-tiny-emoji");
  part<QComboBox>("score")->setCurrentIndex(1);
  page->docks()->showPanel("map");
  matrix().setCurrentIndex(scores().index(1, 1));
  const QJsonObject state = page->state();
  const QByteArray layout = page->docks()->layout();
  page = nullptr;
  test.reopen();
  make();
  page->restore(QJsonObject{{"pictures", 7}, {"captions", "x"}, {"context", QJsonArray{1}}, {"tab", "no"}});
  page->restore(state);
  EXPECT_TRUE(page->docks()->setLayout(layout));
  page->show();
  ASSERT_TRUE(waitReading({"red apple", "a car"}));
  EXPECT_EQ(page->reading()->facts.folder, test.model("siglixp-tiny-emoji"));
  EXPECT_EQ(scores().kind(), ScoreKind::Logit);
  EXPECT_TRUE(page->docks()->isInFront("map"));
  EXPECT_EQ(part<widgets::ImageGrid>("pictures")->currentIndex().row(), 1);
  EXPECT_EQ(matrix().currentIndex(), scores().index(1, 1));
  EXPECT_EQ(page->state()["pictures"], state["pictures"]);
}

TEST_F(InspectPageTest, AKeptStateDoesNotReplaceWhatWasChosenMeanwhile) {
  begin("siglixp-tiny-emoji");
  const QJsonObject state = page->state();
  page = nullptr;
  make();
  page->setPictures({testPictures(test, 3)[2]});
  page->setCaptions({"mine"});
  page->open("checkpoint:" + QString::fromStdString(test.model("llip16-tiny-emoji").string()));
  page->restore(state);
  page->show();
  ASSERT_TRUE(waitReading({"mine"}));
  EXPECT_EQ(page->reading()->question.pictures.size(), 1u);
  EXPECT_EQ(page->reading()->facts.folder, test.model("llip16-tiny-emoji"));
}

TEST_F(InspectPageTest, TheMenuOfAPictureOffersWhatCanBeDoneWithIt) {
  begin();
  widgets::ActionTable table(page.get());
  page->addActions(table);
  table.setScope("inspect");
  EXPECT_TRUE(table.conflicts().empty());
  auto* grid = part<widgets::ImageGrid>("pictures");
  EXPECT_EQ(grid->contextMenuPolicy(), Qt::ActionsContextMenu);
  EXPECT_EQ(grid->actions().size(), 4);
  const QPoint at = grid->visualRect(grid->model()->index(1, 0)).center();
  QTest::mousePress(grid->viewport(), Qt::RightButton, {}, at);
  QTest::mouseRelease(grid->viewport(), Qt::RightButton, {}, at);
  EXPECT_EQ(grid->currentIndex().row(), 1) << "the picture under the pointer is meant";
  Payload sent;
  QObject::connect(&test.desk(), &Desk::handedOver, [&](PageId, const Payload& payload) { sent = payload; });
  QTimer::singleShot(0, [&] {  // the menu waits in a loop of its own
    auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
    ASSERT_NE(menu, nullptr);
    ASSERT_EQ(menu->actions().size(), 4);
    menu->close();
    menu->actions().at(1)->trigger();
  });
  QContextMenuEvent asked(QContextMenuEvent::Mouse, at, grid->viewport()->mapToGlobal(at));
  QApplication::sendEvent(grid->viewport(), &asked);
  EXPECT_EQ(sent.pictures, std::vector{testPictures(test, 2)[1]});
  table.action("inspect.copyPictures")->trigger();
  EXPECT_EQ(QGuiApplication::clipboard()->text().toStdString(), testPictures(test, 2)[1].key);
  EXPECT_EQ(fromMime(*QGuiApplication::clipboard()->mimeData()).pictures, sent.pictures);
}

TEST_F(InspectPageTest, ThreePicturesAndTheEditorOfACaptionAreSeenWhole) {
  begin();
  page->setPictures(testPictures(test, 3));
  ASSERT_TRUE(waitFor([&] { return page->reading()->question.pictures.size() == 3; }));
  for (const QSize size : {QSize(940, 576), QSize(1356, 836)}) {
    page->resize(size);
    QTest::qWait(50);  // for the layout
    EXPECT_GE(matrix().viewport()->height(), 3 * matrix().rowHeight(0)) << size.width();
  }
  auto* list = part<QListWidget>("captions");
  list->setCurrentRow(0);
  list->editItem(list->item(0));
  auto* editor = list->findChild<QLineEdit*>();
  ASSERT_NE(editor, nullptr);
  QStyleOptionFrame option;
  option.initFrom(editor);
  option.lineWidth = editor->style()->pixelMetric(QStyle::PM_DefaultFrameWidth, &option, editor);
  const QRect text = editor->style()->subElementRect(QStyle::SE_LineEditContents, &option, editor);
  EXPECT_GE(text.height(), editor->fontMetrics().height());
  grabPage(*page, "inspect-editor");
}

TEST_F(InspectPageTest, AnswersThatComeTooLateAreNotShown) {
  begin();
  test.settle();
  QSignalSpy shown(page.get(), &InspectPage::readingShown);
  std::latch gate(1);
  test.desk().interactive().post([&gate](std::stop_token) { gate.wait(); });
  page->setCaptions({"one"});
  QTest::qWait(60);
  page->setCaptions({"two"});
  QTest::qWait(60);
  EXPECT_EQ(page->reading()->question.captions.size(), 2u) << "the figures before stay meanwhile";
  gate.count_down();
  ASSERT_TRUE(waitReading({"two"}));
  EXPECT_EQ(shown.size(), 1);
}

class EmptyInspectPageTest : public InspectPageTest {
 protected:
  EmptyInspectPageTest() : InspectPageTest(TestDesk::Checkpoints::None) {}
};

TEST_F(EmptyInspectPageTest, WithoutACheckpointItSaysWhatToDo) {
  page->setPictures(testPictures(test, 1));
  page->show();
  QSignalSpy asked(&test.desk(), &Desk::showAsked);
  QTest::mouseClick(part<QPushButton>("emptyButton"), Qt::LeftButton);
  ASSERT_EQ(asked.size(), 1);
  EXPECT_EQ(asked[0][0].value<PageId>(), PageId::Train);
}

}  // namespace
}  // namespace lix::app
