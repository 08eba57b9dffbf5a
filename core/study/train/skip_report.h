#pragma once
#include <string>
#include <vector>

#include "study/train/batches.h"
#include "study/train/step.h"
#include "study/train/train_data.h"

namespace lix::study {

/// What was not finite in a batch, as part of a sentence: the pictures and captions that cause it by name (the first
/// few, and how many there are), or that the loss or gradient overflowed although all features are finite, with the
/// scales and temperatures of that moment.
std::string causeOf(const BatchLoss& loss, const std::vector<BatchItem>& items, const TrainData& data);

}  // namespace lix::study
