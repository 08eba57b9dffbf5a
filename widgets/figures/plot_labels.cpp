#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "figures/plot_figure.h"

namespace lix::figures {
namespace {

constexpr double kDotRoom = 5.0;  // from a dot's middle that no text may come
constexpr double kBeside = 8.0;   // between a dot's middle and its text

/// The boxes that a text may stand in, the best first.
std::vector<QRectF> candidates(const DotLabel& label) {
  const double w = label.width, h = kDotLabelHeight;
  const QPointF& dot = label.dot;
  std::vector<QRectF> boxes{{dot.x() + kBeside, dot.y() - h / 2, w, h},
                            {dot.x() - kBeside - w, dot.y() - h / 2, w, h},
                            {dot.x() - w / 2, dot.y() - kBeside - h, w, h},
                            {dot.x() - w / 2, dot.y() + kBeside, w, h}};
  for (const double far : {14.0, 24.0, 36.0, 50.0, 66.0}) {
    for (const int turn : {1, -1, 3, -3, 5, -5, 7, -7}) {
      const double angle = turn * std::numbers::pi / 8;
      const QPointF near(dot.x() + far * std::cos(angle), dot.y() - far * std::sin(angle));
      boxes.emplace_back(std::cos(angle) > 0 ? near.x() : near.x() - w, near.y() - h / 2, w, h);
    }
  }
  return boxes;
}

bool isFree(const QRectF& box, const std::vector<QPointF>& dots, const std::vector<QRectF>& taken, const QRectF& room) {
  return room.contains(box) &&
         std::ranges::none_of(dots,
                              [&](const QPointF& dot) {
                                return box.adjusted(-kDotRoom, -kDotRoom, kDotRoom, kDotRoom).contains(dot);
                              }) &&
         std::ranges::none_of(taken, [&](const QRectF& other) { return box.intersects(other); });
}

}  // namespace

std::vector<QRectF> placeDotLabels(const std::vector<DotLabel>& labels, const std::vector<QPointF>& avoid,
                                   const QRectF& room) {
  std::vector<QPointF> dots = avoid;
  for (const DotLabel& label : labels) {
    dots.push_back(label.dot);
  }
  std::vector<QRectF> placed(labels.size());
  std::vector<QRectF> taken;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    for (const QRectF& box : candidates(labels[i])) {
      if (isFree(box, dots, taken, room)) {
        placed[i] = box;
        taken.push_back(box);
        break;
      }
    }
  }
  return placed;
}

}  // namespace lix::figures
