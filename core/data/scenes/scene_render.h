#pragma once
#include <array>
#include <span>

#include "data/scenes/scene.h"
#include "imaging/image.h"

namespace lix::data {

using Rgb = std::array<std::uint8_t, 3>;

Rgb colourValue(Colour colour);
Rgb backgroundValue(Background background);

/// The scene as `size` x `size` pixels, each the mean of 4 x 4 samples. The dark parts of a texture are the object's
/// colour at 55 % of its brightness, so the hue stays the named one.
imaging::Image renderScene(const Scene& scene, int size);

/// The pixels at least half covered by the objects of these indices.
imaging::Mask objectMask(const Scene& scene, std::span<const int> objects, int size);

/// The pixels that objectMask of all objects leaves.
imaging::Mask backgroundMask(const Scene& scene, int size);

}  // namespace lix::data
