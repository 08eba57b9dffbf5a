// The support set as a document: what stands twice, suggestions, history, versions compared, what moved a prediction.
#include <QAction>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QElapsedTimer>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMimeData>
#include <QPushButton>
#include <QToolButton>
#include <algorithm>

#include "pages/support/duplicates.h"
#include "pages/support/moved_by_panel.h"
#include "pages/support/set_features.h"
#include "pages/support/suggestion_panel.h"
#include "support_page_support.h"

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

Payload of(std::vector<PictureRef> pictures) { return {.pictures = std::move(pictures), .captions = {}, .paths = {}}; }
Payload ofPaths(std::vector<fs::path> paths) { return {.pictures = {}, .captions = {}, .paths = std::move(paths)}; }

class SupportBoardTest : public SupportPageTest {
 protected:
  PictureRef testPicture(const std::string& className, std::size_t which) {
    const auto open = desk_->desk().datasets().open("emoji").value();
    for (const auto& sample : open->set.samples) {
      if (sample.split == data::Split::Test && sample.labels[0] >= 0 &&
          open->set.labelSets[0].classes[static_cast<std::size_t>(sample.labels[0])] == className && which-- == 0) {
        return PictureRef::sample("emoji", sample.key);
      }
    }
    ADD_FAILURE() << "no test picture of " << className;
    return {};
  }
  QString badge(SupportColumn* column, int row) { return column->model()->item(row).badge; }
};

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

TEST_F(SupportBoardTest, CopiesConflictsAndQueriesAreFlaggedAndExtraCopiesGoInOneStep) {
  SupportDocument start = emojiDocument(desk_->desk());
  const fs::path folder = desk_->scratch();
  const auto file = [&](const char* name, std::uint8_t red) {
    return PictureRef::ofFile(colourPicture(folder / name, red, 7));
  };
  auto& classes = start.set.classes;
  const PictureRef query = testPicture(classes[3].name, 0);
  classes[0].pictures = {file("one.png", 200), file("two.png", 200)};  // a copy in its class
  classes[1].pictures.push_back(file("three.png", 90));
  classes[2].pictures.push_back(file("four.png", 90));  // the same in two classes
  classes[3].pictures.push_back(query);
  showWith(start);
  waitForScores();
  auto* bar = find<QFrame>("support.duplicates");
  ASSERT_TRUE(waitFor([&] { return bar->isVisible(); }));
  const QString text = find<QLabel>("support.duplicateText")->text();
  EXPECT_TRUE(text.contains("2 pictures in conflict")) << text.toStdString();
  EXPECT_TRUE(text.contains("2 copies")) << text.toStdString();
  EXPECT_TRUE(text.contains("1 also a query (left out of the accuracies)")) << text.toStdString();
  EXPECT_EQ(badge(column(0), 0), "copy");
  EXPECT_EQ(badge(column(0), 1), "copy");
  EXPECT_EQ(badge(column(1), 4), "conflict");
  EXPECT_EQ(badge(column(2), 4), "conflict");
  EXPECT_EQ(badge(column(3), 4), "query");
  EXPECT_TRUE(column(1)->model()->item(4).tip.contains(QString::fromStdString(classes[2].name)));
  testing_support::grabPage(*page_, "support-duplicates");
  QTest::mouseClick(find<QPushButton>("support.selectDuplicates"), Qt::LeftButton);
  EXPECT_EQ(column(0)->selected().size(), 2u);
  EXPECT_EQ(column(3)->selected(), std::vector{query});
  QTest::mouseClick(find<QPushButton>("support.removeCopies"), Qt::LeftButton);
  EXPECT_EQ(pictures(0).size(), 1u);
  EXPECT_EQ(pictures(1).size(), 5u) << "a conflict is for a person";
  EXPECT_EQ(page_->book().history().undoTitle(), "Remove an extra copy");
  ASSERT_TRUE(waitFor([&] { return !find<QLabel>("support.duplicateText")->text().contains("cop"); }));
  page_->book().undo();
  EXPECT_EQ(document(), start);
}

