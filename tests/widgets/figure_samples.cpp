#include "figure_samples.h"

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "base/text.h"

namespace lix::figures::sample {

imaging::Image scene(int number, int width, int height) {
  imaging::Image image{width, height, std::vector<std::uint8_t>(std::size_t(width) * height * 3)};
  Random random(7, 1, std::uint64_t(number));
  const double cx = random.uniform(0.25, 0.75);
  const double cy = random.uniform(0.3, 0.7);
  const double r = random.uniform(0.15, 0.28);
  const std::uint8_t colour[3] = {std::uint8_t(random.below(256)), std::uint8_t(random.below(256)),
                                  std::uint8_t(random.below(256))};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double u = (x + 0.5) / width;
      const double v = (y + 0.5) / height;
      std::uint8_t* out = image.row(y) + 3 * x;
      const bool ground = v > 0.7;
      out[0] = std::uint8_t(ground ? 120 - 40 * v : 150 + 60 * v);
      out[1] = std::uint8_t(ground ? 150 - 30 * v : 190 + 40 * v);
      out[2] = std::uint8_t(ground ? 70 : 235);
      const bool round = number % 2 == 0;
      const bool inside = round ? std::hypot(u - cx, v - cy) < r : std::abs(u - cx) < r && std::abs(v - cy) < 0.7 * r;
      for (int c = 0; inside && c < 3; ++c) {
        out[c] = colour[c];
      }
    }
  }
  return image;
}

std::vector<std::string> captions(int count) {
  const std::vector<std::string> all{
      "a red ball on the grass",
      "a striped cup left of a green box, with the low evening sun behind both of them and a long shadow on the meadow",
      "two objects",
      "🐈‍⬛ a black cat 🌙 under the moon",
      "قطة سوداء تحت القمر (emoji) وكرة حمراء على العشب",
      "",
      "supercalifragilisticexpialidocious_identifier_without_any_space_at_all_0123456789",
      "grüne Schachtel neben einer gestreiften Tasse",
      "赤いボールが草の上にある",
      "a photo of the moon",
      "ball",
      "an empty sky"};
  std::vector<std::string> result;
  for (int i = 0; i < count; ++i) {
    result.push_back(all[std::size_t(i) % all.size()]);
  }
  return result;
}

CurvesData curves(int seriesCount, int panels) {
  static const std::vector<std::pair<std::string, std::string>> names{
      {"SigLIxP, Tip-Adapter", "SigLIxP"}, {"SigLIxP, prototype", "SigLIxP"}, {"SigLIP, Tip-Adapter", "SigLIP"},
      {"SigLIP, prototype", "SigLIP"},     {"Llip_16, Tip-Adapter", "Llip"},  {"Llip_16, prototype", "Llip"},
      {"SigLIxP, kNN", "SigLIxP"},         {"SigLIP, kNN", "SigLIP"}};
  CurvesData data;
  data.headings = {.title = "Few-shot accuracy on emoji groups",
                   .subtitle = "tiny, 64 px; mean over draws. Hollow points: zero-shot.",
                   .notes = "8 classes; at 32 shots 6 classes."};
  for (int p = 0; p < panels; ++p) {
    CurvesPanel panel;
    if (panels > 1) {
      panel.title = std::vector<std::string>{
          "emoji, groups", "Symbola, groups", "scenes: colour",
          "scenes: shape", "scenes: count",   "scenes: place of the larger object"}[std::size_t(p) % 6];
    }
    for (int s = 0; s < seriesCount; ++s) {
      const auto& [label, group] = names[std::size_t(s) % names.size()];
      CurveSeries series{.label = label, .group = group};
      Random random(3, 2, std::uint64_t(s), std::uint64_t(p));
      const double base = 0.3 + 0.06 * ((s * 3) % 5) - 0.02 * p;
      if (s % 2 == 0) {
        series.points.push_back({0, base + 0.02, NAN, NAN, 1});
      }
      for (int shots = 1; shots <= 32; shots *= 2) {
        const double mean = base + 0.065 * std::log2(shots) + 0.015 * random.normal();
        const double half = 0.045 / std::sqrt(shots) + 0.008;
        series.points.push_back({double(shots), mean, mean - half, mean + half, 5});
      }
      panel.series.push_back(series);
    }
    panel.references.push_back({"chance", 0.125});
    data.panels.push_back(panel);
  }
  return data;
}

WeightsData weights(int heads, int tokens, int captionCount) {
  WeightsData data{.picture = scene(2), .heads = heads, .tokens = tokens};
  data.headings = {.title = "Mixture weights per caption",
                   .subtitle = "Llip_" + std::to_string(tokens) + " tiny, one picture"};
  int number = 0;
  for (const std::string& caption : captions(captionCount)) {
    CaptionWeights one{.caption = caption};
    for (int h = 0; h < heads; ++h) {
      Random random(5, 3, std::uint64_t(h), std::uint64_t(number));
      std::vector<double> row;
      double sum = 0.0;
      for (int k = 0; k < tokens; ++k) {
        Random shared(5, 4, std::uint64_t(h), std::uint64_t(k));
        row.push_back(std::exp(1.1 * shared.normal() + 0.7 * random.normal()));
        sum += row.back();
      }
      for (const double value : row) {
        one.weights.push_back(float(value / sum));
      }
    }
    data.captions.push_back(one);
    ++number;
  }
  if (captionCount > 1) {
    data.difference = {0, 1};
  }
  return data;
}

