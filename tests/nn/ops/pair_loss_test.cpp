#include "nn/ops/pair_loss.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/flip.h>
#include <ATen/ops/linalg_qr.h>

#include "nn/ops/pair_sweep.h"
#include "pair_support.h"

namespace lix::test {
namespace {
using namespace nn;

const Form kSigmoid = [](const Tensors& in) { return sigmoidPairLoss(in[0], in[1], in[2], in[3]); };
const Form kSoftmax = [](const Tensors& in) { return softmaxPairLoss(in[0], in[1], in[2]); };
const Form kComposedSigmoid = [](const Tensors& in) { return composedSigmoid(in[0], in[1], in[2], in[3]); };
const Form kComposedSoftmax = [](const Tensors& in) { return composedSoftmax(in[0], in[1], in[2]); };

/// Unit images, unit texts near them, a scale and, for the sigmoid, a bias.
Tensors pairs(std::int64_t n, std::int64_t width, double scale, double bias = -5.0) {
  const at::Tensor images = normals({n, width}, 1);
  return {unit(images), unit(images + normals({n, width}, 2)), scalar(scale), scalar(bias)};
}
Tensors withoutBias(Tensors inputs) {
  inputs.pop_back();
  return inputs;
}

double sigma(double x) { return 1.0 / (1.0 + std::exp(-x)); }

TEST(SigmoidPairLoss, ByHand) {
  // cosines [[0.6, 0.8], [1, 0]], scale 2, bias -1: logits [[0.2, 0.6], [1, -1]].
  const Tensors inputs{rowsOf({2, 2}, {0.6, 0.8, 1, 0}), rowsOf({2, 2}, {1, 0, 0, 1}), scalar(2), scalar(-1)};
  const auto found = valueAndGradients(kSigmoid, inputs);
  EXPECT_NEAR(found[0].item<double>(), -0.5 * std::log(sigma(0.2) * sigma(-0.6) * sigma(-1) * sigma(-1)), 1e-14);
  const double g00 = (sigma(0.2) - 1) / 2, g01 = sigma(0.6) / 2, g10 = sigma(1) / 2, g11 = (sigma(-1) - 1) / 2;
  EXPECT_LT(relative(found[1], rowsOf({2, 2}, {2 * g00, 2 * g01, 2 * g10, 2 * g11})), 1e-14);
  EXPECT_LT(
      relative(found[2], rowsOf({2, 2}, {2 * (0.6 * g00 + g10), 2 * 0.8 * g00, 2 * (0.6 * g01 + g11), 1.6 * g01})),
      1e-14);
  EXPECT_NEAR(found[3].item<double>(), 0.6 * g00 + 0.8 * g01 + g10, 1e-14);
  EXPECT_NEAR(found[4].item<double>(), g00 + g01 + g10 + g11, 1e-14);
}

TEST(SoftmaxPairLoss, ByHand) {
  // Logits [[ln 3, ln 2], [0, 0]]: rows 3/5 and 1/2, columns 3/4 and 1/3.
  const Tensors inputs{rowsOf({2, 2}, {std::log(3.0), std::log(2.0), 0, 0}), rowsOf({2, 2}, {1, 0, 0, 1}), scalar(1)};
  const auto found = valueAndGradients(kSoftmax, inputs);
  EXPECT_NEAR(found[0].item<double>(), -0.25 * std::log(0.6 * 0.5 * 0.75 / 3.0), 1e-14);
  const double g00 = (0.6 + 0.75 - 2) / 4, g01 = (0.4 + 2.0 / 3) / 4, g10 = (0.5 + 0.25) / 4,
               g11 = (0.5 + 1.0 / 3 - 2) / 4;
  EXPECT_LT(relative(found[1], rowsOf({2, 2}, {g00, g01, g10, g11})), 1e-14);
  EXPECT_NEAR(found[3].item<double>(), std::log(3.0) * g00 + std::log(2.0) * g01, 1e-14);
}

TEST(PairLosses, OnePairAndKnownEnds) {
  const Tensors one{rowsOf({1, 1}, {1}), rowsOf({1, 1}, {1}), scalar(3), scalar(-3)};
  EXPECT_NEAR(kSigmoid(one).item<double>(), std::log(2.0), 1e-15);
  EXPECT_EQ(kSoftmax(withoutBias(one)).item<double>(), 0.0);
  // Nothing known: ln N.
  const at::Tensor same = unit(at::tensor({1.0, 2.0, 2.0}, at::kDouble).expand({70, 3}));
  EXPECT_NEAR(softmaxPairLoss(same, same, scalar(30)).item<double>(), std::log(70.0), 1e-12);
}

TEST(PairLosses, SlopesAreThoseOfTheValue) {
  expectSlopes(kSigmoid, pairs(9, 6, 7, -3), 1e-6, 1e-8);
  expectSlopes(kSoftmax, withoutBias(pairs(9, 6, 7)), 1e-6, 1e-8);
}

/// Sizes around the edge of a tile (at least 64) and beyond, one thread and two.
TEST(PairLosses, EqualTheComposedForm) {
  for (const int threads : {1, 2}) {
    const Threads scope(threads);
    for (const std::int64_t n : {1, 2, 3, 5, 63, 64, 65, 199, 301}) {
      const auto what = "N = " + std::to_string(n) + ", threads " + std::to_string(threads);
      const Tensors inputs = pairs(n, 17, 12, -6);
      expectSame(valueAndGradients(kSigmoid, inputs), valueAndGradients(kComposedSigmoid, inputs), 1e-12, what);
      expectSame(valueAndGradients(kSigmoid, inputs, at::kFloat), valueAndGradients(kComposedSigmoid, inputs), 1e-5,
                 what);
      if (n > 1) {
        const Tensors plain = withoutBias(pairs(n, 17, n > 5 ? 12 : 2));
        expectSame(valueAndGradients(kSoftmax, plain), valueAndGradients(kComposedSoftmax, plain), 1e-12, what);
        expectSame(valueAndGradients(kSoftmax, plain, at::kFloat), valueAndGradients(kComposedSoftmax, plain), 1e-5,
                   what);
      }
    }
  }
}

/// What bfloat16 holds is taken exactly; products and sums are in single.
TEST(PairLosses, HalfPrecisionOperandsLoseOnlyTheirOwnRounding) {
  Tensors rounded = pairs(130, 32, 10, -5);
  for (std::size_t i = 0; i < 2; ++i) {
    rounded[i] = rounded[i].to(at::kBFloat16).to(at::kDouble);
  }
  const auto exact = valueAndGradients(kComposedSigmoid, rounded);
  Tensors inputs = leaves(rounded);
  inputs[0] = inputs[0].detach().to(at::kBFloat16).requires_grad_(true);
  inputs[1] = inputs[1].detach().to(at::kBFloat16).requires_grad_(true);
  const at::Tensor loss = kSigmoid(inputs);
  loss.backward();
  EXPECT_EQ(loss.scalar_type(), at::kFloat);
  EXPECT_EQ(inputs[0].grad().scalar_type(), at::kBFloat16);
  EXPECT_LT(relative(loss, exact[0]), 1e-6);
  EXPECT_LT(relative(inputs[0].grad(), exact[1]), 4e-3);
  EXPECT_LT(relative(inputs[2].grad(), exact[3]), 1e-5);
}

TEST(PairLosses, ExtremeScalesAndBiasesStayExact) {
  for (const auto& [scale, bias] :
       {std::pair{0.0, 0.0}, {1e-3, 80.0}, {200.0, -100.0}, {-40.0, 300.0}, {1000.0, 0.0}}) {
    const Tensors inputs = pairs(70, 8, scale, bias);
    const auto what = "scale " + std::to_string(scale);
    expectSame(valueAndGradients(kSigmoid, inputs), valueAndGradients(kComposedSigmoid, inputs), 1e-12, what);
    if (scale != 0.0) {
      expectSame(valueAndGradients(kSoftmax, withoutBias(inputs)),
                 valueAndGradients(kComposedSoftmax, withoutBias(inputs)), 1e-11, what);
    }
    for (const auto& part : valueAndGradients(kSigmoid, inputs, at::kFloat)) {
      EXPECT_TRUE(part.isfinite().all().item<bool>()) << what;
    }
    for (const auto& part : valueAndGradients(kSoftmax, withoutBias(inputs), at::kFloat)) {
      EXPECT_TRUE(part.isfinite().all().item<bool>()) << what;
    }
  }
}

/// The slope of the scale is a difference of large sums: single precision must not lose it.
TEST(SoftmaxPairLoss, ScaleGradientOfALearnedModelInSinglePrecision) {
  const at::Tensor images = unit(normals({300, 64}, 3));
  const Tensors inputs{images, unit(images + 0.1 * normals({300, 64}, 4)), scalar(20)};
  const auto exact = valueAndGradients(kComposedSoftmax, inputs),
             ours = valueAndGradients(kSoftmax, inputs, at::kFloat);
  EXPECT_LT(relative(ours[3], exact[3]), 1e-5);
}

TEST(PairLosses, RepeatsBitForBit) {
  const Tensors inputs = pairs(301, 24, 10);
  for (const int threads : {1, 2}) {
    const Threads scope(threads);
    for (const auto& form : {kSigmoid, kSoftmax}) {
      const auto first = valueAndGradients(form, inputs, at::kFloat),
                 again = valueAndGradients(form, inputs, at::kFloat);
      for (std::size_t i = 0; i < first.size(); ++i) {
        if (first[i].defined()) {
          EXPECT_TRUE(first[i].equal(again[i])) << i;
        }
      }
    }
  }
}

TEST(PairLosses, OrderAndFrameChangeNothing) {
  const Tensors inputs = pairs(77, 9, 8);
  const at::Tensor turn = std::get<0>(at::linalg_qr(normals({9, 9}, 5)));
  const Tensors flipped{inputs[0].flip(0), inputs[1].flip(0), inputs[2], inputs[3]};
  const Tensors turned{inputs[0].matmul(turn), inputs[1].matmul(turn), inputs[2], inputs[3]};
  const Tensors unmatched{inputs[0], inputs[1].flip(0), inputs[2], inputs[3]};
  for (const auto& form : {kSigmoid, kSoftmax}) {
    const double value = form(inputs).item<double>();
    EXPECT_NEAR(form(flipped).item<double>(), value, 1e-12);
    EXPECT_NEAR(form(turned).item<double>(), value, 1e-12);
    EXPECT_GT(form(unmatched).item<double>(), value + 0.1);
  }
}

TEST(PairLosses, OnlyWhatLearnsGetsAGradient) {
  const Tensors values = pairs(70, 8, 9);
  const auto all = valueAndGradients(kSigmoid, values);
  for (std::size_t learning = 0; learning < values.size(); ++learning) {
    Tensors inputs = values;
    inputs[learning] = values[learning].clone().requires_grad_(true);
    kSigmoid(inputs).backward();
    for (std::size_t i = 0; i < values.size(); ++i) {
      EXPECT_EQ(inputs[i].grad().defined(), i == learning);
    }
    EXPECT_LT(relative(inputs[learning].grad(), all[learning + 1]), 1e-14) << learning;
  }
  Tensors scaleOnly = withoutBias(values);
  scaleOnly[2] = values[2].clone().requires_grad_(true);
  kSoftmax(scaleOnly).backward();
  EXPECT_LT(relative(scaleOnly[2].grad(), valueAndGradients(kComposedSoftmax, withoutBias(values))[3]), 1e-12);
}

TEST(PairLosses, WithoutGradModeOnlyTheValue) {
  const Tensors inputs = leaves(pairs(70, 8, 9));
  const at::NoGradGuard noGrad;
  EXPECT_FALSE(kSigmoid(inputs).requires_grad());
  EXPECT_FALSE(kSoftmax(inputs).requires_grad());
  EXPECT_NEAR(kSoftmax(inputs).item<double>(), kComposedSoftmax(inputs).item<double>(), 1e-12);
}

TEST(PairLosses, UpstreamMultipliesAndShapesOfScalarsAreKept) {
  Tensors inputs = leaves(pairs(5, 4, 9));
  inputs[2] = at::tensor({9.0f}).requires_grad_(true);
  (0.25 * kSigmoid(inputs)).backward();
  const auto whole = valueAndGradients(kComposedSigmoid, pairs(5, 4, 9));
  EXPECT_EQ(inputs[2].grad().sizes(), at::IntArrayRef({1}));
  EXPECT_EQ(inputs[2].grad().scalar_type(), at::kFloat);
  EXPECT_LT(relative(inputs[2].grad().reshape({}), 0.25 * whole[3]), 1e-6);
  EXPECT_LT(relative(inputs[0].grad(), 0.25 * whole[1]), 1e-13);
}

TEST(PairLosses, NotANumberStaysOne) {
  for (const std::int64_t row : {0, 69}) {
    Tensors inputs = pairs(70, 8, 9);
    inputs[1][row][3].fill_(std::nan(""));
    for (const auto type : {at::kDouble, at::kFloat}) {
      EXPECT_TRUE(std::isnan(valueAndGradients(kSigmoid, inputs, type)[0].item<double>()));
      EXPECT_TRUE(std::isnan(valueAndGradients(kSoftmax, withoutBias(inputs), type)[0].item<double>()));
    }
  }
  Tensors inputs = pairs(70, 8, 9);
  inputs[2].fill_(std::nan(""));
  EXPECT_TRUE(std::isnan(kSigmoid(inputs).item<double>()));
  EXPECT_TRUE(std::isnan(kSoftmax(inputs).item<double>()));
}

TEST(PairLosses, SecondDerivativeIsRefused) {
  const Tensors inputs = leaves(pairs(5, 4, 9));
  try {
    kSigmoid(inputs).backward({}, std::nullopt, true);
    FAIL() << "a second derivative was promised";
  } catch (const std::exception& error) {
    EXPECT_NE(std::string(error.what()).find("no second derivative"), std::string::npos);
  }
}

/// The tiles of other devices, made on the CPU here, and small tiles of the kernels: one answer.
TEST(PairLosses, OperatorTilesEqualKernelTiles) {
  for (const auto type : {at::kDouble, at::kFloat}) {
    const double bound = type == at::kDouble ? 1e-13 : 2e-6;
    for (const std::int64_t n : {1, 7, 8, 9, 31}) {
      const Tensors in = pairs(n, 6, 11, -4);
      const at::Tensor images = in[0].to(type), texts = in[1].to(type);
      const auto parts = [](const PairSweep& s) { return Tensors{s.loss, s.images, s.texts, s.scale}; };
      const auto what = "N = " + std::to_string(n);
      expectSame(parts(sigmoidSweep(images, texts, 11, -4, {}, {TilePath::Operators, 8})),
                 parts(sigmoidSweep(images, texts, 11, -4, {}, {TilePath::Kernels, 8})), bound, what);
      if (n > 1) {
        expectSame(parts(softmaxSweep(images, texts, 11, {}, {TilePath::Operators, 8})),
                   parts(softmaxSweep(images, texts, 11, {}, {TilePath::Kernels, 5})), bound, what);
      }
    }
  }
}

/// The same sums whatever the number of threads, as long as the tiles are the same.
TEST(PairLosses, ThreadsDoNotChangeATile) {
  const Tensors in = pairs(203, 16, 11, -4);
  const at::Tensor images = in[0].to(at::kFloat), texts = in[1].to(at::kFloat);
  const auto run = [&](int threads) {
    const Threads scope(threads);
    return softmaxSweep(images, texts, 11, {}, {TilePath::Kernels, 32});
  };
  const PairSweep one = run(1), two = run(2);
  EXPECT_TRUE(one.images.equal(two.images));
  EXPECT_TRUE(one.texts.equal(two.texts));
  EXPECT_TRUE(one.loss.equal(two.loss));
}

}  // namespace
}  // namespace lix::test
