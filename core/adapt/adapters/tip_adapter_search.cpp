#include "adapt/check.h"
#include "adapt/tip_classifier.h"
#include "adapt/tip_surface.h"

namespace lix::adapt {
namespace {

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
        const auto steps = [&](const char* largest, const char* count) {
          return tipSteps(std::get<double>(settings.at(largest)),
                          static_cast<std::size_t>(std::get<long long>(settings.at(count))));
        };
        const TipGrid grid{steps("alpha_scale", "alpha_steps"), steps("beta_scale", "beta_steps")};
        const std::vector<std::size_t> correct = tipCorrect(task, task.validation, grid);
        const std::size_t best = tipBest(correct), alphas = grid.alphas.size();
        const double alpha = grid.alphas[best % alphas], beta = grid.betas[best / alphas];
        settings["alpha"] = alpha;
        settings["beta"] = beta;
        settings["validation_accuracy"] =
            static_cast<double>(correct[best]) / static_cast<double>(task.validation.features.rows);
        return std::make_unique<TipClassifier>(task, static_cast<float>(alpha), static_cast<float>(beta),
                                               std::move(settings));
      }};
  return adapter;
}

}  // namespace lix::adapt
