#include <ATen/Parallel.h>
#include <ATen/ops/flip.h>
#include <ATen/ops/tensor.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "mixture_reference.h"
#include "nn/ops/mixture_sweep.h"

namespace lix::test {
namespace {
using namespace nn;

constexpr std::array kNames{"keys", "values", "query", "texts", "outProj", "scale", "bias"};
constexpr std::array kForms{MixtureForm::Gram, MixtureForm::Context, MixtureForm::Auto};

/// Largest difference over the largest value.
double relative(const at::Tensor& a, const at::Tensor& b) {
  const at::Tensor x = a.detach().to(at::kDouble), y = b.detach().to(at::kDouble);
  return (x - y).abs().max().item<double>() / std::max(y.abs().max().item<double>(), 1e-30);
}

std::vector<at::Tensor> parts(const MixtureSweep& sweep) {
  return {sweep.keys, sweep.values, sweep.query, sweep.texts, sweep.outProj, sweep.scale, sweep.bias};
}

void expectEqual(const std::vector<at::Tensor>& ours, const std::vector<at::Tensor>& reference, double tolerance) {
  for (std::size_t i = 0; i < reference.size(); ++i) {
    ASSERT_EQ(ours[i].sizes(), reference[i].sizes()) << kNames[i];
    EXPECT_LT(relative(ours[i], reference[i]), tolerance) << kNames[i];
  }
}

class Threads {
 public:
  explicit Threads(int count) : before_(at::get_num_threads()) { at::set_num_threads(count); }
  ~Threads() { at::set_num_threads(before_); }

