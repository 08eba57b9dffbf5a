#pragma once
#include <optional>
#include <span>
#include <string>

#include "store/curve.h"
#include "study/metrics/sample_efficiency.h"

namespace lix::app {

/// Whether two results answer the same question: all that curves are told apart by is equal but for the checkpoint
/// label, the vectors and the number of shots.
inline bool differInModelAlone(const store::EvaluationRow& a, const store::EvaluationRow& b) {
  return a.kind == b.kind && a.dataset == b.dataset && a.split == b.split && a.labelSet == b.labelSet &&
         a.templates == b.templates && a.adapter == b.adapter && a.metric == b.metric && a.settings == b.settings &&
         a.classes == b.classes;
}

/// With how many shots the curve of another checkpoint label reaches what the point `at` has: over the points of
/// `points` that differ from it in label, vectors and shots alone and have the same number of classes, since fewer
/// classes are an easier task. The interval is of resamples that both curves share; none where outcomes are missing or
/// on different query pictures. None where there are no such points.
std::optional<study::SampleEfficiency> sampleEfficiency(const store::CurvePoint& at,
                                                        std::span<const store::CurvePoint> points,
                                                        const std::string& label, const store::OutcomeTable& outcomes);

/// "SigLIxP at 8 shots (61.2 %) = SigLIP at 27.3 shots (95 % interval 19.8 to more than 32)".
std::string sentenceOf(const study::SampleEfficiency& found, const store::CurvePoint& at, const std::string& label);

}  // namespace lix::app
