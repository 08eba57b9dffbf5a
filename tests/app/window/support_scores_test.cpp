// What support sets are worth: accuracies while they are edited, predictions, and what cannot be read.
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <algorithm>

#include "desk/checkpoint_shelf.h"
#include "support_page_support.h"

namespace lix::app {
namespace {
using namespace testing_support;

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
  page_->scores().setFitting(LiveScores::Fitting::Always);
  waitForAll();
  page_->assign({pictures(0)[0], pictures(0)[1]}, 1);
  EXPECT_FALSE(page_->scores().isCurrent());
  waitForAll();
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

TEST_F(SupportPageTest, RowsOfAdaptersStayInTheirPlacesWhileQueriesAreRead) {
  showWith(emojiDocument(desk_->desk()));
  waitForScores();
  auto* table = find<QTableWidget>("support.scores");
  auto* status = find<QLabel>("support.status");
  ASSERT_GT(table->rowCount(), 1);
  const auto place = [&] {
    QCoreApplication::sendPostedEvents(nullptr, QEvent::LayoutRequest);
    return table->viewport()->mapTo(page_.get(), table->visualItemRect(table->item(1, 0)).center());
  };
  const QPoint before = place();
  QPoint meanwhile;
  QObject::connect(&page_->scores(), &LiveScores::statusChanged, page_.get(), [&] {
    if (page_->scores().status().startsWith("Reading the queries")) {
      meanwhile = place();
      EXPECT_TRUE(status->isVisible());
    }
  });
  auto* split = find<QComboBox>("support.split");
  split->setCurrentIndex(split->findText("train"));
  ASSERT_TRUE(waitFor([&] { return !meanwhile.isNull(); }));
  EXPECT_EQ(meanwhile, before);
  waitForScores();
  EXPECT_EQ(place(), before);
  find<CheckpointBox>("support.checkpoint")->setFolder({});
  EXPECT_FALSE(table->isVisible()) << "the sentence that says why stands in its place";
  EXPECT_TRUE(status->isVisible());
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

TEST_F(SupportPageTest, NothingOfTheEarlierModelIsShownUnderTheNext) {
  showWith(emojiDocument(desk_->desk()));
  QStringList told;
  QObject::connect(&page_->scores(), &LiveScores::statusChanged, page_.get(),
                   [&] { told << page_->scores().status(); });
  waitForScores();
  ASSERT_FALSE(accuracyText("Tip-Adapter").isEmpty());
  EXPECT_TRUE(find<QTableWidget>("support.scores")->toolTip().contains("One of "));
  page_->scores().scoreNow();  // whose answer comes after the change
  find<CheckpointBox>("support.checkpoint")->setFolder(desk_->model("llip16-tiny-emoji"));
  EXPECT_FALSE(page_->scores().isCurrent());
  EXPECT_EQ(find<QTableWidget>("support.scores")->rowCount(), 0);
  page_->predictions().start({.pictures = pictures(0), .captions = {}, .paths = {}});
  waitForScores();
  ASSERT_TRUE(waitFor([&] { return page_->predictions().predictions() != nullptr; }));
  page_->predictions().setSet(document().set);
  page_->predictions().setReader(nullptr, page_->scores().scorer());
  EXPECT_EQ(find<widgets::ImageGrid>("support.predictions")->model()->rowCount(), 0);
  desk_->settle();
  EXPECT_EQ(page_->predictions().predictions(), nullptr);
  EXPECT_TRUE(told.filter("was stopped").isEmpty()) << told.join('\n').toStdString();
  page_.reset();
}

TEST_F(SupportPageTest, ANewCheckpointDoesNotReplaceTheOneInUse) {
  page_ = std::make_unique<SupportPage>(desk_->desk());
  auto* box = find<CheckpointBox>("support.checkpoint");
  ASSERT_TRUE(waitFor([&] { return !box->folder().empty(); }));
  const fs::path shown = box->folder(), copy = desk_->scratch() / "newest";
  EXPECT_EQ(page_->state()["panels"].toObject()["accuracy"].toObject()["checkpoint"].toString().toStdString(), shown.string());
  fs::copy(desk_->model(kModel), copy, fs::copy_options::recursive);
  const int before = box->count();
  desk_->desk().checkpoints().add(copy);
  ASSERT_TRUE(waitFor([&] { return box->count() > before; }));
  EXPECT_EQ(box->folder(), shown);
}

}  // namespace
}  // namespace lix::app
