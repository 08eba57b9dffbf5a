// Figures and tables from rows: what they hold, and what they say where there is nothing.
#include <gtest/gtest.h>

#include <QGuiApplication>
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "figures/save.h"
#include "shared/results/kinds.h"
#include "support/result_figures.h"
#include "support/support.h"

namespace lix::app {
namespace {
using testing_support::columnOf;
using testing_support::fewShot;
using testing_support::resultRow;
using testing_support::ResultRows;
using testing_support::rowsOf;

/// A workspace with every kind of row, read back as figures read it.
struct Made {
  explicit Made(ResultRows wanted = {}) : given(std::move(wanted)) {
    given.make();
    auto opened = store::Workspace::open(folder.path() / "work", store::OpenMode::Create);
    given.store(*opened);
    auto read = readFigureRows(*opened);
    EXPECT_TRUE(read) << read.error().message;
    rows = std::move(*read);
  }
  MadeFigure make(std::string_view id, const FigureChoice& choice = {}) const {
    auto made = makeFigure(**findFigureKind(id), rows, choice);
    EXPECT_TRUE(made) << id << ": " << made.error().message;
    return made ? std::move(*made) : MadeFigure{};
  }
  test::TemporaryFolder folder;
  ResultRows given;
  FigureRows rows;
};

/// The figure drawn in both themes, 480 and 1200 px wide; into LIX_SHOTS=FOLDER to be looked at.
void draw(const MadeFigure& made, const std::string& name) {
  const QString shots = qEnvironmentVariable("LIX_SHOTS");
  for (const double width : {480.0, 1200.0}) {
    EXPECT_GT(made.figure->heightFor(width), 80) << name;
    for (const auto& [theme, said] : {std::pair(figures::Theme::Light, "light"), {figures::Theme::Dark, "dark"}}) {
      if (!shots.isEmpty()) {
        const auto file = std::filesystem::path(shots.toStdString()) / cat(name, "-", width, "-", said, ".png");
        EXPECT_TRUE(figures::save(*made.figure, file, theme, width));
      }
    }
  }
  EXPECT_TRUE(figures::rendered(*made.figure, figures::FileKind::Svg, figures::Theme::Light, 480)) << name;
}

void everyKind(const Made& made, const std::string& prefix) {
  for (const FigureKind& kind : figureKinds()) {
    const MadeFigure one = made.make(kind.id);
    ASSERT_NE(one.figure, nullptr) << kind.id;
    EXPECT_FALSE(one.numbers.rows.empty()) << kind.id;
    for (const auto& row : one.numbers.rows) {
      EXPECT_EQ(row.size(), one.numbers.head.size()) << kind.id;
    }
    draw(one, cat(prefix, kind.id));
  }
}

TEST(Results, EveryKindIsMadeFromTheRowsOfOneWorkspace) { everyKind(Made(), ""); }

TEST(Results, LongNamesAndManySeriesAreDrawn) {
  ResultRows many;
  many.labels.clear();
  for (int i = 0; i < 7; ++i) {
    many.labels.push_back(cat("a checkpoint whose name tells everything about it, number ", i));
  }
  many.datasets = {"emoji", "a dataset with quite a long name of its own", "symbola", "scenes", "x"};
  many.adapters = {"prototype", "tip-adapter"};
  many.shots = {1, 16};
  many.draws = 2;
  everyKind(Made(many), "many-");
}

TEST(Results, OneOfEachIsDrawn) {
  ResultRows one;
  one.labels = {"SigLIP", "SigLIxP", "Llip_16"};
  one.datasets = {"emoji"};
  one.adapters = {"tip-adapter"};
  one.shots = {1};
  one.draws = 1;
  everyKind(Made(one), "one-");
}

TEST(Results, WithoutRowsEveryKindNamesTheCommandForThem) {
  const FigureRows none;
  for (const FigureKind& kind : figureKinds()) {
    const auto made = makeFigure(kind, none, {});
    ASSERT_FALSE(made) << kind.id;
    EXPECT_EQ(made.error().code, ErrorCode::NotFound);
    EXPECT_NE(made.error().message.find(kind.command), std::string::npos) << made.error().message;
    EXPECT_NE(made.error().message.find(kind.needs), std::string::npos) << made.error().message;
  }
  const auto unknown = findFigureKind("pie");
  ASSERT_FALSE(unknown);
  EXPECT_NE(unknown.error().message.find("gain"), std::string::npos) << unknown.error().message;
}

TEST(Results, EveryDotOfResultsCarriesItsKeys) {
  const Made made;
  for (const char* id : {"shots", "gain", "adapters", "datasets", "retrieval", "scaling", "cost-flops", "cost-time",
                         "seconds", "surface", "sweep", "corruptions", "domains", "spectrum", "confusion"}) {
    for (const auto& row : made.make(id).numbers.rows) {
      std::size_t keys = 0;
      for (const TableCell& cell : row) {
        keys += cell.keys.size();
        for (const long long key : cell.keys) {
          EXPECT_TRUE(key >= 1 && key <= (long long)made.given.rows.size()) << id;
        }
      }
      EXPECT_GT(keys, 0u) << id;
    }
  }
}

TEST(Results, GainIsPairedByDrawAndSorted) {
  const FigureRows rows =
      rowsOf({fewShot("A", "one", 0, 0.50), fewShot("A", "one", 1, 0.70), fewShot("B", "one", 0, 0.40),
              fewShot("B", "one", 1, 0.50), fewShot("A", "two", 0, 0.9), fewShot("B", "two", 0, 0.5),
              fewShot("A", "alone", 0, 0.9)});
  const auto made = makeFigure(**findFigureKind("gain"), rows, {});
  ASSERT_TRUE(made) << made.error().message;
  const ResultTable& table = made->numbers;
  ASSERT_EQ(table.rows.size(), 2u);
  const auto difference = columnOf(table, "difference");
  EXPECT_EQ(table.rows[0][0].text, "two");
  EXPECT_NEAR(*table.rows[0][difference].value, 0.4, 1e-12);
  EXPECT_NEAR(*table.rows[1][difference].value, 0.15, 1e-12);
  // Differences 0.1 and 0.2: s = 0.0707, t(0.975, 1) = 12.706, half = 12.706 * 0.0707 / sqrt(2) = 0.6353.
  EXPECT_NEAR(*table.rows[1][columnOf(table, "low")].value, 0.15 - 0.6353, 1e-3);
  EXPECT_TRUE(std::isnan(*table.rows[0][columnOf(table, "low")].value)) << "one draw has no interval";
  EXPECT_EQ(table.rows[1][difference].keys, (std::vector<long long>{1, 2, 3, 4}));
  FigureChoice other;
  other.rows.checkpoints = {"B", "A"};
  const auto turned = makeFigure(**findFigureKind("gain"), rows, other);
  ASSERT_TRUE(turned);
  EXPECT_NEAR(*turned->numbers.rows[0][difference].value, -0.15, 1e-12);
}

TEST(Results, AveragesStandFirstAndOnlyWhereEveryDatasetHasAResult) {
  const FigureRows rows =
      rowsOf({resultRow("zero-shot", "A", "top1", 0.25, "one"), resultRow("zero-shot", "A", "top1", 0.75, "two"),
              resultRow("zero-shot", "B", "top1", 0.125, "one")});
  const auto made = makeFigure(**findFigureKind("datasets"), rows, {});
  ASSERT_TRUE(made);
  ASSERT_TRUE(made->table);
  EXPECT_EQ(made->table->head, (std::vector<std::string>{"Model", "Average", "one", "two"}));
  EXPECT_EQ(markdown(*made->table),
            "| Model | Average | one | two |\n| --- | ---: | ---: | ---: |\n| A | 50.0 | 25.0 | 75.0 |\n"
            "| B | – | 12.5 | – |\n");
  EXPECT_EQ(csv(*made->table),
            "Model,Average,one,two,keys\nA,0.5,0.25,0.75,Average=1+2 one=1 two=2\nB,,0.125,,Average=3 one=3\n");
}

TEST(Results, AZeroShotOfPooledVectorsIsMarked) {
  store::EvaluationRow pooled = resultRow("few-shot", "Llip", "top1", 0.213, "one");
  pooled.adapter = "zero-shot";
  pooled.shots = 0;
  pooled.vectors = store::VectorKind::Pooled;
  const auto alone = makeFigure(**findFigureKind("datasets"), rowsOf({pooled}), {});
  ASSERT_TRUE(alone && alone->table) << alone.error().message;
  EXPECT_EQ(alone->table->rows[0][2].text, "21.3*");
  const auto both = makeFigure(**findFigureKind("datasets"),
                               rowsOf({pooled, resultRow("zero-shot", "Llip", "top1", 0.178, "one")}), {});
  ASSERT_TRUE(both && both->table);
  EXPECT_EQ(both->table->rows[0][2].text, "17.8") << "its own procedure, where that was measured";
}

TEST(Results, MeansAreOverTheTasksThatAllHave) {
  const FigureRows rows =
      rowsOf({resultRow("zero-shot", "A", "top1", 0.2, "one"), resultRow("zero-shot", "A", "top1", 0.9, "two"),
              resultRow("zero-shot", "B", "top1", 0.4, "one")});
  const auto means = meansByLabel(zeroShotLevels(rows, {}));
  EXPECT_DOUBLE_EQ(means.at("A").value, 0.2);
  EXPECT_DOUBLE_EQ(means.at("B").value, 0.4);
  EXPECT_EQ(means.at("A").tasks, 1);
}

TEST(Results, TimeWithManyPromptsAddsTheirPairs) {
  const FigureRows rows =
      rowsOf({resultRow("zero-shot", "A", "top1", 0.5), resultRow("cost", "A", "image_seconds", 0.01, ""),
              resultRow("cost", "A", "pair_seconds", 1e-5, "")});
  FigureChoice choice;
  choice.prompts = 500;
  const auto made = makeFigure(**findFigureKind("cost-time"), rows, choice);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_NEAR(*made->numbers.rows[0][1].value, 15.0, 1e-9) << "10 ms and 500 times 0.01 ms";
  EXPECT_EQ(made->numbers.rows[0][1].keys, (std::vector<long long>{2, 3}));
}

TEST(Results, WhatIsNoNumberInFindingsIsLeftOut) {
  auto spectrum = resultRow("spectrum", "A", "effective_rank", 3.0);
  spectrum.findings = R"({"singular_values":[2.0,null,0.5]})";
  auto broken = resultRow("spectrum", "B", "effective_rank", 3.0);
  broken.findings = R"({"singular_values":"none"})";
  const auto made = makeFigure(**findFigureKind("spectrum"), rowsOf({spectrum, broken}), {});
  ASSERT_TRUE(made);
  ASSERT_EQ(made->numbers.rows.size(), 3u);
  EXPECT_TRUE(std::isnan(*made->numbers.rows[1].back().value));
  EXPECT_EQ(*made->numbers.rows[2][columnOf(made->numbers, "divided")].value, 0.25);
  EXPECT_EQ(toJson(made->numbers)[1]["singular_value"], nullptr);
  draw(*made, "nan-spectrum");
  auto surface = resultRow("surface", "A", "top1", 0.5);
  surface.findings = R"({"alpha":[1,2],"beta":[1],"validation":[[0.1,0.2,0.3]],"best":[1,2]})";
  EXPECT_FALSE(makeFigure(**findFigureKind("surface"), rowsOf({surface}), {})) << "a grid of another shape";
}

TEST(Results, SurfaceMarksWhatValidationChose) {
  auto surface = resultRow("surface", "A", "top1", 0.5);
  surface.findings = R"({"alpha":[0.5,1,2],"beta":[3,4],"validation":[[0.1,0.2,0.3],[0.4,0.9,0.5]],)"
                     R"("query":[[0.1,0.2,0.3],[0.4,0.8,0.5]],"best":[4,1]})";
  const auto made = makeFigure(**findFigureKind("surface"), rowsOf({surface}), {});
  ASSERT_TRUE(made);
  ASSERT_EQ(made->numbers.rows.size(), 12u);
  EXPECT_EQ(csv(made->numbers).substr(0, 60), "split,beta,alpha,top1,keys\nvalidation,3,0.5,0.1,1\nvalidation");
}

TEST(ResultTable, WritersEscapeWhatTheirFormatsMean) {
  ResultTable table{.title = "", .head = {"name, a|b", "50%_x"}, .rows = {}};
  table.rows.push_back({TableCell::word("say \"hi\"\n{x}"), TableCell::share(0.12345, {7, 8})});
  table.rows.push_back({TableCell::word("\\"), TableCell::number(NAN)});
  EXPECT_EQ(csv(table), "\"name, a|b\",50%_x,keys\n\"say \"\"hi\"\"\n{x}\",0.12345,7 8\n\\,,\n");
  EXPECT_EQ(markdown(table), "| name, a\\|b | 50%_x |\n| --- | ---: |\n| say \"hi\" {x} | 12.3 |\n| \\\\ | – |\n");
  EXPECT_NE(latex(table).find("name, a|b & 50\\%\\_x \\\\\n\\midrule\nsay \"hi\" \\{x\\} & 12.3 \\\\\n"
                              "\\textbackslash{} & -- \\\\\n\\bottomrule"),
            std::string::npos)
      << latex(table);
  const auto list = toJson(table);
  EXPECT_EQ(list[0]["keys"], nlohmann::json({7, 8}));
  EXPECT_EQ(list[0]["50%_x"], 0.12345);
  EXPECT_TRUE(list[1]["keys"].empty());
}

TEST(PaperValues, AreFoundByTheirWordsAndDrawn) {
  ASSERT_GT(paperValues().size(), 600u);
  const auto found = paperValues("siglixp s/16 32-shot");
  ASSERT_TRUE(found) << found.error().message;
  ASSERT_EQ(found->size(), 1u);
  EXPECT_DOUBLE_EQ(found->front().value, 65.7);
  const auto many = paperValues("ImageNet");
  ASSERT_FALSE(many);
  EXPECT_EQ(many.error().code, ErrorCode::BadInput);
  EXPECT_FALSE(paperValues("no such words"));
  const auto recall = paperValues("recall");
  ASSERT_FALSE(recall) << "no recall stands on an axis of top-1";
  EXPECT_NE(recall.error().message.find("top-1"), std::string::npos) << recall.error().message;
  EXPECT_EQ(found->front().name(), "32-shot Tip-Adapter average, SigLIxP S/16 1.5B, accuracy (LIxP)");
  FigureChoice choice;
  choice.reference = "siglixp s/16 32-shot";
  draw(Made().make("shots", choice), "reference-shots");
}

}  // namespace
}  // namespace lix::app
