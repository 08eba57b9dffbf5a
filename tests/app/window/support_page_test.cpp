// Support sets as a person makes them: dragged, sorted by key, undone, saved, scored, used to predict.
#include "pages/support/support_page.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QJsonArray>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QTabWidget>
#include <QTableWidget>
#include <QTest>
#include <QToolButton>
#include <algorithm>
#include <fstream>

#include "chrome/action_table.h"
#include "desk/dataset_shelf.h"
#include "frame/choices.h"
#include "frame/picture_model.h"
#include "frame/preview.h"
#include "image_grid/image_grid.h"
#include "imaging/write.h"
#include "pages/support/label_sorting.h"
#include "pages/support/support_board.h"
#include "window_support.h"

namespace lix::app {
namespace {
namespace fs = std::filesystem;
using data::PictureRef;
using testing_support::dropOn;
using testing_support::TestDesk;
using testing_support::waitFor;

constexpr const char* kModel = "siglip-tiny-emoji";

fs::path colourPicture(const fs::path& path, std::uint8_t red, std::uint8_t blue) {
  fs::create_directories(path.parent_path());
  imaging::Image image{.width = 32, .height = 32, .pixels = std::vector<std::uint8_t>(32 * 32 * 3, 60)};
  for (std::size_t i = 0; i < image.pixels.size(); i += 3) {
    image.pixels[i] = red;
    image.pixels[i + 2] = static_cast<std::uint8_t>(blue + i % 5);
  }
  EXPECT_TRUE(imaging::writePng(path, image));
  return path;
}

void writeText(const fs::path& path, const char* text) { std::ofstream(path) << text; }

/// 4 classes of 4 emoji each.
SupportDocument emojiDocument(Desk& desk) {
  auto document = exampleDocument(desk.datasets(), "emoji", 4, 4);
  EXPECT_TRUE(document) << test::messageOf(document);
  return document.value_or(SupportDocument());
}

/// A page on a desk of its own with a set that is open in it.
class SupportPageTest : public testing::Test {
 protected:
  void SetUp() override { begin(store::OpenMode::ReadWrite); }

  void begin(store::OpenMode mode) {
    page_.reset();
    desk_ = std::make_unique<TestDesk>(TestDesk::Checkpoints::Shipped, mode);
  }
  void show() {
    page_ = std::make_unique<SupportPage>(desk_->desk());
    page_->resize(1280, 800);
    page_->show();
    page_->shown();
    find<CheckpointBox>("support.checkpoint")->setFolder(desk_->model(kModel));
  }
  void showWith(const SupportDocument& document, const std::string& name = "mine") {
    const auto workspace = desk_->workspace();
    LIX_ASSERT_OK(store::SupportStore(workspace).saveDraft(name, toRows(document)));
    show();
    ASSERT_TRUE(waitFor([&] { return page_->book().isOpen(); }));
  }
  void waitForScores() {
    ASSERT_TRUE(waitFor([&] { return page_->scores().isCurrent(); })) << page_->scores().status().toStdString();
  }
  template <class T>
  T* find(const char* name) {
    T* found = page_->findChild<T*>(name);
    EXPECT_NE(found, nullptr) << name;
    return found;
  }
  SupportBoard* board() { return find<SupportBoard>("support.board"); }
  SupportColumn* column(int index) { return board()->column(index); }
  const SupportDocument& document() { return page_->book().document(); }
  const std::vector<PictureRef>& pictures(std::size_t index) { return document().set.classes[index].pictures; }
  void select(SupportColumn* column, int row) {
    column->grid()->setFocus();
    column->grid()->setCurrentIndex(column->model()->index(row, 0));
  }
  std::vector<store::SupportClassRow> stored(const std::string& name, std::optional<long long> version = {}) {
    const auto workspace = desk_->workspace();
    return store::SupportStore(workspace).load(name, version).value_or(std::vector<store::SupportClassRow>());
  }
  QString accuracyText(const std::string& title) {
    auto* table = find<QTableWidget>("support.scores");
    for (int row = 0; row < table->rowCount(); ++row) {
      if (table->item(row, 0)->text().toStdString() == title) {
        return table->item(row, 1)->text();
      }
    }
    return {};
  }

