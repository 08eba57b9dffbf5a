#pragma once
#include "study/canary/frozen_canary.h"

namespace lix::study {

/// Reads the pictures of a plan until every class has its shots and the queries are as many as wanted, balanced over
/// the classes. As makeCanary().
Result<CanaryDraw> drawCanary(const data::Dataset& dataset, const CanaryPlan& plan, const CanarySettings& settings,
                              const Pack& learned, const nn::Preprocess& preprocess);

}  // namespace lix::study
