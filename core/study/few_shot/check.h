#pragma once
#include <string>
#include <vector>

#include "study/few_shot/few_shot.h"

namespace lix::study {

/// Refuses data and settings that no evaluation can be made of; sentences worth knowing go to `notes`.
Result<void> checkFewShot(const FewShotData& data, const FewShotSettings& settings, std::vector<std::string>& notes);

}  // namespace lix::study
