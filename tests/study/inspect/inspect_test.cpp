#include "study/inspect/inspect.h"

#include <cmath>
#include <numeric>

#include "inspect_support.h"
#include "nn/image_heads.h"
#include "nn/model.h"
#include "nn/scorers/scorer.h"
#include "study/eval/zero_shot.h"
#include "study/inspect/rollout.h"

namespace lix::study {
namespace {

using test::Kind;
const std::vector<std::string> kCaptions{"a cat", "two dogs", "grass"};

double sum(std::span<const float> values) { return std::accumulate(values.begin(), values.end(), 0.0); }

class InspectEveryModel : public testing::TestWithParam<Kind> {};

TEST_P(InspectEveryModel, CosinesAreThoseOfTheEvaluation) {
  const Evaluator evaluator = test::evaluator(GetParam());
  const std::vector<imaging::Image> pictures{test::picture(1), test::picture(2)};
  const auto reading = inspect(evaluator, pictures, kCaptions);
  LIX_ASSERT_OK(reading);
  const auto texts = embedCaptions(evaluator, kCaptions);
  for (std::int64_t i = 0; i < 2; ++i) {
    const auto image = nn::encodeImages(evaluator.checkpoint.model,
                                        toPixels(pictures[std::size_t(i)], evaluator.preprocess).unsqueeze(0));
    const auto expected = cosines(evaluator, image, texts)[0];
    for (std::int64_t j = 0; j < 3; ++j) {
      EXPECT_NEAR(reading->scores.cosines[std::size_t(i * 3 + j)], expected[j].item<float>(), 2e-6);
    }
  }
}

TEST_P(InspectEveryModel, APictureAtTheTowersSizeGivesTheSameNumbers) {
  const Evaluator evaluator = test::evaluator(GetParam());
  const auto picture = test::picture(3, 41, 30);
  const auto small = asRead(evaluator, picture);
  EXPECT_EQ(small.width, evaluator.preprocess.size);
  EXPECT_EQ(small.height, evaluator.preprocess.size);
  const auto reading = inspect(evaluator, {picture}, kCaptions), again = inspect(evaluator, {small}, kCaptions);
  LIX_ASSERT_OK(reading);
  LIX_ASSERT_OK(again);
  EXPECT_EQ(again->scores.cosines, reading->scores.cosines);
  EXPECT_EQ(again->pictures[0].map.values, reading->pictures[0].map.values);
}

TEST_P(InspectEveryModel, MapsAreSharesOfTheGrid) {
  const auto reading = inspect(test::evaluator(GetParam()), {test::picture(1)}, kCaptions);
  LIX_ASSERT_OK(reading);
  const MapReading& map = reading->pictures[0].map;
  EXPECT_EQ(map.rows, 2u);
  EXPECT_EQ(map.columns, 2u);
  EXPECT_EQ(map.perCaption, GetParam() == Kind::Llip || GetParam() == Kind::LlipPatches);
  EXPECT_FALSE(map.explanation.empty());
  ASSERT_EQ(map.values.size(), (map.perCaption ? 3u : 1u) * 4u);
  for (std::size_t i = 0; i < map.values.size(); i += 4) {
    EXPECT_NEAR(sum(std::span(map.values).subspan(i, 4)), 1.0, 1e-6);
  }
}

INSTANTIATE_TEST_SUITE_P(Models, InspectEveryModel, testing::Values(Kind::Siglip, Kind::Clip, Kind::Llip, Kind::Registers, Kind::Average,
                                         Kind::LearnedAverage, Kind::LearnedPatches, Kind::LlipPatches));

TEST(Inspect, LogitsFollowScaleAndBiasAndTheSigmoid) {
  const auto reading = inspect(test::evaluator(Kind::Siglip), {test::picture(1)}, kCaptions);
  LIX_ASSERT_OK(reading);
  const ScoreTable& scores = reading->scores;
  ASSERT_EQ(scores.probabilities.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    const double logit = 8.0 * scores.cosines[i] - 3.0;
    EXPECT_NEAR(scores.logits[i], logit, 1e-5);
    EXPECT_NEAR(scores.probabilities[i], 1.0 / (1.0 + std::exp(-logit)), 1e-6);
  }
}

TEST(Inspect, ASoftmaxModelHasNoProbabilityOfAPair) {
  const auto reading = inspect(test::evaluator(Kind::Clip), {test::picture(1)}, kCaptions);
  LIX_ASSERT_OK(reading);
  EXPECT_TRUE(reading->scores.probabilities.empty());
  EXPECT_FALSE(reading->pictures[0].mixture);
  EXPECT_NEAR(reading->scores.logits[0], 8.0 * reading->scores.cosines[0], 1e-5);
}

TEST(Inspect, MixtureWeightsAreTheScorersAndSumToOne) {
  const Evaluator llip = test::evaluator(Kind::Llip);
  const auto reading = inspect(llip, {test::picture(1)}, kCaptions);
  LIX_ASSERT_OK(reading);
  const MixtureReading& mixture = *reading->pictures[0].mixture;
  EXPECT_EQ(mixture.heads, 4u);
  EXPECT_EQ(mixture.tokens, 3u);
  EXPECT_EQ(mixture.tau, 2.0);
  const auto tokens = nn::encodeImages(llip.checkpoint.model, toPixels(test::picture(1), llip.preprocess).unsqueeze(0));
  const auto expected = nn::mixtureWeights(nn::projectTokens(llip.checkpoint.model, tokens).keys,
                                           embedCaptions(llip, kCaptions).query, 2.0);
  for (std::size_t c = 0; c < 3; ++c) {
    for (std::size_t m = 0; m < 4; ++m) {
      const auto row = std::span(mixture.weights).subspan((c * 4 + m) * 3, 3);
      EXPECT_NEAR(sum(row), 1.0, 1e-6);
      double entropy = 0.0;
      for (std::size_t k = 0; k < 3; ++k) {
        EXPECT_NEAR(row[k], expected[0][std::int64_t(m)][std::int64_t(k)][std::int64_t(c)].item<float>(), 1e-5);
        entropy -= double(row[k]) * std::log(row[k]);
      }
      EXPECT_NEAR(mixture.entropies[c * 4 + m], entropy, 1e-5);
    }
  }
  const auto difference = mixture.difference(0, 2);
  ASSERT_EQ(difference.size(), 12u);
  EXPECT_FLOAT_EQ(difference[5], mixture.weights[5] - mixture.weights[24 + 5]);
  EXPECT_NEAR(sum(difference), 0.0, 1e-5);
}

TEST(Inspect, TheCaptionsMapIsItsWeightsTimesTheRollout) {
  const Evaluator llip = test::evaluator(Kind::Llip);
  const auto reading = inspect(llip, {test::picture(1)}, kCaptions);
  LIX_ASSERT_OK(reading);
  std::vector<at::Tensor> attention;
  nn::encodeImages(llip.checkpoint.model, toPixels(test::picture(1), llip.preprocess).unsqueeze(0), &attention);
  const auto rollout = attentionRollout(attention)[0];
  const MixtureReading& mixture = *reading->pictures[0].mixture;
  std::vector<double> expected(4);
  for (std::size_t p = 0; p < 4; ++p) {
    for (std::size_t k = 0; k < 3; ++k) {
      for (std::size_t m = 0; m < 4; ++m) {  // caption 1
        expected[p] +=
            mixture.weights[(4 + m) * 3 + k] / 4 * rollout[std::int64_t(k)][std::int64_t(3 + p)].item<float>();
      }
    }
  }
  const double total = std::accumulate(expected.begin(), expected.end(), 0.0);
  for (std::size_t p = 0; p < 4; ++p) {
    EXPECT_NEAR(reading->pictures[0].map.values[4 + p], expected[p] / total, 1e-6);
  }
}

TEST(Inspect, MixedPatchesAreTheMapThemselves) {
  const auto reading = inspect(test::evaluator(Kind::LlipPatches), {test::picture(1)}, kCaptions);
  LIX_ASSERT_OK(reading);
  const MixtureReading& mixture = *reading->pictures[0].mixture;
  ASSERT_EQ(mixture.tokens, 3u + 4u);
  for (std::size_t c = 0; c < 3; ++c) {
    std::vector<double> expected(4);
    for (std::size_t p = 0; p < 4; ++p) {
      for (std::size_t m = 0; m < 4; ++m) {
        expected[p] += mixture.weights[(c * 4 + m) * 7 + 3 + p];
      }
    }
    const double total = std::accumulate(expected.begin(), expected.end(), 0.0);
    for (std::size_t p = 0; p < 4; ++p) {
      EXPECT_NEAR(reading->pictures[0].map.values[c * 4 + p], expected[p] / total, 1e-6);
    }
  }
}

TEST(Inspect, TheMapOfALearnedQueryIsItsWeightsTimesTheRollout) {
  const Evaluator learned = test::evaluator(Kind::LearnedAverage);
  const auto reading = inspect(learned, {test::picture(1)}, kCaptions);
  LIX_ASSERT_OK(reading);
  std::vector<at::Tensor> attention;
  const auto tokens = nn::encodeTokens(learned.checkpoint.model,
                                       toPixels(test::picture(1), learned.preprocess).unsqueeze(0), &attention);
  const auto rollout = attentionRollout(attention)[0];
  const auto weights = nn::learnedWeights(learned.checkpoint.model, tokens)[0];  // [M, K]
  std::vector<double> expected(4);
  for (std::int64_t p = 0; p < 4; ++p) {
    for (std::int64_t k = 0; k < 3; ++k) {
      for (std::int64_t m = 0; m < 4; ++m) {
        expected[std::size_t(p)] += weights[m][k].item<double>() * rollout[k][3 + p].item<double>();
      }
    }
  }
  const double total = std::accumulate(expected.begin(), expected.end(), 0.0);
  for (std::size_t p = 0; p < 4; ++p) {
    EXPECT_NEAR(reading->pictures[0].map.values[p], expected[p] / total, 1e-6);
  }
}

TEST(Inspect, AHigherTauFlattensTheMixtureAndIsSaid) {
  const Evaluator llip = test::evaluator(Kind::Llip);
  const auto own = inspect(llip, {test::picture(1)}, kCaptions);
  const auto flat = inspect(llip, {test::picture(1)}, kCaptions, {.tau = 1e6});
  LIX_ASSERT_OK(own);
  LIX_ASSERT_OK(flat);
  EXPECT_TRUE(own->notes.empty());
  ASSERT_EQ(flat->notes.size(), 1u);
  EXPECT_NE(flat->notes[0].find("trained at 2"), std::string::npos);
  EXPECT_EQ(flat->pictures[0].mixture->tau, 1e6);
  EXPECT_NEAR(flat->pictures[0].mixture->entropies[0], std::log(3.0), 1e-6);
  EXPECT_LT(own->pictures[0].mixture->entropies[0], std::log(3.0) - 1e-6);
}

TEST(Inspect, ACutCaptionIsSaid) {
  const auto reading = inspect(test::evaluator(Kind::Siglip), {test::picture(1)}, {"cat", std::string(100'000, 'x')});
  LIX_ASSERT_OK(reading);
  ASSERT_EQ(reading->notes.size(), 1u);
  EXPECT_NE(reading->notes[0].find("Caption 2"), std::string::npos);
}

TEST(Inspect, WhatCannotBeIsRefused) {
  const Evaluator siglip = test::evaluator(Kind::Siglip);
  const Evaluator llip = test::evaluator(Kind::Llip);
  EXPECT_FALSE(inspect(siglip, {}, kCaptions));
  EXPECT_FALSE(inspect(siglip, {test::picture(1)}, {}));
  EXPECT_NE(lix::test::messageOf(inspect(siglip, {test::picture(1)}, {"cat", " "})).find("Caption 2 is empty"),
            std::string::npos);
  EXPECT_NE(lix::test::messageOf(inspect(siglip, {test::picture(1)}, {"\xff\xfe"})).find("UTF-8"), std::string::npos);
  EXPECT_NE(lix::test::messageOf(inspect(siglip, {test::picture(1)}, kCaptions, {.tau = 1.0})).find("Only a Llip"),
            std::string::npos);
  EXPECT_FALSE(inspect(llip, {test::picture(1)}, kCaptions, {.tau = 0.0}));
  EXPECT_FALSE(inspect(llip, {test::picture(1)}, kCaptions, {.tau = -1.0}));
  EXPECT_FALSE(inspect(llip, {test::picture(1)}, kCaptions, {.tau = NAN}));
}

TEST(Inspect, ThePartReadIsTheMiddleOrTheWhole) {
  const auto wide = test::picture(1, 30, 20);
  const auto whole = partRead(test::evaluator(Kind::Siglip), wide);
  EXPECT_EQ(whole, wide);
  const auto middle = partRead(test::evaluator(Kind::Clip), wide);
  EXPECT_EQ(middle.width, 20);
  EXPECT_EQ(middle.height, 20);
  EXPECT_EQ(middle.pixels[0], wide.pixels[5 * 3]);
  Evaluator odd = test::evaluator(Kind::Siglip);
  odd.checkpoint.model.config.patch = 6;  // 16 px hold two patches of 6: 12 of 16 are read
  EXPECT_EQ(partRead(odd, wide).width, 23);
  EXPECT_EQ(partRead(odd, wide).height, 15);
}

}  // namespace
}  // namespace lix::study
