#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "base/result.h"

namespace lix::study {

/// Tokens that no head uses by a tenth of an even share; `usage` is [heads, tokens], mean weights.
std::vector<std::size_t> deadTokens(std::span<const double> usage, std::size_t tokens);

/// What a Llip (arXiv 2405.00740) makes of one picture: `weights` [captions, heads, tokens], rows summing to one, and
/// `distances` [captions, captions], 1 - cosine of its embeddings for two captions.
struct MixedPicture {
  std::span<const float> weights, distances;
};

/// How pictures' tokens are used, caption by caption: means over the pictures.
struct TokenUse {
  std::size_t pictures = 0, captions = 0, heads = 0, tokens = 0;
  std::vector<double> shares;      ///< [tokens], mean weight over heads and captions: they sum to one
  std::vector<std::size_t> dead;   ///< of deadTokens()
  std::vector<double> entropies;   ///< [captions, heads], nats: 0 one token, ln tokens all alike
  double effectiveTokens = 0.0;    ///< exp of the mean of the entropies
  std::vector<double> distances;   ///< [captions, captions]
  std::vector<float> pairs;        ///< distances of every pair of captions (first < second) in every picture
  double meanDistance = 0.0;       ///< of the pairs; 0 for one caption
};

/// `counted` names the heads that count; empty: all. Fails on no pictures, on none of captions, heads or tokens, on sizes that
/// do not fit them and on a head that is not there.
Result<TokenUse> tokenUse(std::span<const MixedPicture> pictures, std::size_t captions, std::size_t heads,
                          std::size_t tokens, std::span<const std::size_t> counted = {});

/// How many values lie in equal steps from 0 to the largest; values below 0, which rounding leaves, count as 0.
struct Histogram {
  double step = 0.0;
  std::vector<std::size_t> counts;
};
Histogram histogram(std::span<const float> values, std::size_t steps);

}  // namespace lix::study
