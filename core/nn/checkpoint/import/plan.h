#pragma once
#include <string>
#include <vector>

#include "nn/checkpoint/import/source.h"
#include "nn/checkpoint/import/weights.h"
#include "nn/config.h"

namespace lix::nn::detail {

/// What a source is to become, told without taking a single weight: for who wants to know all that does not match, where
/// convert() stops at the first.
struct Plan {
  ModelConfig config;
  std::vector<ParameterSpec> specs;
  NameTable names;                 ///< where each of `specs` lies in the source
  std::vector<std::string> notes;  ///< what was assumed, a sentence each
};

/// Fails as convert() does where the configuration cannot be read or asks for what is not computed here.
Result<Plan> planOf(Source& source);

/// Weights of a source that no model can be good with, by name.
struct Damage {
  std::vector<std::string> notFinite;
  std::vector<std::string> zero;  ///< matrices whose numbers are all zero
};
Damage damageOf(const SourceWeights& weights);

}  // namespace lix::nn::detail