 private:
  int before_;
};

/// Loss and gradients of every form against autograd through the composed form.
void compare(const MixtureSizes& sizes, at::ScalarType type, double tolerance) {
  SCOPED_TRACE(testing::Message() << sizes.images << " pairs, " << sizes.heads << " heads, " << sizes.tokens
                                  << " tokens, head width " << sizes.headWidth);
  const MixtureCase drawn = mixtureCase(sizes, 5).to(type);
  MixtureCase exact = drawn.to(at::kDouble);
  exact.requireGradients();
  const at::Tensor expected = composedLoss(exact.batch, exact.scale, exact.bias);
  const auto reference = exact.gradientsOf(expected);
  for (const MixtureForm form : kForms) {
    SCOPED_TRACE(testing::Message() << "form " << int(form));
    MixtureCase ours = drawn;
    ours.requireGradients();
    const at::Tensor loss = mixtureSigmoidLoss(ours.batch, ours.scale, ours.bias, form);
    EXPECT_LT(relative(loss, expected), tolerance);
    expectEqual(ours.gradientsOf(loss), reference, tolerance);
  }
}

constexpr std::array<MixtureSizes, 8> kSizes{{{7, 7, 2, 3, 4},
                                              {1, 1, 2, 3, 4},
                                              {2, 2, 1, 5, 3},
                                              {6, 6, 3, 1, 5},
                                              {5, 5, 2, 64, 8},
                                              {9, 9, 1, 1, 6},
                                              {33, 33, 8, 16, 8},
                                              {70, 70, 4, 7, 40}}};

TEST(MixtureLoss, EqualsAutogradThroughEveryMixtureInDouble) {
  for (const MixtureSizes& sizes : kSizes) compare(sizes, at::kDouble, 1e-12);
}

TEST(MixtureLoss, EqualsItInSingle) {
  for (const MixtureSizes& sizes : kSizes) compare(sizes, at::kFloat, 1e-5);
}

// More captions than one tile is wide (512, and 64 where tiles are tall): several tiles, the last one odd.
TEST(MixtureLoss, ManyTilesOfCaptions) {
  compare({530, 530, 2, 3, 4}, at::kDouble, 1e-12);
  compare({70, 70, 2, 600, 4}, at::kDouble, 1e-12);
}

TEST(MixtureLoss, Bfloat16OperandsAccumulateInSingle) {
  const MixtureCase drawn = mixtureCase({40, 40, 4, 8, 16}, 6);
  MixtureCase exact = drawn, half = drawn.to(at::kBFloat16);
  exact.requireGradients();
  const at::Tensor expected = composedLoss(exact.batch, exact.scale, exact.bias);
  const auto reference = exact.gradientsOf(expected);
  half.requireGradients();
  const at::Tensor loss = mixtureSigmoidLoss(half.batch, half.scale, half.bias);
  EXPECT_EQ(loss.scalar_type(), at::kFloat);
  EXPECT_LT(relative(loss, expected), 2e-3);
  const auto gradients = half.gradientsOf(loss);
  for (std::size_t i = 0; i < gradients.size(); ++i) EXPECT_EQ(gradients[i].scalar_type(), at::kBFloat16) << kNames[i];
  expectEqual(gradients, reference, 3e-2);

  // From the rounded operands on, everything is as exact as fp32; only the last step, into bf16, rounds.
  MixtureCase rounded = half.to(at::kDouble);
  rounded.requireGradients();
  const at::Tensor roundedLoss = composedLoss(rounded.batch, rounded.scale, rounded.bias);
  EXPECT_LT(relative(loss, roundedLoss), 1e-5);
  expectEqual(gradients, rounded.gradientsOf(roundedLoss), 4.1e-3);
}

// One head, two tokens of width one: a = softmax(k q / tau) = (3/4, 1/4), mixed 3/4 * 2 + 1/4 * 6 = 3: cosine 1.
TEST(MixtureLoss, ByHand) {
  MixtureCase one = mixtureCase({1, 1, 1, 2, 1}, 1, 2.0);
  one.batch.keys = at::tensor({2 * std::log(3.0), 0.0}, at::kDouble).view({1, 1, 2, 1});
  one.batch.values = at::tensor({2.0, 6.0}, at::kDouble).view({1, 1, 2, 1});
  one.batch.query.fill_(1);
  one.batch.texts.fill_(1);
  one.batch.outProj.fill_(0.5);
  one.scale.fill_(2);
  one.bias.fill_(-1);
  one.requireGradients();
  for (const MixtureForm form : kForms) {
    EXPECT_NEAR(mixtureCosines(one.batch, form).item<double>(), 1.0, 1e-15);
    const at::Tensor loss = mixtureSigmoidLoss(one.batch, one.scale, one.bias, form);
    EXPECT_NEAR(loss.item<double>(), std::log1p(std::exp(-1.0)), 1e-15);
    one.requireGradients();
    const auto gradients = one.gradientsOf(mixtureSigmoidLoss(one.batch, one.scale, one.bias, form));
    const double slope = -1 / (1 + std::exp(1.0));
    EXPECT_NEAR(gradients[5].item<double>(), slope, 1e-15);
    EXPECT_NEAR(gradients[6].item<double>(), slope, 1e-15);
    EXPECT_NEAR(gradients[1].abs().max().item<double>(), 0.0, 1e-15) << "a cosine in one dimension does not move";
  }
  // Two channels: z = (3, 4), captions (0, 1): cosine 4/5, and (1, 0): 3/5.
  MixtureCase two = mixtureCase({2, 2, 1, 1, 2}, 1);
  two.batch.values = at::tensor({3.0, 4.0, 3.0, 4.0}, at::kDouble).view({2, 1, 1, 2});
  two.batch.outProj = at::tensor({1.0, 0.0, 0.0, 1.0}, at::kDouble).view({2, 2});
  two.batch.texts = at::tensor({0.0, 1.0, 1.0, 0.0}, at::kDouble).view({2, 2});
  const double s4 = 0.8 * 10 - 3, s3 = 0.6 * 10 - 3;  // logits of own and other caption by image
  const double byHand = (std::log1p(std::exp(-s4)) + std::log1p(std::exp(s3)) + std::log1p(std::exp(s4)) +
                         std::log1p(std::exp(-s3))) / 2;
  for (const MixtureForm form : kForms)
    EXPECT_NEAR(mixtureSigmoidLoss(two.batch, two.scale, two.bias, form).item<double>(), byHand, 1e-14);
}

TEST(MixtureLoss, GradientsAreThoseOfFiniteDifferences) {
  for (const MixtureForm form : {MixtureForm::Gram, MixtureForm::Context}) {
    MixtureCase drawn = mixtureCase({4, 4, 2, 3, 3}, 8);
    MixtureCase tracked = drawn;
    tracked.requireGradients();
    const auto gradients = tracked.gradientsOf(mixtureSigmoidLoss(tracked.batch, tracked.scale, tracked.bias, form));
    const auto inputs = drawn.all();
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      double* const values = inputs[i]->data_ptr<double>();
      const at::Tensor gradient = gradients[i].contiguous();
      for (std::int64_t at = 0; at < inputs[i]->numel(); at += 5) {
        const double before = values[at], step = 1e-5;
        values[at] = before + step;
        const double above = mixtureSigmoidLoss(drawn.batch, drawn.scale, drawn.bias, form).item<double>();
        values[at] = before - step;
        const double below = mixtureSigmoidLoss(drawn.batch, drawn.scale, drawn.bias, form).item<double>();
        values[at] = before;
        EXPECT_NEAR(gradient.data_ptr<double>()[at], (above - below) / (2 * step), 2e-8) << kNames[i] << ' ' << at;
      }
    }
  }
}

TEST(MixtureLoss, OperatorsGiveTheSameInBlocksOfAnySize) {
  for (const at::ScalarType type : {at::kDouble, at::kFloat}) {
    const MixtureCase c = mixtureCase({11, 11, 3, 4, 5}, 9).to(type);
    const double tolerance = type == at::kDouble ? 1e-12 : 1e-5;
    for (const MixtureForm form : {MixtureForm::Gram, MixtureForm::Context}) {
      const MixtureSweep kernels = sweepMixture(c.batch, c.scale, c.bias, form, SweepDepth::Gradients);
      for (const std::int64_t block : {0, 1, 4, 11}) {
        const MixtureSweep operators =
            sweepMixtureByOperators(c.batch, c.scale, c.bias, form, SweepDepth::Gradients, block);
        EXPECT_LT(relative(operators.loss, kernels.loss), tolerance);
        expectEqual(parts(operators), parts(kernels), tolerance);
        EXPECT_LT(relative(mixtureCosinesByOperators(c.batch, form, block), mixtureCosines(c.batch, form)), tolerance);
      }
    }
  }
}

TEST(MixtureLoss, ThreadsChangeOnlyTheOrderOfSums) {
  const MixtureCase c = mixtureCase({37, 37, 4, 6, 8}, 10);
  for (const MixtureForm form : {MixtureForm::Gram, MixtureForm::Context}) {
    const auto with = [&](int threads) {
      const Threads set(threads);
      return sweepMixture(c.batch, c.scale, c.bias, form, SweepDepth::Gradients);
    };
    const MixtureSweep one = with(1), two = with(2), three = with(3), again = with(2);
    EXPECT_LT(relative(two.loss, one.loss), 1e-14);
    expectEqual(parts(two), parts(one), 1e-13);
    expectEqual(parts(three), parts(one), 1e-13);
    EXPECT_TRUE(again.loss.equal(two.loss));
    for (std::size_t i = 0; i < kNames.size(); ++i) EXPECT_TRUE(parts(again)[i].equal(parts(two)[i])) << kNames[i];
  }
}

TEST(MixtureLoss, Invariances) {
  const MixtureCase c = mixtureCase({8, 8, 2, 5, 4}, 11);
  const auto lossOf = [&](const MixtureBatch& batch, MixtureForm form) {
    return mixtureSigmoidLoss(batch, c.scale, c.bias, form).item<double>();
  };
  for (const MixtureForm form : {MixtureForm::Gram, MixtureForm::Context}) {
    const double loss = lossOf(c.batch, form);
    MixtureBatch scaled = c.batch;
    scaled.values = scaled.values * 7;
    scaled.outProj = scaled.outProj * 0.3;
    EXPECT_NEAR(lossOf(scaled, form), loss, 1e-13 * loss);
    MixtureBatch tokens = c.batch;
    tokens.keys = at::flip(tokens.keys, {2});
    tokens.values = at::flip(tokens.values, {2});
    EXPECT_NEAR(lossOf(tokens, form), loss, 1e-13 * loss);
    MixtureBatch pairs = c.batch;
    for (at::Tensor* tensor : {&pairs.keys, &pairs.values, &pairs.query, &pairs.texts})
      *tensor = at::flip(*tensor, {0});
    EXPECT_NEAR(lossOf(pairs, form), loss, 1e-13 * loss);
    pairs.query = c.batch.query;
    EXPECT_GT(std::abs(lossOf(pairs, form) - loss), 1e-3 * loss) << "queries of others are another batch";
  }
}

TEST(MixtureLoss, NotANumberComesOut) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const at::ScalarType type : {at::kDouble, at::kFloat})
    for (const MixtureForm form : {MixtureForm::Gram, MixtureForm::Context})
      for (std::size_t input = 0; input < kNames.size(); ++input) {
        MixtureCase c = mixtureCase({5, 5, 2, 3, 4}, 12).to(type);
        c.all()[input]->view({-1}).narrow(0, 0, 1).fill_(nan);
        EXPECT_TRUE(std::isnan(mixtureSigmoidLoss(c.batch, c.scale, c.bias, form).item<double>())) << kNames[input];
      }
}

