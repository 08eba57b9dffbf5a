#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "shared/curves_figure_data.h"
#include "lixp/equal_shots.h"
#include "lixp/report_html.h"
#include "lixp/report_numbers.h"
#include "shared/run_series.h"

namespace lix::app {
namespace {

TEST(ReportHtml, EscapesWhatMarkupWouldRead) {
  EXPECT_EQ(escaped("a < b & \"c\" > 'd'"), "a &lt; b &amp; &quot;c&quot; &gt; &#39;d&#39;");
  EXPECT_EQ(escaped("Schöne 😀\n"), "Schöne 😀\n");
  EXPECT_EQ(escaped(std::string_view("a\0b\x1b", 4)), "ab");
  EXPECT_EQ(escaped("a\xff\xc3"), "a\uFFFD\uFFFD");
}

TEST(ReportHtml, TablesAndFiguresCarryEscapedTexts) {
  const HtmlTable table{.caption = "<i>", .head = {"Name", "Value"}, .rows = {{"<b>x</b>", "1 & 2"}}};
  const std::string html = table.html();
  EXPECT_EQ(html.find("<b>"), std::string::npos);
  EXPECT_EQ(html.find("<i>"), std::string::npos);
  EXPECT_NE(html.find("<th scope=\"row\">&lt;b&gt;x&lt;/b&gt;</th><td>1 &amp; 2</td>"), std::string::npos);
  const std::string figure = HtmlFigure{.stem = "figures/a", .alt = "says \"so\"", .caption = ""}.html();
  EXPECT_NE(figure.find("alt=\"says &quot;so&quot;\""), std::string::npos);
  for (const char* file : {"a-wide-light.svg", "a-wide-dark.svg", "a-narrow-light.svg", "a-narrow-dark.svg"}) {
    EXPECT_NE(figure.find(file), std::string::npos) << file;
  }
}

store::EvaluationRow row(const std::string& label, const std::string& adapter, int shots, long long draw,
                         double value) {
  static long long id = 0;
  store::EvaluationRow made;
  made.id = ++id;
  made.kind = "few-shot";
  made.weightsHash = label;
  made.checkpointLabel = label;
  made.dataset = "emoji";
  made.split = "test";
  made.labelSet = "group";
  made.adapter = adapter;
  made.shots = shots;
  made.classes = 8;
  made.metric = "top1";
  made.value = value;
  if (shots > 0) {
    made.supportSeed = draw;
  }
  return made;
}

TEST(PairedDifferences, PairTheSameDraws) {
  std::vector<store::EvaluationRow> rows;
  const double first[] = {0.50, 0.60, 0.70}, second[] = {0.48, 0.57, 0.66};  // differences 2, 3 and 4 points
  for (int draw = 0; draw < 3; ++draw) {
    rows.push_back(row("a", "knn", 4, draw, first[draw]));
    rows.push_back(row("b", "knn", 4, 2 - draw, second[2 - draw]));  // in another order
  }
  rows.push_back(row("b", "knn", 4, 7, 0.1));  // a draw of one only does not count
  rows.push_back(row("a", "zero-shot", 0, 0, 0.9));
  const auto all = pairedDifferences(rows, "a", "b");
  ASSERT_EQ(all.size(), 1u);
  const study::Summary& at4 = all[0].byShots.at(4);
  EXPECT_EQ(at4.count, 3u);
  EXPECT_NEAR(at4.mean, 0.03, 1e-12);
  EXPECT_NEAR(*at4.deviation, 0.01, 1e-12);
  EXPECT_NEAR(*at4.interval, 4.302653 * 0.01 / std::sqrt(3.0), 1e-6);  // t(0.975, 2) = 4.302653
  EXPECT_EQ(verdict(at4), Verdict::Gains);                             // 3 points +- 2.5
  EXPECT_EQ(verdict(pairedDifferences(rows, "b", "a")[0].mean), Verdict::Loses);
}

TEST(PairedDifferences, AverageOverShotsByDrawAndTakeTheNewestOfRepeats) {
  std::vector<store::EvaluationRow> rows{
      row("a", "knn", 1, 0, 0.9), row("a", "knn", 1, 0, 0.3), row("b", "knn", 1, 0, 0.1), row("a", "knn", 2, 0, 0.5),
      row("b", "knn", 2, 0, 0.1), row("a", "knn", 1, 1, 0.5), row("b", "knn", 1, 1, 0.1)};
  const auto all = pairedDifferences(rows, "a", "b");
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].mean.count, 1u);  // draw 1 was not made at 2 shots
  EXPECT_NEAR(all[0].mean.mean, 0.3, 1e-12);
  EXPECT_EQ(verdict(all[0].mean), Verdict::TooFew);
  EXPECT_NEAR(all[0].byShots.at(1).mean, 0.3, 1e-12);
}

