#include "nn/cost.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/memory.h"
#include "base/text.h"
#include "nn/parameters.h"

namespace lix::nn {
namespace {

constexpr double kBytes = 4.0;          // fp32
constexpr double kStates = 4.0;         // weight, gradient and AdamW's two moments
constexpr std::int64_t kTile = 64;      // images a tile of the pairwise losses, at most
constexpr double kSigmoidFlops = 6.0;   // times D a pair: one product for the cosines, two for the gradients
constexpr double kSoftmaxFlops = 8.0;   // the cosines are made twice
constexpr double kContextFlops = 10.0;  // of the context's vectors and gradients, each tile serving both directions

/// Forward operations of transformer blocks over `tokens`.
double blockFlops(const EncoderConfig& c, double tokens) {
  const double w = c.width;
  return c.depth * (2.0 * tokens * (4.0 * w * w + 2.0 * w * c.mlpWidth) + 4.0 * tokens * tokens * w);
}

/// Numbers that blocks keep for their backward: inputs and outputs of both LayerNorms, q, k, v, what attention gives and
/// its log-sums, and the MLP before and after its activation (QuickGELU keeps the sigmoid too); and what the backward of
/// one block works on.
double blockNumbers(const EncoderConfig& c, double tokens) {
  const double mlps = c.activation == Activation::QuickGelu ? 3.0 : 2.0;
  const double kept = 8.0 * c.width + mlps * c.mlpWidth + c.heads;
  const double worked = 4.0 * c.width + 2.0 * c.mlpWidth;
  return tokens * (c.depth * kept + worked);
}

double headFlops(const ModelConfig& c) {
  const double w = c.vision.width, d = c.embedWidth, t = c.mixtureTokens();
  switch (c.head) {
    case ImageHead::Vector:
    case ImageHead::Registers:
      return 2.0 * w * d;
    case ImageHead::Average:
      return 2.0 * t * w * d;
    case ImageHead::LearnedAverage:
      return 4.0 * t * w * d + 4.0 * t * d + 2.0 * d * d;
    case ImageHead::Mixture:
      return 4.0 * t * w * d;
  }
  return 0.0;
}

void addSiglip(const ModelConfig& c, Cost& cost) {
  const double w = c.vision.width, p = c.patches(), l = c.contextLength, patchInputs = 3.0 * c.patch * c.patch;
  cost.imageFlops = 2.0 * p * w * patchInputs + blockFlops(c.vision, p) +                      // tower
                    4.0 * p * w * w + 4.0 * p * w + 2.0 * w * w + 4.0 * w * c.vision.mlpWidth;  // attention pooling
  cost.captionFlops = blockFlops(c.text, l) + 2.0 * c.text.width * c.embedWidth;
  cost.imageBytes =
      std::int64_t(kBytes * (blockNumbers(c.vision, p) + p * (patchInputs + 4.0 * w) + 4.0 * w + 2.0 * c.vision.mlpWidth));
  cost.captionBytes = std::int64_t(kBytes * (blockNumbers(c.text, l) + 2.0 * c.text.width));
}

void addClip(const ModelConfig& c, Cost& cost) {
  const double w = c.vision.width, p = c.patches(), tokens = p + c.classTokens, l = c.contextLength;
  const double patchInputs = 3.0 * c.patch * c.patch, read = c.mixtureTokens();
  cost.imageFlops = 2.0 * p * w * patchInputs + blockFlops(c.vision, tokens) + headFlops(c);
  cost.captionFlops =
      blockFlops(c.text, l) + 2.0 * c.text.width * c.embedWidth * (c.mixesByCaption() ? 2.0 : 1.0);
  const double mixing = c.mixture ? read * c.embedWidth * (c.mixture->norms ? 6.0 : 2.0) : 0.0;  // while projected
  cost.imageBytes =
      std::int64_t(kBytes * (blockNumbers(c.vision, tokens) + p * patchInputs + 2.0 * tokens * w + read * w + mixing));
  cost.captionBytes = std::int64_t(kBytes * (blockNumbers(c.text, l) + 3.0 * c.text.width));
}

/// MLPs on features: each matrix takes its input and gives its output, with and without the activation.
void addHeads(const std::vector<ParameterSpec>& specs, Cost& cost) {
  for (const ParameterSpec& spec : specs) {
    if (spec.shape.size() < 2 || spec.name == "llip.out_proj") {
      continue;
    }
    const bool text = spec.name.starts_with("text") || spec.name == "llip.q_proj";
    const double numbers = double(parameterCount({spec}));
    const double kept = kBytes * (double(spec.shape.back()) + 2.0 * numbers / double(spec.shape.back()));
    (text ? cost.captionFlops : cost.imageFlops) += 2.0 * numbers;
    (text ? cost.captionBytes : cost.imageBytes) += std::int64_t(kept);
  }
}

/// Keys and values or one vector, their gradients, and the pixels.
void addKept(const ModelConfig& c, Cost& cost) {
  const double d = c.embedWidth;
  const double image = c.mixesByCaption() ? 2.0 * c.mixtureTokens() * d : d;
  const double caption = c.mixesByCaption() ? 2.0 * d : d;
  cost.imageKeptBytes = std::int64_t(kBytes * (2.0 * image + 3.0 * c.imageSize * c.imageSize));
  cost.captionKeptBytes = std::int64_t(kBytes * 2.0 * caption + 8.0 * c.contextLength);
}

/// Llip's pairwise term in the cheaper of its two forms; per pair, with what is made once an image spread over them.
void addMixturePairs(const ModelConfig& c, double batch, Cost& cost) {
  const double t = c.mixtureTokens(), d = c.embedWidth, q = t * c.mixture->heads, dh = d / c.mixture->heads;
  const double gram = 4.0 * q * q + (4.0 * t * d * d + 6.0 * q * q * dh) / batch, context = 4.0 * d * d;
  cost.pairFlops += 12.0 * t * d + std::min(gram, context);
  cost.pairBytes = std::int64_t(kBytes * (gram < context ? 3.0 * q : 2.0 * q + 3.0 * d));
  cost.tileImages = 1;
}

/// A recipe's term has a bias where its reducer is the sigmoid's, and a temperature where it looks at a context.
void addPairs(const ModelConfig& c, const Recipe& recipe, double batch, Cost& cost) {
  cost.tileImages = kTile;
  cost.pairBytes = std::int64_t(2.0 * kBytes);
  for (const Term& term : recipe.terms) {
    if (c.mixesByCaption()) {
      addMixturePairs(c, batch, cost);
      continue;
    }
    cost.pairFlops += c.embedWidth * ((term.bias.empty() ? kSoftmaxFlops : kSigmoidFlops) +
                                      (term.temperature.empty() ? 0.0 : kContextFlops));
  }
}

std::string withUnit(double value, const char* const* units, int count) {
  int unit = 0;
  for (; value >= 999.95 && unit + 1 < count; ++unit) {
    value /= 1000.0;
  }
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
  return text.data();
}

/// The largest value in [1, most] for which `holds`, which holds for all smaller ones too; 0 if for none.
template <class Holds>
std::int64_t largest(std::int64_t most, Holds holds) {
  std::int64_t low = 0, high = most + 1;
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (holds(middle) ? low : high) = middle;
  }
  return low;
}

}  // namespace