  std::unique_ptr<TestDesk> desk_;
  std::unique_ptr<SupportPage> page_;
};

TEST_F(SupportPageTest, TheExampleIsMadeSavedAndScored) {
  show();
  auto* example = find<QPushButton>("support.example");
  ASSERT_TRUE(waitFor([&] { return example->isVisible(); }));
  testing_support::grabPage(*page_, "support-empty");
  QTest::mouseClick(example, Qt::LeftButton);
  ASSERT_TRUE(waitFor([&] { return page_->book().isOpen(); }));
  waitForScores();
  const auto rows = stored(page_->book().name());
  ASSERT_EQ(rows.size(), 4u);
  for (const auto& row : rows) {
    EXPECT_EQ(row.pictures.size(), 4u) << row.name;
  }
  EXPECT_TRUE(accuracyText("Tip-Adapter").endsWith(" %")) << accuracyText("Tip-Adapter").toStdString();
  EXPECT_TRUE(find<QLabel>("support.notes")->text().contains("4 of 4 class names"))
      << find<QLabel>("support.notes")->text().toStdString();
}

TEST_F(SupportPageTest, APictureDroppedOnAnotherColumnMovesAndUndoRestoresExactly) {
  const SupportDocument before = emojiDocument(desk_->desk());
  showWith(before);
  const PictureRef moved = pictures(0)[1];
  ASSERT_TRUE(dropOn(column(1)->grid(), column(0)->model()->mimeData({column(0)->model()->index(1, 0)})));
  EXPECT_EQ(pictures(0).size(), 3u);
  ASSERT_EQ(pictures(1).size(), 5u);
  EXPECT_EQ(pictures(1).back(), moved);
  EXPECT_EQ(column(1)->model()->rowCount(), 5);
  const SupportDocument after = document();
  EXPECT_TRUE(find<QToolButton>("support.undo")->toolTip().contains(QString::fromStdString(after.set.classes[1].name)));
  QTest::mouseClick(find<QToolButton>("support.undo"), Qt::LeftButton);
  EXPECT_EQ(document(), before);
  EXPECT_FALSE(find<QToolButton>("support.undo")->isEnabled());
  QTest::mouseClick(find<QToolButton>("support.redo"), Qt::LeftButton);
  EXPECT_EQ(document(), after);
  ASSERT_TRUE(dropOn(board()->tray()->grid(), Payload{.pictures = {moved}, .captions = {}, .paths = {}}));
  EXPECT_EQ(document().unsorted, std::vector{moved});
  EXPECT_EQ(pictures(1).size(), 4u);
}

TEST_F(SupportPageTest, KeysSortTheSelection) {
  showWith(emojiDocument(desk_->desk()));
  const PictureRef first = pictures(0)[0], second = pictures(0)[1], third = pictures(0)[2];
  select(column(0), 0);
  QTest::keyClick(column(0)->grid(), Qt::Key_3);
  EXPECT_EQ(pictures(2).back(), first);
  EXPECT_EQ(column(0)->selected(), std::vector{second}) << "the next one is selected, so that keys go on";
  QTest::keyClick(column(0)->grid(), Qt::Key_1, Qt::ShiftModifier);
  ASSERT_EQ(document().set.classes.size(), 5u);
  EXPECT_EQ(pictures(4), std::vector{second});
  QTest::keyClick(column(0)->grid(), Qt::Key_1, Qt::ControlModifier | Qt::ShiftModifier);
  EXPECT_EQ(pictures(4), (std::vector{second, third}));
  QTest::keyClick(column(0)->grid(), Qt::Key_Delete);
  EXPECT_TRUE(pictures(0).empty());
  EXPECT_EQ(document().set.size(), 15u);
  select(column(4), 0);
  QTest::keyClick(column(4)->grid(), Qt::Key_9);
  EXPECT_EQ(pictures(4).size(), 2u);
  EXPECT_TRUE(desk_->wasSaid("There is no class 9"));
}

TEST_F(SupportPageTest, ActionsHaveKeysOfTheirOwnAndSayWhatTheyUndo) {
  showWith(emojiDocument(desk_->desk()));
  QWidget window;
  widgets::ActionTable table(&window);
  page_->addActions(table);
  table.setScope(pageName(PageId::Support));
  EXPECT_TRUE(table.conflicts().empty());
  const SupportDocument before = document();
  table.action("support.addClass")->trigger();
  ASSERT_EQ(document().set.classes.size(), 5u);
  auto* name = column(4)->findChild<QLineEdit*>("support.className");
  ASSERT_NE(name, nullptr);
  QTest::keyClicks(name, "Animals & Nature");
  QTest::keyClick(name, Qt::Key_Return);
  EXPECT_TRUE(desk_->wasSaid("There is a class")) << "names are unique";
  QTest::keyClick(name, Qt::Key_A, Qt::ControlModifier);
  QTest::keyClicks(name, "mine");
  QTest::keyClick(name, Qt::Key_Return);
  EXPECT_EQ(document().set.classes[4].name, "mine");
  EXPECT_EQ(table.action("support.undo")->text(), "Undo: Rename class to mine");
  QTest::mouseClick(column(4)->findChild<QToolButton*>("support.removeClass"), Qt::LeftButton);
  ASSERT_TRUE(waitFor([&] { return document().set.classes.size() == 4; }));
  for (int i = 0; i < 3; ++i) {
    table.action("support.undo")->trigger();
  }
  EXPECT_EQ(document(), before);
  table.action("support.redo")->trigger();
  EXPECT_EQ(document().set.classes.size(), 5u);
  table.action("support.live")->trigger();
  EXPECT_FALSE(find<QCheckBox>("support.live")->isChecked());
}

TEST_F(SupportPageTest, SpaceShowsThePictureLargeAndEscClosesIt) {
  showWith(emojiDocument(desk_->desk()));
  select(column(0), 0);
  QTest::keyClick(column(0)->grid(), Qt::Key_Space);
  auto* preview = find<PicturePreview>("preview");
  ASSERT_TRUE(waitFor([&] { return preview->isVisible() && !preview->image().isNull(); }));
  QTest::keyClick(preview, Qt::Key_Right);
  EXPECT_EQ(column(0)->grid()->currentIndex().row(), 1);
  QTest::keyClick(preview, Qt::Key_Escape);
  EXPECT_FALSE(preview->isVisible());
}

TEST_F(SupportPageTest, EveryEditIsInTheStoreAndSoWhenThePageGoesAtOnce) {
  showWith(emojiDocument(desk_->desk()));
  page_->assign({pictures(0)[0]}, 1);
  ASSERT_TRUE(waitFor([&] { return stored("mine") == toRows(document()); }));
  page_->assign({pictures(0)[0]}, SupportBoard::kTray);
  const auto last = toRows(document());
  page_.reset();  // before the draft's delay is over
  desk_->settle();
  EXPECT_EQ(stored("mine"), last);
  show();
  ASSERT_TRUE(waitFor([&] { return page_->book().isOpen(); }));
  EXPECT_EQ(toRows(document()), last) << "unsorted pictures come back, too";
}

TEST_F(SupportPageTest, VersionsAreKeptAndGoingBackIsAnEdit) {
  const SupportDocument before = emojiDocument(desk_->desk());
  showWith(before);
  find<QTabWidget>("support.tabs")->setCurrentIndex(1);
  QTest::keyClicks(find<QLineEdit>("support.note"), "as made");
  QTest::mouseClick(find<QPushButton>("support.saveVersion"), Qt::LeftButton);
  auto* list = find<QListWidget>("support.versions");
  ASSERT_TRUE(waitFor([&] { return list->count() == 1; }));
  EXPECT_TRUE(list->item(0)->text().contains("Version 1, 16 pictures")) << list->item(0)->text().toStdString();
  EXPECT_TRUE(list->item(0)->text().contains("as made"));
  testing_support::grabPage(*page_, "support-versions");
  page_->assign(pictures(0), SupportBoard::kNewClass);
  const SupportDocument changed = document();
  ASSERT_NE(changed, before);
  list->setCurrentRow(0);
  QTest::mouseClick(find<QPushButton>("support.goBack"), Qt::LeftButton);
  ASSERT_TRUE(waitFor([&] { return document() == before; }));
  page_->book().undo();
  EXPECT_EQ(document(), changed);
  ASSERT_TRUE(waitFor([&] { return stored("mine") == toRows(changed); }));
  EXPECT_EQ(stored("mine", 1), toRows(before)) << "a version never changes";
}

TEST_F(SupportPageTest, SetsAreMadeRenamedChosenAndDeleted) {
  showWith(emojiDocument(desk_->desk()));
  page_->assign({pictures(0)[0]}, 1);
  const auto mine = toRows(document());
  QTest::mouseClick(find<QToolButton>("support.new"), Qt::LeftButton);
  ASSERT_TRUE(waitFor([&] { return page_->book().name() == "Support set"; }));
  EXPECT_EQ(stored("mine"), mine) << "what was open is saved first";
  page_->book().rename("mine");
  ASSERT_TRUE(waitFor([&] { return desk_->said().size() > 0; })) << "the name is taken";
  EXPECT_EQ(page_->book().name(), "Support set");
  EXPECT_EQ(stored("mine"), mine);
  page_->book().rename("second");
  ASSERT_TRUE(waitFor([&] { return page_->book().name() == "second"; }));
  auto* sets = find<QComboBox>("support.sets");
  ASSERT_TRUE(waitFor([&] { return sets->count() == 2 && sets->findText("second") >= 0; }));
  sets->setCurrentIndex(sets->findText("mine"));
  Q_EMIT sets->activated(sets->currentIndex());
  ASSERT_TRUE(waitFor([&] { return page_->book().name() == "mine"; }));
  EXPECT_EQ(toRows(document()), mine);
  page_->assign({pictures(0)[0]}, 1);  // an edit that waits to be kept does not bring the set back
  auto* remove = page_->findChild<QAction*>("support.delete");
  ASSERT_NE(remove, nullptr);
  remove->trigger();
  ASSERT_TRUE(waitFor([&] { return page_->book().name() == "second"; }));
  page_.reset();
  desk_->settle();
  const auto workspace = desk_->workspace();
  const auto left = store::SupportStore(workspace).list();
  ASSERT_TRUE(left);
  ASSERT_EQ(left->size(), 1u);
  EXPECT_EQ(left->front().name, "second");
}

/// Unit vectors of pictures of a dataset by the facade alone.
struct Apart {
  study::Vectors vectors;
  std::vector<std::uint64_t> hashes;
  std::vector<int> labels;
};
Apart embeddedApart(const study::Reader& reader, const data::Dataset& set, const std::vector<std::size_t>& samples,
                    const std::vector<int>& labels) {
  auto features = reader.embed(set, samples, std::nullopt);
  EXPECT_TRUE(features);
  Apart apart{reader.unitVectors(*features), features->hashes, labels};
  EXPECT_EQ(features->size(), samples.size());
  return apart;
}

TEST_F(SupportPageTest, LiveAccuracyIsThatOfScoreSupportComputedApart) {
  showWith(emojiDocument(desk_->desk()));
  waitForScores();
  page_->assign({pictures(0)[0], pictures(0)[1]}, 1);
  EXPECT_FALSE(page_->scores().isCurrent());
  waitForScores();
  const auto open = desk_->desk().datasets().open("emoji");
  ASSERT_TRUE(open);
  const data::Dataset& emoji = (*open)->set;
  const auto reader = study::Reader::open(desk_->model(kModel));
  ASSERT_TRUE(reader);
  std::vector<std::size_t> support, query;
  std::vector<int> supportLabels, queryLabels;
  std::vector<std::string> names;
  for (std::size_t c = 0; c < 4; ++c) {
    names.push_back(document().set.classes[c].name);
    for (const PictureRef& picture : pictures(c)) {
      support.push_back((*open)->byKey.at(picture.key));
      supportLabels.push_back(static_cast<int>(c));
    }
  }
  ASSERT_LE(page_->scores().plan().available, kMostQueries) << "all test pictures of the classes are queries";
  for (std::size_t i = 0; i < emoji.samples.size(); ++i) {
    const data::Sample& sample = emoji.samples[i];
    if (sample.split == data::Split::Test && sample.labels[0] >= 0) {
      const auto at = std::ranges::find(names, emoji.labelSets[0].classes[static_cast<std::size_t>(sample.labels[0])]);
      if (at != names.end()) {
        query.push_back(i);
        queryLabels.push_back(static_cast<int>(at - names.begin()));
      }
    }
  }
  const Apart a = embeddedApart(**reader, emoji, support, supportLabels);
  const Apart b = embeddedApart(**reader, emoji, query, queryLabels);
  const auto texts = (*reader)->classTexts(names, "plain");
  ASSERT_TRUE(texts);
  const auto expected =
      study::scoreSupport({.support = {{a.vectors.values, a.vectors.size(), a.vectors.width}, a.labels},
                           .query = {b.vectors.values, b.vectors.size(), b.vectors.width},
                           .queryLabels = b.labels,
                           .text = {texts->values, texts->size(), texts->width},
                           .classNames = names,
                           .logitScale = static_cast<float>((*reader)->facts().rule.scale)});
  const auto& shown = page_->scores().scores()->adapters;
  ASSERT_EQ(shown.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    ASSERT_TRUE(expected[i].accuracy.has_value()) << expected[i].id << expected[i].refusal;
    EXPECT_EQ(shown[i].accuracy, expected[i].accuracy) << expected[i].id;
    EXPECT_EQ(accuracyText(expected[i].title), QString::number(*expected[i].accuracy * 100.0, 'f', 1) + " %");
    EXPECT_TRUE(page_->scores().difference(expected[i].id).has_value()) << "told against the state before the edit";
  }
}

TEST_F(SupportPageTest, QueriesThatStandInTheSetAreLeftOutAndLiveCanBeSwitchedOff) {
  showWith(emojiDocument(desk_->desk()));
  waitForScores();
  const std::size_t queries = page_->scores().scores()->queries;
  ASSERT_FALSE(page_->scores().plan().pictures.empty());
  page_->assign({page_->scores().plan().pictures.front()}, 0);
  waitForScores();
  EXPECT_GE(page_->scores().scores()->leftOut, 1u);
  EXPECT_EQ(page_->scores().scores()->queries + page_->scores().scores()->leftOut, queries);
  EXPECT_TRUE(find<QLabel>("support.notes")->text().contains("Left out"));
  const auto before = page_->scores().scores();
  find<QCheckBox>("support.live")->click();
  page_->assign({pictures(0)[0]}, 1);
  desk_->settle();
  EXPECT_EQ(page_->scores().scores(), before);
  EXPECT_TRUE(find<QLabel>("support.status")->text().contains("Live is off"));
  QTest::mouseClick(find<QPushButton>("support.scoreNow"), Qt::LeftButton);
  waitForScores();
  EXPECT_NE(page_->scores().scores(), before);
  page_->assign({pictures(0)[0]}, 1);
  EXPECT_FALSE(page_->scores().isCurrent());
  find<QCheckBox>("support.live")->click();
  waitForScores();
}

TEST_F(SupportPageTest, EmptyClassesAreLeftOutAndOneClassIsRefusedInASentence) {
  showWith(emojiDocument(desk_->desk()));
  waitForScores();
  page_->assign(pictures(0), SupportBoard::kTray);
  waitForScores();
  EXPECT_TRUE(page_->scores().scores()->adapters.front().refusal.empty()) << "three classes are left";
  for (std::size_t c = 1; c < 3; ++c) {
    page_->assign(pictures(c), SupportBoard::kTray);
  }
  waitForScores();
  EXPECT_TRUE(find<QLabel>("support.status")->text().contains("At least two classes"))
      << find<QLabel>("support.status")->text().toStdString();
  EXPECT_EQ(document().unsorted.size(), 12u);
}

TEST_F(SupportPageTest, AMissingFileIsNamedAndTheOthersGoOn) {
  const fs::path folder = desk_->scratch() / "files";
  SupportDocument document;
  document.set.classes = {{"red", {}}, {"blue", {}}};
  for (std::uint8_t i = 0; i < 3; ++i) {
    const std::string n = std::to_string(i);
    document.set.classes[0].pictures.push_back(
        PictureRef::ofFile(colourPicture(folder / ("red" + n + ".png"), 220, i)));
    document.set.classes[1].pictures.push_back(
        PictureRef::ofFile(colourPicture(folder / ("blue" + n + ".png"), i, 220)));
  }
  fs::remove(folder / "red1.png");
  showWith(document);
  waitForScores();
  ASSERT_EQ(page_->scores().scores()->unreadable.size(), 1u);
  EXPECT_TRUE(desk_->wasSaid("red1.png cannot be read and is left out"));
  EXPECT_TRUE(page_->scores().scores()->adapters.front().refusal.empty());
  fs::remove(folder / "blue2.png");  // while it is open
  page_->scores().scoreNow();
  waitForScores();
  EXPECT_EQ(page_->scores().scores()->unreadable.size(), 2u);
  EXPECT_TRUE(find<QLabel>("support.notes")->text().contains("No queries"));
}

TEST_F(SupportPageTest, SubfoldersOfADroppedFolderBecomeClasses) {
  const fs::path folder = desk_->scratch() / "shapes";
  colourPicture(folder / "warm_red" / "a.png", 200, 0);
  colourPicture(folder / "warm_red" / "deep" / "b.png", 210, 0);
  colourPicture(folder / "blue" / "c.png", 0, 200);
  colourPicture(folder / "loose.png", 99, 99);
  writeText(folder / "blue" / "film.mp4", "x");
  fs::create_directory_symlink(folder, folder / "blue" / "circle");
  show();
  ASSERT_TRUE(dropOn(page_.get(), Payload{.pictures = {}, .captions = {}, .paths = {folder}}));
  ASSERT_TRUE(waitFor([&] { return page_->book().isOpen(); })) << "a set is made for them";
  ASSERT_EQ(document().set.classes.size(), 2u);
  EXPECT_EQ(document().set.classes[0].name, "blue");
  EXPECT_EQ(document().set.classes[1].name, "warm red");
  EXPECT_EQ(pictures(1).size(), 2u);
  EXPECT_EQ(document().unsorted, std::vector{PictureRef::ofFile(folder / "loose.png")});
  EXPECT_TRUE(desk_->wasSaid("film.mp4"));
  ASSERT_TRUE(dropOn(column(0)->grid(), Payload{.pictures = {}, .captions = {}, .paths = {folder / "warm_red"}}));
  ASSERT_TRUE(waitFor([&] { return pictures(0).size() == 3u; })) << "on a column all go into its class";
  EXPECT_TRUE(pictures(1).empty());
  page_->receive({.pictures = {}, .captions = {}, .paths = {folder / "blue"}});
  page_->receive({.pictures = {PictureRef::ofFile(colourPicture(folder / "late.png", 1, 2))},
                  .captions = {},
                  .paths = {folder / "nowhere"}});
  ASSERT_TRUE(waitFor([&] { return desk_->wasSaid("nowhere"); })) << "the second drop waits for the first";
  EXPECT_EQ(document().unsorted.size(), 2u);
  const FolderListing cut = listFolders({folder}, FolderUse::Flat, 2);
  EXPECT_TRUE(cut.cut);
  EXPECT_EQ(cut.size(), 2u);
  EXPECT_EQ(listFolders({folder / "nowhere"}, FolderUse::Classes, 2).skippedCount, 1u);
}

TEST_F(SupportPageTest, PicturesOfOtherPagesWaitUnsortedAndAreSortedByLabel) {
  const SupportDocument example = emojiDocument(desk_->desk());
  SupportDocument start;
  start.set.classes = {{"mine", {example.set.classes[0].pictures[0]}}};
  showWith(start);
  std::vector<PictureRef> sent = example.set.classes[0].pictures;
  sent.push_back(example.set.classes[1].pictures[0]);
  page_->receive({.pictures = sent, .captions = {}, .paths = {}});
  EXPECT_EQ(pictures(0).size(), 1u) << "what has a class keeps it";
  EXPECT_EQ(document().unsorted.size(), 4u);
  QTest::mouseClick(find<QToolButton>("support.sortByLabel"), Qt::LeftButton);
  ASSERT_TRUE(waitFor([&] { return document().unsorted.empty(); }));
  ASSERT_EQ(document().set.classes.size(), 3u);
  EXPECT_EQ(document().set.classes[1].name, example.set.classes[0].name);
  EXPECT_EQ(pictures(1).size(), 3u);
  EXPECT_EQ(pictures(2).size(), 1u);
  page_->receive({.pictures = {}, .captions = {"a cat"}, .paths = {}});
  EXPECT_TRUE(desk_->wasSaid("Inspect page"));
}

TEST_F(SupportPageTest, AnUnlabelledFolderIsSortedByMarginAndCorrectionsCountAtOnce) {
  const fs::path folder = desk_->scratch() / "unknown";
  const auto open = desk_->desk().datasets().open("emoji");
  ASSERT_TRUE(open);
  fs::create_directories(folder);
  for (std::size_t i = 0; i < 12; ++i) {
    const auto picture = (*open)->set.pictures->load(i * 50);
    ASSERT_TRUE(picture);
    LIX_ASSERT_OK(imaging::writePng(folder / ("p" + std::to_string(i) + ".png"), *picture));
  }
  writeText(folder / "broken.png", "no picture");
  showWith(emojiDocument(desk_->desk()));
  waitForScores();
  auto* adapter = find<QComboBox>("support.adapter");
  adapter->setCurrentIndex(adapter->findData("knn"));
  auto* grid = find<widgets::ImageGrid>("support.predictions");
  ASSERT_TRUE(dropOn(grid, Payload{.pictures = {}, .captions = {}, .paths = {folder}}));
  ASSERT_TRUE(waitFor([&] { return grid->model()->rowCount() == 12; })) << page_->predictions().status().toStdString();
  EXPECT_TRUE(desk_->wasSaid("broken.png"));
  const auto& rows = page_->predictions().predictions()->rows;
  EXPECT_TRUE(std::ranges::is_sorted(rows, {}, &Prediction::margin));
  EXPECT_LT(rows.front().margin, rows.back().margin);
  EXPECT_EQ(grid->model()->index(0, 0).data().toString().toStdString(), rows.front().best);
  testing_support::grabPage(*page_, "support");
  const PictureRef first = rows.front().picture;
  const std::pair said(rows.front().best, rows.front().margin);
  const auto before = page_->predictions().predictions();
  grid->setFocus();
  grid->setCurrentIndex(grid->model()->index(0, 0));
  QTest::keyClick(grid, Qt::Key_2);
  EXPECT_EQ(pictures(1).back(), first);
  ASSERT_TRUE(waitFor([&] { return page_->predictions().predictions() != before; }));
  const auto& after = page_->predictions().predictions()->rows;
  const auto corrected = std::ranges::find(after, first, &Prediction::picture);
  ASSERT_NE(corrected, after.end());
  EXPECT_NE(std::pair(corrected->best, corrected->margin), said) << "its nearest neighbour is itself now";
  const int row = static_cast<int>(corrected - after.begin());
  EXPECT_TRUE(grid->model()
                  ->index(row, 0)
                  .data(widgets::BadgeRole)
                  .toString()
                  .contains(QString::fromStdString(document().set.classes[1].name)));
  find<QCheckBox>("support.sorted")->click();
  ASSERT_TRUE(
      waitFor([&] { return page_->predictions().predictions()->rows.front().picture.file == folder / "p0.png"; }));
}

TEST_F(SupportPageTest, AReadOnlyWorkspaceIsShownAndNotChanged) {
  const SupportDocument document = emojiDocument(desk_->desk());
  begin(store::OpenMode::ReadOnly);
  showWith(document);
  waitForScores();
  EXPECT_TRUE(find<QLabel>("support.readOnly")->isVisible());
  EXPECT_FALSE(find<QToolButton>("support.new")->isEnabled());
  EXPECT_FALSE(find<QPushButton>("support.addClass")->isEnabled());
  EXPECT_FALSE(find<QPushButton>("support.saveVersion")->isEnabled());
  EXPECT_FALSE(dropOn(column(1)->grid(), Payload{.pictures = {pictures(0)[0]}, .captions = {}, .paths = {}}));
  select(column(0), 0);
  QTest::keyClick(column(0)->grid(), Qt::Key_2);
  QTest::keyClick(column(0)->grid(), Qt::Key_Delete);
  page_->assign({pictures(0)[0]}, 1);
  EXPECT_EQ(this->document(), document);
  testing_support::grabPage(*page_, "support-read-only");
}

TEST_F(SupportPageTest, StateComesBackAndDamagedStateIsPassedOver) {
  const SupportDocument document = emojiDocument(desk_->desk());
  {
    const auto workspace = desk_->workspace();
    LIX_ASSERT_OK(store::SupportStore(workspace).saveDraft("older", toRows(document)));
    LIX_ASSERT_OK(store::SupportStore(workspace).saveDraft("newer", {}));
  }
  show();
  ASSERT_TRUE(waitFor([&] { return page_->book().name() == "newer"; }));
  auto* sets = find<QComboBox>("support.sets");
  sets->setCurrentIndex(sets->findText("older"));
  Q_EMIT sets->activated(sets->currentIndex());
  ASSERT_TRUE(waitFor([&] { return page_->book().name() == "older"; }));
  auto* adapter = find<QComboBox>("support.adapter");
  adapter->setCurrentIndex(adapter->count() - 1);
  find<QCheckBox>("support.live")->click();
  find<QTabWidget>("support.tabs")->setCurrentIndex(1);
  const QJsonObject state = page_->state();
  page_ = std::make_unique<SupportPage>(desk_->desk());
  page_->restore({{"scores", 5}, {"across", QJsonArray{"a"}}, {"tab", 99}, {"predictions", QJsonArray{}}});
  page_->restore(state);
  ASSERT_TRUE(waitFor([&] { return page_->book().name() == "older"; }));
  EXPECT_EQ(page_->state()["scores"], state["scores"]);
  EXPECT_EQ(page_->state()["predictions"], state["predictions"]);
  EXPECT_EQ(find<QTabWidget>("support.tabs")->currentIndex(), 1);
  EXPECT_FALSE(find<QCheckBox>("support.live")->isChecked());
}

}  // namespace
}  // namespace lix::app
