#include "data/scenes/scene_captions.h"

#include <cmath>
#include <numeric>

#include "base/text.h"
#include "data/scenes/scene_render.h"

namespace lix::data {
namespace {

std::string withArticle(const std::string& phrase) {
  const bool vowel = std::string_view("aeiou").find(phrase.front()) != std::string_view::npos;
  return (vowel ? "an " : "a ") + phrase;
}

std::string noun(const SceneObject& object) {
  return cat(nameOf(kColourNames, object.colour), " ", nameOf(kShapeNames, object.shape));
}

std::string placed(Place place) {
  switch (place) {
    case Place::Left: return "on the left";
    case Place::Right: return "on the right";
    case Place::Top: return "at the top";
    case Place::Bottom: return "at the bottom";
    case Place::Centre: break;
  }
  return "in the centre";
}

/// The axis on which the centres lie further apart decides; the cells keep them at least 0.2 apart there.
std::string_view relation(const SceneObject& from, const SceneObject& to) {
  const double dx = from.x - to.x;
  const double dy = from.y - to.y;
  if (std::abs(dx) >= std::abs(dy)) {
    return dx < 0.0 ? "left of" : "right of";
  }
  return dy < 0.0 ? "above" : "below";
}

std::string counted(const Scene& scene) {
  std::string list;
  for (std::size_t i = 0; i < scene.objects.size(); ++i) {
    list += i == 0 ? ": " : i + 1 == scene.objects.size() ? " and " : ", ";
    list += withArticle(noun(scene.objects[i]));
  }
  return cat(kCountNames[scene.objects.size() - 1], list);
}

}  // namespace

std::vector<SceneCaption> captionsOf(const Scene& scene) {
  const SceneObject& main = scene.objects.front();
  const auto textured = [](const SceneObject& object) {
    return withArticle(cat(nameOf(kTextureNames, object.texture), " ", noun(object)));
  };
  std::vector<SceneCaption> captions{
      {Aspect::Object, withArticle(noun(main)), {0}},
      {Aspect::Place, cat(withArticle(noun(main)), " ", placed(main.place)), {0}},
      {Aspect::Texture, textured(main), {0}},
      {Aspect::Size, withArticle(cat(nameOf(kSizeNames, main.size), " ", noun(main))), {0}},
  };
  if (scene.objects.size() > 1) {
    const SceneObject& other = scene.objects[1];
    captions.push_back({Aspect::Object, withArticle(noun(other)), {1}});
    captions.push_back({Aspect::Texture, textured(other), {1}});
    captions.push_back({Aspect::Relation,
                        cat(withArticle(noun(main)), " ", relation(main, other), " ", withArticle(noun(other))),
                        {0, 1}});
  }
  std::vector<int> all(scene.objects.size());
  std::iota(all.begin(), all.end(), 0);
  captions.push_back({Aspect::Count, counted(scene), all});
  captions.push_back({Aspect::Background,
                      cat(withArticle(std::string(nameOf(kBackgroundNames, scene.background))), " background"),
                      {}});
  return captions;
}

imaging::Mask captionMask(const Scene& scene, const SceneCaption& caption, int size) {
  return caption.objects.empty() ? backgroundMask(scene, size) : objectMask(scene, caption.objects, size);
}

}  // namespace lix::data
