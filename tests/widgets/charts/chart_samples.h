#pragma once
#include <cmath>

#include "figures/curves_figure.h"
#include "figures/series_figure.h"

namespace lix::widgets {

/// Two curves over shots 1, 2, 4, 8 and 16, the first with bands and a zero-shot point, and a reference line.
inline figures::CurvesPanel smallPanel() {
  figures::CurvesPanel panel{.title = "Digits", .series = {}, .references = {{"Supervised", 0.97}}};
  figures::CurveSeries ours{.label = "Ours", .group = "", .points = {{0, 0.30, NAN, NAN, 1}}};
  figures::CurveSeries theirs{.label = "Prototypes", .group = "", .points = {}};
  for (const double shots : {1.0, 2.0, 4.0, 8.0, 16.0}) {
    const double mean = 0.5 + 0.1 * std::log2(shots);
    ours.points.push_back({shots, mean, mean - 0.05, mean + 0.04, 5});
    theirs.points.push_back({shots, mean - 0.15, NAN, NAN, 1});
  }
  panel.series = {ours, theirs};
  return panel;
}

/// Four curves as of an evaluation: overlapping bands, long names, shots that are no powers of two.
inline figures::CurvesPanel richPanel() {
  figures::CurvesPanel panel{.title = "PneumoniaMNIST", .series = {}, .references = {{"Supervised ResNet-50, all images", 0.912}, {"Chance", 0.5}}};
  const char* names[] = {"LIx, prototypes", "LIx, Tip-Adapter-F (alpha 1.5, beta 5.5)", "CLIP ViT-B/32, linear probe", "DINO, nearest neighbours"};
  for (int i = 0; i < 4; ++i) {
    figures::CurveSeries series{.label = names[i], .group = "", .points = {}};
    if (i < 2) {
      series.points.push_back({0, 0.53 + 0.03 * i, 0.51 + 0.03 * i, 0.55 + 0.03 * i, 3});
    }
    for (const double shots : {1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0}) {
      const double mean = 0.58 + 0.04 * i + (0.28 - 0.03 * i) * (1.0 - std::exp(-shots / (6.0 + i)));
      const double half = 0.06 / std::sqrt(shots) + 0.008;
      series.points.push_back({shots, mean, mean - half, mean + half, 10});
    }
    panel.series.push_back(series);
  }
  return panel;
}

/// A number in [0, 1) that looks like noise and is the same everywhere.
inline double noise(int i, int of = 0) {
  const double x = std::sin(i * 12.9898 + of * 78.233) * 43758.5453;
  return x - std::floor(x);
}

inline figures::SeriesLine lineOf(const std::string& label, int steps, auto value) {
  figures::SeriesLine line{.label = label, .run = "", .xs = {}, .ys = {}};
  for (int step = 1; step <= steps; ++step) {
    line.xs.push_back(step);
    line.ys.push_back(value(step));
  }
  return line;
}

/// A loss that falls from 5 to 1 with noise.
inline figures::SeriesPanel lossPanel(int steps = 800) {
  return {.title = "Loss",
          .lines = {lineOf("loss", steps, [](int step) { return 1.0 + 4.0 * std::exp(-step / 180.0) + 0.35 * (noise(step) - 0.5); }),
                    lineOf("loss of the context", steps, [](int step) { return 0.8 + 3.4 * std::exp(-step / 120.0) + 0.3 * (noise(step, 1) - 0.5); })},
          .marks = {},
          .levels = {}};
}

/// Temperatures over two decades with a mark and a level.
inline figures::SeriesPanel tauPanel(int steps = 800) {
  return {.title = "Temperatures",
          .scale = figures::Scale::Log,
          .lines = {lineOf("tau", steps, [](int step) { return 0.07 * std::exp(-step / 400.0) + 0.01; }),
                    lineOf("tau_ctx", steps, [steps](int step) { return std::pow(10.0, -2.0 * step / steps); })},
          .marks = {{"inflection", 0.4 * steps}},
          .levels = {{"floor", 0.01}}};
}

}  // namespace lix::widgets
