#include "study/doctor/specimen.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "data/scenes/scene.h"
#include "data/scenes/scene_captions.h"
#include "data/scenes/scene_render.h"
#include "imaging/transform.h"

namespace lix::study::doctor {
namespace {

constexpr std::size_t kCount = 8;
constexpr std::uint64_t kSeed = 9;
constexpr int kLeastSide = 48, kMostSide = 640;

/// The scene in the middle of a picture 2.6 times as high, on the same ground.
imaging::Image tall(const data::Scene& scene, int side) {
  const imaging::Image square = data::renderScene(scene, side);
  const data::Rgb ground = data::backgroundValue(scene.background);
  imaging::Image image{side, side * 13 / 5, {}};
  image.pixels.reserve(std::size_t(image.width) * std::size_t(image.height) * 3);
  for (int i = 0; i < image.width * image.height; ++i) {
    image.pixels.insert(image.pixels.end(), ground.begin(), ground.end());
  }
  std::ranges::copy(square.pixels, image.row((image.height - side) / 2));
  return image;
}

}  // namespace

std::vector<Specimen> specimens(int size) {
  std::vector<Specimen> all;
  std::set<std::pair<data::Shape, data::Colour>> taken;
  const int side = std::clamp(size * 5 / 4, kLeastSide, kMostSide);
  for (std::uint64_t number = 0; all.size() < kCount; ++number) {
    const data::Scene scene = data::makeScene({.seed = kSeed}, number);
    const data::SceneObject& object = scene.objects[0];
    if (scene.objects.size() != 1 || object.place != data::Place::Centre || object.size != data::Size::Large ||
        !taken.emplace(object.shape, object.colour).second) {
      continue;
    }
    Specimen one{.picture = {}, .caption = cat("A photo of ", data::captionsOf(scene)[0].text, ".")};
    one.picture = all.empty() ? tall(scene, side)
                              : imaging::crop(data::renderScene(scene, side), 0, side / 10, side, side * 4 / 5);
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace lix::study::doctor