TEST(MixtureLoss, LargeLogitsStayExact) {
  for (const double bias : {-100.0, 100.0}) {
    MixtureCase c = mixtureCase({12, 12, 2, 4, 8}, 13);
    c.scale.fill_(100);
    c.bias.fill_(bias);
    c.requireGradients();
    const at::Tensor expected = composedLoss(c.batch, c.scale, c.bias);
    const auto reference = c.gradientsOf(expected);
    for (const MixtureForm form : {MixtureForm::Gram, MixtureForm::Context}) {
      c.requireGradients();
      const at::Tensor loss = mixtureSigmoidLoss(c.batch, c.scale, c.bias, form);
      EXPECT_LT(relative(loss, expected), 1e-12);
      expectEqual(c.gradientsOf(loss), reference, 1e-11);
      MixtureCase single = c.to(at::kFloat);
      EXPECT_LT(relative(mixtureSigmoidLoss(single.batch, single.scale, single.bias, form), expected), 1e-4);
    }
  }
}

// tau near zero: one token takes all; what is left of its gradient is rounding in every form.
TEST(MixtureLoss, LargeScoresPickOneToken) {
  MixtureCase c = mixtureCase({12, 12, 2, 4, 8}, 13, 1e-4);
  c.requireGradients();
  const at::Tensor expected = composedLoss(c.batch, c.scale, c.bias);
  for (const MixtureForm form : {MixtureForm::Gram, MixtureForm::Context}) {
    c.requireGradients();
    const at::Tensor loss = mixtureSigmoidLoss(c.batch, c.scale, c.bias, form);
    EXPECT_LT(relative(loss, expected), 1e-12);
    for (const at::Tensor& gradient : c.gradientsOf(loss)) EXPECT_TRUE(gradient.isfinite().all().item<bool>());
  }
}