double Cost::stepFlops(std::int64_t batch, std::int64_t microBatch) const {
  const double passes = microBatch < batch ? 4.0 : 3.0, n = double(batch);
  return passes * n * (imageFlops + captionFlops) + n * n * pairFlops;
}

double Cost::stepBytes(std::int64_t batch, std::int64_t microBatch) const {
  const double n = double(batch);
  return double(modelBytes) + double(microBatch) * double(imageBytes + captionBytes) +
         n * double(imageKeptBytes + captionKeptBytes) +
         double(std::min(tileImages, batch)) * n * double(pairBytes);
}

Cost costOf(const ModelConfig& config, const Recipe& recipe, std::int64_t batch) {
  Cost cost;
  const auto specs = parameterSpecs(config);
  cost.parameters = parameterCount(specs);
  double numbers = kStates * double(cost.parameters);
  if (config.towers == Towers::Heads) {
    addHeads(specs, cost);
  } else {
    config.towers == Towers::Siglip ? addSiglip(config, cost) : addClip(config, cost);
    for (const EncoderConfig& tower : {config.vision, config.text}) {
      numbers += 3.0 * tower.depth * tower.width * tower.width;  // q, k and v joined for one product
    }
  }
  cost.modelBytes = std::int64_t(kBytes * numbers);
  addKept(config, cost);
  addPairs(config, recipe, double(batch), cost);
  return cost;
}

