// The surface of one draw against the protocol on the same draw.
#include "study/few_shot/surface.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "few_shot_world.h"
#include "support/support.h"

namespace lix::study {
namespace {

TEST(FewShotSurface, ItsBestPlaceIsWhatTheProtocolFindsOnThatDraw) {
  const World world({12, 12, 12, 3, 12}, 20, 0.6);  // one class does not reach four shots
  FewShotData data = world.data();
  data.logitScale = 5.f;
  const auto result = evaluateFewShot(
      data, {.shots = {4}, .draws = 3, .seed = 9, .adapters = {{.id = "tip-adapter-x", .params = {}, .name = ""}}});
  LIX_ASSERT_OK(result);
  for (std::size_t draw = 0; draw < 3; ++draw) {
    std::vector<std::string> notes;
    const auto found = fewShotSurface(data, 4, 9, draw, notes);
    LIX_ASSERT_OK(found);
    const auto point = std::ranges::find_if(result->points, [&](const FewShotPoint& one) {
      return one.adapter == "tip-adapter-x" && one.shots == 4 && one.draw == draw;
    });
    ASSERT_NE(point, result->points.end());
    const adapt::TipSurface& surface = found->surface;
    EXPECT_DOUBLE_EQ(surface.query[surface.best], point->accuracy);
    EXPECT_DOUBLE_EQ(surface.bestAlpha(), std::get<double>(point->settings.at("alpha")));
    EXPECT_DOUBLE_EQ(surface.bestBeta(), std::get<double>(point->settings.at("beta")));
    EXPECT_DOUBLE_EQ(surface.validation[surface.best], std::get<double>(point->settings.at("validation_accuracy")));
    EXPECT_EQ(surface.grid.alphas.size(), 20u);
    EXPECT_EQ(surface.grid.betas.size(), 200u);
    EXPECT_EQ(found->classes, 4u);
    EXPECT_EQ(found->supportSize, point->supportSize);
    EXPECT_EQ(found->validationSize, point->validationSize);
    EXPECT_EQ(found->querySize, point->querySize);
    ASSERT_EQ(notes.size(), 1u);
    EXPECT_NE(notes[0].find("4 of 5 classes"), std::string::npos) << notes[0];
  }
}

TEST(FewShotSurface, RefusesWhatTheProtocolRefuses) {
  const World world({12, 12, 12}, 5, 0.6);
  std::vector<std::string> notes;
  EXPECT_NE(test::messageOf(fewShotSurface(world.data(), 50, 0, 0, notes)).find("more shots than images"),
            std::string::npos);
  struct Mixed final : MixedPictures {
    std::size_t rows() const override { return 36; }
    std::size_t columns() const override { return 24; }
    void mix(std::span<const std::uint32_t>, std::size_t, std::span<float>) const override {}
  };
  const Mixed mixed;
  FewShotData llip = world.data();
  llip.poolMixed = llip.queryMixed = &mixed;
  EXPECT_NE(test::messageOf(fewShotSurface(llip, 2, 0, 0, notes)).find("class-conditioned vectors: give it pooled"),
            std::string::npos);
  FewShotData blind = world.data();
  blind.text = {};
  EXPECT_NE(test::messageOf(fewShotSurface(blind, 2, 0, 0, notes)), "");
}

}  // namespace
}  // namespace lix::study
