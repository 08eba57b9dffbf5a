// What is done to captions and pictures of the Inspect page: split, sorted, grouped, undone, pasted as pixels.
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QStandardItemModel>
#include <QTest>
#include <QToolButton>

#include "base/text.h"
#include "chrome/action_table.h"
#include "image_grid/image_grid.h"
#include "inspect_page_support.h"
#include "pages/inspect/caption_panel.h"
#include "pages/inspect/caption_groups.h"
#include "pages/inspect/caption_sentences.h"

namespace lix::app {
namespace {
namespace fs = std::filesystem;
using testing_support::grabPage;
using testing_support::InspectPageTest;
using testing_support::TestDesk;
using testing_support::testPictures;
using testing_support::waitFor;

TEST(Sentences, EndWhereAReaderWouldSaySo) {
  const std::vector<std::pair<const char*, QStringList>> cases{
      {"A red car. A blue dog! Is it? Yes; maybe", {"A red car.", "A blue dog!", "Is it?", "Yes", "maybe"}},
      {"a cat, e.g. a tabby, at 3.5 km. Then Dr. Smith saw J. Doe.",
       {"a cat, e.g. a tabby, at 3.5 km.", "Then Dr. Smith saw J. Doe."}},
      {"He said \"Stop. Now!\" and left. \"Done.\" He went.",
       {"He said \"Stop. Now!\" and left.", "\"Done.\"", "He went."}},
      {"1. A cat sits. 2. A dog", {"1. A cat sits.", "2. A dog"}},
      {"It was in 2019. The end... And more", {"It was in 2019.", "The end...", "And more"}},
      {"A dog (see fig. 3.) runs. She said no. No. 5 won", {"A dog (see fig. 3.) runs.", "She said no.", "No. 5 won"}},
      {"“One. Two.” Three.", {"“One. Two.”", "Three."}},
      {"猫。犬。鳥", {"猫。", "犬。", "鳥"}},
      {"a cat. a dog; a bird;", {"a cat.", "a dog", "a bird"}},
      {"at 5 p.m. he left. At 5 p.m. He left", {"at 5 p.m. he left.", "At 5 p.m.", "He left"}},
      {"an unmatched \" quote. Next", {"an unmatched \" quote.", "Next"}},
      {"lixplorer.org has v1.2.3; ok", {"lixplorer.org has v1.2.3", "ok"}},
      {"one\n\n two.\r\nthree", {"one", "two.", "three"}},
      {"a plain caption", {"a plain caption"}},
      {" ; . ", {"."}},
      {"", {}},
  };
  for (const auto& [text, sentences] : cases) {
    EXPECT_EQ(sentencesOf(QString::fromUtf8(text)), sentences) << text << " -> "
        << sentencesOf(QString::fromUtf8(text)).join(" | ").toStdString();
  }
  EXPECT_EQ(sentencesOf(QString(20000, '.')).size(), 1);
  EXPECT_EQ(sentencesOf(QString("(").repeated(5000) + "a. b").size(), 2);
}

/// An answer of two pictures and four captions whose mixture weights are given, [captions, 1 head, 2 tokens].
ReadAnswer mixed(const std::vector<float>& first, const std::vector<float>& second) {
  ReadAnswer answer;
  answer.question.captions = {"a", "b", "c", "d"};
  for (const auto& weights : {first, second}) {
    study::PictureReading picture;
    answer.facts.mixture = true;
    picture.mixture = study::MixtureReading{4, 1, 2, 1.0, weights, {}, {}};
    answer.reading.pictures.push_back(picture);
  }
  return answer;
}

TEST(Groups, StandByTheirWeights) {
  const std::vector<float> first{1, 0, 0, 1, 0.9F, 0.1F, 0.1F, 0.9F}, even(8, 0.5F);
  const ReadAnswer answer = mixed(first, even);
  EXPECT_EQ(*captionGroups(answer, 0, 2), (std::vector<int>{1, 2, 1, 2}));
  EXPECT_EQ(*captionGroups(answer, 1, 2), (std::vector<int>{1, 1, 1, 1})) << "all alike: one group";
  EXPECT_EQ(*captionGroups(answer, {}, 2), (std::vector<int>{1, 2, 1, 2})) << "the mean of both";
  EXPECT_EQ(captionGroups(answer, 0, 9)->size(), 4u) << "never more groups than captions";
  ReadAnswer plain = mixed(first, even);
  plain.reading.pictures[1].mixture.reset();
  EXPECT_EQ(*captionGroups(plain, 0, 2), (std::vector<int>{1, 2, 1, 2})) << "another picture has scores alone";
  EXPECT_EQ(*captionGroups(plain, {}, 2), (std::vector<int>{1, 2, 1, 2})) << "the mean of those that have weights";
  EXPECT_TRUE(captionGroups(plain, 1, 2).error().message.find("scores alone") != std::string::npos);
  plain.facts.mixture = false;
  EXPECT_FALSE(captionGroups(plain, 0, 2));
  EXPECT_EQ(orderOfGroups({2, 1, 2, 1}), (std::vector<std::size_t>{1, 3, 0, 2}));
  EXPECT_EQ(orderOfScores({0.1F, 0.5F, 0.1F, 0.9F}), (std::vector<std::size_t>{3, 1, 0, 2}));
}

class InspectCaptionsTest : public InspectPageTest {
 protected:
  void act() {
    table = std::make_unique<widgets::ActionTable>(page.get());
    page->addActions(*table);
    table->setScope("inspect");
  }
  void SetUp() override { act(); }
  QStringList listed() {
    QStringList rows;
    auto* list = part<QListWidget>("captions");
    for (int row = 0; row < list->count(); ++row) {
      rows << list->item(row)->text();
    }
    return rows;
  }
  QString undoText() { return table->action("inspect.undo")->text(); }
  int pictures() { return part<widgets::ImageGrid>("pictures")->model()->rowCount(); }