std::int64_t microBatchFor(const Cost& cost, std::int64_t batch, double freeBytes) {
  return largest(batch, [&](std::int64_t micro) { return cost.stepBytes(batch, micro) <= freeBytes; });
}

Result<void> fits(const Cost& cost, std::int64_t batch, std::int64_t microBatch, double freeBytes) {
  const std::int64_t micro = microBatch > 0 ? std::min(microBatch, batch) : 1;
  const double needed = cost.stepBytes(batch, micro);
  if (needed <= freeBytes) {
    return {};
  }
  const std::int64_t smaller = microBatchFor(cost, batch, freeBytes);
  const std::int64_t batches =
      largest(batch, [&](std::int64_t fewer) { return cost.stepBytes(fewer, 1) <= freeBytes; });
  const std::string remedy =
      smaller > 0 ? cat("A micro-batch of ", smaller, " would fit.")
      : batches > 0
          ? cat("A batch of ", batches, " with a micro-batch of 1 would fit; so would a smaller size.")
          : "Not even a batch of 1 would fit: take a smaller size, or a machine with more memory.";
  return fail(ErrorCode::NoMemory,
              cat("A batch of ", batch, " in micro-batches of ", micro, " needs ", bytesText(needed), ", but ",
                  bytesText(freeBytes), " are free: the model with gradients and moments takes ",
                  bytesText(double(cost.modelBytes)), ", an image with its caption ",
                  bytesText(double(cost.imageBytes + cost.captionBytes)), " while it is embedded and ",
                  bytesText(double(cost.imageKeptBytes + cost.captionKeptBytes)), " throughout, a pair ", cost.pairBytes,
                  " bytes in a tile of ", std::min(cost.tileImages, batch), " x ", batch, ". ", remedy));
}

std::string flopsText(double flops) {
  static constexpr const char* kUnits[] = {"FLOP", "kFLOP", "MFLOP", "GFLOP", "TFLOP", "PFLOP", "EFLOP"};
  return withUnit(flops, kUnits, 7);
}

std::string costLine(const Cost& cost, std::int64_t batch, std::int64_t microBatch) {
  const std::int64_t micro = microBatch > 0 ? std::min(microBatch, batch) : batch;
  static constexpr const char* kUnits[] = {"", "k", "M", "G"};
  return cat(withUnit(double(cost.parameters), kUnits, 4), " parameters; ", flopsText(cost.imageFlops), " an image, ",
             flopsText(cost.captionFlops), " a caption (forward), ", flopsText(cost.pairFlops), " a pair, ",
             flopsText(cost.stepFlops(batch, micro)), " a step of ", batch, "; memory ",
             bytesText(cost.stepBytes(batch, micro)), ": model ", bytesText(double(cost.modelBytes)), ", ",
             bytesText(double(cost.imageBytes)), " an image, ", bytesText(double(cost.captionBytes)), " a caption, ",
             cost.pairBytes, " bytes a pair of a tile");
}

}  // namespace lix::nn
