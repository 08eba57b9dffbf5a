#pragma once
#include <string>
#include <vector>

#include "adapt/tip_surface.h"
#include "study/few_shot/few_shot.h"

namespace lix::study {

/// Tip-Adapter over alpha and beta on one draw of the few-shot protocol.
struct FewShotSurface {
  adapt::TipSurface surface;
  std::size_t classes = 0;
  std::size_t supportSize = 0;
  std::size_t validationSize = 0;
  std::size_t querySize = 0;
};

/// The surface, on the released grid of the searched adapter, of draw number `draw` of evaluateFewShot with this seed:
/// its best place is what "tip-adapter-x" finds there. Support is drawn without replacement. Refuses what
/// evaluateFewShot refuses, and pictures that are mixed for each class; sentences worth knowing go to `notes`.
Result<FewShotSurface> fewShotSurface(const FewShotData& data, std::size_t shots, std::uint64_t seed, std::size_t draw,
                                      std::vector<std::string>& notes);

}  // namespace lix::study
