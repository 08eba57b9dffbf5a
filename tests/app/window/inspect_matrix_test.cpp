// The matrix of the Inspect page: two checkpoints on one scale, what a score means, the best, tables and figures.
#include <QClipboard>
#include <QComboBox>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QMimeData>
#include <QTest>
#include <QToolButton>
#include <latch>

#include "base/file.h"
#include "inspect_page_support.h"
#include "pages/inspect/caption_panel.h"

namespace lix::app {
namespace {
namespace fs = std::filesystem;
using testing_support::grabPage;
using testing_support::waitFor;

class InspectMatrixTest : public testing_support::InspectPageTest {};

TEST_F(InspectMatrixTest, TwoCheckpointsAreComparedOnOneScale) {
  begin();
  EXPECT_FALSE(part<QComboBox>("side")->isVisible()) << "nothing to compare with yet";
  EXPECT_EQ(page->otherReading(), nullptr);
  auto* other = page->findChild<CheckpointBox*>("inspect.other");
  EXPECT_TRUE(other->folder().empty());
  other->setFolder(test.model("siglip-tiny-emoji"));
  ASSERT_TRUE(waitFor([&] { return page->otherReading() != nullptr; }));
  EXPECT_EQ(page->otherReading()->facts.folder, test.model("siglip-tiny-emoji"));
  EXPECT_TRUE(sameSubject(*page->reading(), *page->otherReading()));
  auto* side = part<QComboBox>("side");
  ASSERT_TRUE(side->isVisible());
  const auto a = page->reading()->reading.scores.cosines, b = page->otherReading()->reading.scores.cosines;
  const auto shown = [&](int row, int column) {
    return float(scores().index(row, column).data(ScoreModel::ValueRole).toDouble());
  };
  EXPECT_EQ(shown(1, 0), a[2]);
  side->setFocus();
  QTest::keyClick(side, Qt::Key_Down);
  EXPECT_EQ(shown(1, 0), b[2]);
  QTest::keyClick(side, Qt::Key_Down);
  EXPECT_EQ(shown(1, 0), a[2] - b[2]);
  EXPECT_EQ(scores().low(), -scores().high()) << "even ends around zero";
  EXPECT_TRUE(scores().index(1, 0).data(Qt::AccessibleDescriptionRole).toString().contains(QStringLiteral("A − B")));
  const QString tip = scores().index(1, 0).data(Qt::AccessibleDescriptionRole).toString();
  EXPECT_TRUE(tip.contains(QStringLiteral("By A − B, the largest first: of 2 captions"))) << tip.toStdString();
  grabPage(*page, "inspect-difference");
  const auto old = page->otherReading();
  type("a very old car");
  ASSERT_TRUE(waitReading({"red apple", "a car", "a very old car"}));
  ASSERT_NE(page->otherReading(), nullptr) << "both answers are shown together";
  EXPECT_EQ(page->otherReading()->question.captions.size(), 3u);
  EXPECT_TRUE(scores().sheet().diverging());
  const QJsonObject state = page->state();
  make();
  page->restore(state);
  page->show();
  ASSERT_TRUE(waitFor([&] { return page->otherReading() != nullptr; }));
  EXPECT_TRUE(scores().sheet().diverging());
  page->findChild<CheckpointBox*>("inspect.other")->setCurrentIndex(0);
  ASSERT_TRUE(waitFor([&] { return page->otherReading() == nullptr; }));
  EXPECT_FALSE(scores().sheet().diverging());
  EXPECT_TRUE(test.said().isEmpty()) << test.said().join('\n').toStdString();
}

TEST_F(InspectMatrixTest, ACopiedDifferenceHasTheColoursOfTheScreen) {
  begin();
  page->findChild<CheckpointBox*>("inspect.other")->setFolder(test.model("siglip-tiny-emoji"));
  ASSERT_TRUE(waitFor([&] { return page->otherReading() != nullptr; }));
  part<QComboBox>("side")->setCurrentIndex(2);
  QTest::mouseClick(part<QToolButton>("matrixMenu"), Qt::LeftButton);
  auto* menu = page->findChild<QMenu*>();
  ASSERT_NE(menu, nullptr);
  for (QAction* action : menu->actions()) {
    if (action->text().remove('&').startsWith("Copy as figure")) {
      action->trigger();
    }
  }
  menu->close();
  const auto image = qvariant_cast<QImage>(QGuiApplication::clipboard()->mimeData()->imageData());
  ASSERT_FALSE(image.isNull());
  const auto count = [&image](const QColor& wanted) {
    int found = 0;
    for (int y = 0; y < image.height(); ++y) {
      for (int x = 0; x < image.width(); ++x) {
        const QColor one = image.pixelColor(x, y);
        found += std::abs(one.red() - wanted.red()) + std::abs(one.green() - wanted.green()) +
                             std::abs(one.blue() - wanted.blue()) <= 3;
      }
    }
    return found;
  };
  for (int row = 0; row < 2; ++row) {
    for (int column = 0; column < 2; ++column) {
      const double value = scores().index(row, column).data(ScoreModel::ValueRole).toDouble();
      EXPECT_GT(count(scores().colour(value, figures::Theme::Light)), 300) << row << ", " << column;
    }
  }
}

TEST_F(InspectMatrixTest, TheSecondCheckpointIsReadAnewWhereItWasOverwritten) {
  begin();
  const fs::path own = copied("siglip-tiny-emoji");
  page->findChild<CheckpointBox*>("inspect.other")->setFolder(own);
  ASSERT_TRUE(waitFor([&] { return page->otherReading() != nullptr; }));
  const auto old = page->otherReading();
  part<QComboBox>("side")->setCurrentIndex(2);
  EXPECT_FALSE(part<QComboBox>("side")->toolTip().contains("as trained"));
  askSettings({.tau = 3.7, .withoutTokens = {}, .heads = {}});
  ASSERT_TRUE(waitFor([&] { return page->reading()->question.settings.tau == 3.7; }));
  EXPECT_EQ(page->otherReading(), old) << "it is what it was";
  EXPECT_TRUE(part<QComboBox>("side")->toolTip().contains("(siglip), as trained"));
  EXPECT_TRUE(part<QLabel>("notes")->text().contains("B is as trained"));
  const fs::path weights = own / "model.safetensors";
  fs::copy_file(test.model("siglixp-tiny-emoji") / "model.safetensors", weights, fs::copy_options::overwrite_existing);
  fs::last_write_time(weights, fs::file_time_type::clock::now() + std::chrono::seconds(2));
  askSettings({});
  ASSERT_TRUE(waitFor([&] { return !page->reading()->question.settings.tau; }));
  EXPECT_NE(page->otherReading()->facts.weightsHash, old->facts.weightsHash);
  EXPECT_FALSE(part<QLabel>("notes")->text().contains("B is as trained"));
}

TEST_F(InspectMatrixTest, ReadingsOfASliderThatMovesAreSeen) {
  begin();
  test.settle();
  std::vector<std::optional<double>> seen;
  QObject::connect(page.get(), &InspectPage::readingShown, page.get(),
                   [&] { seen.push_back(page->reading()->question.settings.tau); });
  std::latch gate(1);
  test.desk().interactive().post([&gate](std::stop_token) { gate.wait(); });
  for (const double tau : {2.0, 3.0, 4.0}) {
    askSettings({.tau = tau, .withoutTokens = {}, .heads = {}});
    QTest::qWait(60);
  }
  gate.count_down();
  ASSERT_TRUE(waitFor([&] { return page->reading()->question.settings.tau == 4.0; }));
  EXPECT_EQ(seen, (std::vector<std::optional<double>>{2.0, 4.0})) << "what ran is shown, what was passed is not read";
}

TEST_F(InspectMatrixTest, AFailedReadingKeepsTheFiguresAndCanBeTakenBack) {
  begin();
  const auto before = page->reading();
  const fs::path own = copied("llip16-tiny-emoji");
  page->findChild<CheckpointBox*>("inspect.checkpoint")->setFolder(own);
  ASSERT_TRUE(waitFor([&] { return page->reading()->facts.folder == own; }));
  askSettings({.tau = {}, .withoutTokens = {999}, .heads = {}});  // as of another checkpoint
  ASSERT_TRUE(waitFor([&] { return !test.said().isEmpty(); }));
  ASSERT_NE(page->reading(), nullptr);
  type("a very old car");
  ASSERT_TRUE(waitReading({"red apple", "a car", "a very old car"})) << "read as trained again";
  EXPECT_EQ(page->reading()->question.settings, study::InspectSettings());
  fs::remove_all(own);
  type("a dog");
  ASSERT_TRUE(waitFor([&] { return part<QLabel>("notes")->text().contains("The last reading failed"); }));
  ASSERT_NE(page->reading(), nullptr);
  EXPECT_EQ(scores().columnCount(), 3) << "the figures before stay";
  chooseModel("siglip-tiny-emoji");
  EXPECT_FALSE(part<QLabel>("notes")->text().contains("The last reading failed"));
}

TEST_F(InspectMatrixTest, ACellOfAnOlderReadingChoosesItsOwnCaption) {
  begin();
  page->setCaptions({"red apple", "a car", "a dog"});
  ASSERT_TRUE(waitReading({"red apple", "a car", "a dog"}));
  test.settle();
  std::latch gate(1);
  test.desk().interactive().post([&gate](std::stop_token) { gate.wait(); });
  page->setCaptions({"a car", "a dog", "red apple"});
  matrix().setCurrentIndex(scores().index(0, 0));
  matrix().setCurrentIndex(scores().index(0, 2));
  EXPECT_EQ(page->findChild<CaptionPanel*>()->current(), 1) << "the dog is the second by now";
  gate.count_down();
  ASSERT_TRUE(waitReading({"a car", "a dog", "red apple"}));
  EXPECT_EQ(matrix().currentIndex().column(), 1);
}

TEST_F(InspectMatrixTest, TheMatrixSaysWhatAScoreMeansAndWhereItStands) {
  begin();
  const auto& sheet = scores().sheet();
  for (std::size_t i = 0; i < 2; ++i) {
    const std::size_t best = sheet.at(i, 0) >= sheet.at(i, 1) ? 0 : 1;
    EXPECT_EQ(sheet.rankOfCaption(i, best), 1u);
    EXPECT_EQ(sheet.rankOfCaption(i, 1 - best), 2u);
    EXPECT_TRUE(scores().index(int(i), int(best)).data(ScoreModel::BestRole).toBool());
    EXPECT_FALSE(scores().index(int(i), int(1 - best)).data(ScoreModel::BestRole).toBool());
  }
  const QString said = scores().index(0, 0).data(Qt::AccessibleDescriptionRole).toString();
  EXPECT_TRUE(said.contains("cosine") && said.contains("logit") && said.contains("probability")) << said.toStdString();
  EXPECT_TRUE(said.contains("Of 2 captions for this picture number")) << said.toStdString();
  auto* menu = [&] {
    QTest::mouseClick(part<QToolButton>("matrixMenu"), Qt::LeftButton);
    return page->findChild<QMenu*>();
  }();
  ASSERT_NE(menu, nullptr);
  const auto choose = [&](const QString& text) {
    for (QAction* action : menu->actions()) {
      if (action->text().remove('&').startsWith(text)) {
        action->trigger();
        return true;
      }
    }
    return false;
  };
  ASSERT_TRUE(choose("Mark the best picture"));
  const bool first = sheet.at(0, 0) >= sheet.at(1, 0);
  EXPECT_TRUE(scores().index(first ? 0 : 1, 0).data(ScoreModel::BestRole).toBool());
  EXPECT_FALSE(scores().index(first ? 1 : 0, 0).data(ScoreModel::BestRole).toBool());
  ASSERT_TRUE(choose("Copy as figure"));
  EXPECT_TRUE(QGuiApplication::clipboard()->mimeData()->hasFormat("image/svg+xml"));
  ASSERT_TRUE(choose("Save as CSV"));
  auto* dialog = page->findChild<QFileDialog*>("inspect.saveScores");
  ASSERT_NE(dialog, nullptr);
  const fs::path file = test.scratch() / "scores.csv";
  Q_EMIT dialog->fileSelected(QString::fromStdString(file.string()));
  EXPECT_TRUE(readFile(file)->starts_with("picture,red apple,a car\n"));
  Q_EMIT dialog->fileSelected("/nowhere/scores.csv");
  EXPECT_TRUE(test.wasSaid("/nowhere/"));
  dialog->close();
  menu->close();
}

TEST_F(InspectMatrixTest, HeadersOfManyCaptionsTakeSeveralLines) {
  begin("siglip-tiny-emoji");
  const int one = matrix().horizontalHeader()->height();
  QStringList many;
  for (int i = 0; i < 200; ++i) {
    many << QString("a rather long caption about thing number %1").arg(i);
  }
  page->setCaptions(many);
  ASSERT_TRUE(waitFor([&] { return page->reading()->question.captions.size() == 200; }));
  page->resize(1356, 836);
  page->docks()->showPanel("scores");
  QTest::qWait(50);  // for the layout
  EXPECT_GT(matrix().horizontalHeader()->height(), one);
  EXPECT_GE(matrix().viewport()->height(), 2 * matrix().rowHeight(0)) << "both pictures are still seen";
  EXPECT_TRUE(scores().headerData(150, Qt::Horizontal, Qt::ToolTipRole).toString().contains("number 150"));
  grabPage(*page, "inspect-many");
}

}  // namespace
}  // namespace lix::app