TEST(PairedDifferences, AnIntervalAroundZeroDecidesNothing) {
  EXPECT_EQ(verdict({.count = 5, .mean = 0.01, .deviation = 0.02, .interval = 0.02}), Verdict::Undecided);
  EXPECT_EQ(inWords(Verdict::Undecided), "no difference that these draws can show");
  EXPECT_TRUE(pairedDifferences({}, "a", "b").empty());
}

std::vector<store::EvaluationRow> curveRows(const std::vector<std::string>& labels,
                                            const std::vector<std::string>& adapters) {
  std::vector<store::EvaluationRow> rows;
  for (const std::string& label : labels) {
    rows.push_back(row(label, "zero-shot", 0, 0, 0.4));
    rows.push_back(row(label, "zero-shot", 1, 0, 0.41));
    for (const std::string& adapter : adapters) {
      for (const int shots : {1, 2}) {
        for (const int draw : {0, 1}) {
          rows.push_back(row(label, adapter, shots, draw, 0.5 + 0.02 * draw));
          rows.back().classes = shots == 2 ? 7 : 8;
        }
      }
    }
  }
  return rows;
}

TEST(CurvesData, OneLineACheckpointAndAdapterWithItsZeroShotPoint) {
  const auto rows = curveRows({"A", "B"}, {"prototype", "knn"});
  const auto points = chosenPoints(rows, {});
  const auto data = curvesData(points);
  ASSERT_EQ(data.panels.size(), 1u);
  const auto& series = data.panels[0].series;
  ASSERT_EQ(series.size(), 4u);
  int hollow = 0;
  for (const auto& one : series) {
    hollow += one.points.front().x == 0.0 ? 1 : 0;
    EXPECT_EQ(one.points.size(), one.points.front().x == 0.0 ? 3u : 2u) << one.label;
  }
  EXPECT_EQ(hollow, 2);  // one a checkpoint
  const auto& last = series[0].points.back();
  EXPECT_NEAR(last.mean, 0.51, 1e-12);
  EXPECT_NEAR(last.high - last.mean, 12.7062047 * 0.0141421356 / std::sqrt(2.0), 1e-6);  // t(0.975, 1) s / sqrt(2)
  EXPECT_NE(data.headings.notes.find("8 classes at 0 to 1 shot, 7 at 2 shots"), std::string::npos)
      << data.headings.notes;
}

TEST(CurvesData, APanelAnAdapterWhereLinesWouldBeTooMany) {
  const auto rows = curveRows({"A", "B", "C", "D"}, {"prototype", "knn"});
  const auto data = curvesData(chosenPoints(rows, {}),
                               {.dataset = "", .labelSet = "", .adapters = {}, .checkpoints = {"D", "A", "B", "C"}});
  ASSERT_EQ(data.panels.size(), 2u);
  ASSERT_EQ(data.panels[0].series.size(), 4u);
  EXPECT_EQ(data.panels[0].series[0].label, "D");
}

TEST(CurvesData, ChoiceAndPooledVectors) {
  auto rows = curveRows({"A", "B"}, {"prototype", "knn"});
  for (auto& one : rows) {
    one.vectors = one.checkpointLabel == "B" ? store::VectorKind::Pooled : store::VectorKind::Embedding;
  }
  EXPECT_NE(curvesData(chosenPoints(rows, {})).headings.notes.find("B: pooled"), std::string::npos);
  const auto some =
      chosenPoints(rows, {.dataset = "emoji", .labelSet = "group", .adapters = {"knn"}, .checkpoints = {"A"}});
  EXPECT_EQ(some.size(), 3u);  // zero-shot, 1 and 2 shots
  EXPECT_TRUE(chosenPoints(rows, {.dataset = "scenes", .labelSet = "", .adapters = {}, .checkpoints = {}}).empty());
  EXPECT_TRUE(curvesData({}).panels.empty());
}

