#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "kernels/simd.h"

namespace lix::test {
namespace {
using namespace kernels;

template <class T>
class Simd : public testing::Test {};
using Types = testing::Types<float, double>;
TYPED_TEST_SUITE(Simd, Types);

template <class T>
std::vector<T> arguments() {
  const double limit = sizeof(T) == 4 ? 105 : 750;
  std::vector<T> values;
  for (int i = 0; i <= 40000; ++i) values.push_back(T(limit * (i - 20000) / 20000));
  for (int i = 0; i < 1000; ++i) values.push_back(T(1e-6 * i * i));
  return values;
}

TYPED_TEST(Simd, ExpToTheLastBits) {
  using T = TypeParam;
  using Limits = std::numeric_limits<T>;
  for (const T x : arguments<T>()) {
    const long double exact = std::exp(static_cast<long double>(x));
    if (exact > Limits::max())
      EXPECT_EQ(fastExp(x), Limits::infinity()) << x;
    else if (exact < Limits::min())
      EXPECT_NEAR(double(fastExp(x)), double(exact), 1.1 * double(Limits::denorm_min())) << x;
    else
      EXPECT_LT(std::abs(fastExp(x) / exact - 1), 0.85 * Limits::epsilon()) << x;
  }
  EXPECT_EQ(fastExp(T(0)), T(1));
  EXPECT_EQ(fastExp(-Limits::infinity()), T(0));
  EXPECT_EQ(fastExp(Limits::infinity()), Limits::infinity());
  EXPECT_TRUE(std::isnan(fastExp(Limits::quiet_NaN())));
}

TYPED_TEST(Simd, SigmoidPairToTheLastBits) {
  using T = TypeParam;
  using Limits = std::numeric_limits<T>;
  for (const T u : arguments<T>()) {
    const long double e = std::exp(-std::abs(static_cast<long double>(u)));
    const long double loss = std::log1p(e) + (u < 0 ? -static_cast<long double>(u) : 0.0L);
    const long double slope = -(u < 0 ? 1.0L : e) / (1 + e);
    const SigmoidPair<T> pair = sigmoidPair(u);
    if (loss > Limits::min()) {
      EXPECT_LT(std::abs(pair.loss / loss - 1), 4 * Limits::epsilon()) << u;
    }
    if (-slope > Limits::min()) {
      EXPECT_LT(std::abs(pair.slope / slope - 1), 4 * Limits::epsilon()) << u;
    }
  }
  EXPECT_TRUE(std::isnan(sigmoidPair(Limits::quiet_NaN()).loss));
  EXPECT_TRUE(std::isnan(sigmoidPair(Limits::quiet_NaN()).slope));
}

}  // namespace
}  // namespace lix::test
