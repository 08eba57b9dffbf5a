#include "adapt/check.h"
#include "adapt/linear.h"
#include "adapt/tip_classifier.h"

namespace lix::adapt {
namespace {

struct Found {
  double alpha = 0.0;
  double beta = 0.0;
  std::size_t correct = 0;
};

double gridValue(std::size_t step, double scale, std::size_t steps) {
  return static_cast<double>(step) * (scale - 0.1) / static_cast<double>(steps) + 0.1;
}

/// The released search: beta outside, alpha inside, only strictly more correct answers win. The class sums of a beta do
/// not depend on alpha, so they are made once for all alphas.
Found search(const Task& task, const ParamValues& settings) {
  const double betaScale = std::get<double>(settings.at("beta_scale"));
  const double alphaScale = std::get<double>(settings.at("alpha_scale"));
  const auto betaSteps = static_cast<std::size_t>(std::get<long long>(settings.at("beta_steps")));
  const auto alphaSteps = static_cast<std::size_t>(std::get<long long>(settings.at("alpha_steps")));
  const KeyCache cache(task.support, task.classes);
  const Matrix& queries = task.validation.features;
  const std::size_t keys = cache.keys().rows;
  const std::vector<float> cosines = multiplyTransposed(queries, cache.keys());
  const std::vector<float> zeroShot = multiplyTransposed(queries, task.text, task.logitScale);
  std::vector<float> sums(task.classes);
  std::vector<std::size_t> correct(alphaSteps);
  Found best{gridValue(0, alphaScale, alphaSteps), gridValue(0, betaScale, betaSteps), 0};
  for (std::size_t b = 0; b < betaSteps; ++b) {
    const double beta = gridValue(b, betaScale, betaSteps);
    correct.assign(alphaSteps, 0);
    for (std::size_t i = 0; i < queries.rows; ++i) {
      cache.sums(std::span(cosines).subspan(i * keys, keys), static_cast<float>(beta), sums);
      const auto z = std::span(zeroShot).subspan(i * task.classes, task.classes);
      const auto label = static_cast<std::size_t>(task.validation.labels[i]);
      for (std::size_t a = 0; a < alphaSteps; ++a) {
        correct[a] += predicts(z, static_cast<float>(gridValue(a, alphaScale, alphaSteps)), sums, label) ? 1 : 0;
      }
    }
    for (std::size_t a = 0; a < alphaSteps; ++a) {
      if (correct[a] > best.correct) {
        best = {gridValue(a, alphaScale, alphaSteps), beta, correct[a]};
      }
    }
  }
  return best;
}

std::vector<Param> searchParams() {
  const std::string help =
      "The grid is 0.1 + i (scale - 0.1) / steps; the released scales (beta, alpha) are 7, 3 for ImageNet, "
      "Pets and UCF, 12, 5 for Caltech, 13, 13 for DTD, 50, 50 for Flowers.";
  return {{.key = "beta_scale", .title = "Largest beta", .value = 7.0, .min = 0.2, .max = 1000.0, .help = help},
          {.key = "alpha_scale", .title = "Largest alpha", .value = 3.0, .min = 0.2, .max = 1000.0, .help = help},
          {.key = "beta_steps", .title = "Betas tried", .value = 200LL, .min = 1, .max = 10000, .help = help},
          {.key = "alpha_steps", .title = "Alphas tried", .value = 20LL, .min = 1, .max = 10000, .help = help}};
}

}  // namespace

/// Tip-Adapter whose alpha and beta are searched on the validation pictures.
const Adapter& tip_adapter_search() {
  static const Adapter adapter{
      .id = "tip-adapter-x",
      .title = "Tip-Adapter, searched",
      .citation = kTipCitation,
      .params = searchParams(),
      .needsText = true,
      .needsValidation = true,
      .fit = [](const Task& task, const ParamValues& params) -> Result<std::unique_ptr<Classifier>> {
        LIX_TRY(ParamValues settings, check(tip_adapter_search(), task, params));
        const Found found = search(task, settings);
        settings["alpha"] = found.alpha;
        settings["beta"] = found.beta;
        settings["validation_accuracy"] =
            static_cast<double>(found.correct) / static_cast<double>(task.validation.features.rows);
        return std::make_unique<TipClassifier>(task, static_cast<float>(found.alpha), static_cast<float>(found.beta),
                                               std::move(settings));
      }};
  return adapter;
}

}  // namespace lix::adapt
