// The Data page as a person uses it: mouse, keys and drops; what is shown, and what stands in SQLite afterwards.
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QListWidget>
#include <QMimeData>
#include <QPushButton>
#include <QTest>
#include <QTextBrowser>
#include <fstream>
#include <latch>

#include "base/file.h"
#include "data_page_support.h"
#include "desk/thumbnails.h"
#include "frame/picture_model.h"
#include "frame/preview.h"
#include "store/dataset_store.h"

namespace lix::app {
namespace {

namespace fs = std::filesystem;
using testing_support::dropOn;
using testing_support::ShownData;
using testing_support::waitFor;
using testing_support::writePicture;

TEST(DataPageTest, ShowsTheFirstOwnDatasetAndAnotherByMouse) {
  ShownData shown;
  ASSERT_TRUE(shown.shows("36 pictures"));
  EXPECT_EQ(shown.child<QListWidget>("data.datasets")->currentItem()->text(), "animals");
  EXPECT_EQ(shown.page->grid()->model()->rowCount(), 36);
  EXPECT_TRUE(waitFor([&] { return !shown.page->grid()->model()->index(0, 0).data(Qt::DecorationRole).value<QPixmap>().isNull(); }));
  shown.choose("scenes");
  ASSERT_TRUE(waitFor([&] { return shown.page->browser().collection() && shown.page->browser().name() == "scenes" && shown.page->grid()->model()->rowCount() > 36; }));
  EXPECT_FALSE(shown.child<QLabel>("data.counts")->text().startsWith("36 "));
  EXPECT_TRUE(shown.table->conflicts().empty());
}

TEST(DataPageTest, SplitClassAndSearchLeaveTheRightPictures) {
  ShownData shown;
  ASSERT_TRUE(shown.shows("36 pictures"));
  shown.child<QComboBox>("data.splits")->setCurrentIndex(2);
  ASSERT_TRUE(shown.shows("36 pictures, 12 shown"));
  auto* classes = shown.child<QListView>("data.classes");
  ASSERT_EQ(classes->model()->rowCount(), 4);
  EXPECT_EQ(classes->model()->index(1, 0).data().toString(), "blue whale");
  EXPECT_EQ(classes->model()->index(1, 0).data(Qt::UserRole + 20).toString(), "4") << "counts follow the other filters";
  QTest::mouseClick(classes->viewport(), Qt::LeftButton, {}, classes->visualRect(classes->model()->index(2, 0)).center());
  ASSERT_TRUE(shown.shows("36 pictures, 4 shown"));
  const auto* model = static_cast<PictureModel*>(shown.page->grid()->model());
  EXPECT_NE(model->picture(model->index(0, 0)).key.find("green_frog"), std::string::npos);
  EXPECT_EQ(model->index(0, 0).data().toString(), "0.png") << "a caption that is the class names no picture";
  shown.child<QComboBox>("data.splits")->setCurrentIndex(0);
  ASSERT_TRUE(shown.shows("36 pictures, 12 shown"));
  QTest::mouseClick(classes->viewport(), Qt::LeftButton, {}, classes->visualRect(classes->model()->index(0, 0)).center());
  ASSERT_TRUE(waitFor([&] { return shown.counts() == "36 pictures"; }));
  auto* search = shown.child<QLineEdit>("data.search");
  search->setFocus();
  QTest::keyClicks(search, "FOX train/");
  ASSERT_TRUE(shown.shows("36 pictures, 4 shown"));
  QTest::keyClicks(search, " nothing");
  ASSERT_TRUE(shown.shows("36 pictures, 0 shown"));
  QTest::keyClick(search, Qt::Key_Escape);
  ASSERT_TRUE(waitFor([&] { return shown.counts() == "36 pictures"; }));
}

TEST(DataPageTest, SelectionByMouseAndKeysIsSentDraggedAndCopied) {
  ShownData shown;
  ASSERT_TRUE(shown.shows("36 pictures"));
  auto* grid = shown.page->grid();
  QTest::mouseClick(grid->viewport(), Qt::LeftButton, {}, shown.at(0));
  QTest::mouseClick(grid->viewport(), Qt::LeftButton, Qt::ShiftModifier, shown.at(2));
  QTest::mouseClick(grid->viewport(), Qt::LeftButton, Qt::ControlModifier, shown.at(4));
  EXPECT_EQ(shown.counts(), "36 pictures, 4 selected");
  Payload sent;
  PageId where = PageId::Data;
  QObject::connect(&shown.test->desk(), &Desk::handedOver, [&](PageId page, const Payload& payload) {
    where = page;
    sent = payload;
  });
  QTest::mouseClick(shown.child<QPushButton>("data.send.inspect"), Qt::LeftButton);
  EXPECT_EQ(where, PageId::Inspect);
  ASSERT_EQ(sent.pictures.size(), 4u);
  EXPECT_EQ(sent.pictures[0], data::PictureRef::sample("animals", shown.page->browser().collection()->samples()[0].key));
  const std::unique_ptr<QMimeData> mime(grid->model()->mimeData(grid->selectionModel()->selectedIndexes()));
  EXPECT_EQ(fromMime(*mime).pictures, sent.pictures);

  grid->setFocus();
  QTest::keyClick(grid, Qt::Key_A, Qt::ControlModifier);
  EXPECT_EQ(shown.counts(), "36 pictures, 36 selected");
  shown.table->action("data.copy")->trigger();
  const QStringList lines = QApplication::clipboard()->text().split('\n');
  ASSERT_EQ(lines.size(), 36);
  EXPECT_TRUE(fs::exists(lines[7].toStdString())) << lines[7].toStdString();

  QString asked;
  QObject::connect(&shown.test->desk(), &Desk::showAsked, [&](PageId page, const QString& what) { asked = QString::number(int(page)) + what; });
  QTest::mouseClick(shown.child<QPushButton>("data.send.train"), Qt::LeftButton);
  EXPECT_EQ(asked, "1dataset:animals");
  QTest::mouseClick(shown.child<QPushButton>("data.send.compare"), Qt::LeftButton);
  EXPECT_EQ(asked, "5dataset:animals");
  EXPECT_TRUE(shown.child<QPushButton>("data.send.compare")->toolTip().contains("this dataset"));

  EXPECT_EQ(grid->contextMenuPolicy(), Qt::ActionsContextMenu);
  grid->clearSelection();
  QTest::mousePress(grid->viewport(), Qt::RightButton, {}, shown.at(3));
  QTest::mouseRelease(grid->viewport(), Qt::RightButton, {}, shown.at(3));
  for (const char* id : {"data.preview", "data.inspect", "data.support", "data.copy", "data.keep"}) {
    EXPECT_TRUE(grid->actions().contains(shown.table->action(id))) << id;
  }
  shown.table->action("data.support")->trigger();
  EXPECT_EQ(where, PageId::Support);
  EXPECT_EQ(sent.pictures.size(), 1u);
}

TEST(DataPageTest, DetailsSayEverythingOfThePicture) {
  ShownData shown;
  ASSERT_TRUE(shown.shows("36 pictures"));
  QTest::mouseClick(shown.page->grid()->viewport(), Qt::LeftButton, {}, shown.at(0));
  auto* about = shown.child<QTextBrowser>("data.about");
  ASSERT_TRUE(waitFor([&] { return about->toPlainText().contains("24 x 16 pixels"); })) << about->toPlainText().toStdString();
  const data::Sample& sample = shown.page->browser().collection()->samples()[0];
  EXPECT_TRUE(about->toPlainText().contains(QString::fromStdString(sample.captions[0])));
  EXPECT_TRUE(about->toPlainText().contains(QString::fromStdString((shown.test->scratch() / "animals" / sample.key).string())));
  EXPECT_TRUE(about->toPlainText().contains("test"));
}

TEST(DataPageTest, WhatWasScrolledAwayIsNotRead) {
  ShownData shown;
  ASSERT_TRUE(shown.shows("36 pictures"));
  shown.test->settle();  // thumbnails of the first sight
  std::latch begun(1), gate(1);
  shown.test->desk().io().post([&](std::stop_token) {
    begun.count_down();
    gate.wait();
  });
  begun.wait();  // newest first: what is asked for now must not come before it
  std::vector<data::PictureRef> made;
  QObject::connect(&shown.test->desk().thumbnails(), &Thumbnails::ready, [&](const data::PictureRef& one) { made.push_back(one); });
  auto* grid = shown.page->grid();
  shown.test->desk().thumbnails().forget();
  grid->setSide(200);
  grid->viewport()->repaint();
  grid->scrollTo(grid->model()->index(35, 0));
  ASSERT_TRUE(waitFor([&] { return grid->visibleRows().first > 4; }));
  grid->viewport()->repaint();  // so that the grid has asked for what is seen now
  QTest::qWait(200);
  gate.count_down();
  const auto& samples = shown.page->browser().collection()->samples();
  const auto has = [&](std::size_t row) { return std::ranges::find(made, data::PictureRef::sample("animals", samples[row].key)) != made.end(); };
  ASSERT_TRUE(waitFor([&] { return has(35); }));
  shown.test->settle();
  EXPECT_FALSE(has(0));
  EXPECT_TRUE(waitFor([&] { return has(std::size_t(grid->visibleRows().first)); }));
}

TEST(DataPageTest, KeysAloneReachEverything) {
  ShownData shown;
  ASSERT_TRUE(shown.shows("36 pictures"));
  ASSERT_TRUE(waitFor([&] { return QApplication::activeWindow() != nullptr; }));
  auto* list = shown.child<QListWidget>("data.datasets");
  list->setFocus();
  QStringList visited;
  for (int i = 0; i < 14; ++i) {
    visited << QApplication::focusWidget()->objectName();
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
  }
  QStringList wanted{"data.datasets", "data.classes", "data.search", "data.splits", "data.size", "data.tabs", "data.grid", "data.about", "data.send.train"};
  int from = 0;
  for (const QString& name : wanted) {
    const int at = int(visited.indexOf(name, from));
    EXPECT_GE(at, 0) << name.toStdString() << " after " << visited.join(" ").toStdString();
    from = std::max(from, at);
  }
  auto* grid = shown.page->grid();
  grid->setFocus();
  QTest::keyClick(grid, Qt::Key_Home);
  QTest::keyClick(grid, Qt::Key_Right);
  EXPECT_EQ(grid->currentIndex().row(), 1);
  QTest::keyClick(grid, Qt::Key_Space);
  auto* preview = shown.child<PicturePreview>("preview");
  ASSERT_TRUE(preview->isVisible());
  ASSERT_TRUE(waitFor([&] { return preview->image().size() == QSize(24, 16); }));
  QTest::keyClick(preview, Qt::Key_Right);
  EXPECT_EQ(grid->currentIndex().row(), 2);
  QTest::keyClick(preview, Qt::Key_End);
  EXPECT_EQ(grid->currentIndex().row(), 35);
  QTest::keyClick(preview, Qt::Key_Right);
  EXPECT_EQ(grid->currentIndex().row(), 35) << "the last one has no next";
  testing_support::grabPage(*shown.window, "data-preview");
  QTest::keyClick(preview, Qt::Key_Escape);
  EXPECT_FALSE(preview->isVisible());
  EXPECT_TRUE(grid->hasFocus());
}

TEST(DataPageTest, OtherScriptsAndLongCaptionsAreShownWhole) {
  ShownData shown;
  ASSERT_TRUE(shown.shows("36 pictures"));
  const fs::path folder = shown.test->scratch() / "captioned";
  std::string table = "path,caption\n";
  for (int i = 0; i < 200; ++i) {
    writePicture(folder / cat(i, ".png"), i, i);
    table += cat(i, ".png,", i == 0 ? "שועל אדום" : i == 1 ? std::string(9000, 'w') : cat("picture ", i), "\n");
  }
  table += "0.png,red FOX\n";
  ASSERT_TRUE(writeFile(folder / "captions.csv", table));
  ASSERT_TRUE(dropOn(shown.page, Payload{.pictures = {}, .captions = {}, .paths = {folder / "captions.csv"}}));
  ASSERT_TRUE(shown.shows("200 pictures"));
  shown.child<QLineEdit>("data.search")->insert(QString::fromUtf8("אדום red fox"));  // as an input method does
  ASSERT_TRUE(shown.shows("200 pictures, 1 shown"));
  QTest::mouseClick(shown.page->grid()->viewport(), Qt::LeftButton, {}, shown.at(0));
  auto* about = shown.child<QTextBrowser>("data.about");
  EXPECT_TRUE(about->toHtml().contains("dir='rtl'")) << about->toHtml().toStdString();
  EXPECT_TRUE(about->toPlainText().contains("red FOX"));
  shown.child<QLineEdit>("data.search")->setText("wwww");
  ASSERT_TRUE(shown.shows("200 pictures, 1 shown"));
  EXPECT_LT(shown.page->grid()->model()->index(0, 0).data().toString().size(), 400);
  EXPECT_FALSE(shown.child<QListView>("data.classes")->isVisible()) << "no classes, no list of them";
}

TEST(DataPageTest, ComesBackAsItWasLeft) {
  ShownData shown;
  ASSERT_TRUE(shown.shows("36 pictures"));
  auto* classes = shown.child<QListView>("data.classes");
  classes->setCurrentIndex(classes->model()->index(3, 0));
  shown.child<QComboBox>("data.splits")->setCurrentIndex(1);
  shown.child<QLineEdit>("data.search")->setText("fox");
  shown.page->grid()->setSide(64);
  ASSERT_TRUE(shown.shows("36 pictures, 4 shown"));
  const QJsonObject state = shown.page->state();
  shown.window.reset();
  shown.test->reopen();
  shown.record("aardvarks", shown.test->scratch() / "animals");
  shown.show();
  shown.page->restore(state);
  ASSERT_TRUE(shown.shows("36 pictures, 4 shown"));
  EXPECT_EQ(shown.page->browser().name(), "animals");
  EXPECT_EQ(shown.page->grid()->side(), 64);
  EXPECT_EQ(shown.child<QListView>("data.classes")->currentIndex().row(), 3);
  shown.page->restore({{"dataset", 7}, {"split", "x"}, {"side", 100000}, {"tab", -4}, {"columns", "%%%"}, {"class", QJsonObject()}});
  shown.page->restore({{"dataset", "no such"}, {"class", "fox"}});
  ASSERT_TRUE(waitFor([&] { return shown.child<QPushButton>("data.again")->isVisible(); }));
  shown.choose("animals");
  ASSERT_TRUE(waitFor([&] { return !shown.child<QPushButton>("data.again")->isVisible(); }));
}

TEST(DataPageTest, FiftyThousandPicturesCostWhatIsSeen) {
  // Rows are made when they are looked at: a model of many datasets in one, without files.
  data::Dataset many;
  many.name = "many";
  many.labelSets = {{"kind", {"even", "odd"}}};
  for (int i = 0; i < 50000; ++i) {
    many.samples.push_back({.key = cat("key", i), .captions = {cat("Number ", i)}, .labels = {i % 2}, .split = data::Split(i % 3)});
  }
  const auto set = std::make_shared<OpenDataset>(std::move(many));
  EXPECT_EQ(set->byKey.at("key49999"), 49999u);
  EXPECT_FALSE(set->byKey.contains("key50000"));
  const auto collection = makeCollection(set, R"({"pictures":50000,"skipped":[{"key":"x","reason":"It is damaged."}]})");
  ASSERT_TRUE(collection);
  EXPECT_EQ(collection->skipped.size(), 1u);
  const auto shown = applyFilter(*collection, {.split = data::Split::Validation, .labelSet = 0, .wantedClass = 1, .text = "NUMBER 99"});
  ASSERT_TRUE(shown);
  std::size_t expected = 0;
  for (int i = 1; i < 50000; i += 2) {
    expected += i % 3 == 1 && cat("Number ", i).find("99") != std::string::npos ? 1 : 0;
  }
  EXPECT_EQ(shown->rows.size(), expected);
  EXPECT_EQ(shown->perClass[1], expected);
  EXPECT_EQ(shown->anyClass, shown->perClass[0] + shown->perClass[1]);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_FALSE(applyFilter(*collection, {}, stop.get_token()));
  EXPECT_EQ(picturesIn(R"({"name":"a \"pictures\":3","pictures":41})"), 41u);
  EXPECT_FALSE(picturesIn("{}"));
}

TEST(DataPageTest, LooksLikeThis) {
  ShownData shown;
  ASSERT_TRUE(shown.shows("36 pictures"));
  shown.choose("emoji");
  ASSERT_TRUE(waitFor([&] { return shown.page->browser().name() == "emoji" && shown.page->grid()->model()->rowCount() > 1000; }));
  QTest::mouseClick(shown.page->grid()->viewport(), Qt::LeftButton, {}, shown.at(5));
  QTest::mouseClick(shown.page->grid()->viewport(), Qt::LeftButton, Qt::ShiftModifier, shown.at(8));
  EXPECT_TRUE(shown.counts().endsWith("4 selected"));
  testing_support::grabPage(*shown.window, "data");
}

}  // namespace
}  // namespace lix::app
