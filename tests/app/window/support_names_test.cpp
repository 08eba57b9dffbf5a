// The board of a support set: what stands twice, names of classes, what is selected after a move, what never moves.
#include <QAction>
#include <QCheckBox>
#include <QLabel>
#include <QPushButton>
#include <algorithm>

#include "chrome/action_table.h"
#include "base/text.h"
#include "pages/support/class_name.h"
#include "pages/support/duplicates.h"
#include "pages/support/query_plan.h"
#include "pages/support/set_features.h"
#include "support_board_support.h"

namespace lix::app {
namespace {
using namespace testing_support;

class BoardTest : public SupportBoardTest {
 protected:
  void choose(const char* action) {
    auto* entry = page_->findChild<QAction*>(action);
    ASSERT_NE(entry, nullptr) << action;
    EXPECT_TRUE(entry->isEnabled()) << action;
    entry->trigger();
  }
  ClassName* name(int index) { return column(index)->findChild<ClassName*>("support.className"); }
  QString line() { return find<QLabel>("support.duplicateText")->text(); }
};

TEST_F(BoardTest, CopiesConflictsAndQueriesAreFlaggedAndExtraCopiesGoInOneStep) {
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
  auto* line = find<QLabel>("support.duplicateText");
  ASSERT_TRUE(waitFor([&] { return line->text().contains("conflict"); })) << line->text().toStdString();
  const QString text = line->text();
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
  choose("support.selectAll");
  EXPECT_EQ(column(0)->selected().size(), 2u);
  EXPECT_TRUE(std::ranges::count(column(3)->selected(), query));
  choose("support.selectOne");
  EXPECT_EQ(column(0)->selected(), std::vector{classes[0].pictures[1]}) << "Delete leaves the other one";
  choose("support.selectQueries");
  EXPECT_TRUE(column(0)->selected().empty());
  EXPECT_TRUE(std::ranges::count(column(3)->selected(), query));
  auto* remove = find<QPushButton>("support.removeCopies");
  page_->book().edit("out", without(document(), std::vector{pictures(0)[0]}));
  QTest::mouseClick(remove, Qt::LeftButton);
  EXPECT_EQ(pictures(0).size(), 1u) << "the last one stays: copies were found in the set before that";
  page_->book().undo();
  ASSERT_TRUE(waitFor([&] { return remove->isVisible() && remove->isEnabled(); }));
  QTest::mouseClick(remove, Qt::LeftButton);
  EXPECT_EQ(pictures(0).size(), 1u);
  EXPECT_EQ(pictures(1).size(), 5u) << "a conflict is for a person";
  EXPECT_EQ(page_->book().history().undoTitle(), "Remove an extra copy");
  ASSERT_TRUE(waitFor([&] { return !find<QLabel>("support.duplicateText")->text().contains("cop"); }));
  page_->book().undo();
  EXPECT_EQ(document(), start);
}

TEST_F(BoardTest, NearDuplicatesSayOfWhatAndHowNear) {
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
  EXPECT_EQ(found->oneOfEach, std::vector{PictureRef::ofFile("/b")});
  EXPECT_EQ(found->ofQueries, std::vector{PictureRef::ofFile("/c")});
  EXPECT_TRUE(sentenceOf(near).contains("cosine 0.990 (above 0.98)")) << sentenceOf(near).toStdString();
  EXPECT_EQ(found->flags.at(PictureRef::ofFile("/c")).trouble, Trouble::Leak);
  EXPECT_TRUE(found->extra.empty());
  EXPECT_TRUE(summaryOf(*found).contains("2 near duplicates"));
  EXPECT_TRUE(summaryOf(Duplicates()).isEmpty());
}

TEST_F(BoardTest, NearQueriesAreFlaggedByHand) {
  SetFeatures set;
  set.pictures = {PictureRef::ofFile("/a"), PictureRef::ofFile("/b")};
  set.labels = {0, 0};
  set.hashes = {1, 2};
  set.names = {"cat"};
  set.vectors = {2, {1.f, 0.f, 0.f, 1.f}};
  const std::vector<float> queries{0.6f, 0.8f, 0.99f, 0.141067f, 0.995f, 0.0998749f};
  const QueryContent content{{PictureRef::ofFile("/p"), PictureRef::ofFile("/q"), PictureRef::ofFile("/r")},
                             {7, 8, 9},
                             {queries, 3, 2}};
  const auto found = findDuplicates(set, content);
  LIX_ASSERT_OK(found);
  ASSERT_EQ(found->flags.size(), 1u) << "0.8 to the other one is not near";
  const Flag& near = found->flags.at(PictureRef::ofFile("/a"));
  EXPECT_EQ(near.trouble, Trouble::NearQuery);
  EXPECT_EQ(near.other, PictureRef::ofFile("/r")) << "the nearest of two";
  EXPECT_TRUE(sentenceOf(near).contains("cosine 0.995 to")) << sentenceOf(near).toStdString();
  EXPECT_EQ(found->ofQueries, std::vector{PictureRef::ofFile("/a")});
  EXPECT_TRUE(found->oneOfEach.empty());
  EXPECT_TRUE(summaryOf(*found).contains("1 near a query"));
}

TEST_F(BoardTest, ACheckpointToWhichMostPicturesAreAlikeTellsNoCopies) {
  // Ten pictures a few degrees from the one query, and others at right angles to it.
  const auto nearOnes = [](int others) {
    SetFeatures set;
    set.names = {"cat"};
    set.vectors.width = 24;
    for (int i = 0; i < 10 + others; ++i) {
      set.pictures.push_back(PictureRef::ofFile(cat("/", i)));
      set.labels.push_back(0);
      set.hashes.push_back(std::uint64_t(i + 1));
      std::vector<float> row(24, 0.f);
      row[0] = i < 10 ? 0.99f : 0.f;
      row[std::size_t(1 + i % 23)] = i < 10 ? 0.141067f : 1.f;
      set.vectors.values.insert(set.vectors.values.end(), row.begin(), row.end());
    }
    std::vector<float> query(24, 0.f);
    query[0] = 1.f;
    return findDuplicates(set, {{PictureRef::ofFile("/q")}, {1000}, {query, 1, 24}})->count(Trouble::NearQuery);
  };
  EXPECT_EQ(nearOnes(2), 0u) << "ten of twelve";
  EXPECT_EQ(nearOnes(50), 10u) << "ten of sixty";
}

TEST_F(BoardTest, CopiesAreFoundWhileNothingIsScored) {
  SupportDocument start = emojiDocument(desk_->desk());
  showWith(start);
  waitForScores();
  find<QCheckBox>("support.live")->click();
  const auto copy = [&](const char* file) {
    return PictureRef::ofFile(colourPicture(desk_->scratch() / file, 200, 7));
  };
  page_->assign({copy("one.png"), copy("two.png")}, 0);
  EXPECT_TRUE(waitFor([&] { return line().contains("2 copies"); })) << line().toStdString();
  EXPECT_EQ(badge(column(0), 5), "copy");
  EXPECT_FALSE(page_->scores().isCurrent());
}

TEST_F(BoardTest, AfterADropOnlyWhatMovedIsSelected) {
  showWith(emojiDocument(desk_->desk()));
  const PictureRef moved = pictures(0)[1];
  select(column(0), 1);
  ASSERT_TRUE(dropOn(column(1)->grid(), column(0)->model()->mimeData({column(0)->model()->index(1, 0)})));
  EXPECT_TRUE(column(0)->selected().empty()) << "not the neighbour that slid into its place";
  EXPECT_EQ(column(1)->selected(), std::vector{moved});
  QTest::keyClick(column(0)->grid(), Qt::Key_Delete);
  EXPECT_EQ(document().set.size(), 16u);
  page_->book().undo();
  EXPECT_TRUE(column(1)->selected().empty());
  select(column(2), 0);
  const PictureRef next = pictures(2)[1];
  QTest::keyClick(column(2)->grid(), Qt::Key_4);
  EXPECT_EQ(column(2)->selected(), std::vector{next}) << "keys go on";
}

TEST_F(BoardTest, AClassMadeByADropIsNamedByItsLabelAndItsNameIsEdited) {
  const SupportDocument example = emojiDocument(desk_->desk());
  SupportDocument start;
  start.set.classes = {example.set.classes[0]};
  showWith(start);
  QWidget window;
  widgets::ActionTable table(&window);
  page_->addActions(table);
  const auto& second = example.set.classes[1];
  ASSERT_TRUE(dropOn(board()->viewport(), of({second.pictures[0], second.pictures[1]})));
  ASSERT_EQ(document().set.classes.size(), 2u);
  EXPECT_EQ(document().set.classes[1].name, second.name);
  EXPECT_EQ(column(1)->selected().size(), 2u);
  ASSERT_TRUE(name(1)->isEdited());
  EXPECT_EQ(name(1)->selectedText(), QString::fromStdString(second.name));
  QTest::keyClicks(name(1), "all");
  EXPECT_TRUE(find<QCheckBox>("support.live")->isChecked()) << "an l is a letter here";
  QTest::keyClick(name(1), Qt::Key_Return);
  EXPECT_EQ(document().set.classes[1].name, "all");
  EXPECT_FALSE(name(1)->isEdited());
  ASSERT_TRUE(dropOn(board()->viewport(), of({example.set.classes[0].pictures[0]})));
  EXPECT_EQ(document().set.classes[2].name, "class 3") << "that label has a class";
  QTest::keyClick(name(2), Qt::Key_Escape);
  ASSERT_TRUE(dropOn(board()->viewport(), of({example.set.classes[2].pictures[0], example.set.classes[3].pictures[0]})));
  EXPECT_EQ(document().set.classes[3].name, "class 4") << "of two labels";
}

TEST_F(BoardTest, ANameIsATitleUntilItIsEdited) {
  showWith(emojiDocument(desk_->desk()));
  const std::string before = document().set.classes[0].name;
  const auto unedited = [&] { return !name(0)->isEdited() && name(0)->isReadOnly(); };
  QTest::mouseClick(name(0), Qt::LeftButton);
  EXPECT_TRUE(unedited()) << "a click is not enough";
  for (const int way : {0, 1, 2, 3}) {
    if (way == 0) {
      QTest::mouseDClick(name(0), Qt::LeftButton);
    } else if (way == 1) {
      QTest::keyClick(name(0), Qt::Key_F2);
    } else if (way == 2) {
      QTest::keyClick(name(0), Qt::Key_Return);
    } else {
      QTest::keyClick(column(0)->grid(), Qt::Key_F2);
    }
    EXPECT_TRUE(name(0)->isEdited()) << way;
    QTest::keyClicks(name(0), "x");
    QTest::keyClick(name(0), Qt::Key_Escape);
    EXPECT_TRUE(unedited()) << way;
    EXPECT_EQ(document().set.classes[0].name, before);
  }
  name(0)->edit();
  QTest::keyClicks(name(0), QString::fromStdString(document().set.classes[1].name));
  page_->assign({pictures(0)[0]}, 2);
  EXPECT_TRUE(name(0)->isEdited()) << "an edit elsewhere does not end it";
  QTest::keyClick(name(0), Qt::Key_Return);
  EXPECT_TRUE(name(0)->isEdited()) << "there is a class of that name";
  EXPECT_EQ(document().set.classes[0].name, before);
}

TEST_F(BoardTest, ASetThatNothingIsMeasuredOnSaysSoAndNamesItselfByLabel) {
  const SupportDocument example = emojiDocument(desk_->desk());
  SupportDocument start = example;
  start.set.classes[0].name = "class 1";
  start.set.classes[1].name = "class 2";
  start.set.classes.resize(2);
  start.set.classes[1].pictures.push_back(example.set.classes[2].pictures[0]);  // of no label in common
  showWith(start);
  ASSERT_TRUE(waitFor([&] { return line().startsWith("Not measured"); })) << line().toStdString();
  EXPECT_TRUE(line().contains(QString::fromStdString(example.set.classes[0].name))) << line().toStdString();
  testing_support::grabPage(*page_, "support-unnamed");
  QTest::mouseClick(find<QPushButton>("support.nameByLabel"), Qt::LeftButton);
  EXPECT_EQ(document().set.classes[0].name, example.set.classes[0].name);
  EXPECT_EQ(document().set.classes[1].name, "class 2");
  EXPECT_FALSE(line().startsWith("Not measured")) << line().toStdString();
  page_->book().undo();
  EXPECT_TRUE(line().startsWith("Not measured"));
}

TEST_F(BoardTest, NothingMovesWhenTheLineAboveTheBoardSpeaksAndNewColumnsAreInSight) {
  showWith(emojiDocument(desk_->desk()));
  page_->resize(1024, 640);
  waitForScores();
  auto* bar = find<QFrame>("support.duplicates");
  const auto top = [&] { return board()->mapTo(page_.get(), QPoint()); };
  const QPoint before = top();
  const int height = bar->height();
  const auto copy = [&](const char* file) {
    return PictureRef::ofFile(colourPicture(desk_->scratch() / file, 200, 7));
  };
  page_->assign({copy("one.png"), copy("two.png")}, 0);
  ASSERT_TRUE(waitFor([&] { return line().contains("2 copies"); })) << line().toStdString();
  EXPECT_EQ(top(), before);
  EXPECT_EQ(bar->height(), height);
  testing_support::grabPage(*page_, "support-small");
  for (int i = 0; i < 3; ++i) {
    QTest::mouseClick(find<QPushButton>("support.addClass"), Qt::LeftButton);
    auto* last = column(board()->columnCount() - 1);
    const QRect seen = QRect(last->mapTo(board()->viewport(), QPoint()), last->size());
    EXPECT_GE(seen.left(), 0) << i;
    EXPECT_LE(seen.right(), board()->viewport()->width()) << i;
    EXPECT_TRUE(name(board()->columnCount() - 1)->isEdited());
  }
  auto* add = find<QPushButton>("support.addClass");
  EXPECT_TRUE(page_->rect().contains(QRect(add->mapTo(page_.get(), QPoint()), add->size())));
}

}  // namespace
}  // namespace lix::app
