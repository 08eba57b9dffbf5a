#pragma once
#include <string_view>

#include "adapt/adapter.h"
#include "base/result.h"

namespace lix::study {

/// Refuses rows that a probe cannot read: fewer than `least`, none wide, another size than they say, or a number that
/// is not finite. `what` begins the sentence: "The image vectors".
Result<void> checkRows(adapt::Matrix rows, std::size_t least, std::string_view what);

/// The same of two sets of rows that belong together one by one.
Result<void> checkPairs(adapt::Matrix images, adapt::Matrix captions);

}  // namespace lix::study
