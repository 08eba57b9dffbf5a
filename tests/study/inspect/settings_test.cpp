#include <ATen/ops/cat.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/tensor.h>

#include <cmath>
#include <numeric>

#include "inspect_support.h"
#include "nn/model.h"
#include "nn/ops/unit.h"
#include "nn/scorers/scorer.h"
#include "study/inspect/inspect.h"
#include "study/inspect/mixing.h"

namespace lix::study {
namespace {

using lix::test::messageOf;
using test::Kind;
const std::vector<std::string> kSaid{"a cat", "two dogs", "grass", "a"};

double largest(const at::Tensor& difference) { return difference.abs().max().item<double>(); }

/// Keys, values, queries and W_O of 2 heads, 3 tokens, 4 numbers a head.
struct Drawn {
  nn::MixtureFeatures picture{at::randn({1, 2, 3, 4}), at::randn({1, 2, 3, 4})};
  at::Tensor query = at::randn({5, 2, 4}), outProj = at::randn({8, 8});
};

TEST(Mixing, OneHeadTwoTokensByHand) {
  // Scores q.k / tau: (ln 3, 0) at tau 1, so the weights are (3/4, 1/4); values (4, 0) and (0, 8); W_O swaps the two.
  const nn::MixtureFeatures picture{at::tensor({std::log(3.0f), 0.0f, 0.0f, 0.0f}).view({1, 1, 2, 2}),
                                    at::tensor({4.0f, 0.0f, 0.0f, 8.0f}).view({1, 1, 2, 2})};
  const at::Tensor query = at::tensor({1.0f, 0.0f}).view({1, 1, 2});
  const at::Tensor swap = at::tensor({0.0f, 1.0f, 1.0f, 0.0f}).view({2, 2});
  const Mixed mixed = mix(picture, query, swap, 1.0, {});
  EXPECT_LT(largest(mixed.weights - at::tensor({0.75f, 0.25f}).view({1, 1, 2})), 1e-6);
  EXPECT_LT(largest(mixed.embeddings - at::tensor({2.0f, 3.0f}).view({1, 2})), 1e-6);
  const Mixed half = mix(picture, query, swap, 2.0, {});  // sqrt 3 : 1
  EXPECT_NEAR(half.weights[0][0][0].item<double>(), std::sqrt(3.0) / (1 + std::sqrt(3.0)), 1e-6);
  const Mixed without = mix(picture, query, swap, 1.0, {.withoutTokens = {0}});
  EXPECT_TRUE(without.weights.equal(at::tensor({0.0f, 1.0f}).view({1, 1, 2})));
  EXPECT_TRUE(without.embeddings.equal(at::tensor({8.0f, 0.0f}).view({1, 2})));
}

TEST(Mixing, EqualsTheScorer) {
  const Drawn d;
  const at::Tensor embeds = at::randn({5, 8});
  const nn::Encoded batch{
      .mixture = d.picture, .text = {embeds, d.query}, .outProj = d.outProj, .tau = 0.7};
  const nn::Scores expected = (*nn::findScorer("mixture"))->score({batch, {}});
  const Mixed mixed = mix(d.picture, d.query, d.outProj, 0.7, {});
  EXPECT_LT(largest(mixed.weights.permute({1, 2, 0}) - expected.weights[0]), 1e-6);
  EXPECT_LT(largest((nn::unit(mixed.embeddings) * nn::unit(embeds)).sum(1) - expected.cosines[0]), 1e-6);
}

TEST(Mixing, WithoutATokenIsAModelThatNeverHadIt) {
  const Drawn d;
  const auto kept = [](const at::Tensor& x) { return at::cat({x.narrow(2, 0, 1), x.narrow(2, 2, 1)}, 2); };
  const nn::MixtureFeatures fewer{kept(d.picture.keys), kept(d.picture.values)};
  const Mixed without = mix(d.picture, d.query, d.outProj, 0.7, {.withoutTokens = {1}});
  const Mixed expected = mix(fewer, d.query, d.outProj, 0.7, {});
  EXPECT_EQ(without.weights.select(2, 1).abs().sum().item<double>(), 0.0);
  EXPECT_LT(largest(kept(without.weights) - expected.weights), 1e-6);
  EXPECT_LT(largest(without.embeddings - expected.embeddings), 1e-5);
}

TEST(Mixing, TheHeadsPartsAddUp) {
  const Drawn d;
  const Mixed all = mix(d.picture, d.query, d.outProj, 0.7, {});
  const Mixed first = mix(d.picture, d.query, d.outProj, 0.7, {.heads = {0}});
  const Mixed second = mix(d.picture, d.query, d.outProj, 0.7, {.heads = {1}});
  const Mixed both = mix(d.picture, d.query, d.outProj, 0.7, {.heads = {1, 0}});
  EXPECT_LT(largest(first.embeddings + second.embeddings - all.embeddings), 1e-5);
  EXPECT_TRUE(both.embeddings.equal(all.embeddings));
  EXPECT_TRUE(first.weights.equal(all.weights)) << "weights of all heads stay to be seen";
  // Head 0 alone: its four mixed numbers by the first four rows of W_O.
  const at::Tensor mixed = at::matmul(all.weights.select(1, 0), d.picture.values[0][0]);
  EXPECT_LT(largest(first.embeddings - at::matmul(mixed, d.outProj.narrow(0, 0, 4))), 1e-5);
}

TEST(CosineDistances, ByHand) {
  const at::Tensor rows = at::tensor({3.0f, 0.0f, 0.0f, 5.0f, -2.0f, 0.0f, 1.0f, 1.0f}).view({4, 2});
  const at::Tensor found = cosineDistances(rows);
  const double slant = 1.0 - std::sqrt(0.5);
  const at::Tensor expected = at::tensor({0.0, 1.0, 2.0, slant, 1.0, 0.0, 1.0, slant, 2.0, 1.0, 0.0,
                                          1.0 + std::sqrt(0.5), slant, slant, 1.0 + std::sqrt(0.5), 0.0})
                                  .view({4, 4});
  EXPECT_LT(largest(found - expected), 1e-12);
}

TEST(MixtureReading, DistancesAreThoseOfItsEmbeddings) {
  const MixtureReading mixture{.captions = 2, .weights = {}, .entropies = {}, .embeddings = {3.0f, 0.0f, 1.0f, 1.0f}};
  const std::vector<float> distances = mixture.distances();
  ASSERT_EQ(distances.size(), 4u);
  EXPECT_EQ(distances[0], 0.0f);
  EXPECT_NEAR(distances[1], 1.0 - std::sqrt(0.5), 1e-7);
  EXPECT_EQ(distances[2], distances[1]);
  EXPECT_TRUE(MixtureReading().distances().empty());
}

TEST(InspectSettings, DistancesAreZeroOnTheDiagonalAndSymmetric) {
  const auto reading = inspect(test::evaluator(Kind::Llip), {test::picture(1)}, {"a cat", "two dogs", "grass", "a cat"});
  LIX_ASSERT_OK(reading);
  const std::vector<float> distances = reading->pictures[0].mixture->distances();
  ASSERT_EQ(distances.size(), 16u);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(distances[i * 4 + i], 0.0f);
    for (std::size_t j = 0; j < 4; ++j) {
      EXPECT_EQ(distances[i * 4 + j], distances[j * 4 + i]);
      EXPECT_GE(distances[i * 4 + j], 0.0f);
    }
  }
  EXPECT_GT(distances[1], 0.0f);
  EXPECT_NEAR(distances[3], 0.0f, 1e-12) << "the same caption twice gives the same embedding";
}

/// The whole reading by plain loops over the model's own keys, values and queries.
TEST(InspectSettings, ScoresWeightsAndMapsFollowTokensAndHeads) {
  const Evaluator llip = test::evaluator(Kind::Llip);
  const nn::Model& model = llip.checkpoint.model;
  const InspectSettings settings{.tau = 0.5, .withoutTokens = {2}, .heads = {3, 1}};
  const auto reading = inspect(llip, {test::picture(1)}, kSaid, settings);
  LIX_ASSERT_OK(reading);
  const auto tokens = nn::encodeImages(model, toPixels(test::picture(1), llip.preprocess).unsqueeze(0));
  const auto features = nn::projectTokens(model, tokens);
  const auto texts = embedCaptions(llip, kSaid);
  const at::Tensor outProj = model.parameters.at("llip.out_proj");
  const auto number = [](const at::Tensor& x) { return x.item<double>(); };
  for (std::int64_t n = 0; n < 4; ++n) {
    std::vector<double> mixed(16, 0.0);
    for (std::int64_t m = 0; m < 4; ++m) {
      std::vector<double> weights(3, 0.0);
      for (std::int64_t k = 0; k < 2; ++k) {  // token 2 is out
        weights[std::size_t(k)] = std::exp(number((features.keys[0][m][k] * texts.query[n][m]).sum()) / 0.5);
      }
      const double sum = weights[0] + weights[1];
      for (std::int64_t k = 0; k < 3; ++k) {
        const double weight = weights[std::size_t(k)] / sum;
        EXPECT_NEAR(reading->pictures[0].mixture->weights[std::size_t((n * 4 + m) * 3 + k)], weight, 1e-5);
        for (std::int64_t d = 0; d < 4 && (m == 1 || m == 3); ++d) {
          mixed[std::size_t(m * 4 + d)] += weight * number(features.values[0][m][k][d]);
        }
      }
    }
    double dot = 0.0, norm = 0.0, textNorm = 0.0;
    for (std::int64_t d = 0; d < 16; ++d) {
      double z = 0.0;
      for (std::int64_t e = 0; e < 16; ++e) {
        z += mixed[std::size_t(e)] * number(outProj[e][d]);
      }
      const double t = number(texts.embeds[n][d]);
      dot += z * t, norm += z * z, textNorm += t * t;
    }
    const double cosine = dot / std::sqrt(norm * textNorm);
    EXPECT_NEAR(reading->scores.cosines[std::size_t(n)], cosine, 1e-5);
    EXPECT_NEAR(reading->scores.logits[std::size_t(n)], 8.0 * cosine - 3.0, 1e-4);
  }
  ASSERT_EQ(reading->notes.size(), 3u);  // tau, tokens, heads
  EXPECT_NE(reading->notes[1].find("token 2"), std::string::npos);
  EXPECT_NE(reading->notes[2].find("heads 1, 3"), std::string::npos);
  EXPECT_NE(reading->pictures[0].map.explanation.find("2 heads"), std::string::npos);
}

TEST(InspectSettings, MapsOfHeadsAverageToTheMapOfAll) {
  const Evaluator patches = test::evaluator(Kind::LlipPatches);
  const auto weightsOf = [&](std::vector<std::size_t> heads) {
    return inspect(patches, {test::picture(1)}, {"a cat"}, {.heads = std::move(heads)})->pictures[0];
  };
  const PictureReading all = weightsOf({}), one = weightsOf({2});
  const auto row = std::span(all.mixture->weights).subspan(2 * 7 + 3, 4);  // head 2, the four patches
  const double sum = std::accumulate(row.begin(), row.end(), 0.0);
  for (std::size_t p = 0; p < 4; ++p) {
    EXPECT_NEAR(one.map.values[p], row[p] / sum, 1e-6);
  }
  EXPECT_NE(one.map.values, all.map.values);
  EXPECT_EQ(weightsOf({0, 1, 2, 3}).map.values, all.map.values);
}

TEST(InspectSettings, AMapWithoutAnyPatchTokenIsZero) {
  const auto reading =
      inspect(test::evaluator(Kind::LlipPatches), {test::picture(1)}, {"a cat"}, {.withoutTokens = {3, 4, 5, 6}});
  LIX_ASSERT_OK(reading);
  EXPECT_EQ(reading->pictures[0].map.values, std::vector<float>(4, 0.0f));
}

TEST(InspectSettings, TheOrderOfTokensDoesNotMatter) {
  const Evaluator llip = test::evaluator(Kind::Llip);
  const auto one = inspect(llip, {test::picture(1)}, kSaid, {.withoutTokens = {0, 2}});
  const auto other = inspect(llip, {test::picture(1)}, kSaid, {.withoutTokens = {2, 0}});
  LIX_ASSERT_OK(one);
  LIX_ASSERT_OK(other);
  EXPECT_EQ(one->scores.cosines, other->scores.cosines);
  EXPECT_EQ(one->notes, other->notes);
  // One token is left: captions mix nothing, and each embedding is the same.
  for (const double entropy : one->pictures[0].mixture->entropies) {
    EXPECT_NEAR(entropy, 0.0, 1e-12);
  }
  EXPECT_NEAR(one->pictures[0].mixture->distances()[1], 0.0, 1e-12);
}

TEST(InspectSettings, WhatCannotBeIsRefused) {
  const Evaluator llip = test::evaluator(Kind::Llip);
  const auto said = [&](const InspectSettings& settings) {
    return messageOf(inspect(llip, {test::picture(1)}, kSaid, settings));
  };
  EXPECT_NE(said({.withoutTokens = {3}}).find("no mixture token 3; this model has the mixture tokens 0 to 2"),
            std::string::npos);
  EXPECT_NE(said({.withoutTokens = {1, 1}}).find("named twice"), std::string::npos);
  EXPECT_NE(said({.withoutTokens = {0, 1, 2}}).find("keep at least one"), std::string::npos);
  EXPECT_NE(said({.heads = {4}}).find("no head 4; this model has the heads 0 to 3"), std::string::npos);
  EXPECT_NE(said({.heads = {0, 0}}).find("named twice"), std::string::npos);
  for (const Kind kind : {Kind::Siglip, Kind::Clip, Kind::LearnedAverage}) {
    const Evaluator other = test::evaluator(kind);
    EXPECT_NE(messageOf(inspect(other, {test::picture(1)}, kSaid, {.withoutTokens = {0}})).find("Only a Llip"),
              std::string::npos);
    EXPECT_NE(messageOf(inspect(other, {test::picture(1)}, kSaid, {.heads = {0}})).find("Only a Llip"),
              std::string::npos);
  }
}

}  // namespace
}  // namespace lix::study
