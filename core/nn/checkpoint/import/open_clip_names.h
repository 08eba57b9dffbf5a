#pragma once
#include <map>
#include <string>
#include <vector>

#include "nn/checkpoint/import/weights.h"
#include "nn/parameters.h"

namespace lix::nn::detail {

/// Where OpenCLIP's CLIP, and Llip which grew from it, keeps each parameter of our CLIP towers: the attention's three
/// projections are one weight there, text_projection multiplies from the other side.
std::map<std::string, Taken> openClipNames(const std::vector<ParameterSpec>& specs);

}  // namespace lix::nn::detail
