#include "study/probes/mixture_use.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "adapt/linear.h"
#include "base/random.h"
#include "base/text.h"
#include "study/probes/check.h"
#include "study/probes/token_use.h"

namespace lix::study {
namespace {

constexpr std::size_t kMostDistances = 1'000'000;
constexpr std::uint64_t kStreamSpread = 0x737072656164;

/// By linear interpolation between the sorted values, as NumPy's default.
double quantile(const std::vector<float>& sorted, double level) {
  const double place = level * double(sorted.size() - 1);
  const auto below = std::size_t(place);
  const auto above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - double(below)) * (double(sorted[above]) - sorted[below]);
}

}  // namespace

const std::vector<double>& spreadLevels() {
  static const std::vector<double> kLevels{0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0};
  return kLevels;
}

MixtureUse::MixtureUse(std::size_t captions, std::size_t heads, std::size_t tokens)
    : captions_(captions), heads_(heads), tokens_(tokens), weights_(captions * heads * tokens, 0.0) {}

Result<void> MixtureUse::add(std::span<const float> weights, adapt::Matrix vectors) {
  LIX_CHECK(checkRows(vectors, 1, "A picture's mixed vectors"));
  LIX_CHECK(checkRows({weights, captions_ * heads_, tokens_}, 1, "A picture's mixture weights"));
  if (vectors.rows != captions_) {
    return fail(ErrorCode::BadInput,
                cat("A picture was mixed for ", vectors.rows, " captions instead of ", captions_, "."));
  }
  double entropy = 0.0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double weight = weights[i];
    weights_[i] += weight;
    entropy -= weight > 0.0 ? weight * std::log(weight) : 0.0;
  }
  entropy_ += entropy / double(captions_ * heads_);
  for (std::size_t i = 0; i < captions_; ++i) {
    const std::vector<float> cosines =
        adapt::multiplyTransposed(adapt::slice(vectors, i, 1), adapt::slice(vectors, i + 1, captions_ - i - 1));
    for (const float cosine : cosines) {
      keep(1.f - cosine);
    }
  }
  ++pictures_;
  return {};
}

/// Vitter's algorithm R with draws that are a function of the pair's number.
void MixtureUse::keep(float distance) {
  distanceSum_ += distance;
  if (distances_.size() < kMostDistances) {
    distances_.push_back(distance);
  } else if (const std::uint64_t place = Random(0, kStreamSpread, pairs_).below(pairs_ + 1); place < kMostDistances) {
    distances_[place] = distance;
  }
  ++pairs_;
}

Result<MixtureSummary> MixtureUse::summary() const {
  if (pictures_ == 0 || captions_ < 2) {
    return fail(ErrorCode::BadInput,
                cat("How far captions move a picture takes at least one picture and two captions, but "
                    "there are ",
                    pictures_, " and ", captions_, "; take more of the data."));
  }
  MixtureSummary made{.pictures = pictures_};
  std::vector<float> sorted = distances_;
  std::ranges::sort(sorted);
  made.captionSpread = distanceSum_ / double(pairs_);
  for (const double level : spreadLevels()) {
    made.spreadQuantiles.push_back(quantile(sorted, level));
  }
  made.weightEntropy = entropy_ / double(pictures_);
  const std::size_t row = heads_ * tokens_;
  made.usage.assign(row, 0.0);
  for (std::size_t i = 0; i < weights_.size(); ++i) {
    made.captionWeights.push_back(float(weights_[i] / double(pictures_)));
    made.usage[i % row] += weights_[i] / double(pictures_ * captions_);
  }
  made.dead = deadTokens(made.usage, tokens_);
  return made;
}

}  // namespace lix::study
