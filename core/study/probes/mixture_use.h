#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "adapt/adapter.h"
#include "base/result.h"

namespace lix::study {

/// What captions make of the tokens of pictures (Llip, arXiv 2405.00740).
struct MixtureSummary {
  std::size_t pictures = 0;
  double captionSpread = 0.0;           ///< mean cosine distance of a picture's embeddings for two captions, 0 to 2
  std::vector<double> spreadQuantiles;  ///< of the distances of all pictures and pairs, at spreadLevels(): of all of
                                        ///< them up to a million, else of a million drawn at random (always the same)
  double weightEntropy = 0.0;         ///< mean over pictures, captions and heads, in nats: 0 one token, ln K all alike
  std::vector<double> usage;          ///< [heads, tokens], mean weight: rows sum to one
  std::vector<std::size_t> dead;      ///< deadTokens() of study/probes/token_use.h
  std::vector<float> captionWeights;  ///< [captions, heads x tokens], mean over pictures: what a caption looks at
};

/// 0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.
const std::vector<double>& spreadLevels();

/// Sums over pictures that come one by one, all with the same captions.
class MixtureUse {
 public:
  MixtureUse(std::size_t captions, std::size_t heads, std::size_t tokens);

  /// One picture: `weights` [captions, heads, tokens], rows summing to one, and its unit `vectors` [captions, D].
  Result<void> add(std::span<const float> weights, adapt::Matrix vectors);
  /// Fails for no pictures, and for fewer than two captions.
  Result<MixtureSummary> summary() const;

 private:
  void keep(float distance);

  std::size_t captions_, heads_, tokens_, pictures_ = 0;
  double entropy_ = 0.0;
  std::vector<double> weights_;  ///< sums, [captions, heads, tokens]
  std::vector<float> distances_;  ///< all, or a reservoir of them
  std::uint64_t pairs_ = 0;
  double distanceSum_ = 0.0;
};

}  // namespace lix::study
