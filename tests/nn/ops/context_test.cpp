#include "nn/ops/context.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/exp.h>
#include <ATen/ops/linalg_qr.h>
#include <ATen/ops/xlogy.h>
#include <ATen/ops/zeros_like.h>

#include "nn/ops/context_sweep.h"
#include "pair_support.h"

namespace lix::test {
namespace {
using namespace nn;

/// A number of the context that weighs every component differently, so that no gradient cancels.
at::Tensor reading(const at::Tensor& vectors) {
  const at::Tensor weights = normals(vectors.sizes().vec(), 99).to(vectors.scalar_type());
  return (weights * vectors + 0.5 * vectors * vectors).sum();
}
Form batchForm(const ContextOptions& options = {}) {
  return [options](const Tensors& in) { return reading(contextOf(in[0], in[1], options).vectors); };
}
Form composedBatch(const ContextOptions& options = {}) {
  return [options](const Tensors& in) {
    return reading(composedContext(in[0], in[0], diagonalMask(in[0].size(0), options.masked), in[1], options));
  };
}
Tensors batch(std::int64_t n, std::int64_t width, double tau) { return {normals({n, width}, 11), scalar(tau)}; }

TEST(ContextOf, ByHand) {
  // Rows of length 5, 1, 2; cosines 0.6 (0,1), 0.8 (0,2), 0 (1,2); 1 / (tau sqrt 2) = 2.
  const at::Tensor images = rowsOf({3, 2}, {3, 4, 1, 0, 0, 2});
  const auto found = contextOf(images, scalar(1.0 / (2.0 * std::sqrt(2.0))));
  const double a = std::exp(1.2), b = std::exp(1.6);
  EXPECT_LT(relative(found.vectors, rowsOf({3, 2}, {a / (a + b), 2 * b / (a + b),            //
                                                    3 * a / (a + 1), (4 * a + 2) / (a + 1),  //
                                                    (3 * b + 1) / (b + 1), 4 * b / (b + 1)})),
            1e-14);
  const auto perplexity = [](double p) { return std::exp(-p * std::log(p) - (1 - p) * std::log(1 - p)); };
  EXPECT_NEAR(found.effectiveNeighbours,
              (perplexity(a / (a + b)) + perplexity(a / (a + 1)) + perplexity(b / (b + 1))) / 3.0, 1e-14);
}

TEST(ContextOf, SlopesAreThoseOfTheValue) {
  expectSlopes(batchForm(), batch(9, 5, 0.3), 1e-6, 1e-7);
  expectSlopes(batchForm({.masked = false}), batch(9, 5, 0.3), 1e-6, 1e-7);
}

TEST(ContextOf, EqualsTheComposedForm) {
  for (const int threads : {1, 2}) {
    const Threads scope(threads);
    for (const std::int64_t n : {3, 5, 63, 64, 65, 199}) {
      for (const auto& options :
           {ContextOptions{}, ContextOptions{.masked = false}, ContextOptions{.detachedValues = true}}) {
        const auto what = "N = " + std::to_string(n) + ", threads " + std::to_string(threads);
        const Tensors inputs = batch(n, 13, 0.15);
        const auto exact = valueAndGradients(composedBatch(options), inputs);
        expectSame(valueAndGradients(batchForm(options), inputs), exact, 1e-12, what);
        expectSame(valueAndGradients(batchForm(options), inputs, at::kFloat), exact, 1e-5, what);
      }
    }
  }
}

/// Of two, each is the context of the other, whatever the temperature.
TEST(ContextOf, TwoImages) {
  const auto found = valueAndGradients(batchForm(), batch(2, 13, 0.15)),
             exact = valueAndGradients(composedBatch(), batch(2, 13, 0.15));
  expectSame({found[0], found[1]}, {exact[0], exact[1]}, 1e-14, "two images");
  EXPECT_NEAR(found[2].item<double>(), 0.0, 1e-12);
  EXPECT_EQ(contextOf(batch(2, 13, 0.15)[0], scalar(0.15)).effectiveNeighbours, 1.0);
}

TEST(ContextOf, EffectiveNeighboursAreThoseOfTheWeights) {
  const Tensors in = batch(150, 8, 0.1);
  const at::Tensor scores = unit(in[0]).matmul(unit(in[0]).t()) / (0.1 * std::sqrt(8.0));
  const at::Tensor w = at::softmax(scores.masked_fill(diagonalMask(150), -INFINITY), 1);
  const double expected = at::exp(-at::xlogy(w, w).sum(1)).mean().item<double>();
  EXPECT_NEAR(contextOf(in[0], in[1]).effectiveNeighbours, expected, 1e-10);
  EXPECT_NEAR(contextOf(in[0].to(at::kFloat), in[1]).effectiveNeighbours, expected, 1e-4);
}

/// A tau so small that the nearest one takes all, and one so large that all weigh the same.
TEST(ContextOf, EndsOfTheTemperature) {
  for (const auto type : {at::kDouble, at::kFloat}) {
    const at::Tensor images = normals({70, 6}, 12).to(type);
    const at::Tensor nearest = unit(images).matmul(unit(images).t()).masked_fill(diagonalMask(70), -2.0).argmax(1);
    const auto sharp = contextOf(images, scalar(1e-7));
    EXPECT_LT(relative(sharp.vectors, images.index_select(0, nearest)), 1e-6);
    EXPECT_NEAR(sharp.effectiveNeighbours, 1.0, 1e-6);
    const auto flat = contextOf(images, scalar(1e9));
    const auto uniform = contextOf(images, scalar(1.0), {.uniform = true});
    EXPECT_LT(relative(flat.vectors, uniform.vectors), 1e-5);
    EXPECT_NEAR(flat.effectiveNeighbours, 69.0, 1e-4);
    for (const double tau : {1e-7, 1e-3, 1e9}) {
      for (const auto& part : valueAndGradients(batchForm(), {images, scalar(tau)}, type)) {
        EXPECT_TRUE(part.isfinite().all().item<bool>()) << tau;
      }
    }
  }
}

TEST(ContextOf, SharpWeightsKeepTheirGradients) {
  const Tensors inputs = batch(130, 16, 0.004);
  expectSame(valueAndGradients(batchForm(), inputs), valueAndGradients(composedBatch(), inputs), 1e-11, "tau 0.004");
}

TEST(ContextOf, UniformPlaceboIsExact) {
  for (const bool masked : {true, false}) {
    const ContextOptions options{.masked = masked, .uniform = true};
    const Tensors inputs = batch(7, 4, 0.01);
    expectSame({valueAndGradients(batchForm(options), inputs)[1]},
               {valueAndGradients(composedBatch(options), inputs)[1]}, 1e-14, "uniform");
    EXPECT_EQ(contextOf(inputs[0], inputs[1], options).effectiveNeighbours, masked ? 6.0 : 7.0);
    // The temperature has no say, whatever it is, and learns nothing.
    for (const double tau : {0.01, 1e30, double(INFINITY)}) {
      const auto found = valueAndGradients(batchForm(options), {inputs[0], scalar(tau)});
      EXPECT_EQ(found[2].item<double>(), 0.0);
      EXPECT_EQ(found[0].item<double>(), batchForm(options)(inputs).item<double>());
    }
  }
  // Nobody's own row is in it, not even by a rounding: one huge row leaves its own context alone.
  at::Tensor images = normals({5, 3}, 13);
  images[2].fill_(1e18);
  const at::Tensor others = at::cat({images.narrow(0, 0, 2), images.narrow(0, 3, 2)}).mean(0);
  EXPECT_LT(relative(contextOf(images, scalar(1), {.uniform = true}).vectors[2], others), 1e-14);
}

TEST(ContextOf, ItsOwnRowIsNotInIt) {
  at::Tensor images = normals({66, 5}, 14);
  const at::Tensor before = contextOf(images, scalar(0.2)).vectors[65].clone();
  images[65] *= 1e6;  // longer, in the same direction: its own context must not notice
  EXPECT_LT(relative(contextOf(images, scalar(0.2)).vectors[65], before), 1e-12);
}

TEST(ContextOf, DetachedValuesLearnThroughWeightsAlone) {
  const ContextOptions options{.uniform = true, .detachedValues = true};
  const Tensors inputs = leaves(batch(6, 4, 0.3));
  EXPECT_FALSE(contextOf(inputs[0], scalar(0.3), options).vectors.requires_grad());
}

TEST(ContextOf, OrderAndFrameFollow) {
  const at::Tensor images = normals({75, 7}, 15), tau = scalar(0.2);
  const at::Tensor turn = std::get<0>(at::linalg_qr(normals({7, 7}, 16)));
  const at::Tensor plain = contextOf(images, tau).vectors;
  EXPECT_LT(relative(contextOf(images.flip(0), tau).vectors.flip(0), plain), 1e-12);
  EXPECT_LT(relative(contextOf(images.matmul(turn), tau).vectors, plain.matmul(turn)), 1e-12);
}

TEST(ContextOf, EqualRowsStayWhatTheyAre) {
  const at::Tensor row = normals({1, 6}, 17), images = row.expand({70, 6}).contiguous();
  const auto found = contextOf(images, scalar(0.05));
  EXPECT_LT(relative(found.vectors, images), 1e-13);
  EXPECT_NEAR(found.effectiveNeighbours, 69.0, 1e-9);
}

TEST(ContextOf, ARowOfZerosIsHarmless) {
  Tensors inputs = batch(9, 4, 0.3);
  inputs[0][4].zero_();
  const auto found = valueAndGradients(batchForm(), inputs);
  expectSame({found[0], found[2]},
             {valueAndGradients(composedBatch(), inputs)[0], valueAndGradients(composedBatch(), inputs)[2]}, 1e-12,
             "zero row");
  EXPECT_TRUE(found[1].isfinite().all().item<bool>());
}

TEST(ContextOf, NotANumberStaysOne) {
  for (const auto type : {at::kDouble, at::kFloat}) {
    Tensors inputs = batch(70, 4, 0.3);
    inputs[0][66][1].fill_(std::nan(""));
    EXPECT_TRUE(contextOf(inputs[0].to(type), inputs[1]).vectors.isnan().all().item<bool>());
    EXPECT_TRUE(contextOf(batch(70, 4, 1)[0].to(type), scalar(std::nan(""))).vectors.isnan().all().item<bool>());
  }
}

TEST(ContextOf, RepeatsBitForBitOnAnyThreads) {
  const at::Tensor images = normals({203, 16}, 18).to(at::kFloat);
  const auto run = [&](int threads) {
    const Threads scope(threads);
    const Tiling tiling{TilePath::Kernels, 32};
    const auto state = batchContext(images, 0.1, SelfMask::Diagonal, tiling);
    const auto back = batchContextGradients(images, 0.1, SelfMask::Diagonal, state, images, {}, tiling);
    return Tensors{state.vectors, back.buffer, back.tau};
  };
  const auto one = run(1), two = run(2), again = run(2);
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_TRUE(one[i].equal(two[i])) << i;
    EXPECT_TRUE(two[i].equal(again[i])) << i;
  }
}

TEST(ContextOf, HalfPrecisionOperands) {
  const at::Tensor rounded = normals({70, 16}, 19).to(at::kBFloat16);
  const at::Tensor exact = contextOf(rounded.to(at::kDouble), scalar(0.2)).vectors;
  const auto found = contextOf(rounded, scalar(0.2));
  EXPECT_EQ(found.vectors.scalar_type(), at::kBFloat16);
  EXPECT_LT(relative(found.vectors, exact), 4e-3);
}

TEST(ContextOf, OnlyWhatLearnsGetsAGradient) {
  const Tensors values = batch(70, 5, 0.2);
  const auto all = valueAndGradients(batchForm(), values);
  for (const std::size_t learning : {0, 1}) {
    Tensors inputs = values;
    inputs[learning] = values[learning].clone().requires_grad_(true);
    batchForm()(inputs).backward();
    EXPECT_FALSE(inputs[1 - learning].grad().defined());
    EXPECT_LT(relative(inputs[learning].grad(), all[learning + 1]), 1e-13);
  }
  const at::NoGradGuard noGrad;
  EXPECT_FALSE(contextOf(leaves(values)[0], values[1]).vectors.requires_grad());
}

TEST(ContextOf, SecondDerivativeIsRefused) {
  const Tensors inputs = leaves(batch(5, 4, 0.3));
  try {
    batchForm()(inputs).backward({}, std::nullopt, true);
    FAIL() << "a second derivative was promised";
  } catch (const std::exception& error) {
    EXPECT_NE(std::string(error.what()).find("no second derivative"), std::string::npos);
  }
}

using ContextDeathTest = ::testing::Test;
TEST(ContextDeathTest, NothingLeftToSee) {
  EXPECT_DEATH(contextOf(normals({1, 4}, 1), scalar(1)), "contract broken");
  EXPECT_DEATH(contextOver(normals({1, 4}, 1), normals({1, 4}, 2), at::arange(0, 1, at::kLong), scalar(1)),
               "contract broken");
  EXPECT_DEATH(contextOver(normals({1, 4}, 1), normals({2, 4}, 2), at::arange(2, 3, at::kLong), scalar(1)),
               "contract broken");
}

/// Queries, buffer and tau; query i may not see row 2 i + 1, except those that may see all.
struct Over {
  Tensors inputs;
  at::Tensor self, hidden;
};
Over over(std::int64_t queries, std::int64_t size) {
  Over out{
      {normals({queries, 6}, 21), normals({size, 6}, 22), scalar(0.2)}, at::arange(queries, at::kLong) * 2 + 1, {}};
  out.self.masked_fill_(out.self >= size, -1);
  out.self[0] = -1;
  out.hidden = at::arange(size, at::kLong).unsqueeze(0) == out.self.unsqueeze(1);
  return out;
}

TEST(ContextOver, EqualsTheComposedForm) {
  for (const auto& [queries, size] :
       {std::pair<std::int64_t, std::int64_t>{1, 3}, {4, 5}, {70, 131}, {199, 66}, {1, 200}}) {
    const Over c = over(queries, size);
    for (const auto& options :
         {ContextOptions{}, ContextOptions{.masked = false}, ContextOptions{.uniform = true},
          ContextOptions{.masked = false, .uniform = true}, ContextOptions{.detachedValues = true}}) {
      const auto ours = [&](const Tensors& in) {
        return reading(contextOver(in[0], in[1], c.self, in[2], options).vectors);
      };
      const auto theirs = [&](const Tensors& in) {
        return reading(
            composedContext(in[0], in[1], options.masked ? c.hidden : at::zeros_like(c.hidden), in[2], options));
      };
      Tensors a = valueAndGradients(ours, c.inputs), b = valueAndGradients(theirs, c.inputs);
      if (options.uniform) {
        EXPECT_FALSE(a[1].defined());  // no query has a say
        a[1] = b[1];
      }
      expectSame(a, b, 1e-12, std::to_string(queries) + " over " + std::to_string(size));
    }
  }
}

TEST(ContextOver, SlopesAreThoseOfTheValue) {
  const Over c = over(5, 9);
  expectSlopes([&](const Tensors& in) { return reading(contextOver(in[0], in[1], c.self, in[2]).vectors); }, c.inputs,
               1e-6, 1e-7);
}

TEST(ContextOver, TheBatchAsBufferIsContextOf) {
  const Tensors in = batch(133, 9, 0.1);
  const at::Tensor self = at::arange(133, at::kLong);
  const auto whole = contextOf(in[0], in[1]);
  const auto general = contextOver(in[0], in[0], self, in[1]);
  EXPECT_LT(relative(general.vectors, whole.vectors), 1e-13);
  EXPECT_NEAR(general.effectiveNeighbours, whole.effectiveNeighbours, 1e-10);
  const Form form = [&](const Tensors& x) { return reading(contextOver(x[0], x[0], self, x[1]).vectors); };
  expectSame(valueAndGradients(form, in), valueAndGradients(batchForm(), in), 1e-12, "batch as buffer");
}

/// Twice every row of the buffer: the weights of a pair of equals add up to what one had.
TEST(ContextOver, DuplicatesOfTheBufferChangeNothingButTheCount) {
  const Over c = over(20, 40);
  const auto once = contextOver(c.inputs[0], c.inputs[1], {}, c.inputs[2]);
  const auto twice = contextOver(c.inputs[0], at::cat({c.inputs[1], c.inputs[1]}), {}, c.inputs[2]);
  EXPECT_LT(relative(twice.vectors, once.vectors), 1e-13);
  EXPECT_NEAR(twice.effectiveNeighbours, 2.0 * once.effectiveNeighbours, 1e-10);
}

TEST(ContextTiles, OperatorTilesEqualKernelTiles) {
  for (const auto type : {at::kDouble, at::kFloat}) {
    const double bound = type == at::kDouble ? 1e-12 : 5e-6;
    const Tiling operators{TilePath::Operators, 8}, kernels{TilePath::Kernels, 8};
    for (const std::int64_t n : {2, 8, 9, 16, 17, 31}) {
      const auto what = "N = " + std::to_string(n);
      const at::Tensor images = normals({n, 6}, 23).to(type), dOut = normals({n, 6}, 24).to(type);
      for (const auto mask : {SelfMask::Diagonal, SelfMask::None}) {
        const auto run = [&](const Tiling& tiling) {
          const auto state = batchContext(images, 0.2, mask, tiling);
          const auto back = batchContextGradients(images, 0.2, mask, state, dOut, {}, tiling);
          return Tensors{state.vectors, scalar(state.effectiveNeighbours), back.buffer, back.tau};
        };
        if (n > 2) {
          expectSame(run(operators), run(kernels), bound, what);
        }
      }
      const Over c = over(n, 19);
      const at::Tensor queries = c.inputs[0].to(type), buffer = c.inputs[1].to(type);
      const auto run = [&](const Tiling& tiling) {
        const auto state = bufferContext(queries, buffer, c.self, 0.2, tiling);
        const auto back = bufferContextGradients(queries, buffer, c.self, 0.2, state, dOut, {}, tiling);
        return Tensors{state.vectors, scalar(state.effectiveNeighbours), back.queries, back.buffer, back.tau};
      };
      expectSame(run(operators), run(kernels), bound, what + " over 19");
    }
  }
}

}  // namespace
}  // namespace lix::test
