// What the Train page draws of a run's series, and what it reads of a dry run.
#include "pages/train/live_panels.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "pages/train/dry_run_card.h"

namespace lix::app {
namespace {

/// The panel of that title.
figures::SeriesPanelView panelOf(const std::vector<LiveRun>& runs, std::string_view title) {
  const auto panels = livePanels(runs);
  return *std::ranges::find(panels, title, &figures::SeriesPanelView::title);
}

TEST(LivePanels, OfAContextRecipe) {
  const std::vector<Series> series{{"bias.dot", {1, 2}, {-10, -9}},
                                   {"effective_neighbours", {1, 2}, {6.3, 6.2}},
                                   {"gradient_norm", {1, 2}, {0.5, 0.4}},
                                   {"images_per_second", {1, 2}, {10, 20}},
                                   {"learning_rate", {1, 2}, {1e-4, 2e-4}},
                                   {"loss", {1, 2}, {3, 2}},
                                   {"loss.context", {1, 2}, {4, 3}},
                                   {"loss.dot", {1, 2}, {2, 1}},
                                   {"memory.process", {1, 2}, {1.5, 1.6}},
                                   {"resumed", {1}, {1}},
                                   {"scale.dot", {1, 2}, {10, 10}},
                                   {"tau_ctx", {1, 2}, {0.1, 0.09}}};
  const std::vector<LiveRun> runs{{"a", 8, series}};
  const auto loss = panelOf(runs, "Loss");
  ASSERT_EQ(loss.lines.size(), 3u);
  EXPECT_EQ(loss.lines[0].label, "context loss");
  EXPECT_EQ(loss.lines[1].label, "SigLIP loss");
  EXPECT_EQ(loss.lines[2].label, "whole") << "over the others, in dashes, since it may lie on one of them";
  EXPECT_GE(loss.lines[2].look, figures::kCategoricalCount);
  EXPECT_EQ(loss.lines[2].run, "") << "one run needs no name";
  EXPECT_EQ(loss.lines[2].ys.data(), series[5].values.data()) << "a view, not a copy";
  EXPECT_EQ(loss.smoothing, figures::Smoothing::Allowed);
  ASSERT_EQ(loss.marks.size(), 1u);
  EXPECT_EQ(loss.marks[0].label, "taken up again");
  EXPECT_FALSE(loss.marks[0].help.empty());
  const auto temperatures = panelOf(runs, "Temperatures");
  EXPECT_EQ(temperatures.scale, figures::Scale::Log);
  EXPECT_EQ(temperatures.lines.at(1).label, "SigLIP temperature");
  EXPECT_EQ(figures::copyOf(temperatures).lines.at(1).ys, (std::vector<double>{0.1, 0.1}));
  ASSERT_EQ(panelOf(runs, "Effective neighbours").levels.size(), 1u);
  EXPECT_EQ(panelOf(runs, "Effective neighbours").levels[0].y, 7.0);
  EXPECT_EQ(panelOf(runs, "Pictures a second").lines.at(0).label, "pictures a second");
  for (const char* title : {"Bias", "Gradient norm", "Learning rate", "Memory, GB", "Scale"}) {
    EXPECT_EQ(panelOf(runs, title).lines.size(), 1u) << title;
  }
  EXPECT_EQ(latestText(series), "loss 2, tau_ctx 0.09, 6.2 effective neighbours, 20 pictures/s");
  EXPECT_TRUE(panelOf({}, "Effective neighbours").lines.empty());
}

TEST(LivePanels, SeveralRunsShareTheirPanels) {
  const std::vector<Series> one{{"effective_neighbours", {1, 2}, {6, 2}}, {"loss", {1, 2}, {3, 2}}, {"loss.dot", {1, 2}, {3, 2}}};
  const std::vector<Series> other{{"effective_neighbours", {1, 2}, {6, 5}}, {"loss", {1, 2}, {4, 2}}, {"loss.dot", {1, 2}, {4, 2}}};
  const std::vector<LiveRun> runs{{"a", 8, one}, {"b", 8, other}};
  const auto loss = panelOf(runs, "Loss");
  ASSERT_EQ(loss.lines.size(), 2u);
  EXPECT_EQ(loss.lines[0].run, "a");
  EXPECT_EQ(loss.lines[1].run, "b");
  EXPECT_EQ(loss.lines[0].label, loss.lines[1].label);
  EXPECT_EQ(loss.lines[0].label, "CLIP loss") << "it has no bias";
  const auto neighbours = panelOf(runs, "Effective neighbours");
  EXPECT_EQ(neighbours.levels.size(), 1u) << "the same batch has one uniform level";
  ASSERT_EQ(neighbours.marks.size(), 1u);
  EXPECT_EQ(neighbours.marks[0].label, "a, inflection");
}

TEST(LivePanels, CanaryMixtureAndInflection) {
  const std::vector<Series> series{{"canary.tip_adapter", {0, 2}, {0.6, 0.7}},
                                   {"canary.zero_shot", {0, 2}, {0.5, 0.4}},
                                   {"dead_tokens", {1, 2}, {0.0, 0.1}},
                                   {"effective_neighbours", {1, 2}, {6.3, 3.0}},
                                   {"mixture_entropy", {1, 2}, {1.0, 0.9}},
                                   {"tau_ctx", {1, 2}, {0.1, 0.09}}};
  const std::vector<LiveRun> runs{{"a", 8, series}};
  EXPECT_EQ(panelOf(runs, "Canary").lines.size(), 2u);
  EXPECT_EQ(panelOf(runs, "Canary").smoothing, figures::Smoothing::Never);
  EXPECT_EQ(panelOf(runs, "Mixture weights").lines.size(), 2u);
  for (const char* title : {"Temperatures", "Effective neighbours"}) {
    const auto panel = panelOf(runs, title);
    ASSERT_EQ(panel.marks.size(), 1u);
    EXPECT_EQ(panel.marks[0].label, "inflection");
    EXPECT_EQ(panel.marks[0].x, 2.0);
  }
  EXPECT_EQ(latestText(series), "tau_ctx 0.09, 3 effective neighbours, canary's zero-shot 0.4");
  EXPECT_TRUE(panelOf({}, "Canary").lines.empty());
}

TEST(LivePanels, TheGuardIsALineInPointsWithItsInterval) {
  const std::vector<Series> series{{"canary.zero_shot_change", {0, 100}, {0.0, -0.028}},
                                   {"canary.zero_shot_change_high", {0, 100}, {0.0, -0.001}},
                                   {"canary.zero_shot_change_low", {0, 100}, {0.0, -0.055}}};
  const std::vector<LiveRun> runs{{"a", 8, series}};
  const auto panel = panelOf(runs, kGuardPanel);
  ASSERT_EQ(panel.lines.size(), 1u);
  EXPECT_EQ(panel.smoothing, figures::Smoothing::Never);
  const figures::SeriesLine line = figures::copyOf(panel).lines[0];
  EXPECT_DOUBLE_EQ(line.ys.at(1), -2.8) << "as its sentence says";
  EXPECT_DOUBLE_EQ(line.lows.at(1), -5.5);
  EXPECT_DOUBLE_EQ(line.highs.at(1), -0.1);
  EXPECT_TRUE(guardOf(series)->sentence.find("-2.8 points") != std::string::npos) << guardOf(series)->sentence;
}

TEST(DryRunText, ReadsWhatLixpPrintsAndNothingElse) {
  const auto text = dryRunText(
      R"({"parameters": 1000, "peak_memory_bytes": 2000000, "seconds_per_step": 0.25, "images_per_second": 32,
                                   "estimated_seconds": 130, "steps": 520, "warnings": ["One."]})");
  ASSERT_TRUE(text.has_value());
  EXPECT_EQ(text->numbers.at(4).second, "about 2 min 10 s");
  EXPECT_EQ(text->warnings, QStringList{"One."});
  EXPECT_FALSE(dryRunText("lixp: no").has_value());
  EXPECT_FALSE(dryRunText("{}").has_value());
}

}  // namespace
}  // namespace lix::app
