#include "data/scenes/scene.h"

#include <algorithm>
#include <span>

#include "base/contracts.h"
#include "base/random.h"

namespace lix::data {
namespace {

constexpr std::uint64_t kStreamScene = 0x5CE4E;
constexpr std::uint64_t kStreamConcepts = 0xC04CE;
constexpr double kThird = 1.0 / 3.0;
constexpr double kMargin = 0.004;  ///< between an object and the edge of its cell

struct Cell {
  double left, right, top, bottom;
};

/// Top and bottom take the middle half of their bands, so that centres lie in the middle third, and the other three
/// share the middle band: no two cells meet.
Cell cellOf(Place place) {
  switch (place) {
    case Place::Left: return {0.0, kThird, kThird, 2 * kThird};
    case Place::Right: return {2 * kThird, 1.0, kThird, 2 * kThird};
    case Place::Top: return {0.25, 0.75, 0.0, kThird};
    case Place::Bottom: return {0.25, 0.75, 2 * kThird, 1.0};
    case Place::Centre: break;
  }
  return {kThird, 2 * kThird, kThird, 2 * kThird};
}

template <class Enum, std::size_t N>
Enum draw(Random& random, const std::array<std::string_view, N>&) {
  return Enum(random.below(N));
}

void setConcept(SceneObject& object, std::uint32_t concept_) {
  object.shape = Shape(concept_ / kColourNames.size());
  object.colour = Colour(concept_ % kColourNames.size());
}

bool alike(const SceneObject& a, const SceneObject& b) { return a.shape == b.shape && a.colour == b.colour; }

}  // namespace

Scene makeScene(const SceneOptions& options, std::uint64_t number) {
  LIX_REQUIRE(options.concepts >= 0 && options.concepts <= kConcepts);
  Random random(options.seed, kStreamScene, number);
  Scene scene;
  scene.background = draw<Background>(random, kBackgroundNames);
  scene.objects.resize(1 + random.below(kMostObjects));
  const auto places = permutation(kPlaceNames.size(), Random(options.seed, kStreamScene, number, 1));
  const auto concepts = permutation(kConcepts, Random(options.seed, kStreamConcepts));
  for (std::size_t i = 0; i < scene.objects.size(); ++i) {
    SceneObject& object = scene.objects[i];
    if (i == 0) {
      setConcept(object, concepts[random.below(std::uint64_t(options.concepts == 0 ? kConcepts : options.concepts))]);
      object.size = scene.objects.size() > 1 ? Size::Large : draw<Size>(random, kSizeNames);
    } else {
      const auto before = std::span(scene.objects).first(i);
      do {
        setConcept(object, std::uint32_t(random.below(kConcepts)));
      } while (std::ranges::any_of(before, [&](const SceneObject& other) { return alike(object, other); }));
      object.size = Size::Small;
    }
    object.texture = draw<Texture>(random, kTextureNames);
    object.place = Place(places[i]);
    const Cell cell = cellOf(object.place);
    const double reach = object.radius() + kMargin;
    object.x = random.uniform(cell.left + reach, cell.right - reach);
    object.y = random.uniform(cell.top + reach, cell.bottom - reach);
    object.turn = random.uniform(-0.15, 0.15);
  }
  return scene;
}

}  // namespace lix::data
