#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "nn/config.h"

namespace at {
class Tensor;
}

namespace lix::nn {

/// How a parameter is drawn when a model is made.
struct Initial {
  enum class Kind { Constant, Normal, Uniform } kind = Kind::Constant;
  double value = 0.0;  ///< the constant, the standard deviation, or the half width
};

/// A parameter of a model: its name in the file (Hugging Face's where it has one), shape and first value.
struct ParameterSpec {
  std::string name;
  std::vector<std::int64_t> shape;
  Initial initial;
};

/// The towers' parameters, before any memory is taken. Scales, biases and temperatures belong to the recipe.
std::vector<ParameterSpec> parameterSpecs(const ModelConfig& config);

/// Number of scalars in a list of specs.
std::int64_t parameterCount(const std::vector<ParameterSpec>& specs);

/// Named parameters in a fixed (sorted) order.
using Parameters = std::map<std::string, at::Tensor>;

/// Draws fp32 parameters: each is a pure function of (seed, its name).
Parameters drawParameters(const std::vector<ParameterSpec>& specs, std::uint64_t seed);

}  // namespace lix::nn