TEST_F(SupportBoardTest, NearDuplicatesSayOfWhatAndHowNear) {
  SetFeatures set;
  set.pictures = {PictureRef::ofFile("/a"), PictureRef::ofFile("/b"), PictureRef::ofFile("/c")};
  set.labels = {0, 1, 0};
  set.hashes = {1, 2, 3};
  set.names = {"cat", "dog"};
  set.vectors = {2, {1.f, 0.f, 0.99f, 0.141067f, 0.f, 1.f}};
  const auto found = findDuplicates(set, {{PictureRef::ofFile("/q")}, {3}});
  LIX_ASSERT_OK(found);
  ASSERT_EQ(found->flags.size(), 3u);
  const Flag& near = found->flags.at(PictureRef::ofFile("/a"));
  EXPECT_EQ(near.trouble, Trouble::Near);
  EXPECT_EQ(near.otherClass, "dog");
  EXPECT_TRUE(sentenceOf(near).contains("cosine 0.990 (above 0.98)")) << sentenceOf(near).toStdString();
  EXPECT_EQ(found->flags.at(PictureRef::ofFile("/c")).trouble, Trouble::Leak);
  EXPECT_TRUE(found->extra.empty());
  EXPECT_TRUE(summaryOf(*found).contains("2 near duplicates"));
  EXPECT_TRUE(summaryOf(Duplicates()).isEmpty());
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

TEST_F(SupportBoardTest, SuggestionsOfTheTrainingPicturesAreAddedAndHidden) {
  showWith(emojiDocument(desk_->desk()));
  waitForScores();
  page_->docks()->showPanel("suggestions");
  auto* panel = page_->findChild<SuggestionPanel*>("support.suggestions");
  ASSERT_NE(panel, nullptr);
  auto* status = find<QLabel>("support.suggestionStatus");
  if (panel->run().waiting() > 0) {
    QTest::mouseClick(find<QPushButton>("support.readPool"), Qt::LeftButton);
  }
  ASSERT_TRUE(waitFor([&] {
    if (panel->run().waiting() > 0) {
      panel->run().read();
    }
    return panel->run().list() != nullptr;
  })) << status->text().toStdString();
  EXPECT_TRUE(status->text().contains("16 in the set")) << status->text().toStdString();
  const auto& rows = panel->run().list()->rows;
  ASSERT_GT(rows.size(), 20u);
  EXPECT_TRUE(std::ranges::is_sorted(rows, std::greater(), &SuggestionList::Row::score));
  testing_support::grabPage(*page_, "support-suggestions");
  auto* grid = panel->grid();
  grid->setFocus();
  grid->setCurrentIndex(panel->model()->index(0));
  const PictureRef best = rows[0].picture, next = rows[1].picture, third = rows[2].picture;
  QTest::keyClick(grid, Qt::Key_Return);
  EXPECT_EQ(pictures(0).back(), best);
  EXPECT_EQ(panel->model()->item(0).picture, next) << "what is added is gone at once";
  QTest::keyClick(grid, Qt::Key_Backspace);
  EXPECT_EQ(panel->model()->item(0).picture, third);
  QTest::keyClick(grid, Qt::Key_2);
  EXPECT_EQ(pictures(1).back(), third) << "number keys add to any class";
  EXPECT_EQ(document().set.size(), 18u);
  auto* by = find<QComboBox>("support.suggestBy");
  by->setCurrentIndex(by->findText("By caption"));
  auto* caption = find<QLineEdit>("support.suggestCaption");
  ASSERT_TRUE(caption->isVisible());
  QTest::keyClicks(caption, "a red heart");
  QTest::keyClick(caption, Qt::Key_Return);
  ASSERT_TRUE(waitFor([&] { return panel->run().list() && panel->run().list()->wish.caption == "a red heart"; }));
  for (const char* way : {"Most uncertain", "Farthest"}) {
    by->setCurrentIndex(by->findText(way));
    ASSERT_TRUE(waitFor([&] {
      return panel->run().list() && panel->run().list()->wish.by == static_cast<study::SuggestBy>(by->currentData().toInt());
    })) << way;
    EXPECT_FALSE(panel->run().list()->rows.empty()) << way;
  }
}

TEST_F(SupportBoardTest, AnOwnFolderIsAPoolAndClassesWithoutPicturesAreRefusedInASentence) {
  SupportDocument start = emojiDocument(desk_->desk());
  start.set.classes.push_back({"empty", {}});
  showWith(start);
  waitForScores();
  page_->docks()->showPanel("suggestions");
  auto* panel = page_->findChild<SuggestionPanel*>("support.suggestions");
  const fs::path folder = desk_->scratch() / "pool";
  for (int i = 0; i < 6; ++i) {
    colourPicture(folder / ("p" + std::to_string(i) + ".png"), static_cast<std::uint8_t>(40 * i), 9);
  }
  colourPicture(folder / "twin.png", 40, 9);
  writeText(folder / "film.mp4", "x");
  ASSERT_TRUE(dropOn(panel->grid(), ofPaths({folder})));
  ASSERT_TRUE(waitFor([&] { return panel->run().list() != nullptr && panel->run().poolSize() == 7; }));
  EXPECT_EQ(panel->run().list()->rows.size(), 6u);
  EXPECT_EQ(panel->run().list()->counts.copies, 1u);
  EXPECT_TRUE(desk_->wasSaid("film.mp4"));
  auto* of = find<QComboBox>("support.suggestClass");
  of->setCurrentIndex(of->findText("empty"));
  auto* status = find<QLabel>("support.suggestionStatus");
  ASSERT_TRUE(waitFor([&] { return status->text().contains("no picture yet"); })) << status->text().toStdString();
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

TEST_F(SupportBoardTest, CorrectionsAreCountedAndSurePredictionsAcceptedInOneStep) {
  showWith(emojiDocument(desk_->desk()));
  waitForScores();
  std::vector<PictureRef> asked;
  for (std::size_t c = 0; c < 4; ++c) {
    for (std::size_t i = 0; i < 5; ++i) {
      asked.push_back(testPicture(document().set.classes[c].name, i));
    }
  }
  page_->predictions().start(of(asked));
  auto* grid = find<widgets::ImageGrid>("support.predictions");
  ASSERT_TRUE(waitFor([&] { return grid->model()->rowCount() == 20; }));
  auto* tally = find<QLabel>("support.tally");
  EXPECT_EQ(tally->text(), "0 of 20 sorted by you");
  const auto rows = page_->predictions().predictions()->rows;
  const auto placeOf = [&](const std::string& name) {
    const auto& classes = document().set.classes;
    return static_cast<int>(std::ranges::find(classes, name, &support::SupportClass::name) - classes.begin());
  };
  page_->assign({rows[0].picture}, placeOf(rows[0].best));
  page_->assign({rows[1].picture}, (placeOf(rows[1].best) + 1) % 4);
  EXPECT_EQ(tally->text(), "2 of 20 sorted by you, last 2: 1 right");
  waitForScores();
  EXPECT_EQ(tally->text(), "2 of 20 sorted by you, last 2: 1 right") << "judged by what was predicted before";
  page_->book().undo();
  EXPECT_EQ(tally->text(), "1 of 20 sorted by you, last 1: 1 right");
  waitForScores();
  desk_->settle();
  auto* margin = find<QDoubleSpinBox>("support.margin");
  margin->setValue(0.0);
  auto* accept = find<QPushButton>("support.accept");
  EXPECT_EQ(accept->text(), "Accept 19") << "what is in the set already is not asked again";
  testing_support::grabPage(*page_, "support-predictions");
  const SupportDocument before = document();
  QTest::mouseClick(accept, Qt::LeftButton);
  EXPECT_EQ(document().set.size(), before.set.size() + 19);
  EXPECT_EQ(page_->book().history().undoTitle(), "Accept 19 pictures as predicted");
  EXPECT_TRUE(tally->text().startsWith("1 of 20")) << "nobody judged them one by one";
  page_->book().undo();
  EXPECT_EQ(document(), before);
}

TEST_F(SupportBoardTest, PredictionsAreMadeWithTheSettingsOfTheAccuracies) {
  showWith(emojiDocument(desk_->desk()));
  waitForScores();
  std::vector<PictureRef> asked;
  for (std::size_t c = 0; c < 4; ++c) {
    asked.push_back(testPicture(document().set.classes[c].name, c));
  }
  page_->predictions().start(of(asked));
  ASSERT_TRUE(waitFor([&] { return page_->predictions().predictions() != nullptr; }));
  page_->predictions().setAdapter("knn");
  desk_->settle();
  const study::AdapterSettings one{{"knn", {{"k", 1LL}}}};
  page_->scores().setSettings(one);
  const auto embedded = embedPictures(*page_->scores().reader(), desk_->desk().datasets(), asked, {});
  ASSERT_TRUE(embedded);
  const auto marginsWith = [&](const study::AdapterSettings& settings) {
    const auto made =
        page_->scores().scorer()->predict(*page_->scores().reader(), document().set, *embedded, "knn", settings);
    std::vector<float> margins;
    for (const Prediction& row : made->rows) {
      margins.push_back(row.margin);
    }
    std::ranges::sort(margins);
    return margins;
  };
  ASSERT_NE(marginsWith(one), marginsWith({}));
  EXPECT_TRUE(waitFor([&] {
    std::vector<float> margins;
    for (const Prediction& row : page_->predictions().predictions()->rows) {
      margins.push_back(row.margin);
    }
    return margins == marginsWith(one);
  }));
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
