#pragma once
#include <optional>
#include <span>
#include <string>

#include "figures/curves_figure.h"
#include "store/curve.h"
#include "study/metrics/sample_efficiency.h"

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

/// How sure the shots are that a curve needs: resamples that both curves share.
struct ReachInterval {
  enum class Over { Queries, Draws } over = Over::Draws;  ///< outcomes of query pictures and draws, or draws alone
  int draws = 0;                                          ///< of Draws
  study::SampleEfficiency found;                          ///< its interval is there
};

/// Of the points of `other` (above 0 shots) against the point `at`. Over query pictures, draws and models where outcomes
/// of all are on the same pictures; else over the support draws that all points share, at least two, whose means are
/// widened as store/curve.h's intervals of few are; none where neither can be.
std::optional<ReachInterval> reachInterval(const store::CurvePoint& at, std::span<const store::CurvePoint* const> other,
                                           const store::OutcomeTable& outcomes);

/// "95 % interval of these shots: 6.1 to more than 16, over 5 support draws"
std::string sentenceOf(const ReachInterval& interval);

}  // namespace lix::app