  std::unique_ptr<widgets::ActionTable> table;
};

TEST_F(InspectCaptionsTest, AParagraphIsSplitWhereAPersonWantsIt) {
  begin();
  auto* entry = part<QPlainTextEdit>("captionEntry");
  auto* split = part<QPushButton>("split");
  EXPECT_FALSE(split->isVisible());
  QGuiApplication::clipboard()->setText("A cat sleeps. A dog, e.g. a poodle, barks!");
  entry->setFocus();
  QTest::keyClick(entry, Qt::Key_V, Qt::ControlModifier);
  EXPECT_EQ(listed(), QStringList({"red apple", "a car"})) << "nothing happens silently";
  ASSERT_TRUE(split->isVisible());
  EXPECT_TRUE(part<QLabel>("splitText")->text().contains('2'));
  QTest::keyClick(entry, Qt::Key_Return);  // a person who wants it whole goes on
  ASSERT_TRUE(waitReading({"red apple", "a car", "A cat sleeps. A dog, e.g. a poodle, barks!"}));
  ASSERT_TRUE(split->isVisible()) << "still offered for what was added";
  grabPage(*page, "inspect-split");
  QTest::mouseClick(split, Qt::LeftButton);
  ASSERT_TRUE(waitReading({"red apple", "a car", "A cat sleeps.", "A dog, e.g. a poodle, barks!"}));
  EXPECT_FALSE(split->isVisible());
  EXPECT_TRUE(undoText().contains("Split into sentences")) << undoText().toStdString();
  ASSERT_TRUE(QTest::qWaitForWindowActive(page.get()));
  part<QListWidget>("captions")->setFocus();
  QTest::keyClick(part<QListWidget>("captions"), Qt::Key_Z, Qt::ControlModifier);
  EXPECT_EQ(listed(), QStringList({"red apple", "a car", "A cat sleeps. A dog, e.g. a poodle, barks!"}));
  QTest::keyClick(part<QListWidget>("captions"), Qt::Key_J, Qt::ControlModifier | Qt::ShiftModifier);
  EXPECT_EQ(listed().size(), 4) << "the same by its key";
  type("One. Two.");
  ASSERT_TRUE(split->isVisible());
  QTest::mouseClick(part<QToolButton>("splitNo"), Qt::LeftButton);
  EXPECT_FALSE(split->isVisible());
  EXPECT_EQ(listed().back(), "One. Two.");
}

TEST_F(InspectCaptionsTest, EverythingIsUndoneAndDoneAgain) {
  begin();
  EXPECT_TRUE(waitFor([&] { return table->action("inspect.undo")->text() != "Undo"; }));
  const auto before = testPictures(test, 2);
  type("ein Auto");
  EXPECT_TRUE(undoText().contains("Add")) << undoText().toStdString();
  page->setPictures(testPictures(test, 3));
  ASSERT_TRUE(waitFor([&] { return page->reading()->question.pictures.size() == 3; }));
  EXPECT_TRUE(undoText().contains("picture")) << undoText().toStdString();
  table->action("inspect.undo")->trigger();
  ASSERT_TRUE(waitFor([&] { return page->reading()->question.pictures.size() == 2; }));
  EXPECT_EQ(listed(), QStringList({"red apple", "a car", "ein Auto"})) << "one step at a time";
  // With nothing typed, the line of captions gives its Ctrl+Z to the page.
  ASSERT_TRUE(QTest::qWaitForWindowActive(page.get()));
  auto* entry = part<QPlainTextEdit>("captionEntry");
  entry->setFocus();
  QTest::keyClick(entry, Qt::Key_Z, Qt::ControlModifier);
  ASSERT_TRUE(waitReading({"red apple", "a car"}));
  QTest::keyClick(entry, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
  ASSERT_TRUE(waitReading({"red apple", "a car", "ein Auto"}));
  EXPECT_EQ(pictures(), 2);
  table->action("inspect.redo")->trigger();
  ASSERT_TRUE(waitFor([&] { return page->reading()->question.pictures.size() == 3; }));
  EXPECT_EQ(table->action("inspect.redo")->text(), "Redo") << "nothing more to do again";
  QTest::keyClicks(entry, "typed");
  QTest::keyClick(entry, Qt::Key_Z, Qt::ControlModifier);
  EXPECT_EQ(entry->toPlainText(), "") << "what is typed is taken back first";
  EXPECT_EQ(pictures(), 3);
  auto* list = part<QListWidget>("captions");
  list->setFocus();
  list->selectAll();
  QTest::keyClick(list, Qt::Key_Delete);
  EXPECT_EQ(list->count(), 0);
  table->action("inspect.undo")->trigger();
  EXPECT_EQ(listed().size(), 3);
}

TEST_F(InspectCaptionsTest, CaptionsAreListedByScore) {
  begin();
  type("a very old car");
  type("banana");
  ASSERT_TRUE(waitReading({"red apple", "a car", "a very old car", "banana"}));
  auto* orders = part<QComboBox>("captionOrder");
  orders->setCurrentIndex(1);
  const auto sorted = [&] {
    const int row = part<widgets::ImageGrid>("pictures")->currentIndex().row();
    for (int column = 1; column < 4; ++column) {
      if (scores().index(row, column - 1).data(ScoreModel::ValueRole).toDouble() <
          scores().index(row, column).data(ScoreModel::ValueRole).toDouble()) {
        return false;
      }
    }
    for (int column = 0; column < 4; ++column) {
      if (scores().headerData(column, Qt::Horizontal, Qt::DisplayRole).toString() != listed()[column]) {
        return false;
      }
    }
    return true;
  };
  EXPECT_TRUE(sorted()) << "list and matrix from the highest score on";
  auto* grid = part<widgets::ImageGrid>("pictures");
  grid->setCurrentIndex(grid->model()->index(1, 0));
  EXPECT_TRUE(sorted()) << "of the current picture";
  EXPECT_EQ(page->reading()->question.captions[0], "red apple") << "their own numbers stay";
  const QString third = scores().headerData(2, Qt::Horizontal, Qt::DisplayRole).toString();
  QTest::mouseClick(matrix().viewport(), Qt::LeftButton, {}, matrix().visualRect(scores().index(0, 2)).center());
  EXPECT_EQ(part<QListWidget>("captions")->currentItem()->text(), third) << "wherever it stands now";
  EXPECT_TRUE(sorted());
  auto* list = part<QListWidget>("captions");
  const QString gone = listed()[0];
  list->setCurrentRow(0, QItemSelectionModel::ClearAndSelect);
  QTest::mouseClick(part<QPushButton>("removeCaption"), Qt::LeftButton);
  ASSERT_TRUE(waitFor([&] { return page->reading()->question.captions.size() == 3; }));
  EXPECT_FALSE(listed().contains(gone));
  type("pear");
  ASSERT_TRUE(waitFor([&] { return page->reading()->question.captions.size() == 4; }));
  EXPECT_TRUE(sorted());
  const QJsonObject state = page->state();
  orders->setCurrentIndex(0);
  QStringList own;
  for (const std::string& caption : page->reading()->question.captions) {
    own << QString::fromStdString(caption);
  }
  EXPECT_EQ(listed(), own) << "back to the order in which they were added";
  table = nullptr;
  make();
  page->restore(state);
  EXPECT_EQ(part<QComboBox>("captionOrder")->currentIndex(), 1);
}

TEST_F(InspectCaptionsTest, CaptionsAreGroupedByTheirWeights) {
  begin();
  page->setCaptions({"red apple", "a car", "the red apple", "an old car", "a fire truck"});
  ASSERT_TRUE(waitFor([&] { return page->reading()->question.captions.size() == 5; }));
  auto* orders = part<QComboBox>("captionOrder");
  auto* count = part<QSpinBox>("groups");
  EXPECT_FALSE(count->isVisible());
  orders->setCurrentIndex(3);
  ASSERT_TRUE(count->isVisible());
  count->setValue(2);
  const auto expected = *captionGroups(*page->reading(), {}, 2);
  const auto order = orderOfGroups(expected);
  const auto grouped = [&] {
    auto* list = part<QListWidget>("captions");
    for (int row = 0; row < list->count(); ++row) {
      const std::size_t caption = order[std::size_t(row)];
      if (list->item(row)->data(Qt::AccessibleTextRole).toString() !=
          QString("Group %1: %2").arg(expected[caption]).arg(QString::fromStdString(page->reading()->question.captions[caption]))) {
        return false;
      }
    }
    return true;
  };
  EXPECT_TRUE(waitFor(grouped));
  grabPage(*page, "inspect-groups");
  orders->setCurrentIndex(0);
  EXPECT_EQ(part<QListWidget>("captions")->item(0)->data(Qt::AccessibleTextRole).toString(), "red apple");
  chooseModel("siglip-tiny-emoji");
  auto* entries = qobject_cast<QStandardItemModel*>(orders->model());
  EXPECT_FALSE(entries->item(3)->isEnabled());
  EXPECT_TRUE(entries->item(3)->toolTip().contains("no mixture weights"));
  EXPECT_TRUE(orders->toolTip().contains("no mixture weights"));
}

TEST_F(InspectCaptionsTest, AnAnswerLeavesTheCaptionThatIsBeingEdited) {
  begin();
  page->setCaptions({"red apple", "a car", "a dog", "a green tree"});
  ASSERT_TRUE(waitFor([&] { return page->reading()->question.captions.size() == 4; }));
  auto* list = part<QListWidget>("captions");
  list->setCurrentRow(1);
  list->editItem(list->currentItem());
  auto* editor = list->viewport()->findChild<QLineEdit*>();
  ASSERT_NE(editor, nullptr);
  editor->selectAll();
  QTest::keyClicks(editor, "an old c");
  for (const CaptionOrder order : {CaptionOrder::Score, CaptionOrder::Own}) {  // one of them moves rows
    part<QComboBox>("captionOrder")->setCurrentIndex(int(order));
    askSettings({.tau = order == CaptionOrder::Own ? 2.0 : 3.0, .withoutTokens = {}, .heads = {}});
    test.settle();
    QTest::qWait(60);
    test.settle();
    ASSERT_EQ(list->viewport()->findChild<QLineEdit*>(), editor);
    EXPECT_EQ(editor->text(), "an old c");
  }
  part<QComboBox>("captionOrder")->setCurrentIndex(int(CaptionOrder::Score));
  QTest::keyClicks(editor, "ar");
  QTest::keyClick(editor, Qt::Key_Return);
  ASSERT_TRUE(waitReading({"red apple", "an old car", "a dog", "a green tree"}));
  const auto& sheet = scores().sheet();
  EXPECT_TRUE(waitFor([&] {
    const auto& order = page->findChild<CaptionPanel*>()->order();
    return std::ranges::is_sorted(order, std::ranges::greater(), [&](std::size_t one) { return sheet.at(0, one); });
  })) << "the order comes when the editor is closed";
}

TEST_F(InspectCaptionsTest, AThousandCaptionsFitAndMoreAreToldInOneLine) {
  begin("siglip-tiny-emoji");
  QStringList many;
  for (int i = 0; i < 1100; ++i) {
    many << QString("caption %1").arg(i);
  }
  QGuiApplication::clipboard()->setText(many.join('\n'));
  QTest::keyClick(part<QPlainTextEdit>("captionEntry"), Qt::Key_V, Qt::ControlModifier);
  EXPECT_EQ(part<QListWidget>("captions")->count(), 1000);
  EXPECT_TRUE(test.wasSaid("1000 captions fit on this page; 102 more were left out."));
  ASSERT_TRUE(waitFor([&] { return page->reading()->question.captions.size() == 1000; }));
  EXPECT_EQ(scores().columnCount(), 1000);
  table->action("inspect.undo")->trigger();
  EXPECT_EQ(listed(), QStringList({"red apple", "a car"}));
  ASSERT_TRUE(waitReading({"red apple", "a car"}));
}

TEST_F(InspectCaptionsTest, PastedPixelsAreKeptInTheWorkspace) {
  begin();
  QImage pixels(30, 20, QImage::Format_ARGB32);
  pixels.fill(QColor(200, 30, 30));
  QGuiApplication::clipboard()->setImage(pixels);
  table->action("inspect.paste")->trigger();
  ASSERT_TRUE(waitFor([&] { return page->reading()->question.pictures.size() == 3; }));
  const fs::path file = page->reading()->question.pictures[2].ref.file;
  EXPECT_EQ(file.parent_path(), test.folder() / "pictures");
  EXPECT_EQ(QImage(QString::fromStdString(file.string())).pixelColor(3, 3), QColor(200, 30, 30));
  table->action("inspect.paste")->trigger();
  test.settle();
  EXPECT_EQ(pictures(), 3) << "the same pixels are the same picture";
  EXPECT_EQ(std::distance(fs::directory_iterator(test.folder() / "pictures"), fs::directory_iterator()), 1);
  EXPECT_TRUE(test.said().isEmpty()) << test.said().join('\n').toStdString();
}

TEST_F(InspectCaptionsTest, AReadOnlyWorkspaceTakesNoPixels) {
  TestDesk closed(TestDesk::Checkpoints::Shipped, store::OpenMode::ReadOnly);
  InspectPage other(closed.desk());
  widgets::ActionTable actions(&other);
  other.addActions(actions);
  actions.setScope("inspect");
  QImage pixels(3, 2, QImage::Format_RGB32);
  pixels.fill(Qt::blue);
  QGuiApplication::clipboard()->setImage(pixels);
  actions.action("inspect.paste")->trigger();
  closed.settle();
  EXPECT_TRUE(closed.wasSaid("This workspace is read-only"));
  EXPECT_FALSE(fs::exists(closed.folder() / "pictures"));
}

}  // namespace
}  // namespace lix::app
