#pragma once
#include <cstddef>
#include <span>
#include <vector>

namespace lix::study {

/// Of every picture its cosine with the caption of its own class, and the highest with another class.
struct TrueCosines {
  std::vector<float> own, other;
};
/// cosines [pictures, classes], row-major, at least two classes; a label a picture in 0..classes-1: anything else is a
/// broken contract.
TrueCosines trueCosines(std::span<const float> cosines, std::size_t classes, std::span<const int> labels);

/// Equal steps from `low` on. A bin holds its lower end, the last one both.
struct Bins {
  double low = 0.0, step = 1.0;
  std::size_t count = 1;
  double middle(std::size_t bin) const { return low + (double(bin) + 0.5) * step; }
};
/// `count` >= 1 bins from the lowest to the highest finite value of all groups, so that they lie over each other; from 0
/// to 1 without values, and a step of one around a single one.
Bins binsOver(std::span<const std::span<const float>> groups, std::size_t count);
/// Share of the finite values in each bin, those beyond the ends in the outermost: sum to one, or all zero for none.
std::vector<double> sharesIn(const Bins& bins, std::span<const float> values);
/// What two histograms of the same bins have in common, sum of min(a, b): 0 apart, 1 the same.
double overlapOf(std::span<const double> first, std::span<const double> second);

}  // namespace lix::study
