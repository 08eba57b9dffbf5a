#pragma once
#include <string>
#include <vector>

#include "data/scenes/scene.h"
#include "imaging/image.h"

namespace lix::data {

/// What a caption is about.
enum class Aspect : std::uint8_t { Object, Place, Texture, Size, Relation, Count, Background };

/// One true sentence and the objects it speaks of (none: it speaks of the background).
struct SceneCaption {
  Aspect aspect = Aspect::Object;
  std::string text;
  std::vector<int> objects;
};

/// The captions of a scene, all different. Of the main object: what it is ("a red circle"), its place, texture and
/// size; where there are several also another object, its texture, and how the main object lies to it; then all objects
/// counted and named; then the background.
std::vector<SceneCaption> captionsOf(const Scene& scene);

/// Exactly the pixels the caption speaks of.
imaging::Mask captionMask(const Scene& scene, const SceneCaption& caption, int size);

}  // namespace lix::data
