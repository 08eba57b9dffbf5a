#pragma once
#include <cstddef>

#include "adapt/adapter.h"
#include "base/result.h"

namespace lix::study {

// Unit vectors on the sphere, images and captions [n, D].

/// mean of |f(x) - g(y)|^2 over the pairs of an image and its caption: 0 is perfect, 4 the opposite (Wang and Isola
/// 2020, arXiv 2005.10242, with alpha = 2).
Result<double> alignment(adapt::Matrix images, adapt::Matrix captions);

/// ln of the mean of exp(-2 |x - y|^2) over all pairs of different rows: 0 where all are one point, lower the more
/// evenly they fill the sphere (the same paper, t = 2). Needs two rows.
Result<double> uniformity(adapt::Matrix rows);

/// |mean of the images - mean of the captions| (Liang et al. 2022, arXiv 2203.02053): 0 to 2.
Result<double> modalityGap(adapt::Matrix images, adapt::Matrix captions);

}  // namespace lix::study
