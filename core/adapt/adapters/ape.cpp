#include <algorithm>
#include <cmath>

#include "adapt/channels.h"
#include "adapt/check.h"
#include "adapt/choice.h"
#include "adapt/linear.h"
#include "adapt/soft_cache.h"
#include "adapt/tip_surface.h"

namespace lix::adapt {
namespace {

constexpr std::size_t kQueriesAtOnce = 256;  // bounds the cosines held in memory

/// The cache on the chosen channels, and how far each of its keys is from what the text says of it.
struct Refined {
  std::vector<std::uint32_t> channels;
  SoftCache cache;
  std::vector<float> divergences;  ///< [S] in cache order
};

Refined refine(const Task& task, const ParamValues& settings) {
  const auto width = static_cast<double>(task.text.columns);
  const auto count = static_cast<std::size_t>(std::max(1.0, std::round(real(settings, "q") * width)));
  auto channels = bestChannels(channelCriterion(task, real(settings, "w")), count);
  const std::vector<float> support = cutTo(task.support.features, channels);
  const std::vector<float> text = cutTo(task.text, channels);
  const Matrix rows{support, task.support.features.rows, channels.size()};
  SoftCache cache({rows, task.support.labels}, task.classes);
  auto divergences =
      cache.ordered(supportDivergences(rows, task.support.labels, {text, task.classes, channels.size()}));
  return {std::move(channels), std::move(cache), std::move(divergences)};
}

Result<SoftGrid> gridOf(const Adapter& adapter, const ParamValues& settings) {
  LIX_CHECK(checkGrid(adapter, settings, {"alpha_steps", "beta_steps", "gamma_steps"}));
  LIX_TRY(TipGrid plain, tipGrid(adapter, settings));
  SoftGrid grid{std::move(plain.alphas), std::move(plain.betas), {}};
  const std::size_t gammas = whole(settings, "gamma_steps");
  for (std::size_t i = 0; i < gammas; ++i) {
    grid.gammas.push_back(static_cast<double>(i) * real(settings, "gamma_scale") / static_cast<double>(gammas));
  }
  return grid;
}

SoftPoint searchPoint(const Task& task, const Refined& refined, const SoftGrid& grid) {
  const PackedRows text(task.text);
  SoftSearch search(refined.cache, refined.divergences, grid);
  for (std::size_t first = 0; first < task.validation.features.rows && !task.stop.stop_requested();
       first += kQueriesAtOnce) {
    const std::size_t count = std::min(kQueriesAtOnce, task.validation.features.rows - first);
    const Matrix queries = slice(task.validation.features, first, count);
    const std::vector<float> cut = cutTo(queries, refined.channels);
    const auto cosines = multiplyTransposed({cut, count, refined.channels.size()}, refined.cache.keys());
    const auto zeroShot = multiplyTransposed(queries, text, task.logitScale);
    search.add({cosines, zeroShot, task.validation.labels.subspan(first, count)});
  }
  return search.best();
}

/// logits = Z + alpha sums, the queries cut to the channels for the cache.
class RefinedClassifier final : public Classifier {
 public:
  RefinedClassifier(const Task& task, Refined refined, const SoftPoint& point, ParamValues settings)
      : text_(task.text),
        logitScale_(task.logitScale),
        refined_(std::move(refined)),
        weights_(softWeights(refined_.divergences, point.gamma)),
        alpha_(static_cast<float>(point.alpha)),
        beta_(static_cast<float>(point.beta)),
        settings_(std::move(settings)) {}

  std::vector<float> logits(Matrix queries) const override {
    const std::size_t classes = refined_.cache.classes();
    const std::size_t keys = refined_.cache.keys().rows();
    const std::size_t width = refined_.channels.size();
    std::vector<float> out = multiplyTransposed(queries, text_, logitScale_);
    std::vector<float> sums(classes);
    for (std::size_t first = 0; first < queries.rows; first += kQueriesAtOnce) {
      const Matrix some = slice(queries, first, std::min(kQueriesAtOnce, queries.rows - first));
      const std::vector<float> cut = cutTo(some, refined_.channels);
      std::vector<float> cosines = multiplyTransposed({cut, some.rows, width}, refined_.cache.keys());
      for (std::size_t i = 0; i < some.rows; ++i) {
        const auto values = std::span(cosines).subspan(i * keys, keys);
        affinities(values, beta_, values);
        multiply(values, weights_, values);
        refined_.cache.sums(values, sums);
        const auto row = std::span(out).subspan((first + i) * classes, classes);
        addScaled(row, alpha_, sums, row);
      }
    }
    return out;
  }

  ParamValues settings() const override { return settings_; }

