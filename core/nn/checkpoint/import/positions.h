#pragma once
#include <string>

#include "nn/checkpoint/import/convert.h"

namespace lix::nn::detail {

/// What the tables of positions are called in the source, "" for one that it has not.
struct PositionNames {
  std::string image, text;
};

/// Resizes the tables of positions of `weights` to the sizes that `options` ask for and puts the sizes into `config`:
/// the image's bicubically with antialiasing over its grid (rows of class tokens kept), the text's linearly, as
/// OpenCLIP does (align_corners false). Nothing where no size is asked for.
Result<void> resizePositions(SourceWeights& weights, const PositionNames& names, const ConvertOptions& options,
                             ModelConfig& config);

}  // namespace lix::nn::detail
