// What figures may join, average and subtract: only results that answer the same question.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "base/text.h"
#include "figures/save.h"
#include "shared/results/kinds.h"
#include "support/result_figures.h"

namespace lix::app {
namespace {
using testing_support::columnOf;
using testing_support::fewShot;
using testing_support::resultRow;
using testing_support::rowsOf;

TEST(ResultRules, TimesOfManyPromptsAreNotCountedTwice) {
  const auto cost = [](const std::string& label, const std::string& metric, double value, const char* settings) {
    auto row = resultRow("cost", label, metric, value, "");
    row.settings = settings;
    return row;
  };
  const char* two = R"({"batch":1,"threads":2})";
  const FigureRows rows = rowsOf({resultRow("zero-shot", "A", "top1", 0.5), resultRow("zero-shot", "B", "top1", 0.6),
                                  cost("A", "image_seconds", 0.01, two), cost("A", "pair_seconds", 1e-5, two),
                                  cost("A", "image_seconds", 0.013, R"({"batch":1,"prompts":100,"threads":2})"),
                                  cost("B", "image_seconds", 0.02, two), cost("B", "pair_seconds", 1e-5, two),
                                  cost("B", "image_seconds", 0.5, R"({"batch":8,"threads":1})"),
                                  cost("B", "pair_seconds", 0.5, R"({"batch":8,"threads":1})")});
  FigureChoice choice;
  choice.prompts = 500;
  const auto made = makeFigure(**findFigureKind("cost-time"), rows, choice);
  ASSERT_TRUE(made) << made.error().message;
  ASSERT_EQ(made->numbers.rows.size(), 2u);
  EXPECT_NEAR(*made->numbers.rows[0][1].value, 15.0, 1e-9) << "not 13 ms and the pairs again";
  EXPECT_NEAR(*made->numbers.rows[1][1].value, 25.0, 1e-9) << "under the threads and batch that both have";
  choice.prompts = 100;
  const auto measured = makeFigure(**findFigureKind("cost-time"), rows, choice);
  ASSERT_TRUE(measured);
  EXPECT_NEAR(*measured->numbers.rows[0][1].value, 13.0, 1e-9) << "as it was measured for so many";
  EXPECT_EQ(measured->numbers.rows[0][1].keys, std::vector<long long>{5});
}

TEST(ResultRules, TransferIsNoZeroShotBar) {
  auto zero = resultRow("domain", "A", "top1", 0.3, "photos");
  zero.settings = R"({"source":"emoji"})";
  auto transfer = resultRow("domain", "A", "top1", 0.8, "photos");
  transfer.settings = R"({"pool":"train","source":"emoji"})";
  transfer.adapter = "prototype";
  transfer.shots = 4;
  const auto made = makeFigure(**findFigureKind("domains"), rowsOf({zero, transfer}), {});
  ASSERT_TRUE(made) << made.error().message;
  const ResultTable& table = made->numbers;
  ASSERT_EQ(table.rows.size(), 2u);
  const auto value = columnOf(table, "top1"), adapter = columnOf(table, "adapter");
  EXPECT_EQ(table.rows[0][adapter].text, "");
  EXPECT_DOUBLE_EQ(*table.rows[0][value].value, 0.3);
  EXPECT_EQ(table.rows[1][adapter].text, "prototype");
  EXPECT_DOUBLE_EQ(*table.rows[1][columnOf(table, "shots")].value, 4);
}

TEST(ResultRules, AdaptersAreComparedOverTheSameDatasets) {
  auto knn = fewShot("A", "one", 0, 0.6);
  knn.adapter = "knn";
  const FigureRows rows =
      rowsOf({resultRow("zero-shot", "A", "top1", 0.2, "one"), resultRow("zero-shot", "A", "top1", 0.8, "two"),
              fewShot("A", "one", 0, 0.5), fewShot("A", "two", 0, 0.9), knn, fewShot("B", "one", 0, 0.7)});
  const auto made = makeFigure(**findFigureKind("adapters"), rows, {});
  ASSERT_TRUE(made) << made.error().message;
  const ResultTable& table = made->numbers;
  ASSERT_EQ(table.rows.size(), 2u) << "B has no start";
  for (const auto& row : table.rows) {
    EXPECT_DOUBLE_EQ(*row[columnOf(table, "datasets")].value, 1) << "kNN has but one dataset";
    EXPECT_DOUBLE_EQ(*row[columnOf(table, "zero_shot")].value, 0.2);
  }
  EXPECT_DOUBLE_EQ(*table.rows[0][columnOf(table, "few_shot")].value, 0.6);
  EXPECT_DOUBLE_EQ(*table.rows[1][columnOf(table, "few_shot")].value, 0.5);
  knn.dataset = "three";
  const auto apart =
      makeFigure(**findFigureKind("adapters"),
                 rowsOf({resultRow("zero-shot", "A", "top1", 0.2, "one"),
                         resultRow("zero-shot", "A", "top1", 0.2, "three"), fewShot("A", "one", 0, 0.5), knn}),
                 {});
  ASSERT_FALSE(apart) << "nothing that can be compared";
  EXPECT_NE(apart.error().message.find("--adapters"), std::string::npos) << apart.error().message;
}

TEST(ResultRules, GainsPairOnlyWhatAnswersTheSameQuestion) {
  auto other = fewShot("B", "one", 0, 0.1);
  other.templates = "photo";
  const FigureRows rows = rowsOf({fewShot("A", "one", 0, 0.50), fewShot("B", "one", 0, 0.40), other});
  const auto made = makeFigure(**findFigureKind("gain"), rows, {});
  ASSERT_TRUE(made) << made.error().message;
  ASSERT_EQ(made->numbers.rows.size(), 1u);
  EXPECT_NEAR(*made->numbers.rows[0].back().value, 0.10, 1e-12) << "not with other templates";
  EXPECT_FALSE(makeFigure(**findFigureKind("gain"), rowsOf({fewShot("A", "one", 0, 0.5), other}), {}));
}

TEST(ResultRules, GainsWithoutSharedDrawsSayThatTheyAreUnpaired) {
  const FigureRows rows = rowsOf({fewShot("A", "one", 0, 0.5), fewShot("A", "one", 1, 0.6), fewShot("B", "one", 2, 0.3),
                                  fewShot("B", "one", 3, 0.4)});
  const auto made = makeFigure(**findFigureKind("gain"), rows, {});
  ASSERT_TRUE(made) << made.error().message;
  const ResultTable& table = made->numbers;
  EXPECT_EQ(table.rows[0][columnOf(table, "pairing")].text, "unpaired");
  EXPECT_NEAR(*table.rows[0].back().value, 0.2, 1e-12);
  EXPECT_TRUE(std::isnan(*table.rows[0][columnOf(table, "low")].value));
}

TEST(ResultRules, ModelsWithoutASeedAreToldApartByTheirFolder) {
  std::vector<store::EvaluationRow> given;
  for (const auto& [label, folder, value] : {std::tuple("A", "/models/a1", 0.5),
                                             {"A", "/models/a2", 0.9},
                                             {"B", "/models/b1", 0.4},
                                             {"B", "/models/b2", 0.2}}) {
    auto row = fewShot(label, "one", 0, value);
    row.modelSeed = std::nullopt;
    row.checkpoint = folder;
    given.push_back(row);
  }
  const auto made = makeFigure(**findFigureKind("gain"), rowsOf(given), {});
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_NEAR(*made->numbers.rows[0].back().value, 0.4, 1e-12) << "means over both folders of each";
  EXPECT_EQ(made->numbers.rows[0].back().keys, (std::vector<long long>{1, 2, 3, 4}));
}

TEST(ResultRules, SplitsAreTasksOfTheirOwn) {
  auto val = resultRow("zero-shot", "A", "top1", 0.9, "one");
  val.split = "val";
  auto plain = resultRow("zero-shot", "B", "top1", 0.3, "one");
  plain.templates = "photo";
  const auto made = makeFigure(**findFigureKind("datasets"),
                               rowsOf({resultRow("zero-shot", "A", "top1", 0.2, "one"), val, plain}), {});
  ASSERT_TRUE(made);
  EXPECT_EQ(made->table->head, (std::vector<std::string>{"Model", "Average", "one, test", "one, val"}));
  const auto levels = newestLevels(zeroShotLevels(rowsOf({resultRow("zero-shot", "A", "top1", 0.2), plain}), {}));
  EXPECT_EQ(mixedNote(levels), "") << "other datasets";
  plain.dataset = "emoji";
  const auto mixed = newestLevels(zeroShotLevels(rowsOf({resultRow("zero-shot", "A", "top1", 0.2), plain}), {}));
  EXPECT_NE(mixedNote(mixed).find("prompt templates"), std::string::npos);
}

TEST(ResultRules, RetrievalOfOtherQuestionsHasLinesOfItsOwn) {
  const auto asked = [](double value, const char* settings) {
    auto row = resultRow("retrieval", "A", "image_to_text_r1", value, "one");
    row.settings = settings;
    return row;
  };
  const auto made =
      makeFigure(**findFigureKind("retrieval"),
                 rowsOf({asked(0.5, R"({"mode":"exact"})"), asked(0.7, R"({"first_captions":1,"mode":"exact"})"),
                         asked(0.2, R"({"mode":"shortlist","shortlist":8})"),
                         asked(0.3, R"({"mode":"shortlist","shortlist":64})")}),
                 {});
  ASSERT_TRUE(made);
  std::vector<std::string> names;
  for (const auto& row : made->table->rows) {
    names.push_back(row.front().text);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"one, A", "one (first caption), A", "one (shortlist of 64), A",
                                             "one (shortlist of 8), A"}));
}

