#include "nn/cost.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

#include "base/memory.h"
#include "base/text.h"
#include "nn/ops/mixture_loss.h"
#include "nn/parameters.h"
#include "nn/reducers/reducer.h"
#include "nn/scorers/scorer.h"

namespace lix::nn {
namespace {

constexpr double kBytes = 4.0;              // fp32
constexpr double kLearns = 3.0;             // a weight's gradient and AdamW's two moments
constexpr std::int64_t kTile = 64;          // images a tile of the pairwise losses, at most
constexpr std::int64_t kMostColumns = 512;  // captions a tile of Llip's loss, at most
constexpr double kSigmoidFlops = 6.0;   // times D a pair: one product for the cosines, two for the gradients
constexpr double kSoftmaxFlops = 8.0;   // the cosines are made twice
constexpr double kContextFlops = 10.0;  // of the context's vectors and gradients, each tile serving both directions

/// Forward operations of transformer blocks over `tokens`.
double blockFlops(const EncoderConfig& c, double tokens) {
  const double w = c.width;
  return c.depth * (2.0 * tokens * (4.0 * w * w + 2.0 * w * c.mlpWidth) + 4.0 * tokens * tokens * w);
}

/// What of a tower the backward goes through.
struct Learned {
  int blocks = 0;    ///< the last ones
  bool any = false;  ///< these, or what comes after the blocks
};

Learned learnedOf(const std::vector<ParameterSpec>& specs, const std::string& tower, int depth,
                  const CostOptions& options) {
  if (!options.locked) {
    return {depth, true};
  }
  static constexpr std::string_view kLayers = ".encoder.layers.";
  int first = depth;
  Learned learned;
  for (const ParameterSpec& spec : specs) {
    if (!spec.name.starts_with(tower) || options.locked(spec.name)) {
      continue;
    }
    learned.any = true;
    if (const auto at = spec.name.find(kLayers); at != std::string::npos) {
      first = std::min(first, std::atoi(spec.name.c_str() + at + kLayers.size()));
    } else if (spec.name.find("embeddings.") != std::string::npos ||
               spec.name.find("pre_layrnorm.") != std::string::npos) {
      first = 0;
    }
  }
  learned.blocks = depth - first;
  return learned;
}

/// Numbers that blocks keep for their backward: inputs and outputs of both LayerNorms, q, k, v, what attention gives and
/// its log-sums, and the MLP before and after its activation (QuickGELU keeps the sigmoid too); and what the backward of
/// one block works on, which is all that a locked tower holds.
double blockNumbers(const EncoderConfig& c, double tokens, const Learned& learned) {
  const double mlps = c.activation == Activation::QuickGelu ? 3.0 : 2.0;
  const double kept = 8.0 * c.width + mlps * c.mlpWidth + c.heads;
  const double worked = 4.0 * c.width + 2.0 * c.mlpWidth;
  return tokens * (learned.blocks * kept + worked);
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

/// What the backward goes through of both towers.
struct LearnedTowers {
  Learned image, text;
};

std::int64_t bytesOf(double blocks, double rest, const Learned& learned) {
  return std::int64_t(kBytes * (blocks + (learned.any ? rest : 0.0)));
}

void addSiglip(const ModelConfig& c, const LearnedTowers& towers, Cost& cost) {
  const double w = c.vision.width, p = c.patches(), l = c.contextLength, patchInputs = 3.0 * c.patch * c.patch;
  cost.imageFlops = 2.0 * p * w * patchInputs + blockFlops(c.vision, p) +                      // tower
                    4.0 * p * w * w + 4.0 * p * w + 2.0 * w * w + 4.0 * w * c.vision.mlpWidth;  // attention pooling
  cost.captionFlops = blockFlops(c.text, l) + 2.0 * c.text.width * c.embedWidth;
  cost.imageBytes = bytesOf(blockNumbers(c.vision, p, towers.image),
                            p * (patchInputs + 4.0 * w) + 4.0 * w + 2.0 * c.vision.mlpWidth, towers.image);
  cost.captionBytes = bytesOf(blockNumbers(c.text, l, towers.text), 2.0 * c.text.width, towers.text);
}

void addClip(const ModelConfig& c, const LearnedTowers& towers, Cost& cost) {
  const double w = c.vision.width, p = c.patches(), tokens = p + c.classTokens, l = c.contextLength;
  const double patchInputs = 3.0 * c.patch * c.patch, read = c.mixtureTokens();
  cost.imageFlops = 2.0 * p * w * patchInputs + blockFlops(c.vision, tokens) + headFlops(c);
  cost.captionFlops = blockFlops(c.text, l) + 2.0 * c.text.width * c.embedWidth * (c.mixesByCaption() ? 2.0 : 1.0);
  const double mixing = c.mixture ? read * c.embedWidth * (c.mixture->norms ? 6.0 : 2.0) : 0.0;  // while projected
  cost.imageBytes = bytesOf(blockNumbers(c.vision, tokens, towers.image),
                            p * patchInputs + 2.0 * tokens * w + read * w + mixing, towers.image);
  cost.captionBytes = bytesOf(blockNumbers(c.text, l, towers.text), 3.0 * c.text.width, towers.text);
}

/// MLPs on features: each matrix takes its input and gives its output, with and without the activation. What reads their
/// tokens is that of CLIP towers.
void addHeads(const ModelConfig& c, const std::vector<ParameterSpec>& specs, Cost& cost) {
  for (const ParameterSpec& spec : specs) {
    if (spec.shape.size() < 2 || spec.name == "llip.out_proj") {
      continue;
    }
    const bool text = spec.name.starts_with("text") || spec.name == "llip.q_proj";
    const double numbers = double(parameterCount({spec}));
    const double kept = kBytes * (double(spec.shape.back()) + 2.0 * numbers / double(spec.shape.back()));
    if (text || !spec.name.starts_with("llip.")) {
      (text ? cost.captionFlops : cost.imageFlops) += 2.0 * numbers;
    }
    (text ? cost.captionBytes : cost.imageBytes) += std::int64_t(kept);
  }
  cost.imageFlops += headFlops(c);
}

/// Keys and values or one vector, their gradients where the tower learns, and the pixels of all batches that lie there.
void addKept(const ModelConfig& c, const LearnedTowers& towers, int batches, Cost& cost) {
  const double d = c.embedWidth;
  const double image = (c.mixesByCaption() ? 2.0 * c.mixtureTokens() * d : d) * (towers.image.any ? 2.0 : 1.0);
  const double caption = (c.mixesByCaption() ? 2.0 * d : d) * (towers.text.any ? 2.0 : 1.0);
  cost.imageKeptBytes = std::int64_t(kBytes * (image + batches * 3.0 * c.imageSize * c.imageSize));
  cost.captionKeptBytes = std::int64_t(kBytes * caption + batches * 8.0 * c.contextLength);
}

/// Llip's term in one pass (mixture_worker.h): its tiles, and what each thread sums up and works on.
void addMixturePairs(const ModelConfig& c, std::int64_t batch, int threads, Cost& cost) {
  const double t = c.mixtureTokens(), d = c.embedWidth, q = t * c.mixture->heads;
  const bool gram =
      cheaperForm(batch, batch, c.mixture->heads, c.mixtureTokens(), c.embedWidth) == MixtureForm::Gram;
  const double workers = double(std::min<std::int64_t>(threads, batch));
  cost.pairFlops += 12.0 * t * d + mixtureFormFlops(gram ? MixtureForm::Gram : MixtureForm::Context, double(batch),
                                                    c.mixture->heads, c.mixtureTokens(), c.embedWidth);
  cost.pairBytes = std::max(cost.pairBytes, std::int64_t(kBytes * (gram ? 3.0 * q : 2.0 * q + 3.0 * d)));
  cost.tileImages = std::int64_t(workers);
  cost.tileCaptions = std::min(batch, kMostColumns);
  const double once = gram ? 2.0 * q * q + 3.0 * q * d : 0.0;
  cost.lossBytes += std::int64_t(kBytes * (workers * (d * d + 2.0 * t * d + once) + 2.0 * d * d));
  cost.captionKeptBytes += std::int64_t(kBytes * (2.0 * workers + 3.0) * d);  // sums of each thread; q, w and t
}

/// The composed form of a term of token sets: weights and mixed values of all pairs, and their backward.
void addComposedMixture(const ModelConfig& c, std::int64_t batch, Cost& cost) {
  const double t = c.mixtureTokens(), d = c.embedWidth, q = t * c.mixture->heads;
  cost.pairFlops += 3.0 * (4.0 * t * d + 2.0 * d * d + 4.0 * d);
  cost.pairBytes = std::int64_t(kBytes * (2.0 * q + 6.0 * d));
  cost.tileImages = cost.tileCaptions = batch;
}

/// A recipe's term has a bias where its reducer is the sigmoid's, and a temperature where it looks at a context.
void addPairs(const ModelConfig& c, const Recipe& recipe, std::int64_t batch, int threads, Cost& cost) {
  cost.tileImages = std::min(kTile, batch);
  cost.tileCaptions = batch;
  cost.pairBytes = std::int64_t(2.0 * kBytes);
  for (const Term& term : recipe.terms) {
    if (c.mixesByCaption()) {
      term.reducer->mixture ? addMixturePairs(c, batch, threads, cost) : addComposedMixture(c, batch, cost);
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
  const double n = double(batch);
  const auto passes = [&](double backward) {
    return 1.0 + 2.0 * backward + (microBatch < batch && backward > 0.0 ? 1.0 : 0.0);
  };
  return n * (passes(imageBackward) * imageFlops + passes(captionBackward) * captionFlops) + n * n * pairFlops;
}

double Cost::stepBytes(std::int64_t batch, std::int64_t microBatch) const {
  const double n = double(batch);
  return double(modelBytes + lossBytes) + double(microBatch) * double(imageBytes + captionBytes) +
         n * double(imageKeptBytes + captionKeptBytes) +
         double(std::min(tileImages, batch)) * double(std::min(tileCaptions, batch)) * double(pairBytes);
}

Cost costOf(const ModelConfig& config, const Recipe& recipe, std::int64_t batch, const CostOptions& options) {
  Cost cost;
  const auto specs = parameterSpecs(config);
  cost.parameters = parameterCount(specs);
  double learning = 0.0;
  for (const ParameterSpec& spec : specs) {
    learning += options.locked && options.locked(spec.name) ? 0.0 : double(parameterCount({spec}));
  }
  double numbers = double(cost.parameters) + (kLearns + (options.averaged ? 1.0 : 0.0)) * learning;
  LearnedTowers towers{{0, true}, {0, true}};
  if (config.towers == Towers::Heads) {
    addHeads(config, specs, cost);
  } else {
    towers = {learnedOf(specs, "vision_model.", config.vision.depth, options),
              learnedOf(specs, "text_model.", config.text.depth, options)};
    config.towers == Towers::Siglip ? addSiglip(config, towers, cost) : addClip(config, towers, cost);
    cost.imageBackward = double(towers.image.blocks) / config.vision.depth;
    cost.captionBackward = double(towers.text.blocks) / config.text.depth;
    for (const EncoderConfig& tower : {config.vision, config.text}) {
      numbers += 3.0 * tower.depth * tower.width * tower.width;  // q, k and v joined for one product
    }
  }
  cost.modelBytes = std::int64_t(kBytes * numbers);
  addKept(config, towers, 1 + options.waiting, cost);
  addPairs(config, recipe, batch, options.threads, cost);
  return cost;
}

double comparisonFlops(const ModelConfig& config) {
  const double d = config.embedWidth, t = config.mixtureTokens();
  return 2.0 * d + (config.mixesByCaption() ? 4.0 * t * d + 2.0 * d * d : 0.0);
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
                  " bytes in a tile of ", cost.tileImages, " x ", cost.tileCaptions,
                  cost.lossBytes > 0 ? cat(", the loss's own sums ", bytesText(double(cost.lossBytes))) : "", ". ",
                  remedy));
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
