#pragma once
#include "data/scenes/scene.h"

namespace lix::data {

/// Whether the point lies in the upright shape of radius 1 around the origin, y downwards. Every shape stays within 1
/// of the origin along both axes, also when turned as far as SceneObject allows.
bool inside(Shape shape, double x, double y);

/// Whether the texture is dark at the point, in fractions of the picture's side from the object's centre: the pattern
/// has the same grain on small and large objects, at least 4 pixels a period where the picture has 64.
bool isDark(Texture texture, double x, double y);

}  // namespace lix::data