TEST(MixtureLoss, ImageWithoutValuesHasCosineZeroAndFiniteGradients) {
  for (const MixtureForm form : {MixtureForm::Gram, MixtureForm::Context}) {
    MixtureCase c = mixtureCase({3, 3, 2, 3, 4}, 14);
    c.batch.values.select(0, 1).zero_();
    c.requireGradients();
    EXPECT_EQ(mixtureCosines(c.batch, form).select(0, 1).abs().max().item<double>(), 0.0);
    for (const at::Tensor& gradient : c.gradientsOf(mixtureSigmoidLoss(c.batch, c.scale, c.bias, form)))
      EXPECT_TRUE(gradient.isfinite().all().item<bool>());
  }
}

TEST(MixtureLoss, ViewsAndMultiplesOfTheLoss) {
  MixtureCase c = mixtureCase({6, 6, 2, 3, 4}, 15);
  c.requireGradients();
  const auto reference = c.gradientsOf(composedLoss(c.batch, c.scale, c.bias) * 3);
  // Keys and values as an encoder hands them on: tokens before heads.
  MixtureCase viewed = c;
  viewed.requireGradients();
  MixtureBatch batch = viewed.batch;
  batch.keys = batch.keys.transpose(1, 2).contiguous().transpose(1, 2);
  batch.values = batch.values.transpose(1, 2).contiguous().transpose(1, 2);
  expectEqual(viewed.gradientsOf(mixtureSigmoidLoss(batch, viewed.scale, viewed.bias) * 3), reference, 1e-12);
}

