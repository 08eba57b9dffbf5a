// Compare: what the counts and intervals are, by hand, and the page on the shipped checkpoints.
#include <QComboBox>
#include <QItemSelectionModel>
#include <QJsonArray>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QStackedWidget>
#include <QTableWidget>
#include <QTest>
#include <QToolButton>
#include <cmath>

#include "base/text.h"
#include "desk/checkpoint_shelf.h"
#include "desk/dataset_shelf.h"
#include "desk/tasks.h"
#include "docks/dock_area.h"
#include "figure_view/figure_view.h"
#include "frame/choices.h"
#include "image_grid/image_grid.h"
#include "imaging/write.h"
#include "pages/compare/compare_page.h"
#include "pages/compare/comparison.h"
#include "pages/compare/comparison_run.h"
#include "pages/compare/pair_curves.h"
#include "study/reader/reader.h"
#include "compare_page_support.h"

namespace lix::app {
namespace {
namespace fs = std::filesystem;
using testing_support::grabPage;
using testing_support::TestDesk;
using testing_support::waitFor;
using testing_support::colourFolder;
using testing_support::kLong;
using Shown = testing_support::ShownCompare;

store::EvaluationRow fewShot(const char* folder, const char* label, const char* adapter, int shots, double value) {
  return {.kind = "few-shot",
          .checkpoint = folder,
          .weightsHash = "h",
          .checkpointLabel = label,
          .dataset = "emoji",
          .split = "test",
          .labelSet = "group",
          .supportSeed = 1,
          .adapter = adapter,
          .shots = shots,
          .metric = "top1",
          .value = value};
}

TEST(Comparison, CurvesAreThoseOfTheTwoFolders) {
  const std::vector<store::EvaluationRow> rows{
      fewShot("/a", "One", "prototype", 1, 0.25), fewShot("/a", "One", "knn", 1, 0.5),
      fewShot("/b", "Two", "prototype", 1, 0.75), fewShot("/c", "Three", "prototype", 1, 0.9)};
  const PairCurves curves = pairCurves(rows, {"/b", "/a"}, "emoji", "group", "zero-shot");
  ASSERT_EQ(curves.panel.series.size(), 2u);
  EXPECT_EQ(curves.panel.series[0].label, "Two") << "A first";
  EXPECT_DOUBLE_EQ(curves.panel.series[0].points.at(0).mean, 0.75);
  EXPECT_DOUBLE_EQ(curves.panel.series[1].points.at(0).mean, 0.25);
  EXPECT_EQ(pairCurves(rows, {"/a", "/b"}, "emoji", "group", "knn").panel.series.size(), 1u);
  EXPECT_TRUE(pairCurves(rows, {"/a", "/b"}, "emoji", "colour", "").panel.series.empty());
}

Result<Comparison> compared(TestDesk& test, const data::Dataset& set, ComparisonOrder order) {
  LIX_TRY(const auto a, test.desk().checkpoints().open(order.checkpointA));
  LIX_TRY(const auto b, test.desk().checkpoints().open(order.checkpointB));
  return compare(*a, *b, set, order, std::nullopt);
}

TEST(ComparisonRun, TheSameModelTwiceDiffersNowhereByAnyMethod) {
  TestDesk test;
  const auto set = data::open({"folder", colourFolder(test.scratch()).string(), "{}"}, "colours");
  ASSERT_TRUE(set) << set.error().message;
  const fs::path model = test.model("siglip-tiny-emoji");
  for (const char* method : {"zero-shot", "prototype", "tip-adapter", "tip-adapter-x", "knn"}) {
    const auto made = compared(
        test, *set, {.checkpointA = model, .checkpointB = model, .dataset = "colours", .method = method, .shots = 2});
    ASSERT_TRUE(made) << method << ": " << made.error().message;
    EXPECT_TRUE(made->sameWeights);
    EXPECT_EQ(made->pictures.size(), 8u) << method;
    const VerdictCounts counts = countVerdicts(made->pictures);
    EXPECT_EQ(counts[Verdict::OnlyA] + counts[Verdict::OnlyB], 0u) << method;
    if (std::string_view(method) == "prototype") {
      EXPECT_EQ(counts[Verdict::Both], 8u) << "red and dark are told apart by two pictures of each";
    }
  }
}

TEST(ComparisonRun, KeepsWhatPanelsLookAtOfTheSamePictures) {
  TestDesk test;
  const auto set = data::open({"folder", colourFolder(test.scratch()).string(), "{}"}, "colours");
  ASSERT_TRUE(set);
  const auto made = compared(test, *set, {.checkpointA = test.model("siglixp-tiny-emoji"),
                                          .checkpointB = test.model("llip16-tiny-emoji"),
                                          .dataset = "colours",
                                          .method = "prototype",
                                          .shots = 2,
                                          .most = 5});
  ASSERT_TRUE(made) << made.error().message;
  ASSERT_EQ(made->pictures.size(), 5u);
  EXPECT_NE(join(made->notes, " ").find("A draw of 5 of the 8"), std::string::npos) << join(made->notes, " ");
  EXPECT_EQ(made->hashes.size(), 5u);
  EXPECT_EQ(made->vectors.pictures, (std::vector<std::size_t>{0, 1, 2, 3, 4}));
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(made->vectors.of[i].size(), 5u);
    double square = 0.0;
    for (const float value : made->vectors.matrix(i).row(3)) {
      square += double(value) * double(value);
    }
    EXPECT_NEAR(square, 1.0, 1e-4);
    ASSERT_TRUE(made->cosines[i]) << "zero-shot, whatever the method";
    EXPECT_EQ(made->cosines[i]->own.size(), 5u);
  }
  EXPECT_TRUE(made->context.support);
  EXPECT_EQ(made->context.keys.size(), 4u) << "two of each class";
  ASSERT_TRUE(made->context.sets[0]);
  EXPECT_EQ(made->context.sets[0]->hashes.size(), 4u);
  EXPECT_FALSE(made->context.sets[1]) << "a Llip attends to nothing";
  EXPECT_TRUE(made->facts[0].tauContext);
  EXPECT_EQ(made->vectors.rowOf(7), std::nullopt);
}

TEST(ComparisonRun, WhatCannotBeComparedIsASentence) {
  TestDesk test;
  auto set = data::open({"folder", colourFolder(test.scratch()).string(), "{}"}, "colours");
  ASSERT_TRUE(set);
  const fs::path model = test.model("siglip-tiny-emoji");
  ComparisonOrder order{
      .checkpointA = model, .checkpointB = model, .dataset = "colours", .method = "prototype", .shots = 200};
  const auto tooMany = compared(test, *set, order);
  ASSERT_FALSE(tooMany);
  EXPECT_NE(tooMany.error().message.find("fewer shots"), std::string::npos) << tooMany.error().message;
  order.shots = 1;
  order.split = data::Split::Train;
  const auto same = compared(test, *set, order);
  ASSERT_FALSE(same);
  EXPECT_NE(same.error().message.find("another split"), std::string::npos) << same.error().message;
  set->labelSets.clear();
  for (auto& sample : set->samples) {
    sample.labels.clear();
  }
  order.split = data::Split::Test;
  const auto unlabelled = compared(test, *set, order);
  ASSERT_FALSE(unlabelled);
  EXPECT_NE(unlabelled.error().message.find("no labels"), std::string::npos) << unlabelled.error().message;
}

TEST(ComparePage, ProposesTheControlAgainstThePostTrainedOneOnEmoji) {
  TestDesk test;
  Shown shown(test);
  EXPECT_EQ(shown.find<CheckpointBox>("compare.a")->folder().filename(), "siglip-continued-tiny-emoji");
  EXPECT_EQ(shown.find<CheckpointBox>("compare.b")->folder().filename(), "siglixp-tiny-emoji");
  EXPECT_EQ(shown.find<DatasetBox>("compare.dataset")->name(), "emoji");
  ASSERT_TRUE(waitFor([&] { return shown.find<QComboBox>("compare.labels")->currentText() == "group"; }));
  QTest::mouseClick(shown.find<QToolButton>("compare.swap"), Qt::LeftButton);
  EXPECT_EQ(shown.find<CheckpointBox>("compare.a")->folder().filename(), "siglixp-tiny-emoji");
  EXPECT_FALSE(shown.hasResult());
}

TEST(ComparePage, ComparesFiltersReadsAndHandsOver) {
  TestDesk test;
  Shown shown(test);
  shown.addFolder(colourFolder(test.scratch()));
  shown.find<CheckpointBox>("compare.b")->setFolder(test.model("llip16-tiny-emoji"));
  ASSERT_TRUE(shown.compareNow()) << test.said().join("|").toStdString();
  auto* grid = shown.find<widgets::ImageGrid>("compare.grid");
  EXPECT_EQ(grid->model()->rowCount(), 8);
  int sum = 0;
  for (std::size_t i = 0; i < kVerdicts; ++i) {
    QPushButton* card = shown.card(static_cast<Verdict>(i));
    const int count = card->text().section('\n', 1).section(' ', 0, 0).toInt();
    sum += count;
    QTest::mouseClick(card, Qt::LeftButton);
    EXPECT_EQ(grid->model()->rowCount(), count) << i;
    QTest::mouseClick(card, Qt::LeftButton);
    EXPECT_EQ(grid->model()->rowCount(), 8);
  }
  EXPECT_EQ(sum, 8);
  EXPECT_TRUE(shown.find<QLabel>("compare.summary")->text().contains("95 % interval"));

  grid->setFocus();
  QTest::keyClick(grid, Qt::Key_End);
  EXPECT_EQ(grid->currentIndex().row(), 7);
  ASSERT_TRUE(waitFor([&] { return shown.find<widgets::FigureView>("compare.map.b")->figure() != nullptr; }, kLong));
  EXPECT_NE(shown.find<widgets::FigureView>("compare.map.a")->figure(), nullptr);
  shown.page.docks()->showPanel("weights");
  ASSERT_TRUE(waitFor([&] { return shown.find<widgets::FigureView>("compare.weights.b")->figure() != nullptr; }))
      << "B is a Llip";
  EXPECT_EQ(shown.find<widgets::FigureView>("compare.weights.a")->figure(), nullptr);
  std::optional<Payload> handed;
  QObject::connect(&test.desk(), &Desk::handedOver, [&](PageId page, const Payload& payload) {
    EXPECT_EQ(page, PageId::Inspect);
    handed = payload;
  });
  QTest::mouseClick(shown.find<QPushButton>("compare.inspect"), Qt::LeftButton);
  ASSERT_TRUE(handed);
  ASSERT_EQ(handed->pictures.size(), 1u);
  EXPECT_EQ(handed->pictures[0].dataset, "colours");
  EXPECT_FALSE(handed->captions.empty());
}

TEST(ComparePage, KeepsWhatWasComparedForEachChoice) {
  TestDesk test;
  Shown shown(test);
  shown.addFolder(colourFolder(test.scratch()));
  shown.find<CheckpointBox>("compare.b")->setFolder(shown.find<CheckpointBox>("compare.a")->folder());
  ASSERT_TRUE(shown.compareNow());
  EXPECT_TRUE(shown.find<QLabel>("compare.summary")->text().contains("same weights"));
  auto* method = shown.find<QComboBox>("compare.method");
  EXPECT_EQ(method->currentText(), "Prototypes");
  EXPECT_TRUE(shown.find<QSpinBox>("compare.shots")->isEnabled());
  QTest::keyClick(method, Qt::Key_Home);
  EXPECT_EQ(method->currentText(), "Zero-shot");
  EXPECT_FALSE(shown.hasResult()) << "a choice that was not compared shows no numbers of another one";
  EXPECT_FALSE(shown.find<QSpinBox>("compare.shots")->isEnabled());
  method->setCurrentText("Prototypes");
  EXPECT_TRUE(shown.hasResult());
}

TEST(ComparePage, PicturesThatAreHandedOverAreComparedAlone) {
  TestDesk test;
  Shown shown(test);
  shown.addFolder(colourFolder(test.scratch()));
  shown.find<DatasetBox>("compare.dataset")->setName("emoji");
  shown.settle();
  const auto opened = test.desk().datasets().open("colours");
  ASSERT_TRUE(opened);
  Payload payload;
  for (const data::Sample& sample : (*opened)->set.samples) {
    if (payload.pictures.size() < 3) {
      payload.pictures.push_back(data::PictureRef::sample("colours", sample.key));  // of the train split
    }
  }
  ASSERT_TRUE(shown.page.accepts(payload));
  shown.page.receive(payload);
  shown.settle();
  EXPECT_EQ(shown.find<DatasetBox>("compare.dataset")->name(), "colours");
  EXPECT_TRUE(shown.find<QLabel>("compare.chosen")->text().contains("3 pictures"));
  ASSERT_TRUE(shown.compareNow()) << test.said().join("|").toStdString();
  EXPECT_EQ(shown.find<widgets::ImageGrid>("compare.grid")->model()->rowCount(), 3);
  EXPECT_TRUE(shown.find<QLabel>("compare.summary")->text().contains("3 of the 3 pictures that were chosen"));
  QTest::mouseClick(shown.find<QPushButton>("compare.chosen.all"), Qt::LeftButton);
  EXPECT_FALSE(shown.hasResult());
  EXPECT_TRUE(shown.find<QWidget>("compare.chosen")->isHidden() ||
              !shown.find<QWidget>("compare.chosen")->isVisible());
  ASSERT_TRUE(shown.compareNow());
  EXPECT_EQ(shown.find<widgets::ImageGrid>("compare.grid")->model()->rowCount(), 8);
  shown.page.receive({.pictures = {data::PictureRef::ofFile("/a.png")}, .captions = {}, .paths = {}});
  EXPECT_TRUE(test.wasSaid("Files have no labels"));
  shown.page.open("dataset:emoji");
  EXPECT_EQ(shown.find<DatasetBox>("compare.dataset")->name(), "emoji");
}

TEST(ComparePage, AWeightsFileBecomesB) {
  TestDesk test;
  Shown shown(test);
  const fs::path model = test.model("llip16-tiny-emoji");
  shown.page.receive({.pictures = {}, .captions = {}, .paths = {model / "model.safetensors"}});
  EXPECT_TRUE(waitFor([&] { return shown.find<CheckpointBox>("compare.b")->folder() == model; }, kLong));
  const fs::path other = test.model("siglip-tiny-emoji");
  shown.page.receive({.pictures = {}, .captions = {}, .paths = {other / ""}});
  EXPECT_TRUE(waitFor([&] { return shown.find<CheckpointBox>("compare.b")->folder() == other; }, kLong));
}

TEST(ComparePage, OtherWeightsInAFolderDropItsComparison) {
  TestDesk test;
  Shown shown(test);
  shown.addFolder(colourFolder(test.scratch()));
  const fs::path own = test.scratch() / "own";
  fs::copy(test.model("siglip-tiny-emoji"), own, fs::copy_options::recursive);
  shown.page.receive({.pictures = {}, .captions = {}, .paths = {own}});
  ASSERT_TRUE(waitFor([&] { return shown.find<CheckpointBox>("compare.b")->folder() == own; }, kLong));
  ASSERT_TRUE(shown.compareNow());
  shown.settle();
  ASSERT_TRUE(shown.hasResult());
  fs::copy(test.model("siglixp-tiny-emoji"), own,
           fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  test.desk().checkpoints().refresh();
  EXPECT_TRUE(waitFor([&] { return !shown.hasResult(); }, kLong));
  EXPECT_TRUE(test.wasSaid("other weights"));
}

TEST(ComparePage, PicturesWithoutLabelsAreRefused) {
  TestDesk test;
  const fs::path folder = test.scratch() / "loose";
  fs::create_directories(folder);
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(imaging::writePng(
        folder / cat(i, ".png"),
        {.width = 8, .height = 8, .pixels = std::vector<std::uint8_t>(192, std::uint8_t(40 * i + 20))}));
  }
  Shown shown(test);
  shown.addFolder(folder);
  EXPECT_FALSE(shown.find<QPushButton>("compare.start")->isEnabled());
  bool told = false;
  for (const QLabel* label : shown.page.findChildren<QLabel*>()) {
    told = told || (label->text().contains("loose") && label->text().contains("no labels"));
  }
  EXPECT_TRUE(told);
}

TEST(ComparePage, CanBeCancelled) {
  TestDesk test;
  Shown shown(test);
  ASSERT_TRUE(waitFor([&] { return shown.find<QPushButton>("compare.start")->isEnabled(); }));
  QTest::mouseClick(shown.find<QPushButton>("compare.start"), Qt::LeftButton);
  EXPECT_EQ(shown.find<QPushButton>("compare.start")->text(), "Cancel");
  QTest::mouseClick(shown.find<QPushButton>("compare.start"), Qt::LeftButton);
  ASSERT_TRUE(waitFor([&] { return test.desk().tasks().isIdle(); }, kLong));
  EXPECT_EQ(shown.find<QPushButton>("compare.start")->text(), "Compare");
  EXPECT_FALSE(shown.hasResult());
  EXPECT_TRUE(test.said().isEmpty()) << test.said().join("|").toStdString();
}

TEST(ComparePage, WorksInAReadOnlyWorkspace) {
  TestDesk test(TestDesk::Checkpoints::Shipped, store::OpenMode::ReadOnly);
  Shown shown(test);
  shown.find<QComboBox>("compare.split")->setCurrentIndex(1);
  ASSERT_TRUE(waitFor([&] { return shown.find<QPushButton>("compare.start")->isEnabled(); }));
  ASSERT_TRUE(shown.compareNow()) << test.said().join("|").toStdString();
  EXPECT_FALSE(fs::exists(test.folder() / "cache" / "features"));
}

TEST(ComparePage, RestoresItsChoicesAndToleratesAnything) {
  TestDesk test;
  QJsonObject state;
  {
    Shown shown(test);
    shown.find<CheckpointBox>("compare.b")->setFolder(test.model("llip16-tiny-emoji"));
    shown.find<QComboBox>("compare.method")->setCurrentIndex(3);
    shown.find<QSpinBox>("compare.shots")->setValue(4);
    shown.find<QSpinBox>("compare.seed")->setValue(7);
    shown.find<QComboBox>("compare.sort")->setCurrentIndex(1);
    state = shown.page.state();
  }
  Shown again(test);
  again.page.restore(state);
  again.settle();
  EXPECT_EQ(again.page.state(), state);
  again.page.restore({{"a", 3}, {"dataset", QJsonArray{1}}, {"shots", -50}, {"method", "nothing"}, {"splitter", "?"}});
  again.settle();
  EXPECT_EQ(again.find<QComboBox>("compare.method")->currentIndex(), 3);
  EXPECT_EQ(again.find<QSpinBox>("compare.shots")->value(), 1);
}

TEST(Shots, ComparePage) {
  if (qEnvironmentVariableIsEmpty("LIX_SHOTS")) {
    GTEST_SKIP() << "Name a folder in LIX_SHOTS.";
  }
  TestDesk test;
  const auto workspace = test.workspace();
  for (const auto& [model, label, start] :
       {std::tuple("siglip-continued-tiny-emoji", "SigLIP continued", 0.2), {"siglixp-tiny-emoji", "SigLIxP", 0.22}}) {
    for (int step = 0; step < 15; ++step) {
      auto row = fewShot(test.model(model).c_str(), label, "prototype", 1 << (step / 3),
                         start + 0.03 * (step / 3) + 0.008 * (step % 3));
      row.supportSeed = step % 3;
      ASSERT_TRUE(store::EvaluationStore(workspace).add(row));
    }
  }
  Shown shown(test);
  grabPage(shown.page, "compare-empty");
  ASSERT_TRUE(shown.compareNow());
  ASSERT_TRUE(waitFor([&] { return shown.find<widgets::FigureView>("compare.map.b")->figure() != nullptr; }, kLong));
  shown.settle();
  shown.page.resize(1440, 900);
  shown.page.docks()->reset();
  QTest::qWait(500);
  grabPage(shown.page, "compare");
  for (const char* id : {"context", "flips", "similarity"}) {
    shown.page.docks()->showPanel(id);
    QTest::qWait(1500);
    grabPage(shown.page, QString("compare-") + id);
  }
}

}  // namespace
}  // namespace lix::app
