// What captions make of tokens, and captions sorted by it, by hand and by NumPy.
#include "study/probes/mixture_use.h"

#include <limits>

#include "probe_support.h"
#include "study/probes/clusters.h"

namespace lix::study::test {
namespace {

TEST(MixtureUse, ByHand) {
  MixtureUse use(2, 1, 4);  // two captions, one head, four tokens
  const std::vector<float> weights{1, 0, 0, 0, 0.5f, 0.5f, 0, 0};
  LIX_ASSERT_OK(use.add(weights, rowsOf({{1, 0}, {0, 1}}).view()));
  LIX_ASSERT_OK(use.add(weights, rowsOf({{1, 0}, {-1, 0}}).view()));
  const auto found = use.summary();
  LIX_ASSERT_OK(found);
  EXPECT_EQ(found->pictures, 2u);
  EXPECT_NEAR(found->captionSpread, 1.5, 1e-7) << "distances 1 and 2";
  expectNear(found->spreadQuantiles, {1.0, 1.05, 1.25, 1.5, 1.75, 1.95, 2.0}, 1e-6);
  EXPECT_NEAR(found->weightEntropy, std::log(2.0) / 2.0, 1e-7);
  expectNear(found->usage, {0.75, 0.25, 0.0, 0.0}, 1e-7);
  EXPECT_EQ(found->dead, (std::vector<std::size_t>{2, 3}));
  EXPECT_EQ(found->captionWeights, weights);
}

TEST(MixtureUse, ATokenLivesByOneOfItsHeads) {
  MixtureUse use(2, 2, 2);
  LIX_ASSERT_OK(use.add(std::vector<float>{1, 0, 0, 1, 1, 0, 0, 1}, rowsOf({{1, 0}, {1, 0}}).view()));
  const auto found = use.summary();
  LIX_ASSERT_OK(found);
  EXPECT_TRUE(found->dead.empty());
  EXPECT_EQ(found->captionSpread, 0.0) << "a vector that no caption moves, as a SigLIP's";
}

TEST(MixtureUse, IsNumPys) {
  const auto& wanted = reference()["mixture"];
  const std::size_t captions = wanted["captions"], heads = wanted["heads"], tokens = wanted["tokens"];
  const std::size_t pictures = wanted["pictures"], width = reference()["width"];
  const auto weights = wanted["weights"].get<std::vector<float>>(),
             vectors = wanted["vectors"].get<std::vector<float>>();
  MixtureUse use(captions, heads, tokens);
  for (std::size_t i = 0; i < pictures; ++i) {
    const std::size_t each = captions * heads * tokens, size = captions * width;
    LIX_ASSERT_OK(use.add(std::span(weights).subspan(i * each, each),
                          {std::span(vectors).subspan(i * size, size), captions, width}));
  }
  const auto found = use.summary();
  LIX_ASSERT_OK(found);
  EXPECT_NEAR(found->captionSpread, wanted["caption_spread"].get<double>(), 1e-6);
  EXPECT_NEAR(found->weightEntropy, wanted["weight_entropy"].get<double>(), 1e-6);
  expectNear(found->spreadQuantiles, wanted["quantiles"].get<std::vector<double>>(), 1e-6);
  expectNear(found->usage, wanted["usage"].get<std::vector<double>>(), 1e-6);
  expectNear({found->captionWeights.begin(), found->captionWeights.end()},
             wanted["caption_weights"].get<std::vector<double>>(), 1e-6);
}

TEST(MixtureUse, RefusesWhatSaysNothing) {
  MixtureUse use(2, 1, 2);
  expectRefused(use.summary(), "0 and 2");
  const Rows two = rowsOf({{1, 0}, {0, 1}});
  expectRefused(use.add(std::vector<float>{1, 0}, two.view()), "which are not");
  expectRefused(use.add(std::vector<float>{1, 0, 1, 0}, rowsOf({{1, 0}}).view()), "1 captions instead of 2");
  expectRefused(use.add(std::vector<float>{1, std::numeric_limits<float>::quiet_NaN(), 1, 0}, two.view()),
                "not a finite");
  MixtureUse alone(1, 1, 1);
  LIX_ASSERT_OK(alone.add(std::vector<float>{1}, rowsOf({{1, 0}}).view()));
  expectRefused(alone.summary(), "two captions");
}

TEST(Cluster, FindsThoseThatLieApartWhateverTheOrder) {
  Rows rows = drawn(30, 3, 5);
  for (std::size_t i = 0; i < rows.rows; ++i) {
    for (std::size_t d = 0; d < 3; ++d) {
      rows.values[i * 3 + d] = 0.1f * rows.values[i * 3 + d] + (i % 3 == d ? 5.f : 0.f);
    }
  }
  const auto found = cluster(rows.view(), 3);
  LIX_ASSERT_OK(found);
  for (std::size_t i = 0; i < rows.rows; ++i) {
    EXPECT_EQ(found->of[i], i % 3) << "numbered by their first rows";
  }
  EXPECT_LT(found->within, 0.06);
  const auto other = cluster(backwards(rows).view(), 3);
  LIX_ASSERT_OK(other);
  EXPECT_NEAR(other->within, found->within, 1e-9);
  EXPECT_EQ(cluster(rows.view(), 3)->of, found->of);
}

TEST(Cluster, EndsAndRefuses) {
  const Rows same = rowsOf({{1, 1}, {1, 1}, {2, 2}});
  const auto fewer = cluster(same.view(), 3);
  LIX_ASSERT_OK(fewer);
  EXPECT_EQ(fewer->of, (std::vector<std::size_t>{0, 0, 1})) << "two points make no three clusters";
  EXPECT_EQ(fewer->within, 0.0);
  EXPECT_EQ(cluster(same.view(), 1)->of, (std::vector<std::size_t>{0, 0, 0}));
  EXPECT_NEAR(cluster(same.view(), 1)->within, 4.0 / 9.0, 1e-12);
  expectRefused(cluster(same.view(), 4), "ask for 1 to 3");
  expectRefused(cluster(same.view(), 0), "ask for 1 to 3");
}

}  // namespace
}  // namespace lix::study::test