TEST(CurvesData, HollowPointsBelongToTheSplitAndTemplatesOfTheirLine) {
  auto rows = curveRows({"A"}, {"knn"});
  auto others = curveRows({"A"}, {"knn"});
  for (auto& one : others) {
    one.templates = "simple";
    one.value = one.shots == 0 ? 0.7 : one.value;
  }
  rows.insert(rows.end(), others.begin(), others.end());
  const auto data = curvesData(chosenPoints(rows, {}));
  ASSERT_EQ(data.panels.size(), 1u);
  ASSERT_EQ(data.panels[0].series.size(), 2u);
  for (const auto& series : data.panels[0].series) {
    EXPECT_EQ(series.points.front().x, 0.0) << series.label;
    EXPECT_EQ(series.points.front().mean, series.label.ends_with("simple") ? 0.7 : 0.4) << series.label;
  }
}

TEST(CurvesData, ALlipsOwnZeroShotResultComesBeforeThePooledOne) {
  auto rows = curveRows({"L"}, {"knn"});
  for (auto& one : rows) {
    one.vectors = store::VectorKind::Pooled;
  }
  EXPECT_NE(curvesData(chosenPoints(rows, {})).headings.notes.find("Hollow points of L: zero-shot with pooled"),
            std::string::npos);
  auto own = row("L", "", 0, 0, 0.6);
  own.kind = "zero-shot";
  rows.push_back(own);
  own.weightsHash = "other";
  own.value = 0.9;
  rows.push_back(own);
  const auto data = curvesData(chosenPoints(rows, {}));
  ASSERT_EQ(data.panels.size(), 1u);
  ASSERT_EQ(data.panels[0].series.size(), 1u);
  EXPECT_EQ(data.panels[0].series[0].points.front().mean, 0.6);
  EXPECT_NE(data.headings.notes.find("Hollow points of L: zero-shot with the tokens mixed anew"), std::string::npos)
      << data.headings.notes;
}

TEST(CurvesCsv, OneLineAPointWithItsKeys) {
  auto rows = curveRows({"A, \"x\""}, {"knn"});
  const auto points = chosenPoints(rows, {});
  const auto lines = split(csv(curvesTable(points)), '\n');
  ASSERT_EQ(lines.size(), 1 + points.size() + 1);
  EXPECT_TRUE(lines[1].starts_with("\"A, \"\"x\"\"\",emoji,test,group,")) << lines[1];
  EXPECT_NE(csv(curvesTable(points)).find(cat(rows[2].id, " ", rows[3].id)), std::string::npos);
}

/// Straight lines over log2 shots: +0.1 a doubling.
std::vector<store::EvaluationRow> linesOf(const std::vector<std::pair<std::string, double>>& starts) {
  std::vector<store::EvaluationRow> rows;
  for (const auto& [label, start] : starts) {
    rows.push_back(row(label, "zero-shot", 0, 0, 0.1));
    for (int step = 0; step < 4; ++step) {
      rows.push_back(row(label, "knn", 1 << step, 0, start + 0.1 * step));
    }
  }
  return rows;
}

TEST(EqualShots, OfTwoCheckpointsTheShotsOfTheSecond) {
  const auto points = chosenPoints(linesOf({{"A", 0.2}, {"B", 0.35}}), {});
  const auto found = equalShots(points, {"B", "A"}, {});
  ASSERT_EQ(found.list.size(), 4u) << "the second at 1, 2, 4 and 8 shots; zero-shot has none";
  EXPECT_EQ(found.list[0]["checkpoint"], "B");
  EXPECT_EQ(found.list[0]["other"], "A");
  EXPECT_EQ(found.list[0]["shots"], 1);
  EXPECT_NEAR(found.list[0]["equal_shots"].get<double>(), std::exp2(1.5), 1e-9);
  EXPECT_TRUE(found.list[0]["equal_shots_low"].is_null()) << "no outcomes, no interval";
  EXPECT_TRUE(found.list[3]["equal_shots"].is_null()) << "A never has 65 %";
  EXPECT_EQ(found.list[3]["sentence"], "B at 8 shots (65.0 %) = A at more than 8 shots");
  EXPECT_EQ(std::ranges::count(found.text, '\n'), 4);
  EXPECT_TRUE(found.text.starts_with("emoji, group, ")) << found.text;
  EXPECT_EQ(equalShots(points, {}, {}).list[0]["checkpoint"], "A");
}

