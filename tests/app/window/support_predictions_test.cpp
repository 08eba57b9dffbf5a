// Pictures without a class: suggestions for the set, and predictions that are judged or accepted.
#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QItemSelectionModel>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <algorithm>

#include "pages/support/prediction_panel.h"
#include "pages/support/suggestion_panel.h"
#include "support_board_support.h"

namespace lix::app {
namespace {
using namespace testing_support;

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

TEST_F(SupportBoardTest, CorrectionsAreCountedAndSurePredictionsAcceptedInOneStep) {
  showWith(emojiDocument(desk_->desk()));
  waitForScores();
  const std::vector<PictureRef> asked = testPictures(5);
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
  EXPECT_EQ(tally->text(), "2 of 20 sorted by you, 1 as predicted");
  waitForScores();
  EXPECT_EQ(tally->text(), "2 of 20 sorted by you, 1 as predicted") << "judged by what was predicted before";
  page_->book().undo();
  EXPECT_EQ(tally->text(), "1 of 20 sorted by you, 1 as predicted");
  waitForScores();
  desk_->settle();
  auto* margin = find<QDoubleSpinBox>("support.margin");
  margin->setValue(0.0);
  auto* accept = find<QPushButton>("support.accept");
  ASSERT_TRUE(waitFor([&] { return accept->isEnabled(); })) << "once the predictions are of the set as it stands";
  EXPECT_EQ(accept->text(), "Accept 19") << "what is in the set already is not asked again";
  testing_support::grabPage(*page_, "support-predictions");
  const SupportDocument before = document();
  QTest::mouseClick(accept, Qt::LeftButton);
  EXPECT_EQ(document().set.size(), before.set.size() + 19);
  EXPECT_EQ(page_->book().history().undoTitle(), "Accept 19 pictures as predicted");
  EXPECT_TRUE(tally->text().startsWith("1 of 20")) << "nobody judged them one by one";
  page_->book().undo();
  EXPECT_EQ(document(), before);
  page_->assign({rows[1].picture}, placeOf(rows[1].best));
  EXPECT_TRUE(tally->text().startsWith("2 of 20")) << "what was accepted and taken back is judged by hand";
}

TEST_F(SupportBoardTest, WhatWasPredictedForAnotherSetOrNameIsNeitherShownNorAccepted) {
  const SupportDocument start = emojiDocument(desk_->desk());
  {
    SupportDocument other;
    other.set.classes = {{"this", start.set.classes[0].pictures}, {"that", start.set.classes[1].pictures}};
    const auto workspace = desk_->workspace();
    LIX_ASSERT_OK(store::SupportStore(workspace).saveDraft("other", toRows(other)));
  }
  showWith(start);
  waitForScores();
  const auto& run = page_->predictions();
  page_->predictions().start(of({testPicture(start.set.classes[2].name, 0), testPicture(start.set.classes[3].name, 1)}));
  ASSERT_TRUE(waitFor([&] { return run.predictions() != nullptr; }));
  auto* accept = find<QPushButton>("support.accept");
  find<QDoubleSpinBox>("support.margin")->setValue(0.0);
  ASSERT_TRUE(waitFor([&] { return accept->isEnabled() && accept->text() == "Accept 2"; }));
  page_->assign({pictures(0)[0]}, 1);
  EXPECT_FALSE(accept->isEnabled()) << "made of the set before the edit";
  EXPECT_NE(run.predictions(), nullptr) << "which are looked at until the new ones come";
  ASSERT_TRUE(waitFor([&] { return accept->isEnabled(); }));
  bool could = true, were = true;
  QObject::connect(&page_->book(), &SupportBook::opened, page_.get(), [&] {
    could = accept->isEnabled();
    were = run.predictions() != nullptr;
  });
  page_->open("other");
  ASSERT_TRUE(waitFor([&] { return page_->book().name() == "other"; }));
  EXPECT_FALSE(could);
  EXPECT_FALSE(were) << "classes of the earlier set";
  const auto allOf = [&](std::vector<std::string> names) {
    return run.predictions() && std::ranges::all_of(run.predictions()->rows, [&](const Prediction& one) {
             return std::ranges::find(names, one.best) != names.end();
           });
  };
  ASSERT_TRUE(waitFor([&] { return accept->isEnabled(); }));
  EXPECT_TRUE(allOf({"this", "that"}));
  Q_EMIT board()->renameAsked(0, "these");
  EXPECT_EQ(run.predictions(), nullptr) << "the earlier name would be made again";
  EXPECT_TRUE(run.status().contains("as soon as the set is scored")) << run.status().toStdString();
  EXPECT_FALSE(accept->isEnabled());
  ASSERT_TRUE(waitFor([&] { return accept->isEnabled(); }));
  EXPECT_TRUE(allOf({"these", "that"}));
}

TEST_F(SupportBoardTest, TheChosenPredictionStaysChosenWhereverItsRowGoes) {
  showWith(emojiDocument(desk_->desk()));
  waitForScores();
  const std::vector<PictureRef> asked = testPictures(3);
  page_->predictions().start(of(asked));
  auto* panel = page_->findChild<PredictionPanel*>();
  ASSERT_NE(panel, nullptr);
  ASSERT_TRUE(waitFor([&] { return panel->model()->rowCount() == 12; }));
  const auto rows = page_->predictions().predictions()->rows;
  std::size_t moved = 0;
  while (moved < rows.size() && rows[moved].picture == asked[moved]) {
    ++moved;
  }
  ASSERT_LT(moved, rows.size()) << "sorted by margin they stand elsewhere";
  const PictureRef chosen = rows[moved].picture;
  panel->grid()->setCurrentIndex(panel->model()->index(static_cast<int>(moved)));
  int told = 0;
  QObject::connect(panel, &PredictionPanel::pictureChosen, page_.get(), [&] { ++told; });
  find<QCheckBox>("support.sorted")->click();
  ASSERT_TRUE(waitFor([&] { return panel->model()->item(static_cast<int>(moved)).picture == asked[moved]; }));
  EXPECT_EQ(panel->model()->picture(panel->grid()->currentIndex()), chosen);
  const QModelIndexList selected = panel->grid()->selectionModel()->selectedIndexes();
  ASSERT_EQ(selected.size(), 1);
  EXPECT_EQ(panel->model()->picture(selected.front()), chosen);
  EXPECT_EQ(told, 0) << "nobody chose another one";
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
  auto* adapter = find<QComboBox>("support.adapter");
  adapter->setCurrentIndex(adapter->findData("knn"));
  desk_->settle();
  auto* margin = find<QDoubleSpinBox>("support.margin");
  margin->setValue(1000.0);
  const study::AdapterSettings one{{"knn", {{"k", 1LL}}}};
  page_->scores().setSettings(one);
  EXPECT_FALSE(page_->predictions().isCurrent(document().set)) << "made with other settings";
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
  EXPECT_LT(margin->value(), 1000.0) << "a margin in the unit of other settings decides nothing";
}

TEST_F(SupportBoardTest, TheLeastMarginHoldsOnceItIsThere) {
  showWith(emojiDocument(desk_->desk()));
  waitForScores();
  const std::vector<PictureRef> asked = testPictures(3);
  page_->predictions().start(of(asked));
  auto* accept = find<QPushButton>("support.accept");
  auto* margin = find<QDoubleSpinBox>("support.margin");
  ASSERT_TRUE(waitFor([&] { return accept->isEnabled(); }));
  const double suggested = margin->value();
  EXPECT_GT(suggested, 0.0);
  const auto edit = [&] {
    page_->assign({pictures(0)[0]}, 1);
    return waitFor([&] { return page_->predictions().isCurrent(document().set); });
  };
  ASSERT_TRUE(edit());
  EXPECT_DOUBLE_EQ(margin->value(), suggested) << "a threshold that moves with every edit is none";
  margin->setValue(suggested + 0.25);
  const double chosen = margin->value();
  ASSERT_TRUE(edit());
  page_->predictions().start(of({asked[0], asked[5]}));
  ASSERT_TRUE(waitFor([&] { return page_->predictions().isCurrent(document().set); }));
  EXPECT_DOUBLE_EQ(margin->value(), chosen) << "also for other pictures";
  page_->scores().shown().choose("knn");
  ASSERT_TRUE(waitFor([&] { return page_->predictions().isCurrent(document().set); }));
  EXPECT_NE(margin->value(), chosen) << "another adapter has another unit";
  margin->setValue(0.125);
  const auto choose = [&](const char* adapter) {
    page_->scores().shown().choose(adapter);
    return waitFor([&] { return page_->predictions().isCurrent(document().set); });
  };
  ASSERT_TRUE(choose("prototype"));
  EXPECT_DOUBLE_EQ(margin->value(), chosen) << "and each keeps the one that was chosen for it";
  ASSERT_TRUE(choose("knn"));
  EXPECT_DOUBLE_EQ(margin->value(), 0.125);
  const auto labels = page_->findChildren<QLabel*>();
  EXPECT_TRUE(std::ranges::any_of(
      labels, [&](const QLabel* one) { return one->buddy() == margin && one->text() == "&Margin at least"; }));
}

TEST_F(SupportBoardTest, WhatWasClassifiedIsRememberedAndClassifiedAgain) {
  const fs::path folder = desk_->scratch() / "unsorted";
  for (std::uint8_t i = 0; i < 6; ++i) {
    colourPicture(folder / ("p" + std::to_string(i) + ".png"), static_cast<std::uint8_t>(40 * i), 9);
  }
  showWith(emojiDocument(desk_->desk()));
  waitForScores();
  ASSERT_TRUE(dropOn(find<widgets::ImageGrid>("support.predictions"), ofPaths({folder})));
  ASSERT_TRUE(waitFor([&] { return page_->predictions().predictions() != nullptr; }));
  page_->assign({page_->predictions().predictions()->rows[0].picture}, 1);
  waitForScores();
  desk_->settle();
  const QString tally = find<QLabel>("support.tally")->text();
  ASSERT_TRUE(tally.startsWith("1 of 6")) << tally.toStdString();
  const QJsonObject state = page_->state();
  auto* again = find<QPushButton>("support.classifyAgain");
  auto* status = find<QLabel>("support.predictionStatus");
  EXPECT_FALSE(again->isVisible());
  page_->predictions().clear();
  page_->restore(state);
  EXPECT_TRUE(again->isVisible());
  EXPECT_TRUE(status->text().contains("6 pictures from " + QString::fromStdString(folder.string())));
  EXPECT_EQ(page_->state()["panels"], state["panels"]) << "kept until it is asked for";
  fs::rename(folder, desk_->scratch() / "elsewhere");
  QTest::mouseClick(again, Qt::LeftButton);
  ASSERT_TRUE(waitFor([&] { return status->text().contains("unsorted is not there any more"); }));
  EXPECT_EQ(page_->state()["panels"], state["panels"]);
  fs::rename(desk_->scratch() / "elsewhere", folder);
  QTest::mouseClick(again, Qt::LeftButton);
  ASSERT_TRUE(waitFor([&] { return page_->predictions().predictions() != nullptr; }));
  EXPECT_EQ(find<QLabel>("support.tally")->text(), tally) << "what was sorted is counted on";
  EXPECT_FALSE(again->isVisible());
}

TEST_F(SupportBoardTest, WhatWasSortedCountsTheSameHoweverOftenItIsClassified) {
  const fs::path folder = desk_->scratch() / "unsorted", other = desk_->scratch() / "other";
  for (std::uint8_t i = 0; i < 6; ++i) {
    colourPicture(folder / ("p" + std::to_string(i) + ".png"), static_cast<std::uint8_t>(40 * i), 9);
  }
  colourPicture(other / "q.png", 3, 200);
  showWith(emojiDocument(desk_->desk()));
  waitForScores();
  auto* tally = find<QLabel>("support.tally");
  const auto classify = [&](const fs::path& pictures, std::size_t count) {
    EXPECT_TRUE(dropOn(find<widgets::ImageGrid>("support.predictions"), ofPaths({pictures})));
    EXPECT_TRUE(waitFor([&] {
      const auto predictions = page_->predictions().predictions();
      return predictions && predictions->rows.size() == count && page_->predictions().isCurrent(document().set);
    }));
    return tally->text();
  };
  ASSERT_EQ(classify(folder, 6), "0 of 6 sorted by you");
  const auto rows = page_->predictions().predictions()->rows;
  const auto& classes = document().set.classes;
  const auto first = std::ranges::find(classes, rows[0].best, &support::SupportClass::name);
  const auto place = static_cast<int>(first - classes.begin());
  page_->assign({rows[0].picture}, place);
  page_->assign({rows[1].picture}, (place + 1) % 4);
  waitForScores();
  const QString once = tally->text();
  ASSERT_TRUE(once.startsWith("2 of 6 sorted by you")) << once.toStdString();
  EXPECT_EQ(classify(folder, 6), once);
  EXPECT_EQ(classify(other, 1), "0 of 1 sorted by you") << "of these nobody sorted any";
  EXPECT_EQ(classify(folder, 6), once) << "and after others";
  const QJsonObject state = page_->state();
  page_->predictions().clear();
  page_->restore(state);
  EXPECT_EQ(classify(folder, 6), once) << "and by a drop where it was remembered";
}

}  // namespace
}  // namespace lix::app