MapData maps(int captionCount) {
  MapData data{.picture = scene(2, 96, 64)};
  data.headings = {.title = "Where each caption looks",
                   .subtitle = "Llip_16 tiny, 64 px, patch 16",
                   .notes =
                       "The map combines the mixture weights of the caption (mean over heads) with the attention of "
                       "each mixture token to the patches in the last layer."};
  data.scaleLabel = "attention";
  int number = 0;
  for (const std::string& caption : captions(captionCount)) {
    CaptionMap map{.caption = caption, .rows = 4, .columns = 6};
    Random random(5, 5, std::uint64_t(number));
    const double cx = random.uniform(0.5, 5.5);
    const double cy = random.uniform(0.5, 3.5);
    for (int y = 0; y < 4; ++y) {
      for (int x = 0; x < 6; ++x) {
        map.values.push_back(float(0.02 + 0.16 * std::exp(-0.5 * (std::pow(x - cx, 2) + std::pow(y - cy, 2)))));
      }
    }
    data.captions.push_back(map);
    ++number;
  }
  return data;
}

ContextData context(int items) {
  ContextData data{.query = scene(0), .queryLabel = "a red ball on the grass"};
  data.headings = {.title = "What the picture attends to in its batch", .subtitle = "SigLIxP tiny, batch of 64."};
  const auto labels = captions(items);
  double sum = 0.0;
  for (int i = 0; i < items; ++i) {
    Random random(9, 6, std::uint64_t(i));
    ContextItem item{.picture = scene(i),
                     .label = labels[std::size_t(i)],
                     .weight = std::exp(1.5 * random.normal()),
                     .masked = i == 0};
    item.weight = item.masked ? 0.0 : item.weight;
    sum += item.weight;
    data.items.push_back(item);
  }
  double squares = 0.0;
  for (int i = 0; i < items; ++i) {
    Random random(9, 7, std::uint64_t(i));
    ContextItem& item = data.items[std::size_t(i)];
    item.weight /= std::max(sum, 1e-9);
    item.contribution = item.weight * random.uniform(2.0, 6.0);
    squares += item.weight * item.weight;
  }
  data.effectiveNeighbours = squares > 0 ? 1.0 / squares : 0.0;
  return data;
}

SeriesData training(int runs, int steps) {
  SeriesData data;
  data.headings = {.title = "LIxP post-training", .subtitle = "tiny on emoji, batch 128, learning rate 5e-4"};
  data.panels = {{.title = "Loss"},
                 {.title = "Temperatures", .scale = Scale::Log},
                 {.title = "Effective neighbours"},
                 {.title = "Bias"},
                 {.title = "Images/s"}};
  for (int r = 0; r < runs; ++r) {
    const std::string run =
        runs > 1 ? std::vector<std::string>{"seed 1", "seed 2", "control (SigLIP)"}[std::size_t(r) % 3] : "";
    std::vector<double> xs;
    std::vector<std::vector<double>> ys(8);
    Random random(11, 8, std::uint64_t(r));
    for (int i = 0; i < steps; ++i) {
      const double t = double(i) / steps;
      xs.push_back(i * 6000.0 / steps);
      ys[0].push_back(2.1 * std::exp(-4 * t) + 0.9 + 0.05 * r + 0.09 * random.normal());
      ys[1].push_back(2.6 * std::exp(-3 * t) + 1.4 + 0.05 * r + 0.11 * random.normal());
      ys[2].push_back(10 * std::exp(0.8 * t + 0.1 * r));
      ys[3].push_back(10 * std::exp(0.45 * t));
      ys[4].push_back(std::exp(2.2 / (1 + std::exp(-(t - 0.3) * 14)) + 0.1 * r));
      ys[5].push_back(127 * std::exp(-2.6 / (1 + std::exp(-(t - 0.3) * 14))) + 1.5 * random.normal());
      ys[6].push_back(-10 - 2 * t - 0.3 * r);
      ys[7].push_back(i % 211 == 100 ? 60 : 118 + 4 * random.normal());
    }
    const auto add = [&](int panel, const char* label, int series) {
      data.panels[std::size_t(panel)].lines.push_back({label, run, xs, ys[std::size_t(series)]});
    };
    add(0, "dot × 0.9", 0);
    add(0, "context × 0.1", 1);
    add(1, "tau", 2);
    add(1, "tau2", 3);
    add(1, "tau_ctx", 4);
    add(2, "", 5);
    add(3, "", 6);
    add(4, "", 7);
  }
  data.panels[1].marks.push_back({"inflection of tau_ctx, step 1800", 1800});
  std::rotate(data.panels[1].lines.begin(), data.panels[1].lines.begin() + 2, data.panels[1].lines.begin() + 3);
  data.panels[2].levels.push_back({"uniform", 127});
  return data;
}

GridData predictions(int count) {
  GridData data;
  data.headings = {.title = "Predictions on Symbola, zero-shot",
                   .subtitle = "Frame and sign: right or wrong; second line: the prediction"};
  const auto texts = captions(count);
  for (int i = 0; i < count; ++i) {
    data.items.push_back({scene(i), texts[std::size_t(i)], i % 3 == 1 ? "said: animals and nature" : "said: objects",
                          i % 3 == 1 ? Verdict::Wrong : Verdict::Right});
  }
  return data;
}

}  // namespace lix::figures::sample
