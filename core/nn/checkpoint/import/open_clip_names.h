#pragma once
#include <string>
#include <vector>

#include "nn/checkpoint/import/weights.h"
#include "nn/parameters.h"

namespace lix::nn::detail {

/// How OpenCLIP lays a model out in its files.
struct OpenClipLayout {
  std::string text;               ///< before the text tower's names: "", or "text." in a CustomTextCLIP
  bool linearProjection = false;  ///< text_projection is a layer, not a matrix that multiplies from the other side
  bool timm = false;              ///< the image tower is a timm ViT
};

/// Where OpenCLIP, and Llip which grew from it, keeps each of our parameters: the attention's three projections are one
/// weight there; a timm ViT's pooling has its query apart from keys and values.
NameTable openClipNames(const std::vector<ParameterSpec>& specs, const OpenClipLayout& layout = {});

}  // namespace lix::nn::detail
