// What the Train page draws of a run's series, and what it reads of a dry run.
#include "pages/train/live_panels.h"

#include <gtest/gtest.h>

#include "pages/train/dry_run_card.h"

namespace lix::app {
namespace {

TEST(LivePanels, OfAContextRecipe) {
  const std::vector<Series> series{{"effective_neighbours", {1, 2}, {6.3, 6.2}},
                                   {"images_per_second", {1, 2}, {10, 20}},
                                   {"loss", {1, 2}, {3, 2}},
                                   {"loss.context", {1, 2}, {4, 3}},
                                   {"loss.dot", {1, 2}, {2, 1}},
                                   {"scale.dot", {1, 2}, {10, 10}},
                                   {"tau_ctx", {1, 2}, {0.1, 0.09}}};
  const auto panels = livePanels(series, 8);
  ASSERT_EQ(panels[int(LivePanel::Loss)].lines.size(), 3u);
  EXPECT_EQ(panels[int(LivePanel::Loss)].lines[0].ys, (std::vector<double>{3, 2}));
  EXPECT_EQ(panels[int(LivePanel::Temperatures)].scale, figures::Scale::Log);
  ASSERT_EQ(panels[int(LivePanel::Neighbours)].levels.size(), 1u);
  EXPECT_EQ(panels[int(LivePanel::Neighbours)].levels[0].y, 7.0);
  EXPECT_EQ(panels[int(LivePanel::Pace)].lines.at(0).ys.back(), 20.0);
  EXPECT_EQ(latestText(series), "loss 2, tau_ctx 0.09, 6.2 effective neighbours, 20 pictures/s");
  EXPECT_TRUE(livePanels({}, 0)[int(LivePanel::Neighbours)].lines.empty());
}

TEST(LivePanels, CanaryMixtureAndInflection) {
  const std::vector<Series> series{{"canary.tip_adapter", {0, 2}, {0.6, 0.7}},
                                   {"canary.zero_shot", {0, 2}, {0.5, 0.4}},
                                   {"dead_tokens", {1, 2}, {0.0, 0.1}},
                                   {"effective_neighbours", {1, 2}, {6.3, 3.0}},
                                   {"mixture_entropy", {1, 2}, {1.0, 0.9}},
                                   {"tau_ctx", {1, 2}, {0.1, 0.09}}};
  const auto panels = livePanels(series, 8);
  EXPECT_EQ(panels[int(LivePanel::Canary)].title, "Canary");
  EXPECT_EQ(panels[int(LivePanel::Canary)].lines.size(), 2u);
  EXPECT_EQ(panels[int(LivePanel::Mixture)].lines.size(), 2u);
  for (const LivePanel panel : {LivePanel::Temperatures, LivePanel::Neighbours}) {
    ASSERT_EQ(panels[std::size_t(panel)].marks.size(), 1u);
    EXPECT_EQ(panels[std::size_t(panel)].marks[0].label, "inflection");
    EXPECT_EQ(panels[std::size_t(panel)].marks[0].x, 2.0);
  }
  EXPECT_EQ(latestText(series), "tau_ctx 0.09, 3 effective neighbours, canary's zero-shot 0.4");
  EXPECT_TRUE(livePanels({}, 0)[int(LivePanel::Canary)].lines.empty());
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
