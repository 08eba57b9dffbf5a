#include "adapt/check.h"
#include "adapt/choice.h"
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

/// Tip-Adapter whose alpha and beta are searched on the validation pictures; where there are too few of them it is
/// Tip-Adapter with its fixed settings, and settings() say so.
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
        LIX_TRY(const TipGrid grid, tipGrid(tip_adapter_search(), settings));
        const Choice choice = choiceFor(task);
        settings[kChosenBy] = choice.reason;
        if (choice.searched) {
          settings = withBest(std::move(settings), grid, tipCorrect(task, task.validation, grid),
                              task.validation.labels.size());
          LIX_CHECK(checkStop(task));
        } else {
          LIX_TRY(settings, withFixed(std::move(settings)));
        }
        const auto alpha = static_cast<float>(real(settings, "alpha"));
        const auto beta = static_cast<float>(real(settings, "beta"));
        return std::make_unique<TipClassifier>(task, alpha, beta, std::move(settings));
      }};
  return adapter;
}

}  // namespace lix::adapt
