#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.h"

namespace lix::study {

/// Everything that decides the numbers of a training run. Kept in the training state and in the run's row.
struct TrainSettings {
  std::string recipe = "siglip";
  std::string size = "tiny";
  std::string data;  ///< name of the dataset or pack
  std::string init;  ///< checkpoint to start from, "" = from nothing
  int steps = 1000;
  int batch = 128;
  std::uint64_t seed = 0;
  double learningRate = 1e-3;
  double warmup = 0.1;  ///< share of the steps with a linearly rising rate; cosine to zero afterwards
  double weightDecay = 0.1;
  double clip = 1.0;  ///< joint gradient norm, 0 = off
  double scalarMultiplier =
      0.0;               ///< of the rate of scales, biases and temperatures; 0 = by the rule of scalarMultiplierRule
  double minCrop = 0.6;  ///< least area of the random crop, 1 = no augmentation
  bool flip = false;     ///< mirroring at random; off because captions say left and right
  int threads = 0;       ///< 0 = all cores; the same number gives the same bytes
  int checkpointEvery = 200;
  int keepEvery = 0;         ///< steps between copies that stay beside the newest checkpoint, 0 = none
  bool halfWeights = false;  ///< model.safetensors in fp16 (the training state keeps fp32)
  int microBatch = 0;        ///< pictures embedded at once (gradient caching); 0 = chosen by the memory that is free
  int mostSkipped = 10;      ///< steps without a finite loss and gradient that may be passed over; one more stops

  // The model of a run that starts from nothing; 0 takes the preset's number.
  std::string towers;  ///< "siglip", "clip" or "heads" instead of the recipe's own, "" = those
  int tokens = 0;        ///< K
  int mixtureHeads = 0;  ///< M
  double tau = 0.0;      ///< of the mixing
  bool mixtureNorms = false;
  bool patchTokens = false;
  int hidden = 0;      ///< width between the layers of MLP heads
  int headDepth = 0;   ///< their linear layers
  int embedWidth = 0;  ///< D of MLP heads

  // LIxP's open points and ablations (docs/papers.md); 0 and false are what the recipe says.
  double alpha = 0.0;              ///< weight of the plain term; the context's is 1 - alpha
  double neighboursAtStart = 0.0;  ///< of tau_ctx, as a share of the batch
  double tauContext = 0.0;         ///< first tau_ctx itself, instead of by neighbours
  bool unmasked = false;
  bool uniformContext = false;  ///< placebo
  bool detachedValues = false;
  bool rawContext = false;  ///< the context is not normalised before the second loss
  bool sharedScale = false;
  bool sharedBias = false;

  // Post-training.
  bool lockImage = false;
  bool lockText = false;
  int lockBlocks = 0;  ///< first blocks of each tower, its embeddings with them
  double ema = 0.0;    ///< decay of an average of the weights that is saved instead of them; 0 = off

  // The canary: a small evaluation during the run, on pictures of another dataset.
  std::string canary;           ///< dataset, "" = off
  int canaryEvery = 100;        ///< steps
  int canaryShots = 4;          ///< pictures a class
  std::string canaryBest;       ///< series by which the best step is kept beside the newest, "" = none
  bool canaryStops = false;     ///< a real paired drop of zero-shot ends the run instead of a warning

  Result<void> validate() const;
};

std::string toJson(const TrainSettings& settings);
Result<TrainSettings> settingsFromJson(const std::string& json);

/// Learning rate of a step: linear warm-up, cosine to zero.
double learningRate(const TrainSettings& settings, int step);

/// clamp(15 / sum of all learning rates, 1, 100): how much faster scales, biases and temperatures must move to cross
/// their range in a run this short, since Adam moves a logarithm by about one learning rate a step (docs/papers.md).
double scalarMultiplierRule(const TrainSettings& settings);

}  // namespace lix::study
