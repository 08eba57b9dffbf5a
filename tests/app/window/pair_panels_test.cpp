// What the panels of Compare make of a comparison, without the page around them.
#include <cmath>

#include "base/file.h"
#include "compare_page_support.h"
#include "desk/checkpoint_shelf.h"
#include "pages/compare/comparison_text.h"
#include "pages/compare/confusion_pair_panel.h"
#include "pages/compare/context_pair_panel.h"
#include "pages/compare/flips_panel.h"
#include "pages/compare/map_pair_panel.h"
#include "pages/compare/neighbours_panel.h"
#include "pages/compare/similarity_panel.h"
#include "pages/compare/spectrum_pair_panel.h"
#include "pages/compare/weights_pair_panel.h"

namespace lix::app {
namespace {

/// Six pictures of three classes whose vectors lie in the plane: by A at angles that follow the classes, by B not.
Comparison madeUp() {
  Comparison made;
  made.classes = {"red", "green", "blue"};
  const int labels[]{0, 0, 1, 1, 2, 2}, saidA[]{0, 0, 1, 0, 2, 1}, saidB[]{0, 1, 1, 1, 2, 1};
  const double anglesA[]{0, 5, 90, 95, 180, 185}, anglesB[]{0, 60, 5, 65, 10, 70};
  for (std::size_t i = 0; i < 6; ++i) {
    made.pictures.push_back({cat("key,", i), cat("picture ", i), labels[i], saidA[i], saidB[i], 0.5, -0.25});
    made.hashes.push_back(100 + i);
    made.vectors.pictures.push_back(i);
    made.context.keys.push_back(cat("key,", i));
    made.context.labels.push_back(made.classes[std::size_t(labels[i])]);
  }
  for (std::size_t model = 0; model < 2; ++model) {
    made.vectors.of[model].width = 2;
    for (const double angle : model == 0 ? anglesA : anglesB) {
      made.vectors.of[model].values.push_back(float(std::cos(angle * 3.14159265358979 / 180)));
      made.vectors.of[model].values.push_back(float(std::sin(angle * 3.14159265358979 / 180)));
    }
    made.context.sets[model] = study::ContextSet{2, made.vectors.of[model].values, made.hashes};
    made.facts[model].embedWidth = 2;
    made.facts[model].rule = {.scale = model == 0 ? 10.0 : 40.0, .bias = -10.0, .sigmoid = true};
  }
  made.cosines[0] = study::TrueCosines{{0.9F, 0.8F, 0.7F, 0.1F, 0.6F, 0.2F}, {0.1F, 0.2F, 0.3F, 0.5F, 0.2F, 0.4F}};
  return made;
}

TEST(PairPanels, ConfusionsAreSharesAndTheirDifference) {
  const PairConfusion found = pairConfusion(madeUp());
  EXPECT_EQ(found.classes, (std::vector<std::size_t>{0, 1, 2}));
  ASSERT_EQ(found.heat.panels.size(), 3u);
  EXPECT_EQ(found.heat.panels[0].values, (std::vector<double>{100, 0, 0, 50, 50, 0, 0, 50, 50}));
  EXPECT_EQ(found.heat.panels[1].values, (std::vector<double>{50, 50, 0, 0, 100, 0, 0, 50, 50}));
  EXPECT_EQ(found.heat.panels[2].values, (std::vector<double>{-50, 50, 0, -50, 50, 0, 0, 0, 0}));
  EXPECT_EQ(found.heat.range, (std::pair(-50.0, 50.0))) << "what is right may go beyond";
  const PairConfusion fewer = pairConfusion(madeUp(), 2);
  EXPECT_EQ(fewer.classes, (std::vector<std::size_t>{0, 1}));
  EXPECT_NE(fewer.heat.headings.notes.find("2 of 3"), std::string::npos);
}

TEST(PairPanels, FlipsAndAgreement) {
  const PairFlips found = pairFlips(madeUp());
  ASSERT_TRUE(found.agreement);
  EXPECT_NEAR(found.agreement->same, 4.0 / 6.0, 1e-12);
  EXPECT_EQ(found.classes[0].lost, 1u);
  EXPECT_EQ(found.classes[1].gained, 1u);
  EXPECT_EQ(found.classes[2].lost + found.classes[2].gained, 0u);
  EXPECT_TRUE(agreementText(*found.agreement).contains("66.7 %")) << agreementText(*found.agreement).toStdString();
}

TEST(PairPanels, SimilaritiesLieOnOneAxis) {
  const auto found = pairSimilarity(madeUp());
  ASSERT_TRUE(found);
  ASSERT_EQ(found->plot.panels.size(), 2u);
  EXPECT_EQ(found->plot.panels[0].series.size(), 2u);
  EXPECT_TRUE(found->plot.panels[1].series.empty()) << "B has none";
  EXPECT_NEAR(found->margin[0], (0.8 + 0.6 + 0.4 - 0.4 + 0.4 - 0.2) / 6.0, 1e-6);
  double sum = 0.0;
  for (const auto& point : found->plot.panels[0].series[0].points) {
    sum += point.y;
  }
  EXPECT_NEAR(sum, 100.0, 1e-9);
  Comparison none = madeUp();
  none.cosines = {};
  EXPECT_FALSE(pairSimilarity(none));
}

TEST(PairPanels, AttentionIsAtEqualNeighbours) {
  Comparison made = madeUp();
  const auto asked = pairAttention(made, 0, 2.0);
  ASSERT_TRUE(asked) << asked.error().message;
  EXPECT_NEAR(asked->readings[0].effectiveNeighbours, 2.0, 1e-3);
  EXPECT_NEAR(asked->readings[1].effectiveNeighbours, 2.0, 1e-3);
  EXPECT_TRUE(asked->readings[0].masked[0] && asked->readings[1].masked[0]) << "the picture itself";
  made.facts[1].tauContext = 0.5;
  const auto learned = pairAttention(made, 0, std::nullopt);
  ASSERT_TRUE(learned);
  EXPECT_EQ(learned->taus[1].value, 0.5);
  EXPECT_EQ(learned->taus[1].source, study::ContextTau::Source::Checkpoint);
  EXPECT_NEAR(learned->readings[0].effectiveNeighbours, learned->readings[1].effectiveNeighbours, 1e-3);
  EXPECT_EQ(learned->taus[0].source, study::ContextTau::Source::Given);
  made.context.sets[0].reset();
  const auto llip = pairAttention(made, 0, std::nullopt);
  ASSERT_FALSE(llip);
  EXPECT_NE(llip.error().message.find("A is a Llip"), std::string::npos);
  made.vectors.pictures = {1, 2, 3, 4, 5};
  EXPECT_FALSE(pairAttention(made, 0, std::nullopt));
}

TEST(PairPanels, SpectrumHasTemperaturesAndTheirRatios) {
  const PairSpectrum found = pairSpectrum(madeUp());
  ASSERT_EQ(found.plot.panels.at(0).series.size(), 2u);
  EXPECT_DOUBLE_EQ(found.plot.panels[0].series[0].points.at(0).y, 1.0);
  ASSERT_GE(found.table.rows.size(), 3u);
  EXPECT_EQ(found.table.rows[0].cells, (std::vector<std::string>{"10", "40", "4"}));
  for (const auto& row : found.table.rows) {
    EXPECT_EQ(row.name.find("mixture"), std::string::npos) << "neither has one";
  }
  Comparison one = madeUp();
  one.vectors.pictures.resize(1);
  for (auto& vectors : one.vectors.of) {
    vectors.values.resize(2);
  }
  EXPECT_FALSE(pairSpectrum(one).problem[0].empty());
}

TEST(PairPanels, WeightsDifferWhereTheyCan) {
  figures::WeightsData a{.headings = {}, .picture = {}, .heads = 1, .tokens = 2, .captions = {{"one", {0.25F, 0.75F}}}};
  figures::WeightsData b = a;
  b.captions[0].weights = {0.75F, 0.25F};
  const auto found = weightsDifference(a, b);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->panels.at(0).values, (std::vector<double>{0.5, -0.5}));
  b.tokens = 3;
  EXPECT_FALSE(weightsDifference(a, b));
}

TEST(PairPanels, CsvHoldsTheListInItsOrder) {
  const Comparison made = madeUp();
  const std::string csv = picturesCsv(made, std::vector<std::size_t>{3, 0});
  const auto lines = split(csv, '\n');
  ASSERT_EQ(lines.size(), 4u);  // the last one is empty
  EXPECT_EQ(lines[1], "\"key,3\",picture 3,green,red,green,only B,0.5,-0.25,0.1,0.5,,\r");
  EXPECT_EQ(lines[2].substr(0, 7), "\"key,0\"");
}

TEST(PairPanels, ZoomStaysInside) {
  EXPECT_EQ(within({0.2, {0.1, 0.9}}), (ZoomPlace{1.0, {0.5, 0.5}}));
  EXPECT_EQ(within({4.0, {0.0, 0.6}}), (ZoomPlace{4.0, {0.125, 0.6}}));
  EXPECT_EQ(within({1000.0, {0.5, 0.5}}).scale, kMostZoom);
  EXPECT_EQ(within({NAN, {NAN, 0.5}}), (ZoomPlace{1.0, {0.5, 0.5}}));
}

TEST(ComparePresets, TakeWhatFitsOrSayWhatIsMissing) {
  const auto presets = comparePresets();
  using Entry = CheckpointShelf::Entry;
  std::vector<Entry> entries{Entry{"/new", "new", "siglip", 3, 10}, Entry{"/x", "x", "siglixp", 2, 10},
                             Entry{"/control", "siglip continued", "siglip", 1, 10}};
  const PresetChoice found = chooseFor(presets[0], entries);
  EXPECT_EQ(found.a, "/control");
  EXPECT_EQ(found.b, "/x");
  entries.pop_back();
  EXPECT_EQ(chooseFor(presets[0], entries).a, "/new");
  const PresetChoice none = chooseFor(presets[1], entries);
  EXPECT_TRUE(none.a.empty() && none.b.empty());
  EXPECT_TRUE(none.missing.contains("llip")) << none.missing.toStdString();
  EXPECT_TRUE(chooseFor(presets[0], {}).missing.contains("siglip"));
}

/// A comparison on the colours, with B another model.

}  // namespace
}  // namespace lix::app
