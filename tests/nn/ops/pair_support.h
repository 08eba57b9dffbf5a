#pragma once
#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/scalar_tensor.h>
#include <ATen/ops/tensor.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <vector>

#include "base/random.h"
#include "pair_reference.h"

namespace lix::test {

using Tensors = std::vector<at::Tensor>;

inline at::Tensor rowsOf(const std::vector<std::int64_t>& shape, const std::vector<double>& values) {
  return at::tensor(values, at::kDouble).reshape(shape);
}

/// Standard normal doubles, a pure function of the seed.
inline at::Tensor normals(const std::vector<std::int64_t>& shape, std::uint64_t seed) {
  at::Tensor tensor = at::empty(shape, at::kDouble);
  Random random(seed, 7);
  std::generate_n(tensor.data_ptr<double>(), tensor.numel(), [&] { return random.normal(); });
  return tensor;
}

inline at::Tensor scalar(double value) { return at::scalar_tensor(value, at::kDouble); }

/// Largest difference over the largest value (both in double).
inline double relative(const at::Tensor& a, const at::Tensor& b) {
  EXPECT_EQ(a.sizes(), b.sizes());
  const at::Tensor x = a.detach().to(at::kDouble), y = b.detach().to(at::kDouble);
  return ((x - y).abs().max() / y.abs().max().clamp_min(1e-300)).item<double>();
}

/// Leaves of one type, with gradients.
inline Tensors leaves(const Tensors& values, at::ScalarType type = at::kDouble) {
  Tensors out;
  for (const auto& value : values) {
    out.push_back(value.detach().to(type, false, true).requires_grad_(true));
  }
  return out;
}

using Form = std::function<at::Tensor(const Tensors&)>;

/// The value of a form, then the gradients of its inputs.
inline Tensors valueAndGradients(const Form& form, const Tensors& values, at::ScalarType type = at::kDouble) {
  const Tensors inputs = leaves(values, type);
  const at::Tensor value = form(inputs);
  value.backward();
  Tensors out{value.detach()};
  for (const auto& input : inputs) {
    out.push_back(input.grad());
  }
  return out;
}

inline void expectSame(const Tensors& ours, const Tensors& theirs, double bound, const std::string& what) {
  ASSERT_EQ(ours.size(), theirs.size());
  for (std::size_t i = 0; i < ours.size(); ++i) {
    ASSERT_TRUE(ours[i].defined() && theirs[i].defined()) << what << ", number " << i;
    EXPECT_LE(relative(ours[i], theirs[i]), bound) << what << ", number " << i;
  }
}

/// Central differences against gradients, at a few places of every input.
inline void expectSlopes(const Form& form, const Tensors& values, double step, double bound) {
  const Tensors made = valueAndGradients(form, values);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto count = values[i].numel();
    for (std::int64_t at = 0; at < count; at += std::max<std::int64_t>(1, count / 7)) {
      const auto moved = [&](double by) {
        Tensors inputs = leaves(values);
        for (auto& input : inputs)
          input = input.detach();
        inputs[i].view({-1}).data_ptr<double>()[at] += by;
        return form(inputs).item<double>();
      };
      const double slope = (moved(step) - moved(-step)) / (2.0 * step);
      EXPECT_NEAR(made[i + 1].contiguous().view({-1})[at].item<double>(), slope, bound)
          << "input " << i << " at " << at;
    }
  }
}

/// For one scope, LibTorch uses this many threads.
class Threads {
 public:
  explicit Threads(int count) : before_(at::get_num_threads()) { at::set_num_threads(count); }
  ~Threads() { at::set_num_threads(before_); }
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

 private:
  int before_;
};

}  // namespace lix::test
