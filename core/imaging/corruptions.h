#pragma once
#include <span>
#include <string_view>

#include "base/result.h"
#include "imaging/image.h"

namespace lix::imaging {

/// Corruptions of Hendrycks & Dietterich 2019 (Benchmarking Neural Network Robustness to Common Corruptions and
/// Perturbations, arXiv 1903.12261) with the names and, in a picture whose shorter side is 224, the parameters of
/// ImageNet-C. Where ours differ:
/// - a picture whose shorter side is longer than `frame` is brought to it first, as the reference brings all to 224,
/// since
///   noise of single pixels in a large picture would be gone once a model has made it small;
/// - a smaller one keeps its size: radii, distances and shifts become smaller with it, noise stays the same a pixel;
/// - frost and snow are left out (the one needs photographs of frost);
/// - elastic_transform has the reference's severities 3 to 5 and two weaker ones; the reference's first two move the
///   whole picture instead of bending it;
/// - defocus_blur smooths its disk by covered area, motion_blur its line by linear interpolation.
///
/// Deterministic: what is drawn depends on the picture's content and the corruption alone, and is drawn once for all
/// severities, so that a higher one is more of the same.
struct Corruption {
  std::string_view name;   ///< as the reference calls it: "gaussian_noise"
  std::string_view title;  ///< "Gaussian noise"
};

inline constexpr int kSeverities = 5;
inline constexpr int kCorruptionFrame = 224;

/// All there are, in the reference's order: noise, blur, weather, digital.
std::span<const Corruption> corruptions();

/// One by name, or an error that lists the names.
Result<const Corruption*> findCorruption(std::string_view name);

/// The picture corrupted with severity 1 to 5 (anything else is a broken contract), its shorter side at most `frame`
/// pixels.
Result<Image> corrupt(const Image& image, const Corruption& corruption, int severity, int frame = kCorruptionFrame);

}  // namespace lix::imaging
