#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "adapt/adapter.h"

namespace lix::adapt {

/// How the keys of Tip-Adapter-F are trained.
struct KeyTraining {
  float alpha = 1.f;
  float beta = 1.f;
  std::size_t epochs = 20;
  std::size_t batch = 256;
  double learningRate = 1e-3;  ///< falls to 0 by half a cosine over all steps
  double weightDecay = 0.01;
  std::uint64_t seed = 1;  ///< of the order of every epoch
};

/// Pictures that a loss is taken over: unit features [B, D], labels [B], zero-shot logits [B, C].
struct KeyBatch {
  Labelled images;
  std::span<const float> zeroShot;
};

/// Mean cross-entropy of Z + alpha exp(-beta (1 - F K')) onehot over a batch, for keys K [S, D] that need not be unit
/// vectors, and its gradient with respect to them in closed form:
/// dK_s = sum_i alpha beta exp(-beta (1 - f_i k_s)) (softmax - onehot)[i, y_s] / B f_i.
double keyGradient(const Labelled& keys, const KeyBatch& batch, float alpha, float beta, std::span<float> gradient);

/// What is done after each epoch (from 0) with the keys [S, D], in the order of the support.
using AfterEpoch = std::function<void(std::size_t, std::span<const float>)>;

/// Trains keys that begin as the support (task.support) to classify the support, with AdamW (betas 0.9 and 0.999, eps
/// 1e-4). Fails where the keys leave the range of a float, and where
/// the task is stopped, after a batch at most. The result depends on the order of the support.
Result<void> trainKeys(const Task& task, const KeyTraining& settings, const AfterEpoch& afterEpoch);

}  // namespace lix::adapt
