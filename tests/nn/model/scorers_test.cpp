#include <ATen/ops/full.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/scalar_tensor.h>
#include <ATen/ops/tensor.h>
#include <gtest/gtest.h>

#include <cmath>

#include "nn/objective.h"
#include "nn/ops/unit.h"
#include "nn/reducers/reducer.h"
#include "nn/scorers/scorer.h"
#include "nn_support.h"
#include "support/support.h"

namespace lix::test {
namespace {
using namespace nn;

at::Tensor lossBy(const char* reducer, const at::Tensor& logits) { return (*findReducer(reducer))->loss(logits); }

Scores scoreBy(const char* scorer, const Encoded& batch, double tauCtx = 1.0) {
  return (*findScorer(scorer))->score({batch, at::scalar_tensor(std::log(tauCtx), at::kDouble)});
}

Encoded mixtureBatch(std::int64_t n, std::int64_t heads, std::int64_t tokens, std::int64_t width, double tau) {
  Encoded batch;
  batch.mixture = {normals({n, heads, tokens, width}, 1), normals({n, heads, tokens, width}, 2)};
  batch.text = {normals({n, heads * width}, 3), normals({n, heads, width}, 4)};
  batch.outProj = normals({heads * width, heads * width}, 5);
  batch.tau = tau;
  return batch;
}

TEST(Reducers, SigmoidByHand) {
  // Diagonal +: log(1 + e^-1) + log(1 + e^0); off it -: log(1 + e^-1) + log(1 + e^2); divided by N = 2.
  const auto logits = tensorOf({2, 2}, {1, -1, 2, 0});
  EXPECT_NEAR(lossBy("sigmoid", logits).item<double>(),
              0.5 * (2 * 0.31326168751822286 + std::log(2.0) + 2.1269280110429727), 1e-12);
  // One pair of logit 0: log 2.
  EXPECT_NEAR(lossBy("sigmoid", tensorOf({1, 1}, {0})).item<double>(), std::log(2.0), 1e-12);
  // Three sure pairs cost nothing.
  EXPECT_NEAR(lossBy("sigmoid", tensorOf({3, 3}, {50, -50, -50, -50, 50, -50, -50, -50, 50})).item<double>(), 0.0,
              1e-12);
}

TEST(Reducers, SoftmaxByHand) {
  // [[ln 3, ln 2], [0, 0]]: rows 3/5 and 1/2, columns 3/4 and 1/3.
  const auto logits = tensorOf({2, 2}, {std::log(3.0), std::log(2.0), 0, 0});
  const double expected = -0.25 * (std::log(0.6) + std::log(0.5) + std::log(0.75) + std::log(1.0 / 3.0));
  EXPECT_NEAR(lossBy("softmax", logits).item<double>(), expected, 1e-12);
  // Nothing known: ln N.
  EXPECT_NEAR(lossBy("softmax", tensorOf({4, 4}, std::vector<double>(16, 2.5))).item<double>(), std::log(4.0), 1e-12);
}

TEST(Reducers, GradientsByHand) {
  at::Tensor logits = tensorOf({2, 2}, {1, -1, 2, 0}).requires_grad_(true);
  lossBy("sigmoid", logits).backward();
  const auto sigma = [](double x) { return 1.0 / (1.0 + std::exp(-x)); };
  // d/dx: (sigma(x) - 1) / N on the diagonal, sigma(x) / N elsewhere.
  EXPECT_LT(worst(logits.grad(),
                  tensorOf({2, 2}, {0.5 * (sigma(1) - 1), 0.5 * sigma(-1), 0.5 * sigma(2), 0.5 * (sigma(0) - 1)})),
            1e-12);
}

TEST(Reducers, PermutingPairsChangesNothing) {
  const auto logits = normals({5, 5}, 3), order = at::tensor(at::ArrayRef<std::int64_t>{3, 0, 4, 1, 2});
  const auto moved = logits.index_select(0, order).index_select(1, order);
  for (const char* reducer : {"sigmoid", "softmax"}) {
    EXPECT_NEAR(lossBy(reducer, logits).item<double>(), lossBy(reducer, moved).item<double>(), 1e-12) << reducer;
    EXPECT_NE(lossBy(reducer, logits).item<double>(), lossBy(reducer, logits.index_select(0, order)).item<double>())
        << reducer;
  }
}

TEST(Scorers, DotByHand) {
  Encoded batch;
  batch.image = tensorOf({2, 2}, {3, 4, 1, 0});
  batch.text.embeds = tensorOf({2, 2}, {1, 0, 0, 2});
  EXPECT_LT(worst(scoreBy("dot", batch).cosines, tensorOf({2, 2}, {0.6, 0.8, 1, 0})), 1e-12);
  batch.image = batch.image * tensorOf({2, 1}, {100, 0.01});
  EXPECT_LT(worst(scoreBy("dot", batch).cosines, tensorOf({2, 2}, {0.6, 0.8, 1, 0})), 1e-12);
}

TEST(Scorers, ZeroVectorsGiveZeroNotNan) {
  Encoded batch;
  batch.image = tensorOf({2, 2}, {0, 0, 1, 0});
  batch.text.embeds = tensorOf({2, 2}, {1, 0, 0, 2});
  EXPECT_LT(worst(scoreBy("dot", batch).cosines, tensorOf({2, 2}, {0, 0, 1, 0})), 1e-12);
}

TEST(Scorers, ContextByHand) {
  // d = 2 and tau sqrt(2) = 1 / ln 2: a neighbour at cosine 1 weighs twice one at cosine 0.
  // Weights (0, 1/3, 2/3), (1/2, 0, 1/2), (2/3, 1/3, 0) of the raw (1,0), (0,1), (2,0): contexts (4/3, 1/3), (3/2, 0),
  // (2/3, 1/3).
  Encoded batch;
  batch.image = tensorOf({3, 2}, {1, 0, 0, 1, 2, 0});
  batch.text.embeds = tensorOf({3, 2}, {1, 0, 0, 1, -1, 0});
  const Scores scores = scoreBy("context", batch, 1.0 / (std::log(2.0) * std::sqrt(2.0)));
  EXPECT_LT(worst(scores.weights, tensorOf({3, 3}, {0, 1. / 3, 2. / 3, 0.5, 0, 0.5, 2. / 3, 1. / 3, 0})), 1e-12);
  const double a = std::sqrt(17.0), b = std::sqrt(5.0);
  EXPECT_LT(worst(scores.cosines, tensorOf({3, 3}, {4 / a, 1 / a, -4 / a, 1, 0, -1, 2 / b, 1 / b, -2 / b})), 1e-12);
  // exp(entropy): 3 / 2^(2/3) twice and 2.
  EXPECT_NEAR(effectiveNeighbours(scores.weights), (2 * 3 / std::pow(2.0, 2. / 3) + 2) / 3, 1e-12);
}

TEST(Scorers, ContextIsMaskedAndItsTemperatureSpansUniformToNearest) {
  const auto images = unit(normals({6, 4}, 11));
  for (const double tau : {1e-4, 0.1, 1.0, 1e4}) {
    const auto weights = contextWeights(images, at::scalar_tensor(tau, at::kDouble));
    EXPECT_EQ(weights.diagonal().abs().max().item<double>(), 0.0) << tau;
    EXPECT_LT(worst(weights.sum(1), at::ones({6}, at::kDouble)), 1e-12) << tau;
  }
  EXPECT_NEAR(effectiveNeighbours(contextWeights(images, at::scalar_tensor(1e6, at::kDouble))), 5.0, 1e-6);
  EXPECT_NEAR(effectiveNeighbours(contextWeights(images, at::scalar_tensor(1e-5, at::kDouble))), 1.0, 1e-6);
}

TEST(Scorers, ContextOfScaledImages) {
  // Keys are normalised, values are not: scaling all images changes nothing, scaling one changes the others' contexts.
  Encoded batch;
  batch.image = normals({4, 3}, 12);
  batch.text.embeds = normals({4, 3}, 13);
  const auto before = scoreBy("context", batch).cosines;
  batch.image = batch.image * 3.0;
  EXPECT_LT(worst(scoreBy("context", batch).cosines, before), 1e-12);
  batch.image = batch.image * tensorOf({4, 1}, {5, 1, 1, 1});
  const auto after = scoreBy("context", batch).cosines;
  EXPECT_LT(worst(after.select(0, 0), before.select(0, 0)), 1e-12);
  EXPECT_GT(worst(after.select(0, 1), before.select(0, 1)), 1e-3);
}

TEST(Scorers, MixtureByHand) {
  // One head, two tokens, tau 2. Query (2 ln 3, 0): weights 3/4, 1/4; mixed (3/4, 1/4); out_proj swaps: (1/4, 3/4).
  // Query (0, 0): weights 1/2 each, (1/2, 1/2). Captions (1, 0) and (0, 5).
  Encoded batch;
  batch.mixture.keys = tensorOf({1, 1, 2, 2}, {1, 0, 0, 1});
  batch.mixture.values = tensorOf({1, 1, 2, 2}, {1, 0, 0, 1});
  batch.text = {tensorOf({2, 2}, {1, 0, 0, 5}), tensorOf({2, 1, 2}, {2 * std::log(3.0), 0, 0, 0})};
  batch.outProj = tensorOf({2, 2}, {0, 1, 1, 0});
  batch.tau = 2.0;
  const Scores scores = scoreBy("mixture", batch);
  EXPECT_LT(worst(scores.cosines, tensorOf({1, 2}, {1 / std::sqrt(10.0), 1 / std::sqrt(2.0)})), 1e-12);
  EXPECT_LT(worst(scores.weights, tensorOf({1, 1, 2, 2}, {0.75, 0.5, 0.25, 0.5})), 1e-12);
}

TEST(Scorers, MixtureConcatenatesHeadsInOrder) {
  // Two heads of width 1 and one token: values 3 and 4 are the vector (3, 4) whatever the query.
  Encoded batch;
  batch.mixture.keys = tensorOf({1, 2, 1, 1}, {7, -7});
  batch.mixture.values = tensorOf({1, 2, 1, 1}, {3, 4});
  batch.text = {tensorOf({1, 2}, {1, 0}), tensorOf({1, 2, 1}, {9, 2})};
  batch.outProj = tensorOf({2, 2}, {1, 0, 0, 1});
  EXPECT_LT(worst(scoreBy("mixture", batch).cosines, tensorOf({1, 1}, {0.6})), 1e-12);
}

TEST(Scorers, MixtureOfOneTokenIsPlainCosine) {
  Encoded batch = mixtureBatch(4, 2, 1, 3, 0.5);
  Encoded plain;
  plain.image = batch.mixture.values.flatten(1).matmul(batch.outProj);
  plain.text.embeds = batch.text.embeds;
  EXPECT_LT(worst(scoreBy("mixture", batch).cosines, scoreBy("dot", plain).cosines), 1e-12);
}

TEST(Scorers, MixtureWeightsSumToOneAndFlattenWithTau) {
  const Encoded batch = mixtureBatch(3, 2, 5, 4, 1.0);
  const auto weights = mixtureWeights(batch.mixture.keys, batch.text.query, 0.3);
  EXPECT_LT(worst(weights.sum(2), at::ones({3, 2, 3}, at::kDouble)), 1e-12);
  const auto flat = mixtureWeights(batch.mixture.keys, batch.text.query, 1e9);
  EXPECT_LT(worst(flat, at::full({3, 2, 5, 3}, 0.2, at::kDouble)), 1e-6);
}

TEST(Scorers, PermutingTheBatchPermutesTheScores) {
  const auto order = at::tensor(at::ArrayRef<std::int64_t>{3, 0, 4, 1, 2});
  const auto move = [&](const at::Tensor& x) { return x.index_select(0, order); };
  Encoded batch = mixtureBatch(5, 2, 3, 4, 0.7);
  batch.image = normals({5, 8}, 6);
  Encoded moved = batch;
  moved.image = move(batch.image);
  moved.mixture = {move(batch.mixture.keys), move(batch.mixture.values)};
  moved.text = {move(batch.text.embeds), move(batch.text.query)};
  for (const Scorer* scorer : scorers::table()) {
    const auto before = scoreBy(scorer->id.c_str(), batch, 0.3).cosines,
               after = scoreBy(scorer->id.c_str(), moved, 0.3).cosines;
    EXPECT_LT(worst(after, before.index_select(0, order).index_select(1, order)), 1e-12) << scorer->id;
    EXPECT_GT(worst(after, before), 1e-3) << scorer->id;
    EXPECT_LE(after.abs().max().item<double>(), 1.0 + 1e-12) << scorer->id;
  }
}

TEST(Scorers, UnknownIdsAreRefusedWithTheKnownOnes) {
  EXPECT_NE(messageOf(findScorer("cosine")).find("context, dot, mixture"), std::string::npos);
  EXPECT_NE(messageOf(findReducer("hinge")).find("sigmoid, softmax"), std::string::npos);
}

}  // namespace
}  // namespace lix::test
