// Cosines of a Llip in blocks: ranges and lists of captions against the composed equations.
#include <gtest/gtest.h>

#include <ATen/Parallel.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/tensor.h>

#include "mixture_reference.h"
#include "nn/ops/mixture_scores.h"

namespace lix {
namespace {
using namespace nn;

double farthest(const at::Tensor& a, const at::Tensor& b) { return (a - b).abs().max().item<double>(); }

/// More captions than one tile has columns.
test::MixtureCase sixImages(at::ScalarType type) {
  test::MixtureCase c = test::mixtureCase({6, 700, 4, 5, 8}, 11).to(type);
  c.batch.texts = unit(c.batch.texts);
  return c;
}

MixtureCaptions captionsOf(const test::MixtureCase& c) {
  return mixtureCaptions(c.batch.query, c.batch.texts, c.batch.outProj, c.batch.tau);
}

TEST(MixtureScores, BothFormsAreTheComposedCosines) {
  for (const auto type : {at::kFloat, at::kDouble}) {
    const auto c = sixImages(type);
    const at::Tensor expected = test::composedCosines(c.batch);
    for (const auto form : {MixtureForm::Gram, MixtureForm::Context, MixtureForm::Auto}) {
      const at::Tensor found = mixtureScores({c.batch.keys, c.batch.values}, captionsOf(c), form);
      EXPECT_EQ(found.scalar_type(), type);
      EXPECT_LT(farthest(found, expected), type == at::kFloat ? 1e-5 : 1e-13);
    }
  }
}

TEST(MixtureScores, RangesAndBlocksOfImagesAreTheSameScores) {
  const auto c = sixImages(at::kFloat);
  const MixtureCaptions captions = captionsOf(c);
  const at::Tensor whole = mixtureScores({c.batch.keys, c.batch.values}, captions);
  for (const std::int64_t images : {1, 4}) {
    for (const std::int64_t width : {1, 33, 512}) {
      for (std::int64_t i = 0; i < 6; i += images) {
        const auto rows = std::min<std::int64_t>(images, 6 - i);
        const MixtureFeatures block{c.batch.keys.narrow(0, i, rows), c.batch.values.narrow(0, i, rows)};
        const at::Tensor part = mixtureScores(block, captions.range(100, width));
        EXPECT_LT(farthest(part, whole.narrow(0, i, rows).narrow(1, 100, width)), 1e-6);
      }
    }
  }
}

TEST(MixtureScores, ListsAreTheScoresOfTheirPairs) {
  const auto c = sixImages(at::kFloat);
  const MixtureCaptions captions = captionsOf(c);
  const at::Tensor whole = mixtureScores({c.batch.keys, c.batch.values}, captions);
  const std::vector<std::vector<std::int64_t>> lists{{699, 0, 5}, {}, {7}, {1, 1}, {}, {0, 1, 2, 3, 4, 5, 6}};
  std::vector<std::vector<float>> scores(lists.size());
  mixtureScoresOfLists({c.batch.keys, c.batch.values}, captions, lists, scores);
  for (std::size_t i = 0; i < lists.size(); ++i) {
    ASSERT_EQ(scores[i].size(), lists[i].size()) << i;
    for (std::size_t k = 0; k < lists[i].size(); ++k) {
      EXPECT_NEAR(scores[i][k], whole[std::int64_t(i)][lists[i][k]].item<float>(), 1e-6);
    }
  }
}

TEST(MixtureScores, CaptionsPermutedPermuteTheScores) {
  const auto c = sixImages(at::kFloat);
  const MixtureCaptions captions = captionsOf(c);
  const at::Tensor order = at::tensor(std::vector<std::int64_t>{5, 3, 690, 0}, at::kLong);
  const MixtureFeatures images{c.batch.keys, c.batch.values};
  EXPECT_LT(
      farthest(mixtureScores(images, captions.chosen(order)), mixtureScores(images, captions).index_select(1, order)),
      1e-6);
}

}  // namespace
}  // namespace lix
