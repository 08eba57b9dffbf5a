#pragma once
#include <optional>
#include <span>
#include <vector>

#include "study/metrics/bootstrap.h"

namespace lix::study {

/// The values of a curve over rising shots as they would be if more shots never hurt: the non-decreasing values nearest
/// to them in squares (isotonic regression by pooling adjacent violators).
std::vector<double> monotone(std::span<const double> values);

/// With how many shots a curve reaches a level: the least, interpolated in log2 shots between those measured on the
/// monotone curve. The fewest measured where it is there already, infinity where it never is. Shots rise from 1 and
/// have a value each, at least one: otherwise a broken contract.
double shotsToReach(std::span<const double> shots, std::span<const double> values, double level);

/// "A at n shots = B at `shots`".
struct SampleEfficiency {
  double level = 0.0;                ///< what A has at n shots
  double shots = 0.0;                ///< infinity: more than `most`
  double fewest = 0.0, most = 0.0;   ///< shots that B was measured at; `shots` equal to `fewest` means that or fewer
  std::optional<Interval> interval;  ///< 95 % of `shots`, its ends infinity likewise; none without resamples
};

/// From A's accuracy at n shots and B's curve, and the same of every resample: `levels` [R] and `curves` [shots][R] of
/// resampledMeans, both empty where there are none.
SampleEfficiency sampleEfficiency(double level, std::span<const double> shots, std::span<const double> values,
                                  std::span<const double> levels, std::span<const std::vector<double>> curves);

}  // namespace lix::study
