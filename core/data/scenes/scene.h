#pragma once
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace lix::data {

enum class Shape : std::uint8_t { Circle, Square, Triangle, Star, Ring, Cross, Diamond, Heart };
enum class Colour : std::uint8_t { Red, Orange, Yellow, Green, Turquoise, Blue, Purple, Pink };
enum class Size : std::uint8_t { Small, Large };
enum class Texture : std::uint8_t { Plain, Striped, Dotted, Checked };
enum class Place : std::uint8_t { Left, Right, Top, Bottom, Centre };
enum class Background : std::uint8_t { White, LightGrey, DarkGrey, Black, Cream };

inline constexpr std::array<std::string_view, 8> kShapeNames{"circle", "square", "triangle", "star",
                                                             "ring",   "cross",  "diamond",  "heart"};
inline constexpr std::array<std::string_view, 8> kColourNames{"red",       "orange", "yellow", "green",
                                                              "turquoise", "blue",   "purple", "pink"};
inline constexpr std::array<std::string_view, 2> kSizeNames{"small", "large"};
inline constexpr std::array<std::string_view, 4> kTextureNames{"plain", "striped", "dotted", "checked"};
inline constexpr std::array<std::string_view, 5> kPlaceNames{"left", "right", "top", "bottom", "centre"};
inline constexpr std::array<std::string_view, 5> kBackgroundNames{"white", "light grey", "dark grey", "black", "cream"};
inline constexpr std::array<std::string_view, 4> kCountNames{"one object", "two objects", "three objects",
                                                             "four objects"};

inline constexpr int kMostObjects = 4;
/// Pairs of shape and colour that a main object can be.
inline constexpr int kConcepts = int(kShapeNames.size() * kColourNames.size());

template <std::size_t N, class Enum>
std::string_view nameOf(const std::array<std::string_view, N>& names, Enum value) {
  return names[std::size_t(value)];
}

/// One thing in the picture. Lengths are fractions of the picture's side, x to the right, y downwards.
struct SceneObject {
  Shape shape = Shape::Circle;
  Colour colour = Colour::Red;
  Size size = Size::Large;
  Texture texture = Texture::Plain;
  Place place = Place::Centre;
  double x = 0.5;
  double y = 0.5;
  double turn = 0.0;  ///< radians, at most 0.15 either way

  double radius() const { return size == Size::Large ? 0.16 : 0.1; }
  bool operator==(const SceneObject&) const = default;
};

/// What is in a picture. objects[0] is the main object: the only large one where there are several, so "the largest
/// object" is always one object; alone it may be small. No two objects share a place, or both shape and colour.
struct Scene {
  Background background = Background::White;
  std::vector<SceneObject> objects;  ///< 1 to kMostObjects

  bool operator==(const Scene&) const = default;
};

struct SceneOptions {
  std::uint64_t seed = 0;
  /// How many pairs of shape and colour main objects are drawn from: with C of them about count / C pictures share each
  /// one (the redundancy of the set). 0 = all kConcepts.
  int concepts = 0;
};

/// Picture `number` of a seed: a pure function of its arguments.
Scene makeScene(const SceneOptions& options, std::uint64_t number);

}  // namespace lix::data
