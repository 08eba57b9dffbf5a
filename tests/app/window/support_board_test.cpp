// The support set as a document: history, versions compared, what moved a prediction.
#include <QAction>
#include <QComboBox>
#include <QElapsedTimer>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMimeData>
#include <QPushButton>
#include <QScrollBar>
#include <QToolButton>
#include <algorithm>

#include "pages/support/moved_by_panel.h"
#include "pages/support/version_comparison.h"
#include "support_board_support.h"

namespace lix::app {
namespace {
using namespace testing_support;

/// A drop with keys held.
bool dropHolding(QAbstractScrollArea* widget, const Payload& payload, Qt::KeyboardModifiers keys) {
  const std::unique_ptr<QMimeData> mime(toMime(payload));
  QWidget* target = widget->viewport();
  const QPoint middle = target->rect().center();
  const Qt::DropActions actions = Qt::CopyAction | Qt::MoveAction;
  QDragEnterEvent enter(middle, actions, mime.get(), Qt::LeftButton, keys);
  QCoreApplication::sendEvent(target, &enter);
  QDragMoveEvent move(middle, actions, mime.get(), Qt::LeftButton, keys);
  QCoreApplication::sendEvent(target, &move);
  QDropEvent drop(middle, actions, mime.get(), Qt::LeftButton, keys);
  QCoreApplication::sendEvent(target, &drop);
  return enter.isAccepted() && drop.isAccepted();
}

TEST_F(SupportBoardTest, KeysHeldAtADropMeanNewClassAndTheClassUsedLast) {
  showWith(emojiDocument(desk_->desk()));
  const auto loose = [&](const char* name, int red) {
    return PictureRef::ofFile(colourPicture(desk_->scratch() / name, static_cast<std::uint8_t>(red), 0));
  };
  const PictureRef a = loose("a.png", 10), b = loose("b.png", 20), c = loose("c.png", 30);
  ASSERT_TRUE(dropHolding(column(1)->grid(), of({a}), Qt::ShiftModifier));
  ASSERT_EQ(document().set.classes.size(), 5u);
  EXPECT_EQ(pictures(4), std::vector{a});
  ASSERT_TRUE(dropHolding(column(0)->grid(), of({b}), Qt::ShiftModifier | Qt::ControlModifier));
  EXPECT_EQ(pictures(4), (std::vector{a, b}));
  ASSERT_TRUE(dropHolding(column(0)->grid(), of({c}), Qt::NoModifier));
  EXPECT_EQ(pictures(0).back(), c);
  const fs::path folder = desk_->scratch() / "deep";
  colourPicture(folder / "x" / "d.png", 40, 0);
  colourPicture(folder / "y" / "e.png", 50, 0);
  ASSERT_TRUE(dropHolding(board()->tray()->grid(), ofPaths({folder}), Qt::ShiftModifier | Qt::ControlModifier));
  ASSERT_TRUE(waitFor([&] { return pictures(0).size() == 7u; })) << "all of it into the class used last";
  EXPECT_EQ(document().set.classes.size(), 5u);
}

TEST_F(SupportBoardTest, WhereADropMakesAClassIsLitWhilePicturesAreDragged) {
  SupportDocument start = emojiDocument(desk_->desk());
  start.set.classes.resize(1);
  showWith(start);
  waitForScores();
  auto* zone = find<QLabel>("support.newClassZone");
  auto* add = find<QPushButton>("support.addClass");
  EXPECT_FALSE(zone->isVisible());
  const PictureRef a = PictureRef::ofFile(colourPicture(desk_->scratch() / "a.png", 10, 0));
  const PictureRef b = PictureRef::ofFile(colourPicture(desk_->scratch() / "b.png", 20, 0));
  const std::unique_ptr<QMimeData> mime(toMime(of({a})));
  QWidget* inColumn = column(0)->grid()->viewport();
  QDragEnterEvent enter(QPoint(5, 5), Qt::CopyAction, mime.get(), Qt::LeftButton, Qt::NoModifier);
  QCoreApplication::sendEvent(inColumn, &enter);
  ASSERT_TRUE(zone->isVisible()) << "also while they are over a column";
  EXPECT_EQ(zone->text(), "Drop here: a new class");
  EXPECT_FALSE(add->styleSheet().isEmpty());
  QWidget* viewport = board()->viewport();
  const QRect last(column(0)->mapTo(viewport, QPoint()), column(0)->size());
  EXPECT_FALSE(zone->geometry().intersects(last)) << "no column is covered";
  EXPECT_EQ(zone->geometry().right(), viewport->width() - 1);
  QDragLeaveEvent leave;
  QCoreApplication::sendEvent(inColumn, &leave);
  ASSERT_TRUE(waitFor([&] { return !zone->isVisible(); }));
  EXPECT_TRUE(add->styleSheet().isEmpty());
  ASSERT_TRUE(dropOn(board(), of({a})));
  EXPECT_FALSE(zone->isVisible());
  ASSERT_EQ(document().set.classes.size(), 2u);
  EXPECT_EQ(pictures(1), std::vector{a});
  ASSERT_TRUE(dropOn(add, of({b}))) << "which stands there also where no room is left beside the columns";
  ASSERT_EQ(document().set.classes.size(), 3u);
  EXPECT_EQ(pictures(2), std::vector{b});
}

TEST_F(SupportBoardTest, ThePicturesOfAClassStandTwoAndTwoAlsoBesideAScrollBar) {
  SupportDocument start = emojiDocument(desk_->desk());
  for (int i = 0; i < 40; ++i) {
    start.set.classes[0].pictures.push_back(PictureRef::sample("absent", std::to_string(i)));
  }
  showWith(start);
  page_->resize(700, 800);
  auto* grid = column(0)->grid();
  ASSERT_TRUE(waitFor([&] { return column(0)->width() == column(0)->minimumWidth(); })) << "as narrow as it gets";
  ASSERT_TRUE(waitFor([&] { return grid->verticalScrollBar()->isVisible(); }));
  EXPECT_EQ(grid->columns(), 2);
  EXPECT_FALSE(column(1)->grid()->verticalScrollBar()->isVisible());
  EXPECT_EQ(column(1)->grid()->columns(), 2);
}

TEST_F(SupportBoardTest, SelectionsOfOtherPagesAreDroppedOnColumns) {
  showWith(emojiDocument(desk_->desk()));
  const PictureRef sample = testPicture(document().set.classes[0].name, 3);
  const PictureRef file = PictureRef::ofFile(colourPicture(desk_->scratch() / "f.png", 1, 2));
  PictureModel elsewhere(desk_->desk());  // as the grids of Data, Inspect and Compare have it
  elsewhere.setItems({PictureItem{.picture = sample}, PictureItem{.picture = file}});
  ASSERT_TRUE(dropOn(column(2)->grid(), elsewhere.mimeData({elsewhere.index(0), elsewhere.index(1)})));
  ASSERT_EQ(pictures(2).size(), 6u);
  EXPECT_EQ(pictures(2)[4], sample);
  EXPECT_EQ(pictures(2)[5], file);
}

TEST_F(SupportBoardTest, HistoryListsTheStepsAndAClickGoesThere) {
  const SupportDocument start = emojiDocument(desk_->desk());
  showWith(start);
  page_->docks()->showPanel("history");
  auto* steps = find<QListWidget>("support.steps");
  page_->assign({pictures(0)[0]}, 1);
  const SupportDocument first = document();
  page_->assign({pictures(0)[0]}, 2);
  const SupportDocument second = document();
  ASSERT_TRUE(waitFor([&] { return steps->count() == 3; }));
  EXPECT_EQ(steps->item(2)->text(), "As it was opened");
  EXPECT_TRUE(steps->item(0)->text().startsWith("1 picture to ")) << steps->item(0)->text().toStdString();
  EXPECT_EQ(steps->currentRow(), 0);
  QTest::mouseClick(steps->viewport(), Qt::LeftButton, Qt::NoModifier, steps->visualItemRect(steps->item(2)).center());
  EXPECT_EQ(document(), start);
  EXPECT_TRUE(steps->item(0)->text().endsWith("(undone)"));
  QTest::mouseClick(steps->viewport(), Qt::LeftButton, Qt::NoModifier, steps->visualItemRect(steps->item(0)).center());
  EXPECT_EQ(document(), second);
  steps->setCurrentRow(1);
  QTest::keyClick(steps, Qt::Key_Return);
  EXPECT_EQ(document(), first);
  ASSERT_TRUE(waitFor([&] { return stored("mine") == toRows(first); })) << "it is kept like an edit";
}

TEST_F(SupportBoardTest, StepsOfASetComeBackWithItInTheSameWindow) {
  const SupportDocument start = emojiDocument(desk_->desk());
  {
    SupportDocument other;
    other.set.classes = {start.set.classes[0], start.set.classes[1]};
    const auto workspace = desk_->workspace();
    LIX_ASSERT_OK(store::SupportStore(workspace).saveDraft("other", toRows(other)));
  }
  showWith(start);
  const auto& book = page_->book();
  const auto open = [&](const char* name) {
    page_->open(name);
    return waitFor([&] { return book.name() == name; });
  };
  page_->assign({pictures(0)[0]}, 1);
  page_->assign({pictures(0)[0]}, 2);
  page_->book().undo();
  const SupportDocument edited = document();
  ASSERT_TRUE(open("other"));
  EXPECT_FALSE(book.history().canUndo()) << "it was not edited";
  page_->assign({pictures(0)[0]}, 1);
  ASSERT_TRUE(open("mine"));
  EXPECT_EQ(document(), edited);
  ASSERT_EQ(book.history().size(), 3u);
  EXPECT_TRUE(book.history().canRedo());
  EXPECT_TRUE(find<QToolButton>("support.undo")->isEnabled());
  page_->book().undo();
  EXPECT_EQ(document(), start);
  ASSERT_TRUE(open("other"));
  EXPECT_EQ(book.history().size(), 2u);
  ASSERT_TRUE(waitFor([&] { return stored("mine") == toRows(start); }));
  {
    SupportDocument changed = start;
    changed.set.classes.pop_back();
    const auto workspace = desk_->workspace();
    LIX_ASSERT_OK(store::SupportStore(workspace).saveDraft("mine", toRows(changed)));
  }
  ASSERT_TRUE(open("mine"));
  EXPECT_EQ(book.history().size(), 1u) << "somebody else changed it: those steps do not lead here";
}

TEST_F(SupportBoardTest, VersionsAreComparedRenamedAndDeleted) {
  showWith(emojiDocument(desk_->desk()));
  waitForScores();
  page_->docks()->showPanel("versions");
  page_->book().saveVersion("as made");
  auto* list = find<QListWidget>("support.versions");
  ASSERT_TRUE(waitFor([&] { return list->count() == 1; }));
  const std::string first = document().set.classes[0].name, second = document().set.classes[1].name;
  const PictureRef moved = pictures(0)[0], gone = pictures(0)[1];
  page_->assign({moved}, 1);
  page_->book().edit("out", without(document(), std::vector{gone}));
  page_->assign({PictureRef::ofFile(colourPicture(desk_->scratch() / "n.png", 5, 5))}, SupportBoard::kNewClass);
  list->setCurrentRow(0);
  auto* with = find<QComboBox>("support.compareWith");
  with->setCurrentIndex(with->findText("As it stands"));
  auto* classes = find<QLabel>("support.versionClasses");
  ASSERT_TRUE(waitFor([&] { return classes->text().contains("1 entered, 1 left, 1 moved"); }))
      << classes->text().toStdString();
  EXPECT_TRUE(classes->text().contains("Classes added: class 5."));
  auto* accuracies = find<QLabel>("support.versionAccuracies");
  ASSERT_TRUE(waitFor([&] { return accuracies->isVisible() && accuracies->text().contains(" % to "); }));
  EXPECT_TRUE(accuracies->text().startsWith("Prototype")) << accuracies->text().toStdString();
  auto* changes = find<widgets::ImageGrid>("support.versionChanges");
  ASSERT_EQ(changes->model()->rowCount(), 3);
  const auto tip = [&](int row) { return changes->model()->index(row, 0).data(Qt::ToolTipRole).toString(); };
  EXPECT_EQ(changes->model()->index(0, 0).data(widgets::BadgeRole).toString(), "moved");
  EXPECT_TRUE(tip(0).contains(QString::fromStdString("moved from " + first + " to " + second)));
  EXPECT_EQ(changes->model()->index(2, 0).data(widgets::BadgeRole).toString(), "left");
  testing_support::grabPage(*page_, "support-compared");
  page_->book().undo();
  ASSERT_TRUE(waitFor([&] { return classes->text().contains("0 entered, 1 left, 1 moved"); })) << "it follows the set";
  list->setFocus();
  QTest::keyClick(list, Qt::Key_F2);
  auto* dialog = page_->findChild<QWidget*>("support.versionNote");
  ASSERT_NE(dialog, nullptr);
  auto* edit = dialog->findChild<QLineEdit*>();
  edit->setText("the beginning");
  QTest::keyClick(edit, Qt::Key_Return);
  ASSERT_TRUE(waitFor([&] { return list->count() == 1 && list->item(0)->text().contains("the beginning"); }));
  auto* remove = page_->findChild<QAction*>("support.confirmRemoveVersion");
  ASSERT_NE(remove, nullptr);
  remove->trigger();
  ASSERT_TRUE(waitFor([&] { return list->count() == 0; }));
  EXPECT_FALSE(with->isEnabled());
}

TEST_F(SupportBoardTest, AccuraciesOfVersionsAreThoseOfTheSettingsAndTheModelAsTheyStand) {
  showWith(emojiDocument(desk_->desk()));
  waitForScores();
  page_->docks()->showPanel("versions");
  page_->book().saveVersion("as made");
  auto* list = find<QListWidget>("support.versions");
  ASSERT_TRUE(waitFor([&] { return list->count() == 1; }));
  const support::SupportSet made = document().set;
  page_->assign({pictures(0)[0], pictures(0)[1], pictures(0)[2]}, 1);
  auto* adapter = find<QComboBox>("support.adapter");
  adapter->setCurrentIndex(adapter->findData("knn"));
  list->setCurrentRow(0);
  auto* with = find<QComboBox>("support.compareWith");
  with->setCurrentIndex(with->findText("As it stands"));
  auto* accuracies = find<QLabel>("support.versionAccuracies");
  auto& scores = page_->scores();
  const auto expected = [&](const study::AdapterSettings& settings) {
    const auto accuracy = [&](const support::SupportSet& set) {
      const auto scored = scores.scorer()->score(*scores.reader(), set, scores.queries(), settings).value();
      return QString::number(
          100.0 * *std::ranges::find(scored.adapters, "knn", &study::AdapterScore::id)->accuracy, 'f', 1);
    };
    return accuracy(made) + " % to " + accuracy(document().set) + " %";
  };
  ASSERT_TRUE(waitFor([&] { return accuracies->isVisible(); }));
  EXPECT_TRUE(accuracies->text().contains(expected({}))) << accuracies->text().toStdString();
  EXPECT_TRUE(accuracies->text().contains("queries that both were measured on"));
  const study::AdapterSettings one{{"knn", {{"k", 1LL}}}};
  ASSERT_NE(expected(one), expected({}));
  scores.setSettings(one);
  EXPECT_FALSE(accuracies->isVisible()) << "of other settings";
  ASSERT_TRUE(waitFor([&] { return accuracies->isVisible(); }));
  EXPECT_TRUE(accuracies->text().contains(expected(one))) << accuracies->text().toStdString();
  scores.setModel({});
  EXPECT_FALSE(accuracies->isVisible()) << "of another model";
  page_->findChild<VersionComparison*>()->compare(99, VersionComparison::kAsItStands);
  auto* classes = find<QLabel>("support.versionClasses");
  EXPECT_TRUE(waitFor([&] { return classes->text().startsWith("version 99 cannot be read"); }))
      << classes->text().toStdString();
}

TEST_F(SupportBoardTest, WhatMovedAPredictionFollowsSettingsAndIsForgottenWithTheSet) {
  showWith(emojiDocument(desk_->desk()));
  waitForScores();
  page_->explain(pictures(0)[0]);
  auto* panel = page_->findChild<MovedByPanel*>("support.movedBy");
  auto* status = find<QLabel>("support.movedStatus");
  ASSERT_TRUE(waitFor([&] { return panel->model()->rowCount() > 0; })) << status->text().toStdString();
  const QString before = status->text();
  EXPECT_TRUE(before.contains(QString::fromStdString("stands in class " + document().set.classes[0].name)));
  page_->scores().setSettings({{"prototype", {{"text_weight", 0.9}}}});
  ASSERT_TRUE(waitFor([&] { return status->text() != before && !status->text().startsWith("Leaving"); }))
      << "the lead is another one with these settings";
  bool gone = false;
  QObject::connect(&page_->book(), &SupportBook::opened, page_.get(), [&] { gone = panel->model()->rowCount() == 0; });
  page_->book().create("next");
  ASSERT_TRUE(waitFor([&] { return page_->book().name() == "next"; }));
  EXPECT_TRUE(gone) << "pictures of the earlier set";
}

TEST_F(SupportBoardTest, WhatMovedAPredictionIsItsLeadLessTheLeadWithoutThePicture) {
  showWith(emojiDocument(desk_->desk()));
  waitForScores();
  const PictureRef query = testPicture(document().set.classes[0].name, 1);
  page_->explain(query);
  auto* panel = page_->findChild<MovedByPanel*>("support.movedBy");
  ASSERT_NE(panel, nullptr);
  ASSERT_TRUE(waitFor([&] { return panel->model()->rowCount() > 0; }))
      << find<QLabel>("support.movedStatus")->text().toStdString();
  EXPECT_TRUE(find<QLabel>("support.movedStatus")->text().startsWith("Prototype")) << "the adapter is named";
  testing_support::grabPage(*page_, "support-moved");
  double sum = 0.0;
  const int rows = panel->model()->rowCount();
  ASSERT_LE(rows, 16);
  for (int row = 0; row < rows; ++row) {
    const QString badge = panel->model()->item(row).badge;
    sum += badge.mid(1, badge.size() - 3).toDouble();
    EXPECT_EQ(panel->model()->item(row).bar > 0.0, badge.startsWith('+')) << badge.toStdString();
    EXPECT_EQ(panel->model()->item(row).secondBar > 0.0, !badge.startsWith('+')) << badge.toStdString();
  }
  EXPECT_NEAR(sum, 100.0, 1.0) << "shares of all changes, rounded to a tenth";
  // The strongest by fitting apart, with it and without.
  const auto reader = page_->scores().reader();
  const auto scorer = page_->scores().scorer();
  EmbeddedPictures asked = embedPictures(*reader, desk_->desk().datasets(), std::span(&query, 1), std::nullopt).value();
  const PictureRef strongest = panel->model()->item(0).picture;
  const auto with = scorer->predict(*reader, document().set, asked, "prototype").value().rows[0];
  const auto less = scorer->predict(*reader, support::withoutPictures(document().set, std::vector{strongest}), asked, "prototype")
                        .value().rows[0];
  ASSERT_EQ(less.best, with.best);
  EXPECT_EQ(panel->model()->item(0).badge.startsWith('+'), with.margin > less.margin);
  EXPECT_TRUE(panel->model()->item(0).tip.contains(QString::number(std::abs(with.margin - less.margin), 'g', 2)))
      << panel->model()->item(0).tip.toStdString() << " " << with.margin - less.margin;
  auto* grid = panel->grid();
  QTest::mouseClick(grid->viewport(), Qt::LeftButton, Qt::NoModifier,
                    grid->visualRect(panel->model()->index(0)).center());
  const auto place = document().set.classOf(strongest);
  ASSERT_TRUE(place);
  EXPECT_EQ(column(static_cast<int>(*place))->selected(), std::vector{strongest});
  page_->book().edit("out", without(document(), std::vector{strongest}));
  ASSERT_TRUE(waitFor([&] {
    for (int row = 0; row < panel->model()->rowCount(); ++row) {
      if (panel->model()->item(row).picture == strongest) {
        return false;
      }
    }
    return panel->model()->rowCount() > 0;
  })) << "it follows the set";
}

TEST_F(SupportBoardTest, TenThousandPicturesAreShownEditedAndUndone) {
  SupportDocument large;
  for (int c = 0; c < 10; ++c) {
    support::SupportClass one{"class " + std::to_string(c), {}};
    for (int i = 0; i < 1000; ++i) {
      one.pictures.push_back(PictureRef::sample("absent", std::to_string(c) + "/" + std::to_string(i)));
    }
    large.set.classes.push_back(std::move(one));
  }
  showWith(large);
  page_->scores().setLive(false);
  ASSERT_EQ(document(), large);
  QElapsedTimer timer;
  timer.start();
  page_->assign({pictures(0)[0]}, 5);
  std::printf("[ measured ] an edit of 10,000 pictures: %lld ms in the window\n", static_cast<long long>(timer.restart()));
  EXPECT_EQ(column(5)->model()->rowCount(), 1001);
  page_->book().undo();
  std::printf("[ measured ] its undo: %lld ms in the window\n", static_cast<long long>(timer.elapsed()));
  EXPECT_EQ(document(), large);
  EXPECT_EQ(column(5)->model()->rowCount(), 1000);
  const auto [from, to] = column(5)->grid()->visibleRows();
  EXPECT_LT(to - from, 100) << "only what can be seen is asked for";
}

}  // namespace
}  // namespace lix::app
