#pragma once
#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "nn/config.h"
#include "nn/recipe.h"

namespace lix::nn {

/// What a run adds to its model, recipe and batch, or leaves out.
struct CostOptions {
  int threads = 1;        ///< whose sums of Llip's loss lie side by side
  int waiting = 0;        ///< batches of pixels that lie beside the one in work
  bool averaged = false;  ///< one more copy of the weights that learn
  std::function<bool(const std::string& parameter)> locked;  ///< weights that stay as they are; none: all learn
};

/// What a model and a recipe's loss cost to train in fp32, from shapes alone. A multiply-add is two operations. Captions
/// are counted at the full context length; causal towers trim them.
struct Cost {
  std::int64_t parameters = 0;
  double imageFlops = 0.0;    ///< one image through its tower and head, forward
  double captionFlops = 0.0;  ///< one caption, forward
  double pairFlops = 0.0;     ///< one image with one caption in the loss, forward and backward in one pass
  double imageBackward = 1.0;  ///< share of the image tower's blocks through which the backward goes
  double captionBackward = 1.0;
  std::int64_t modelBytes = 0;  ///< weights, gradients, moments and average of what learns, joined q, k, v of each block
  std::int64_t imageBytes = 0;  ///< activations of one image that the backward needs, and what a block works on
  std::int64_t captionBytes = 0;    ///< the same of one caption
  std::int64_t imageKeptBytes = 0;  ///< of one image for the whole step: pixels, features (token sets), gradients
  std::int64_t captionKeptBytes = 0;
  std::int64_t pairBytes = 0;  ///< one pair while its tile of the loss is worked on
  std::int64_t tileImages = 0;    ///< images whose pairs are worked on at once,
  std::int64_t tileCaptions = 0;  ///< with so many captions
  std::int64_t lossBytes = 0;     ///< of the loss whatever the batch: sums that every thread has of its own

  /// Operations of one optimizer step: forward once and backward twice a sample, one forward more with gradient caching;
  /// forward alone where nothing learns.
  double stepFlops(std::int64_t batch, std::int64_t microBatch) const;
  /// The most that one step holds.
  double stepBytes(std::int64_t batch, std::int64_t microBatch) const;
};

/// `batch` decides which form of Llip's loss is the cheaper (cheaperForm). A term of token sets whose reducer has no
/// one-pass form is counted in the composed one, which holds all of its N x N x D numbers.
Cost costOf(const ModelConfig& config, const Recipe& recipe, std::int64_t batch, const CostOptions& options = {});

/// Operations of one image with one caption where they are only compared, forward: the cosine; of a token set also its
/// mixing by the caption and the product with out_proj. Keys and values are the image's (imageFlops).
double comparisonFlops(const ModelConfig& config);

/// The largest micro-batch, at most the batch, with which a step stays within `freeBytes`; 0 if none does.
std::int64_t microBatchFor(const Cost& cost, std::int64_t batch, double freeBytes);

/// Whether a step fits into what is free; `microBatch` 0 means that it may be chosen. The refusal names the model's bytes,
/// those of an image with its caption and of a pair, what is free, and what would fit.
Result<void> fits(const Cost& cost, std::int64_t batch, std::int64_t microBatch, double freeBytes);

/// "427.6 M parameters; 162.0 GFLOP an image, 11.0 a caption, 43 kFLOP a pair, 66.9 TFLOP a step; memory 6.4 GiB for
/// the model, 190 MiB an image with its caption, ..."
std::string costLine(const Cost& cost, std::int64_t batch, std::int64_t microBatch);

/// "12.6 GFLOP", with the unit that fits.
std::string flopsText(double flops);

}  // namespace lix::nn
