#pragma once
#include <optional>
#include <string>

#include "figures/curves_figure.h"

namespace lix::app {

/// How many shots a second curve needs for what a first one has at `shots`.
struct ReachAnswer {
  enum class Kind {
    Reached,    ///< at `shots`, between measured points on straight lines over log2(shots)
    AtFirst,    ///< its first measured point is that good already: it needs at most `shots`
    NotReached  ///< not even at `shots`, the most that were measured
  };
  Kind kind = Kind::NotReached;
  double shots = 0.0;
  double accuracy = 0.0;  ///< of the first curve
};

/// Where `other` first reaches the accuracy of `curve` at `shots`; points at 0 shots have no part in it. Nothing where
/// `curve` was not measured at these shots, or `other` at none.
std::optional<ReachAnswer> shotsToReach(const figures::CurveSeries& curve, double shots,
                                        const figures::CurveSeries& other);

/// The answer in a sentence: "8 shots of A do what 13.5 shots of B do (62.1 %)."
std::string sentenceOf(const ReachAnswer& answer, const std::string& curve, double shots, const std::string& other);

}  // namespace lix::app