TEST(EqualShots, NothingOfOtherNumbersOfCheckpoints) {
  EXPECT_TRUE(equalShots(chosenPoints(linesOf({{"A", 0.2}}), {}), {}, {}).list.empty());
  EXPECT_TRUE(equalShots(chosenPoints(linesOf({{"A", 0.2}, {"B", 0.3}, {"C", 0.4}}), {}), {}, {}).list.empty());
}

TEST(ResultTables, NumbersHaveTheDigitsThatSumsLeaveRight) {
  const ResultTable table{.title = "",
                          .head = {"a", "b", "c", "d"},
                          .rows = {{TableCell::number(0.1 + 0.2 + 0.41), TableCell::number(3e15),
                                    TableCell::number(1.0 / 3), TableCell::number(std::nan(""))}}};
  EXPECT_EQ(csv(table), "a,b,c,d,keys\n0.71,3000000000000000,0.333333333333,,\n");
}

TEST(ResultTables, LatexReadsNoOptionsAndNoArrows) {
  const ResultTable table{.title = "",
                          .head = {"name", "I→T R@1"},
                          .rows = {{TableCell::word("[a] → b_c"), TableCell::share(0.5)},
                                   {TableCell::word("* c"), TableCell::share(0.25)}}};
  EXPECT_NE(latex(table).find("name & I$\\to$T R@1 \\\\\n\\midrule\n{}[a] $\\to$ b\\_c & 50.0 \\\\\n"
                              "{}* c & 25.0 \\\\\n"),
            std::string::npos)
      << latex(table);
}

Series made(const std::string& name, std::vector<double> values) {
  Series series{.name = name, .steps = {}, .values = std::move(values)};
  for (std::size_t i = 0; i < series.values.size(); ++i) {
    series.steps.push_back(double(10 * (i + 1)));
  }
  return series;
}

TEST(InflectionOf, TheStepAtHalfTheNeighbours) {
  EXPECT_EQ(inflectionOf(std::vector{made("loss", {4, 1}), made("effective_neighbours", {100, 80, 49, 20})}), 30);
  EXPECT_FALSE(inflectionOf(std::vector{made("effective_neighbours", {100, 80, 51})}).has_value());
  EXPECT_FALSE(inflectionOf(std::vector{made("tau_ctx", {1.0, 0.1})}).has_value());
}

TEST(SeriesData, PanelsForWhatThereIs) {
  const std::vector<double> values{1.0, 0.5, 0.25};
  const auto data = seriesData(std::vector{made("loss.context", values), made("scale.context", values),
                                           made("tau_ctx", values)},
                               "t", "s", 128);
  ASSERT_EQ(data.panels.size(), 3u);  // temperatures, loss, scale
  EXPECT_TRUE(data.panels[0].marks.empty()) << "no neighbours, no inflection";
  EXPECT_DOUBLE_EQ(data.panels[0].lines[1].ys[2], 4.0);
  EXPECT_TRUE(seriesData({}, "t", "s", 128).panels.empty());
}

TEST(SeriesData, InflectionCanaryAndMixture) {
  const auto data = seriesData(std::vector{made("canary.prototype", {0.5, 0.6, 0.7}),
                                           made("canary.zero_shot", {0.3, 0.2, 0.1}),
                                           made("canary.zero_shot_change", {0.0, -0.1, -0.2}),
                                           made("dead_tokens", {0.0, 0.1, 0.2}),
                                           made("effective_neighbours", {100, 60, 40}),
                                           made("mixture_entropy", {1.0, 0.9, 0.8}),
                                           made("tau_ctx", {1.0, 0.5, 0.25})},
                               "t", "s", 128);
  ASSERT_EQ(data.panels.size(), 4u);
  EXPECT_EQ(data.panels[0].title, "Canary");
  ASSERT_EQ(data.panels[0].lines.size(), 2u) << "accuracies alone; their change has another unit";
  EXPECT_EQ(data.panels[0].lines[0].label, "zero-shot");
  for (const std::size_t panel : {1u, 2u}) {  // temperatures, neighbours
    ASSERT_EQ(data.panels[panel].marks.size(), 1u);
    EXPECT_EQ(data.panels[panel].marks[0].x, 30.0);
    EXPECT_EQ(data.panels[panel].marks[0].label, "inflection, step 30");
  }
  EXPECT_EQ(data.panels[3].title, "Mixture weights");
  EXPECT_EQ(data.panels[3].lines.size(), 2u);
}

}  // namespace
}  // namespace lix::app
