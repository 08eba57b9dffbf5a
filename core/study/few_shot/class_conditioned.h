#pragma once
#include "study/few_shot/few_shot.h"
#include "study/few_shot/reach.h"

namespace lix::study {

/// The protocol on class-conditioned vectors of a Llip (adapt/affinity.h): with m(x, c) picture x mixed for the query
/// of class c and made a unit vector, a query q and a support picture s of class c have the affinity m(q, c) . m(s, c),
/// the prototype of c is the unit mean of m(s, c) over its support, and the text scores m(q, c) . w_c are the model's
/// own zero-shot. Pictures are mixed in blocks, each once for each class whatever the number of shots and draws;
/// nothing of size queries x classes x width is held. Adds the points of all shot counts to `result`, whose reach is
/// chosen.
Result<void> evaluateClassConditioned(const FewShotData& data, const FewShotSettings& settings, const Reach& reach,
                                      const Progress& progress, FewShotResult& result);

}  // namespace lix::study
