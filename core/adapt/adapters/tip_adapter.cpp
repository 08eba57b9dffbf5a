#include "adapt/tip_classifier.h"

#include "adapt/check.h"

namespace lix::adapt {

/// Tip-Adapter with alpha and beta as given; the defaults are the released ones for ImageNet, Pets, Food and SUN.
const Adapter& tip_adapter() {
  static const Adapter adapter{
      .id = "tip-adapter",
      .title = "Tip-Adapter",
      .citation = kTipCitation,
      .params = {{.key = "alpha",
                  .title = "Alpha",
                  .value = 1.17,
                  .min = 0.0,
                  .max = 1000.0,
                  .help = "Weight of the support against the text; 0 is zero-shot."},
                 {.key = "beta",
                  .title = "Beta",
                  .value = 1.0,
                  .min = 0.0,
                  .max = 1000.0,
                  .help = "How sharply a support picture's say falls with its distance."}},
      .needsText = true,
      .fit = [](const Task& task, const ParamValues& params) -> Result<std::unique_ptr<Classifier>> {
        LIX_TRY(ParamValues settings, check(tip_adapter(), task, params));
        const auto alpha = static_cast<float>(std::get<double>(settings.at("alpha")));
        const auto beta = static_cast<float>(std::get<double>(settings.at("beta")));
        return std::make_unique<TipClassifier>(task, alpha, beta, std::move(settings));
      }};
  return adapter;
}

}  // namespace lix::adapt
