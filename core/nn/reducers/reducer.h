#pragma once
#include "nn/ops/tensor.h"

#include <span>
#include <string>

#include "base/result.h"

namespace lix::nn {

/// Turns N x N logits, whose diagonal holds the true pairs, into a scalar loss.
struct Reducer {
  std::string id;
  std::string title;
  std::string citation;
  at::Tensor (*loss)(const at::Tensor& logits) = nullptr;
};

namespace reducers {
std::span<const Reducer* const> table();
}
Result<const Reducer*> findReducer(std::string_view id);

}  // namespace lix::nn
