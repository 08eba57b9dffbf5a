// Spectra against values by hand, by NumPy, and against what must not change them.
#include "study/probes/spectrum.h"

#include <limits>

#include "probe_support.h"

namespace lix::study::test {
namespace {

Result<Spectrum> spectrumOf(const Rows& rows, std::size_t block = 1 << 20) {
  Covariance covariance(rows.columns);
  for (std::size_t begin = 0; begin < rows.rows; begin += block) {
    const std::size_t count = std::min(block, rows.rows - begin);
    LIX_CHECK(covariance.add(
        {std::span(rows.values).subspan(begin * rows.columns, count * rows.columns), count, rows.columns}));
  }
  return covariance.spectrum();
}

TEST(EffectiveRank, IsTheNumberOfEqualValuesAndOneOfOne) {
  EXPECT_NEAR(effectiveRank(std::vector<double>(7, 0.3)), 7.0, 1e-12);
  EXPECT_NEAR(effectiveRank(std::vector<double>{2.0, 2.0, 0.0, 0.0}), 2.0, 1e-12);
  EXPECT_NEAR(effectiveRank(std::vector<double>{5.0}), 1.0, 1e-12);
  // H(3/4, 1/4) = ln 4 - 3/4 ln 3.
  EXPECT_NEAR(effectiveRank(std::vector<double>{3.0, 1.0}), 4.0 / std::pow(3.0, 0.75), 1e-12);
  EXPECT_EQ(effectiveRank(std::vector<double>{0.0, 0.0}), 0.0);
}

TEST(Spectrum, OfTwoDimensionsByHand) {
  // Mean (1, 1); the covariance is [[2, 0], [0, 1/2]].
  const auto axes = spectrumOf(rowsOf({{3, 1}, {-1, 1}, {1, 2}, {1, 0}}));
  LIX_ASSERT_OK(axes);
  expectNear(axes->values, {2.0, 0.5}, 1e-12);
  EXPECT_NEAR(axes->effectiveRank, effectiveRank(std::vector<double>{0.8, 0.2}), 1e-12);
  // [[1, 1], [1, 1]] has the values 2 and 0.
  const auto line = spectrumOf(rowsOf({{1, 1}, {-1, -1}}));
  LIX_ASSERT_OK(line);
  expectNear(line->values, {2.0, 0.0}, 1e-12);
  EXPECT_NEAR(line->effectiveRank, 1.0, 1e-9);
}

TEST(Spectrum, IdentityHasAllItsDimensions) {
  Rows rows{{}, 16, 8};
  for (std::size_t d = 0; d < 8; ++d) {
    for (const float sign : {1.f, -1.f}) {
      for (std::size_t c = 0; c < 8; ++c) {
        rows.values.push_back(c == d ? 2.f * sign : 0.f);
      }
    }
  }
  const auto found = spectrumOf(rows);
  LIX_ASSERT_OK(found);
  expectNear(found->values, std::vector<double>(8, 0.5), 1e-12);
  EXPECT_NEAR(found->effectiveRank, 8.0, 1e-9);
}

TEST(Spectrum, IsNumPysWhateverTheBlocks) {
  const Rows raw = referenceRows("raw");  // far from the origin, over six orders of magnitude
  const auto wanted = reference()["spectrum"]["singular_values"].get<std::vector<double>>();
  for (const std::size_t block : {1u, 5u, 24u}) {
    const auto found = spectrumOf(raw, block);
    LIX_ASSERT_OK(found);
    ASSERT_EQ(found->values.size(), wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      EXPECT_NEAR(found->values[i], wanted[i], 1e-12 * wanted[0] + 1e-9 * wanted[i]) << i;
    }
    EXPECT_NEAR(found->effectiveRank, reference()["spectrum"]["effective_rank"].get<double>(), 1e-9);
  }
}

TEST(Spectrum, IsTheSameOfWideRowsInOtherOrderTurnedAndMoved) {
  Rows rows = drawn(2500, 130, 3);  // more rows than a block, more columns than a strip
  for (std::size_t i = 0; i < rows.values.size(); ++i) {
    rows.values[i] *= float(1 + i % rows.columns) / 130.f;
  }
  const auto plain = spectrumOf(rows);
  LIX_ASSERT_OK(plain);
  EXPECT_TRUE(std::ranges::is_sorted(plain->values, std::greater()));
  Rows moved = rows;
  for (float& value : moved.values) {
    value += 4.f;
  }
  for (const Rows& other : {backwards(rows), turned(rows, 3, 120, 0.7), moved}) {
    const auto found = spectrumOf(other, 700);
    LIX_ASSERT_OK(found);
    EXPECT_NEAR(found->effectiveRank, plain->effectiveRank, 1e-4);
    expectNear(found->values, plain->values, 1e-5);
  }
}

TEST(Covariance, IsSymmetricAndCountsRows) {
  Covariance covariance(3);
  LIX_ASSERT_OK(covariance.add(rowsOf({{1, 2, 0}, {3, 2, 0}}).view()));
  LIX_ASSERT_OK(covariance.add(rowsOf({{2, 5, 6}}).view()));
  EXPECT_EQ(covariance.rows(), 3u);
  // Mean (2, 3, 2).
  expectNear(covariance.matrix(), {2.0 / 3, 0, 0, 0, 2, 4, 0, 4, 8}, 1e-12);
}

TEST(Spectrum, RefusesWhatHasNone) {
  expectRefused(spectrumOf(rowsOf({{1, 2}})), "at least two");
  expectRefused(spectrumOf(rowsOf({{0.1f, 2}, {0.1f, 2}, {0.1f, 2}})), "collapsed");
  Covariance covariance(2);
  expectRefused(covariance.add(rowsOf({{1, 2, 3}}).view()), "3 wide");
  expectRefused(covariance.add(rowsOf({{1, std::numeric_limits<float>::quiet_NaN()}}).view()), "not a finite number");
  expectRefused(covariance.add(rowsOf({{1, std::numeric_limits<float>::infinity()}}).view()), "row 1");
  EXPECT_EQ(covariance.rows(), 0u) << "nothing of what was refused is in it";
}

}  // namespace
}  // namespace lix::study::test