 private:
  PackedRows text_;
  float logitScale_;
  Refined refined_;
  std::vector<float> weights_;
  float alpha_;
  float beta_;
  ParamValues settings_;
};

std::vector<Param> gridParams() {
  const std::string help =
      "alpha and beta are 0.1 + i (scale - 0.1) / steps, gamma is i scale / steps; the released scales (beta, alpha, "
      "gamma) are 7, 7, 0.5 for ImageNet and 30, 5, 1.5 for EuroSAT.";
  return {{.key = "beta_scale", .title = "Largest beta", .value = 7.0, .min = 0.2, .max = 1000.0, .help = help},
          {.key = "alpha_scale", .title = "Largest alpha", .value = 7.0, .min = 0.2, .max = 1000.0, .help = help},
          {.key = "gamma_scale", .title = "Largest gamma", .value = 0.5, .min = 0.0, .max = 100.0, .help = help},
          {.key = "beta_steps", .title = "Betas tried", .value = 200LL, .min = 1, .max = 10000, .help = help},
          {.key = "alpha_steps", .title = "Alphas tried", .value = 20LL, .min = 1, .max = 10000, .help = help},
          {.key = "gamma_steps", .title = "Gammas tried", .value = 5LL, .min = 1, .max = 1000, .help = help},
          searchParam()};
}

std::vector<Param> params() {
  std::vector<Param> out{
      {.key = "q",
       .title = "Share of channels kept",
       .value = 0.5,
       .min = 0.001,
       .max = 1.0,
       .help = "The released numbers of 1024 channels are 500 (ImageNet), 400 (DTD), 800 (Pets) and 700 (EuroSAT)."},
      {.key = "w",
       .title = "Weight of similarity between classes",
       .value = 0.7,
       .min = 0.0,
       .max = 1.0,
       .help = "Against the variance of the text vectors, which weighs 1 - w; released are 0.7, 0.5 for DTD and 0.9 "
               "for EuroSAT."},
      {.key = "alpha",
       .title = "Alpha",
       .value = 2.0,
       .min = 0.0,
       .max = 1000.0,
       .help = "Weight of the support against the text where it is not searched; 0 is zero-shot."},
      {.key = "beta",
       .title = "Beta",
       .value = 1.0,
       .min = 0.0,
       .max = 1000.0,
       .help = "How sharply a support picture's say falls with its distance where it is not searched."},
      {.key = "gamma",
       .title = "Gamma",
       .value = 0.1,
       .min = 0.0,
       .max = 100.0,
       .help = "How much more a support picture weighs that the text takes for another class, where not searched."}};
  std::ranges::copy(gridParams(), std::back_inserter(out));
  return out;
}

Result<std::unique_ptr<Classifier>> fitApe(const Task& task, const ParamValues& asked);

}  // namespace

/// Adaptive prior refinement without training: a Tip-Adapter on the channels that tell classes apart (S', F', W' are
/// unit again on them), whose values weigh exp(gamma div): logits = Z + alpha exp(-beta (1 - F' S')) (onehot exp(gamma
/// div)), Z on all channels. alpha, beta and gamma by validation; without it those given hold, and settings() say so.
const Adapter& ape() {
  static const Adapter adapter{.id = "ape",
                               .title = "APE",
                               .citation =
                                   "Zhu et al., Not All Features Matter: Enhancing Few-shot CLIP with Adaptive "
                                   "Prior Refinement, 2023",
                               .params = params(),
                               .needsText = true,
                               .fit = fitApe};
  return adapter;
}

namespace {

Result<std::unique_ptr<Classifier>> fitApe(const Task& task, const ParamValues& asked) {
  LIX_TRY(ParamValues settings, check(ape(), task, asked));
  LIX_TRY(const Choice choice, choiceFor(ape(), task, settings));
  LIX_TRY(const SoftGrid grid, gridOf(ape(), settings));
  Refined refined = refine(task, settings);
  SoftPoint point{real(settings, "alpha"), real(settings, "beta"), real(settings, "gamma"), 0};
  settings[kChosenBy] = choice.reason;
  settings["channels"] = static_cast<long long>(refined.channels.size());
  if (choice.searched) {
    point = searchPoint(task, refined, grid);
    LIX_CHECK(checkStop(task));
    settings["alpha"] = point.alpha;
    settings["beta"] = point.beta;
    settings["gamma"] = point.gamma;
    settings["validation_accuracy"] =
        static_cast<double>(point.correct) / static_cast<double>(task.validation.labels.size());
  }
  return std::make_unique<RefinedClassifier>(task, std::move(refined), point, std::move(settings));
}

}  // namespace
}  // namespace lix::adapt
