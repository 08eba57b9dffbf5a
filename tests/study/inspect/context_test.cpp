#include "study/inspect/context.h"

#include <ATen/ops/full.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/scalar_tensor.h>

#include <cmath>
#include <numeric>

#include "inspect_support.h"
#include "nn/ops/context.h"
#include "nn/ops/unit.h"
#include "nn/scorers/scorer.h"

namespace lix::study {
namespace {

TEST(Context, ThreeVectorsByHand) {
  // Query (2, 0); others: itself, (0, 3), (-4, 0): cosines 1, 0, -1. tau sqrt(d) = 1, so the scores are the cosines.
  const ContextSet set{2, {2, 0, 0, 3, -4, 0}, {7, 8, 9}};
  const auto reading = readContext(std::vector<float>{2, 0}, 7, set, 1.0 / std::sqrt(2.0));
  LIX_ASSERT_OK(reading);
  const double a = 1.0 / (1.0 + std::exp(-1.0)), b = 1.0 - a;
  EXPECT_EQ(reading->weights[0], 0.0);  // exactly
  EXPECT_EQ(reading->contributions[0], 0.0);
  EXPECT_TRUE(reading->masked[0]);
  EXPECT_FALSE(reading->masked[1] || reading->masked[2]);
  EXPECT_NEAR(reading->weights[1], a, 1e-12);
  EXPECT_NEAR(reading->weights[2], b, 1e-12);
  EXPECT_NEAR(reading->contributions[1], 3 * a, 1e-12);
  EXPECT_NEAR(reading->contributions[2], 4 * b, 1e-12);
  EXPECT_NEAR(reading->effectiveNeighbours, std::exp(-a * std::log(a) - b * std::log(b)), 1e-12);
}

TEST(Context, EqualsTheScorersMaskedWeights) {
  const at::Tensor x = at::randn({6, 5});
  const at::Tensor expected = nn::contextWeights(nn::unit(x), at::scalar_tensor(0.3));
  ContextSet set{5, {x.data_ptr<float>(), x.data_ptr<float>() + x.numel()}, {0, 1, 2, 3, 4, 5}};
  double neighbours = 0.0;
  for (std::size_t i = 0; i < 6; ++i) {
    const auto reading = readContext(std::span(set.values).subspan(i * 5, 5), i, set, 0.3);
    LIX_ASSERT_OK(reading);
    neighbours += reading->effectiveNeighbours / 6;
    EXPECT_NEAR(std::accumulate(reading->weights.begin(), reading->weights.end(), 0.0), 1.0, 1e-12);
    for (std::size_t j = 0; j < 6; ++j) {
      EXPECT_NEAR(reading->weights[j], expected[std::int64_t(i)][std::int64_t(j)].item<float>(), 1e-5);
    }
  }
  EXPECT_NEAR(neighbours, nn::effectiveNeighbours(expected), 1e-4);
}

/// A buffer that is not the batch: what the weights sum up is the objective's own context over such a buffer.
TEST(Context, SumsUpToTheObjectivesContext) {
  const at::Tensor query = at::randn({1, 5}), buffer = at::randn({7, 5});
  const ContextSet set{5, {buffer.data_ptr<float>(), buffer.data_ptr<float>() + buffer.numel()}, {0, 1, 2, 3, 4, 5, 6}};
  for (const std::int64_t self : {-1, 3}) {
    const auto reading = readContext({query.data_ptr<float>(), 5}, self < 0 ? 99u : std::uint64_t(self), set, 0.3);
    LIX_ASSERT_OK(reading);
    const nn::Context context =
        nn::contextOver(query, buffer, at::full({1}, self, at::kLong), at::scalar_tensor(0.3));
    EXPECT_NEAR(reading->effectiveNeighbours, context.effectiveNeighbours, 1e-4);
    for (std::int64_t d = 0; d < 5; ++d) {
      double sum = 0.0;
      for (std::size_t j = 0; j < 7; ++j) {
        sum += reading->weights[j] * buffer[std::int64_t(j)][d].item<float>();
      }
      EXPECT_NEAR(sum, context.vectors[0][d].item<float>(), 1e-5);
    }
  }
}

TEST(Context, APictureOutsideTheSetMasksNothing) {
  const ContextSet set{1, {1, 2}, {1, 2}};
  const auto reading = readContext(std::vector<float>{5}, 3, set, 1.0);
  LIX_ASSERT_OK(reading);
  EXPECT_DOUBLE_EQ(reading->weights[0], 0.5);
  EXPECT_NEAR(reading->effectiveNeighbours, 2.0, 1e-12);
}

TEST(Context, WithoutAnyOtherPictureIsAnError) {
  const auto alone = readContext(std::vector<float>{5}, 1, {1, {5, 5}, {1, 1}}, 1.0);
  ASSERT_FALSE(alone);
  EXPECT_NE(alone.error().message.find("no other picture"), std::string::npos);
  EXPECT_FALSE(readContext(std::vector<float>{5}, 1, {1, {}, {}}, 1.0));
}

TEST(Context, ExtremeTemperaturesStayFinite) {
  const ContextSet set{2, {1, 0, 0, 1, 1, 1}, {1, 2, 3}};
  const auto sharp = readContext(std::vector<float>{1, 0}, 9, set, 1e-9);
  const auto flat = readContext(std::vector<float>{1, 0}, 9, set, 1e9);
  LIX_ASSERT_OK(sharp);
  LIX_ASSERT_OK(flat);
  EXPECT_DOUBLE_EQ(sharp->weights[0], 1.0);
  EXPECT_DOUBLE_EQ(sharp->effectiveNeighbours, 1.0);
  EXPECT_NEAR(flat->effectiveNeighbours, 3.0, 1e-6);
}

TEST(Context, TheContextualVectorIsTheWeightedSumOfRawVectors) {
  const ContextSet set{2, {2, 0, 0, 3, -4, 0}, {7, 8, 9}};
  const auto reading = readContext(std::vector<float>{2, 0}, 7, set, 1.0 / std::sqrt(2.0));
  LIX_ASSERT_OK(reading);
  const double a = 1.0 / (1.0 + std::exp(-1.0));
  ASSERT_EQ(reading->contextual.size(), 2u);
  EXPECT_NEAR(reading->contextual[0], -4 * (1.0 - a), 1e-6);
  EXPECT_NEAR(reading->contextual[1], 3 * a, 1e-6);
  // The objective's own context over such a buffer.
  const at::Tensor query = at::randn({1, 5}), buffer = at::randn({7, 5});
  const ContextSet drawn{5, {buffer.data_ptr<float>(), buffer.data_ptr<float>() + 35}, {0, 1, 2, 3, 4, 5, 6}};
  const auto found = readContext({query.data_ptr<float>(), 5}, 3, drawn, 0.3);
  const nn::Context expected = nn::contextOver(query, buffer, at::full({1}, 3, at::kLong), at::scalar_tensor(0.3));
  for (std::size_t d = 0; d < 5; ++d) {
    EXPECT_NEAR(found->contextual[d], expected.vectors[0][std::int64_t(d)].item<float>(), 1e-5);
  }
}

TEST(TauOfNeighbours, GivesSoManyAndElseTheNearerEnd) {
  const at::Tensor x = at::randn({9, 5});
  ContextSet set{5, {x.data_ptr<float>(), x.data_ptr<float>() + x.numel()}, {0, 1, 2, 3, 4, 5, 6, 7, 8}};
  const auto query = std::span(set.values).first(5);
  for (const double wanted : {1.5, 3.0, 7.5}) {
    const auto tau = tauOfNeighbours(query, 0, set, wanted, 1e-4, 1e4);
    LIX_ASSERT_OK(tau);
    EXPECT_NEAR(readContext(query, 0, set, *tau)->effectiveNeighbours, wanted, 1e-9);
  }
  EXPECT_EQ(*tauOfNeighbours(query, 0, set, 8.5, 1e-3, 1e3), 1e3) << "eight others cannot be more than eight";
  EXPECT_EQ(*tauOfNeighbours(query, 0, set, 0.5, 1e-3, 1e3), 1e-3);
  EXPECT_EQ(*tauOfNeighbours(query, 0, set, 3.0, 1.0, 1.0), 1.0);
}

TEST(TauOfNeighbours, BadEndsAndNoOtherPictureAreErrors) {
  const ContextSet set{1, {1, 2}, {1, 2}};
  const std::vector<float> query{5};
  EXPECT_FALSE(tauOfNeighbours(query, 9, set, 1.5, 0.0, 1.0));
  EXPECT_FALSE(tauOfNeighbours(query, 9, set, 1.5, 2.0, 1.0));
  EXPECT_FALSE(tauOfNeighbours(query, 9, set, NAN, 0.1, 1.0));
  EXPECT_FALSE(tauOfNeighbours(query, 9, set, 1.5, 0.1, INFINITY));
  EXPECT_NE(lix::test::messageOf(tauOfNeighbours(query, 1, {1, {5}, {1}}, 1.5, 0.1, 1.0)).find("no other picture"),
            std::string::npos);
}

TEST(AttendedPurity, ByHand) {
  ContextReading reading;
  reading.weights = {0.0, 0.5, 0.2, 0.3};
  reading.masked = {true, false, false, false};
  const std::vector<std::string> labels{"cat", "cat", "dog", ""};
  const auto cat = attendedPurity(reading, labels, "cat");
  ASSERT_TRUE(cat);
  EXPECT_DOUBLE_EQ(cat->weight, 0.5);
  EXPECT_DOUBLE_EQ(cat->chance, 1.0 / 3.0) << "the picture itself is masked and does not count";
  const auto bird = attendedPurity(reading, labels, "bird");
  ASSERT_TRUE(bird);
  EXPECT_EQ(bird->weight, 0.0);
  EXPECT_EQ(bird->chance, 0.0);
  EXPECT_FALSE(attendedPurity(reading, labels, ""));
  EXPECT_FALSE(attendedPurity(reading, std::vector<std::string>(4), "cat"));
}

TEST(ContextTau, ComesFromTheCheckpointOrIsGivenOrRefused) {
  Evaluator siglip = test::evaluator(test::Kind::Siglip);
  const auto none = contextTau(siglip, {});
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().message.find("--tau"), std::string::npos);
  siglip.checkpoint.model.parameters["lixp.log_tau"] = at::scalar_tensor(std::log(0.25));
  const auto learned = contextTau(siglip, {});
  LIX_ASSERT_OK(learned);
  EXPECT_NEAR(learned->value, 0.25, 1e-7);
  EXPECT_EQ(learned->source, ContextTau::Source::Checkpoint);
  const auto given = contextTau(siglip, 0.5);
  LIX_ASSERT_OK(given);
  EXPECT_EQ(given->value, 0.5);
  EXPECT_EQ(given->source, ContextTau::Source::Given);
  EXPECT_FALSE(contextTau(siglip, 0.0));
  EXPECT_FALSE(contextTau(siglip, NAN));
  EXPECT_FALSE(contextTau(test::evaluator(test::Kind::Llip), 0.5));
}

TEST(Context, ImageVectorIsTheRawEmbedding) {
  const Evaluator siglip = test::evaluator(test::Kind::Siglip);
  const auto one = test::picture(1);
  const auto expected = nn::encodeImages(siglip.checkpoint.model, toPixels(one, siglip.preprocess).unsqueeze(0))[0];
  const auto vector = imageVector(siglip, one);
  ASSERT_EQ(vector.size(), 16u);
  for (std::size_t i = 0; i < vector.size(); ++i) {
    EXPECT_EQ(vector[i], expected[std::int64_t(i)].item<float>());
  }
  const ContextSet set = contextSet({.vectors = expected.unsqueeze(0), .hashes = {4}});
  EXPECT_EQ(set.width, 16u);
  EXPECT_EQ(set.values, vector);
}

}  // namespace
}  // namespace lix::study
