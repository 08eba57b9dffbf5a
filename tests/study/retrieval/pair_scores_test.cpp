// Scores of a model's pairs in tiles and lists: the cosines of the composed scorer, and the ranks that follow.
#include "study/eval/pair_scores.h"

#include <gtest/gtest.h>

#include <ATen/core/grad_mode.h>
#include <ATen/ops/matmul.h>

#include "inspect_support.h"
#include "nn/image_heads.h"
#include "nn/model.h"
#include "nn/ops/unit.h"
#include "nn/scorers/scorer.h"
#include "study/eval/cosines.h"

namespace lix::study {
namespace {
using test::Kind;

constexpr std::size_t kPictures = 5, kTexts = 11;

struct Made {
  Evaluator evaluator;
  at::Tensor images;
  nn::TextFeatures captions;
  at::Tensor expected;  ///< [5, 11], composed
};

Made made(Kind kind) {
  const at::NoGradGuard noGrad;
  Made m{.evaluator = test::evaluator(kind)};
  std::vector<imaging::Image> pictures;
  std::vector<const imaging::Image*> squares;
  for (std::size_t i = 0; i < kPictures; ++i) {
    pictures.push_back(fitted(test::picture(i), m.evaluator.preprocess));
  }
  for (const auto& picture : pictures) {
    squares.push_back(&picture);
  }
  std::vector<std::string> captions;
  for (std::size_t j = 0; j < kTexts; ++j) {
    captions.push_back(std::string(j % 4 + 1, char('a' + j)));
  }
  m.images = embedSquares(m.evaluator, squares).vectors;
  m.captions = embedCaptions(m.evaluator, captions);
  const nn::Model& model = m.evaluator.checkpoint.model;
  if (m.evaluator.isMixture()) {
    const nn::Encoded batch{.mixture = nn::projectTokens(model, m.images),
                            .text = m.captions,
                            .outProj = model.parameters.at("llip.out_proj"),
                            .tau = model.config.mixture->tau};
    m.expected = (*nn::findScorer("mixture"))->score({batch, {}}).cosines;
  } else {
    m.expected = at::matmul(nn::unit(m.images), nn::unit(m.captions.embeds).t());
  }
  return m;
}

class EveryModel : public testing::TestWithParam<Kind> {};

TEST_P(EveryModel, TilesAndListsAreTheComposedCosines) {
  const Made m = made(GetParam());
  PairScores pairs(m.evaluator, m.images, m.captions);
  EXPECT_EQ(pairs.images(), kPictures);
  EXPECT_EQ(pairs.captions(), kTexts);
  const TileScores exact = pairs.exact();
  for (const Tile& tile : {Tile{0, 5, 0, 11}, Tile{1, 3, 4, 2}, Tile{4, 1, 10, 1}, Tile{0, 2, 0, 11}}) {
    std::vector<float> scores(tile.images * tile.captions);
    exact(tile, scores);
    for (std::size_t i = 0; i < tile.images; ++i) {
      for (std::size_t j = 0; j < tile.captions; ++j) {
        EXPECT_NEAR(scores[i * tile.captions + j],
                    m.expected[std::int64_t(tile.firstImage + i)][std::int64_t(tile.firstCaption + j)].item<float>(),
                    1e-5);
      }
    }
  }
  const std::vector<std::vector<std::int64_t>> lists{{10, 0}, {}, {3}};
  std::vector<std::vector<float>> scores(3);
  pairs.listed()(2, lists, scores);
  EXPECT_NEAR(scores[0][0], m.expected[2][10].item<float>(), 1e-5);
  EXPECT_NEAR(scores[0][1], m.expected[2][0].item<float>(), 1e-5);
  EXPECT_TRUE(scores[1].empty());
  EXPECT_NEAR(scores[2][0], m.expected[4][3].item<float>(), 1e-5);
  EXPECT_LT((cosines(m.evaluator, m.images, m.captions) - m.expected).abs().max().item<float>(), 1e-5);
}

TEST_P(EveryModel, RanksDoNotDependOnTheTiles) {
  const Made m = made(GetParam());
  PairScores pairs(m.evaluator, m.images, m.captions);
  const auto groups = CaptionGroups::of(std::vector<std::size_t>{2, 3, 1, 4, 1});
  const Ranks whole = rankAll(*groups, pairs.exact()).value();
  for (const RankSettings& settings : {RankSettings{1, 1}, RankSettings{2, 4}, RankSettings{5, 3}}) {
    const Ranks ranks = rankAll(*groups, pairs.exact(), settings).value();
    EXPECT_EQ(ranks.images, whole.images);
    EXPECT_EQ(ranks.captions, whole.captions);
  }
  const Candidates all = shortlisted(kPictures, kTexts, pairs.cheap(), kTexts).value();
  const Ranks within = rankWithin(*groups, all, pairs.listed(), 1e-6F).value();
  EXPECT_EQ(within.images, whole.images) << "a shortlist of everything";
  EXPECT_EQ(within.captions, whole.captions);
}

INSTANTIATE_TEST_SUITE_P(Kinds, EveryModel, testing::Values(Kind::Siglip, Kind::Clip, Kind::Llip, Kind::LlipPatches));

TEST(PairScores, TheCheapScoreOfALlipIsThePooledOne) {
  const Made m = made(Kind::Llip);
  const at::NoGradGuard noGrad;
  PairScores pairs(m.evaluator, m.images, m.captions);
  std::vector<float> scores(kPictures * kTexts);
  pairs.cheap()({0, kPictures, 0, kTexts}, scores);
  const at::Tensor expected = at::matmul(nn::pooledEmbedding(m.evaluator.checkpoint.model, m.images),
                                         nn::unit(m.captions.embeds).t());
  EXPECT_NEAR(scores[2 * kTexts + 3], expected[2][3].item<float>(), 1e-6);
  EXPECT_GT((m.expected - expected).abs().max().item<float>(), 1e-5) << "and not the exact one";
}

}  // namespace
}  // namespace lix::study
