#pragma once
#include <cstddef>
#include <vector>

#include "adapt/adapter.h"
#include "base/progress.h"

namespace lix::study {

/// What one support picture does to one prediction.
struct Influence {
  std::size_t support = 0;  ///< row
  float change = 0.f;       ///< of the predicted class' lead over the best other class, by the picture's being there
};

/// For every query the `most` support pictures that move its prediction most, by leaving each out in turn and fitting
/// anew: the lead of the class predicted with all of them, less its lead without the picture. Of equal ones the lower
/// row. Without its only picture a class would be gone, so such a picture is not left out. S fits and S x Q x C numbers
/// are made one fit after another, `progress` told before each; meant for supports made by hand.
Result<std::vector<std::vector<Influence>>> movedBy(const adapt::Adapter& adapter, const ParamValues& params,
                                                    const adapt::Task& task, adapt::Matrix queries, std::size_t most,
                                                    const Progress& progress = {});

}  // namespace lix::study