TEST(ResultRules, LinesOfASweepDifferInNothingButX) {
  std::vector<store::EvaluationRow> given;
  for (const int k : {1, 2, 4}) {
    for (const char* vote : {"plurality", "softmax"}) {
      auto row = fewShot("A", "one", 0, 0.1 * k);
      row.settings = nlohmann::json{{"k", k}, {"vote", vote}}.dump();
      given.push_back(row);
    }
  }
  const auto made = makeFigure(**findFigureKind("sweep"), rowsOf(given), {});
  ASSERT_TRUE(made) << made.error().message;
  std::map<std::string, std::set<double>> lines;
  for (const auto& row : made->numbers.rows) {
    const bool isNew =
        lines[row[columnOf(made->numbers, "line")].text].insert(*row[columnOf(made->numbers, "k")].value).second;
    EXPECT_TRUE(isNew) << "a line has one value at each place";
  }
  EXPECT_EQ(lines.size(), 2u);
}

TEST(ResultRules, SearchedTipAdapterComesFirstAndItsSurfaceAlways) {
  auto searched = fewShot("A", "one", 0, 0.5);
  searched.adapter = "tip-adapter-x";
  const auto levels = levelsOf(rowsOf({fewShot("A", "one", 0, 0.4), searched}), {}, "few-shot", "top1");
  EXPECT_EQ(settingOf(levels, {})->adapter, "tip-adapter-x");
  auto surface = resultRow("surface", "A", "top1", 0.5);
  surface.adapter = "tip-adapter-x";
  surface.findings = R"({"alpha":[1,2],"beta":[1],"validation":[[0.1,0.2]],"best":[1,2]})";
  FigureChoice choice;
  choice.rows.adapters = {"tip-adapter"};
  EXPECT_TRUE(makeFigure(**findFigureKind("surface"), rowsOf({surface}), choice));
}

TEST(ResultRules, RunsOnOneLineAreAlikeButForTheirTokens) {
  FigureRows rows;
  for (const auto& [tokens, rate] : {std::pair(1, "0.1"), {4, "0.1"}, {16, "0.2"}}) {
    FigureRun run;
    run.row.name = cat("run ", tokens);
    run.row.recipe = cat("llip_", tokens);
    run.row.device = "cpu";
    run.row.settings = cat(R"({"batch":8,"learning_rate":)", rate, R"(,"seed":)", tokens, R"(,"tokens":)", tokens, "}");
    run.series.push_back({.name = "images_per_second", .steps = {1}, .values = {80.0 / tokens}});
    rows.runs.push_back(std::move(run));
  }
  const auto made = makeFigure(**findFigureKind("cost-training"), rows, {});
  ASSERT_TRUE(made) << made.error().message;
  ASSERT_EQ(made->numbers.rows.size(), 3u);
  const auto svg = figures::rendered(*made->figure, figures::FileKind::Svg, figures::Theme::Light, 1200);
  ASSERT_TRUE(svg);
  EXPECT_NE(svg->find("learning_rate 0.2"), std::string::npos) << "the run at another rate is a line of its own";
}

}  // namespace
}  // namespace lix::app
