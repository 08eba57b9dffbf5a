#include "nn/checkpoint/import/positions.h"

#include <ATen/ops/_upsample_bicubic2d_aa.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/upsample_linear1d.h>
#include "nn/ops/tensor.h"

#include "base/text.h"
#include "nn/checkpoint/tensor_bits.h"

namespace lix::nn::detail {
namespace {

constexpr int kMostImage = 4096, kMostContext = 1 << 14;

/// The table [rows, W], which may have a leading axis of extent 1.
Result<at::Tensor> table(const SourceWeights& weights, const std::string& name, std::int64_t rows, int width) {
  const auto found = weights.tensors().find(name);
  if (found == weights.tensors().end() || !isFloating(found->second.type) ||
      std::int64_t(found->second.bytes.size()) != rows * width * std::int64_t(itemSize(found->second.type))) {
    return fail(ErrorCode::BadInput, cat(weights.path().string(), ": the table of positions '", name, "' has not the ",
                                         rows, " rows of ", width,
                                         " numbers that the configuration calls for, so it cannot be "
                                         "resized. Get the checkpoint again."));
  }
  return weights.tensor(found->second, {rows, width});
}

Result<void> resizeImage(SourceWeights& weights, const std::string& name, int imageSize, ModelConfig& config) {
  const int side = imageSize / config.patch;
  if (imageSize < config.patch || imageSize > kMostImage) {
    return fail(ErrorCode::BadInput,
                cat("Pictures of ", imageSize, " pixels are not possible for patches of ", config.patch,
                    "; choose a size between ", config.patch, " and ", kMostImage, "."));
  }
  const std::int64_t before = config.gridSide(), width = config.vision.width, classes = config.classTokens;
  LIX_TRY(const at::Tensor rows, table(weights, name, before * before + classes, config.vision.width));
  const at::Tensor grid =
      rows.narrow(0, classes, before * before).reshape({1, before, before, width}).permute({0, 3, 1, 2});
  const at::Tensor resized = at::_upsample_bicubic2d_aa(grid.contiguous(), {side, side}, false);
  weights.replace(name,
                  at::cat({rows.narrow(0, 0, classes), resized.permute({0, 2, 3, 1}).reshape({side * side, width})}));
  config.imageSize = imageSize;
  return {};
}

Result<void> resizeText(SourceWeights& weights, const std::string& name, int contextLength, ModelConfig& config) {
  if (contextLength < 2 || contextLength > kMostContext) {
    return fail(ErrorCode::BadInput, cat("A context of ", contextLength,
                                         " tokens is not possible; choose between 2 and ", kMostContext, "."));
  }
  LIX_TRY(const at::Tensor rows, table(weights, name, config.contextLength, config.text.width));
  const at::Tensor resized = at::upsample_linear1d(rows.t().unsqueeze(0).contiguous(), {contextLength}, false);
  weights.replace(name, resized.squeeze(0).t());
  config.contextLength = contextLength;
  return {};
}

}  // namespace

Result<void> resizePositions(SourceWeights& weights, const PositionNames& names, const ConvertOptions& options,
                             ModelConfig& config) {
  if (options.imageSize == 0 && options.contextLength == 0) {
    return {};
  }
  LIX_CHECK(config.validate());
  if (options.imageSize != 0 && options.imageSize != config.imageSize) {
    LIX_CHECK(resizeImage(weights, names.image, options.imageSize, config));
  }
  if (options.contextLength != 0 && options.contextLength != config.contextLength) {
    LIX_CHECK(resizeText(weights, names.text, options.contextLength, config));
  }
  return {};
}

}  // namespace lix::nn::detail
