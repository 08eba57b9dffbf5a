#include "adapt/key_training.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "adapt/canonical.h"
#include "adapt/check.h"
#include "adapt/linear.h"
#include "base/contracts.h"
#include "base/random.h"
#include "base/text.h"

namespace lix::adapt {
namespace {

constexpr std::uint64_t kStream = 0x7469;  // of the epochs' orders

/// Turns logits [B, C] into (softmax - onehot) / B; returns the mean cross-entropy.
double residuals(std::span<float> logits, std::span<const int> labels) {
  const std::size_t classes = logits.size() / labels.size();
  const auto rows = static_cast<double>(labels.size());
  double loss = 0.0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto row = logits.subspan(i * classes, classes);
    const float most = *std::ranges::max_element(row);
    const float own = row[static_cast<std::size_t>(labels[i])] - most;
    double total = 0.0;
    for (float& value : row) {
      value = std::exp(value - most);
      total += value;
    }
    for (float& value : row) {
      value = static_cast<float>(value / (total * rows));
    }
    row[static_cast<std::size_t>(labels[i])] -= static_cast<float>(1.0 / rows);
    loss += std::log(total) - own;
  }
  return loss / rows;
}

/// AdamW as PyTorch steps it.
class AdamW {
 public:
  AdamW(std::size_t size, double weightDecay) : weightDecay_(weightDecay), mean_(size, 0.f), square_(size, 0.f) {}

  void step(std::span<float> at, std::span<const float> gradient, double rate) {
    constexpr float kKeepMean = 0.9f, kKeepSquare = 0.999f, kEpsilon = 1e-4f;
    ++steps_;
    const auto steps = static_cast<double>(steps_);
    const auto size = static_cast<float>(rate / (1.0 - std::pow(0.9, steps)));
    const auto root = static_cast<float>(std::sqrt(1.0 - std::pow(0.999, steps)));
    const auto decay = static_cast<float>(1.0 - rate * weightDecay_);
    for (std::size_t i = 0; i < at.size(); ++i) {
      mean_[i] = kKeepMean * mean_[i] + (1.f - kKeepMean) * gradient[i];
      square_[i] = kKeepSquare * square_[i] + (1.f - kKeepSquare) * gradient[i] * gradient[i];
      at[i] = at[i] * decay - size * mean_[i] / (std::sqrt(square_[i]) / root + kEpsilon);
    }
  }

 private:
  double weightDecay_;
  std::size_t steps_ = 0;
  std::vector<float> mean_;
  std::vector<float> square_;
};

/// Rows of the support that make up one batch, with memory of their own.
struct Batch {
  std::vector<float> features, zeroShot;
  std::vector<int> labels;

  void fill(const Labelled& all, std::span<const float> logits, std::size_t classes,
            std::span<const std::uint32_t> rows) {
    features.clear();
    zeroShot.clear();
    labels.clear();
    for (const std::uint32_t i : rows) {
      const auto row = all.features.row(i);
      const auto z = logits.subspan(i * classes, classes);
      features.insert(features.end(), row.begin(), row.end());
      zeroShot.insert(zeroShot.end(), z.begin(), z.end());
      labels.push_back(all.labels[i]);
    }
  }
};

}  // namespace

double keyGradient(const Labelled& keys, const KeyBatch& batch, float alpha, float beta, std::span<float> gradient) {
  const std::size_t rows = batch.images.labels.size();
  const std::size_t classes = rows == 0 ? 0 : batch.zeroShot.size() / rows;
  LIX_REQUIRE(rows > 0 && gradient.size() == keys.features.values.size());
  std::vector<float> affinity = multiplyTransposed(keys.features, batch.images.features);  // [S, B]
  std::vector<float> sums(classes * rows, 0.f);                                            // [C, B]
  affinities(affinity, beta, affinity);
  const auto ofKey = [&](std::size_t s) { return std::span(affinity).subspan(s * rows, rows); };
  const auto ofClass = [&](int c) { return std::span(sums).subspan(static_cast<std::size_t>(c) * rows, rows); };
  for (std::size_t s = 0; s < keys.labels.size(); ++s) {
    add(ofKey(s), ofClass(keys.labels[s]));
  }
  std::vector<float> logits = transposed({sums, classes, rows});
  addScaled(batch.zeroShot, alpha, logits, logits);
  const double loss = residuals(logits, batch.images.labels);
  sums = transposed({logits, rows, classes});
  for (std::size_t s = 0; s < keys.labels.size(); ++s) {
    const auto slope = ofKey(s);
    const auto residual = ofClass(keys.labels[s]);
    for (std::size_t i = 0; i < rows; ++i) {
      slope[i] *= alpha * beta * residual[i];
    }
  }
  const std::vector<float> images = transposed(batch.images.features);  // [D, B]
  const auto out = multiplyTransposed({affinity, keys.labels.size(), rows}, {images, keys.features.columns, rows});
  std::ranges::copy(out, gradient.begin());
  return loss;
}

Result<void> trainKeys(const Task& task, const KeyTraining& settings, const AfterEpoch& afterEpoch) {
  const Labelled& support = task.support;
  const std::size_t count = support.labels.size();
  const std::vector<float> zeroShot = multiplyTransposed(support.features, task.text, task.logitScale);
  std::vector<float> keys(support.features.values.begin(), support.features.values.end());
  std::vector<float> gradient(keys.size());
  AdamW optimiser(keys.size(), settings.weightDecay);
  const double steps = static_cast<double>(settings.epochs * ((count + settings.batch - 1) / settings.batch));
  std::size_t step = 0;
  Batch batch;
  for (std::size_t epoch = 0; epoch < settings.epochs; ++epoch) {
    const auto order = permutation(count, Random(settings.seed, kStream, epoch));
    for (std::size_t first = 0; first < count; first += settings.batch, ++step) {
      LIX_CHECK(checkStop(task));
      const auto rows = std::span(order).subspan(first, std::min(settings.batch, count - first));
      batch.fill(support, zeroShot, task.classes, rows);
      const Labelled images{{batch.features, rows.size(), support.features.columns}, batch.labels};
      const Labelled labelledKeys{{keys, count, support.features.columns}, support.labels};
      const double loss = keyGradient(labelledKeys, {images, batch.zeroShot}, settings.alpha, settings.beta, gradient);
      if (!std::isfinite(loss)) {
        return fail(ErrorCode::BadInput, cat("The loss of Tip-Adapter-F is not a finite number in epoch ", epoch + 1,
                                             ": choose a smaller learning_rate, alpha or beta."));
      }
      const double rate =
          0.5 * settings.learningRate * (1.0 + std::cos(std::numbers::pi * static_cast<double>(step) / steps));
      optimiser.step(keys, gradient, rate);
    }
    afterEpoch(epoch, keys);
  }
  return {};
}

}  // namespace lix::adapt
