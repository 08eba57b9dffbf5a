#include "data/scenes/scene_shapes.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lix::data {
namespace {

/// Five-pointed star: the plane is folded along its mirror lines until one edge is left, from the outer corner (0, 1)
/// to the inner one at 36 degrees beside it.
bool insideStar(double x, double y, double inner) {
  constexpr double kCos = 0.80901699437494742;  // 36 degrees
  constexpr double kSin = 0.58778525229247313;
  x = std::abs(x);
  y = -y;
  const double first = std::max(0.0, kCos * x - kSin * y);
  x -= 2.0 * first * kCos;
  y += 2.0 * first * kSin;
  const double second = std::max(0.0, -kCos * x - kSin * y);
  x += 2.0 * second * kCos;
  y += 2.0 * second * kSin;
  x = std::abs(x);
  return (y - 1.0) * inner * kSin <= x * (inner * kCos - 1.0);
}

bool insideHeart(double x, double y) {
  const double u = 1.26 * x;
  const double v = 0.1 - 1.26 * y;
  const double a = u * u + v * v - 1.0;
  return a * a * a - u * u * v * v * v <= 0.0;
}

/// Position within a period, 0 to 1. Objects are far smaller than 64 periods, so truncation serves as floor, which
/// without SSE 4.1 is a call.
double phase(double x, double period) {
  const double turns = x / period + 64.0;
  return turns - double(int(turns));
}

}  // namespace

bool inside(Shape shape, double x, double y) {
  const double ax = std::abs(x);
  const double ay = std::abs(y);
  const double squared = x * x + y * y;
  switch (shape) {
    case Shape::Circle: return squared <= 0.95 * 0.95;
    case Shape::Square: return ax <= 0.8 && ay <= 0.8;
    case Shape::Triangle: return y <= 0.78 && y + 0.98 >= 1.76 * ax / 0.88;
    case Shape::Star: return insideStar(x, y, 0.42);
    case Shape::Ring: return squared <= 0.95 * 0.95 && squared >= 0.5 * 0.5;
    case Shape::Cross: return (ax <= 0.92 && ay <= 0.31) || (ay <= 0.92 && ax <= 0.31);
    case Shape::Diamond: return ax / 0.72 + ay <= 1.0;
    case Shape::Heart: return insideHeart(x, y);
  }
  return false;
}

bool isDark(Texture texture, double x, double y) {
  switch (texture) {
    case Texture::Plain: return false;
    case Texture::Striped: return phase((x + y) * std::numbers::sqrt2 / 2.0, 0.066) < 0.42;
    case Texture::Dotted: {
      constexpr double kPeriod = 0.072;
      const double dx = (phase(x, kPeriod) - 0.5) * kPeriod;
      const double dy = (phase(y, kPeriod) - 0.5) * kPeriod;
      return dx * dx + dy * dy <= 0.022 * 0.022;
    }
    case Texture::Checked: return (phase(x, 0.09) < 0.5) != (phase(y, 0.09) < 0.5);
  }
  return false;
}

}  // namespace lix::data
