#include "study/suite/suite_table.h"

#include "support/support.h"

namespace lix::study {
namespace {

const std::vector<std::string> kDatasets{"a", "b", "c_1"};

SuiteTable table() {
  const std::vector<SuiteValue> values{
      {"big", "a", "1", 0.5},   {"big", "a", "2", 0.7},    {"big", "b", "1", 0.2},     {"big", "b", "2", 0.4},
      {"small", "a", "1", 0.1}, {"small", "b", "1", 0.35}, {"small", "c_1", "1", 0.9}, {"small", "else", "1", 1.0}};
  return suiteTable("mine", kDatasets, values);
}

TEST(SuiteTable, MeansOverSeedsThenOverTheDatasetsThatEveryModelHas) {
  const SuiteTable made = table();
  ASSERT_EQ(made.lines.size(), 2u);
  EXPECT_EQ(made.common, (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(made.lines[0].model, "big");
  EXPECT_EQ(made.lines[0].seeds, 2u);
  EXPECT_NEAR(*made.lines[0].cells[0], 0.6, 1e-12);
  EXPECT_NEAR(*made.lines[0].cells[1], 0.3, 1e-12);
  EXPECT_FALSE(made.lines[0].cells[2]);
  EXPECT_NEAR(*made.lines[0].average, 0.45, 1e-12);
  EXPECT_NEAR(*made.lines[1].average, 0.225, 1e-12) << "c_1 is not in it, as big was not measured there";
  ASSERT_EQ(made.notes.size(), 2u);
  EXPECT_EQ(made.notes[0], "big was not measured on c_1.");
  EXPECT_EQ(made.notes[1], "Averages are over the 2 of 3 datasets that every model was measured on.");
}

TEST(SuiteTable, IntervalsAreOfDatasetsAndSeeds) {
  const SuiteTable made = table();
  // Of two datasets and one seed the resampled means are 0.1, 0.225 and 0.35 with shares 1/4, 1/2, 1/4.
  EXPECT_NEAR(made.lines[1].interval->low, 0.1, 1e-12);
  EXPECT_NEAR(made.lines[1].interval->high, 0.35, 1e-12);
  // The extremes of two datasets and two seeds are 0.2 (b, seed 1 twice) and 0.7, each with a share of 1/16.
  EXPECT_NEAR(made.lines[0].interval->low, 0.2, 1e-12);
  EXPECT_NEAR(made.lines[0].interval->high, 0.7, 1e-12);
  const std::vector<SuiteValue> single{{"one", "a", "1", 0.5}};
  EXPECT_FALSE(suiteTable("", {"a"}, single).lines[0].interval) << "one number has no interval";
  const std::vector<SuiteValue> seeds{{"one", "a", "1", 0.5}, {"one", "a", "2", 0.7}};
  EXPECT_NEAR(suiteTable("", {"a"}, seeds).lines[0].interval->high, 0.7, 1e-12) << "of seeds alone";
  EXPECT_EQ(suiteTable("", {"a"}, {}).lines.size(), 0u);
  // Two models with the same two draws: seeds are resampled as wholes, so that an end is that of one model.
  const std::vector<SuiteValue> crossed{{"one", "a", "1", 0.2, "0"},
                                        {"one", "a", "1", 0.2, "1"},
                                        {"one", "a", "2", 0.6, "0"},
                                        {"one", "a", "2", 0.6, "1"}};
  const SuiteTable both = suiteTable("", {"a"}, crossed);
  EXPECT_EQ(both.lines[0].seeds, 2u);
  EXPECT_EQ(both.lines[0].draws, 2u);
  EXPECT_NEAR(both.lines[0].interval->low, 0.2, 1e-12) << "a quarter of the resamples takes seed 1 twice";
  EXPECT_NEAR(both.lines[0].interval->high, 0.6, 1e-12);
}

TEST(SuiteTable, AsMarkdownTheAverageFirstAndTheBestBold) {
  EXPECT_EQ(textOf(table(), TableFormat::Markdown),
            "| Model | Average (2) | a | b | c_1 |\n| --- | ---: | ---: | ---: | ---: |\n"
            "| big | **45.0** [20.0, 70.0] | **60.0** | 30.0 | - |\n"
            "| small | 22.5 [10.0, 35.0] | 10.0 | **35.0** | **90.0** |\n"
            "\nbig was not measured on c_1.\n"
            "\nAverages are over the 2 of 3 datasets that every model was measured on.\n");
}

TEST(SuiteTable, AsLatexAndCsvWithTheirOwnEscapes) {
  const std::string latex = textOf(table(), TableFormat::Latex);
  EXPECT_NE(latex.find("\\begin{tabular}{lrrrr}"), std::string::npos) << latex;
  EXPECT_NE(latex.find("Model & Average (2) & a & b & c\\_1 \\\\"), std::string::npos) << latex;
  EXPECT_NE(latex.find("\\textbf{45.0}"), std::string::npos) << latex;
  const std::vector<SuiteValue> odd{{"a,\"b\"", "a", "1", 0.25}};
  EXPECT_EQ(textOf(suiteTable("", {"a"}, odd), TableFormat::Csv),
            "model,average,average_low,average_high,datasets,seeds,draws,a\n\"a,\"\"b\"\"\",0.25,,,1,1,1,0.25\n");
  EXPECT_FALSE(tableFormatNamed("xls"));
  EXPECT_EQ(*tableFormatNamed("tex"), TableFormat::Latex);
}

}  // namespace
}  // namespace lix::study
