// How tokens are used by captions, by hand, and as MixtureUse says it.
#include "study/probes/token_use.h"

#include <numeric>

#include "probe_support.h"
#include "study/probes/mixture_use.h"

namespace lix::study::test {
namespace {

TEST(TokenUse, ByHand) {
  // Two captions, two heads, four tokens, two pictures.
  const std::vector<float> one{1, 0, 0, 0, 0.5F, 0.5F, 0, 0, 1, 0, 0, 0, 0.25F, 0.25F, 0.25F, 0.25F};
  const std::vector<float> two{1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0};
  const std::vector<float> near{0, 0.25F, 0.25F, 0}, far{0, 0.75F, 0.75F, 0};
  const std::vector<MixedPicture> pictures{{one, near}, {two, far}};
  const auto use = tokenUse(pictures, 2, 2, 4);
  LIX_ASSERT_OK(use);
  expectNear(use->shares, {(4 + 1 + 0.5 + 1 + 0.25) / 8, 0.75 / 8, 0.25 / 8, 0.25 / 8}, 1e-7);
  EXPECT_TRUE(use->dead.empty()) << "1/16 of a head's weight is more than a tenth of 1/4";
  expectNear(use->entropies, {0, std::log(2.0) / 2, 0, std::log(4.0) / 2}, 1e-7);
  EXPECT_NEAR(use->effectiveTokens, std::exp(std::log(8.0) / 8), 1e-9);
  expectNear(use->distances, {0, 0.5, 0.5, 0}, 1e-7);
  EXPECT_EQ(use->pairs, (std::vector<float>{0.25F, 0.75F}));
  EXPECT_NEAR(use->meanDistance, 0.5, 1e-9);
}

TEST(TokenUse, OnlyTheHeadsThatCount) {
  const std::vector<float> weights{1, 0, 0.5F, 0.5F};
  const std::vector<float> distances{0};
  const std::vector<MixedPicture> pictures{{weights, distances}};
  const std::vector<std::size_t> first{0}, none{2};
  const auto use = tokenUse(pictures, 1, 2, 2, first);
  LIX_ASSERT_OK(use);
  expectNear(use->shares, {1, 0}, 1e-9);
  EXPECT_EQ(use->dead, (std::vector<std::size_t>{1}));
  EXPECT_DOUBLE_EQ(use->effectiveTokens, 1.0);
  EXPECT_EQ(use->meanDistance, 0.0) << "one caption moves nothing";
  const auto refused = tokenUse(pictures, 1, 2, 2, none);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "There is no head 2: the mixture has 2.");
}

TEST(TokenUse, DeadAsInMixtureUse) {
  std::vector<float> weights;
  for (int line = 0; line < 6; ++line) {  // token 1 below a tenth of 1/4, token 2 just above it
    weights.insert(weights.end(), {0.9F - 0.001F * float(line), 0.02F, 0.03F, 0.05F + 0.001F * float(line)});
  }
  const std::vector<float> distances(9, 0.F);
  const std::vector<MixedPicture> pictures{{weights, distances}};
  MixtureUse same(3, 2, 4);
  LIX_ASSERT_OK(same.add(weights, rowsOf({{1, 0}, {1, 0}, {1, 0}}).view()));
  const auto use = tokenUse(pictures, 3, 2, 4);
  LIX_ASSERT_OK(use);
  EXPECT_EQ(use->dead, (std::vector<std::size_t>{1}));
  EXPECT_EQ(use->dead, same.summary()->dead);
  EXPECT_NEAR(std::log(use->effectiveTokens), same.summary()->weightEntropy, 1e-6);
}

TEST(TokenUse, RefusesWhatDoesNotFit) {
  EXPECT_FALSE(tokenUse({}, 1, 1, 1));
  const std::vector<float> weights{1, 0}, distances{0};
  const std::vector<MixedPicture> pictures{{weights, distances}};
  EXPECT_FALSE(tokenUse(pictures, 0, 1, 2));
  const auto wrong = tokenUse(pictures, 2, 1, 2);
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().message.find("2 mixture weights and 1 distances"), std::string::npos);
}

TEST(Histogram, CountsFromZeroToTheLargest) {
  const std::vector<float> values{-1e-7F, 0.1F, 0.3F, 0.4F, 0.4F, NAN};
  const Histogram made = histogram(values, 4);
  EXPECT_NEAR(made.step, 0.1, 1e-8);
  EXPECT_EQ(std::accumulate(made.counts.begin(), made.counts.end(), std::size_t(0)), 5u);
  EXPECT_EQ(made.counts.back(), 3u) << "the largest lies in the last step";
  EXPECT_EQ(histogram({}, 2).counts, (std::vector<std::size_t>{0, 0}));
  const std::vector<float> zeros{0.0F, 0.0F};
  EXPECT_EQ(histogram(zeros, 3).counts, (std::vector<std::size_t>{2, 0, 0})) << "a SigLIP's";
}

}  // namespace
}  // namespace lix::study::test
