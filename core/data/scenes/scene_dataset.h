#pragma once
#include <functional>

#include "data/dataset.h"
#include "data/scenes/scene.h"

namespace lix::data {

/// The first `count` scenes of a seed as a dataset: keys "<seed>-<number>", the captions of captionsOf with their
/// masks, and the label sets "count", "colour", "shape" and "place", the last three of the main object (the largest,
/// see Scene). Pictures are drawn when they are asked for, `size` pixels square.
Dataset sceneDataset(const std::string& name, const SceneOptions& options, std::size_t count, int size,
                     const std::function<Split(std::string_view key)>& splitOf);

}  // namespace lix::data