TEST(MixtureLoss, OnlyWhatIsAskedFor) {
  MixtureCase c = mixtureCase({6, 6, 2, 3, 4}, 16);
  EXPECT_FALSE(mixtureSigmoidLoss(c.batch, c.scale, c.bias).requires_grad());
  c.batch.query.set_requires_grad(true);
  const at::Tensor loss = mixtureSigmoidLoss(c.batch, c.scale, c.bias);
  loss.backward();
  EXPECT_TRUE(c.batch.query.grad().defined());
  EXPECT_FALSE(c.batch.keys.grad().defined());
  const MixtureSweep alone = sweepMixture(c.batch, c.scale, c.bias, MixtureForm::Auto, SweepDepth::LossOnly);
  EXPECT_FALSE(alone.keys.defined());
  EXPECT_TRUE(alone.loss.equal(loss.detach()));
}

TEST(MixtureLoss, SecondDerivativeIsRefused) {
  MixtureCase c = mixtureCase({3, 3, 2, 3, 4}, 17);
  c.requireGradients();
  const at::Tensor loss = mixtureSigmoidLoss(c.batch, c.scale, c.bias);
  try {
    loss.backward({}, true, true);
    FAIL() << "a second derivative was promised";
  } catch (const c10::Error& error) {
    EXPECT_NE(std::string(error.what()).find("no second derivative"), std::string::npos) << error.what();
  }
}

TEST(MixtureCosines, AnyNumberOfCaptions) {
  constexpr std::array<MixtureSizes, 4> kUneven{{{5, 9, 2, 3, 4}, {9, 2, 2, 3, 4}, {3, 1100, 2, 3, 4}, {1, 4, 1, 1, 2}}};
  for (const MixtureSizes& sizes : kUneven) {
    const MixtureCase c = mixtureCase(sizes, 18);
    const at::Tensor expected = composedCosines(c.batch);
    for (const MixtureForm form : kForms) {
      EXPECT_LT(relative(mixtureCosines(c.batch, form), expected), 1e-13);
      const MixtureCase single = c.to(at::kFloat);
      EXPECT_LT(relative(mixtureCosines(single.batch, form), expected), 2e-6);
    }
  }
}

TEST(MixtureForms, CheaperByShape) {
  EXPECT_EQ(cheaperForm(256, 256, 8, 16, 512), MixtureForm::Gram);
  EXPECT_EQ(cheaperForm(256, 256, 8, 64, 512), MixtureForm::Context);
  EXPECT_EQ(cheaperForm(64, 4, 8, 16, 512), MixtureForm::Context) << "an image's Gram matrix is made for four captions";
  EXPECT_EQ(cheaperForm(64, 100000, 8, 63, 512), MixtureForm::Gram);
}

TEST(MixtureDeath, ShapesAndTypesAreContracts) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  const MixtureCase c = mixtureCase({4, 4, 2, 3, 4}, 19);
  const auto with = [&](auto change) {
    MixtureCase changed = c;
    change(changed);
    mixtureSigmoidLoss(changed.batch, changed.scale, changed.bias);
  };
  EXPECT_DEATH(with([](MixtureCase& m) { m.batch.texts = m.batch.texts.narrow(0, 0, 3); }), "contract");
  EXPECT_DEATH(with([](MixtureCase& m) { m.batch.keys = m.batch.keys.narrow(0, 0, 3); }), "contract");
  EXPECT_DEATH(with([](MixtureCase& m) { m.batch.outProj = m.batch.outProj.narrow(1, 0, 7); }), "contract");
  EXPECT_DEATH(with([](MixtureCase& m) { m.batch.query = m.batch.query.to(at::kFloat); }), "contract");
  EXPECT_DEATH(with([](MixtureCase& m) { m.batch.tau = 0; }), "contract");
}

}  // namespace
}  // namespace lix::test
