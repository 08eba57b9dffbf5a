#include "study/inspect/pointing_set.h"

#include <map>
#include <set>

#include "data/scenes/scene_captions.h"
#include "data/scenes/scene_dataset.h"
#include "inspect_support.h"
#include "study/inspect/pointing.h"

namespace lix::study {
namespace {

using test::Kind;

data::Dataset scenes(std::size_t count) {
  return data::sceneDataset("scenes", {.seed = 3}, count, 32, [](std::string_view) { return data::Split::Test; });
}

TEST(SceneKind, IsTheAspectOfEveryCaptionThatScenesMake) {
  const std::map<data::Aspect, std::string_view> names{
      {data::Aspect::Object, "object"},     {data::Aspect::Place, "place"}, {data::Aspect::Texture, "texture"},
      {data::Aspect::Size, "size"},         {data::Aspect::Relation, "relation"}, {data::Aspect::Count, "count"},
      {data::Aspect::Background, "background"}};
  std::set<std::string_view> met;
  for (std::uint64_t number = 0; number < 2000; ++number) {
    for (const data::SceneCaption& caption : data::captionsOf(data::makeScene({.seed = 1}, number))) {
      ASSERT_EQ(sceneKind(caption.text), names.at(caption.aspect)) << caption.text;
      met.insert(sceneKind(caption.text));
    }
  }
  EXPECT_EQ(met.size(), names.size());
}

TEST(PointingSet, IsTheMeanOfItsPicturesPointing) {
  const Evaluator llip = test::evaluator(Kind::Llip);
  const data::Dataset set = scenes(4);
  const auto found = pointingOver(llip, set, {0, 2, 3});
  LIX_ASSERT_OK(found);
  EXPECT_EQ(found->pictures, 3u);
  EXPECT_TRUE(found->perCaption);
  ASSERT_FALSE(found->kinds.empty());
  EXPECT_EQ(found->kinds[0].kind, "all");
  double hits = 0.0, shares = 0.0, chances = 0.0;
  std::size_t captions = 0;
  for (const std::size_t sample : {0u, 2u, 3u}) {
    const auto& said = set.samples[sample].captions;
    const auto reading = inspect(llip, {*set.pictures->load(sample)}, said);
    double hit = 0.0, share = 0.0, chance = 0.0;
    for (std::size_t c = 0; c < said.size(); ++c) {
      const auto one = pointing(reading->pictures[0].map, c, *set.pictures->mask(sample, c));
      ASSERT_TRUE(one);
      hit += one->hit, share += one->share, chance += one->chance;
    }
    captions += said.size();
    hits += hit / double(said.size()) / 3, shares += share / double(said.size()) / 3;
    chances += chance / double(said.size()) / 3;
  }
  EXPECT_EQ(found->kinds[0].captions, captions);
  EXPECT_NEAR(found->kinds[0].hit.value, hits, 1e-9);
  EXPECT_NEAR(found->kinds[0].share.value, shares, 1e-5);
  EXPECT_NEAR(found->kinds[0].chance, chances, 1e-9);
  std::size_t ofKinds = 0;
  for (const PointingKind& kind : found->kinds) {
    EXPECT_GE(kind.hit.value, kind.hit.interval.low);
    EXPECT_LE(kind.hit.value, kind.hit.interval.high);
    EXPECT_LE(kind.share.interval.low, kind.share.value);
    EXPECT_GE(kind.share.interval.low, 0.0);
    EXPECT_LE(kind.hit.interval.high, 1.0);
    EXPECT_LT(kind.hit.interval.low, kind.hit.interval.high) << "never surer than the pictures allow";
    ofKinds += &kind == &found->kinds[0] ? 0 : kind.captions;
  }
  EXPECT_EQ(ofKinds, captions);
}

TEST(PointingSet, OfAModelWithOneMapAPictureUsesItForEveryCaption) {
  const auto found = pointingOver(test::evaluator(Kind::Siglip), scenes(2), {0, 1});
  LIX_ASSERT_OK(found);
  EXPECT_FALSE(found->perCaption);
  EXPECT_FALSE(found->explanation.empty());
}

TEST(PointingSet, TellsItsProgressAndStops) {
  std::vector<long long> told;
  const auto stopped = pointingOver(test::evaluator(Kind::Llip), scenes(5), {0, 1, 2, 3, 4}, {},
                                    [&](std::string_view, long long done, long long total) {
                                      EXPECT_EQ(total, 5);
                                      told.push_back(done);
                                      return done < 2;
                                    });
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::Cancelled);
  EXPECT_EQ(told, (std::vector<long long>{0, 1, 2}));
}

TEST(PointingSet, NeedsMasks) {
  class Plain final : public data::PictureSource {
    Result<imaging::Image> load(std::size_t) const override { return test::picture(1); }
  };
  data::Dataset plain{.name = "plain", .pictures = std::make_shared<Plain>()};
  plain.samples.push_back({.key = "a", .captions = {"a cat"}});
  plain.samples.push_back({.key = "b"});
  for (const std::vector<std::size_t>& samples : {std::vector<std::size_t>{0}, {1}, {}}) {
    const auto refused = pointingOver(test::evaluator(Kind::Llip), plain, samples);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("'scenes' does"), std::string::npos);
  }
  const auto tau = pointingOver(test::evaluator(Kind::Siglip), scenes(1), {0}, {.tau = 1.0});
  EXPECT_NE(lix::test::messageOf(tau).find("Only a Llip"), std::string::npos);
}

}  // namespace
}  // namespace lix::study
