#include "data/scenes/scene_render.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "data/scenes/scene_shapes.h"

namespace lix::data {
namespace {

constexpr int kSide = 4;  ///< samples a pixel along each axis
constexpr int kSamples = kSide * kSide;
constexpr double kDark = 0.55;

/// How many of a pixel's samples fall on the object's bright and dark parts.
struct Coverage {
  int bright = 0;
  int dark = 0;
};

Coverage coverage(const SceneObject& object, double cosine, double sine, int px, int py, int size) {
  Coverage covered;
  const double scale = 1.0 / object.radius();
  const double step = 1.0 / (double(kSide) * size);
  for (int i = 0; i < kSamples; ++i) {
    const double dx = (px * kSide + i % kSide + 0.5) * step - object.x;
    const double dy = (py * kSide + i / kSide + 0.5) * step - object.y;
    const double x = cosine * dx + sine * dy;
    const double y = cosine * dy - sine * dx;
    if (inside(object.shape, x * scale, y * scale)) {
      ++(isDark(object.texture, x, y) ? covered.dark : covered.bright);
    }
  }
  return covered;
}

/// Calls visit(x, y, coverage) for every pixel that the object touches.
template <class Visit>
void visitObject(const SceneObject& object, int size, Visit visit) {
  const double cosine = std::cos(object.turn);
  const double sine = std::sin(object.turn);
  const auto low = [&](double centre) { return std::max(0, int(std::floor((centre - object.radius()) * size))); };
  const auto high = [&](double centre) {
    return std::min(size - 1, int(std::floor((centre + object.radius()) * size)));
  };
  for (int y = low(object.y); y <= high(object.y); ++y) {
    for (int x = low(object.x); x <= high(object.x); ++x) {
      if (const Coverage covered = coverage(object, cosine, sine, x, y, size); covered.bright + covered.dark > 0) {
        visit(x, y, covered);
      }
    }
  }
}

}  // namespace

Rgb colourValue(Colour colour) {
  static constexpr std::array<Rgb, kColourNames.size()> kValues{{{220, 30, 35},
                                                                 {245, 130, 20},
                                                                 {250, 215, 30},
                                                                 {40, 160, 60},
                                                                 {30, 200, 200},
                                                                 {40, 85, 225},
                                                                 {130, 50, 190},
                                                                 {250, 110, 190}}};
  return kValues[std::size_t(colour)];
}

Rgb backgroundValue(Background background) {
  static constexpr std::array<Rgb, kBackgroundNames.size()> kValues{
      {{255, 255, 255}, {200, 200, 200}, {85, 85, 85}, {0, 0, 0}, {250, 240, 215}}};
  return kValues[std::size_t(background)];
}

imaging::Image renderScene(const Scene& scene, int size) {
  imaging::Image image{size, size, std::vector<std::uint8_t>(std::size_t(size) * size * 3)};
  const Rgb behind = backgroundValue(scene.background);
  for (std::size_t i = 0; i < image.pixels.size(); ++i) {
    image.pixels[i] = behind[i % 3];
  }
  for (const SceneObject& object : scene.objects) {
    const Rgb colour = colourValue(object.colour);
    visitObject(object, size, [&](int x, int y, const Coverage& covered) {
      std::uint8_t* pixel = image.row(y) + std::size_t(x) * 3;
      const int free = kSamples - covered.bright - covered.dark;
      for (int c = 0; c < 3; ++c) {
        const double sum = colour[c] * (covered.bright + kDark * covered.dark) + pixel[c] * free;
        pixel[c] = std::uint8_t(sum / kSamples + 0.5);
      }
    });
  }
  return image;
}

imaging::Mask objectMask(const Scene& scene, std::span<const int> objects, int size) {
  imaging::Mask mask{size, size, std::vector<std::uint8_t>(std::size_t(size) * size, 0)};
  for (const int index : objects) {
    visitObject(scene.objects.at(std::size_t(index)), size, [&](int x, int y, const Coverage& covered) {
      if (2 * (covered.bright + covered.dark) >= kSamples) {
        mask.values[std::size_t(y) * size + x] = 255;
      }
    });
  }
  return mask;
}

imaging::Mask backgroundMask(const Scene& scene, int size) {
  std::vector<int> all(scene.objects.size());
  std::iota(all.begin(), all.end(), 0);
  imaging::Mask mask = objectMask(scene, all, size);
  std::ranges::transform(mask.values, mask.values.begin(),
                         [](std::uint8_t value) { return std::uint8_t(255 - value); });
  return mask;
}

}  // namespace lix::data
