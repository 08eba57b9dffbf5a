#pragma once
#include "study/few_shot/few_shot.h"
#include "study/few_shot/reach.h"

namespace lix::study {

/// The protocol on class-conditioned vectors of a Llip (adapt/affinity.h): with m(x, c) picture x mixed for the query
/// of class c and made a unit vector, a query q and a support picture s of class c have the affinity m(q, c) . m(s, c),
/// the prototype of c is the unit mean of m(s, c) over its support, and the text scores m(q, c) . w_c are the model's
/// own zero-shot. Queries are mixed in blocks, each once for each class whatever the number of shots and draws; the
/// validation pictures of a draw only where an adapter searches on them, one draw at a time. Held are the mixed support
/// pictures, [pool, D] at most, for one draw [validation, support + 2 classes] affinities, and for a block of queries
/// the affinities with all draws, 256 MiB unless a single query has more. Adds the points of all shot counts to
/// `result`, whose reach is chosen. Seconds to fit hold the mixing of the support and, of what searches, of validation;
/// those to answer a share of the mixing of the queries. Refuses mixtures that are not finite.
Result<void> evaluateClassConditioned(const FewShotData& data, const FewShotSettings& settings, const Reach& reach,
                                      const Progress& progress, FewShotResult& result);

}  // namespace lix::study
